/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* metrics.c - PSNR and SSIM. */

#include "metrics.h"

#include <math.h>

#define WINDOW 11

/* Which value of a pixel is looked at. */
typedef enum
{
  VALUE_R,
  VALUE_G,
  VALUE_B,
  VALUE_Y
} Value;

guint8
ae_metrics_y (const guint8 *rgb)
{
  return (guint8)(16.5 + (65.481 * rgb[0] + 128.553 * rgb[1] + 24.966 * rgb[2]) / 255.0);
}

static inline double
value (const guint8 *pixel, Value which)
{
  return which == VALUE_Y ? ae_metrics_y (pixel) : pixel[which];
}

static gboolean
crop_size (int *width, int *height, int crop, int least)
{
  *width -= 2 * crop;
  *height -= 2 * crop;
  return *width >= least && *height >= least;
}

static const guint8 *
pixel_at (const guint8 *rgb, int stride, int crop, int x, int y)
{
  return rgb + ((gsize)(y + crop) * (gsize)stride + (gsize)(x + crop)) * 3;
}

static double
squared_difference (const guint8 *a, const guint8 *b, int width, int height, int crop, Value which)
{
  const int stride = width;
  double sum = 0.0;

  crop_size (&width, &height, crop, 1);
  for (int y = 0; y < height; y++)
    {
      double row = 0.0;
      for (int x = 0; x < width; x++)
        {
          const double d = value (pixel_at (a, stride, crop, x, y), which)
                           - value (pixel_at (b, stride, crop, x, y), which);
          row += d * d;
        }
      sum += row;
    }
  return sum;
}

static double
psnr (double sum, double n)
{
  return sum > 0.0 ? 10.0 * log10 (255.0 * 255.0 * n / sum) : INFINITY;
}

double
ae_metrics_psnr_rgb (const guint8 *a, const guint8 *b, int width, int height, int crop)
{
  int w = width, h = height;
  double sum = 0.0;

  if (!crop_size (&w, &h, crop, 1))
    return NAN;
  for (Value which = VALUE_R; which <= VALUE_B; which++)
    sum += squared_difference (a, b, width, height, crop, which);
  return psnr (sum, 3.0 * w * h);
}

double
ae_metrics_psnr_y (const guint8 *a, const guint8 *b, int width, int height, int crop)
{
  int w = width, h = height;

  if (!crop_size (&w, &h, crop, 1))
    return NAN;
  return psnr (squared_difference (a, b, width, height, crop, VALUE_Y), (double)w * h);
}

static void
gaussian (double *window)
{
  double sum = 0.0;

  for (int i = 0; i < WINDOW; i++)
    {
      const double d = i - WINDOW / 2;
      window[i] = exp (-d * d / (2.0 * 1.5 * 1.5));
      sum += window[i];
    }
  for (int i = 0; i < WINDOW; i++)
    window[i] /= sum;
}

/* Weighted sums under the window: of a, b, a², b², ab. */
typedef struct
{
  double a, b, aa, bb, ab;
} Moments;

static double
ssim_at (const Moments *m)
{
  const double c1 = (0.01 * 255.0) * (0.01 * 255.0);
  const double c2 = (0.03 * 255.0) * (0.03 * 255.0);
  const double var_a = m->aa - m->a * m->a;
  const double var_b = m->bb - m->b * m->b;
  const double cov = m->ab - m->a * m->b;

  return (2.0 * m->a * m->b + c1) * (2.0 * cov + c2)
         / ((m->a * m->a + m->b * m->b + c1) * (var_a + var_b + c2));
}

static double
ssim (const guint8 *a, const guint8 *b, int width, int height, int crop, Value which)
{
  const int stride = width;
  double window[WINDOW];
  Moments *columns; /* rows of the window summed up, for each column */
  double sum = 0.0;

  if (!crop_size (&width, &height, crop, WINDOW))
    return NAN;
  gaussian (window);
  columns = g_new (Moments, width);
  for (int y = 0; y + WINDOW <= height; y++)
    {
      double row = 0.0;
      for (int x = 0; x < width; x++)
        {
          Moments m = { 0.0 };
          for (int i = 0; i < WINDOW; i++)
            {
              const double va = value (pixel_at (a, stride, crop, x, y + i), which);
              const double vb = value (pixel_at (b, stride, crop, x, y + i), which);
              m.a += window[i] * va;
              m.b += window[i] * vb;
              m.aa += window[i] * va * va;
              m.bb += window[i] * vb * vb;
              m.ab += window[i] * va * vb;
            }
          columns[x] = m;
        }
      for (int x = 0; x + WINDOW <= width; x++)
        {
          Moments m = { 0.0 };
          for (int i = 0; i < WINDOW; i++)
            {
              const Moments *c = &columns[x + i];
              m.a += window[i] * c->a;
              m.b += window[i] * c->b;
              m.aa += window[i] * c->aa;
              m.bb += window[i] * c->bb;
              m.ab += window[i] * c->ab;
            }
          row += ssim_at (&m);
        }
      sum += row;
    }
  g_free (columns);
  return sum / ((double)(width - WINDOW + 1) * (height - WINDOW + 1));
}

double
ae_metrics_ssim_rgb (const guint8 *a, const guint8 *b, int width, int height, int crop)
{
  double sum = 0.0;

  for (Value which = VALUE_R; which <= VALUE_B; which++)
    sum += ssim (a, b, width, height, crop, which);
  return sum / 3.0;
}

double
ae_metrics_ssim_y (const guint8 *a, const guint8 *b, int width, int height, int crop)
{
  return ssim (a, b, width, height, crop, VALUE_Y);
}
