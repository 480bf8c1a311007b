/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* graph-derive.c - scale, alignment, halo, cost and parameters, found by walking the graph. */

#include <ae/error.h>
#include <inttypes.h>

#include "graph-ops.h"
#include "graph-private.h"
#include "intl.h"

static gboolean
fail (GError **error, const char *name, int line, int code, char *message)
{
  g_set_error (error, AE_ERROR, code, "%s:%d: %s", name, line, message);
  g_free (message);
  return FALSE;
}

static void
sources (const AeGraph *graph, const AeNode *node, const AeNode **src)
{
  for (int i = 0; i < node->n_src; i++)
    src[i] = ae_graph_node (graph, node->src[i]);
}

static gboolean
check_uses (const AeGraph *graph, const char *name, GError **error)
{
  int n = ae_graph_n_nodes (graph);
  g_autofree gboolean *used = g_new0 (gboolean, n);

  used[graph->output] = TRUE;
  for (int i = n - 1; i >= 0; i--)
    {
      const AeNode *node = ae_graph_node (graph, i);

      if (!used[i])
        return fail (error, name, node->line, AE_ERROR_GRAPH,
                     g_strdup_printf (_ ("'%s' is used by nothing"), node->name));
      for (int s = 0; s < node->n_src; s++)
        used[node->src[s]] = TRUE;
    }
  return TRUE;
}

static gboolean
derive_params (AeGraph *graph, const char *name, GError **error)
{
  gsize total = 0;

  for (int i = 0; i < ae_graph_n_nodes (graph); i++)
    {
      const AeNode *node = ae_graph_node (graph, i), *src[AE_GRAPH_SOURCES_MAX] = { NULL };
      AeParam params[AE_OP_PARAMS_MAX];
      int n_params;

      if (ae_op_rules[node->op].params == NULL)
        continue;
      sources (graph, node, src);
      n_params = ae_op_rules[node->op].params (node, src, params);
      for (int p = 0; p < n_params; p++)
        {
          g_autofree char *suffix = g_strdup (params[p].name);

          g_snprintf (params[p].name, sizeof params[p].name, "%s.%s", node->name, suffix);
          params[p].node = i;
          params[p].count = 1;
          for (int d = 0; d < params[p].rank; d++)
            params[p].count *= (gsize)params[p].dims[d];
          total += params[p].count;
          g_array_append_val (graph->params, params[p]);
        }
      if (total > AE_GRAPH_VALUES_MAX)
        return fail (error, name, node->line, AE_ERROR_LIMIT,
                     g_strdup_printf (_ ("with '%s' the graph has more than %zu weights"), node->name,
                                      AE_GRAPH_VALUES_MAX));
    }
  return TRUE;
}

static gboolean
derive_macs (AeGraph *graph, const char *name, GError **error)
{
  for (int i = 0; i < ae_graph_n_nodes (graph); i++)
    {
      const AeNode *node = ae_graph_node (graph, i), *src[AE_GRAPH_SOURCES_MAX] = { NULL };
      double rate = (double)node->up / node->down;
      double area
        = node->width ? (double)node->width * node->height / (graph->width * graph->height) : rate * rate;

      sources (graph, node, src);
      graph->macs += ae_op_rules[node->op].macs (node, src) * area;
      if (graph->macs > AE_GRAPH_MACS_MAX)
        return fail (error, name, node->line, AE_ERROR_LIMIT,
                     g_strdup_printf (_ ("with '%s' the graph needs more than %.0f multiply-adds per pixel"),
                                      node->name, AE_GRAPH_MACS_MAX));
    }
  return TRUE;
}

/* At multiples of the least common multiple of all `down`, each node's
 * resolution begins at a whole pixel. */
static gboolean
derive_alignment (AeGraph *graph, const char *name, GError **error)
{
  graph->alignment = 1;
  for (int i = 0; i < ae_graph_n_nodes (graph); i++)
    {
      const AeNode *node = ae_graph_node (graph, i);

      graph->alignment *= node->down / ae_gcd (graph->alignment, node->down);
      if (graph->alignment > AE_GRAPH_ALIGNMENT_MAX)
        return fail (error, name, node->line, AE_ERROR_LIMIT,
                     g_strdup_printf (_ ("with '%s' the alignment is %d pixels, more than %d"), node->name,
                                      graph->alignment, AE_GRAPH_ALIGNMENT_MAX));
    }
  return TRUE;
}

/*
 * Walks backwards from one aligned block of the result and unites what each
 * node is asked for.  A larger rectangle is a row of such blocks, so it needs
 * no more around it.  What a node is asked for always lies, at its resolution,
 * within what the picture is asked for: no operation reads less than the place
 * of its result.  Therefore the zeros of a convolution's padding and the
 * repeated pixels at the border of a bicubic step, which begin where the
 * picture ends, stay outside too.
 */
static gboolean
derive_halo (AeGraph *graph, const char *name, GError **error)
{
  int n = ae_graph_n_nodes (graph);
  g_autofree AeInterval *need = g_new (AeInterval, n);
  gint64 halo = 0;

  if (graph->width)
    return TRUE; /* no tiles */
  for (int i = 0; i < n; i++)
    need[i] = (AeInterval){ G_MAXINT64, G_MININT64 };
  need[graph->output] = (AeInterval){ 0, (gint64)graph->alignment * graph->scale };
  for (int i = n - 1; i >= 0; i--)
    {
      const AeNode *node = ae_graph_node (graph, i);

      for (int s = 0; s < node->n_src; s++)
        {
          AeInterval reads = ae_op_rules[node->op].reads (node, need[i]);
          AeInterval *src = &need[node->src[s]];

          src->first = MIN (src->first, reads.first);
          src->end = MAX (src->end, reads.end);
        }
      if (node->op == AE_OP_INPUT)
        halo = MAX (halo, MAX (-need[i].first, need[i].end - graph->alignment));
    }
  halo = (halo + graph->alignment - 1) / graph->alignment * graph->alignment;
  if (halo > AE_GRAPH_HALO_MAX)
    return fail (error, name, graph->output_line, AE_ERROR_LIMIT,
                 g_strdup_printf (_ ("the result depends on %" PRId64 " pixels around it, more than %d"),
                                  halo, AE_GRAPH_HALO_MAX));
  graph->halo = (int)halo;
  return TRUE;
}

/* Either all sizes are fixed or none is. */
static gboolean
derive_size (AeGraph *graph, const char *name, GError **error)
{
  const AeNode *picture = ae_graph_node (graph, ae_graph_picture (graph));

  graph->width = picture->width;
  graph->height = picture->height;
  for (int i = 0; i < ae_graph_n_nodes (graph); i++)
    {
      const AeNode *node = ae_graph_node (graph, i);

      if (!node->width != !picture->width)
        return fail (error, name, node->line, AE_ERROR_GRAPH,
                     g_strdup_printf (node->width
                                        ? _ ("'%s' has a fixed size, but the picture '%s' has none")
                                        : _ ("'%s' has no fixed size, but the picture '%s' has one"),
                                      node->name, picture->name));
    }
  return TRUE;
}

/* Whether a way from the picture to the result does without node `without`. */
static gboolean
leads_past (const AeGraph *graph, int without)
{
  int n = ae_graph_n_nodes (graph);
  g_autofree gboolean *reached = g_new0 (gboolean, n);

  for (int i = 0; i < n; i++)
    {
      const AeNode *node = ae_graph_node (graph, i);

      reached[i] = i == ae_graph_picture (graph);
      for (int s = 0; s < node->n_src; s++)
        reached[i] |= reached[node->src[s]];
      reached[i] &= i != without;
    }
  return reached[graph->output];
}

static gboolean
derive_latent (AeGraph *graph, const char *name, GError **error)
{
  gint64 fewest = G_MAXINT64;

  graph->latent = -1;
  for (int i = 0; graph->width && i < ae_graph_n_nodes (graph); i++)
    {
      const AeNode *node = ae_graph_node (graph, i);
      gint64 values = (gint64)node->channels * node->width * node->height;

      if (node->op != AE_OP_INPUT && i != graph->output && values < fewest && !leads_past (graph, i))
        {
          fewest = values;
          graph->latent = i;
        }
    }
  return TRUE;
}

static gboolean
derive_fixed_scale (AeGraph *graph, const char *name, GError **error)
{
  const AeNode *output = ae_graph_node (graph, graph->output);

  graph->scale = output->vector ? 1 : output->width / graph->width;
  if (!output->vector
      && (graph->scale < 1 || graph->scale > AE_GRAPH_SCALE_MAX
          || output->width != graph->scale * graph->width || output->height != graph->scale * graph->height))
    return fail (
      error, name, graph->output_line, AE_ERROR_GRAPH,
      g_strdup_printf (_ ("the output '%s' has %d × %d pixels, expected 1 to %d times the picture's "
                          "%d × %d"),
                       output->name, output->width, output->height, AE_GRAPH_SCALE_MAX, graph->width,
                       graph->height));
  return TRUE;
}

static gboolean
derive_scale (AeGraph *graph, const char *name, GError **error)
{
  const AeNode *output = ae_graph_node (graph, graph->output);

  if (ae_graph_picture (graph) < 0)
    return fail (error, name, graph->output_line, AE_ERROR_GRAPH,
                 g_strdup (_ ("there is no input for the picture (planes=rgb or y)")));
  if (output->op == AE_OP_INPUT)
    return fail (
      error, name, graph->output_line, AE_ERROR_GRAPH,
      g_strdup_printf (_ ("the output '%s' is an input, there is nothing to compute"), output->name));
  if (!derive_size (graph, name, error))
    return FALSE;
  if (graph->width)
    return derive_fixed_scale (graph, name, error);
  if (output->down != 1 || output->up > AE_GRAPH_SCALE_MAX)
    return fail (
      error, name, graph->output_line, AE_ERROR_GRAPH,
      g_strdup_printf (_ ("the output '%s' is at %d/%d of the picture's resolution, expected 1 to %d times"),
                       output->name, output->up, output->down, AE_GRAPH_SCALE_MAX));
  graph->scale = output->up;
  return TRUE;
}

gboolean
ae_graph_derive (AeGraph *graph, const char *name, GError **error)
{
  return derive_scale (graph, name, error) && check_uses (graph, name, error)
         && derive_params (graph, name, error) && derive_macs (graph, name, error)
         && derive_alignment (graph, name, error) && derive_halo (graph, name, error)
         && derive_latent (graph, name, error);
}
