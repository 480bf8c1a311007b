/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-train-cli.c - ae-train prepare and ae-train eval as a user runs them. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include <ae/model.h>

#include "train/dataset.h"

#define SIDE 72

static char *folder, *pictures, *model, *packed;
static char *out, *err;

/* Without the wait for the disk of g_file_set_contents (). */
static void
put (const char *path_name, const char *bytes, gssize length)
{
  FILE *file = fopen (path_name, "wb");
  const size_t n = length < 0 ? strlen (bytes) : (size_t)length;

  ck_assert_ptr_nonnull (file);
  ck_assert_uint_eq (fwrite (bytes, 1, n, file), n);
  ck_assert_int_eq (fclose (file), 0);
}

static void
write_ppm (const char *name, int side, int step)
{
  g_autofree char *path = g_build_filename (pictures, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  GString *file = g_string_new (NULL);

  g_mkdir_with_parents (parent, 0777);
  g_string_printf (file, "P6\n%d %d\n255\n", side, side);
  for (int i = 0; i < side * side * 3; i++)
    g_string_append_c (file, (char)(60 + (i * step) % 120));
  put (path, file->str, (gssize)file->len);
  g_string_free (file, TRUE);
}

static void
write_text (const char *name)
{
  g_autofree char *path = g_build_filename (pictures, name, NULL);

  put (path, "not a picture\n", -1);
}

/* The identity, of scale 1. */
static void
write_model (void)
{
  static const float weights[] = { 1, 0, 0, 0, 1, 0, 0, 0, 1 };
  g_autoptr (AeGraph) graph = ae_graph_parse (
    "x = input channels=3 planes=rgb\ny = conv x out=3 kernel=1 bias=0\noutput y\n", "test", NULL);
  ck_assert_ptr_nonnull (graph);
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (meta, (gpointer) "ae.name", (gpointer) "identity");
  g_hash_table_insert (meta, (gpointer) "ae.task", (gpointer) "denoise");
  g_autoptr (AeModel) identity = ae_model_new (graph, weights, meta);
  GError *error = NULL;

  ck_assert_msg (ae_model_save (identity, model, AE_DTYPE_F32, &error), "%s", error ? error->message : "");
}

static void
set_up (void)
{
  folder = g_dir_make_tmp ("ae-test-XXXXXX", NULL);
  ck_assert_ptr_nonnull (folder);
  pictures = g_build_filename (folder, "pictures", NULL);
  model = g_build_filename (folder, "identity.safetensors", NULL);
  packed = g_build_filename (folder, "packed.safetensors", NULL);
  write_ppm ("b.ppm", SIDE, 7);
  write_ppm ("sub/a.ppm", SIDE, 3);
  write_model ();
}

static void
remove_all (const char *where)
{
  g_autoptr (GDir) dir = g_dir_open (where, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *file = g_build_filename (where, name, NULL);
      if (g_unlink (file) != 0)
        remove_all (file);
    }
  g_rmdir (where);
}

static void
tear_down (void)
{
  remove_all (folder);
  g_free (folder);
  g_free (pictures);
  g_free (model);
  g_free (packed);
  g_free (out);
  g_free (err);
}

/* Runs ae-train with the arguments, ended by NULL; returns its exit status. */
static int
run (const char *first, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  GError *error = NULL;
  va_list args;
  int status;

  g_ptr_array_add (argv, (gpointer)g_getenv ("AE_TRAIN"));
  va_start (args, first);
  for (const char *arg = first; arg; arg = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer)arg);
  va_end (args);
  g_ptr_array_add (argv, NULL);
  g_clear_pointer (&out, g_free);
  g_clear_pointer (&err, g_free);
  ck_assert_msg (
    g_spawn_sync (NULL, (char **)argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, &error),
    "%s", error ? error->message : "");
  ck_assert_msg (WIFEXITED (status), "ae-train was killed");
  return WEXITSTATUS (status);
}

/* One line on stderr that names what is wrong, nothing on stdout. */
static void
expect_failure (int status, const char *part)
{
  const char *newline = strchr (err, '\n');

  ck_assert_int_eq (status, 1);
  ck_assert_msg (newline && !newline[1], "not one line: %s", err);
  ck_assert_msg (strstr (err, part) != NULL, "“%s” is not in: %s", part, err);
  ck_assert_str_eq (out, "");
}

START_TEST (prepare_packs_a_tree)
{
  g_autoptr (AeDataset) dataset = NULL;
  GError *error = NULL;
  int width, height;

  write_text ("notes.txt");
  write_ppm ("tiny.ppm", 8, 1);
  ck_assert_int_eq (run ("prepare", pictures, packed, NULL), 0);
  ck_assert_ptr_nonnull (strstr (err, "notes.txt: not a picture"));
  ck_assert_ptr_nonnull (strstr (err, "tiny.ppm: 8 × 8 pixels"));
  ck_assert_ptr_nonnull (strstr (out, "2 pictures"));
  dataset = ae_dataset_open (packed, &error);
  ck_assert_ptr_null (error);
  ck_assert_int_eq (ae_dataset_n_images (dataset), 2);
  ck_assert_str_eq (ae_dataset_name (dataset, 0), "b.ppm");
  ck_assert_str_eq (ae_dataset_name (dataset, 1), "sub/a.ppm");
  const guint8 *rgb = ae_dataset_image (dataset, 1, &width, &height);
  ck_assert_int_eq (width, SIDE);
  ck_assert_int_eq (height, SIDE);
  for (int i = 0; i < SIDE * SIDE * 3; i++)
    ck_assert_uint_eq (rgb[i], (guint)(60 + (i * 3) % 120));
  ck_assert (ae_dataset_verify (dataset, &error));
}
END_TEST

START_TEST (prepare_twice_gives_the_same_bytes)
{
  g_autofree char *first = NULL, *second = NULL;
  gsize n, m;

  ck_assert_int_eq (run ("prepare", "--quiet", pictures, packed, NULL), 0);
  ck_assert_str_eq (err, "");
  ck_assert (g_file_get_contents (packed, &first, &n, NULL));
  ck_assert_int_eq (run ("prepare", "--quiet", pictures, packed, NULL), 0);
  ck_assert (g_file_get_contents (packed, &second, &m, NULL));
  ck_assert_uint_eq (n, m);
  ck_assert_int_eq (memcmp (first, second, n), 0);
}
END_TEST

START_TEST (prepare_refuses)
{
  g_autofree char *empty = g_build_filename (folder, "empty", NULL);
  g_autofree char *missing = g_build_filename (folder, "missing", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "missing", "out", NULL);

  g_mkdir (empty, 0777);
  expect_failure (run ("prepare", empty, packed, NULL), "none of the 0 files");
  expect_failure (run ("prepare", missing, packed, NULL), missing);
  expect_failure (run ("prepare", pictures, nowhere, NULL), nowhere);
  expect_failure (run ("prepare", pictures, folder, NULL), "is a folder");
  expect_failure (run ("prepare", pictures, NULL), "expected FOLDER and OUT");
  expect_failure (run ("prepare", "--min-size", "0", pictures, packed, NULL), "--min-size");
  ck_assert (!g_file_test (packed, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST (eval_prints_a_table)
{
  ck_assert_int_eq (run ("eval", "--sigma", "15,25", model, pictures, NULL), 0);
  ck_assert_str_eq (err, "");
  ck_assert_ptr_nonnull (strstr (out, "b.ppm"));
  ck_assert_ptr_nonnull (strstr (out, "sub/a.ppm"));
  ck_assert_ptr_nonnull (strstr (out, "sigma 15"));
  ck_assert_ptr_nonnull (strstr (strstr (out, "sigma 25"), "mean of 2"));
  ck_assert_int_eq (run ("eval", "--limit", "1", model, pictures, NULL), 0);
  ck_assert_ptr_nonnull (strstr (out, "mean of 1"));
  ck_assert_ptr_null (strstr (out, "sub/a.ppm"));
}
END_TEST

static double
number (JsonObject *object, const char *first, const char *second)
{
  JsonObject *inner = json_object_get_object_member (object, first);

  ck_assert_ptr_nonnull (inner);
  ck_assert (json_object_has_member (inner, second));
  return json_object_get_double_member (inner, second);
}

START_TEST (eval_prints_json)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  GError *error = NULL;

  ck_assert_int_eq (run ("eval", "--json", "--sigma", "15,25", "--threads", "1", model, pictures, NULL), 0);
  ck_assert_msg (json_parser_load_from_data (parser, out, -1, &error), "%s", error ? error->message : "");
  JsonObject *root = json_node_get_object (json_parser_get_root (parser));
  ck_assert_str_eq (json_object_get_string_member (root, "name"), "identity");
  ck_assert_str_eq (json_object_get_string_member (root, "protocol"), "gaussian");
  JsonArray *sets = json_object_get_array_member (root, "sets");
  ck_assert_uint_eq (json_array_get_length (sets), 2);
  for (guint s = 0; s < 2; s++)
    {
      JsonObject *set = json_array_get_object_element (sets, s);
      JsonArray *images = json_object_get_array_member (set, "images");
      JsonObject *mean = json_object_get_object_member (set, "mean");
      const double sigma = json_object_get_double_member (set, "sigma");
      double sum = 0.0;

      ck_assert_double_eq (sigma, s == 0 ? 15.0 : 25.0);
      ck_assert_uint_eq (json_array_get_length (images), 2);
      for (guint i = 0; i < 2; i++)
        {
          JsonObject *image = json_array_get_object_element (images, i);
          ck_assert_int_eq (json_object_get_int_member (image, "width"), SIDE);
          sum += number (image, "after", "psnr");
          /* values stay away from 0 and 255, so the identity gives the noise itself, rounded */
          ck_assert_double_eq_tol (number (image, "before", "psnr"), 20.0 * log10 (255.0 / sigma), 0.2);
          ck_assert_double_eq_tol (number (image, "after", "psnr"), number (image, "before", "psnr"), 0.1);
        }
      ck_assert_double_eq_tol (number (mean, "after", "psnr"), sum / 2.0, 1e-9);
    }
}
END_TEST

START_TEST (eval_of_pairs)
{
  write_ppm ("pairs/x_real.ppm", SIDE, 7);
  write_ppm ("pairs/x_mean.ppm", SIDE, 7);
  ck_assert_int_eq (run ("eval", "--json", "--pairs", "real,mean", "--sigma", "5", model, pictures, NULL), 0);
  ck_assert_ptr_nonnull (strstr (out, "pairs/x_real.ppm"));
  ck_assert_ptr_null (strstr (out, "x_mean.ppm"));
  ck_assert_ptr_null (strstr (out, "b.ppm"));
  /* equal pictures: infinite, which JSON cannot say */
  ck_assert_ptr_nonnull (strstr (out, "\"psnr\" : null"));

  /* the level is estimated unless it is given */
  ck_assert_int_eq (run ("eval", "--pairs", "real,mean", model, pictures, NULL), 0);
  ck_assert_ptr_nonnull (strstr (out, "sigma estimated"));

  write_ppm ("pairs/x_mean.ppm", SIDE + 1, 7);
  ck_assert_int_eq (run ("eval", "--pairs", "real,mean", "--sigma", "5", model, pictures, NULL), 1);
  ck_assert_ptr_nonnull (strstr (err, "x_mean.ppm: 73 × 73 pixels, expected 72 × 72"));
}
END_TEST

START_TEST (eval_refuses)
{
  g_autofree char *missing = g_build_filename (folder, "missing", NULL);
  g_autofree char *empty = g_build_filename (folder, "empty", NULL);
  g_autofree char *picture = g_build_filename (pictures, "b.ppm", NULL);

  g_mkdir (empty, 0777);
  expect_failure (run ("eval", model, NULL), "expected MODEL and at least one FOLDER");
  expect_failure (run ("eval", missing, pictures, NULL), missing);
  expect_failure (run ("eval", picture, pictures, NULL), picture);
  expect_failure (run ("eval", model, missing, NULL), missing);
  expect_failure (run ("eval", model, empty, NULL), "no picture");
  expect_failure (run ("eval", "--sigma", "x", model, pictures, NULL), "“x”");
  expect_failure (run ("eval", "--sigma", "-1", model, pictures, NULL), "“-1”");
  expect_failure (run ("eval", "--sigma", "nan", model, pictures, NULL), "“nan”");
  expect_failure (run ("eval", "--sigma", "10,", model, pictures, NULL), "“”");
  expect_failure (run ("eval", "--threads", "-2", model, pictures, NULL), "--threads");
  expect_failure (run ("eval", "--pairs", "real", model, pictures, NULL), "--pairs real");
  expect_failure (run ("eval", "--pairs", "real,mean", "--clip", model, pictures, NULL), "--clip");
  expect_failure (run ("eval", "--pairs", "real,mean", "--sigma", "5", model, pictures, NULL), "_real");
  expect_failure (run ("eval", "--sigma", "auto", model, pictures, NULL), "--sigma auto applies to --pairs");
  expect_failure (run ("eval", "--what", model, pictures, NULL), "--what");
}
END_TEST

START_TEST (eval_names_a_damaged_picture)
{
  write_text ("c.png");
  ck_assert_int_eq (run ("eval", "--json", model, pictures, NULL), 1);
  ck_assert_ptr_nonnull (strstr (err, "c.png: not a picture"));
  ck_assert_str_eq (out, "");
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("train-cli");
  TCase *tcase = tcase_create ("train-cli");
  SRunner *runner;
  int failed;

  if (!g_getenv ("AE_TRAIN"))
    {
      puts ("1..0 # SKIP AE_TRAIN does not name the program");
      return 0;
    }
  runner = srunner_create (suite);
  tcase_set_timeout (tcase, 120);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, prepare_packs_a_tree);
  tcase_add_test (tcase, prepare_twice_gives_the_same_bytes);
  tcase_add_test (tcase, prepare_refuses);
  tcase_add_test (tcase, eval_prints_a_table);
  tcase_add_test (tcase, eval_prints_json);
  tcase_add_test (tcase, eval_of_pairs);
  tcase_add_test (tcase, eval_refuses);
  tcase_add_test (tcase, eval_names_a_damaged_picture);
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
