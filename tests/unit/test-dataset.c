/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-dataset.c - packed training pictures: what is written is read, what is wrong is refused. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>
#include <glib.h>
#include <glib/gstdio.h>

#include <ae/error.h>
#include <ae/tensor-file.h>

#include "train/dataset.h"

static char *folder, *path;

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
set_up (void)
{
  folder = g_dir_make_tmp ("ae-test-XXXXXX", NULL);
  ck_assert_ptr_nonnull (folder);
  path = g_build_filename (folder, "data.safetensors", NULL);
}

static void
tear_down (void)
{
  g_unlink (path);
  ck_assert_int_eq (g_rmdir (folder), 0); /* nothing else was left there */
  g_free (path);
  g_free (folder);
}

static guint8 *
picture (int width, int height, int seed)
{
  guint8 *rgb = g_new (guint8, width * height * 3);

  for (int i = 0; i < width * height * 3; i++)
    rgb[i] = (guint8)(i * 31 + seed);
  return rgb;
}

static void
add (AeDatasetWriter *writer, const char *name, int width, int height, int seed)
{
  GError *error = NULL;

  ck_assert (ae_dataset_writer_add (writer, name, picture (width, height, seed), width, height, &error));
  ck_assert_ptr_null (error);
}

static void
expect_error (GError *error, AeError code, const char *part)
{
  ck_assert_ptr_nonnull (error);
  ck_assert_msg (g_error_matches (error, AE_ERROR, (int)code), "code %d: %s", error->code, error->message);
  ck_assert_msg (strstr (error->message, part) != NULL, "“%s” is not in: %s", part, error->message);
  g_error_free (error);
}

static void
write_three (void)
{
  g_autoptr (AeDatasetWriter) writer = ae_dataset_writer_new ();
  GError *error = NULL;

  add (writer, "b.png", 5, 3, 1);
  add (writer, "a/é.jpg", 1, 7, 2);
  add (writer, "c", 64, 2, 3);
  ck_assert_int_eq (ae_dataset_writer_n_images (writer), 3);
  ck_assert (ae_dataset_writer_save (writer, path, NULL, &error));
  ck_assert_ptr_null (error);
}

/* Pixels that wait in a file instead of in memory come to the same bytes, and no file is left. */
START_TEST (spooled_is_the_same)
{
  g_autofree char *first = NULL, *second = NULL;
  gsize n, m;

  for (int spooled = 0; spooled < 2; spooled++)
    {
      g_autoptr (AeDatasetWriter) writer = ae_dataset_writer_new ();
      GError *error = NULL;

      ck_assert (!spooled || ae_dataset_writer_spool (writer, path, &error));
      add (writer, "b", 50, 7, 1);
      add (writer, "a", 3, 90, 2);
      ck_assert (!ae_dataset_writer_add (writer, "a", picture (2, 2, 3), 2, 2, &error));
      g_clear_error (&error);
      add (writer, "c", 1, 1, 4);
      ck_assert_msg (ae_dataset_writer_save (writer, path, NULL, &error), "%s", error ? error->message : "");
      ck_assert (g_file_get_contents (path, spooled ? &second : &first, spooled ? &m : &n, NULL));
    }
  ck_assert_uint_eq (n, m);
  ck_assert_int_eq (memcmp (first, second, n), 0);
}
END_TEST

START_TEST (spool_needs_a_folder)
{
  g_autoptr (AeDatasetWriter) writer = ae_dataset_writer_new ();
  g_autofree char *nowhere = g_build_filename (folder, "nowhere", "x", NULL);
  GError *error = NULL;

  ck_assert (!ae_dataset_writer_spool (writer, nowhere, &error));
  expect_error (error, AE_ERROR_FILE, nowhere);
}
END_TEST

START_TEST (what_is_written_is_read)
{
  static const struct
  {
    const char *name;
    int width, height, seed;
  } expected[] = { { "a/é.jpg", 1, 7, 2 }, { "b.png", 5, 3, 1 }, { "c", 64, 2, 3 } };
  g_autoptr (AeDataset) dataset = NULL;
  GError *error = NULL;

  write_three ();
  dataset = ae_dataset_open (path, &error);
  ck_assert_ptr_null (error);
  ck_assert_int_eq (ae_dataset_n_images (dataset), 3);
  ck_assert_int_eq (ae_dataset_n_pixels (dataset), 7 + 15 + 128);
  for (int i = 0; i < 3; i++)
    {
      int width, height;
      const guint8 *rgb = ae_dataset_image (dataset, i, &width, &height);
      g_autofree guint8 *same = picture (expected[i].width, expected[i].height, expected[i].seed);

      ck_assert_str_eq (ae_dataset_name (dataset, i), expected[i].name);
      ck_assert_int_eq (width, expected[i].width);
      ck_assert_int_eq (height, expected[i].height);
      ck_assert_int_eq (memcmp (rgb, same, (size_t)(width * height) * 3), 0);
    }
  ck_assert_uint_eq (strlen (ae_dataset_digest (dataset)), 64);
  ck_assert (ae_dataset_verify (dataset, &error));
}
END_TEST

START_TEST (digest_tells_changed_pixels)
{
  g_autofree char *bytes = NULL;
  g_autoptr (AeDataset) dataset = NULL;
  GError *error = NULL;
  gsize length;

  write_three ();
  ck_assert (g_file_get_contents (path, &bytes, &length, NULL));
  bytes[length - 1] ^= 1;
  put (path, bytes, (gssize)length);
  dataset = ae_dataset_open (path, &error);
  ck_assert_ptr_nonnull (dataset);
  ck_assert (!ae_dataset_verify (dataset, &error));
  expect_error (error, AE_ERROR_FORMAT, "digest");
}
END_TEST

START_TEST (names_are_checked)
{
  g_autoptr (AeDatasetWriter) writer = ae_dataset_writer_new ();
  GError *error = NULL;

  add (writer, "same", 2, 2, 1);
  ck_assert (!ae_dataset_writer_add (writer, "same", picture (1, 1, 1), 1, 1, &error));
  expect_error (error, AE_ERROR_ARGUMENT, "same");
  error = NULL;
  ck_assert (!ae_dataset_writer_add (writer, "", picture (1, 1, 1), 1, 1, &error));
  expect_error (error, AE_ERROR_ARGUMENT, "not a name");
  error = NULL;
  ck_assert (!ae_dataset_writer_add (writer, "\xff", picture (1, 1, 1), 1, 1, &error));
  expect_error (error, AE_ERROR_ARGUMENT, "UTF-8");
  ck_assert_int_eq (ae_dataset_writer_n_images (writer), 1);
}
END_TEST

START_TEST (an_empty_dataset_is_not_written)
{
  g_autoptr (AeDatasetWriter) writer = ae_dataset_writer_new ();
  GError *error = NULL;

  ck_assert (!ae_dataset_writer_save (writer, path, NULL, &error));
  expect_error (error, AE_ERROR_ARGUMENT, "at least one");
  ck_assert (!g_file_test (path, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST (meta_is_added)
{
  g_autoptr (AeDatasetWriter) writer = ae_dataset_writer_new ();
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (AeTensorFile) file = NULL;

  add (writer, "x", 2, 2, 1);
  g_hash_table_insert (meta, (gpointer) "source", (gpointer) "here");
  g_hash_table_insert (meta, (gpointer) "ae.count", (gpointer) "99");
  ck_assert (ae_dataset_writer_save (writer, path, meta, NULL));
  file = ae_tensor_file_map (path, NULL);
  ck_assert_ptr_nonnull (file);
  ck_assert_str_eq (ae_tensor_file_meta (file, "source"), "here");
  ck_assert_str_eq (ae_tensor_file_meta (file, "ae.count"), "1");
}
END_TEST

/* Files that are sound tensor files, but no datasets. */
static const struct
{
  const char *kind, *format;
  gboolean digest;
  AeDType dtype;
  int rank;
  gint64 dims[3];
  AeError code;
  const char *part;
} wrong[] = {
  { NULL, "1", TRUE, AE_DTYPE_U8, 3, { 2, 2, 3 }, AE_ERROR_FORMAT, "not a dataset" },
  { "checkpoint", "1", TRUE, AE_DTYPE_U8, 3, { 2, 2, 3 }, AE_ERROR_FORMAT, "checkpoint" },
  { "dataset", "2", TRUE, AE_DTYPE_U8, 3, { 2, 2, 3 }, AE_ERROR_FORMAT, "“2”" },
  { "dataset", "1", FALSE, AE_DTYPE_U8, 3, { 2, 2, 3 }, AE_ERROR_FORMAT, "sha256" },
  { "dataset", "1", TRUE, AE_DTYPE_F32, 3, { 2, 2, 3 }, AE_ERROR_FORMAT, "expected U8" },
  { "dataset", "1", TRUE, AE_DTYPE_U8, 3, { 2, 2, 4 }, AE_ERROR_FORMAT, "“t”" },
  { "dataset", "1", TRUE, AE_DTYPE_U8, 2, { 4, 3 }, AE_ERROR_FORMAT, "“t”" },
};

START_TEST (other_files_are_refused)
{
  float zeros[16] = { 0.0f };
  AeTensor tensor = { .name = "t", .dtype = wrong[_i].dtype, .rank = wrong[_i].rank, .data = zeros };
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  GError *error = NULL;

  tensor.bytes = tensor.dtype == AE_DTYPE_F32 ? 4 : 1;
  for (int i = 0; i < AE_TENSOR_RANK_MAX; i++)
    {
      tensor.dims[i] = i < tensor.rank ? wrong[_i].dims[i] : 1;
      tensor.bytes *= (gsize)tensor.dims[i];
    }
  if (wrong[_i].kind)
    g_hash_table_insert (meta, (gpointer) "ae.kind", (gpointer)wrong[_i].kind);
  g_hash_table_insert (meta, (gpointer) "ae.format", (gpointer)wrong[_i].format);
  ck_assert (ae_tensor_file_save (path, &tensor, 1, meta, wrong[_i].digest ? "ae.sha256" : NULL, &error));
  ck_assert_ptr_null (ae_dataset_open (path, &error));
  ck_assert_ptr_nonnull (strstr (error->message, path));
  expect_error (error, wrong[_i].code, wrong[_i].part);
}
END_TEST

START_TEST (damaged_files_are_refused)
{
  g_autofree char *bytes = NULL;
  GError *error = NULL;
  gsize length;

  ck_assert_ptr_null (ae_dataset_open (path, &error));
  expect_error (error, AE_ERROR_FILE, path);

  write_three ();
  ck_assert (g_file_get_contents (path, &bytes, &length, NULL));
  for (gsize n = 0; n < length; n += 1 + n / 8)
    {
      error = NULL;
      put (path, bytes, (gssize)n);
      ck_assert_ptr_null (ae_dataset_open (path, &error));
      expect_error (error, AE_ERROR_FORMAT, path);
    }
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("dataset");
  TCase *tcase = tcase_create ("dataset");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, spooled_is_the_same);
  tcase_add_test (tcase, spool_needs_a_folder);
  tcase_add_test (tcase, what_is_written_is_read);
  tcase_add_test (tcase, digest_tells_changed_pixels);
  tcase_add_test (tcase, names_are_checked);
  tcase_add_test (tcase, an_empty_dataset_is_not_written);
  tcase_add_test (tcase, meta_is_added);
  tcase_add_loop_test (tcase, other_files_are_refused, 0, (int)G_N_ELEMENTS (wrong));
  tcase_add_test (tcase, damaged_files_are_refused);
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
