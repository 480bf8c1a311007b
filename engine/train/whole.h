/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* whole.h - examples for networks with a fixed size of picture, and training with them. */

#ifndef AE_WHOLE_H
#define AE_WHOLE_H

#include "fit.h"
#include "idx.h"
#include "net.h"

/*
 * An example is a picture that the network is to give back (task classify: its
 * class).  What it is given is that picture, made smaller by means of
 * scale x scale pixels where the network enlarges, with normal noise of
 * the recipe's mean and deviation added and clamped to 0..1, and the picture's
 * class where the network asks for it.  Each epoch takes all examples once in an order
 * of its own.
 *
 * The loss of an example is the mean of the recipe's loss over the values of
 * the result; where the network has `sample` operations it is the sum over the
 * values plus kl times the divergence, as variational autoencoders have it.
 */

typedef struct
{
  double loss;     /* mean over the examples */
  double kl;       /* mean of the divergence, 0 without `sample` */
  double psnr;     /* of the mean squared error; results clamped */
  double accuracy; /* task classify: share of examples whose largest value is that of its class */
} AeWholeScore;

/* AE_ERROR_ARGUMENT if the data do not fit the network: color, size, classes. */
gboolean ae_whole_check (const AeRecipe *recipe, const AeIdx *data, const char *path, GError **error);

/*
 * What the network is given of example `index`, and what it should give: float
 * [channels][height][width] of the network's input and of its result (task classify: [classes]).
 * Noise depends on the recipe's seed and the example alone.
 */
void ae_whole_example (const AeRecipe *recipe, const AeIdx *data, int index, float *input, float *target);

/* Measures parameters on all examples, in order; noise and draws depend on the recipe's seed and the
 * example alone.  AE_ERROR_MEMORY. */
gboolean ae_whole_score (const AeRecipe *recipe, const AeIdx *data, const float *params, int threads,
                         AeWholeScore *score, GError **error);

/*
 * Trains as ae_fit () does; of options->init the parameters of the same name
 * are taken.  validation may be NULL.  One process only.
 */
gboolean ae_whole_fit (const AeRecipe *recipe, const AeIdx *data, const AeIdx *validation,
                       const AeFitOptions *options, GError **error);

#endif
