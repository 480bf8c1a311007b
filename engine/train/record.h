/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* record.h - what a run keeps for its report: the recipe and small pictures. */

#ifndef AE_RECORD_H
#define AE_RECORD_H

#include "sample.h"

/*
 * In the folder of the run:
 *
 *   recipe.ini                     as it was read
 *   pictures/degradations.safetensors   "clean" and "<n> <name>", n from 000: what degradation n makes of it
 *   pictures/given.safetensors     "<i> clean" and "<i> input": the middle of validation crop i
 *   pictures/step-<step>.safetensors    "<i>": the same of the result at a validation
 *
 * all in the format of dataset.h.  Nothing of it is needed to go on with the run.
 */
#define AE_RECORD_STRIPS 4
#define AE_RECORD_SIDE 96 /* pixels of the result; divisible by every scale */
#define AE_RECORD_FOLDER "pictures"
#define AE_RECORD_PREFIX "step-"
#define AE_RECORD_SUFFIX ".safetensors"

typedef struct
{
  guint8 *rgb; /* [side][side][3]; NULL: none */
  int side;
} AeStrip;

/* The middle of planes [3][size][size], at most side wide, clamped and rounded. */
void ae_strip_cut (AeStrip *strip, const float *planes, int size, int side);

/* Writes what is known before the first step; the recipe last. */
gboolean ae_record_begin (const char *folder, const AeRecipe *recipe, const AeSampler *sampler,
                          GError **error);
gboolean ae_record_is_begun (const char *folder);
/* The recipe alone. */
gboolean ae_record_recipe (const char *folder, const AeRecipe *recipe, GError **error);
/* Whether the pictures of the validation after `step` are kept: about 20 in a whole run, early ones denser.
 */
gboolean ae_record_wants (const AeRecipe *recipe, gint64 step);
/* Takes the pictures of the strips. */
gboolean ae_record_strips (const char *folder, gint64 step, AeStrip *strips, GError **error);

#endif
