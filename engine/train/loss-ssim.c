/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* loss-ssim.c - multi-scale structural similarity and its gradient. */

#include "loss.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define SCALES 5
#define WINDOW AE_LOSS_MS_SSIM_MIN
#define C1 (0.01 * 0.01)
#define C2 (0.03 * 0.03)
#define FLOOR 1e-4

static const double exponents[SCALES] = { 0.0448, 0.2856, 0.3001, 0.2363, 0.1333 };

/* One scale of one channel.  Planes of moments and their gradients have the size of what is left of the
 * picture when the window lies within it. */
typedef struct
{
  int width, height; /* of the picture */
  double *x, *y;     /* result and target */
  double *dx;        /* gradient of the mean term by x */
  double mean;       /* of contrast * structure; at the last scale of luminance too */
} Scale;

typedef struct
{
  double window[WINDOW];
  double *between;   /* for the separable sums, as large as the picture */
  double *product;   /* as large as the picture */
  double *moment[5]; /* x, y, xx, yy, xy */
} Work;

/* dst[height - 10][width - 10]: sums of src weighted by the window. */
static void
blur (const Work *w, const double *src, int width, int height, double *dst)
{
  int out_width = width - WINDOW + 1, out_height = height - WINDOW + 1;

  for (int y = 0; y < height; y++)
    {
      const double *from = src + (gsize)y * (gsize)width;
      double *to = w->between + (gsize)y * (gsize)out_width;

      for (int x = 0; x < out_width; x++)
        to[x] = w->window[0] * from[x];
      for (int t = 1; t < WINDOW; t++)
        for (int x = 0; x < out_width; x++)
          to[x] += w->window[t] * from[x + t];
    }
  for (int y = 0; y < out_height; y++)
    {
      const double *from = w->between + (gsize)y * (gsize)out_width;
      double *to = dst + (gsize)y * (gsize)out_width;

      for (int x = 0; x < out_width; x++)
        to[x] = w->window[0] * from[x];
      for (int t = 1; t < WINDOW; t++)
        for (int x = 0; x < out_width; x++)
          to[x] += w->window[t] * from[(gsize)t * (gsize)out_width + (gsize)x];
    }
}

/* The transpose of blur (): src[height - 10][width - 10] is spread over dst[height][width]. */
static void
spread (const Work *w, const double *src, int width, int height, double *dst)
{
  int in_width = width - WINDOW + 1, in_height = height - WINDOW + 1;

  memset (w->between, 0, sizeof (double) * (gsize)in_width * (gsize)height);
  memset (dst, 0, sizeof (double) * (gsize)width * (gsize)height);
  for (int y = 0; y < in_height; y++)
    for (int t = 0; t < WINDOW; t++)
      {
        const double *from = src + (gsize)y * (gsize)in_width;
        double *to = w->between + (gsize)(y + t) * (gsize)in_width;

        for (int x = 0; x < in_width; x++)
          to[x] += w->window[t] * from[x];
      }
  for (int y = 0; y < height; y++)
    for (int t = 0; t < WINDOW; t++)
      {
        const double *from = w->between + (gsize)y * (gsize)in_width;
        double *to = dst + (gsize)y * (gsize)width + t;

        for (int x = 0; x < in_width; x++)
          to[x] += w->window[t] * from[x];
      }
}

static void
blur_product (const Work *w, const double *a, const double *b, int width, int height, double *dst)
{
  for (gsize i = 0; i < (gsize)width * (gsize)height; i++)
    w->product[i] = a[i] * b[i];
  blur (w, w->product, width, height, dst);
}

/*
 * The mean over all places of the window.  The gradients by the moments of x
 * replace moments x, xx and xy.
 */
static double
compare (const Work *w, int n, gboolean luminance)
{
  double *mx = w->moment[0], *mxx = w->moment[2], *mxy = w->moment[4];
  const double *my = w->moment[1], *myy = w->moment[3];
  double sum = 0;

  for (int i = 0; i < n; i++)
    {
      double ux = mx[i], uy = my[i];
      double b2 = mxx[i] - ux * ux + myy[i] - uy * uy + C2, b1 = ux * ux + uy * uy + C1;
      double cs = (2 * (mxy[i] - ux * uy) + C2) / b2, l = luminance ? (2 * ux * uy + C1) / b1 : 1;
      double dl = luminance ? 2 * (uy - l * ux) / b1 : 0;

      sum += l * cs;
      mx[i] = (cs * dl + l * 2 * (cs * ux - uy) / b2) / n;
      mxx[i] = -l * cs / b2 / n;
      mxy[i] = l * 2 / b2 / n;
    }
  return sum / n;
}

static void
judge (const Work *w, Scale *s, gboolean last, gboolean gradient)
{
  int n = (s->width - WINDOW + 1) * (s->height - WINDOW + 1);

  blur (w, s->x, s->width, s->height, w->moment[0]);
  blur (w, s->y, s->width, s->height, w->moment[1]);
  blur_product (w, s->x, s->x, s->width, s->height, w->moment[2]);
  blur_product (w, s->y, s->y, s->width, s->height, w->moment[3]);
  blur_product (w, s->x, s->y, s->width, s->height, w->moment[4]);
  s->mean = compare (w, n, last);
  if (!gradient)
    return;
  spread (w, w->moment[0], s->width, s->height, s->dx);
  spread (w, w->moment[2], s->width, s->height, w->product);
  for (gsize i = 0; i < (gsize)s->width * (gsize)s->height; i++)
    s->dx[i] += 2 * s->x[i] * w->product[i];
  spread (w, w->moment[4], s->width, s->height, w->product);
  for (gsize i = 0; i < (gsize)s->width * (gsize)s->height; i++)
    s->dx[i] += s->y[i] * w->product[i];
}

static void
halve (const double *src, int width, double *dst, int dst_width, int dst_height)
{
  for (int y = 0; y < dst_height; y++)
    for (int x = 0; x < dst_width; x++)
      {
        const double *p = src + 2 * (gsize)y * (gsize)width + 2 * (gsize)x;

        dst[(gsize)y * (gsize)dst_width + (gsize)x] = (p[0] + p[1] + p[width] + p[width + 1]) / 4;
      }
}

/* Gradients of the scales, small to large, through halve (). */
static void
gather (Scale *scales, int n)
{
  for (int s = n - 1; s > 0; s--)
    for (int y = 0; y < scales[s].height; y++)
      for (int x = 0; x < scales[s].width; x++)
        {
          double d = scales[s].dx[(gsize)y * (gsize)scales[s].width + (gsize)x] / 4;
          double *p = scales[s - 1].dx + 2 * (gsize)y * (gsize)scales[s - 1].width + 2 * (gsize)x;

          p[0] += d;
          p[1] += d;
          p[scales[s - 1].width] += d;
          p[scales[s - 1].width + 1] += d;
        }
}

static double
channel (const Work *w, Scale *scales, int n_scales, const float *result, const float *target,
         float *gradient, double gradient_scale)
{
  gsize n = (gsize)scales[0].width * (gsize)scales[0].height;
  double total = 0, product = 1;

  for (gsize i = 0; i < n; i++)
    {
      scales[0].x[i] = (double)result[i];
      scales[0].y[i] = (double)target[i];
    }
  for (int s = 0; s < n_scales; s++)
    total += exponents[s];
  for (int s = 0; s < n_scales; s++)
    {
      if (s > 0)
        {
          halve (scales[s - 1].x, scales[s - 1].width, scales[s].x, scales[s].width, scales[s].height);
          halve (scales[s - 1].y, scales[s - 1].width, scales[s].y, scales[s].width, scales[s].height);
        }
      judge (w, &scales[s], s == n_scales - 1, gradient != NULL);
      product *= pow (MAX (scales[s].mean, FLOOR), exponents[s] / total);
    }
  if (!gradient)
    return product;
  for (int s = 0; s < n_scales; s++)
    {
      double factor = scales[s].mean > FLOOR ? product * exponents[s] / total / scales[s].mean : 0;

      for (gsize i = 0; i < (gsize)scales[s].width * (gsize)scales[s].height; i++)
        scales[s].dx[i] *= factor;
    }
  gather (scales, n_scales);
  for (gsize i = 0; i < n; i++)
    gradient[i] += (float)(gradient_scale * scales[0].dx[i]);
  return product;
}

static void
make_window (double *window)
{
  double sum = 0;

  for (int i = 0; i < WINDOW; i++)
    sum += window[i] = exp (-(i - WINDOW / 2) * (i - WINDOW / 2) / (2 * 1.5 * 1.5));
  for (int i = 0; i < WINDOW; i++)
    window[i] /= sum;
}

double
ae_ms_ssim (const float *result, const float *target, float *gradient, double gradient_scale, int channels,
            int width, int height)
{
  gsize n = (gsize)width * (gsize)height, at = 0;
  double *memory = g_new (double, 7 * n + 3 * 2 * n); /* all scales together are less than 2 n */
  Work w;
  Scale scales[SCALES];
  int n_scales = 0;
  double sum = 0;

  g_assert (MIN (width, height) >= WINDOW);
  make_window (w.window);
  w.between = memory;
  w.product = memory + n;
  for (int i = 0; i < 5; i++)
    w.moment[i] = memory + (gsize)(2 + i) * n;
  for (; n_scales < SCALES && MIN (width, height) >= WINDOW; n_scales++, width /= 2, height /= 2)
    {
      gsize m = (gsize)width * (gsize)height;
      double *planes = memory + 7 * n + at;

      scales[n_scales] = (Scale){ width, height, planes, planes + m, planes + 2 * m, 0 };
      at += 3 * m;
    }
  for (int c = 0; c < channels; c++)
    sum += channel (&w, scales, n_scales, result + (gsize)c * n, target + (gsize)c * n,
                    gradient ? gradient + (gsize)c * n : NULL, gradient_scale / channels);
  g_free (memory);
  return sum / channels;
}
