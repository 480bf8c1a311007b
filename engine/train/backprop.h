/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* backprop.h - what all workers of a training step share: the program, the packed weights of both passes. */

#ifndef AE_BACKPROP_H
#define AE_BACKPROP_H

#include "src/program.h"

/*
 * Gradients of parameters are gathered in the layout in which the kernels sum
 * them (lanes of output channels last); ae_backprop_unpack () brings the sum of
 * all workers into the order of ae_graph_param ().
 */
typedef struct
{
  size_t weights;     /* offsets into the gathered gradients, in floats; G_MAXSIZE where absent */
  size_t weights_set; /* conv_transpose: of each of the 4 taps; Winograd: of each of the AE_WINOGRAD_POINTS */
  size_t bias, slope;
} AeGradAt;

typedef struct
{
  AeProgram *program;
  AePacked *transposed; /* per node: weights for the gradient of its source */
  AeGradAt *at;         /* per node */
  size_t scratch;       /* floats that a thread needs for both passes, whole cache lines; may be 0 */
  size_t n_gathered;    /* floats of one set of gathered gradients */
  size_t n_params;      /* values of all parameters */
  gboolean *needs_grad; /* per value: whether a parameter lies behind it */
} AeBackprop;

AeBackprop *ae_backprop_new (AeGraph *graph, const AeKernels *kernels);
void ae_backprop_free (AeBackprop *backprop);

/* Packs the parameters for both passes. */
void ae_backprop_set_params (AeBackprop *backprop, const float *params);
/* gathered -> order of ae_graph_param (). */
void ae_backprop_unpack (const AeBackprop *backprop, const float *gathered, float *grads);

#endif
