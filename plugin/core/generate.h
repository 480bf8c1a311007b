/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate.h - draws with a generative model: one sample or a grid of them, of any size. */

#ifndef AE_GENERATE_H
#define AE_GENERATE_H

#include <ae/codec.h>
#include <ae/plan.h>
#include <glib.h>
#include "generate-params.h"

/*
 * A generative model makes a small picture of a few latent numbers.  Here it is
 * scaled (resize.h) to the size wanted.
 *
 * One sample covers the whole area, whatever its proportions.
 *
 * A grid begins at the area's upper left corner.  A cell is as wide as the
 * parameters say and has the sample's proportions; its sample is larger by half
 * of the overlap at each side, and fades there into those of the neighbors, so that no border
 * can be seen.  With z the latent numbers of one sample, v the variety / 100
 * and e standard normal numbers of the cell's own, its numbers are
 *
 *   sqrt (1 - v^2) z + v e
 *
 * which are as likely as z under the standard normal distribution, for which
 * such models are trained.
 *
 * The drawing depends on model, parameters and size alone; each pixel has the
 * same bits in any part.  A generator has memory of its own: one call at a
 * time, but any number of generators.
 */

typedef struct _AeGenerator AeGenerator;

/*
 * scale: 1, or the width of the area's cells as a share of what the parameters
 * say: the same drawing, smaller.  Errors: those of ae_generate_params_check ();
 * AE_ERROR_UNSUPPORTED if the model has no latent representation,
 * AE_ERROR_ARGUMENT if it does not have the class or so many latent numbers.
 */
AeGenerator *ae_generator_new (AeModel *model, const AeGenerateParams *params, int width, int height,
                               double scale, GError **error);
void ae_generator_free (AeGenerator *generator);

/* 1 (gray) or 3 (R'G'B'). */
int ae_generator_channels (const AeGenerator *generator);

/* part: within the area; planes: float [channels][height][width], 0..1. */
void ae_generator_draw (AeGenerator *generator, const AeRect *part, float *planes);

/* The latent numbers that a model (with a codec) is given for one sample: ae_codec_latent_size () of them. */
void ae_generate_latent (const AeCodec *codec, const AeGenerateParams *params, float *latent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeGenerator, ae_generator_free)

#endif
