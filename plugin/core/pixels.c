/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* pixels.c - pixels of a buffer's own format as gamma-encoded floats and back. */

#include "pixels.h"

#include <ae/error.h>
#include <string.h>
#include "alpha-bleed.h"
#include "intl.h"

/* The format without its space. */
static const Babl *
plain (const Babl *format)
{
  return babl_format (babl_format_get_encoding (format));
}

static const Babl *
work_format (const AePixels *pixels)
{
  return babl_format (pixels->colors == 3 ? "R'G'B'A float" : "Y'A float");
}

gboolean
ae_pixels_init (AePixels *pixels, const Babl *format, GError **error)
{
  const BablModelFlag flags = babl_get_model_flags (format);
  const char *name = babl_get_name (format);
  int n = babl_format_get_n_components (format);

  memset (pixels, 0, sizeof *pixels);
  if (babl_format_is_palette (format))
    {
      g_set_error_literal (error, AE_ERROR, AE_ERROR_UNSUPPORTED,
                           _ ("indexed pictures cannot be filtered: convert the picture to RGB first"));
      return FALSE;
    }
  pixels->colors = flags & BABL_MODEL_FLAG_GRAY ? 1 : 3;
  pixels->alpha = babl_format_has_alpha (format) != 0;
  if (!(flags & (BABL_MODEL_FLAG_RGB | BABL_MODEL_FLAG_GRAY))
      || flags & (BABL_MODEL_FLAG_CMYK | BABL_MODEL_FLAG_CIE) || n != pixels->colors + (pixels->alpha ? 1 : 0)
      || babl_format_is_format_n (format))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_UNSUPPORTED,
                   _ ("pictures with pixels of the format \"%s\" cannot be filtered: expected RGB or gray"),
                   name);
      return FALSE;
    }
  pixels->own = format;
  pixels->bytes = babl_format_get_bytes_per_pixel (format);
  pixels->alpha_bytes = pixels->alpha ? pixels->bytes / n : 0;
  pixels->to_work = babl_fish (plain (format), work_format (pixels));
  pixels->from_work = babl_fish (work_format (pixels), plain (format));
  return TRUE;
}

gboolean
ae_pixels_same_encoding (const AePixels *a, const AePixels *b)
{
  return plain (a->own) == plain (b->own);
}

const Babl *
ae_pixels_fish_to (const AePixels *from, const Babl *format)
{
  return babl_fish (work_format (from), plain (format));
}

static void
fetch (const AePixels *pixels, GeglBuffer *buffer, const GeglRectangle *rect, GeglAbyssPolicy beyond,
       void *raw, float *work)
{
  const gsize n = (gsize)rect->width * (gsize)rect->height;
  void *bytes = raw ? raw : g_malloc_n (n, (gsize)pixels->bytes);

  gegl_buffer_get (buffer, rect, 1.0, pixels->own, bytes, GEGL_AUTO_ROWSTRIDE, beyond);
  babl_process (pixels->to_work, bytes, work, (long)n);
  if (!raw)
    g_free (bytes);
}

void
ae_pixels_fetch (const AePixels *pixels, GeglBuffer *buffer, const GeglRectangle *rect, void *raw,
                 float *work)
{
  fetch (pixels, buffer, rect, GEGL_ABYSS_NONE, raw, work);
}

float *
ae_pixels_fetch_filled (const AePixels *pixels, GeglBuffer *buffer, const GeglRectangle *rect, gboolean wrap,
                        const float **at, gsize *stride)
{
  const int channels = pixels->colors + 1;
  GeglRectangle wide = *rect;
  float *work;

  if (pixels->alpha)
    {
      wide.x -= AE_ALPHA_BLEED_RADIUS;
      wide.y -= AE_ALPHA_BLEED_RADIUS;
      wide.width += 2 * AE_ALPHA_BLEED_RADIUS;
      wide.height += 2 * AE_ALPHA_BLEED_RADIUS;
      if (!wrap)
        gegl_rectangle_intersect (&wide, &wide, gegl_buffer_get_extent (buffer));
    }
  work = g_new (float, (gsize)wide.width *(gsize)wide.height *(gsize)channels);
  fetch (pixels, buffer, &wide, wrap ? GEGL_ABYSS_LOOP : GEGL_ABYSS_NONE, NULL, work);
  if (pixels->alpha)
    ae_alpha_bleed (work, channels, wide.width, wide.height);
  *stride = (gsize)wide.width;
  *at = work + ((gsize)(rect->y - wide.y) * *stride + (gsize)(rect->x - wide.x)) * (gsize)channels;
  return work;
}
