/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* graph.h - a network as a list of operations, parsed from text. */

#ifndef AE_GRAPH_H
#define AE_GRAPH_H

#include <glib.h>

/*
 * One operation a line, '#' begins a comment:
 *
 *   <name> = <op> [<source>…] [<key>=<value>…]
 *   output <name>
 *
 *   x = input channels=3 planes=rgb
 *   s = input channels=1 planes=sigma
 *   c = concat x s
 *   u = pixel_unshuffle c factor=2
 *   e = conv u out=32 kernel=3 act=relu
 *   d = conv e out=64 kernel=2 stride=2
 *   v = conv_transpose d out=32 kernel=2 stride=2
 *   …
 *
 * Each name is defined once and before its use.  Parameters of an operation
 * are tensors <name>.weight and <name>.bias in PyTorch's order ([O,I,kh,kw]
 * for conv, [I,O,kh,kw] for conv_transpose) and <name>.slope for act=prelu.
 *
 *   op               keys                                         result
 *   input            channels, planes=rgb|y|sigma                 at the resolution of the picture
 *   conv             out, kernel=1|3 (stride 1, zero padding 1 for 3) or kernel=2 stride=2,
 *                    act=none|relu|leaky|prelu|sigmoid, slope (leaky, 0.1), bias=0|1 (1)
 *   conv_transpose   out, kernel=2 stride=2, act, bias            twice the resolution
 *   pixel_unshuffle  factor=2|3|4                                 C*f*f channels at 1/f
 *   pixel_shuffle    factor=2|3|4                                 C/(f*f) channels at f
 *   max_pool         factor=2                                     1/2
 *   avg_pool         factor=2                                     1/2
 *   up               factor=2 (nearest)                           2
 *   add              2 sources of the same shape
 *   concat           2..4 sources of the same resolution
 *   act              act, slope
 *   bicubic          factor=2|3|4 (a = -0.5)                      factor
 */

#define AE_GRAPH_OPS_MAX 256
#define AE_GRAPH_CHANNELS_MAX 1024
#define AE_GRAPH_SOURCES_MAX 4

typedef enum
{
  AE_OP_INPUT,
  AE_OP_CONV,
  AE_OP_CONV_TRANSPOSE,
  AE_OP_PIXEL_UNSHUFFLE,
  AE_OP_PIXEL_SHUFFLE,
  AE_OP_MAX_POOL,
  AE_OP_AVG_POOL,
  AE_OP_UP,
  AE_OP_ADD,
  AE_OP_CONCAT,
  AE_OP_ACT,
  AE_OP_BICUBIC,
  AE_N_OPS
} AeOp;

typedef enum
{
  AE_PLANES_RGB,  /* R'G'B', 0..1 */
  AE_PLANES_Y,    /* one plane, 0..1 */
  AE_PLANES_SIGMA /* noise level / 255 (sigma 25 is 25/255), may vary per pixel */
} AePlanes;

/* The values of act= ; the same order as in the kernels. */
typedef enum
{
  AE_GRAPH_ACT_NONE,
  AE_GRAPH_ACT_RELU,
  AE_GRAPH_ACT_LEAKY,
  AE_GRAPH_ACT_PRELU,
  AE_GRAPH_ACT_SIGMOID
} AeGraphAct;

typedef struct
{
  char *name;
  AeOp op;
  int line; /* of the text, for messages */
  int n_src;
  int src[AE_GRAPH_SOURCES_MAX]; /* indices of earlier nodes */
  int kernel, stride, factor;
  AeGraphAct act;
  float slope; /* leaky */
  gboolean bias;
  AePlanes planes; /* input */
  /* derived */
  int channels;
  int up, down; /* resolution = picture * up / down, reduced */
} AeNode;

/* Parameters of a node, for those who allocate, load or save them. */
typedef struct
{
  char name[72]; /* "<node>.weight" … */
  int node;
  int rank;
  gint64 dims[4];
  gsize count; /* of values */
} AeParam;

typedef struct _AeGraph AeGraph;

/* `name` is used in messages (the file). */
AeGraph *ae_graph_parse (const char *text, const char *name, GError **error);
AeGraph *ae_graph_ref (AeGraph *graph);
void ae_graph_unref (AeGraph *graph);

const char *ae_graph_text (const AeGraph *graph);
int ae_graph_n_nodes (const AeGraph *graph);
const AeNode *ae_graph_node (const AeGraph *graph, int i);
int ae_graph_output (const AeGraph *graph);                      /* index of the output node */
int ae_graph_find_input (const AeGraph *graph, AePlanes planes); /* index or -1 */
const char *ae_op_name (AeOp op);

/* Parameters in the order of the nodes, weight, bias, slope. */
int ae_graph_n_params (const AeGraph *graph);
const AeParam *ae_graph_param (const AeGraph *graph, int i);

/* Derived quantities, never typed in. */
int ae_graph_scale (const AeGraph *graph);     /* output resolution / picture resolution: 1, 2, 3, 4 */
int ae_graph_alignment (const AeGraph *graph); /* picture pixels: sizes and offsets must be multiples of it */
/* Picture pixels around a rectangle (aligned) on which its result depends. */
int ae_graph_halo (const AeGraph *graph);
double ae_graph_macs (const AeGraph *graph); /* multiply-adds per picture pixel */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeGraph, ae_graph_unref)

#endif
