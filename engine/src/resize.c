/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* resize.c - separable bicubic scaling with antialiasing. */

#include <ae/resize.h>

#include <math.h>

/* Source positions and weights of result positions along one axis. */
typedef struct
{
  int taps;
  int *index;     /* [n][taps] */
  double *weight; /* [n][taps] */
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

static double
stretch_of (int from, int to)
{
  return to < from ? (double)to / from : 1.0;
}

static double
centre_of (int from, int to, int x)
{
  return (x + 0.5) / ((double)to / from) - 0.5;
}

static int
taps_of (int from, int to)
{
  return (int)ceil (4.0 / stretch_of (from, to)) + 2;
}

static int
first_of (int from, int to, int x)
{
  return (int)floor (centre_of (from, to, x) - 2.0 / stretch_of (from, to));
}

/* For the n results from `first` on; sources are counted from `origin` on. */
static void
axis_init (Axis *axis, int from, int to, int first, int n, int origin)
{
  const double stretch = stretch_of (from, to);

  axis->taps = taps_of (from, to);
  axis->index = g_new (int, (gsize)n *(gsize)axis->taps);
  axis->weight = g_new (double, (gsize)n *(gsize)axis->taps);
  for (int i = 0; i < n; i++)
    {
      int *index = axis->index + (gsize)i * (gsize)axis->taps;
      double *weight = axis->weight + (gsize)i * (gsize)axis->taps;
      const double centre = centre_of (from, to, first + i);
      const int at = first_of (from, to, first + i);
      double sum = 0.0;

      for (int t = 0; t < axis->taps; t++)
        {
          index[t] = at + t - origin;
          weight[t] = cubic (stretch * (centre - (at + t)));
          sum += weight[t];
        }
      for (int t = 0; t < axis->taps; t++)
        weight[t] /= sum;
    }
}

static void
axis_mirror (Axis *axis, int from, int n)
{
  for (gsize i = 0; i < (gsize)n * (gsize)axis->taps; i++)
    axis->index[i] = mirror (axis->index[i], from);
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

/* src: planes of width x height, dst: of the axes' n. */
static void
resize (const Axis *columns, const Axis *rows, const float *src, int channels, int width, int height,
        float *dst, int dst_width, int dst_height)
{
  double *between = g_new (double, (gsize)width *(gsize)dst_height);

  for (int c = 0; c < channels; c++)
    {
      resize_rows (rows, src + (gsize)c * (gsize)width * (gsize)height, width, between, dst_height);
      resize_columns (columns, between, width, dst_height,
                      dst + (gsize)c * (gsize)dst_width * (gsize)dst_height, dst_width);
    }
  g_free (between);
}

void
ae_resize_bicubic (const float *src, int channels, int width, int height, float *dst, int dst_width,
                   int dst_height)
{
  Axis rows, columns;

  axis_init (&rows, height, dst_height, 0, dst_height, 0);
  axis_init (&columns, width, dst_width, 0, dst_width, 0);
  axis_mirror (&rows, height, dst_height);
  axis_mirror (&columns, width, dst_width);
  resize (&columns, &rows, src, channels, width, height, dst, dst_width, dst_height);
  axis_clear (&rows);
  axis_clear (&columns);
}

AeRect
ae_resize_source (const AeResize *size, const AeRect *part)
{
  const int x = first_of (size->width, size->dst_width, part->x);
  const int y = first_of (size->height, size->dst_height, part->y);

  return (AeRect){ x, y,
                   first_of (size->width, size->dst_width, part->x + part->width - 1)
                     + taps_of (size->width, size->dst_width) - x,
                   first_of (size->height, size->dst_height, part->y + part->height - 1)
                     + taps_of (size->height, size->dst_height) - y };
}

void
ae_resize_part (const AeResize *size, const AeRect *part, const float *src, int channels, float *dst)
{
  const AeRect source = ae_resize_source (size, part);
  Axis rows, columns;

  axis_init (&rows, size->height, size->dst_height, part->y, part->height, source.y);
  axis_init (&columns, size->width, size->dst_width, part->x, part->width, source.x);
  resize (&columns, &rows, src, channels, source.width, source.height, dst, part->width, part->height);
  axis_clear (&rows);
  axis_clear (&columns);
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
