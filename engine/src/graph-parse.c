/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* graph-parse.c - reads the text of a graph, one operation a line. */

#include <stdarg.h>
#include <string.h>

#include <ae/error.h>

#include "graph-ops.h"
#include "graph-private.h"
#include "intl.h"

typedef struct
{
  AeGraph *graph;
  const char *name; /* of the file */
  int line;
  GHashTable *names; /* name -> index + 1 */
  GError **error;
} Parser;

static gboolean G_GNUC_PRINTF (3, 4) fail (Parser *p, int code, const char *format, ...)
{
  va_list args;
  g_autofree char *message = NULL;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (p->error, AE_ERROR, code, "%s:%d: %s", p->name, p->line, message);
  return FALSE;
}

/* A word of the text as it can be shown, for %.64s%s: a message must not grow with it. */
#define SHOW(word) (word), strlen (word) > 64 ? "…" : ""

static gboolean
is_name (const char *word)
{
  if (!g_ascii_isalpha (word[0]) && word[0] != '_')
    return FALSE;
  for (const char *c = word; *c; c++)
    if (!g_ascii_isalnum (*c) && *c != '_' && *c != '.')
      return FALSE;
  return TRUE;
}

static gboolean
read_int (Parser *p, const char *key, const char *value, int min, int max, int *result)
{
  guint64 number;

  /* Six digits are more than any limit, so the conversion cannot overflow. */
  if (*value == '\0' || strspn (value, "0123456789") != strlen (value) || strlen (value) > 6
      || !g_ascii_string_to_unsigned (value, 10, (guint64)min, (guint64)max, &number, NULL))
    return fail (p, AE_ERROR_GRAPH, _ ("%s=%.64s%s: expected a whole number from %d to %d"), key,
                 SHOW (value), min, max);
  *result = (int)number;
  return TRUE;
}

static gboolean
read_float (Parser *p, const char *key, const char *value, double min, double max, float *result)
{
  double number = strspn (value, "0123456789.") == strlen (value) ? g_ascii_strtod (value, NULL) : -1.0;

  if (!g_ascii_isdigit (*value) || strchr (value, '.') != strrchr (value, '.') || strlen (value) > 16
      || !(number >= min && number <= max))
    return fail (p, AE_ERROR_GRAPH, _ ("%s=%.64s%s: expected a number from %g to %g"), key, SHOW (value), min,
                 max);
  *result = (float)number;
  return TRUE;
}

static gboolean
read_choice (Parser *p, const char *key, const char *value, const char *const *choices, int *result)
{
  g_autofree char *all = NULL;

  for (int i = 0; choices[i]; i++)
    if (g_str_equal (value, choices[i]))
      {
        *result = i;
        return TRUE;
      }
  all = g_strjoinv (", ", (char **)choices);
  return fail (p, AE_ERROR_GRAPH, _ ("%s=%.64s%s: expected one of %s"), key, SHOW (value), all);
}

static gboolean
read_value (Parser *p, AeNode *node, AeKey key, const char *value)
{
  const char *name = ae_key_names[key];
  int number = 0;
  gboolean good = FALSE;

  switch (key)
    {
    case AE_KEY_CHANNELS:
    case AE_KEY_OUT:
      return read_int (p, name, value, 1,
                       ae_op_rules[node->op].takes >= AE_TAKES_VECTORS ? AE_GRAPH_VECTOR_MAX
                                                                       : AE_GRAPH_CHANNELS_MAX,
                       &node->channels);
    case AE_KEY_PLANES:
      good = read_choice (p, name, value, ae_planes_names, &number);
      node->planes = (AePlanes)number;
      return good;
    case AE_KEY_KERNEL:
      return read_int (p, name, value, 1, 3, &node->kernel);
    case AE_KEY_STRIDE:
      return read_int (p, name, value, 1, 2, &node->stride);
    case AE_KEY_FACTOR:
      return read_int (p, name, value, 2, 4, &node->factor);
    case AE_KEY_ACT:
      good = read_choice (p, name, value, ae_act_names, &number);
      node->act = (AeGraphAct)number;
      return good;
    case AE_KEY_SLOPE:
      return read_float (p, name, value, 0.0, 1.0, &node->slope);
    case AE_KEY_BIAS:
      return read_int (p, name, value, 0, 1, &node->bias);
    case AE_KEY_WIDTH:
      return read_int (p, name, value, 1, AE_GRAPH_SIZE_MAX, &node->width);
    case AE_KEY_HEIGHT:
      return read_int (p, name, value, 1, AE_GRAPH_SIZE_MAX, &node->height);
    case AE_KEY_BORDER:
      return read_int (p, name, value, 1, 64, &node->border);
    case AE_N_KEYS:
      break;
    }
  return FALSE;
}

/* word: key=value; cut in two. */
static gboolean
read_key (Parser *p, AeNode *node, char *word, guint *given)
{
  const AeOpRules *rules = &ae_op_rules[node->op];
  char *equals = strchr (word, '=');

  *equals = '\0';
  for (int key = 0; key < AE_N_KEYS; key++)
    if (g_str_equal (word, ae_key_names[key]))
      {
        if (!(rules->keys & (1u << key)))
          return fail (p, AE_ERROR_GRAPH, _ ("%s has no key '%s'"), rules->name, word);
        if (*given & (1u << key))
          return fail (p, AE_ERROR_GRAPH, _ ("key '%s' is given twice"), word);
        *given |= 1u << key;
        return read_value (p, node, (AeKey)key, equals + 1);
      }
  return fail (p, AE_ERROR_GRAPH, _ ("unknown key '%.64s%s'"), SHOW (word));
}

static gboolean
read_source (Parser *p, AeNode *node, const char *word)
{
  int index = GPOINTER_TO_INT (g_hash_table_lookup (p->names, word)) - 1;

  if (index < 0)
    return fail (p, AE_ERROR_GRAPH, _ ("'%.64s%s' is not defined before its use"), SHOW (word));
  if (node->n_src < AE_GRAPH_SOURCES_MAX)
    node->src[node->n_src] = index;
  node->n_src++;
  return TRUE;
}

static gboolean
check_sources (Parser *p, const AeNode *node)
{
  const AeOpRules *rules = &ae_op_rules[node->op];

  if (node->n_src >= rules->min_src && node->n_src <= rules->max_src)
    return TRUE;
  if (rules->min_src == rules->max_src)
    return fail (p, AE_ERROR_GRAPH,
                 g_dngettext (GETTEXT_PACKAGE, "%s has %d source, not %d", "%s has %d sources, not %d",
                              (gulong)rules->min_src),
                 rules->name, rules->min_src, node->n_src);
  return fail (p, AE_ERROR_GRAPH, _ ("%s has %d to %d sources, not %d"), rules->name, rules->min_src,
               rules->max_src, node->n_src);
}

static gboolean
check_keys (Parser *p, const AeNode *node, guint given)
{
  const AeOpRules *rules = &ae_op_rules[node->op];

  for (int key = 0; key < AE_N_KEYS; key++)
    if (rules->required & ~given & (1u << key))
      return fail (p, AE_ERROR_GRAPH, _ ("%s needs the key '%s'"), rules->name, ae_key_names[key]);
  if ((given & (1u << AE_KEY_SLOPE)) && node->act != AE_GRAPH_ACT_LEAKY)
    return fail (p, AE_ERROR_GRAPH, _ ("slope= is for act=leaky alone"));
  return TRUE;
}

/* Vectors and maps are not mixed up; operations of fixed sizes have them. */
static gboolean
check_takes (Parser *p, const AeNode *node, const AeNode *const *src)
{
  const AeTakes takes = ae_op_rules[node->op].takes;

  for (int i = 0; i < node->n_src; i++)
    if (takes == AE_TAKES_VECTORS && !src[i]->vector)
      return fail (p, AE_ERROR_GRAPH, _ ("'%s' is a map, %s takes vectors; reshape makes one"), src[i]->name,
                   ae_op_rules[node->op].name);
    else if ((takes == AE_TAKES_MAPS || takes == AE_TAKES_FIXED_MAPS) && src[i]->vector)
      return fail (p, AE_ERROR_GRAPH, _ ("'%s' is a vector, %s takes maps; reshape makes one"), src[i]->name,
                   ae_op_rules[node->op].name);
    else if (takes != AE_TAKES_MAPS && takes != AE_TAKES_ALIKE && !src[i]->width)
      return fail (p, AE_ERROR_GRAPH,
                   _ ("%s is for pictures of a fixed size: the input needs width= and height="),
                   ae_op_rules[node->op].name);
  return TRUE;
}

static gboolean
find_shape (Parser *p, AeNode *node)
{
  const AeNode *src[AE_GRAPH_SOURCES_MAX] = { NULL };
  g_autofree char *message = NULL;
  int divisor;

  for (int i = 0; i < node->n_src; i++)
    src[i] = ae_graph_node (p->graph, node->src[i]);
  if (!check_takes (p, node, src))
    return FALSE;
  message = ae_op_rules[node->op].shape (node, src);
  if (message)
    return fail (p, AE_ERROR_GRAPH, "%s", message);
  if (node->width)
    node->up = node->down = 1;
  divisor = ae_gcd (node->up, node->down);
  node->up /= divisor;
  node->down /= divisor;
  if (node->channels > (node->vector ? AE_GRAPH_VECTOR_MAX : AE_GRAPH_CHANNELS_MAX))
    return fail (p, AE_ERROR_LIMIT, _ ("'%s' has %d channels, more than %d"), node->name, node->channels,
                 node->vector ? AE_GRAPH_VECTOR_MAX : AE_GRAPH_CHANNELS_MAX);
  if (node->width > AE_GRAPH_SIZE_MAX || node->height > AE_GRAPH_SIZE_MAX)
    return fail (p, AE_ERROR_LIMIT, _ ("'%s' has %d × %d pixels, more than %d × %d"), node->name, node->width,
                 node->height, AE_GRAPH_SIZE_MAX, AE_GRAPH_SIZE_MAX);
  if ((gint64)node->channels * node->width * node->height > AE_GRAPH_NODE_VALUES_MAX)
    return fail (p, AE_ERROR_LIMIT, _ ("'%s' has %d × %d × %d values, more than %d"), node->name,
                 node->channels, node->height, node->width, AE_GRAPH_NODE_VALUES_MAX);
  if (node->up > AE_GRAPH_UP_MAX || node->down > AE_GRAPH_DOWN_MAX)
    return fail (p, AE_ERROR_LIMIT, _ ("'%s' is at %d/%d of the picture's resolution, expected 1/%d to %d"),
                 node->name, node->up, node->down, AE_GRAPH_DOWN_MAX, AE_GRAPH_UP_MAX);
  return TRUE;
}

static gboolean
is_picture (const AeNode *node)
{
  return node->planes == AE_PLANES_RGB || node->planes == AE_PLANES_Y;
}

/* One picture (rgb or y) and at most one of each kind of planes. */
static gboolean
check_input (Parser *p, const AeNode *node)
{
  for (int i = 0; i < ae_graph_n_nodes (p->graph); i++)
    {
      const AeNode *other = ae_graph_node (p->graph, i);

      if (other->op == AE_OP_INPUT
          && (other->planes == node->planes || (is_picture (other) && is_picture (node))))
        return fail (p, AE_ERROR_GRAPH,
                     is_picture (node)                 ? _ ("a second input for the picture, after '%s'")
                     : node->planes == AE_PLANES_SIGMA ? _ ("a second input for the noise level, after '%s'")
                                                       : _ ("a second input for the label, after '%s'"),
                     other->name);
    }
  return TRUE;
}

static gboolean
read_op (Parser *p, AeNode *node, const char *word)
{
  for (int op = 0; op < AE_N_OPS; op++)
    if (g_str_equal (word, ae_op_rules[op].name))
      {
        node->op = (AeOp)op;
        node->kernel = ae_op_rules[op].default_kernel;
        node->stride = ae_op_rules[op].default_stride;
        node->factor = ae_op_rules[op].default_factor;
        node->slope = 0.1f;
        node->bias = (ae_op_rules[op].keys & (1u << AE_KEY_BIAS)) != 0;
        return TRUE;
      }
  return fail (p, AE_ERROR_GRAPH, _ ("unknown operation '%.64s%s'"), SHOW (word));
}

static gboolean
check_new_name (Parser *p, const char *word)
{
  if (!is_name (word) || strlen (word) > AE_GRAPH_NAME_MAX)
    return fail (
      p, AE_ERROR_GRAPH,
      _ ("'%.64s%s' is not a name: a letter or '_', then letters, digits, '_' and '.', at most %d"),
      SHOW (word), AE_GRAPH_NAME_MAX);
  if (g_str_equal (word, "output"))
    return fail (p, AE_ERROR_GRAPH, _ ("'output' cannot be the name of an operation"));
  if (g_hash_table_contains (p->names, word))
    return fail (p, AE_ERROR_GRAPH, _ ("'%s' is defined a second time"), word);
  return TRUE;
}

static gboolean
read_definition (Parser *p, char **words, guint n_words)
{
  AeNode node = { .line = p->line };
  guint given = 0;

  if (n_words < 3 || !g_str_equal (words[1], "="))
    return fail (p, AE_ERROR_GRAPH, _ ("expected '<name> = <operation> …' or 'output <name>'"));
  if (!check_new_name (p, words[0]) || !read_op (p, &node, words[2]))
    return FALSE;
  if (ae_graph_n_nodes (p->graph) >= AE_GRAPH_OPS_MAX)
    return fail (p, AE_ERROR_LIMIT, _ ("more than %d operations"), AE_GRAPH_OPS_MAX);
  for (guint i = 3; i < n_words; i++)
    if (strchr (words[i], '='))
      {
        if (!read_key (p, &node, words[i], &given))
          return FALSE;
      }
    else if (given)
      return fail (p, AE_ERROR_GRAPH, _ ("'%.64s%s': sources come before keys"), SHOW (words[i]));
    else if (!read_source (p, &node, words[i]))
      return FALSE;
  node.name = words[0];
  if (!check_sources (p, &node) || !check_keys (p, &node, given) || !find_shape (p, &node)
      || (node.op == AE_OP_INPUT && !check_input (p, &node)))
    return FALSE;
  node.name = g_strdup (words[0]);
  g_array_append_val (p->graph->nodes, node);
  g_hash_table_insert (p->names, g_strdup (node.name), GINT_TO_POINTER (ae_graph_n_nodes (p->graph)));
  return TRUE;
}

static gboolean
read_output (Parser *p, char **words, guint n_words)
{
  if (n_words != 2)
    return fail (p, AE_ERROR_GRAPH, _ ("expected 'output <name>'"));
  if (p->graph->output >= 0)
    return fail (p, AE_ERROR_GRAPH, _ ("a second output, after line %d"), p->graph->output_line);
  p->graph->output = GPOINTER_TO_INT (g_hash_table_lookup (p->names, words[1])) - 1;
  p->graph->output_line = p->line;
  if (p->graph->output < 0)
    return fail (p, AE_ERROR_GRAPH, _ ("'%.64s%s' is not defined before its use"), SHOW (words[1]));
  return TRUE;
}

static gboolean
read_line (Parser *p, char *line)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  char *comment = strchr (line, '#'), **w;

  if (comment)
    *comment = '\0';
  for (char *c = line; *c;)
    {
      size_t blank = strspn (c, " \t\r"), word;

      c += blank;
      word = strcspn (c, " \t\r");
      if (word == 0)
        break;
      g_ptr_array_add (words, c);
      c += word;
      if (*c)
        *c++ = '\0';
    }
  if (words->len == 0)
    return TRUE;
  w = (char **)words->pdata;
  for (guint i = 0; i < words->len; i++)
    for (const char *c = w[i]; *c; c++)
      if (!g_ascii_isgraph (*c))
        return fail (p, AE_ERROR_GRAPH, _ ("character 0x%02x outside a comment, expected printable ASCII"),
                     (guint)(guchar)*c);
  if (g_str_equal (w[0], "output") && !(words->len > 1 && g_str_equal (w[1], "=")))
    return read_output (p, w, words->len);
  return read_definition (p, w, words->len);
}

gboolean
ae_graph_read (AeGraph *graph, const char *name, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Parser p = { graph, name, 1, names, error };
  g_auto (GStrv) lines = NULL;

  if (strlen (graph->text) > AE_GRAPH_TEXT_MAX)
    return fail (&p, AE_ERROR_LIMIT, _ ("the text of the graph is longer than %d bytes"), AE_GRAPH_TEXT_MAX);
  lines = g_strsplit (graph->text, "\n", -1);
  for (int i = 0; lines[i]; i++)
    {
      p.line = i + 1;
      if (!read_line (&p, lines[i]))
        return FALSE;
    }
  if (graph->output < 0)
    return fail (&p, AE_ERROR_GRAPH, _ ("there is no output, expected 'output <name>'"));
  return TRUE;
}
