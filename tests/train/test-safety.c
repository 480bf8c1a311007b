/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-safety.c - runs that are killed, and disks that are full. */

#include <check.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ae/error.h>
#include <ae/tensor-file.h>
#include "train/checkpoint.h"
#include "train/fit.h"
#include "train/log.h"
#include "train/random.h"

#define KILLS 20
#define STEPS 40

static const char recipe_text[]
  = "[model]\nname = tiny\ntask = denoise\n[network]\nfamily = unet\nwidths = 8\nblocks = 1\n"
    "[training]\ncrop = 16\nbatch = 3\nsteps = " G_STRINGIFY (STEPS) "\n[checkpoint]\nevery = 0\n"
                                                                     "[degradation a]\nsteps = gaussian\n";

static char *place;

static char *
in_place (const char *name)
{
  return g_build_filename (place, name, NULL);
}

static void
set_up (void)
{
  AeDatasetWriter *writer = ae_dataset_writer_new ();
  guint8 *rgb = g_malloc (3 * 48 * 40);
  g_autofree char *data = NULL;

  place = g_dir_make_tmp ("ae-safety-XXXXXX", NULL);
  data = in_place ("data.safetensors");
  for (int i = 0; i < 3 * 48 * 40; i++)
    rgb[i] = (guint8)(60 + i * 7 % 90);
  ck_assert (ae_dataset_writer_add (writer, "a.png", rgb, 48, 40, NULL));
  ck_assert (ae_dataset_writer_save (writer, data, NULL, NULL));
  ae_dataset_writer_free (writer);
}

static void
remove_folder (const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        remove_folder (path);
      else
        g_unlink (path);
    }
  if (dir)
    g_dir_close (dir);
  g_rmdir (folder);
}

static void
tear_down (void)
{
  remove_folder (place);
  g_free (place);
}

/* Trains in a process of its own, in which files may have so many bytes (0: any).  Its exit status is 0, or 1
 * after an error, whose message is put into the file "message". */
static pid_t
start_fit (const char *name, gint64 stop_after, rlim_t bytes)
{
  pid_t pid = fork ();

  ck_assert_int_ge (pid, 0);
  if (pid == 0)
    {
      g_autofree char *folder = in_place (name), *data_path = in_place ("data.safetensors");
      g_autofree char *message_path = in_place ("message");
      GError *error = NULL;
      AeRecipe *recipe = ae_recipe_parse (recipe_text, "test.ini", &error);
      AeDataset *data = ae_dataset_open (data_path, &error);
      AeFitOptions options
        = { .folder = folder, .resume = TRUE, .threads = 2, .stop_after = stop_after, .quiet = TRUE };
      struct rlimit limit = { bytes, RLIM_INFINITY };
      FILE *message = fopen (message_path, "w");

      g_mkdir (folder, 0777);
      setvbuf (message, NULL, _IONBF, 0);
      signal (SIGXFSZ, SIG_IGN);
      if (bytes)
        setrlimit (RLIMIT_FSIZE, &limit);
      if (recipe && data && ae_fit (recipe, data, &options, &error))
        _exit (0);
      fputs (error->message, message);
      _exit (1);
    }
  return pid;
}

/* Waits for it; its exit status, or minus the signal that ended it. */
static int
end_of (pid_t pid)
{
  int status = 0;

  ck_assert_int_eq (waitpid (pid, &status, 0), pid);
  return WIFSIGNALED (status) ? -WTERMSIG (status) : WEXITSTATUS (status);
}

static void
assert_same (const char *a, const char *b)
{
  g_autofree char *a_path = in_place (a), *b_path = in_place (b), *a_bytes = NULL, *b_bytes = NULL;
  gsize a_size, b_size;

  ck_assert_msg (g_file_get_contents (a_path, &a_bytes, &a_size, NULL), "%s", a);
  ck_assert_msg (g_file_get_contents (b_path, &b_bytes, &b_size, NULL), "%s", b);
  ck_assert_uint_eq (a_size, b_size);
  ck_assert_msg (memcmp (a_bytes, b_bytes, a_size) == 0, "%s and %s differ", a, b);
}

/* No file is half written: what has a checkpoint's or model's name can be read, digest and all. */
static void
assert_whole (const char *name)
{
  g_autofree char *folder = in_place (name);
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *file;

  while (dir && (file = g_dir_read_name (dir)))
    if (file[0] != '.' && g_str_has_suffix (file, ".safetensors"))
      {
        g_autofree char *path = g_build_filename (folder, file, NULL);
        GError *error = NULL;
        g_autoptr (AeTensorFile) tensors = ae_tensor_file_load (path, 1 << 24, &error);

        ck_assert_msg (tensors != NULL, "%s", error ? error->message : "");
        ck_assert_str_eq (ae_tensor_file_digest (tensors), ae_tensor_file_meta (tensors, "ae.sha256"));
      }
  if (dir)
    g_dir_close (dir);
}

static int
count_temporaries (const char *name)
{
  g_autofree char *folder = in_place (name);
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *file;
  int n = 0;

  while (dir && (file = g_dir_read_name (dir)))
    n += file[0] == '.';
  if (dir)
    g_dir_close (dir);
  return n;
}

/* Killed 20 times at moments that have nothing to do with what it is doing. */
START_TEST (killed)
{
  AeRandom random = ae_random (11, 0, AE_RANDOM_NOISE);
  gint64 begin = g_get_monotonic_time (), whole, start;
  g_autofree char *folder = in_place ("killed"), *newest = NULL;
  int kills = 0;

  ck_assert_int_eq (end_of (start_fit ("straight", 0, 0)), 0);
  whole = g_get_monotonic_time () - begin;
  begin = g_get_monotonic_time ();
  ck_assert_int_eq (end_of (start_fit ("short", 1, 0)), 0);
  start = g_get_monotonic_time () - begin;
  /* Most get past the start and a twentieth of the way further, however fast the machine; if it has become so
   * busy since that none does, they get longer. */
  while (kills < KILLS || (!newest && kills < 10 * KILLS))
    {
      pid_t pid = start_fit ("killed", 0, 0);
      int end;

      g_usleep ((gulong)((float)(1 + kills / KILLS)
                         * (ae_random_range (&random, 0.2f, 1.4f) * (float)start
                            + ae_random_uniform (&random) * (float)MAX (0, whole - start) / 10)));
      kill (pid, SIGKILL);
      end = end_of (pid);
      assert_whole ("killed");
      if (end != -SIGKILL) /* it was through before; begin another */
        {
          ck_assert_int_eq (end, 0);
          assert_same ("straight/tiny.safetensors", "killed/tiny.safetensors");
          remove_folder (folder);
          continue;
        }
      kills++;
      g_free (newest);
      newest = ae_checkpoint_newest (folder);
    }
  ck_assert_msg (newest != NULL, "no run got as far as its first checkpoint");
  ck_assert_int_eq (end_of (start_fit ("killed", 0, 0)), 0);
  assert_same ("straight/checkpoint-" G_STRINGIFY (STEPS) ".safetensors",
               "killed/checkpoint-" G_STRINGIFY (STEPS) ".safetensors");
  assert_same ("straight/tiny.safetensors", "killed/tiny.safetensors");
  ck_assert_int_eq (count_temporaries ("killed"), 0);
}
END_TEST

START_TEST (disk_full)
{
  g_autofree char *message_path = in_place ("message"), *message = NULL;

  ck_assert_int_eq (end_of (start_fit ("straight", 0, 0)), 0);
  ck_assert_int_eq (end_of (start_fit ("full", 5, 0)), 0);
  ck_assert_int_eq (end_of (start_fit ("full", 0, 2048)), 1);
  ck_assert (g_file_get_contents (message_path, &message, NULL, NULL));
  ck_assert_msg (strstr (message, "full/checkpoint-6.safetensors: cannot write: File too large") != NULL,
                 "%s", message);
  assert_whole ("full");
  ck_assert_int_eq (count_temporaries ("full"), 0);
  ck_assert_int_eq (end_of (start_fit ("full", 0, 0)), 0);
  assert_same ("straight/tiny.safetensors", "full/tiny.safetensors");
}
END_TEST

START_TEST (two_at_once)
{
  g_autofree char *message_path = in_place ("message"), *folder = in_place ("both");
  g_autofree char *message = NULL;
  GError *error = NULL;
  AeLog *first;

  g_mkdir (folder, 0777);
  first = ae_log_open (folder, TRUE, &error);
  ck_assert_ptr_nonnull (first);
  ck_assert_int_eq (end_of (start_fit ("both", 0, 0)), 1);
  ck_assert (g_file_get_contents (message_path, &message, NULL, NULL));
  ck_assert_msg (g_str_has_suffix (message, "both: another ae-train works in this folder"), "%s", message);
  ae_log_close (first);
  ck_assert_int_eq (end_of (start_fit ("both", 2, 0)), 0);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("safety");
  TCase *tcase = tcase_create ("safety");
  SRunner *runner;
  int failed;

  tcase_set_timeout (tcase, 300);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, killed);
  tcase_add_test (tcase, disk_full);
  tcase_add_test (tcase, two_at_once);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
