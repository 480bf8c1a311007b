/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* optimizer.h - AdamW, RMSprop or Muon on one flat array of parameters, with an averaged copy. */

#ifndef AE_OPTIMIZER_H
#define AE_OPTIMIZER_H

#include <stddef.h>
#include <glib.h>

typedef enum
{
  AE_OPTIMIZER_ADAMW,
  AE_OPTIMIZER_RMSPROP, /* Tieleman, Hinton 2012: beta2 is the decay of the mean square, beta1 is not used */
  AE_OPTIMIZER_MUON     /* Jordan and others 2024 for matrices, AdamW for the rest */
} AeOptimizerKind;

typedef struct
{
  float beta1, beta2, epsilon, weight_decay;
  float clip; /* largest global norm of the gradient, 0: none */
  float ema;  /* decay of the averaged copy */
  int kind;   /* AeOptimizerKind */
} AeOptimizerOptions;

typedef struct
{
  size_t n;
  float *params, *grads, *m, *v, *ema; /* [n] each, one allocation */
  float *decay;     /* [n]: factor of the weight decay, 1 at first; 0 for what is not to decay */
  GArray *matrices; /* of AeMatrix, by offset: what Muon makes orthogonal */
} AeOptimizer;

/* A matrix among the parameters. */
typedef struct
{
  size_t offset;
  int rows, cols;
} AeMatrix;

AeOptimizer *ae_optimizer_new (size_t n);
void ae_optimizer_free (AeOptimizer *optimizer);
/* Says where a matrix lies; to be called by growing offset, before the first step. */
void ae_optimizer_add_matrix (AeOptimizer *optimizer, size_t offset, int rows, int cols);

/*
 * One step (AdamW: Loshchilov, Hutter 2019).  RMSprop is the same without momentum and
 * without the correction of the first means.  Muon moves a matrix by the orthogonal
 * matrix nearest to its averaged gradient (beta1, Nesterov's), times 0.2 sqrt (max (rows,
 * cols)), which makes the step about as large as AdamW's, so that rates mean the same
 * (Liu and others 2025, arXiv 2502.16982).  step counts from 1.  Returns the norm
 * of the gradient before clipping; if that is not finite nothing is changed.
 * The average forgets the first steps fast: its decay is the smaller of
 * options->ema and (1 + step) / (10 + step).  Sums run in a fixed order: the result does not depend on
 * threads.
 */
double ae_optimizer_step (AeOptimizer *optimizer, const AeOptimizerOptions *options, gint64 step, float rate,
                          int threads);

#endif
