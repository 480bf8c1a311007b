/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* graph.c - the graph as an object: life and what can be asked of it. */

#include "graph-ops.h"
#include "graph-private.h"

#include <string.h>

static void
clear_node (gpointer node)
{
  g_free (((AeNode *)node)->name);
}

AeGraph *
ae_graph_parse (const char *text, const char *name, GError **error)
{
  AeGraph *graph = g_new0 (AeGraph, 1);

  g_return_val_if_fail (text != NULL, NULL);
  if (name == NULL)
    name = "graph";
  graph->ref_count = 1;
  graph->text = g_strdup (text);
  graph->nodes = g_array_new (FALSE, TRUE, sizeof (AeNode));
  g_array_set_clear_func (graph->nodes, clear_node);
  graph->params = g_array_new (FALSE, TRUE, sizeof (AeParam));
  graph->output = -1;
  if (!ae_graph_read (graph, name, error) || !ae_graph_derive (graph, name, error))
    g_clear_pointer (&graph, ae_graph_unref);
  return graph;
}

AeGraph *
ae_graph_ref (AeGraph *graph)
{
  g_atomic_int_inc (&graph->ref_count);
  return graph;
}

void
ae_graph_unref (AeGraph *graph)
{
  if (graph == NULL || !g_atomic_int_dec_and_test (&graph->ref_count))
    return;
  g_array_unref (graph->nodes);
  g_array_unref (graph->params);
  g_free (graph->text);
  g_free (graph);
}

const char *
ae_graph_text (const AeGraph *graph)
{
  return graph->text;
}

int
ae_graph_n_nodes (const AeGraph *graph)
{
  return (int)graph->nodes->len;
}

const AeNode *
ae_graph_node (const AeGraph *graph, int i)
{
  g_return_val_if_fail (i >= 0 && i < ae_graph_n_nodes (graph), NULL);
  return &g_array_index (graph->nodes, AeNode, i);
}

int
ae_graph_output (const AeGraph *graph)
{
  return graph->output;
}

int
ae_graph_find_input (const AeGraph *graph, AePlanes planes)
{
  for (int i = 0; i < ae_graph_n_nodes (graph); i++)
    {
      const AeNode *node = ae_graph_node (graph, i);

      if (node->op == AE_OP_INPUT && node->planes == planes)
        return i;
    }
  return -1;
}

int
ae_graph_picture (const AeGraph *graph)
{
  return MAX (ae_graph_find_input (graph, AE_PLANES_RGB), ae_graph_find_input (graph, AE_PLANES_Y));
}

gboolean
ae_graph_is_fixed (const AeGraph *graph, int *width, int *height)
{
  if (width)
    *width = graph->width;
  if (height)
    *height = graph->height;
  return graph->width > 0;
}

int
ae_graph_latent (const AeGraph *graph)
{
  return graph->latent;
}

const char *
ae_op_name (AeOp op)
{
  g_return_val_if_fail ((int)op >= 0 && op < AE_N_OPS, NULL);
  return ae_op_rules[op].name;
}

const char *
ae_act_name (AeGraphAct act)
{
  g_return_val_if_fail ((int)act >= 0 && act <= AE_GRAPH_ACT_SIGMOID, NULL);
  return ae_act_names[act];
}

int
ae_graph_n_params (const AeGraph *graph)
{
  return (int)graph->params->len;
}

const AeParam *
ae_graph_param (const AeGraph *graph, int i)
{
  g_return_val_if_fail (i >= 0 && i < ae_graph_n_params (graph), NULL);
  return &g_array_index (graph->params, AeParam, i);
}

int
ae_graph_scale (const AeGraph *graph)
{
  return graph->scale;
}

int
ae_graph_find_param (const AeGraph *graph, const char *name)
{
  for (guint i = 0; i < graph->params->len; i++)
    if (strcmp (g_array_index (graph->params, AeParam, i).name, name) == 0)
      return (int)i;
  return -1;
}

gsize
ae_graph_n_values (const AeGraph *graph)
{
  gsize n = 0;

  for (guint i = 0; i < graph->params->len; i++)
    n += g_array_index (graph->params, AeParam, i).count;
  return n;
}

int
ae_graph_alignment (const AeGraph *graph)
{
  return graph->alignment;
}

/* As good as more of it, measured: models and docs/speed.md. */
#define MARGIN 8

int
ae_graph_margin (const AeGraph *graph)
{
  return (MARGIN + graph->alignment - 1) / graph->alignment * graph->alignment;
}

int
ae_graph_halo (const AeGraph *graph)
{
  return graph->halo;
}

double
ae_graph_macs (const AeGraph *graph)
{
  return graph->macs;
}
