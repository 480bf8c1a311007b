/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* pixels.h - pixels of a buffer's own format as gamma-encoded floats and back. */

#ifndef AE_PIXELS_H
#define AE_PIXELS_H

#include <babl/babl.h>
#include <gegl.h>
#include <glib.h>

/*
 * How the pixels of a format are converted: by encoding only, because
 * conversions of babl between models in spaces other than sRGB are not exact.
 * Working pixels are float [colors + 1]: R'G'B'A or Y'A, alpha 1 where the
 * format has none.  A plain value; constant after ae_pixels_init ().
 */
typedef struct
{
  const Babl *own;                 /* the format that it was made for */
  const Babl *to_work, *from_work; /* fishes between the encoding of `own` and working pixels */
  int bytes;                       /* of a pixel in `own` */
  int colors;                      /* 1 (gray) or 3 */
  gboolean alpha;
  int alpha_bytes; /* the last ones of a pixel; 0 without alpha */
} AePixels;

/* AE_ERROR_UNSUPPORTED for formats that are neither RGB nor gray. */
gboolean ae_pixels_init (AePixels *pixels, const Babl *format, GError **error);

/* Whether pixels of both have the same bytes for the same values. */
gboolean ae_pixels_same_encoding (const AePixels *a, const AePixels *b);

/* Fishes from working pixels of `from` to the encoding of another format. */
const Babl *ae_pixels_fish_to (const AePixels *from, const Babl *format);

/* Fetches a rectangle of a buffer of that format: bytes to `raw` (may be NULL)
 * and working pixels to `work`. */
void ae_pixels_fetch (const AePixels *pixels, GeglBuffer *buffer, const GeglRectangle *rect, void *raw,
                      float *work);

/*
 * Working pixels as a network shall see them: those with alpha 0 have the
 * colors of their visible neighbors (alpha-bleed.h).  The rectangle must lie
 * within the extent of the buffer; with `wrap` it may lie anywhere, and the
 * picture repeats beyond its borders.  *at: the first pixel, rows of *stride
 * pixels.  Free the result, which is not *at.
 */
float *ae_pixels_fetch_filled (const AePixels *pixels, GeglBuffer *buffer, const GeglRectangle *rect,
                               gboolean wrap, const float **at, gsize *stride);

#endif
