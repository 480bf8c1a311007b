/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* resize.c - separable bicubic scaling with antialiasing. */

#include "resize.h"

#include <math.h>

/* Source positions and weights of each result position along one axis. */
typedef struct
{
  int taps;
  int *index;     /* [size][taps] */
  double *weight; /* [size][taps] */
} Axis;

static double
cubic (double x)
{
  x = fabs (x);
  if (x <= 1.0)
    return (1.5 * x - 2.5) * x * x + 1.0;
  if (x <= 2.0)
    return ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0;
  return 0.0;
}

static int
mirror (gint64 i, int size)
{
  const gint64 period = 2 * (gint64)size;

  i = ((i % period) + period) % period;
  return (int)(i < size ? i : period - 1 - i);
}

static void
axis_init (Axis *axis, int from, int to)
{
  const double scale = (double)to / from;
  const double stretch = scale < 1.0 ? scale : 1.0;
  const double reach = 2.0 / stretch;

  axis->taps = (int)ceil (2.0 * reach) + 2;
  axis->index = g_new (int, (gsize)to *(gsize)axis->taps);
  axis->weight = g_new (double, (gsize)to *(gsize)axis->taps);
  for (int x = 0; x < to; x++)
    {
      int *index = axis->index + (gsize)x * (gsize)axis->taps;
      double *weight = axis->weight + (gsize)x * (gsize)axis->taps;
      const double centre = (x + 0.5) / scale - 0.5;
      const gint64 first = (gint64)floor (centre - reach);
      double sum = 0.0;

      for (int i = 0; i < axis->taps; i++)
        {
          index[i] = mirror (first + i, from);
          weight[i] = cubic (stretch * (centre - (double)(first + i)));
          sum += weight[i];
        }
      for (int i = 0; i < axis->taps; i++)
        weight[i] /= sum;
    }
}

static void
axis_clear (Axis *axis)
{
  g_free (axis->index);
  g_free (axis->weight);
}

static void
resize_rows (const Axis *axis, const float *src, int width, double *dst, int dst_height)
{
  for (int y = 0; y < dst_height; y++)
    {
      const int *index = axis->index + (gsize)y * (gsize)axis->taps;
      const double *weight = axis->weight + (gsize)y * (gsize)axis->taps;
      double *out = dst + (gsize)y * (gsize)width;

      for (int x = 0; x < width; x++)
        out[x] = 0.0;
      for (int i = 0; i < axis->taps; i++)
        {
          const float *in = src + (gsize)index[i] * (gsize)width;
          for (int x = 0; x < width; x++)
            out[x] += weight[i] * (double)in[x];
        }
    }
}

static void
resize_columns (const Axis *axis, const double *src, int width, int height, float *dst, int dst_width)
{
  for (int y = 0; y < height; y++)
    {
      const double *in = src + (gsize)y * (gsize)width;
      float *out = dst + (gsize)y * (gsize)dst_width;

      for (int x = 0; x < dst_width; x++)
        {
          const int *index = axis->index + (gsize)x * (gsize)axis->taps;
          const double *weight = axis->weight + (gsize)x * (gsize)axis->taps;
          double sum = 0.0;

          for (int i = 0; i < axis->taps; i++)
            sum += weight[i] * in[index[i]];
          out[x] = (float)sum;
        }
    }
}

void
ae_resize_bicubic (const float *src, int channels, int width, int height, float *dst, int dst_width,
                   int dst_height)
{
  Axis rows, columns;
  double *between = g_new (double, (gsize)width *(gsize)dst_height);

  axis_init (&rows, height, dst_height);
  axis_init (&columns, width, dst_width);
  for (int c = 0; c < channels; c++)
    {
      resize_rows (&rows, src + (gsize)c * (gsize)width * (gsize)height, width, between, dst_height);
      resize_columns (&columns, between, width, dst_height,
                      dst + (gsize)c * (gsize)dst_width * (gsize)dst_height, dst_width);
    }
  axis_clear (&rows);
  axis_clear (&columns);
  g_free (between);
}

void
ae_resize_bicubic_rgb8 (const guint8 *src, int width, int height, guint8 *dst, int dst_width, int dst_height)
{
  const gsize n = (gsize)width * (gsize)height;
  const gsize dst_n = (gsize)dst_width * (gsize)dst_height;
  float *planes = g_new (float, n * 3);
  float *result = g_new (float, dst_n * 3);

  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < 3; c++)
      planes[c * n + i] = src[i * 3 + c];
  ae_resize_bicubic (planes, 3, width, height, result, dst_width, dst_height);
  for (gsize i = 0; i < dst_n; i++)
    for (gsize c = 0; c < 3; c++)
      dst[i * 3 + c] = (guint8)CLAMP (floorf (result[c * dst_n + i] + 0.5f), 0.0f, 255.0f);
  g_free (planes);
  g_free (result);
}
