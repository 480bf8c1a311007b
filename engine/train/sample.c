/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* sample.c - draws training and validation crops. */

#include "sample.h"
#include "pairs.h"

#include <ae/error.h>
#include <ae/resize.h>
#include <math.h>
#include <string.h>

#define VALIDATION_SIZE 256
#define VALIDATION_MAX 16

/*
 * Around a crop that is made small, for a network that enlarges or by
 * `smallest`, more of the picture is taken, so that pixels at its border are
 * what they would be in a whole picture made small.  In pixels of the small
 * picture; the kernel reaches 2.
 */
#define MARGIN 3

typedef struct
{
  int clean, noisy; /* pictures of the data; noisy: -1 if there is none */
} Source;

struct _AeSampler
{
  const AeRecipe *recipe;
  const AeDataset *data;
  int scale, margin;
  GArray *training;   /* Source */
  GArray *end;        /* double: running sum of pixels, for drawing by area */
  GArray *validation; /* Source */
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

/* The noisy picture that belongs to a clean one, or -1. */
static int
find_noisy (const AeDataset *data, int clean)
{
  g_autofree char *name = g_strconcat (ae_dataset_name (data, clean), AE_PAIR_ENDING, NULL);
  int lo = 0, hi = ae_dataset_n_images (data) - 1;

  while (lo <= hi)
    {
      int middle = (lo + hi) / 2, order = strcmp (ae_dataset_name (data, middle), name);
      int width, height, noisy_width, noisy_height;

      if (order < 0)
        lo = middle + 1;
      else if (order > 0)
        hi = middle - 1;
      else
        {
          ae_dataset_image (data, clean, &width, &height);
          ae_dataset_image (data, middle, &noisy_width, &noisy_height);
          return width == noisy_width && height == noisy_height ? middle : -1;
        }
    }
  return -1;
}

/* A recipe without degradations can only use pairs. */
static gboolean
check_pairs (const AeSampler *s, GError **error)
{
  for (guint i = 0; s->recipe->degradations->len == 0 && i < s->training->len; i++)
    {
      const Source *source = &g_array_index (s->training, Source, i);

      if (source->noisy < 0)
        {
          g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                       "%s: no [degradation …] group, and picture %s has no noisy companion", s->recipe->path,
                       ae_dataset_name (s->data, source->clean));
          return FALSE;
        }
    }
  return TRUE;
}

AeSampler *
ae_sampler_new (const AeRecipe *recipe, const AeDataset *data, GError **error)
{
  AeSampler *s = g_new0 (AeSampler, 1);
  int alignment = ae_graph_alignment (recipe->graph);
  double pixels = 0;
  int part, validation_part;

  s->recipe = recipe;
  s->data = data;
  s->scale = ae_graph_scale (recipe->graph);
  s->margin = s->scale > 1 ? MARGIN : 0;
  s->training = g_array_new (FALSE, FALSE, sizeof (Source));
  s->validation = g_array_new (FALSE, FALSE, sizeof (Source));
  s->end = g_array_new (FALSE, FALSE, sizeof (double));
  s->validation_size = VALIDATION_SIZE / s->scale / alignment * alignment;
  part = (ae_recipe_crop_max (recipe) + 2 * s->margin) * s->scale;
  validation_part = s->validation_size * s->scale;
  for (int i = 0; i < ae_dataset_n_images (data); i++)
    {
      Source source = { i, -1 };
      int width, height;

      if (g_str_has_suffix (ae_dataset_name (data, i), AE_PAIR_ENDING))
        continue;
      ae_dataset_image (data, i, &width, &height);
      if (recipe->pairs > 0)
        source.noisy = find_noisy (data, i);
      if (is_validation (recipe, ae_dataset_name (data, i)))
        {
          if (MIN (width, height) >= validation_part && s->validation->len < VALIDATION_MAX)
            g_array_append_val (s->validation, source);
        }
      else if (MIN (width, height) >= part)
        {
          pixels += (double)width * height;
          g_array_append_val (s->training, source);
          g_array_append_val (s->end, pixels);
        }
    }
  if (s->training->len == 0)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                 "%s: none of the %d pictures can be trained on: crops are %d x %d pixels", recipe->path,
                 ae_dataset_n_images (data), part, part);
  else if (check_pairs (s, error))
    return s;
  ae_sampler_free (s);
  return NULL;
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

/* The middle of planes [3][size][size], without `margin` pixels at each side. */
static void
take_middle (const float *planes, int size, int margin, float *middle)
{
  int inner = size - 2 * margin;

  for (int c = 0; c < 3; c++)
    for (int y = 0; y < inner; y++)
      memcpy (middle + ((gsize)c * (gsize)inner + (gsize)y) * (gsize)inner,
              planes + ((gsize)c * (gsize)size + (gsize)(y + margin)) * (gsize)size + margin,
              sizeof (float) * (gsize)inner);
}

/* Spoils a part of a picture, [3][size][size] with size = (crop + 2 margins) * scale, in place. */
static void
spoil (const AeSampler *s, const AeDegradation *degradation, AeRandom *random, float *part, int crop,
       float *input, float *sigma)
{
  int outer = crop + 2 * s->margin;
  float *level = g_new (float, (gsize)(outer * s->scale) * (gsize)(outer * s->scale));

  ae_degrade (degradation, random, part, level, outer * s->scale, outer * s->scale);
  take_middle (part, outer, s->margin, input);
  for (gsize i = 0; i < (gsize)crop * (gsize)crop; i++)
    sigma[i] = level[0]; /* the same everywhere */
  g_free (level);
}

static const Source *
choose_source (const AeSampler *s, AeRandom *random)
{
  const double *end = (const double *)(const void *)s->end->data;
  double at = (double)(ae_random_u64 (random) >> 11) * 0x1p-53 * end[s->end->len - 1];
  guint lo = 0, hi = s->end->len - 1;

  while (lo < hi)
    {
      guint middle = (lo + hi) / 2;

      if (end[middle] > at)
        hi = middle;
      else
        lo = middle + 1;
    }
  return &g_array_index (s->training, Source, lo);
}

/* Whether sample `index` is one of a pair as it is. */
static gboolean
wants_pair (const AeSampler *s, const Source *source, guint64 index)
{
  AeRandom random = ae_random (s->recipe->seed, index, AE_RANDOM_PAIR);

  return source->noisy >= 0
         && (s->recipe->degradations->len == 0 || ae_random_uniform (&random) < (float)s->recipe->pairs);
}

/*
 * The side of the square of the picture that a part of `part` pixels is made
 * of: that of the part itself, or more where the recipe lets the picture be
 * seen smaller than it is, as far as the picture goes.
 */
static int
choose_cut (const AeSampler *s, guint64 index, int part, int width, int height)
{
  const AeRecipe *r = s->recipe;
  AeRandom random = ae_random (r->seed, index, AE_RANDOM_SIZE);
  double factor = r->largest * pow (r->smallest / r->largest, (double)ae_random_uniform (&random));
  int outer = part + 2 * MARGIN, cut = (int)MIN (lround (outer / factor), MIN (width, height));

  return r->smallest < 1 && cut > outer ? cut : part;
}

/* copy_crop () of a square of `cut` pixels, made small if that is more than `part`. */
static void
copy_part (const guint8 *rgb, int width, int x, int y, int cut, int part, int turn, float *planes)
{
  int outer = part + 2 * MARGIN;
  g_autofree float *large = NULL, *small = NULL;

  if (cut == part)
    {
      copy_crop (rgb, width, x, y, part, turn, planes);
      return;
    }
  large = g_new (float, 3 * (gsize)cut * (gsize)cut);
  small = g_new (float, 3 * (gsize)outer * (gsize)outer);
  copy_crop (rgb, width, x, y, cut, turn, large);
  ae_resize_bicubic (large, 3, cut, cut, small, outer, outer);
  for (gsize i = 0; i < 3 * (gsize)outer * (gsize)outer; i++)
    small[i] = CLAMP (small[i], 0, 1);
  take_middle (small, outer, MARGIN, planes);
}

/* degradation: NULL for what the recipe has for this sample. */
static void
draw (const AeSampler *s, const AeDegradation *degradation, guint64 index, int crop, float *target,
      float *input, float *sigma)
{
  AeRandom random = ae_random (s->recipe->seed, index, AE_RANDOM_CROP);
  const Source *source = choose_source (s, &random);
  int part = (crop + 2 * s->margin) * s->scale, cut = part, width, height, x, y, turn;
  const guint8 *rgb = ae_dataset_image (s->data, source->clean, &width, &height);
  gboolean pair = !degradation && wants_pair (s, source, index);
  gsize n = 3 * (gsize)part * (gsize)part;
  float *planes = s->margin ? g_new (float, n) : target, *spoiled;

  if (!pair)
    cut = choose_cut (s, index, part, width, height);
  x = ae_random_int (&random, width - cut + 1);
  y = ae_random_int (&random, height - cut + 1);
  turn = ae_random_int (&random, 8);
  copy_part (rgb, width, x, y, cut, part, turn, planes);
  if (!pair)
    {
      random = ae_random (s->recipe->seed, index, AE_RANDOM_NOISE);
      if (degradation)
        ae_random_uniform (&random);
      else
        degradation = ae_recipe_choose_degradation (s->recipe, ae_random_uniform (&random));
      ae_degrade_clean (degradation, &random, planes, part, part);
    }
  if (s->margin)
    take_middle (planes, part, s->margin * s->scale, target);
  if (pair)
    {
      float level;

      copy_crop (ae_dataset_image (s->data, source->noisy, &width, &height), width, x, y, crop, turn, input);
      level = ae_degrade_measure (target, input, crop, crop);
      for (gsize i = 0; i < (gsize)crop * (gsize)crop; i++)
        sigma[i] = level;
    }
  else
    {
      spoiled = s->margin ? planes : g_memdup2 (target, n * sizeof (float));
      spoil (s, degradation, &random, spoiled, crop, input, sigma);
      g_free (spoiled);
    }
}

void
ae_sampler_draw (const AeSampler *s, guint64 index, int crop, float *target, float *input, float *sigma)
{
  draw (s, NULL, index, crop, target, input, sigma);
}

void
ae_sampler_draw_with (const AeSampler *s, const AeDegradation *degradation, guint64 index, int crop,
                      float *target, float *input, float *sigma)
{
  draw (s, degradation, index, crop, target, input, sigma);
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

/* The recipe's first degradation, always the same. */
static void
validation_spoiled (const AeSampler *s, int i, float *target, float *input, float *sigma)
{
  const AeDegradation *degradation = s->recipe->degradations->pdata[0];
  int size = s->validation_size;
  AeRandom random = ae_random (0, (guint64)i, AE_RANDOM_VALIDATION);
  g_autofree float *part = NULL;

  ae_degrade_clean (degradation, &random, target, size, size);
  part = g_memdup2 (target, 3 * (gsize)size * (gsize)size * sizeof (float));
  spoil (s, degradation, &random, part, size, input, sigma);
}

/* Fixed Gaussian noise of the recipe's level. */
static void
validation_noise (const AeSampler *s, int i, const float *target, float *input, float *sigma)
{
  gsize n = (gsize)s->validation_size * (gsize)s->validation_size;
  float level = (float)s->recipe->validation_sigma / 255;
  AeRandom random = ae_random (0, (guint64)i, AE_RANDOM_VALIDATION);

  ae_random_normal (&random, input, 3 * n);
  for (gsize j = 0; j < 3 * n; j++)
    input[j] = target[j] + level * input[j];
  for (gsize j = 0; j < n; j++)
    sigma[j] = level;
}

void
ae_sampler_validation (const AeSampler *s, int i, float *target, float *input, float *sigma)
{
  const Source *source = &g_array_index (s->validation, Source, i);
  int width, height, size = s->validation_size, part = size * s->scale, x, y;
  const guint8 *rgb = ae_dataset_image (s->data, source->clean, &width, &height);
  gsize n = (gsize)size * (gsize)size;
  float level = 0;

  x = (width - part) / 2;
  y = (height - part) / 2;
  copy_crop (rgb, width, x, y, part, 0, target);
  if (s->scale == 1 && source->noisy < 0 && strcmp (s->recipe->task, "jpeg") == 0
      && s->recipe->degradations->len > 0)
    {
      validation_spoiled (s, i, target, input, sigma);
      return;
    }
  if (s->scale == 1 && source->noisy < 0)
    {
      validation_noise (s, i, target, input, sigma);
      return;
    }
  if (s->scale > 1)
    {
      ae_resize_bicubic (target, 3, part, part, input, size, size);
      for (gsize j = 0; j < 3 * n; j++)
        input[j] = floorf (CLAMP (input[j], 0, 1) * 255 + 0.5f) / 255;
    }
  else
    {
      copy_crop (ae_dataset_image (s->data, source->noisy, &width, &height), width, x, y, size, 0, input);
      level = ae_degrade_measure (target, input, size, size);
    }
  for (gsize j = 0; j < n; j++)
    sigma[j] = level;
}
