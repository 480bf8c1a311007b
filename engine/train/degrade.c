/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* degrade.c - chains the steps that spoil pictures, and tells how much noise they made. */

#include "degrade-private.h"

#include <ae/resize.h>
#include <math.h>
#include <string.h>

static const AeDegradeInfo infos[AE_N_DEGRADE_STEPS] = {
  [AE_DEGRADE_GAUSSIAN] = { "gaussian", TRUE, 1, { { "sigma", 0, 255, 0, 75, FALSE } } },
  [AE_DEGRADE_POISSON]
  = { "poisson", FALSE, 2, { { "shot", 1e-6, 1, 1e-4, 1e-2, TRUE }, { "read", 1e-6, 1, 5e-4, 1e-2, TRUE } } },
  [AE_DEGRADE_BAYER] = { "bayer",
                         FALSE,
                         3,
                         { { "shot", 1e-6, 1, 1e-4, 1e-2, TRUE },
                           { "read", 1e-6, 1, 5e-4, 1e-2, TRUE },
                           { "matrix", 0, 1, 0, 0.6, FALSE } } },
  [AE_DEGRADE_CORRELATED] = { "correlated",
                              FALSE,
                              3,
                              { { "sigma", 0, 255, 0, 30, FALSE },
                                { "blur", 0, 8, 0.3, 1, FALSE },
                                { "chroma", 0, 10, 1, 3, FALSE } } },
  [AE_DEGRADE_REDUCE]
  = { "reduce", FALSE, 2, { { "luma", 0, 10, 0, 1.5, FALSE }, { "chroma", 0, 10, 0.5, 3, FALSE } } },
  [AE_DEGRADE_BLUR] = { "blur", FALSE, 1, { { "radius", 0, 16, 0, 1, FALSE } } },
  [AE_DEGRADE_ROUND8] = { "round8", TRUE, 0, { { NULL, 0, 0, 0, 0, FALSE } } },
  [AE_DEGRADE_JPEG]
  = { "jpeg", FALSE, 2, { { "quality", 1, 100, 60, 98, FALSE }, { "subsample", 0, 1, 0.5, 0.5, FALSE } } },
  [AE_DEGRADE_GRAY] = { "gray", TRUE, 0, { { NULL, 0, 0, 0, 0, FALSE } } },
  [AE_DEGRADE_BICUBIC] = { "bicubic", FALSE, 0, { { NULL, 0, 0, 0, 0, FALSE } } },
};

const AeDegradeParamInfo ae_degrade_soft = { "soft", 0, 4, 0, 0, FALSE };
const AeDegradeParamInfo ae_degrade_told = { "told", 0.1, 10, 1, 1, FALSE };

const AeDegradeInfo *
ae_degrade_info (AeDegradeKind kind)
{
  return &infos[kind];
}

int
ae_degrade_find (const char *name)
{
  for (int i = 0; i < AE_N_DEGRADE_STEPS; i++)
    if (strcmp (infos[i].name, name) == 0)
      return i;
  return -1;
}

static void
gaussian (const AePicture *p, const float *param)
{
  gsize n = 3 * (gsize)p->width * (gsize)p->height;
  float s = param[0] / 255;
  float noise[256];

  for (gsize i = 0; i < n; i += G_N_ELEMENTS (noise))
    {
      gsize m = MIN (G_N_ELEMENTS (noise), n - i);

      ae_random_normal (p->random, noise, m);
      for (gsize j = 0; j < m; j++)
        p->rgb[i + j] += s * noise[j];
    }
}

static void
round8 (const AePicture *p, const float *param)
{
  gsize n = 3 * (gsize)p->width * (gsize)p->height;

  for (gsize i = 0; i < n; i++)
    p->rgb[i] = floorf (CLAMP (p->rgb[i], 0, 1) * 255 + 0.5f) / 255;
}

static void
gray (const AePicture *p, const float *param)
{
  gsize plane = (gsize)p->width * (gsize)p->height;

  memcpy (p->rgb, p->rgb + plane, plane * sizeof (float));
  memcpy (p->rgb + 2 * plane, p->rgb + plane, plane * sizeof (float));
}

static void
make_gray (float *rgb, int width, int height)
{
  gsize plane = (gsize)width * (gsize)height;

  for (gsize i = 0; i < plane; i++)
    rgb[i] = rgb[plane + i] = rgb[2 * plane + i]
      = 0.299f * rgb[i] + 0.587f * rgb[plane + i] + 0.114f * rgb[2 * plane + i];
}

void
ae_degrade_clean (const AeDegradation *degradation, AeRandom *random, float *rgb, int width, int height)
{
  if (degradation->gray)
    make_gray (rgb, width, height);
  if (degradation->soft_hi > 0)
    {
      const AePicture picture = { rgb, NULL, width, height, random };
      float radius = ae_random_range (random, degradation->soft_lo, degradation->soft_hi);

      ae_degrade_blur (&picture, &radius);
    }
}

float
ae_degrade_measure (const float *clean, const float *spoiled, int width, int height)
{
  gsize plane = (gsize)width * (gsize)height;
  double variance = 0;

  for (int c = 0; c < 3; c++, clean += plane, spoiled += plane)
    {
      double sum = 0, squares = 0;

      for (gsize i = 0; i < plane; i++)
        {
          double d = (double)spoiled[i] - (double)clean[i];

          sum += d;
          squares += d * d;
        }
      variance += (squares - sum * sum / (double)plane) / (double)plane;
    }
  return (float)sqrt (MAX (variance, 0) / 3);
}

/* Makes planes [3][height][width] smaller in place. */
static void
shrink_planes (float *planes, int width, int height, int scale)
{
  gsize n = 3 * (gsize)(width / scale) * (gsize)(height / scale);
  float *small = g_new (float, n);

  ae_resize_bicubic (planes, 3, width, height, small, width / scale, height / scale);
  memcpy (planes, small, n * sizeof (float));
  g_free (small);
}

static void
shrink (AePicture *p, int scale, float *clean)
{
  shrink_planes (p->rgb, p->width, p->height, scale);
  if (clean)
    shrink_planes (clean, p->width, p->height, scale);
  p->width /= scale;
  p->height /= scale;
}

static void
draw_params (const AeDegradeStep *step, AeRandom *random, float *param)
{
  for (int i = 0; i < infos[step->kind].n_params; i++)
    if (infos[step->kind].params[i].logarithmic)
      param[i] = expf (ae_random_range (random, logf (step->lo[i]), logf (step->hi[i])));
    else
      param[i] = ae_random_range (random, step->lo[i], step->hi[i]);
}

void
ae_degrade (const AeDegradation *degradation, AeRandom *random, float *rgb, float *sigma, int width,
            int height)
{
  static void (*const functions[AE_N_DEGRADE_STEPS]) (const AePicture *, const float *) = {
    [AE_DEGRADE_GAUSSIAN] = gaussian,
    [AE_DEGRADE_POISSON] = ae_degrade_poisson,
    [AE_DEGRADE_BAYER] = ae_degrade_bayer,
    [AE_DEGRADE_CORRELATED] = ae_degrade_correlated,
    [AE_DEGRADE_REDUCE] = ae_degrade_reduce,
    [AE_DEGRADE_BLUR] = ae_degrade_blur,
    [AE_DEGRADE_ROUND8] = round8,
    [AE_DEGRADE_JPEG] = ae_degrade_jpeg,
    [AE_DEGRADE_GRAY] = gray,
  };
  AePicture picture = { rgb, NULL, width, height, random };
  gsize plane = (gsize)width * (gsize)height;
  gboolean nominal = TRUE;
  float variance = 0, level;
  float *clean = NULL;

  for (int i = 0; i < degradation->n_steps; i++)
    nominal &= infos[degradation->steps[i].kind].nominal;
  if (!nominal)
    picture.clean = clean = g_memdup2 (rgb, 3 * plane * sizeof (float));
  for (int i = 0; i < degradation->n_steps; i++)
    {
      const AeDegradeStep *step = &degradation->steps[i];
      float param[AE_DEGRADE_PARAMS_MAX] = { 0 };

      draw_params (step, random, param);
      if (step->kind == AE_DEGRADE_GAUSSIAN)
        variance += param[0] * param[0] / (255 * 255);
      if (step->kind == AE_DEGRADE_BICUBIC)
        shrink (&picture, degradation->scale, clean);
      else
        functions[step->kind](&picture, param);
    }
  level = nominal ? sqrtf (variance) : ae_degrade_measure (clean, rgb, picture.width, picture.height);
  if (degradation->told_hi > degradation->told_lo)
    level *= ae_random_range (random, degradation->told_lo, degradation->told_hi);
  else
    level *= degradation->told_hi;
  plane = (gsize)picture.width * (gsize)picture.height;
  for (gsize i = 0; i < plane; i++)
    sigma[i] = level;
  g_free (clean);
}
