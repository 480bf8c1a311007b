/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* blend.c - mixes the network's result with the picture it came from. */

#include "blend.h"

#include <ae/plan.h>
#include <math.h>
#include <string.h>

/* Luminance of R'G'B' (Rec. 709). */
static const float luma[3] = { 0.2126f, 0.7152f, 0.0722f };
/* Standard deviation of white noise that has passed through them: sqrt (sum of squares). */
#define LUMA_NOISE 0.7496f

/*
 * Bands of the luminance: undecimated wavelet with the B3 spline (1 4 6 4 1)/16
 * ("à trous"), and how strong white noise of standard deviation 1 is in each.
 */
#define BANDS 3
static const float band_noise[BANDS] = { 0.889f, 0.200f, 0.086f };
/* Coefficients below that many standard deviations of the noise count as noise. */
#define BAND_THRESHOLD 2.5f
#define MARGIN (2 * ((1 << BANDS) - 1))

void
ae_blend_init (AeBlend *blend, const AeDenoiseParams *params, double sigma)
{
  blend->strength = (float)(params->strength / 100);
  blend->detail = (float)(params->detail / 100);
  blend->color_noise = (float)(params->color_noise / 100);
  blend->sigma = (float)(sigma / 255);
}

int
ae_blend_margin (const AeBlend *blend)
{
  return blend->detail > 0 && blend->strength > 0 ? MARGIN : 0;
}

static inline float
finite_or_zero (float v)
{
  return isfinite (v) ? v : 0;
}

/* One pass of the spline with holes of `step` pixels, along lines of n values that are `stride` apart. */
static void
smooth_line (const float *src, float *dst, int n, gsize stride, int step)
{
  for (int i = 0; i < n; i++)
    {
      float sum = 6 * src[(gsize)i * stride];

      sum
        += 4 * (src[(gsize)ae_mirror (i - step, n) * stride] + src[(gsize)ae_mirror (i + step, n) * stride]);
      sum += src[(gsize)ae_mirror (i - 2 * step, n) * stride]
             + src[(gsize)ae_mirror (i + 2 * step, n) * stride];
      dst[(gsize)i * stride] = sum / 16;
    }
}

/* The part of the change `plane` that stands out from the noise, band by band. */
static float *
structure_of (const float *plane, int width, int height, float noise)
{
  const gsize n = (gsize)width * (gsize)height;
  float *smooth = g_new (float, n), *next = g_new (float, n), *rows = g_new (float, n);
  float *structure = g_new0 (float, n);

  memcpy (smooth, plane, n * sizeof (float));
  for (int band = 0; band < BANDS; band++)
    {
      const float limit = BAND_THRESHOLD * band_noise[band] * noise;
      float *swap = smooth;

      for (int y = 0; y < height; y++)
        smooth_line (smooth + (gsize)y * (gsize)width, rows + (gsize)y * (gsize)width, width, 1, 1 << band);
      for (int x = 0; x < width; x++)
        smooth_line (rows + x, next + x, height, (gsize)width, 1 << band);
      for (gsize i = 0; i < n; i++)
        {
          float w = smooth[i] - next[i];

          /* continuous at the limit, no loss far above it */
          if (fabsf (w) > limit)
            structure[i] += w - limit * limit / w;
        }
      smooth = next;
      next = swap;
    }
  g_free (smooth);
  g_free (next);
  g_free (rows);
  return structure;
}

void
ae_blend_apply (const AeBlend *blend, const float *picture, const float *network, float *result, int channels,
                int width, int height)
{
  const gsize n = (gsize)width * (gsize)height;
  const float strength = blend->strength;
  float *change, *structure = NULL;

  if (strength <= 0)
    {
      for (gsize i = 0; i < n * (gsize)channels; i++)
        result[i] = finite_or_zero (picture[i]);
      return;
    }
  if (blend->detail <= 0 && (blend->color_noise >= 1 || channels == 1))
    {
      if (strength >= 1)
        {
          if (result != network)
            memcpy (result, network, n * (gsize)channels * sizeof (float));
          return;
        }
      for (gsize i = 0; i < n * (gsize)channels; i++)
        {
          float p = finite_or_zero (picture[i]);

          result[i] = p + strength * (network[i] - p);
        }
      return;
    }

  change = g_new (float, n); /* of the luminance */
  for (gsize i = 0; i < n; i++)
    {
      float sum = 0;

      for (gsize c = 0; c < (gsize)channels; c++)
        sum += (channels == 1 ? 1 : luma[c]) * (network[c * n + i] - finite_or_zero (picture[c * n + i]));
      change[i] = sum;
    }
  if (blend->detail > 0)
    structure = structure_of (change, width, height, blend->sigma * (channels == 1 ? 1 : LUMA_NOISE));
  for (gsize c = 0; c < (gsize)channels; c++)
    for (gsize i = 0; i < n; i++)
      {
        float p = finite_or_zero (picture[c * n + i]);
        float color = network[c * n + i] - p - change[i];
        float sum = change[i] + blend->color_noise * color;

        if (channels == 1)
          sum = change[i];
        if (structure)
          sum -= blend->detail * structure[i];
        result[c * n + i] = p + strength * sum;
      }
  g_free (change);
  g_free (structure);
}
