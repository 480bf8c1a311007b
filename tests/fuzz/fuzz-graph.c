/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* fuzz-graph.c - property: any text is an error or a graph within the limits that it states. */

#include "fuzz.h"

#include <ae/error.h>
#include <ae/graph.h>
#include <string.h>

static void
check_node (const AeGraph *graph, int i)
{
  const AeNode *node = ae_graph_node (graph, i);

  FUZZ_CHECK (node->channels >= 1
              && node->channels <= (node->vector ? AE_GRAPH_VECTOR_MAX : AE_GRAPH_CHANNELS_MAX));
  FUZZ_CHECK (node->up >= 1 && node->down >= 1);
  FUZZ_CHECK (ae_graph_alignment (graph) * node->up % node->down == 0);
  FUZZ_CHECK (node->n_src >= 0 && node->n_src <= AE_GRAPH_SOURCES_MAX);
  for (int s = 0; s < node->n_src; s++)
    FUZZ_CHECK (node->src[s] >= 0 && node->src[s] < i);
  for (int other = 0; other < i; other++)
    FUZZ_CHECK (strcmp (ae_graph_node (graph, other)->name, node->name) != 0);
}

static void
check_graph (const AeGraph *graph)
{
  const AeNode *output = ae_graph_node (graph, ae_graph_output (graph));
  int width, height;

  FUZZ_CHECK (ae_graph_n_nodes (graph) >= 2 && ae_graph_n_nodes (graph) <= AE_GRAPH_OPS_MAX);
  FUZZ_CHECK (ae_graph_scale (graph) >= 1 && ae_graph_scale (graph) <= 4);
  if (ae_graph_is_fixed (graph, &width, &height))
    FUZZ_CHECK (output->vector || output->width == width * ae_graph_scale (graph));
  else
    FUZZ_CHECK (output->up == ae_graph_scale (graph) && output->down == 1);
  FUZZ_CHECK (ae_graph_alignment (graph) >= 1);
  FUZZ_CHECK (ae_graph_halo (graph) >= 0 && ae_graph_halo (graph) <= 1024);
  FUZZ_CHECK (ae_graph_halo (graph) % ae_graph_alignment (graph) == 0);
  FUZZ_CHECK (ae_graph_macs (graph) >= 0.0 && ae_graph_macs (graph) <= 1e8);
  for (int i = 0; i < ae_graph_n_nodes (graph); i++)
    check_node (graph, i);
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    {
      const AeParam *param = ae_graph_param (graph, i);
      gsize count = 1;

      for (int d = 0; d < 4; d++)
        count *= (gsize)param->dims[d];
      FUZZ_CHECK (count == param->count && count > 0);
      FUZZ_CHECK (strlen (param->name) < sizeof param->name);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (AeGraph) graph = ae_graph_parse (text, "fuzz", &error);

  FUZZ_CHECK ((graph == NULL) == (error != NULL));
  FUZZ_CHECK (error == NULL || error->domain == AE_ERROR);
  FUZZ_CHECK (error == NULL || g_utf8_validate (error->message, -1, NULL));
  if (graph)
    check_graph (graph);
  return 0;
}
