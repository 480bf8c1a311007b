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

/* The spline at one place: a value, its neighbors, those beyond. */
static inline float
spline (float value, float before, float after, float before2, float after2)
{
  return (6 * value + 4 * (before + after) + (before2 + after2)) / 16;
}

/* One pass of the spline with holes of `step` pixels, along a row of n values, mirrored at its ends. */
static void
smooth_ends (const float *src, float *dst, int n, int step, int begin, int end)
{
  for (int i = begin; i < end; i++)
    dst[i] = spline (src[i], src[ae_mirror (i - step, n)], src[ae_mirror (i + step, n)],
                     src[ae_mirror (i - 2 * step, n)], src[ae_mirror (i + 2 * step, n)]);
}

static void
smooth_row (const float *src, float *dst, int n, int step)
{
  const int begin = MIN (2 * step, n), end = MAX (n - 2 * step, begin);

  smooth_ends (src, dst, n, step, 0, begin);
  for (int i = begin; i < end; i++)
    dst[i] = spline (src[i], src[i - step], src[i + step], src[i - 2 * step], src[i + 2 * step]);
  smooth_ends (src, dst, n, step, end, n);
}

/* The same along the columns, row by row. */
static void
smooth_columns (const float *src, float *dst, int width, int height, int step)
{
  for (int y = 0; y < height; y++)
    {
      const float *here = src + (gsize)y * (gsize)width;
      const float *before = src + (gsize)ae_mirror (y - step, height) * (gsize)width;
      const float *after = src + (gsize)ae_mirror (y + step, height) * (gsize)width;
      const float *before2 = src + (gsize)ae_mirror (y - 2 * step, height) * (gsize)width;
      const float *after2 = src + (gsize)ae_mirror (y + 2 * step, height) * (gsize)width;
      float *to = dst + (gsize)y * (gsize)width;

      for (int x = 0; x < width; x++)
        to[x] = spline (here[x], before[x], after[x], before2[x], after2[x]);
    }
}

/* The part of the change `plane` that stands out from the noise, band by band. */
static void
find_structure (const float *plane, int width, int height, float noise, float *structure)
{
  const gsize n = (gsize)width * (gsize)height;
  float *smooth = g_new (float, n), *next = g_new (float, n), *rows = g_new (float, n);

  memset (structure, 0, n * sizeof (float));
  memcpy (smooth, plane, n * sizeof (float));
  for (int band = 0; band < BANDS; band++)
    {
      const float limit = BAND_THRESHOLD * band_noise[band] * noise;
      float *swap = smooth;

      for (int y = 0; y < height; y++)
        smooth_row (smooth + (gsize)y * (gsize)width, rows + (gsize)y * (gsize)width, width, 1 << band);
      smooth_columns (rows, next, width, height, 1 << band);
      for (gsize i = 0; i < n; i++)
        {
          float w = smooth[i] - next[i];
          gboolean stands_out = fabsf (w) > limit;
          /* without a branch, so that the compiler can take several at once */
          float divisor = stands_out ? w : 1;

          /* continuous at the limit, no loss far above it */
          structure[i] += stands_out ? w - limit * limit / divisor : 0;
        }
      smooth = next;
      next = swap;
    }
  g_free (smooth);
  g_free (next);
  g_free (rows);
}

void
ae_blend_analyze (const float *picture, const float *network, int channels, int width, int height,
                  float sigma, float *change, float *structure)
{
  const gsize n = (gsize)width * (gsize)height;

  for (gsize i = 0; i < n; i++)
    {
      float sum = 0;

      for (gsize c = 0; c < (gsize)channels; c++)
        sum += (channels == 1 ? 1 : luma[c]) * (network[c * n + i] - finite_or_zero (picture[c * n + i]));
      change[i] = sum;
    }
  if (structure)
    find_structure (change, width, height, sigma * (channels == 1 ? 1 : LUMA_NOISE), structure);
}

/* Whether the change need not be taken to pieces. */
static gboolean
is_plain (const AeBlend *blend, int channels)
{
  return blend->detail <= 0 && (blend->color_noise >= 1 || channels == 1);
}

static void
mix_plain (float strength, const float *picture, const float *network, float *result, gsize n)
{
  if (strength <= 0)
    for (gsize i = 0; i < n; i++)
      result[i] = finite_or_zero (picture[i]);
  else if (strength < 1)
    for (gsize i = 0; i < n; i++)
      {
        float p = finite_or_zero (picture[i]);

        result[i] = p + strength * (network[i] - p);
      }
  else if (result != network)
    memcpy (result, network, n * sizeof (float));
}

void
ae_blend_mix (const AeBlend *blend, const float *picture, const float *network, const float *change,
              const float *structure, float *result, int channels, gsize n)
{
  if (blend->strength <= 0 || is_plain (blend, channels))
    {
      mix_plain (blend->strength, picture, network, result, n * (gsize)channels);
      return;
    }
  for (gsize c = 0; c < (gsize)channels; c++)
    for (gsize i = 0; i < n; i++)
      {
        float p = finite_or_zero (picture[c * n + i]);
        float color = network[c * n + i] - p - change[i];
        float sum = change[i] + blend->color_noise * color;

        if (channels == 1)
          sum = change[i];
        if (blend->detail > 0)
          sum -= blend->detail * structure[i];
        result[c * n + i] = p + blend->strength * sum;
      }
}

void
ae_blend_apply (const AeBlend *blend, const float *picture, const float *network, float *result, int channels,
                int width, int height)
{
  const gsize n = (gsize)width * (gsize)height;
  float *change = NULL, *structure = NULL;

  if (blend->strength > 0 && !is_plain (blend, channels))
    {
      change = g_new (float, n);
      structure = blend->detail > 0 ? g_new (float, n) : NULL;
      ae_blend_analyze (picture, network, channels, width, height, blend->sigma, change, structure);
    }
  ae_blend_mix (blend, picture, network, change, structure, result, channels, n);
  g_free (change);
  g_free (structure);
}
