/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* graph-private.h - the inside of a graph, for its parser and its derived quantities. */

#ifndef AE_GRAPH_PRIVATE_H
#define AE_GRAPH_PRIVATE_H

#include <ae/graph.h>

#define AE_GRAPH_NAME_MAX 63
#define AE_GRAPH_TEXT_MAX (256 * 1024)
#define AE_GRAPH_UP_MAX 16
#define AE_GRAPH_DOWN_MAX 64
#define AE_GRAPH_ALIGNMENT_MAX 256
#define AE_GRAPH_SCALE_MAX 4
#define AE_GRAPH_HALO_MAX 1024
#define AE_GRAPH_MACS_MAX 1e8
#define AE_GRAPH_NODE_VALUES_MAX (1 << 20)    /* of a node of fixed size */
#define AE_GRAPH_VALUES_MAX ((gsize)64 << 20) /* of all parameters */

struct _AeGraph
{
  int ref_count;
  char *text;
  GArray *nodes;  /* AeNode */
  GArray *params; /* AeParam */
  int output;
  int output_line;
  int scale, alignment, halo;
  int width, height; /* of the picture where it is fixed, else 0 */
  int latent;
  double macs;
};

static inline int
ae_gcd (int a, int b)
{
  while (b)
    {
      int rest = a % b;

      a = b;
      b = rest;
    }
  return a;
}

/* graph-parse.c: nodes and output from the text, with their shapes. */
gboolean ae_graph_read (AeGraph *graph, const char *name, GError **error);
/* graph-derive.c: everything else; also what the graph must be as a whole. */
gboolean ae_graph_derive (AeGraph *graph, const char *name, GError **error);

#endif
