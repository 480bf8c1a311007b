/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* train-prepare.c - ae-train prepare: packs the photographs of a folder for training. */

#include "ae-train.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include <ae/error.h>

#include "train/dataset.h"
#include "train/file-list.h"
#include "train/images.h"
#include "train/pairs.h"

typedef struct
{
  int min_size;
  gboolean quiet;
  char *pairs;         /* as it was given, or NULL */
  char *noisy, *clean; /* its two words */
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

/* Sets of the files' names: all, and the clean pictures of pairs.  Strings of `all` belong to files. */
typedef struct
{
  GHashTable *all, *clean;
} Names;

static void
names_init (Names *names, const Options *options, GPtrArray *files)
{
  names->all = g_hash_table_new (g_str_hash, g_str_equal);
  names->clean = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < files->len; i++)
    {
      char *name = g_ptr_array_index (files, i);
      char *clean = options->pairs ? ae_pair_clean_path (name, options->noisy, options->clean) : NULL;

      g_hash_table_add (names->all, name);
      if (clean)
        g_hash_table_add (names->clean, clean);
    }
}

static void
names_clear (Names *names)
{
  g_hash_table_unref (names->all);
  g_hash_table_unref (names->clean);
}

/* Adds a noisy picture and its clean one, under the name of the latter. */
static gboolean
add_pair (AeDatasetWriter *writer, const char *folder, const char *name, const char *clean_name, int min_size,
          GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *clean_path = g_build_filename (folder, clean_name, NULL);
  g_autofree char *packed = g_strconcat (clean_name, AE_PAIR_ENDING, NULL);
  g_autofree guint8 *noisy = NULL, *clean = NULL;
  int width, height, clean_width, clean_height;

  if (!ae_image_load_rgb8 (path, &noisy, &width, &height, error)
      || !ae_image_load_rgb8 (clean_path, &clean, &clean_width, &clean_height, error))
    return FALSE;
  if (width != clean_width || height != clean_height)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: %d × %d pixels, expected %d × %d as in %s", path,
                 width, height, clean_width, clean_height, clean_path);
  else if (MIN (width, height) < min_size)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: %d × %d pixels, expected at least %d each", path,
                 width, height, min_size);
  else
    return ae_dataset_writer_add (writer, clean_name, g_steal_pointer (&clean), width, height, error)
           && ae_dataset_writer_add (writer, packed, g_steal_pointer (&noisy), width, height, error);
  return FALSE;
}

static gboolean
add_file (AeDatasetWriter *writer, const char *folder, const char *name, const Options *options,
          const Names *names, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *clean_name
    = options->pairs ? ae_pair_clean_path (name, options->noisy, options->clean) : NULL;
  const int min_size = options->min_size;
  guint8 *rgb;
  int width, height;

  if (clean_name && !g_hash_table_contains (names->all, clean_name))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: there is no clean picture %s", path, clean_name);
      return FALSE;
    }
  if (clean_name)
    return add_pair (writer, folder, name, clean_name, min_size, error);
  if (!clean_name && g_hash_table_contains (names->clean, name))
    return TRUE; /* comes with its noisy one */
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

/* Adds all files that can be; says why the others cannot.  FALSE if there is no use in going on. */
static gboolean
add_files (AeDatasetWriter *writer, const Options *options, const char *folder, GPtrArray *files,
           guint *skipped, GError **error)
{
  Names names;
  gboolean ok = TRUE;

  names_init (&names, options, files);
  for (guint i = 0; ok && i < files->len; i++)
    {
      g_autoptr (GError) why = NULL;

      if (!add_file (writer, folder, g_ptr_array_index (files, i), options, &names, &why))
        {
          if (g_error_matches (why, AE_ERROR, AE_ERROR_MEMORY) || ae_dataset_writer_failed (writer))
            {
              g_propagate_error (error, g_steal_pointer (&why));
              ok = FALSE;
              break;
            }
          fprintf (stderr, "%sskipped: %s\n", isatty (STDERR_FILENO) ? "\r" : "", why->message);
          (*skipped)++;
        }
      show_progress (options, i + 1, files->len, ae_dataset_writer_n_images (writer));
    }
  names_clear (&names);
  return ok;
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
  if (!ae_dataset_writer_spool (writer, out, error)
      || !add_files (writer, options, folder, files, &skipped, error))
    return FALSE;
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

static gboolean
split_pairs (Options *options)
{
  g_auto (GStrv) words = g_strsplit (options->pairs, ",", -1);

  if (g_strv_length (words) != 2 || !*words[0] || !*words[1] || g_str_equal (words[0], words[1])
      || strchr (options->pairs, '/'))
    return FALSE;
  options->noisy = g_strdup (words[0]);
  options->clean = g_strdup (words[1]);
  return TRUE;
}

int
ae_train_prepare_main (int argc, char **argv)
{
  Options options = { .min_size = 64 };
  const GOptionEntry entries[]
    = { { "min-size", 0, 0, G_OPTION_ARG_INT, &options.min_size,
          "Skip pictures with a side shorter than N pixels (64)", "N" },
        { "pairs", 0, 0, G_OPTION_ARG_STRING, &options.pairs,
          "Noisy photographs NAME_A.* (or in folders A) belong to clean ones NAME_B.* (in B)", "A,B" },
        { "quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "No progress on stderr", NULL },
        { NULL } };
  g_autoptr (GOptionContext) context = g_option_context_new ("FOLDER OUT");
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_set_prgname ("ae-train prepare");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (context,
                                "Decodes the JPEG, PNG, TIFF, WebP, PNM, OpenEXR and Radiance files\n"
                                "below FOLDER and packs them as 8-bit R'G'B' in one file OUT for\n"
                                "ae-train fit.");
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
  if (options.pairs && !split_pairs (&options))
    {
      fprintf (stderr, "ae-train prepare: --pairs is %s, expected two words as in noisy,clean\n",
               options.pairs);
      return 1;
    }
  if (!prepare (&options, argv[1], argv[2], &error))
    {
      fprintf (stderr, "ae-train prepare: %s\n", error->message);
      status = 1;
    }
  g_free (options.pairs);
  g_free (options.noisy);
  g_free (options.clean);
  return status;
}
