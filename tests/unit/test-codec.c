/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-codec.c - models of a fixed size of picture against their definition, whole and in halves. */

#include <ae/codec.h>
#include <ae/error.h>
#include <ae/session.h>
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "../grad/reference.h"
#include "rejected.h"

#define CONDITIONAL                                                                                          \
  "x = input channels=1 planes=y width=6 height=5\nl = input channels=3 planes=label\n"                      \
  "a = conv x out=5 kernel=3 act=relu\nb = max_pool a\nv = reshape b\nvl = concat v l\n"                     \
  "m = dense vl out=2\ns = dense vl out=2\nz = sample m s\nzl = concat z l\n"                                \
  "w = dense zl out=30 act=sigmoid\ny = reshape w channels=1 width=6 height=5\noutput y\n"

#define PLAIN                                                                                                \
  "x = input channels=3 planes=rgb width=4 height=4\na = conv x out=2 kernel=2 stride=2 act=relu\n"          \
  "b = up a\ny = conv b out=3 kernel=3\noutput y\n"

static AeModel *
make_model (const char *text)
{
  GError *error = NULL;
  AeGraph *graph = ae_graph_parse (text, "codec", &error);
  gsize n = 0;
  float *params;
  AeModel *model;

  ck_assert_msg (graph != NULL, "%s", error ? error->message : "");
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    n += ae_graph_param (graph, i)->count;
  params = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    params[i] = 0.4f * sinf ((float)(i * i % 1009));
  model = ae_model_new (graph, params, NULL);
  g_free (params);
  ae_graph_unref (graph);
  return model;
}

static void
check_model (const char *text, int label)
{
  GError *error = NULL;
  g_autoptr (AeModel) model = make_model (text);
  AeGraph *graph = ae_model_graph (model);
  g_autoptr (AeCodec) codec = ae_codec_new (model, &error);
  int width, height, classes, input = ae_graph_find_input (graph, AE_PLANES_LABEL);
  double **inputs = g_new0 (double *, ae_graph_n_nodes (graph));
  double *params = g_new (double, ae_model_n_values (model)), *expected;

  ck_assert_msg (codec != NULL, "%s", error ? error->message : "");
  ck_assert (ae_graph_is_fixed (graph, &width, &height));
  gsize n = ae_codec_picture_size (codec), n_result = ae_codec_result_size (codec);
  gsize n_latent = ae_codec_latent_size (codec);
  float *picture = g_new (float, n), *whole = g_new (float, n_result), *halves = g_new (float, n_result);
  float *latent = g_new (float, n_latent);

  classes = ae_codec_n_classes (codec);
  inputs[ae_graph_picture (graph)] = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    inputs[ae_graph_picture (graph)][i] = (double)(picture[i] = (float)(i * 7 % 11) / 11);
  if (input >= 0)
    {
      inputs[input] = g_new0 (double, classes);
      if (label >= 0)
        inputs[input][label] = 1;
    }
  for (gsize i = 0; i < ae_model_n_values (model); i++)
    params[i] = (double)ae_model_param (model, 0)[i];
  expected = reference_run (graph, params, inputs, width, height);

  ae_codec_run (codec, picture, label, whole);
  ae_codec_encode (codec, picture, label, latent);
  /* what the encoder has left behind must not matter */
  for (gsize i = 0; i < n; i++)
    picture[i] = 0.5f;
  ae_codec_run (codec, picture, -1, halves);
  ae_codec_decode (codec, latent, label, halves);
  for (gsize i = 0; i < n_result; i++)
    {
      ck_assert_double_eq_tol ((double)whole[i], expected[i], 1e-5);
      ck_assert_msg (whole[i] == halves[i], "value %zu: whole %g, in halves %g", i, (double)whole[i],
                     (double)halves[i]);
    }
  for (int i = 0; i < ae_graph_n_nodes (graph); i++)
    g_free (inputs[i]);
  g_free (inputs);
  g_free (params);
  g_free (expected);
  g_free (picture);
  g_free (whole);
  g_free (halves);
  g_free (latent);
}

START_TEST (test_conditional)
{
  for (int label = -1; label < 3; label++)
    check_model (CONDITIONAL, label);
}
END_TEST

START_TEST (test_plain)
{
  check_model (PLAIN, -1);
}
END_TEST

START_TEST (test_sizes)
{
  g_autoptr (AeModel) conditional = make_model (CONDITIONAL);
  g_autoptr (AeCodec) codec = ae_codec_new (conditional, NULL);

  ck_assert_uint_eq (ae_codec_picture_size (codec), 30);
  ck_assert_uint_eq (ae_codec_latent_size (codec), 2);
  ck_assert_uint_eq (ae_codec_result_size (codec), 30);
  ck_assert_int_eq (ae_codec_n_classes (codec), 3);
  ck_assert_ptr_eq (ae_codec_model (codec), conditional);
}
END_TEST

/* Tiled filters say why they will not have it; a codec is for no other. */
START_TEST (test_refused)
{
  GError *error = NULL;
  g_autoptr (AeModel) fixed = make_model (PLAIN);
  g_autoptr (AeModel) any = make_model ("x = input channels=3 planes=rgb\ny = conv x out=3\noutput y\n");

  ck_assert_ptr_null (ae_session_new (fixed, NULL, &error));
  check_error (&error, AE_ERROR_UNSUPPORTED, "pictures of exactly 4 × 4 pixels", "session");
  ck_assert_ptr_null (ae_codec_new (any, &error));
  check_error (&error, AE_ERROR_UNSUPPORTED, "pictures of any size", "codec");
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("codec");
  TCase *tcase = tcase_create ("codec");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_add_test (tcase, test_conditional);
  tcase_add_test (tcase, test_plain);
  tcase_add_test (tcase, test_sizes);
  tcase_add_test (tcase, test_refused);
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
