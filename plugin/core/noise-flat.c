/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* noise-flat.c - how much the flattest places of a picture vary. */

#include "noise-private.h"

#include <math.h>
#include <stdlib.h>

#define WINDOW 8
#define STEP 4
#define BINS 8 /* of brightness: noise depends on it, and the darkest places are not typical */
#define LOW 0.01
#define HIGH 0.10
/* A bin must have that share of an even distribution. */
#define BIN_SHARE 0.25
#define WINDOWS_MIN 100

typedef struct
{
  float *values; /* standard deviations in 8-bit steps */
  guint n;
} Bin;

static int
ascending (const void *a, const void *b)
{
  const float x = *(const float *)a, y = *(const float *)b;

  return (x > y) - (x < y);
}

/* Variance around a plane fitted to each channel, mean of the channels; FALSE if the window may not be used.
 */
static gboolean
measure (const AeNoiseSample *s, int x, int y, double *brightness, double *variance)
{
  const gsize plane = (gsize)s->width * (gsize)s->height;
  const double n = WINDOW * WINDOW, center = (WINDOW - 1) / 2.0;
  const double moment = n * (n - 1) / 12.0; /* sum of (u - center)^2 over the window */
  int clipped = 0;

  if (!ae_noise_within_block (s, x, y, WINDOW))
    return FALSE;
  for (int v = 0; v < WINDOW; v++)
    for (int u = 0; u < WINDOW; u++)
      {
        const gsize at = (gsize)(y + v) * (gsize)s->width + (gsize)(x + u);

        if (s->bad[at])
          return FALSE;
        clipped += s->clipped[at];
      }
  if (clipped > s->channels * WINDOW * WINDOW / 20)
    return FALSE;
  *brightness = 0;
  *variance = 0;
  for (int c = 0; c < s->channels; c++)
    {
      double sum = 0, squares = 0, across = 0, down = 0;

      for (int v = 0; v < WINDOW; v++)
        for (int u = 0; u < WINDOW; u++)
          {
            const double value
              = (double)s->planes[(gsize)c * plane + (gsize)(y + v) * (gsize)s->width + (gsize)(x + u)];

            sum += value;
            squares += value * value;
            across += value * (u - center);
            down += value * (v - center);
          }
      *brightness += sum / n;
      *variance += (squares - sum * sum / n - (across * across + down * down) / moment) / (n - 3);
    }
  *brightness /= s->channels;
  *variance = MAX (*variance / s->channels, 0);
  return TRUE;
}

double
ae_noise_flat (const AeNoiseSample *s, double *alike)
{
  Bin bins[BINS] = { { 0 } };
  const gsize most = ((gsize)s->width / STEP + 1) * ((gsize)s->height / STEP + 1);
  double squares = 0, lows = 0, highs = 0, weight = 0;
  guint total = 0;

  for (int b = 0; b < BINS; b++)
    bins[b].values = g_new (float, most);
  for (int y = 0; y + WINDOW <= s->height; y += STEP)
    for (int x = 0; x + WINDOW <= s->width; x += STEP)
      {
        double brightness, variance;

        if (measure (s, x, y, &brightness, &variance))
          {
            Bin *bin = &bins[CLAMP ((int)(brightness * BINS), 0, BINS - 1)];

            bin->values[bin->n++] = (float)(sqrt (variance) * 255);
            total++;
          }
      }
  for (int b = 0; b < BINS; b++)
    {
      Bin *bin = &bins[b];

      if (total >= WINDOWS_MIN && bin->n * BINS >= BIN_SHARE * total)
        {
          double low, high, level;

          qsort (bin->values, bin->n, sizeof (float), ascending);
          low = (double)bin->values[(guint)(LOW * bin->n)];
          high = (double)bin->values[(guint)(HIGH * bin->n)];
          /* Noise is everywhere: the flattest tenth varies alike.  Texture is not. */
          level = high > 0 ? 2 * low * (low / high) * (low / high) : 0;
          level = MIN (level, high);
          squares += level * level * bin->n;
          lows += low * low * bin->n;
          highs += high * high * bin->n;
          weight += bin->n;
        }
      g_free (bin->values);
    }
  *alike = highs > 0 ? sqrt (lows / highs) : 0;
  return weight > 0 ? sqrt (squares / weight) : -1;
}
