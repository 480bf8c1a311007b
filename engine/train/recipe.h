/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* recipe.h - everything that makes a model, read from a key file. */

#ifndef AE_RECIPE_H
#define AE_RECIPE_H

#include <ae/graph.h>
#include "degrade.h"
#include "loss.h"
#include "optimizer.h"
#include "schedule.h"

#define AE_RECIPE_CROPS_MAX 8

/* The keys, their ranges and defaults are the table in recipe.c; ae-train(1) describes them. */
typedef struct
{
  char *path, *text;

  char *name, *version, *task, *description, *license;
  AeGraph *graph;

  double pairs;                   /* share of the crops of pictures with a noisy companion that use it */
  double smallest, largest;       /* crops see their picture made small by a factor of this range */
  char **validation;              /* globs of pictures kept out of training */
  int crops[AE_RECIPE_CROPS_MAX]; /* sizes of crops, each for an equal part of the steps */
  int n_crops;
  int batch;
  gint64 steps;  /* 0: by epochs */
  gint64 epochs; /* of examples (whole.h), 0: by steps */
  guint64 seed;
  int loss;  /* AeLoss */
  double kl; /* weight of the divergence of `sample` operations (beta) */
  AeSchedule schedule;
  AeOptimizerOptions optimizer;

  gint64 validate_every; /* steps */
  double validation_sigma;
  gint64 checkpoint_every; /* seconds */
  int checkpoints;         /* kept */

  double noise_mean, noise_deviation; /* of noise added to examples, 0..1 */

  GPtrArray *degradations; /* AeDegradation */
} AeRecipe;

/* Unknown groups, keys and values out of range are errors that name file and line. */
AeRecipe *ae_recipe_load (const char *path, GError **error);
AeRecipe *ae_recipe_parse (const char *text, const char *path, GError **error);
void ae_recipe_free (AeRecipe *recipe);

/*
 * Judges another network with a fixed size of picture by this recipe: that of a
 * model that carries it, whose sums are folded.  AE_ERROR_ARGUMENT if it
 * cannot do what the recipe asks for.
 */
gboolean ae_recipe_take_network (AeRecipe *recipe, AeGraph *graph, GError **error);

/* Size of the crops of a step, and the largest of all. */
int ae_recipe_crop (const AeRecipe *recipe, gint64 step);
int ae_recipe_crop_max (const AeRecipe *recipe);

/* The degradation of a sample, by weight; u is uniform in 0..1. */
const AeDegradation *ae_recipe_choose_degradation (const AeRecipe *recipe, float u);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeRecipe, ae_recipe_free)

#endif
