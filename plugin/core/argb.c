/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* argb.c - pixels as a screen wants them. */

#include "argb.h"
#include "pixels.h"

static guint32
times (guint32 value, guint32 alpha)
{
  return (value * alpha + 127) / 255;
}

void
ae_argb_pack (const guint8 *rgba, guint32 *argb, gsize n)
{
  for (gsize i = 0; i < n; i++, rgba += 4)
    {
      guint32 alpha = rgba[3];

      argb[i]
        = alpha << 24 | times (rgba[0], alpha) << 16 | times (rgba[1], alpha) << 8 | times (rgba[2], alpha);
    }
}

gboolean
ae_argb_read (GeglBuffer *buffer, const GeglRectangle *rect, guint32 *argb)
{
  const gsize n = (gsize)rect->width * (gsize)rect->height;
  const Babl *rgba = babl_format ("R'G'B'A u8");
  g_autofree float *work = NULL;
  g_autofree guint8 *bytes = NULL;
  AePixels pixels;

  if (!ae_pixels_init (&pixels, gegl_buffer_get_format (buffer), NULL))
    return FALSE;
  work = g_new (float, n *((gsize)pixels.colors + 1));
  bytes = g_new (guint8, n * 4);
  ae_pixels_fetch (&pixels, buffer, rect, NULL, work);
  babl_process (ae_pixels_fish_to (&pixels, rgba), work, bytes, (glong)n);
  ae_argb_pack (bytes, argb, n);
  return TRUE;
}
