/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* train-patches.c - ae-train patches: cuts small pictures from the photographs of a folder. */

#include "ae-train.h"

#include <ae/error.h>
#include <glib.h>
#include <stdio.h>

#include "train/file-list.h"
#include "train/idx.h"
#include "train/images.h"
#include "train/random.h"

typedef struct
{
  int size, count, shrink;
  gint64 seed;
  gboolean color;
} Options;

static int
failed (GError *error)
{
  fprintf (stderr, "ae-train patches: %s\n", error->message);
  g_error_free (error);
  return 1;
}

/* Mean of shrink x shrink pixels: of a color, or luma (BT.601) for plane < 0. */
static guint8
value_at (const guint8 *rgb, int width, int x, int y, int shrink, int plane)
{
  const guint64 weights[4][3] = { { 299, 587, 114 }, { 1000, 0, 0 }, { 0, 1000, 0 }, { 0, 0, 1000 } };
  const guint64 *w = weights[plane + 1];
  guint64 sum = 0, area = (guint64)shrink * (guint64)shrink;

  for (int dy = 0; dy < shrink; dy++)
    for (int dx = 0; dx < shrink; dx++)
      {
        const guint8 *p = rgb + 3 * ((gsize)(y + dy) * (gsize)width + (gsize)(x + dx));

        sum += w[0] * p[0] + w[1] * p[1] + w[2] * p[2];
      }
  return (guint8)((sum + 500 * area) / (1000 * area));
}

static void
append_plane (const guint8 *rgb, int width, int x0, int y0, const Options *o, int plane, GByteArray *pixels)
{
  for (int y = 0; y < o->size; y++)
    for (int x = 0; x < o->size; x++)
      {
        guint8 value = value_at (rgb, width, x0 + x * o->shrink, y0 + y * o->shrink, o->shrink, plane);

        g_byte_array_append (pixels, &value, 1);
      }
}

/* Appends patches at random places; FALSE if the picture is too small. */
static gboolean
cut (const guint8 *rgb, int width, int height, const Options *o, guint64 index, GByteArray *pixels)
{
  AeRandom random = ae_random ((guint64)o->seed, index, AE_RANDOM_CROP);
  int side = o->size * o->shrink;

  if (MIN (width, height) < side)
    return FALSE;
  for (int i = 0; i < o->count; i++)
    {
      int x0 = ae_random_int (&random, width - side + 1), y0 = ae_random_int (&random, height - side + 1);

      for (int plane = o->color ? 0 : -1; plane < (o->color ? 3 : 0); plane++)
        append_plane (rgb, width, x0, y0, o, plane, pixels);
    }
  return TRUE;
}

static gboolean
patches (const Options *o, const char *folder, const char *out, GError **error)
{
  g_autoptr (GPtrArray) files = ae_file_list (folder, error);
  g_autoptr (GByteArray) pixels = g_byte_array_new ();
  int channels = o->color ? 3 : 1;
  gsize area = (gsize)channels * (gsize)o->size * (gsize)o->size;
  guint used = 0;

  if (!files)
    return FALSE;
  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, g_ptr_array_index (files, i), NULL);
      g_autofree guint8 *rgb = NULL;
      g_autoptr (GError) why = NULL;
      int width, height;

      if (pixels->len + area * (gsize)o->count > AE_IDX_BYTES_MAX)
        {
          g_set_error (error, AE_ERROR, AE_ERROR_LIMIT, "%s: more than %" G_GSIZE_FORMAT " bytes of patches",
                       folder, AE_IDX_BYTES_MAX);
          return FALSE;
        }
      if (!ae_image_load_rgb8 (path, &rgb, &width, &height, &why))
        fprintf (stderr, "skipped: %s\n", why->message);
      else if (!cut (rgb, width, height, o, i, pixels))
        fprintf (stderr, "skipped: %s: %d × %d pixels, expected at least %d each\n", path, width, height,
                 o->size * o->shrink);
      else
        used++;
    }
  if (used == 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: none of the %u files below is a usable picture",
                   folder, files->len);
      return FALSE;
    }
  if (!ae_idx_save (pixels->data, (int)(pixels->len / area), channels, o->size, o->size, out, error))
    return FALSE;
  printf ("%s: %zu patches of %d × %d pixels from %u pictures\n", out, pixels->len / area, o->size, o->size,
          used);
  return TRUE;
}

int
ae_train_patches_main (int argc, char **argv)
{
  Options o = { .size = 28, .count = 500, .shrink = 1, .seed = 1 };
  const GOptionEntry entries[] = {
    { "size", 0, 0, G_OPTION_ARG_INT, &o.size, "Side of a patch in pixels (28)", "N" },
    { "count", 0, 0, G_OPTION_ARG_INT, &o.count, "Patches of each picture (500)", "N" },
    { "shrink", 0, 0, G_OPTION_ARG_INT, &o.shrink, "Each pixel is the mean of N x N (1)", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &o.seed, "Of the places (1)", "N" },
    { "color", 0, 0, G_OPTION_ARG_NONE, &o.color, "Keep the colors (else gray)", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("FOLDER OUT");
  GError *error = NULL;

  g_option_context_set_summary (context,
                                "Cuts patches at random places of the pictures below FOLDER and\n"
                                "writes them to OUT in the IDX format of MNIST, as examples for fit.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return failed (error);
  if (argc != 3 || o.size < 1 || o.size > 256 || o.count < 1 || o.count > 100000 || o.shrink < 1
      || o.shrink > 64)
    {
      fputs ("Usage: ae-train patches [--size N] [--count N] [--shrink N] [--seed N] [--color] FOLDER OUT\n",
             stderr);
      return 1;
    }
  return patches (&o, argv[1], argv[2], &error) ? 0 : failed (error);
}
