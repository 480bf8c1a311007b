/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* degrade.c - the steps that spoil pictures. */

#include "degrade.h"

#include <math.h>
#include <string.h>

static const AeDegradeInfo infos[AE_N_DEGRADE_STEPS] = {
  [AE_DEGRADE_GAUSSIAN] = { "gaussian", 1, { { "sigma", 0, 255, 0, 75 } } },
  [AE_DEGRADE_ROUND8] = { "round8", 0, { { NULL, 0, 0, 0, 0 } } },
};

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

typedef struct
{
  float *rgb;   /* [3][height][width] */
  float *sigma; /* [height][width] */
  int width, height;
  AeRandom *random;
} Picture;

static void
gaussian (const Picture *p, const float *param)
{
  gsize pixels = (gsize)p->width * (gsize)p->height;
  float s = param[0] / 255;
  float noise[256];

  for (gsize i = 0; i < 3 * pixels; i += G_N_ELEMENTS (noise))
    {
      gsize n = MIN (G_N_ELEMENTS (noise), 3 * pixels - i);

      ae_random_normal (p->random, noise, n);
      for (gsize j = 0; j < n; j++)
        p->rgb[i + j] += s * noise[j];
    }
  for (gsize i = 0; i < pixels; i++)
    p->sigma[i] = sqrtf (p->sigma[i] * p->sigma[i] + s * s);
}

static void
round8 (const Picture *p, const float *param)
{
  gsize n = 3 * (gsize)p->width * (gsize)p->height;

  for (gsize i = 0; i < n; i++)
    p->rgb[i] = floorf (CLAMP (p->rgb[i], 0, 1) * 255 + 0.5f) / 255;
}

void
ae_degrade (const AeDegradation *degradation, AeRandom *random, float *rgb, float *sigma, int width,
            int height)
{
  static void (*const functions[AE_N_DEGRADE_STEPS]) (const Picture *, const float *) = {
    [AE_DEGRADE_GAUSSIAN] = gaussian,
    [AE_DEGRADE_ROUND8] = round8,
  };
  Picture picture = { rgb, sigma, width, height, random };

  memset (sigma, 0, sizeof (float) * (gsize)width * (gsize)height);
  for (int i = 0; i < degradation->n_steps; i++)
    {
      const AeDegradeStep *step = &degradation->steps[i];
      float param[AE_DEGRADE_PARAMS_MAX] = { 0 };

      for (int j = 0; j < infos[step->kind].n_params; j++)
        param[j] = ae_random_range (random, step->lo[j], step->hi[j]);
      functions[step->kind](&picture, param);
    }
}
