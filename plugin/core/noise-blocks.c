/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* noise-blocks.c - how much compression to JPEG has changed a picture. */

#include "noise-private.h"

#include <math.h>
#include <stdlib.h>

#define SIDE AE_NOISE_BLOCK
/* A larger step is an edge of the picture, 8-bit steps. */
#define STEP_MAX 12
/*
 * By so much the steps between blocks exceed others by chance and, at most, by
 * compression; and the variance of what compression has changed for each unit
 * of the rest.  README.md tells what it was fitted to.
 */
#define EXCESS_MIN 0.2
#define EXCESS_MAX 4
#define VARIANCE 9

/* Brightness, as compression sees it. */
static double
luma (const AeNoiseSample *s, gsize at)
{
  const gsize plane = (gsize)s->width * (gsize)s->height;
  const float *v = s->planes + at;

  if (s->channels == 1)
    return (double)v[0];
  return 0.299 * (double)v[0] + 0.587 * (double)v[plane] + 0.114 * (double)v[2 * plane];
}

/* Mean size, in 8-bit steps, of the step from column i to the next (or row), beyond the slopes at its sides;
 * -1 if there is none to be used. */
static double
mean_step (const AeNoiseSample *s, gboolean rows, int i)
{
  const int across = rows ? s->width : s->height;
  const gsize next = rows ? (gsize)s->width : 1, line = rows ? 1 : (gsize)s->width;
  double sum = 0;
  int n = 0;

  for (int l = 0; l < across; l++)
    {
      const gsize at = (gsize)l * line + (gsize)i * next;

      if (!(s->bad[at - next] || s->bad[at] || s->bad[at + next] || s->bad[at + 2 * next]))
        {
          const double step = 1.5 * (luma (s, at + next) - luma (s, at))
                              - (luma (s, at + 2 * next) - luma (s, at - next)) / 2;

          sum += MIN (255 * fabs (step), STEP_MAX);
          n++;
        }
    }
  return n ? sum / n : -1;
}

static int
ascending (const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

/* The step of most columns, or rows, for each modulo SIDE: the median, as single edges of the picture may
 * well lie between blocks. */
static void
find_steps (const AeNoiseSample *s, gboolean rows, double *steps)
{
  const int along = rows ? s->height : s->width;
  g_autofree double *means = g_new (double, along / SIDE + 1);

  for (int k = 0; k < SIDE; k++)
    {
      int n = 0;

      for (int i = k; i + 2 < along; i += SIDE)
        {
          const double step
            = i > 0 && ae_noise_within_block (s, i - 1, i - 1, 4) ? mean_step (s, rows, i) : -1;

          if (step >= 0)
            means[n++] = step;
        }
      qsort (means, (gsize)n, sizeof *means, ascending);
      steps[k] = n ? means[n / 2] : 0;
    }
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
  double across[SIDE], down[SIDE], steps;

  find_steps (sample, FALSE, across);
  find_steps (sample, TRUE, down);
  steps = (excess (across) + excess (down)) / 2 - EXCESS_MIN;
  return sqrt (VARIANCE * CLAMP (steps, 0, EXCESS_MAX));
}
