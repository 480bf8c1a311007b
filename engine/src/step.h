/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* step.h - one operation on buffers: what the session and the trainer run. */

#ifndef AE_STEP_H
#define AE_STEP_H

#include <ae/graph.h>
#include "kernels/kernels.h"

/*
 * The pictures of one value of a run, blocked or planar (see kernels.h).
 * Planar buffers are dense; blocked ones have the border of zeros.
 */
typedef struct
{
  float *data; /* first interior pixel of the first picture */
  gboolean blocked;
  gboolean vector; /* blocked, without border: values lie one after the other */
  int channels, width, height;
  int vl;    /* channels of a block, 1 where planar */
  int pixel; /* floats of a pixel of a block, 1 where planar */
  int phase; /* columns of its group of AE_WINOGRAD before the first one; 0 unless it is part of a
              * larger plane */
  size_t row, block, image; /* strides in floats; planar: block is that of a plane */
} AeBuffer;

/* Floats in whole cache lines. */
static inline size_t
ae_whole_lines (size_t floats)
{
  return (floats + 15) & ~(size_t)15;
}

/* Sets all but data.  Returns the floats that one picture takes (= image). */
size_t ae_buffer_layout (AeBuffer *buffer, gboolean blocked, int channels, int width, int height,
                         const AeKernels *kernels);
size_t ae_buffer_layout_vector (AeBuffer *buffer, int channels, int vl);
/* Sets data from the 64-byte aligned start of the memory. */
void ae_buffer_place (AeBuffer *buffer, float *memory);
/* Blocks (planes where planar). */
int ae_buffer_blocks (const AeBuffer *buffer);

static inline float *
ae_buffer_at (const AeBuffer *buffer, int image, int block, int y, int x)
{
  return buffer->data + (size_t)image * buffer->image + (size_t)block * buffer->block
         + (size_t)y * buffer->row + (size_t)x * (size_t)buffer->pixel;
}

/* Makes the border of rows y0 <= y < y1 zero, with the first and last row that above and below. */
void ae_buffer_clear_border (const AeBuffer *buffer, int image, int y0, int y1);

typedef enum
{
  AE_STEP_NODE,  /* the operation of a node */
  AE_STEP_PACK,  /* planar to blocked */
  AE_STEP_UNPACK /* blocked to planar */
} AeStepKind;

/* Numbers of values, see AeProgram. */
typedef struct
{
  AeStepKind kind;
  const AeNode *node; /* of AE_STEP_NODE */
  int index;          /* of that node in the graph */
  int dst;
  int n_src;
  int src[AE_GRAPH_SOURCES_MAX];
  int add; /* conv, pixel_shuffle: value added to the result, or -1 */
} AeStep;

/* Packed parameters of a node. */
typedef struct
{
  float *weights; /* conv_transpose: 4 sets (dy, dx) of weights_set floats; planar: by conv_planar_pack () */
  size_t weights_set;
  gboolean planar;   /* a convolution of few channels whose result is planar */
  gboolean winograd; /* weights: by ae_winograd_pack () */
  float *bias;       /* padded to whole blocks, or NULL */
  float *slope;      /* leaky: one; prelu: padded; or NULL */
} AePacked;

/*
 * Computes rows y0 <= y < y1 (of the result) of one picture and the border of
 * these rows.  buffers: of all values.  Disjoint rows may be computed at the
 * same time.  Row ranges of a result at twice the resolution of its source
 * must be even.  scratch: for each thread its own, kernels->winograd_scratch ()
 * floats where packed->winograd, else NULL.
 */
void ae_step_run (const AeKernels *k, const AeStep *step, const AePacked *packed, const AeBuffer *buffers,
                  int image, int y0, int y1, float *scratch);
/* Weight of a source pixel at a distance of x pixels (Keys' cubic convolution, a = -0.5). */
float ae_bicubic_weight (float x);
/* Rows must be cut at multiples of it: 1, or the factor of an enlarging operation. */
int ae_step_row_multiple (const AeStep *step);

#endif
