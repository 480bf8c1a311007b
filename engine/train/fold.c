/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* fold.c - one convolution instead of a sum of several on the same input. */

#include "fold.h"

#include <string.h>

typedef struct
{
  int source;            /* what all parts read */
  int identity;          /* how often the source itself is a part */
  GArray *convs, *inner; /* int: nodes that become part of the result */
  int result;            /* the sum, or the activation that alone reads it */
  int kernel;            /* the widest */
  gboolean bias;
} Sum;

static void
sum_free (Sum *sum)
{
  g_array_unref (sum->convs);
  g_array_unref (sum->inner);
  g_free (sum);
}

/* The only node that reads this one; -1: several or none, or it is the result of all. */
static int
only_reader (const AeGraph *graph, int index)
{
  int reader = -1, n = index == ae_graph_output (graph);

  for (int i = index + 1; i < ae_graph_n_nodes (graph); i++)
    for (int s = 0; s < ae_graph_node (graph, i)->n_src; s++)
      if (ae_graph_node (graph, i)->src[s] == index)
        {
          reader = i;
          n++;
        }
  return n == 1 ? reader : -1;
}

static gboolean
is_part (const AeNode *node)
{
  return node->op == AE_OP_CONV && node->stride == 1 && node->act == AE_GRAPH_ACT_NONE;
}

/* The parts of the sum below an addition; those that are neither sums nor convolutions read by it alone are
 * the source. */
static gboolean
collect (const AeGraph *graph, int add, Sum *sum)
{
  const AeNode *node = ae_graph_node (graph, add);

  for (int s = 0; s < node->n_src; s++)
    {
      int at = node->src[s], source = at;
      const AeNode *part = ae_graph_node (graph, at);
      gboolean own = only_reader (graph, at) == add;

      if (own && part->op == AE_OP_ADD)
        {
          if (!collect (graph, at, sum))
            return FALSE;
          g_array_append_val (sum->inner, at);
          continue;
        }
      if (own && is_part (part))
        {
          g_array_append_val (sum->convs, at);
          sum->kernel = MAX (sum->kernel, part->kernel);
          sum->bias |= part->bias;
          source = part->src[0];
        }
      else
        sum->identity++;
      if (sum->source >= 0 && sum->source != source)
        return FALSE;
      sum->source = source;
    }
  return TRUE;
}

static Sum *
find_sum (const AeGraph *graph, int add)
{
  Sum *sum = g_new0 (Sum, 1);
  int reader = only_reader (graph, add);

  *sum = (Sum){ .source = -1,
                .convs = g_array_new (FALSE, FALSE, sizeof (int)),
                .inner = g_array_new (FALSE, FALSE, sizeof (int)),
                .result = add };
  if (!collect (graph, add, sum) || sum->convs->len == 0)
    {
      sum_free (sum);
      return NULL;
    }
  if (reader >= 0 && ae_graph_node (graph, reader)->op == AE_OP_ACT)
    {
      g_array_append_val (sum->inner, add);
      sum->result = reader;
    }
  return sum;
}

/* All sums that fold, outermost ones alone. */
static GPtrArray *
find_sums (const AeGraph *graph)
{
  GPtrArray *sums = g_ptr_array_new_with_free_func ((GDestroyNotify)sum_free);
  g_autofree gboolean *taken = g_new0 (gboolean, (gsize)ae_graph_n_nodes (graph));

  for (int i = ae_graph_n_nodes (graph) - 1; i >= 0; i--)
    {
      Sum *sum = ae_graph_node (graph, i)->op == AE_OP_ADD && !taken[i] ? find_sum (graph, i) : NULL;

      if (!sum)
        continue;
      for (guint j = 0; j < sum->inner->len; j++)
        taken[g_array_index (sum->inner, int, j)] = TRUE;
      g_ptr_array_add (sums, sum);
    }
  return sums;
}

/* Adds factor times a convolution to one of the same channels whose kernel is at least as wide. */
static void
add_kernel (const float *from, int from_size, double factor, gsize n_pairs, int size, double *to)
{
  int border = (size - from_size) / 2;

  for (gsize p = 0; p < n_pairs; p++, to += size * size)
    for (int y = 0; y < from_size; y++)
      for (int x = 0; x < from_size; x++)
        to[(y + border) * size + x + border] += factor * (double)*from++;
}

static void
add_identity (double factor, int channels, int size, double *to)
{
  int area = size * size;

  for (int c = 0; c < channels; c++)
    to[(c * channels + c) * area + area / 2] += factor;
}

/* The values of a parameter among those of all in a row. */
static float *
values_of (const AeGraph *graph, float *params, const char *node, const char *kind)
{
  g_autofree char *name = g_strdup_printf ("%s.%s", node, kind);

  for (int i = 0; i < ae_graph_n_params (graph); i++)
    {
      const AeParam *param = ae_graph_param (graph, i);

      if (strcmp (param->name, name) == 0)
        return params;
      params += param->count;
    }
  return NULL;
}

/* The convolution of a sum, while it is computed. */
typedef struct
{
  gsize pairs; /* of input and output channels */
  gsize n_weights, n_biases;
  double *weights, *biases;
} Kernel;

static Kernel
kernel_new (const AeGraph *graph, const Sum *sum)
{
  gsize in = (gsize)ae_graph_node (graph, sum->source)->channels;
  gsize out = (gsize)ae_graph_node (graph, sum->result)->channels;
  Kernel k
    = { .pairs = in * out, .n_weights = in * out * (gsize)(sum->kernel * sum->kernel), .n_biases = out };

  k.weights = g_new0 (double, k.n_weights);
  k.biases = g_new0 (double, k.n_biases);
  return k;
}

static void
kernel_clear (Kernel *k)
{
  g_free (k->weights);
  g_free (k->biases);
}

/* Adds factor times all parts of a sum but `without` (a node or -1). */
static void
add_parts (const AeGraph *graph, float *params, const Sum *sum, int without, double factor, Kernel *k)
{
  if (sum->identity)
    add_identity (factor * sum->identity, (int)k->n_biases, sum->kernel, k->weights);
  for (guint i = 0; i < sum->convs->len; i++)
    {
      int part = g_array_index (sum->convs, int, i);
      const AeNode *node = ae_graph_node (graph, part);

      if (part == without)
        continue;
      add_kernel (values_of (graph, params, node->name, "weight"), node->kernel, factor, k->pairs,
                  sum->kernel, k->weights);
      if (node->bias)
        add_kernel (values_of (graph, params, node->name, "bias"), 1, factor, k->n_biases, 1, k->biases);
    }
}

static void
to_float (const double *from, gsize n, float *to)
{
  for (gsize i = 0; to && i < n; i++)
    to[i] = (float)from[i];
}

static char *
line_of (const AeGraph *graph, const Sum *sum)
{
  const AeNode *result = ae_graph_node (graph, sum->result);
  GString *line = g_string_new (NULL);
  char slope[32];

  g_string_printf (line, "%s = conv %s out=%d kernel=%d", result->name,
                   ae_graph_node (graph, sum->source)->name, result->channels, sum->kernel);
  if (result->op == AE_OP_ACT)
    g_string_append_printf (line, " act=%s", ae_act_name (result->act));
  if (result->op == AE_OP_ACT && result->act == AE_GRAPH_ACT_LEAKY)
    g_string_append_printf (line, " slope=%s",
                            g_ascii_formatd (slope, sizeof slope, "%.9f", (double)result->slope));
  if (!sum->bias)
    g_string_append (line, " bias=0");
  return g_string_free (line, FALSE);
}

static void
drop_lines (const AeGraph *graph, const GArray *nodes, GPtrArray *lines)
{
  for (guint i = 0; i < nodes->len; i++)
    {
      char **line = (char **)&lines->pdata[ae_graph_node (graph, g_array_index (nodes, int, i))->line - 1];

      g_clear_pointer (line, g_free);
    }
}

/* The text with a convolution in the place of each sum; all other lines stay as they are. */
static AeGraph *
fold_graph (const AeGraph *graph, const GPtrArray *sums, GError **error)
{
  g_auto (GStrv) split = g_strsplit (ae_graph_text (graph), "\n", -1);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new (NULL);

  for (char **line = split; *line; line++)
    g_ptr_array_add (lines, g_strdup (*line));
  for (guint i = 0; i < sums->len; i++)
    {
      const Sum *sum = g_ptr_array_index (sums, i);
      char **line = (char **)&lines->pdata[ae_graph_node (graph, sum->result)->line - 1];

      drop_lines (graph, sum->convs, lines);
      drop_lines (graph, sum->inner, lines);
      g_free (*line);
      *line = line_of (graph, sum);
    }
  for (guint i = 0; i < lines->len; i++)
    if (lines->pdata[i])
      g_string_append_printf (text, "%s%s", i ? "\n" : "", (const char *)lines->pdata[i]);
  return ae_graph_parse (text->str, "folded", error);
}

static float *
params_of_model (const AeModel *model)
{
  const AeGraph *graph = ae_model_graph (model);
  float *params = g_new (float, ae_model_n_values (model)), *to = params;

  for (int i = 0; i < ae_graph_n_params (graph); to += ae_graph_param (graph, i++)->count)
    memcpy (to, ae_model_param (model, i), sizeof (float) * ae_graph_param (graph, i)->count);
  return params;
}

/* What both have under the same name; a sum's convolution has a name of its own. */
static void
copy_params (const AeModel *model, const AeGraph *folded, float *to)
{
  const AeGraph *graph = ae_model_graph (model);

  for (int i = 0; i < ae_graph_n_params (folded); i++)
    {
      const AeParam *param = ae_graph_param (folded, i);
      int at = ae_graph_find_param (graph, param->name);

      if (at >= 0)
        memcpy (to, ae_model_param (model, at), sizeof (float) * param->count);
      to += param->count;
    }
}

static GHashTable *
meta_of (const AeModel *model)
{
  GHashTable *meta = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) keys = ae_model_meta_keys (model);

  for (char **key = keys; *key; key++)
    g_hash_table_insert (meta, g_strdup (*key), g_strdup (ae_model_meta (model, *key)));
  return meta;
}

AeModel *
ae_fold_model (AeModel *model, GError **error)
{
  const AeGraph *graph = ae_model_graph (model);
  g_autoptr (GPtrArray) sums = find_sums (graph);
  g_autoptr (AeGraph) folded = NULL;
  g_autoptr (GHashTable) meta = NULL;
  g_autofree float *params = NULL, *to = NULL;

  if (sums->len == 0)
    return ae_model_ref (model);
  folded = fold_graph (graph, sums, error);
  if (!folded)
    return NULL;
  params = params_of_model (model);
  to = g_new0 (float, ae_graph_n_values (folded));
  copy_params (model, folded, to);
  for (guint i = 0; i < sums->len; i++)
    {
      const Sum *sum = g_ptr_array_index (sums, i);
      const char *name = ae_graph_node (graph, sum->result)->name;
      Kernel k = kernel_new (graph, sum);

      add_parts (graph, params, sum, -1, 1, &k);
      to_float (k.weights, k.n_weights, values_of (folded, to, name, "weight"));
      to_float (k.biases, k.n_biases, values_of (folded, to, name, "bias"));
      kernel_clear (&k);
    }
  meta = meta_of (model);
  return ae_model_new (folded, to, meta);
}

/* The first of the widest parts, with a bias if any has. */
static int
main_part (const AeGraph *graph, const Sum *sum)
{
  for (guint i = 0; i < sum->convs->len; i++)
    {
      int part = g_array_index (sum->convs, int, i);
      const AeNode *node = ae_graph_node (graph, part);

      if (node->kernel == sum->kernel && node->bias == sum->bias)
        return part;
    }
  return -1;
}

static const float *
model_values (const AeModel *model, const char *node, const char *kind, gsize n)
{
  g_autofree char *name = g_strdup_printf ("%s.%s", node, kind);
  int at = ae_graph_find_param (ae_model_graph (model), name);

  return at >= 0 && ae_graph_param (ae_model_graph (model), at)->count == n ? ae_model_param (model, at)
                                                                            : NULL;
}

static int
unfold (const AeGraph *graph, const Sum *sum, const AeModel *model, float *params)
{
  int part = main_part (graph, sum);
  const char *name = ae_graph_node (graph, sum->result)->name;
  Kernel k = kernel_new (graph, sum);
  const float *weights = model_values (model, name, "weight", k.n_weights);
  const float *biases = sum->bias ? model_values (model, name, "bias", k.n_biases) : NULL;
  int taken = 0;

  if (part >= 0 && weights && (biases || !sum->bias))
    {
      const char *to = ae_graph_node (graph, part)->name;

      add_parts (graph, params, sum, part, -1, &k);
      add_kernel (weights, sum->kernel, 1, k.pairs, sum->kernel, k.weights);
      to_float (k.weights, k.n_weights, values_of (graph, params, to, "weight"));
      if (biases)
        {
          add_kernel (biases, 1, 1, k.n_biases, 1, k.biases);
          to_float (k.biases, k.n_biases, values_of (graph, params, to, "bias"));
        }
      taken = biases ? 2 : 1;
    }
  kernel_clear (&k);
  return taken;
}

int
ae_unfold_params (const AeGraph *graph, const AeModel *model, float *params)
{
  g_autoptr (GPtrArray) sums = find_sums (graph);
  int taken = 0;

  for (guint i = 0; i < sums->len; i++)
    taken += unfold (graph, g_ptr_array_index (sums, i), model, params);
  return taken;
}
