/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* train-prepare.c - ae-train prepare: packs the photographs of a folder for training. */

#include "ae-train.h"

#include <stdio.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include <ae/error.h>

#include "train/dataset.h"
#include "train/file-list.h"
#include "train/images.h"

typedef struct
{
  int min_size;
  gboolean quiet;
} Options;

/* Decoding takes minutes: an output that cannot be written is found before. */
static gboolean
check_output (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: is a folder, expected a file to write", path);
  else if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: there is no folder %s", path, folder);
  else if (g_access (folder, W_OK) != 0)
    g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: the folder %s is not writable", path, folder);
  else
    return TRUE;
  return FALSE;
}

static void
show_progress (const Options *options, guint done, guint total, int images)
{
  const gboolean terminal = isatty (STDERR_FILENO);

  if (options->quiet || (!terminal && done % 100 != 0 && done != total))
    return;
  fprintf (stderr, "%s%u of %u files, %d pictures%s", terminal ? "\r" : "", done, total, images,
           terminal && done != total ? "" : "\n");
  fflush (stderr);
}

static gboolean
add_file (AeDatasetWriter *writer, const char *folder, const char *name, int min_size, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  guint8 *rgb;
  int width, height;

  if (!ae_image_load_rgb8 (path, &rgb, &width, &height, error))
    return FALSE;
  if (MIN (width, height) < min_size)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: %d × %d pixels, expected at least %d each", path,
                   width, height, min_size);
      g_free (rgb);
      return FALSE;
    }
  return ae_dataset_writer_add (writer, name, rgb, width, height, error);
}

static gboolean
prepare (const Options *options, const char *folder, const char *out, GError **error)
{
  g_autoptr (AeDatasetWriter) writer = ae_dataset_writer_new ();
  g_autoptr (AeDataset) check = NULL;
  g_autoptr (GPtrArray) files = NULL;
  guint skipped = 0;

  if (!check_output (out, error))
    return FALSE;
  files = ae_file_list (folder, error);
  if (!files)
    return FALSE;
  for (guint i = 0; i < files->len; i++)
    {
      g_autoptr (GError) why = NULL;
      if (!add_file (writer, folder, g_ptr_array_index (files, i), options->min_size, &why))
        {
          if (g_error_matches (why, AE_ERROR, AE_ERROR_MEMORY))
            {
              g_propagate_error (error, g_steal_pointer (&why));
              return FALSE;
            }
          fprintf (stderr, "%sskipped: %s\n", isatty (STDERR_FILENO) ? "\r" : "", why->message);
          skipped++;
        }
      show_progress (options, i + 1, files->len, ae_dataset_writer_n_images (writer));
    }
  if (ae_dataset_writer_n_images (writer) == 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: none of the %u files below is a usable picture",
                   folder, files->len);
      return FALSE;
    }
  if (!ae_dataset_writer_save (writer, out, NULL, error))
    return FALSE;

  check = ae_dataset_open (out, error);
  if (!check)
    return FALSE;
  printf ("%s: %d pictures, %.1f megapixels, %u files skipped, sha256 %s\n", out, ae_dataset_n_images (check),
          (double)ae_dataset_n_pixels (check) / 1e6, skipped, ae_dataset_digest (check));
  return TRUE;
}

int
ae_train_prepare_main (int argc, char **argv)
{
  Options options = { .min_size = 64 };
  const GOptionEntry entries[]
    = { { "min-size", 0, 0, G_OPTION_ARG_INT, &options.min_size,
          "Skip pictures with a side shorter than N pixels (64)", "N" },
        { "quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "No progress on stderr", NULL },
        { NULL } };
  g_autoptr (GOptionContext) context = g_option_context_new ("FOLDER OUT");
  g_autoptr (GError) error = NULL;

  g_set_prgname ("ae-train prepare");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (context, "Decodes the JPEG, PNG, TIFF and WebP files below FOLDER and packs\n"
                                         "them as 8-bit R'G'B' in one file OUT for ae-train fit.");
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      fprintf (stderr, "ae-train prepare: %s\n", error->message);
      return 1;
    }
  if (argc != 3)
    {
      fprintf (stderr, "ae-train prepare: expected FOLDER and OUT, found %d arguments (--help explains)\n",
               argc - 1);
      return 1;
    }
  if (options.min_size < 1)
    {
      fprintf (stderr, "ae-train prepare: --min-size is %d, expected at least 1\n", options.min_size);
      return 1;
    }
  if (!prepare (&options, argv[1], argv[2], &error))
    {
      fprintf (stderr, "ae-train prepare: %s\n", error->message);
      return 1;
    }
  return 0;
}
