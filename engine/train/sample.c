/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* sample.c - draws training and validation crops. */

#include "sample.h"

#include <ae/error.h>
#include <string.h>

#define VALIDATION_SIZE 256
#define VALIDATION_MAX 16

struct _AeSampler
{
  const AeRecipe *recipe;
  const AeDataset *data;
  GArray *training;   /* int: picture */
  GArray *end;        /* double: running sum of pixels, for drawing by area */
  GArray *validation; /* int */
  int validation_size;
};

static gboolean
is_validation (const AeRecipe *recipe, const char *name)
{
  for (int i = 0; recipe->validation && recipe->validation[i]; i++)
    if (g_pattern_match_simple (g_strstrip (recipe->validation[i]), name))
      return TRUE;
  return FALSE;
}

AeSampler *
ae_sampler_new (const AeRecipe *recipe, const AeDataset *data, GError **error)
{
  AeSampler *s = g_new0 (AeSampler, 1);
  int alignment = ae_graph_alignment (recipe->graph);
  double pixels = 0;
  int crop = ae_recipe_crop_max (recipe);

  s->recipe = recipe;
  s->data = data;
  s->training = g_array_new (FALSE, FALSE, sizeof (int));
  s->validation = g_array_new (FALSE, FALSE, sizeof (int));
  s->end = g_array_new (FALSE, FALSE, sizeof (double));
  s->validation_size = VALIDATION_SIZE / alignment * alignment;
  for (int i = 0; i < ae_dataset_n_images (data); i++)
    {
      int width, height;

      ae_dataset_image (data, i, &width, &height);
      if (is_validation (recipe, ae_dataset_name (data, i)))
        {
          if (MIN (width, height) >= s->validation_size && s->validation->len < VALIDATION_MAX)
            g_array_append_val (s->validation, i);
        }
      else if (MIN (width, height) >= crop)
        {
          pixels += (double)width * height;
          g_array_append_val (s->training, i);
          g_array_append_val (s->end, pixels);
        }
    }
  if (s->training->len == 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                   "%s: none of the %d pictures can be trained on: crops are %d x %d pixels", recipe->path,
                   ae_dataset_n_images (data), crop, crop);
      ae_sampler_free (s);
      return NULL;
    }
  return s;
}

void
ae_sampler_free (AeSampler *s)
{
  if (!s)
    return;
  g_array_unref (s->training);
  g_array_unref (s->validation);
  g_array_unref (s->end);
  g_free (s);
}

/* Copies a square, turned: bit 0 transposes, 1 mirrors x, 2 mirrors y. */
static void
copy_crop (const guint8 *rgb, int width, int x0, int y0, int size, int turn, float *planes)
{
  gsize plane = (gsize)size * (gsize)size;

  for (int y = 0; y < size; y++)
    for (int x = 0; x < size; x++)
      {
        int sx = turn & 1 ? y : x, sy = turn & 1 ? x : y;
        const guint8 *p;

        sx = turn & 2 ? size - 1 - sx : sx;
        sy = turn & 4 ? size - 1 - sy : sy;
        p = rgb + 3 * ((gsize)(y0 + sy) * (gsize)width + (gsize)(x0 + sx));
        for (int c = 0; c < 3; c++)
          planes[(gsize)c * plane + (gsize)y * (gsize)size + (gsize)x] = (float)p[c] / 255;
      }
}

void
ae_sampler_draw (const AeSampler *s, guint64 index, int crop, float *target, float *input, float *sigma)
{
  AeRandom random = ae_random (s->recipe->seed, index, AE_RANDOM_CROP);
  const double *end = (const double *)(const void *)s->end->data;
  double at = (double)(ae_random_u64 (&random) >> 11) * 0x1p-53 * end[s->end->len - 1];
  guint lo = 0, hi = s->end->len - 1;
  int width, height, x, y, turn;
  const guint8 *rgb;
  const AeDegradation *degradation;

  while (lo < hi)
    {
      guint middle = (lo + hi) / 2;

      if (end[middle] > at)
        hi = middle;
      else
        lo = middle + 1;
    }
  rgb = ae_dataset_image (s->data, g_array_index (s->training, int, lo), &width, &height);
  x = ae_random_int (&random, width - crop + 1);
  y = ae_random_int (&random, height - crop + 1);
  turn = ae_random_int (&random, 8);
  copy_crop (rgb, width, x, y, crop, turn, target);

  random = ae_random (s->recipe->seed, index, AE_RANDOM_NOISE);
  degradation = ae_recipe_choose_degradation (s->recipe, ae_random_uniform (&random));
  memcpy (input, target, 3 * sizeof (float) * (gsize)crop * (gsize)crop);
  ae_degrade (degradation, &random, input, sigma, crop, crop);
}

int
ae_sampler_n_validation (const AeSampler *s)
{
  return (int)s->validation->len;
}

int
ae_sampler_validation_size (const AeSampler *s)
{
  return s->validation_size;
}

void
ae_sampler_validation (const AeSampler *s, int i, float *target, float *input, float *sigma)
{
  int width, height, size = s->validation_size;
  const guint8 *rgb = ae_dataset_image (s->data, g_array_index (s->validation, int, i), &width, &height);
  gsize n = (gsize)size * (gsize)size;
  float level = (float)s->recipe->validation_sigma / 255;
  AeRandom random = ae_random (0, (guint64)i, AE_RANDOM_VALIDATION);

  copy_crop (rgb, width, (width - size) / 2, (height - size) / 2, size, 0, target);
  ae_random_normal (&random, input, 3 * n);
  for (gsize j = 0; j < 3 * n; j++)
    input[j] = target[j] + level * input[j];
  for (gsize j = 0; j < n; j++)
    sigma[j] = level;
}
