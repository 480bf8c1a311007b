/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* record.c - what a run keeps for its report. */

#include "record.h"
#include "dataset.h"

#include <ae/error.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define KEPT 12 /* evenly over the run, besides the early ones */
#define CANDIDATES 12

void
ae_strip_cut (AeStrip *strip, const float *planes, int size, int side)
{
  gsize plane = (gsize)size * (gsize)size;
  int at;

  strip->side = MIN (side, size);
  strip->rgb = g_malloc (3 * (gsize)strip->side * (gsize)strip->side);
  at = (size - strip->side) / 2;
  for (int y = 0; y < strip->side; y++)
    for (int x = 0; x < strip->side; x++)
      for (int c = 0; c < 3; c++)
        {
          float v = planes[(gsize)c * plane + (gsize)(y + at) * (gsize)size + (gsize)(x + at)];

          strip->rgb[3 * (y * strip->side + x) + c] = (guint8)lrintf (CLAMP (v, 0, 1) * 255);
        }
}

static gboolean
add (AeDatasetWriter *writer, AeStrip *strip, const char *name, GError **error)
{
  return ae_dataset_writer_add (writer, name, g_steal_pointer (&strip->rgb), strip->side, strip->side, error);
}

static gboolean
save (AeDatasetWriter *writer, const char *folder, const char *name, GError **error)
{
  g_autofree char *pictures = g_build_filename (folder, AE_RECORD_FOLDER, NULL);
  g_autofree char *path = g_build_filename (pictures, name, NULL);

  if (g_mkdir_with_parents (pictures, 0777) != 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: cannot be made: %s", pictures, g_strerror (errno));
      return FALSE;
    }
  return ae_dataset_writer_save (writer, path, NULL, error);
}

/* Of the first samples the one with the most to see. */
static guint64
choose_sample (const AeRecipe *recipe, const AeSampler *sampler, int crop, gsize n, float *target,
               float *input, float *sigma)
{
  guint64 best = 0;
  double most = -1;

  for (guint64 index = 0; index < CANDIDATES; index++)
    {
      double sum = 0, squares = 0;

      ae_sampler_draw_with (sampler, recipe->degradations->pdata[0], index, crop, target, input, sigma);
      for (gsize i = 0; i < n; i++)
        {
          sum += (double)target[i];
          squares += (double)target[i] * (double)target[i];
        }
      squares = squares / (double)n - sum / (double)n * (sum / (double)n);
      if (squares > most)
        {
          most = squares;
          best = index;
        }
    }
  return best;
}

static gboolean
save_degradations (const char *folder, const AeRecipe *recipe, const AeSampler *sampler, GError **error)
{
  g_autoptr (AeDatasetWriter) writer = ae_dataset_writer_new ();
  int crop = ae_recipe_crop_max (recipe), side = crop * ae_graph_scale (recipe->graph);
  gsize n = 3 * (gsize)side * (gsize)side;
  g_autofree float *target = g_new (float, n), *input = g_new (float, n), *sigma = g_new (float, n);
  guint64 index;
  AeStrip strip;

  if (recipe->degradations->len == 0)
    return TRUE;
  index = choose_sample (recipe, sampler, crop, n, target, input, sigma);
  for (guint i = 0; i < recipe->degradations->len; i++)
    {
      const AeDegradation *d = recipe->degradations->pdata[i];
      g_autofree char *name = g_strdup_printf ("%03u %s", i, d->name);

      ae_sampler_draw_with (sampler, d, index, crop, target, input, sigma);
      if (i == 0)
        {
          ae_strip_cut (&strip, target, side, side);
          if (!add (writer, &strip, "clean", error))
            return FALSE;
        }
      ae_strip_cut (&strip, input, crop, crop);
      if (!add (writer, &strip, name, error))
        return FALSE;
    }
  return save (writer, folder, "degradations" AE_RECORD_SUFFIX, error);
}

static gboolean
save_given (const char *folder, const AeRecipe *recipe, const AeSampler *sampler, GError **error)
{
  g_autoptr (AeDatasetWriter) writer = ae_dataset_writer_new ();
  int size = ae_sampler_validation_size (sampler), scale = ae_graph_scale (recipe->graph);
  gsize n = 3 * (gsize)(size * scale) * (gsize)(size * scale);
  g_autofree float *target = g_new (float, n), *input = g_new (float, n), *sigma = g_new (float, n);
  AeStrip strip;

  for (int i = 0; i < MIN (ae_sampler_n_validation (sampler), AE_RECORD_STRIPS); i++)
    {
      g_autofree char *clean = g_strdup_printf ("%d clean", i), *given = g_strdup_printf ("%d input", i);

      ae_sampler_validation (sampler, i, target, input, sigma);
      ae_strip_cut (&strip, target, size * scale, AE_RECORD_SIDE);
      if (!add (writer, &strip, clean, error))
        return FALSE;
      ae_strip_cut (&strip, input, size, AE_RECORD_SIDE / scale);
      if (!add (writer, &strip, given, error))
        return FALSE;
    }
  return ae_sampler_n_validation (sampler) == 0 || save (writer, folder, "given" AE_RECORD_SUFFIX, error);
}

gboolean
ae_record_recipe (const char *folder, const AeRecipe *recipe, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "recipe.ini", NULL);
  g_autoptr (GError) local = NULL;

  if (g_file_set_contents (path, recipe->text, -1, &local))
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: cannot be written: %s", path, local->message);
  return FALSE;
}

gboolean
ae_record_begin (const char *folder, const AeRecipe *recipe, const AeSampler *sampler, GError **error)
{
  return save_degradations (folder, recipe, sampler, error) && save_given (folder, recipe, sampler, error)
         && ae_record_recipe (folder, recipe, error);
}

gboolean
ae_record_is_begun (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "recipe.ini", NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

gboolean
ae_record_wants (const AeRecipe *recipe, gint64 step)
{
  gint64 n = step / recipe->validate_every;
  gint64 stride = MAX (1, recipe->steps / recipe->validate_every / KEPT);

  return step == recipe->steps || (n & (n - 1)) == 0 || n % stride == 0;
}

gboolean
ae_record_strips (const char *folder, gint64 step, AeStrip *strips, GError **error)
{
  g_autoptr (AeDatasetWriter) writer = ae_dataset_writer_new ();
  g_autofree char *file = g_strdup_printf (AE_RECORD_PREFIX "%" G_GINT64_FORMAT AE_RECORD_SUFFIX, step);
  gboolean ok = TRUE;

  for (int i = 0; i < AE_RECORD_STRIPS; i++)
    if (strips[i].rgb)
      {
        g_autofree char *name = g_strdup_printf ("%d", i);

        if (ok)
          ok = add (writer, &strips[i], name, error);
        g_clear_pointer (&strips[i].rgb, g_free);
      }
  return ok && (ae_dataset_writer_n_images (writer) == 0 || save (writer, folder, file, error));
}
