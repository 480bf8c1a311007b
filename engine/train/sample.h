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

/* Sample `index` of the run: crop x crop pixels (at most ae_recipe_crop_max ()), planar.  target, input:
 * float [3][crop][crop]; sigma: float [crop][crop], noise level / 255.  Depends on recipe, data, index and
 * crop alone. */
void ae_sampler_draw (const AeSampler *sampler, guint64 index, int crop, float *target, float *input,
                      float *sigma);

/* Validation crops: the middle of each validation picture with fixed Gaussian noise of the recipe's level. */
int ae_sampler_n_validation (const AeSampler *sampler);
int ae_sampler_validation_size (const AeSampler *sampler);
void ae_sampler_validation (const AeSampler *sampler, int i, float *target, float *input, float *sigma);

#endif
