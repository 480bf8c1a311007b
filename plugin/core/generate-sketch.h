/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-sketch.h - a drawing made small enough for a preview. */

#ifndef AE_GENERATE_SKETCH_H
#define AE_GENERATE_SKETCH_H

#include <ae/session.h>
#include "generate.h"

typedef struct
{
  int width, height;
  guint32 *argb; /* [height][width], opaque (argb.h) */
} AeGenerateSketch;

/*
 * The drawing for an area of width x height in a room of at most `room` pixels
 * each way, never larger than it is.  Cells of a grid stay 8 pixels wide at
 * least: where the area would be too small for that, its upper left part is
 * shown.  gray: as it looks in a gray picture.  Errors: those of
 * ae_generator_new (); AE_ERROR_CANCELLED.
 */
AeGenerateSketch *ae_generate_sketch_new (AeModel *model, const AeGenerateParams *params, int width,
                                          int height, int room, gboolean gray, AeProgressFunc goes_on,
                                          gpointer data, GError **error);
void ae_generate_sketch_free (AeGenerateSketch *sketch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeGenerateSketch, ae_generate_sketch_free)

#endif
