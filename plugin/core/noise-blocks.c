/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* noise-blocks.c - how much compression to JPEG has changed a picture. */

#include "noise-private.h"

#include <math.h>
#include <stdlib.h>

#define SIDE AE_NOISE_BLOCK
#define BORDERS_MIN 4 /* fewer tell nothing */
/* A larger step is an edge of the picture, 8-bit steps. */
#define STEP_MAX 12.0f
/*
 * By so much the steps between blocks exceed others by chance and, at most, by
 * compression; and the variance of what compression has changed for each unit
 * of the rest.  README.md tells what it was fitted to.
 */
#define EXCESS_MIN 0.2
#define EXCESS_MAX 4
#define VARIANCE 9

/* Brightness, as compression sees it, in 8-bit steps: [height][width], to be freed. */
static float *
find_luma (const AeNoiseSample *s)
{
  const gsize plane = (gsize)s->width * (gsize)s->height;
  float *luma = g_new (float, plane);

  for (gsize i = 0; i < plane; i++)
    if (s->channels == 1)
      luma[i] = 255 * s->planes[i];
    else
      luma[i]
        = 255 * (0.299f * s->planes[i] + 0.587f * s->planes[plane + i] + 0.114f * s->planes[2 * plane + i]);
  return luma;
}

/* Mean size of the step from each column to the next (or row), beyond the slopes at its sides; -1 where none
 * can be used.  To be freed. */
static double *
mean_steps (const AeNoiseSample *s, const float *luma, gboolean rows)
{
  const int along = rows ? s->height : s->width;
  const gsize next = rows ? (gsize)s->width : 1;
  double *means = g_new0 (double, along);
  g_autofree int *n = g_new0 (int, along);

  for (int y = 0; y < s->height; y++)
    for (int x = 0; x < s->width; x++)
      {
        const gsize at = (gsize)y * (gsize)s->width + (gsize)x;
        const int i = rows ? y : x;
        float step;

        if (i < 1 || i + 2 >= along || s->bad[at - next] || s->bad[at] || s->bad[at + next]
            || s->bad[at + 2 * next])
          continue;
        step = 1.5f * (luma[at + next] - luma[at]) - (luma[at + 2 * next] - luma[at - next]) / 2;
        means[i] += (double)MIN (fabsf (step), STEP_MAX);
        n[i]++;
      }
  for (int i = 0; i < along; i++)
    means[i] = n[i] ? means[i] / n[i] : -1;
  return means;
}

static int
ascending (const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

/* The step of most columns, or rows, for each modulo SIDE: the median, as single edges of the picture may
 * well lie between blocks.  FALSE if the picture is too small. */
static gboolean
find_steps (const AeNoiseSample *s, const float *luma, gboolean rows, double *steps)
{
  const int along = rows ? s->height : s->width;
  g_autofree double *means = mean_steps (s, luma, rows), *some = g_new (double, along / SIDE + 1);

  for (int k = 0; k < SIDE; k++)
    {
      int n = 0;

      for (int i = k; i < along; i += SIDE)
        if (i > 0 && means[i] >= 0 && ae_noise_within_block (s, i - 1, i - 1, 4))
          some[n++] = means[i];
      if (n < BORDERS_MIN)
        return FALSE;
      qsort (some, (gsize)n, sizeof *some, ascending);
      steps[k] = some[n / 2];
    }
  return TRUE;
}

/* How much larger the steps between blocks are, wherever these begin, than elsewhere. */
static double
excess (const double *steps)
{
  double sum = 0;
  int largest = 0;

  for (int k = 1; k < SIDE; k++)
    if (steps[k] > steps[largest])
      largest = k;
  /* those beside it share its pixels */
  for (int k = 2; k < SIDE - 1; k++)
    sum += steps[(largest + k) % SIDE];
  return steps[largest] - sum / (SIDE - 3);
}

double
ae_noise_blocks (const AeNoiseSample *sample)
{
  g_autofree float *luma = find_luma (sample);
  double across[SIDE], down[SIDE], steps;

  if (!find_steps (sample, luma, FALSE, across) || !find_steps (sample, luma, TRUE, down))
    return 0;
  steps = (excess (across) + excess (down)) / 2 - EXCESS_MIN;
  return sqrt (VARIANCE * CLAMP (steps, 0, EXCESS_MAX));
}
