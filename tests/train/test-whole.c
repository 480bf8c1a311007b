/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-whole.c - IDX files, and training runs with networks of a fixed size of picture. */

#include <check.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <ae/codec.h>
#include <ae/error.h>
#include "train/whole.h"

#define PLAIN                                                                                                \
  "[model]\nname = tiny\ntask = autoencode\n[network]\ngraph = x = input channels=1 planes=y width=28 "      \
  "height=28\\nv = reshape x\\na = dense v out=16 act=leaky\\nb = dense a out=784 act=sigmoid\\ny = "        \
  "reshape "                                                                                                 \
  "b channels=1 width=28 height=28\\noutput y\\n\n"
#define VAE                                                                                                  \
  "[model]\nname = tiny\ntask = generate\n[network]\ngraph = x = input channels=1 planes=y width=28 "        \
  "height=28\\nl = input channels=10 planes=label\\nv = reshape x\\nw = concat v l\\nm = dense w out=2\\ns " \
  "= dense w out=2\\nz = sample m s\\nu = concat z l\\nb = dense u out=784 act=sigmoid\\ny = reshape b "     \
  "channels=1 width=28 height=28\\noutput y\\n\n"
#define CLASSIFY                                                                                             \
  "[model]\nname = tiny\ntask = classify\n[network]\ngraph = x = input channels=1 planes=y width=28 "        \
  "height=28\\nv = reshape x\\ny = dense v out=10 act=sigmoid\\noutput y\\n\n"
#define FEWER                                                                                                \
  "[model]\nname = tiny\ntask = classify\n[network]\ngraph = x = input channels=1 planes=y width=28 "        \
  "height=28\\nl = input channels=10 planes=label\\nv = reshape x\\nw = concat v l\\ny = dense w out=5 "     \
  "act=sigmoid\\noutput y\\n\n"
#define LARGER                                                                                               \
  "[model]\nname = tiny\ntask = upscale\n[network]\ngraph = x = input channels=1 planes=y width=14 "         \
  "height=14\\na = conv x out=4\\nu = up a\\ny = conv u out=1 act=sigmoid\\noutput y\\n\n"
#define WIDE                                                                                                 \
  "[model]\nname = tiny\ntask = autoencode\n[network]\ngraph = x = input channels=1 planes=y width=256 "     \
  "height=256\\na = conv x out=16 kernel=1\\nb = conv a out=16 kernel=1\\ny = conv b out=1 kernel=1\\n"      \
  "output y\\n\n"
#define TRAINING                                                                                             \
  "[training]\nbatch = 16\nepochs = 5\nrate = 0.003\nschedule = constant\nwarmup = 0\nema = 0\nloss = "

static char *
data_path (const char *name)
{
  return g_build_filename (g_getenv ("AE_TEST_DATA"), name, NULL);
}

static AeIdx *
digits (const char *name)
{
  GError *error = NULL;
  g_autofree char *path = data_path (name);
  AeIdx *idx = ae_idx_load (path, NULL, &error);

  ck_assert_msg (idx != NULL, "%s", error ? error->message : "");
  return idx;
}

static AeRecipe *
parse (const char *network, const char *training)
{
  GError *error = NULL;
  g_autofree char *text = g_strconcat (network, TRAINING, training, "\n[validation]\nevery = 16\n", NULL);
  AeRecipe *r = ae_recipe_parse (text, "test.ini", &error);

  ck_assert_msg (r != NULL, "%s", error ? error->message : "");
  return r;
}

static void
remove_folder (const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  if (dir)
    g_dir_close (dir);
  g_rmdir (folder);
}

/* Trains in one go or, stop_after > 0, in two.  The digest of the weights. */
static char *
train (const AeRecipe *r, int threads, gint64 stop_after)
{
  GError *error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("ae-whole-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "tiny.safetensors", NULL);
  g_autoptr (AeIdx) data = digits ("digits-images-idx3-ubyte.gz");
  AeFitOptions options = { .folder = folder, .threads = threads, .stop_after = stop_after, .quiet = TRUE };
  g_autoptr (AeModel) model = NULL;

  ck_assert_msg (ae_whole_fit (r, data, NULL, &options, &error), "%s", error ? error->message : "");
  if (stop_after)
    {
      options.stop_after = 0;
      options.resume = TRUE;
      ck_assert_msg (ae_whole_fit (r, data, NULL, &options, &error), "%s", error ? error->message : "");
      options.resume = FALSE;
      ck_assert (!ae_whole_fit (r, data, NULL, &options, &error));
      ck_assert (strstr (error->message, "--resume goes on with it"));
      g_clear_error (&error);
    }
  model = ae_model_load (path, &error);
  ck_assert_msg (model != NULL, "%s", error ? error->message : "");
  remove_folder (folder);
  return g_strdup (ae_model_digest (model));
}

static AeWholeScore
score_of (const AeRecipe *r)
{
  GError *error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("ae-whole-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "tiny.safetensors", NULL);
  g_autoptr (AeIdx) data = digits ("digits-images-idx3-ubyte.gz");
  g_autoptr (AeIdx) test = digits ("digits-test-images-idx3-ubyte.gz");
  AeFitOptions options = { .folder = folder, .threads = 2, .quiet = TRUE };
  g_autoptr (AeModel) model = NULL;
  AeWholeScore score;

  ck_assert_msg (ae_whole_fit (r, data, test, &options, &error), "%s", error ? error->message : "");
  model = ae_model_load (path, &error);
  ck_assert_msg (model != NULL, "%s", error ? error->message : "");
  remove_folder (folder);
  ck_assert (ae_whole_score (r, test, ae_model_param (model, 0), 2, &score, &error));
  return score;
}

START_TEST (reads_idx)
{
  g_autoptr (AeIdx) data = digits ("digits-images-idx3-ubyte.gz");

  ck_assert_int_eq (data->n, 768);
  ck_assert_int_eq (data->width, 28);
  ck_assert_int_eq (data->height, 28);
  ck_assert_int_eq (data->n_classes, 10);
  ck_assert_int_eq (data->labels[0], 5); /* the famous first digit */
  ck_assert_int_eq (data->pixels[5 * 28 + 12], 3);
}
END_TEST

START_TEST (refuses_idx)
{
  static const struct
  {
    const char *bytes;
    gsize n;
    const char *part;
  } bad[] = {
    { "", 0, "not an IDX file" },
    { "\0\0\10\1\0\0\0\1x", 9, "begins with 00 00 08 01, expected 00 00 08 03" },
    { "\0\0\10\3\0\0\0\1\0\0\0\2", 12, "not an IDX file" },
    { "\0\0\10\3\0\0\0\1\0\0\0\2\0\0\0\2abc", 19, "3 bytes after the header, expected 4" },
    { "\0\0\10\3\0\0\0\0\0\0\0\2\0\0\0\2", 16, "dimension 1 is 0" },
    { "\0\0\10\3\377\377\377\377\377\377\377\377\377\377\377\377", 16, "dimension 1 is 4294967295" },
    { "\0\0\10\3\0\0\0\1\0\0\40\0\0\0\0\1", 16, "bytes after the header" },
    { "\0\0\10\4\0\0\0\1\0\0\0\2\0\0\0\1\0\0\0\1ab", 22, "dimension 2 of 4 is 2, expected 3" },
    { "\0\0\10\4\0\0\0\1\0\0\0\3\0\0\0\1", 16, "expected 00 00 08 04" },
    { "\37\213abc", 5, "cannot be read" },
  };
  g_autofree char *folder = g_dir_make_tmp ("ae-idx-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "some-images-idx3-ubyte", NULL);
  g_autofree char *labels = g_build_filename (folder, "some-labels-idx1-ubyte", NULL);
  GError *error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      ck_assert (g_file_set_contents (path, bad[i].bytes, (gssize)bad[i].n, NULL));
      ck_assert_ptr_null (ae_idx_load (path, NULL, &error));
      ck_assert_msg (strstr (error->message, path) && strstr (error->message, bad[i].part), "%zu: %s", i,
                     error->message);
      g_clear_error (&error);
    }
  ck_assert (g_file_set_contents (path, "\0\0\10\3\0\0\0\1\0\0\0\2\0\0\0\2abcd", 20, NULL));
  ck_assert (g_file_set_contents (labels, "\0\0\10\1\0\0\0\2\1\2", 10, NULL));
  ck_assert_ptr_null (ae_idx_load (path, NULL, &error));
  ck_assert_msg (strstr (error->message, "2 labels for 1 pictures"), "%s", error->message);
  g_clear_error (&error);
  g_unlink (labels);
  AeIdx *idx = ae_idx_load (path, NULL, &error);
  ck_assert_msg (idx && !idx->labels, "%s", error ? error->message : "");
  ae_idx_free (idx);
  remove_folder (folder);
}
END_TEST

START_TEST (threads_and_resuming_change_nothing)
{
  g_autoptr (AeRecipe) r = parse (VAE, "mse\noptimizer = rmsprop\n");
  g_autofree char *one = train (r, 1, 0), *two = train (r, 2, 0), *parts = train (r, 2, 21);

  ck_assert_str_eq (one, two);
  ck_assert_str_eq (one, parts);
}
END_TEST

/* Each learns: better than what is known without looking at the picture. */
START_TEST (learns)
{
  g_autoptr (AeRecipe) plain = parse (PLAIN, "bce\n"), vae = parse (VAE, "mse\n");
  g_autoptr (AeRecipe) classify = parse (CLASSIFY, "bce\n"), larger = parse (LARGER, "bce\n");
  g_autoptr (AeRecipe) noisy = parse (PLAIN, "bce\n[examples]\nnoise-mean = 0.5\nnoise-deviation = 0.5\n");
  AeWholeScore s = score_of (plain), t = score_of (noisy);

  ck_assert_msg (s.loss < 0.24 && s.kl == 0.0, "plain: %g", s.loss); /* of the mean digit: 0.26 */
  ck_assert_msg (t.loss > s.loss && t.loss < 0.28, "noisy: %g", t.loss);
  s = score_of (vae);
  ck_assert_msg (s.loss < 62 && s.kl > 0.1, "vae: %g, %g", s.loss, s.kl); /* untrained: 180 */
  s = score_of (classify);
  ck_assert_msg (s.accuracy > 0.7, "classify: %g", s.accuracy);
  s = score_of (larger);
  ck_assert_msg (s.psnr > 12, "larger: %g", s.psnr);
}
END_TEST

START_TEST (refuses_data)
{
  g_autoptr (AeIdx) data = digits ("digits-images-idx3-ubyte.gz");
  g_autoptr (AeRecipe) classify = parse (CLASSIFY, "bce\n"), fewer = parse (FEWER, "bce\n");
  GError *error = NULL;

  ck_assert (ae_whole_check (classify, data, "digits", &error));
  ck_assert (!ae_whole_check (fewer, data, "digits", &error));
  ck_assert (
    strstr (error->message, "digits: there is a label 9, but the network of test.ini has 5 classes"));
  g_clear_error (&error);
  data->n_classes = 11;
  ck_assert (!ae_whole_check (classify, data, "digits", &error));
  ck_assert (strstr (error->message, "digits: there is a label 10, but the network of test.ini has 10"));
  g_clear_error (&error);
  g_clear_pointer (&data->labels, g_free);
  ck_assert (!ae_whole_check (classify, data, "digits", &error));
  ck_assert (strstr (error->message, "there are no labels"));
  g_clear_error (&error);
  data->width = 14;
  ck_assert (!ae_whole_check (classify, data, "digits", &error));
  ck_assert (strstr (error->message, "pictures of 14 × 28 pixels"));
  g_clear_error (&error);
}
END_TEST

#ifndef __SANITIZE_ADDRESS__ /* which takes more than the limit and ends where there is no memory */
START_TEST (memory_is_short)
{
  const struct rlimit limit = { 1 << 29, RLIM_INFINITY };
  g_autoptr (AeRecipe) r = parse (WIDE, "mse\n"); /* 16 MiB of values and gradients */
  g_autofree float *params = g_new0 (float, ae_graph_n_values (r->graph));
  const AeIdx none = { 0 };
  AeWholeScore score;
  GError *error = NULL;

  ck_assert_int_eq (setrlimit (RLIMIT_AS, &limit), 0);
  ck_assert (!ae_whole_score (r, &none, params, 64, &score, &error));
  ck_assert_str_eq (error->message, "not enough memory for the network of test.ini");
  g_clear_error (&error);
}
END_TEST
#endif

/* The recipe of one model in the file of another. */
START_TEST (refuses_network)
{
  g_autoptr (AeRecipe) plain = parse (PLAIN, "bce\n"), classify = parse (CLASSIFY, "bce\n");
  GError *error = NULL;

  ck_assert (ae_recipe_take_network (plain, plain->graph, &error));
  ck_assert (!ae_recipe_take_network (plain, classify->graph, &error));
  ck_assert_str_eq (error->message, "test.ini:3: task is autoencode, but the network's result is a vector");
  g_clear_error (&error);
}
END_TEST

START_TEST (refuses_recipe)
{
  static const struct
  {
    const char *network, *training, *part;
  } bad[] = {
    { PLAIN, "bce\ncrop = 32\n", "crop has no meaning" },
    { PLAIN, "bce\nsteps = 3\n", "needs steps or epochs, not both" },
    { PLAIN, "bce\n[degradation g]\nsteps = gaussian\n", "[degradation ...] has no meaning" },
    { PLAIN, "bce\noptimizer = sgd\n", "unknown optimizer \"sgd\", expected adam, rmsprop or muon" },
    { "[model]\nname = a\ntask = jpeg\n[network]\ngraph = x = input channels=1 planes=y width=8 "
      "height=8\\ny = conv x out=1\\noutput y\\n\n",
      "bce\n", "expected autoencode, denoise, upscale, generate or classify" },
    { "[model]\nname = a\ntask = classify\n[network]\ngraph = x = input channels=1 planes=y width=8 "
      "height=8\\ny = conv x out=1\\noutput y\\n\n",
      "bce\n", "the network's result is a picture" },
    { "[model]\nname = a\ntask = denoise\n[network]\ngraph = x = input channels=3 planes=rgb\\ny = conv x "
      "out=3\\noutput y\\n\n",
      "bce\nsteps = 3\ncrop = 32\n", "epochs are for networks with a fixed size" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *text = g_strconcat (bad[i].network, TRAINING, bad[i].training, NULL);
      GError *error = NULL;
      AeRecipe *r = ae_recipe_parse (text, "test.ini", &error);

      ck_assert_msg (r == NULL, "%zu is not refused", i);
      ck_assert_msg (strstr (error->message, bad[i].part) != NULL, "%zu: %s", i, error->message);
      g_clear_error (&error);
    }
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("whole");
  TCase *tcase = tcase_create ("whole");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_set_timeout (tcase, 300);
  tcase_add_test (tcase, reads_idx);
  tcase_add_test (tcase, refuses_idx);
  tcase_add_test (tcase, threads_and_resuming_change_nothing);
  tcase_add_test (tcase, learns);
  tcase_add_test (tcase, refuses_data);
#ifndef __SANITIZE_ADDRESS__
  tcase_add_test (tcase, memory_is_short);
#endif
  tcase_add_test (tcase, refuses_network);
  tcase_add_test (tcase, refuses_recipe);
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
