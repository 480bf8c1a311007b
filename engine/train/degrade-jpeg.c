/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* degrade-jpeg.c - JPEG compression with blocks that begin anywhere. */

#include "degrade-private.h"

#include <ae/plan.h>
#include <math.h>

#include "jpeg.h"

/* The rows that libjpeg compresses: the picture behind `ox`, `oy` mirrored pixels, so that its blocks begin
 * anywhere in it. */
static guint8 *
to_bytes (const AePicture *p, int ox, int oy)
{
  int width = p->width + ox, height = p->height + oy;
  gsize plane = (gsize)p->width * (gsize)p->height;
  guint8 *bytes = g_malloc (3 * (gsize)width * (gsize)height);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      for (int c = 0; c < 3; c++)
        {
          float v = p->rgb[(gsize)c * plane + (gsize)ae_mirror (y - oy, p->height) * (gsize)p->width
                           + (gsize)ae_mirror (x - ox, p->width)];

          bytes[3 * ((gsize)y * (gsize)width + (gsize)x) + (gsize)c]
            = (guint8)floorf (CLAMP (v, 0, 1) * 255 + 0.5f);
        }
  return bytes;
}

void
ae_degrade_jpeg (const AePicture *p, const float *param)
{
  int ox = ae_random_int (p->random, 16), oy = ae_random_int (p->random, 16);
  int width = p->width + ox;
  gsize plane = (gsize)p->width * (gsize)p->height;
  guint8 *bytes = to_bytes (p, ox, oy);

  ae_jpeg_compress (bytes, width, p->height + oy, 3, (int)lroundf (param[0]),
                    ae_random_uniform (p->random) < param[1]);
  for (int c = 0; c < 3; c++)
    for (int y = 0; y < p->height; y++)
      for (int x = 0; x < p->width; x++)
        p->rgb[(gsize)c * plane + (gsize)y * (gsize)p->width + (gsize)x]
          = (float)bytes[3 * ((gsize)(y + oy) * (gsize)width + (gsize)(x + ox)) + (gsize)c] / 255;
  g_free (bytes);
}
