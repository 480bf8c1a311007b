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
/* Without colors texture fills all dimensions: only that share of the patches, the flattest ones, is taken.
 */
#define SHARE_GRAY 0.05

G_STATIC_ASSERT (PATCH_RGB *PATCH_RGB * 3 <= DIMENSIONS_MAX && PATCH_GRAY * PATCH_GRAY <= DIMENSIONS_MAX);

typedef struct
{
  int x, y;
  float texture;
} Patch;

typedef struct
{
  const AeNoiseSample *sample;
  int size, dimensions;
  double mean[DIMENSIONS_MAX];
  double covariance[DIMENSIONS_MAX * DIMENSIONS_MAX];
} Patches;

static gboolean
usable (const Patches *p, int x, int y, int clipped_max)
{
  const AeNoiseSample *s = p->sample;
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
  return clipped <= clipped_max;
}

/* Variance of the means of 2 × 2 pixels of the first channel: noise counts little in it. */
static float
texture_of (const Patches *p, int x, int y)
{
  const AeNoiseSample *s = p->sample;
  double sum = 0, squares = 0;
  int n = 0;

  for (int v = y; v + 1 < y + p->size; v += 2)
    for (int u = x; u + 1 < x + p->size; u += 2)
      {
        const float *at = s->planes + (gsize)v * (gsize)s->width + (gsize)u;
        const double mean = (double)(at[0] + at[1] + at[s->width] + at[s->width + 1]);

        sum += mean;
        squares += mean * mean;
        n++;
      }
  return (float)(squares / n - sum / n * (sum / n));
}

static int
flattest_first (const void *a, const void *b)
{
  const Patch *p = a, *q = b;

  if (p->texture != q->texture)
    return p->texture < q->texture ? -1 : 1;
  return p->y != q->y ? p->y - q->y : p->x - q->x;
}

/* The patches to use. */
static GArray *
choose (const Patches *p)
{
  const AeNoiseSample *s = p->sample;
  const gboolean gray = s->channels == 1;
  const guint least = 4 * (guint)p->dimensions;
  const int step = gray ? 2 : MAX (2, (int)ceil (sqrt ((double)s->width * s->height / PATCHES_MAX)));
  GArray *patches = g_array_new (FALSE, FALSE, sizeof (Patch));

  /* Noise at the end of the range is cut off.  Pictures that have nothing else tell something, too. */
  for (int clipped = p->dimensions / 10; clipped < p->dimensions; clipped += p->dimensions / 3)
    {
      g_array_set_size (patches, 0);
      for (int y = 0; y + p->size <= s->height; y += step)
        for (int x = 0; x + p->size <= s->width; x += step)
          if (usable (p, x, y, clipped))
            {
              const Patch patch = { x, y, gray ? texture_of (p, x, y) : 0 };

              g_array_append_val (patches, patch);
            }
      if (patches->len >= least)
        break;
    }
  if (gray && patches->len > least)
    {
      g_array_sort (patches, flattest_first);
      g_array_set_size (patches, MAX (least, (guint)(SHARE_GRAY * patches->len)));
    }
  return patches;
}

/* The values of a patch in 8-bit steps. */
static void
fetch (const Patches *p, const Patch *patch, double *values)
{
  const AeNoiseSample *s = p->sample;

  for (int c = 0; c < s->channels; c++)
    for (int v = patch->y; v < patch->y + p->size; v++)
      for (int u = patch->x; u < patch->x + p->size; u++)
        *values++
          = 255 * (double)s->planes[((gsize)c * (gsize)s->height + (gsize)v) * (gsize)s->width + (gsize)u];
}

static void
find_covariance (Patches *p, const GArray *patches)
{
  const int d = p->dimensions;
  double values[DIMENSIONS_MAX];

  for (guint k = 0; k < patches->len; k++)
    {
      fetch (p, &g_array_index (patches, Patch, k), values);
      for (int i = 0; i < d; i++)
        p->mean[i] += values[i] / patches->len;
    }
  for (guint k = 0; k < patches->len; k++)
    {
      fetch (p, &g_array_index (patches, Patch, k), values);
      for (int i = 0; i < d; i++)
        values[i] -= p->mean[i];
      for (int i = 0; i < d; i++)
        for (int j = 0; j <= i; j++)
          p->covariance[i * d + j] += values[i] * values[j];
    }
  for (int i = 0; i < d * d; i++)
    p->covariance[i] /= patches->len;
}

/* The mean of the smaller eigenvalues, from the largest number of them whose mean does not exceed the median.
 */
static double
noise_variance (const double *values, int n)
{
  double sum = 0;

  for (int i = 0; i < n; i++)
    sum += values[i];
  for (int i = 0; i < n - 1; i++)
    {
      const int rest = n - i;
      const double median = (values[i + (rest - 1) / 2] + values[i + rest / 2]) / 2;

      if (sum / rest <= median)
        return MAX (sum / rest, 0);
      sum -= values[i];
    }
  return MAX (sum, 0);
}

double
ae_noise_white (const AeNoiseSample *sample)
{
  Patches p = { .sample = sample };
  g_autoptr (GArray) patches = NULL;
  double values[DIMENSIONS_MAX];

  p.size = sample->channels == 1 ? PATCH_GRAY : PATCH_RGB;
  p.dimensions = p.size * p.size * sample->channels;
  patches = choose (&p);
  if (patches->len < 2)
    return -1;
  find_covariance (&p, patches);
  ae_eigenvalues (p.covariance, p.dimensions, values);
  return sqrt (noise_variance (values, p.dimensions));
}
