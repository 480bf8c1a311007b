/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* patch.c - a rectangle of a picture with the network's result, blended again and again for previews. */

#include "buffer-filter.h"

#include <ae/error.h>
#include <string.h>
#include "blend.h"
#include "buffer-run.h"
#include "intl.h"
#include "pixels.h"

struct _AePatch
{
  GeglRectangle rect; /* what is shown */
  GeglRectangle wide; /* with the neighbors that blending may need */
  double sigma;
  AePixels pixels;
  float *picture;            /* planes of `wide`: colors, then alpha */
  float *network;            /* planes of `wide`: colors */
  float *change, *structure; /* of `wide`, see ae_blend_analyze () */
};

/* As far as blending with any parameters looks. */
static int
largest_margin (void)
{
  const AeBlend blend = { .strength = 1, .detail = 1 };

  return ae_blend_margin (&blend);
}

static gboolean
take_result (const GeglRectangle *rect, const float *planes, gsize stride, gsize plane, gpointer data,
             GError **error)
{
  AePatch *patch = data;
  const gsize n = (gsize)patch->wide.width * (gsize)patch->wide.height;
  float *to = patch->network + (gsize)(rect->y - patch->wide.y) * (gsize)patch->wide.width
              + (gsize)(rect->x - patch->wide.x);

  for (gsize c = 0; c < (gsize)patch->pixels.colors; c++)
    for (gsize y = 0; y < (gsize)rect->height; y++)
      memcpy (to + c * n + y * (gsize)patch->wide.width, planes + c * plane + y * stride,
              (gsize)rect->width * sizeof (float));
  return TRUE;
}

AePatch *
ae_patch_new (AeSession *session, GeglBuffer *src, const GeglRectangle *roi, double sigma,
              AeProgressFunc progress, gpointer data, GError **error)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (src);
  const int margin = largest_margin ();
  g_autoptr (AePatch) patch = g_new0 (AePatch, 1);
  AeBufferRun job = { session, src, &patch->pixels, &patch->wide, sigma, take_result, progress, patch, data };
  gsize n, channels;
  float *work;

  if (!ae_pixels_init (&patch->pixels, gegl_buffer_get_format (src), error))
    return NULL;
  if (!gegl_rectangle_intersect (&patch->rect, extent, roi))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                   _ ("the rectangle %d,%d %d × %d has no pixel of the picture, which is %d,%d %d × %d"),
                   roi->x, roi->y, roi->width, roi->height, extent->x, extent->y, extent->width,
                   extent->height);
      return NULL;
    }
  patch->sigma = sigma;
  patch->wide.x = patch->rect.x - margin;
  patch->wide.y = patch->rect.y - margin;
  patch->wide.width = patch->rect.width + 2 * margin;
  patch->wide.height = patch->rect.height + 2 * margin;
  gegl_rectangle_intersect (&patch->wide, &patch->wide, extent);

  n = (gsize)patch->wide.width * (gsize)patch->wide.height;
  channels = (gsize)patch->pixels.colors + 1;
  work = g_new (float, n *channels);
  patch->picture = g_new (float, n *channels);
  patch->network = g_new (float, n *(channels - 1));
  ae_pixels_fetch (&patch->pixels, src, &patch->wide, NULL, work);
  for (gsize c = 0; c < channels; c++)
    for (gsize i = 0; i < n; i++)
      patch->picture[c * n + i] = work[i * channels + c];
  g_free (work);
  if (!ae_buffer_run (&job, error))
    return NULL;
  patch->change = g_new (float, n);
  patch->structure = g_new (float, n);
  ae_blend_analyze (patch->picture, patch->network, patch->pixels.colors, patch->wide.width,
                    patch->wide.height, (float)(sigma / 255), patch->change, patch->structure);
  return g_steal_pointer (&patch);
}

void
ae_patch_free (AePatch *patch)
{
  if (!patch)
    return;
  g_free (patch->picture);
  g_free (patch->network);
  g_free (patch->change);
  g_free (patch->structure);
  g_free (patch);
}

const GeglRectangle *
ae_patch_rect (const AePatch *patch)
{
  return &patch->rect;
}

double
ae_patch_sigma (const AePatch *patch)
{
  return patch->sigma;
}

void
ae_patch_render (const AePatch *patch, const AeDenoiseParams *params, const Babl *format, gpointer pixels,
                 int rowstride)
{
  const gsize n = (gsize)patch->wide.width * (gsize)patch->wide.height;
  const gsize colors = (gsize)patch->pixels.colors, width = (gsize)patch->rect.width;
  const Babl *fish = ae_pixels_fish_to (&patch->pixels, format);
  float *blended = NULL, *row = g_new (float, width *(colors + 1));
  const float *alpha = patch->picture + colors * n;

  if (rowstride == 0)
    rowstride = patch->rect.width * babl_format_get_bytes_per_pixel (format);
  if (params)
    {
      AeBlend blend;

      ae_blend_init (&blend, params, patch->sigma);
      blended = g_new (float, n *colors);
      ae_blend_mix (&blend, patch->picture, patch->network, patch->change, patch->structure, blended,
                    patch->pixels.colors, n);
    }
  for (int y = 0; y < patch->rect.height; y++)
    {
      const gsize first = (gsize)(patch->rect.y - patch->wide.y + y) * (gsize)patch->wide.width
                          + (gsize)(patch->rect.x - patch->wide.x);

      for (gsize x = 0; x < width; x++)
        {
          const gboolean visible = alpha[first + x] > 0;

          for (gsize c = 0; c < colors; c++)
            row[x * (colors + 1) + c] = (blended && visible ? blended : patch->picture)[c * n + first + x];
          row[x * (colors + 1) + colors] = alpha[first + x];
        }
      babl_process (fish, row, (char *)pixels + (gsize)y * (gsize)rowstride, patch->rect.width);
    }
  g_free (blended);
  g_free (row);
}
