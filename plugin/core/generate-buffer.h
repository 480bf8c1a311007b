/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-buffer.h - fills pixels of a buffer with a drawing. */

#ifndef AE_GENERATE_BUFFER_H
#define AE_GENERATE_BUFFER_H

#include <ae/session.h>
#include <gegl.h>
#include "generate.h"

/*
 * Draws over a region of the buffer, opaque, in the buffer's own format, whose
 * values are taken as gamma-encoded in any profile.  A gray model gives gray in
 * color; a model of colors gives their luminance (Rec. 709, as blend.c) in gray.
 * Nothing but the region is written.  Errors: AE_ERROR_UNSUPPORTED for formats
 * that are neither RGB nor gray, AE_ERROR_CANCELLED.
 */
gboolean ae_generate_buffer (AeGenerator *generator, const GeglRectangle *region, GeglBuffer *buffer,
                             AeProgressFunc progress, gpointer data, GError **error);

/* The same with model and values as a front end has them: loads the model, makes the generator. */
gboolean ae_generate_fill (const AeGenerateParams *params, const GeglRectangle *region, GeglBuffer *buffer,
                           AeProgressFunc progress, gpointer data, GError **error);

#endif
