/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-sketch.c - a drawing made small enough for a preview. */

#include "generate-sketch.h"

#include <ae/error.h>
#include <math.h>
#include "intl.h"

/* Rows between two questions whether to go on. */
#define BAND 32

static guint32
byte_of (float value)
{
  return (guint32)lrintf (CLAMP (value, 0, 1) * 255);
}

static void
pack (const float *planes, int channels, gsize n, gboolean gray, guint32 *argb)
{
  for (gsize i = 0; i < n; i++)
    {
      const float *p = planes + i;
      float r = p[0], g = channels == 3 ? p[n] : r, b = channels == 3 ? p[2 * n] : r;

      if (gray)
        r = g = b = 0.2126f * r + 0.7152f * g + 0.0722f * b;
      argb[i] = 0xff000000u | byte_of (r) << 16 | byte_of (g) << 8 | byte_of (b);
    }
}

/* How much smaller than it is. */
static double
scale_of (const AeGenerateParams *params, int width, int height, int room)
{
  double fits = MIN (1, (double)room / MAX (width, height));

  if (params->fill == AE_GENERATE_GRID && params->cell * fits < AE_GENERATE_CELL_MIN)
    fits = (double)AE_GENERATE_CELL_MIN / params->cell;
  return MIN (1, fits);
}

AeGenerateSketch *
ae_generate_sketch_new (AeModel *model, const AeGenerateParams *params, int width, int height, int room,
                        gboolean gray, AeProgressFunc goes_on, gpointer data, GError **error)
{
  double scale = scale_of (params, width, height, room);
  int w = MAX ((int)lrint (width * scale), 1), h = MAX ((int)lrint (height * scale), 1);
  g_autoptr (AeGenerator) generator = ae_generator_new (model, params, w, h, scale, error);
  g_autoptr (AeGenerateSketch) sketch = NULL;
  g_autofree float *planes = NULL;

  if (!generator)
    return NULL;
  sketch = g_new0 (AeGenerateSketch, 1);
  sketch->width = MIN (w, room);
  sketch->height = MIN (h, room);
  sketch->argb = g_new (guint32, (gsize)sketch->width * (gsize)sketch->height);
  planes = g_new (float, (gsize)ae_generator_channels (generator) * (gsize)sketch->width * BAND);
  for (int y = 0; y < sketch->height; y += BAND)
    {
      const AeRect part = { 0, y, sketch->width, MIN (BAND, sketch->height - y) };

      if (goes_on && !goes_on ((double)y / sketch->height, data))
        {
          g_set_error_literal (error, AE_ERROR, AE_ERROR_CANCELLED, _ ("cancelled"));
          return NULL;
        }
      ae_generator_draw (generator, &part, planes);
      pack (planes, ae_generator_channels (generator), (gsize)part.width * (gsize)part.height, gray,
            sketch->argb + (gsize)y * (gsize)sketch->width);
    }
  return g_steal_pointer (&sketch);
}

void
ae_generate_sketch_free (AeGenerateSketch *sketch)
{
  if (!sketch)
    return;
  g_free (sketch->argb);
  g_free (sketch);
}
