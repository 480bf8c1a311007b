/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* step.h - one operation of a graph on buffers: what session and trainer run. */

#ifndef AE_STEP_H
#define AE_STEP_H

#include <ae/graph.h>
#include "kernels/kernels.h"

/*
 * A buffer of a run: `images` pictures of one node, blocked or planar (see
 * kernels.h).  Planar buffers are dense; blocked ones have the zero border.
 */
typedef struct
{
  float *data;          /* start of the buffer, border included */
  gboolean blocked;
  int channels, width, height;
  int vl;
  size_t row, block, image; /* strides in floats; planar: block is the stride of a plane */
} AeBuffer;

/* Sets all but data; returns the size of `images` pictures in floats. */
size_t ae_buffer_layout (AeBuffer *buffer, gboolean blocked, int channels, int width, int height, int vl, int images);
/* Pixel (x, y) of block (or plane) b of image n. */
float *ae_buffer_at (const AeBuffer *buffer, int n, int b, int y, int x);

/*
 * Which nodes are kept planar: inputs, bicubic, the result of pixel_shuffle
 * with fewer channels than AE_PLANAR_MAX, and concat, add, act of planar nodes.
 * All others are blocked.  planar: gboolean [n_nodes].
 */
#define AE_PLANAR_MAX 8
void ae_graph_planar (const AeGraph *graph, gboolean *planar);

typedef struct
{
  const AeNode *node;
  const float *weights; /* packed; conv_transpose: 4 sets one after the other */
  const float *bias, *slope; /* padded to whole blocks, or NULL */
  const AeBuffer *dst;
  const AeBuffer *src[AE_GRAPH_SOURCES_MAX];
  const AeBuffer *add;  /* conv, pixel_shuffle: fused sum, or NULL */
  AeAct act;
} AeStep;

/*
 * Computes rows y0 <= y < y1 of the result of image n, and the zero border of
 * these rows.  Calls on disjoint rows may run at the same time.  Every kind of
 * node, AE_OP_INPUT excepted (the caller fills it).  A blocked result of a
 * planar source (or the reverse) is converted on the way: see AeStep.scratch.
 */
void ae_step_run (const AeKernels *k, const AeStep *step, int n, int y0, int y1);

#endif
