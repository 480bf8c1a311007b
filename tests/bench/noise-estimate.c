/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* noise-estimate.c - how far the estimate of the noise level is off, as a table.
 *
 *   noise-estimate FOLDER [RECIPE]
 *
 * The middle, 512 x 512, of each picture in the folder: as it is, with
 * Gaussian noise of some levels (clipped and rounded to 8 bit, and as it is),
 * and with the degradations of the recipe, whose true level is the deviation
 * from the clean picture.  Without a recipe that is the error on a benchmark; with one, on
 * photographs of the training set, that is what the constants were fitted to.
 */

#include <gegl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "core/noise-estimate.h"
#include "train/degrade.h"
#include "train/file-list.h"
#include "train/images.h"
#include "train/recipe.h"

#define SIZE 512
#define SEED 1

typedef struct
{
  float *planes; /* [3][height][width] */
  int width, height;
} Clean;

static void
clean_free (gpointer data)
{
  Clean *clean = data;

  g_free (clean->planes);
  g_free (clean);
}

static Clean *
load_middle (const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree guint8 *rgb = NULL;
  Clean *clean;
  int width, height;

  if (!ae_image_load_rgb8 (path, &rgb, &width, &height, error))
    return NULL;
  clean = g_new (Clean, 1);
  clean->width = MIN (width, SIZE);
  clean->height = MIN (height, SIZE);
  clean->planes = g_new (float, 3 * (gsize)clean->width * (gsize)clean->height);
  for (int c = 0; c < 3; c++)
    for (int y = 0; y < clean->height; y++)
      for (int x = 0; x < clean->width; x++)
        {
          const gsize from = (gsize)((height - clean->height) / 2 + y) * (gsize)width
                             + (gsize)((width - clean->width) / 2 + x);
          const gsize to = ((gsize)c * (gsize)clean->height + (gsize)y) * (gsize)clean->width + (gsize)x;

          clean->planes[to] = (float)rgb[3 * from + (gsize)c] / 255;
        }
  return clean;
}

static GPtrArray *
load_folder (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) names = ae_file_list (folder, error);
  g_autoptr (GPtrArray) pictures = g_ptr_array_new_with_free_func (clean_free);

  for (guint i = 0; names && i < names->len; i++)
    {
      Clean *clean = load_middle (folder, names->pdata[i], error);

      if (!clean)
        return NULL;
      g_ptr_array_add (pictures, clean);
    }
  return names ? g_steal_pointer (&pictures) : NULL;
}

static int
ascending (const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

/* One row: the pictures spoiled by a degradation (NULL: as they are), then clipped and rounded to 8 bit if
 * they are to be as files have them. */
static void
measure (const char *label, const AeDegradation *degradation, gboolean as_file, const GPtrArray *pictures)
{
  double levels = 0, estimates = 0, errors = 0, worst = 0;
  g_autofree double *ratios = g_new (double, pictures->len);

  for (guint i = 0; i < pictures->len; i++)
    {
      const Clean *clean = pictures->pdata[i];
      const gsize n = (gsize)clean->width * (gsize)clean->height;
      g_autofree float *spoiled = g_memdup2 (clean->planes, 3 * n * sizeof (float));
      g_autofree float *sigma = g_new0 (float, n);
      AeRandom random = ae_random (SEED, i, AE_RANDOM_NOISE);
      double level, estimate;

      if (degradation)
        ae_degrade_clean (degradation, &random, spoiled, clean->width, clean->height);
      if (degradation)
        ae_degrade (degradation, &random, spoiled, sigma, clean->width, clean->height);
      level = 255 * (double)sigma[0];
      for (gsize k = 0; as_file && k < 3 * n; k++)
        spoiled[k] = floorf (CLAMP (spoiled[k], 0, 1) * 255 + 0.5f) / 255;
      estimate = ae_noise_estimate (spoiled, NULL, 3, clean->width, clean->height);
      levels += level / pictures->len;
      estimates += estimate / pictures->len;
      ratios[i] = level > 0 ? estimate / level : 0;
      errors += fabs (ratios[i] - 1) / pictures->len;
      worst = MAX (worst, level > 0 ? fabs (ratios[i] - 1) : estimate);
    }
  qsort (ratios, pictures->len, sizeof *ratios, ascending);
  if (degradation)
    printf ("| %s | %.2f | %.2f | %.2f | %.1f %% | %.1f %% |\n", label, levels, estimates,
            ratios[pictures->len / 2], 100 * errors, 100 * worst);
  else
    printf ("| %s | 0 | %.2f | | | at most %.2f |\n", label, estimates, worst);
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  static const float levels[] = { 5, 10, 15, 25, 35, 50 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pictures = NULL;
  g_autoptr (AeRecipe) recipe = NULL;

  if (argc < 2 || argc > 3)
    {
      fprintf (stderr, "usage: %s FOLDER [RECIPE]\n", argv[0]);
      return EXIT_FAILURE;
    }
  pictures = load_folder (argv[1], &error);
  if (pictures && argc == 3)
    recipe = ae_recipe_load (argv[2], &error);
  if (error)
    {
      fprintf (stderr, "%s\n", error->message);
      return EXIT_FAILURE;
    }
  printf ("%u pictures\n\n| noise | true level | estimate | median ratio | mean error | largest error |\n"
          "| --- | --- | --- | --- | --- | --- |\n",
          pictures->len);
  measure ("none", NULL, TRUE, pictures);
  for (gsize i = 0; !recipe && i < G_N_ELEMENTS (levels); i++)
    {
      AeDegradation gaussian
        = { .told_lo = 1,
            .told_hi = 1,
            .n_steps = 1,
            .steps = { { .kind = AE_DEGRADE_GAUSSIAN, .lo = { levels[i] }, .hi = { levels[i] } } } };
      g_autofree char *label = g_strdup_printf ("Gaussian, σ %g", (double)levels[i]);
      g_autofree char *unclipped = g_strdup_printf ("%s, not clipped", label);

      measure (label, &gaussian, TRUE, pictures);
      measure (unclipped, &gaussian, FALSE, pictures);
    }
  for (guint i = 0; recipe && i < recipe->degradations->len; i++)
    {
      AeDegradation degradation = *(const AeDegradation *)recipe->degradations->pdata[i];

      degradation.told_lo = degradation.told_hi = 1; /* the true level */
      if (!degradation.gray && degradation.scale <= 1)
        measure (degradation.name, &degradation, TRUE, pictures);
    }
  return EXIT_SUCCESS;
}
