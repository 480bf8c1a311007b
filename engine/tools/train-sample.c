/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* train-sample.c - ae-train sample: a sheet with what the degradations of a recipe make of a picture. */

#include "ae-train.h"

#include <stdio.h>
#include <string.h>

#include <ae/error.h>

#include "canvas.h"
#include "train/images.h"
#include "train/recipe.h"

#define GAP 8
#define TITLE 40
#define LABEL 44 /* above each strip */
#define BELOW 18 /* a tile's noise level */

typedef struct
{
  int size, draws;
  gint64 first;
} Options;

/* The middle of a picture, [3][size][size]. */
static float *
cut_middle (const guint8 *rgb, int width, int height, int size)
{
  gsize plane = (gsize)size * (gsize)size;
  float *planes = g_new (float, 3 * plane);
  int x0 = (width - size) / 2, y0 = (height - size) / 2;

  for (int y = 0; y < size; y++)
    for (int x = 0; x < size; x++)
      for (int c = 0; c < 3; c++)
        planes[(gsize)c * plane + (gsize)y * (gsize)size + (gsize)x]
          = (float)rgb[3 * ((gsize)(y0 + y) * (gsize)width + (gsize)(x0 + x)) + (gsize)c] / 255;
  return planes;
}

static void
draw_tile (AeCanvas *canvas, int x, int y, const float *planes, int width, int height, int zoom,
           const char *label)
{
  g_autofree guint8 *rgb = ae_canvas_bytes (planes, width, height);

  ae_canvas_picture (canvas, x, y, rgb, width, height, zoom);
  ae_canvas_text (canvas, x, y + height * zoom + 14, 12, 0.35, label);
}

static char *
describe (const AeDegradation *d, double total)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text, "%.0f %%: ", 100 * d->weight / MAX (total, 1e-9));
  for (int s = 0; s < d->n_steps; s++)
    {
      const AeDegradeInfo *info = ae_degrade_info (d->steps[s].kind);

      g_string_append_printf (text, "%s%s", s ? ", then " : "", info->name);
      for (int p = 0; p < info->n_params; p++)
        if (d->steps[s].lo[p] < d->steps[s].hi[p])
          g_string_append_printf (text, " %s %g–%g", info->params[p].name, (double)d->steps[s].lo[p],
                                  (double)d->steps[s].hi[p]);
        else
          g_string_append_printf (text, " %s %g", info->params[p].name, (double)d->steps[s].lo[p]);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
draw_strip (AeCanvas *canvas, const Options *o, const AeRecipe *r, const AeDegradation *d, const float *clean,
            int y, double total)
{
  gsize plane = (gsize)o->size * (gsize)o->size;
  g_autofree float *own = g_new (float, 3 * plane), *spoiled = g_new (float, 3 * plane),
                   *sigma = g_new (float, plane);
  g_autofree char *text = describe (d, total);

  ae_canvas_text (canvas, GAP, y + 18, 15, 0, d->name);
  ae_canvas_text (canvas, GAP, y + 36, 12, 0.35, text);
  for (int i = 0; i < o->draws; i++)
    {
      AeRandom random = ae_random (r->seed, (guint64)o->first + (guint64)i, AE_RANDOM_NOISE);
      g_autofree char *label = NULL;
      int width = o->size, height = o->size;

      memcpy (own, clean, 3 * plane * sizeof (float));
      ae_degrade_clean (d, &random, own, o->size, o->size);
      if (i == 0)
        draw_tile (canvas, GAP, y + LABEL, own, o->size, o->size, 1, "clean");
      memcpy (spoiled, own, 3 * plane * sizeof (float));
      ae_degrade (d, &random, spoiled, sigma, width, height);
      if (d->scale > 1)
        width = height = o->size / d->scale;
      label = g_strdup_printf ("σ %.1f", (double)sigma[0] * 255);
      draw_tile (canvas, GAP + (i + 1) * (o->size + GAP), y + LABEL, spoiled, width, height, o->size / width,
                 label);
    }
}

static gboolean
sample (const Options *o, const char *recipe_path, const char *picture, const char *out, GError **error)
{
  g_autoptr (AeRecipe) r = ae_recipe_load (recipe_path, error);
  g_autoptr (AeCanvas) canvas = NULL;
  g_autofree guint8 *rgb = NULL;
  g_autofree float *clean = NULL;
  g_autofree char *base = g_path_get_basename (picture), *title = NULL;
  int width, height, strip = LABEL + o->size + BELOW + GAP;
  double total = 0;

  if (!r || !ae_image_load_rgb8 (picture, &rgb, &width, &height, error))
    return FALSE;
  if (MIN (width, height) < o->size)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: %d × %d pixels, expected at least %d each",
                   picture, width, height, o->size);
      return FALSE;
    }
  clean = cut_middle (rgb, width, height, o->size);
  canvas = ae_canvas_new (GAP + (o->draws + 1) * (o->size + GAP), TITLE + strip * (int)r->degradations->len,
                          error);
  if (!canvas)
    return FALSE;
  title = g_strdup_printf ("%s: degradations of %s", r->name, base);
  ae_canvas_text (canvas, GAP, 28, 20, 0, title);
  for (guint i = 0; i < r->degradations->len; i++)
    total += ((const AeDegradation *)r->degradations->pdata[i])->weight;
  for (guint i = 0; i < r->degradations->len; i++)
    draw_strip (canvas, o, r, r->degradations->pdata[i], clean, TITLE + strip * (int)i, total);
  return ae_canvas_save (canvas, out, error);
}

int
ae_train_sample_main (int argc, char **argv)
{
  Options options = { .size = 144, .draws = 4 };
  const GOptionEntry entries[] = {
    { "size", 's', 0, G_OPTION_ARG_INT, &options.size,
      "Side of the part that is shown, a multiple of 12 (144)", "N" },
    { "draws", 'n', 0, G_OPTION_ARG_INT, &options.draws, "Draws of each degradation (4)", "N" },
    { "first", 0, 0, G_OPTION_ARG_INT64, &options.first, "Number of the first draw (0)", "N" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("RECIPE PICTURE OUT.png");
  g_autoptr (GError) error = NULL;

  g_set_prgname ("ae-train sample");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (context,
                                "Draws what the degradations of RECIPE make of the middle of PICTURE.");
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      fprintf (stderr, "ae-train sample: %s\n", error->message);
      return 1;
    }
  if (argc != 4)
    {
      fprintf (stderr, "ae-train sample: expected RECIPE, PICTURE and OUT.png, found %d arguments\n",
               argc - 1);
      return 1;
    }
  if (options.size < 24 || options.size > 1020 || options.size % 12 || options.draws < 1 || options.draws > 30
      || options.first < 0)
    {
      fprintf (
        stderr,
        "ae-train sample: expected --size a multiple of 12 from 24 to 1020, --draws 1 to 30, --first at "
        "least 0\n");
      return 1;
    }
  if (!sample (&options, argv[1], argv[2], argv[3], &error))
    {
      fprintf (stderr, "ae-train sample: %s\n", error->message);
      return 1;
    }
  return 0;
}
