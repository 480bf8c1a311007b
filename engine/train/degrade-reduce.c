/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* degrade-reduce.c - what the noise reduction of a camera leaves of the noise. */

#include "degrade-private.h"

#include <math.h>
#include <string.h>

/*
 * A picture is split into bands by Gaussians, of which each is twice as wide as
 * the one before.  What is below a threshold, a multiple of the noise in the
 * band, vanishes, what is far above it stays (the non-negative garrote of Gao
 * 1998, as in many denoisers): in flat places only coarse blotches are left,
 * beside edges and in texture the noise stays.  The clean picture goes through
 * the same, and what remains of the noise is the difference of the two: the
 * network is not asked to undo what the camera did to the picture.
 */
#define BANDS 3
#define FINEST 0.7f /* standard deviation of the first Gaussian, pixels */

static void
to_ycc (const float *rgb, float *ycc, gsize plane)
{
  for (gsize i = 0; i < plane; i++)
    {
      const float r = rgb[i], g = rgb[plane + i], b = rgb[2 * plane + i];
      const float y = 0.299f * r + 0.587f * g + 0.114f * b;

      ycc[i] = y;
      ycc[plane + i] = (b - y) / 1.772f;
      ycc[2 * plane + i] = (r - y) / 1.402f;
    }
}

static float
garrote (float value, float threshold)
{
  return fabsf (value) > threshold ? value - threshold * threshold / value : 0;
}

/* Leaves in `noisy` what remains of its difference from `clean`, which is spoiled. */
static void
reduce_plane (float *noisy, float *clean, int width, int height, float strength)
{
  const gsize n = (gsize)width * (gsize)height;
  g_autofree float *rest = g_new0 (float, n), *noisy_low = g_new (float, n), *clean_low = g_new (float, n);

  for (int b = 0; b < BANDS; b++)
    {
      const float radius = FINEST * (float)(1 << b);
      double squares = 0;
      float threshold;

      memcpy (noisy_low, noisy, n * sizeof (float));
      memcpy (clean_low, clean, n * sizeof (float));
      ae_degrade_blur_plane (noisy_low, width, height, radius);
      ae_degrade_blur_plane (clean_low, width, height, radius);
      for (gsize i = 0; i < n; i++)
        {
          const double noise = (double)(noisy[i] - noisy_low[i]) - (double)(clean[i] - clean_low[i]);

          squares += noise * noise;
        }
      threshold = strength * (float)sqrt (squares / (double)n);
      for (gsize i = 0; i < n; i++)
        rest[i]
          += garrote (noisy[i] - noisy_low[i], threshold) - garrote (clean[i] - clean_low[i], threshold);
      memcpy (noisy, noisy_low, n * sizeof (float));
      memcpy (clean, clean_low, n * sizeof (float));
    }
  for (gsize i = 0; i < n; i++)
    noisy[i] += rest[i] - clean[i];
}

void
ae_degrade_reduce (const AePicture *p, const float *param)
{
  const gsize plane = (gsize)p->width * (gsize)p->height;
  g_autofree float *noisy = g_new (float, 3 * plane), *clean = g_new (float, 3 * plane);

  to_ycc (p->rgb, noisy, plane);
  to_ycc (p->clean, clean, plane);
  for (gsize c = 0; c < 3; c++)
    reduce_plane (noisy + c * plane, clean + c * plane, p->width, p->height, param[c ? 1 : 0]);
  memcpy (p->rgb, p->clean, 3 * plane * sizeof (float));
  ae_degrade_add_ycc (p->rgb, noisy, plane);
}
