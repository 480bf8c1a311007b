/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* latent.h - what a model makes of many examples, and pictures of it. */

#ifndef AE_LATENT_H
#define AE_LATENT_H

#include <ae/codec.h>

#include "train/pca.h"
#include "train/whole.h"

/* All examples through a model. */
typedef struct
{
  AeCodec *codec; /* not owned */
  const AeIdx *data;
  int channels, width, height; /* of a result */
  int in_width, in_height;
  gsize dim; /* of the latent representation */
  gboolean variational;
  float *inputs;  /* [n][channels][in_height][in_width] */
  float *targets; /* [n][channels][height][width] */
  float *results; /* the same */
  float *latents; /* [n][dim] */
  AePca *axes;    /* of the latents, 2 components; NULL where dim < 2 */
} AeLatent;

/* recipe: from the model.  Results of `sample` are means. */
AeLatent *ae_latent_new (AeCodec *codec, const AeRecipe *recipe, const AeIdx *data);
void ae_latent_free (AeLatent *latent);

/* The point of the plane that scatter and walk show: the latent numbers themselves where there are two, else
 * along the principal axes, in deviations from the mean. */
void ae_latent_place (const AeLatent *latent, const float *values, double *x, double *y);
void ae_latent_at (const AeLatent *latent, double x, double y, float *values);

/* Numbers of the `count` examples nearest to example i, nearest first, itself left out. */
void ae_latent_neighbors (const AeLatent *latent, int i, int count, int *neighbors);

/* Where sheets go: a folder, the ending of their names, .png or .svg. */
typedef struct
{
  const char *folder;
  gboolean svg;
} AeLatentOut;

/* Sheets, each written to a file of its own. */
gboolean ae_latent_draw_reconstruction (const AeLatent *latent, const AeLatentOut *out, GError **error);
gboolean ae_latent_draw_scatter (const AeLatent *latent, const AeLatentOut *out, GError **error);
gboolean ae_latent_draw_interpolation (const AeLatent *latent, const AeLatentOut *out, GError **error);
gboolean ae_latent_draw_neighbors (const AeLatent *latent, const AeLatentOut *out, GError **error);
/* steps x steps results over -range..range on both axes of the plane; a model that is told the class is told
 * 0, 1, 2 … from row to row. */
gboolean ae_latent_draw_walk (const AeLatent *latent, double range, int steps, const AeLatentOut *out,
                              GError **error);
/* Results [n][channels][height][width], 10 in a row. */
gboolean ae_latent_draw_samples (const AeLatent *latent, const float *results, int n, const AeLatentOut *out,
                                 GError **error);

#endif
