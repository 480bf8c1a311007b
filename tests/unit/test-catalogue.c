/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-catalogue.c - folders of models, good and bad. */

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <glib/gstdio.h>
#include <ae/error.h>
#include "core/catalogue.h"

typedef struct
{
  char *root, *user, *installed;
} Folders;

static Folders folders;

static void
make_model (const char *folder, const char *name, const char *task, const char *description)
{
  g_autofree char *file = g_strconcat (name, ".safetensors", NULL),
                  *path = g_build_filename (folder, file, NULL);
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  const float params[] = { 1, 0, 0, 0, 1, 0, 0, 0, 1 };
  const gboolean larger = strcmp (task, "upscale") == 0;
  g_autofree char *text
    = g_strdup_printf ("x = input channels=3 planes=rgb\nc = conv x out=3 kernel=1 bias=0\n%s",
                       larger ? "u = up c factor=2\noutput u\n" : "output c\n");
  g_autoptr (AeGraph) graph = ae_graph_parse (text, name, NULL);
  g_autoptr (AeModel) model = NULL;
  g_autoptr (GError) error = NULL;

  g_hash_table_insert (meta, (gpointer) "ae.task", (gpointer)task);
  g_hash_table_insert (meta, (gpointer) "ae.name", (gpointer)name);
  g_hash_table_insert (meta, (gpointer) "ae.description", (gpointer)description);
  g_hash_table_insert (meta, (gpointer) "ae.license", (gpointer) "CC0-1.0");
  model = ae_model_new (graph, params, meta);
  ae_model_save (model, path, AE_DTYPE_F32, &error);
  ck_assert_msg (error == NULL, "%s", error->message);
}

static void
make_file (const char *folder, const char *file, const char *content, gssize length)
{
  g_autofree char *path = g_build_filename (folder, file, NULL);

  ck_assert (g_file_set_contents (path, content, length, NULL));
}

static void
set_up (void)
{
  folders.root = g_dir_make_tmp ("ae-catalogue-XXXXXX", NULL);
  folders.user = g_build_filename (folders.root, "gimp-autoencoder", "models", NULL);
  folders.installed = g_build_filename (folders.root, "installed", NULL);
  g_mkdir_with_parents (folders.user, 0755);
  g_mkdir_with_parents (folders.installed, 0755);
}

static void
remove_folder (const char *path)
{
  GDir *dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (g_file_test (file, G_FILE_TEST_IS_DIR) && !g_file_test (file, G_FILE_TEST_IS_SYMLINK))
        remove_folder (file);
      else
        g_unlink (file);
    }
  g_clear_pointer (&dir, g_dir_close);
  g_rmdir (path);
}

static void
tear_down (void)
{
  remove_folder (folders.root);
  g_free (folders.root);
  g_free (folders.user);
  g_free (folders.installed);
}

static AeCatalogue *
scan (void)
{
  const char *const list[] = { folders.user, folders.installed, "/nonexistent", "", NULL };

  return ae_catalogue_new_for_folders (list, folders.user);
}

START_TEST (test_none)
{
  g_autoptr (AeCatalogue) catalogue = scan ();
  g_autoptr (GError) error = NULL;

  ck_assert_uint_eq (ae_catalogue_n_entries (catalogue), 0);
  ck_assert (ae_catalogue_default (catalogue, "denoise") == NULL);
  ck_assert (ae_catalogue_load (catalogue, NULL, "denoise", &error) == NULL);
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_ARGUMENT));
  ck_assert_ptr_nonnull (strstr (error->message, "denoise"));
  g_clear_error (&error);
  ck_assert (ae_catalogue_load (catalogue, "fast", "denoise", &error) == NULL);
  ck_assert_ptr_nonnull (strstr (error->message, "none"));
}
END_TEST

/* Repairing JPEG is offered where noise is removed, but never taken unasked. */
START_TEST (test_jpeg)
{
  g_autoptr (AeCatalogue) catalogue = NULL;
  g_autoptr (AeModel) model = NULL;
  g_autoptr (GError) error = NULL;

  make_model (folders.installed, "repair", "jpeg", "installed");
  make_model (folders.installed, "larger", "upscale", "installed");
  catalogue = scan ();
  ck_assert (ae_catalogue_default (catalogue, "denoise") == NULL);
  model = ae_catalogue_load (catalogue, "repair", "denoise", &error);
  ck_assert_msg (model != NULL, "%s", error ? error->message : "");
  ck_assert (ae_catalogue_load (catalogue, "repair", "upscale", &error) == NULL);
  g_clear_error (&error);
  ck_assert (ae_catalogue_load (catalogue, "larger", "denoise", &error) == NULL);
}
END_TEST

START_TEST (test_entries)
{
  g_autoptr (AeCatalogue) catalogue = NULL;
  const char *const names[] = { "a", "b", "denoise-fast", "larger", "repair" };
  const AeCatalogueEntry *e;

  make_model (folders.installed, "denoise-fast", "denoise", "installed");
  make_model (folders.installed, "b", "denoise", "installed");
  make_model (folders.installed, "larger", "upscale", "installed");
  make_model (folders.installed, "repair", "jpeg", "installed");
  make_model (folders.user, "a", "denoise", "two\nlines");
  make_model (folders.user, "b", "denoise", "mine");
  make_file (folders.user, "notes.txt", "no model", -1);
  make_file (folders.user, ".hidden.safetensors", "no model", -1);
  catalogue = scan ();
  ck_assert_uint_eq (ae_catalogue_n_entries (catalogue), G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      ck_assert_str_eq (ae_catalogue_nth (catalogue, i)->name, names[i]);
      ck_assert (ae_catalogue_nth (catalogue, i)->problem == NULL);
    }
  e = ae_catalogue_find (catalogue, "b");
  ck_assert (e->user);
  ck_assert_str_eq (e->description, "mine");
  ck_assert_str_eq (e->task, "denoise");
  ck_assert_str_eq (e->license, "CC0-1.0");
  ck_assert (e->version == NULL);
  ck_assert_int_eq (e->scale, 1);
  ck_assert_int_gt (e->size, 100);
  ck_assert_double_eq (e->macs, 9);
  e = ae_catalogue_find (catalogue, "denoise-fast");
  ck_assert (!e->user);
  ck_assert (ae_catalogue_default (catalogue, "denoise") == e);
  ck_assert_str_eq (ae_catalogue_default (catalogue, "upscale")->name, "larger");
  ck_assert (ae_catalogue_find (catalogue, "c") == NULL);
}
END_TEST

START_TEST (test_default)
{
  g_autoptr (AeCatalogue) catalogue = NULL;

  make_model (folders.installed, "z", "denoise", "");
  make_model (folders.installed, "y", "denoise", "");
  make_file (folders.installed, "denoise-fast.safetensors", "broken", -1);
  catalogue = scan ();
  ck_assert_str_eq (ae_catalogue_default (catalogue, "denoise")->name, "y");
}
END_TEST

START_TEST (test_broken)
{
  g_autofree char *path = g_build_filename (folders.installed, "good.safetensors", NULL), *bytes = NULL;
  g_autofree char *folder = g_build_filename (folders.user, "folder.safetensors", NULL);
  g_autofree char *link = g_build_filename (folders.user, "link.safetensors", NULL);
  g_autofree char *old = NULL;
  g_autoptr (AeCatalogue) catalogue = NULL;
  gsize length;
  char *at;

  make_model (folders.installed, "good", "denoise", "");
  ck_assert (g_file_get_contents (path, &bytes, &length, NULL));
  make_file (folders.user, "empty.safetensors", "", 0);
  make_file (folders.user, "text.safetensors", "this is not a model at all", -1);
  make_file (folders.user, "short.safetensors", bytes, (gssize)length - 1);
  make_file (folders.user, "b\xff\xfe.safetensors", bytes, 20);
  old = g_malloc (length);
  memcpy (old, bytes, length);
  at = g_strstr_len (old + 8, (gssize)length - 8, "\"ae.format\":\"1\"");
  ck_assert (at != NULL);
  at[13] = '7';
  make_file (folders.user, "future.safetensors", old, (gssize)length);
  at[13] = '1';
  at = g_strstr_len (old + 8, (gssize)length - 8, "kernel=1");
  ck_assert (at != NULL);
  at[7] = '3';
  make_file (folders.user, "shape.safetensors", old, (gssize)length);
  g_mkdir (folder, 0755);
  ck_assert_int_eq (symlink ("/nonexistent", link), 0);
  catalogue = scan ();
  ck_assert_uint_eq (ae_catalogue_n_entries (catalogue), 9);
  for (guint i = 0; i < 9; i++)
    {
      const AeCatalogueEntry *e = ae_catalogue_nth (catalogue, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (AeModel) model = NULL;

      ck_assert (g_utf8_validate (e->name, -1, NULL));
      model = ae_catalogue_load (catalogue, e->name, "denoise", &error);
      if (strcmp (e->name, "good") == 0)
        {
          ck_assert (e->problem == NULL && model != NULL);
          continue;
        }
      ck_assert_msg (e->problem != NULL && model == NULL, "%s", e->name);
      ck_assert_msg (!strchr (e->problem, '\n') && g_utf8_validate (e->problem, -1, NULL), "%s", e->problem);
      ck_assert (e->task == NULL);
      ck_assert (error != NULL);
    }
  ck_assert_str_eq (ae_catalogue_default (catalogue, "denoise")->name, "good");
}
END_TEST

START_TEST (test_load)
{
  g_autofree char *path = g_build_filename (folders.installed, "one.safetensors", NULL);
  g_autofree char *missing = g_build_filename (folders.installed, "two.safetensors", NULL);
  g_autofree char *bytes = NULL, *plain = g_build_filename (folders.installed, "plain", NULL);
  g_autoptr (AeCatalogue) catalogue = NULL;
  g_autoptr (GError) error = NULL;
  const char *ways[4];
  gsize length;

  make_model (folders.installed, "one", "denoise", "");
  make_model (folders.installed, "larger", "upscale", "");
  ck_assert (g_file_get_contents (path, &bytes, &length, NULL));
  make_file (folders.installed, "plain", bytes, (gssize)length);
  catalogue = scan ();
  ways[0] = NULL;
  ways[1] = "";
  ways[2] = "one";
  ways[3] = path;
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autoptr (AeModel) model = ae_catalogue_load (catalogue, ways[i], "denoise", &error);

      ck_assert (model != NULL && error == NULL);
      ck_assert_str_eq (ae_model_meta (model, "ae.name"), "one");
    }
  {
    /* a path need not have the ending, and a task need not be asked for */
    g_autoptr (AeModel) model = ae_catalogue_load (catalogue, plain, NULL, &error);

    ck_assert (model != NULL && error == NULL);
  }
  ck_assert (ae_catalogue_load (catalogue, missing, "denoise", &error) == NULL);
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_FILE));
  ck_assert_ptr_nonnull (strstr (error->message, missing));
  g_clear_error (&error);
  ck_assert (ae_catalogue_load (catalogue, "tow", "denoise", &error) == NULL);
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_ARGUMENT));
  ck_assert_ptr_nonnull (strstr (error->message, "\"tow\""));
  ck_assert_ptr_nonnull (strstr (error->message, "one"));
  ck_assert_ptr_null (strstr (error->message, "larger"));
  g_clear_error (&error);
  ck_assert (ae_catalogue_load (catalogue, "larger", "denoise", &error) == NULL);
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_ARGUMENT));
  ck_assert_ptr_nonnull (strstr (error->message, "upscale"));
}
END_TEST

/* The header is good, what follows is not: that comes to light when it is loaded. */
START_TEST (test_digest)
{
  g_autofree char *path = g_build_filename (folders.installed, "one.safetensors", NULL), *bytes = NULL;
  g_autoptr (AeCatalogue) catalogue = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  make_model (folders.installed, "one", "denoise", "");
  ck_assert (g_file_get_contents (path, &bytes, &length, NULL));
  bytes[length - 1] ^= 1;
  make_file (folders.installed, "one.safetensors", bytes, (gssize)length);
  catalogue = scan ();
  ck_assert (ae_catalogue_load (catalogue, "one", "denoise", &error) == NULL);
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_FORMAT));
}
END_TEST

START_TEST (test_environment)
{
  g_autofree char *second = g_build_filename (folders.root, "second", NULL);
  g_autofree char *path = g_strdup_printf ("%s:%s", folders.installed, second);
  g_autofree char *user = NULL;
  g_autoptr (AeCatalogue) catalogue = NULL;

  g_mkdir (second, 0755);
  make_model (folders.user, "one", "denoise", "user");
  make_model (folders.installed, "one", "denoise", "first");
  make_model (folders.installed, "two", "denoise", "first");
  make_model (second, "two", "denoise", "second");
  make_model (second, "three", "denoise", "second");
  g_setenv ("XDG_DATA_HOME", folders.root, TRUE);
  g_setenv ("AE_MODEL_PATH", path, TRUE);
  user = ae_catalogue_user_folder ();
  ck_assert_str_eq (user, folders.user);
  catalogue = ae_catalogue_new ();
  ck_assert_str_eq (ae_catalogue_find (catalogue, "one")->description, "user");
  ck_assert (ae_catalogue_find (catalogue, "one")->user);
  ck_assert_str_eq (ae_catalogue_find (catalogue, "two")->description, "first");
  ck_assert_str_eq (ae_catalogue_find (catalogue, "three")->description, "second");
  ck_assert (!ae_catalogue_find (catalogue, "three")->user);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("catalogue");
  TCase *tcase = tcase_create ("catalogue");
  SRunner *runner;
  int failed;

  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, test_none);
  tcase_add_test (tcase, test_entries);
  tcase_add_test (tcase, test_jpeg);
  tcase_add_test (tcase, test_default);
  tcase_add_test (tcase, test_broken);
  tcase_add_test (tcase, test_load);
  tcase_add_test (tcase, test_digest);
  tcase_add_test (tcase, test_environment);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
