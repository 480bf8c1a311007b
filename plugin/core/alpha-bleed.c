/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* alpha-bleed.c - gives transparent pixels the colors of their visible neighbors. */

#include "alpha-bleed.h"

#define MIDDLE_GRAY 0.5f
#define EMPTY G_MAXUINT8 /* no color yet */

G_STATIC_ASSERT (AE_ALPHA_BLEED_RADIUS < EMPTY);

typedef struct
{
  float *pixels;
  int channels, width, height;
  guint8 *ring; /* [height][width]: distance from the visible pixels, EMPTY: no color yet */
} Bleed;

/* Sets a pixel to the mean of its neighbors that had a color before this ring; FALSE if none had. */
static gboolean
fill_pixel (const Bleed *b, int x, int y, int ring)
{
  float sum[4] = { 0 };
  int n = 0, colors = b->channels - 1;

  for (int v = MAX (y - 1, 0); v <= MIN (y + 1, b->height - 1); v++)
    for (int u = MAX (x - 1, 0); u <= MIN (x + 1, b->width - 1); u++)
      {
        gsize at = (gsize)v * (gsize)b->width + (gsize)u;

        if (b->ring[at] >= ring)
          continue;
        for (int c = 0; c < colors; c++)
          sum[c] += b->pixels[at * (gsize)b->channels + (gsize)c];
        n++;
      }
  if (n == 0)
    return FALSE;
  for (int c = 0; c < colors; c++)
    b->pixels[((gsize)y * (gsize)b->width + (gsize)x) * (gsize)b->channels + (gsize)c] = sum[c] / (float)n;
  return TRUE;
}

void
ae_alpha_bleed (float *pixels, int channels, int width, int height)
{
  const gsize n = (gsize)width * (gsize)height;
  Bleed b = { pixels, channels, width, height, NULL };
  guint32 *open; /* pixels without a color, in order */
  gsize n_open = 0;

  for (gsize i = 0; i < n; i++)
    if (!(pixels[i * (gsize)channels + (gsize)channels - 1] > 0))
      n_open++;
  if (n_open == 0)
    return;

  b.ring = g_malloc0 (n);
  open = g_new (guint32, n_open);
  n_open = 0;
  for (gsize i = 0; i < n; i++)
    if (!(pixels[i * (gsize)channels + (gsize)channels - 1] > 0))
      {
        b.ring[i] = EMPTY;
        open[n_open++] = (guint32)i;
      }

  for (int ring = 1; ring <= AE_ALPHA_BLEED_RADIUS && n_open < n; ring++)
    {
      gsize left = 0;

      for (gsize i = 0; i < n_open; i++)
        {
          guint32 at = open[i];

          if (fill_pixel (&b, (int)(at % (guint32)width), (int)(at / (guint32)width), ring))
            b.ring[at] = (guint8)ring;
          else
            open[left++] = at;
        }
      n_open = left;
      if (n_open == 0)
        break;
    }
  for (gsize i = 0; i < n_open; i++)
    for (int c = 0; c < channels - 1; c++)
      pixels[(gsize)open[i] * (gsize)channels + (gsize)c] = MIDDLE_GRAY;
  g_free (open);
  g_free (b.ring);
}
