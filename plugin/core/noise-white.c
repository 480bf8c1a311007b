/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* noise-white.c - the noise that is independent from pixel to pixel, from eigenvalues. */

#include "noise-private.h"

#include <math.h>
#include "eigenvalues.h"

/*
 * G. Chen, F. Zhu, P. A. Heng: "An Efficient Statistical Method for Image Noise
 * Level Estimation", ICCV 2015.  Patches of a picture lie near a space of few
 * dimensions; in the others there is only noise.  So of the eigenvalues of
 * their covariance the small ones scatter around its variance: the largest are
 * dropped until mean and median of the rest agree.
 */

#define PATCH_RGB 5
#define PATCH_GRAY 7
#define DIMENSIONS_MAX 75
#define PATCHES_MAX 40000

G_STATIC_ASSERT (PATCH_RGB *PATCH_RGB * 3 <= DIMENSIONS_MAX && PATCH_GRAY * PATCH_GRAY <= DIMENSIONS_MAX);

typedef struct
{
  const AeNoiseSample *sample;
  int size, dimensions, step, clipped_max;
  double mean[DIMENSIONS_MAX];
  double covariance[DIMENSIONS_MAX * DIMENSIONS_MAX];
  gsize n;
} Patches;

/* The values of a patch in 8-bit steps; FALSE if it may not be used. */
static gboolean
fetch (const Patches *p, int x, int y, float *values)
{
  const AeNoiseSample *s = p->sample;
  const gsize plane = (gsize)s->width * (gsize)s->height;
  int clipped = 0;

  if (!ae_noise_within_block (s, x, y, p->size))
    return FALSE;
  for (int v = y; v < y + p->size; v++)
    for (int u = x; u < x + p->size; u++)
      {
        gsize at = (gsize)v * (gsize)s->width + (gsize)u;

        if (s->bad[at])
          return FALSE;
        clipped += s->clipped[at];
      }
  if (clipped > p->clipped_max)
    return FALSE;
  for (int c = 0; c < s->channels; c++)
    for (int v = y; v < y + p->size; v++)
      for (int u = x; u < x + p->size; u++)
        *values++ = s->planes[(gsize)c * plane + (gsize)v * (gsize)s->width + (gsize)u] * 255;
  return TRUE;
}

static void
add_mean (Patches *p, const float *values)
{
  for (int i = 0; i < p->dimensions; i++)
    p->mean[i] += (double)values[i];
  p->n++;
}

static void
add_covariance (Patches *p, const float *values)
{
  double centered[DIMENSIONS_MAX];

  for (int i = 0; i < p->dimensions; i++)
    centered[i] = (double)values[i] - p->mean[i];
  for (int i = 0; i < p->dimensions; i++)
    for (int j = 0; j <= i; j++)
      p->covariance[i * p->dimensions + j] += centered[i] * centered[j];
}

static void
for_all_patches (Patches *p, void (*add) (Patches *, const float *))
{
  float values[DIMENSIONS_MAX];

  for (int y = 0; y + p->size <= p->sample->height; y += p->step)
    for (int x = 0; x + p->size <= p->sample->width; x += p->step)
      if (fetch (p, x, y, values))
        add (p, values);
}

/* The mean of the smaller eigenvalues, from the largest number of them whose mean does not exceed the median.
 */
static double
noise_variance (const double *values, int n)
{
  double sum = 0;

  for (int i = 0; i < n; i++)
    sum += values[i];
  for (int i = 0; i < n; i++)
    {
      const int rest = n - i;
      const double median = (values[i + (rest - 1) / 2] + values[i + rest / 2]) / 2;

      if (sum / rest <= median || rest == 1)
        return MAX (sum / rest, 0);
      sum -= values[i];
    }
  return 0;
}

double
ae_noise_white (const AeNoiseSample *sample)
{
  Patches p = { .sample = sample };
  double values[DIMENSIONS_MAX], pixels = (double)sample->width * sample->height;

  p.size = sample->channels == 1 ? PATCH_GRAY : PATCH_RGB;
  p.dimensions = p.size * p.size * sample->channels;
  p.step = MAX (2, (int)ceil (sqrt (pixels / PATCHES_MAX)));
  /* Noise at the end of the range is cut off.  Pictures that have nothing else tell something, too. */
  for (p.clipped_max = p.dimensions / 10; p.clipped_max < p.dimensions; p.clipped_max += p.dimensions / 3)
    {
      for_all_patches (&p, add_mean);
      if (p.n >= 4 * (gsize)p.dimensions)
        break;
      for (int i = 0; i < p.dimensions; i++)
        p.mean[i] = 0;
      p.n = 0;
    }
  if (p.n == 0)
    return -1;
  for (int i = 0; i < p.dimensions; i++)
    p.mean[i] /= (double)p.n;
  for_all_patches (&p, add_covariance);
  for (int i = 0; i < p.dimensions * p.dimensions; i++)
    p.covariance[i] /= (double)p.n;
  ae_eigenvalues (p.covariance, p.dimensions, values);
  return sqrt (noise_variance (values, p.dimensions));
}
