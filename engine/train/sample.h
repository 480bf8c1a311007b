/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* sample.h - draws training crops: which picture, where, how turned, how spoiled. */

#ifndef AE_SAMPLE_H
#define AE_SAMPLE_H

#include "dataset.h"
#include "recipe.h"

typedef struct _AeSampler AeSampler;

/* Both must outlive the sampler.  Constant once made; any number of threads may draw. */
AeSampler *ae_sampler_new (const AeRecipe *recipe, const AeDataset *data, GError **error);
void ae_sampler_free (AeSampler *sampler);

/*
 * Sample `index` of the run, planar; crop is at most ae_recipe_crop_max ().
 * target: float [3][crop * scale][crop * scale], scale being that of the graph;
 * input: float [3][crop][crop]; sigma: float [crop][crop], noise level / 255.
 * Depends on recipe, data, index and crop alone.  With pairs in the data and
 * asked for by the recipe the input may be the noisy picture itself.
 */
void ae_sampler_draw (const AeSampler *sampler, guint64 index, int crop, float *target, float *input,
                      float *sigma);
/* The same with one degradation of the recipe, never a pair. */
void ae_sampler_draw_with (const AeSampler *sampler, const AeDegradation *degradation, guint64 index,
                           int crop, float *target, float *input, float *sigma);

/*
 * Validation crops: the middle of each validation picture, with its noisy
 * companion if pairs are used, with fixed Gaussian noise of the recipe's level
 * if not; for the task jpeg, with the recipe's first degradation, always the
 * same; where the network enlarges, made small bicubically and rounded to 8
 * bit.  Sizes as above, with validation_size for crop.
 */
int ae_sampler_n_validation (const AeSampler *sampler);
int ae_sampler_validation_size (const AeSampler *sampler);
void ae_sampler_validation (const AeSampler *sampler, int i, float *target, float *input, float *sigma);

#endif
