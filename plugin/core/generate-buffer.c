/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-buffer.c - fills pixels of a buffer with a drawing, part by part. */

#include "generate-buffer.h"

#include <ae/error.h>
#include "catalogue.h"
#include "intl.h"
#include "pixels.h"

/* Large enough that few cells are drawn twice, small enough for memory and progress. */
#define PART_WIDTH 1024
#define PART_HEIGHT 256

static const float luminance[3] = { 0.2126f, 0.7152f, 0.0722f };

/* Planes to working pixels of `colors` and alpha. */
static void
interleave (const float *planes, int channels, gsize n, int colors, float *work)
{
  for (gsize i = 0; i < n; i++)
    {
      float *pixel = work + i * (gsize)(colors + 1);

      pixel[0] = 0;
      for (int c = 0; c < colors; c++)
        pixel[c] = planes[(channels == 1 ? 0 : (gsize)c) * n + i];
      if (colors == 1 && channels == 3)
        pixel[0] = luminance[0] * planes[i] + luminance[1] * planes[n + i] + luminance[2] * planes[2 * n + i];
      pixel[colors] = 1;
    }
}

static void
draw_part (AeGenerator *generator, const AePixels *pixels, const GeglRectangle *region, const AeRect *part,
           GeglBuffer *buffer)
{
  const gsize n = (gsize)part->width * (gsize)part->height;
  const GeglRectangle rect = { region->x + part->x, region->y + part->y, part->width, part->height };
  g_autofree float *planes = g_new (float, n *(gsize)ae_generator_channels (generator));
  g_autofree float *work = g_new (float, n *(gsize)(pixels->colors + 1));
  g_autofree void *raw = g_malloc_n (n, (gsize)pixels->bytes);

  ae_generator_draw (generator, part, planes);
  interleave (planes, ae_generator_channels (generator), n, pixels->colors, work);
  babl_process (pixels->from_work, work, raw, (long)n);
  gegl_buffer_set (buffer, &rect, 0, pixels->own, raw, GEGL_AUTO_ROWSTRIDE);
}

gboolean
ae_generate_buffer (AeGenerator *generator, const GeglRectangle *region, GeglBuffer *buffer,
                    AeProgressFunc progress, gpointer data, GError **error)
{
  AePixels pixels;

  if (!ae_pixels_init (&pixels, gegl_buffer_get_format (buffer), error))
    return FALSE;
  for (int y = 0; y < region->height; y += PART_HEIGHT)
    for (int x = 0; x < region->width; x += PART_WIDTH)
      {
        const AeRect part
          = { x, y, MIN (PART_WIDTH, region->width - x), MIN (PART_HEIGHT, region->height - y) };

        if (progress && !progress ((y + (double)x / region->width * part.height) / region->height, data))
          {
            g_set_error_literal (error, AE_ERROR, AE_ERROR_CANCELLED, _ ("cancelled"));
            return FALSE;
          }
        draw_part (generator, &pixels, region, &part, buffer);
      }
  return TRUE;
}

gboolean
ae_generate_fill (const AeGenerateParams *params, const GeglRectangle *region, GeglBuffer *buffer,
                  AeProgressFunc progress, gpointer data, GError **error)
{
  g_autoptr (AeCatalogue) catalogue = ae_catalogue_new ();
  g_autoptr (AeModel) model = ae_catalogue_load (catalogue, params->model, "generate", error);
  g_autoptr (AeGenerator) generator = NULL;

  if (!model)
    return FALSE;
  generator = ae_generator_new (model, params, region->width, region->height, 1, error);
  return generator && ae_generate_buffer (generator, region, buffer, progress, data, error);
}
