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
 *                    width, height                                (rgb, y) pictures of this size alone
 *                    planes=label                                 a vector: one-hot, the class of the picture
 *   conv             out, kernel=1|3 (stride 1, zero padding 1 for 3) or kernel=2 stride=2,
 *                    act=none|relu|leaky|prelu|sigmoid, slope (leaky, 0.1), bias=0|1 (1)
 *   conv_transpose   out, kernel=2 stride=2, act, slope, bias     twice the resolution
 *   pixel_unshuffle  factor=2|3|4                                 C*f*f channels at 1/f
 *   pixel_shuffle    factor=2|3|4                                 C/(f*f) channels at f
 *   max_pool         factor=2                                     1/2
 *   avg_pool         factor=2                                     1/2
 *   up               factor=2 (nearest)                           2
 *   add              2 sources of the same shape
 *   concat           2..4 sources of the same resolution
 *   act              act, slope
 *   bicubic          factor=2|3|4 (a = -0.5)                      factor
 *
 * Where the picture's input has width and height, every result has a size of
 * its own, and these may be used too:
 *
 *   max_pool         odd sizes are rounded up, beyond the edge lie zeros
 *   crop             border=1..64                                 without so many pixels at each edge
 *   reshape          nothing                                      a vector of all values (c, y, x)
 *                    channels, width, height                      a map of as many values
 *   dense            out, act, slope, bias                        a vector (weight [O,I] as in
 *                                                                 PyTorch's Linear)
 *   sample           2 vectors: mean m, log-variance v            training: m + exp (v / 2) * e,
 *                                                                 e standard normal (Kingma,
 *                                                                 Welling 2014); else m
 *
 * A vector has channels and no extent.  dense and sample take vectors, add,
 * concat and act take them too, all others take maps.
 */

#define AE_GRAPH_OPS_MAX 256
#define AE_GRAPH_CHANNELS_MAX 1024
#define AE_GRAPH_VECTOR_MAX 16384 /* channels of a vector */
#define AE_GRAPH_SIZE_MAX 256     /* width and height of a picture of fixed size */
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
  AE_OP_CROP,
  AE_OP_RESHAPE,
  AE_OP_DENSE,
  AE_OP_SAMPLE,
  AE_N_OPS
} AeOp;

typedef enum
{
  AE_PLANES_RGB,   /* R'G'B', 0..1 */
  AE_PLANES_Y,     /* one plane, 0..1 */
  AE_PLANES_SIGMA, /* noise level / 255 (sigma 25 is 25/255), may vary per pixel */
  AE_PLANES_LABEL  /* a vector with 1 at the class of the picture, else 0 */
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
  int border; /* crop */
  AeGraphAct act;
  float slope; /* leaky */
  gboolean bias;
  AePlanes planes; /* input */
  /* derived */
  int channels;
  int up, down;      /* resolution = picture * up / down, reduced; 1 where the size is fixed */
  int width, height; /* 0: as the picture's resolution has it */
  gboolean vector;   /* width = height = 1 */
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
int ae_graph_picture (const AeGraph *graph);                     /* index of the input for the picture */
const char *ae_op_name (AeOp op);
const char *ae_act_name (AeGraphAct act);

/* Parameters in the order of the nodes, weight, bias, slope. */
int ae_graph_n_params (const AeGraph *graph);
const AeParam *ae_graph_param (const AeGraph *graph, int i);
int ae_graph_find_param (const AeGraph *graph, const char *name); /* index or -1 */
gsize ae_graph_n_values (const AeGraph *graph);                   /* of all parameters */

/* Whether the network takes pictures of one size alone, and which.  It is run as a whole then (codec.h). */
gboolean ae_graph_is_fixed (const AeGraph *graph, int *width, int *height);
/*
 * The latent representation of a network with a fixed size: the node with the
 * fewest values of those (but input and output) through which every way from
 * the picture to the result leads, the first of equals.  -1: there is none.
 */
int ae_graph_latent (const AeGraph *graph);

/* Derived quantities, never typed in. */
int ae_graph_scale (const AeGraph *graph);     /* output resolution / picture resolution: 1, 2, 3, 4 */
int ae_graph_alignment (const AeGraph *graph); /* picture pixels: sizes and offsets must be multiples of it */
/* Picture pixels around a rectangle (aligned) on which its result depends. */
int ae_graph_halo (const AeGraph *graph);
/* How many pixels around a picture its mirrored copy shows before there are zeros, see ae/session.h: 8, in
 * whole units of the alignment. */
int ae_graph_margin (const AeGraph *graph);
double ae_graph_macs (const AeGraph *graph); /* multiply-adds per picture pixel */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeGraph, ae_graph_unref)

#endif
