/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* program.h - a graph made ready for one kernel table: steps, values, packed weights. */

#ifndef AE_PROGRAM_H
#define AE_PROGRAM_H

#include "step.h"

/* One array of pictures that steps read and write. */
typedef struct
{
  int channels;
  int up, down;      /* resolution = picture * up / down */
  int width, height; /* where the size is fixed, else 0 */
  gboolean vector;
  gboolean blocked;
  gboolean input; /* of the program: no step writes it */
  int node;       /* the node whose result it is */
} AeValue;

/*
 * Constant but for ae_program_set_params (); any number of threads may run
 * steps of one program on buffers of their own.
 */
typedef struct
{
  AeGraph *graph;
  const AeKernels *kernels;
  int n_values, n_steps;
  AeValue *values;
  AeStep *steps;
  AePacked *packed;  /* one per node */
  int *input_values; /* value of each AE_OP_INPUT node, by node index, else -1 */
  int output;        /* always planar */
  size_t scratch;    /* floats that a thread needs to run steps, whole cache lines; may be 0 */
} AeProgram;

typedef enum
{
  AE_PROGRAM_PLAIN = 0,
  /* An add whose operand is used by nothing else joins the convolution or shuffle before it, and a last
   * convolution of few channels writes a planar result.  Not for the trainer, which needs every value. */
  AE_PROGRAM_FUSED = 1 << 0,
  /* What is faster by conv_winograd () is done by it. */
  AE_PROGRAM_WINOGRAD = 1 << 1
} AeProgramFlags;

AeProgram *ae_program_new (AeGraph *graph, const AeKernels *kernels, AeProgramFlags flags);
/* Whether all its steps can run with ae_kernels_fast (): concatenation and
 * activation of blocked values look at single lanes. */
gboolean ae_program_can_be_fast (const AeProgram *program);
void ae_program_free (AeProgram *program);

/* Packs the weights of a convolution, elements as for conv_pack (). */
void ae_packed_set_conv (AePacked *packed, const AeKernels *k, const float *w, ptrdiff_t so, ptrdiff_t si,
                         ptrdiff_t st, int in_channels, int out_channels, int taps);
/* Packs the values of all parameters, in the order of ae_graph_param (). */
void ae_program_set_params (AeProgram *program, const float *params);

/* The length of the groups in which a step computes pixels along rows: 1 or AE_WINOGRAD. */
int ae_program_group (const AeProgram *program, int step);

/* Sets the layout of each buffer for a picture of width x height pixels, which
 * must be multiples of the graph's alignment.  data is left alone. */
void ae_program_layout (const AeProgram *program, int width, int height, AeBuffer *buffers);

void ae_program_run_step (const AeProgram *program, int step, const AeBuffer *buffers, int image, int y0,
                          int y1, float *scratch);

#endif
