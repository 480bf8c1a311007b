/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-examples.c - models in the tree with a fixed size of picture give what their definition says with all
 * kernels; digits writes what it is asked for. */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/kernels.h"

#include "../unit/codec-check.h"

/* From AE_TEST_MODELS, paths with ':' between them. */
static char **models;

static AeModel *
load (const char *path)
{
  g_autoptr (GError) error = NULL;
  AeModel *model = ae_model_load (path, &error);

  ck_assert_msg (model != NULL, "%s", error ? error->message : "");
  return model;
}

START_TEST (test_definition)
{
  g_autoptr (AeModel) model = load (models[_i]);
  const AeKernels *k;

  for (int t = 0; (k = ae_kernels_nth (t)); t++)
    {
      g_autofree char *name = g_strdup_printf ("%s, kernels %s", models[_i], k->name);

      g_setenv ("AE_CPU", k->name, TRUE);
      /* as for networks of any size */
      check_codec (model, ae_graph_find_input (ae_model_graph (model), AE_PLANES_LABEL) >= 0 ? 7 : -1, 2e-5,
                   name);
    }
}
END_TEST

/* A codec of the model whose path ends so. */
static AeCodec *
codec_of (const char *ending)
{
  for (char **path = models; *path; path++)
    if (g_str_has_suffix (*path, ending))
      {
        g_autoptr (AeModel) model = load (*path);

        return ae_codec_new (model, NULL);
      }
  ck_abort_msg ("%s is not among the models", ending);
  return NULL;
}

START_TEST (test_digits_are_read)
{
  g_autoptr (AeCodec) writer = codec_of ("/conditional-vae.safetensors");
  g_autoptr (AeCodec) reader = codec_of ("/classify.safetensors");
  const float middle[2] = { 0, 0 };
  float picture[28 * 28], values[10];

  ck_assert_uint_eq (ae_codec_result_size (writer), G_N_ELEMENTS (picture));
  ck_assert_uint_eq (ae_codec_latent_size (writer), G_N_ELEMENTS (middle));
  ck_assert_uint_eq (ae_codec_picture_size (reader), G_N_ELEMENTS (picture));
  ck_assert_uint_eq (ae_codec_result_size (reader), G_N_ELEMENTS (values));
  for (int digit = 0; digit < 10; digit++)
    {
      int best = 0;

      ae_codec_decode (writer, middle, digit, picture);
      ae_codec_run (reader, picture, -1, values);
      for (int i = 1; i < 10; i++)
        if (values[i] > values[best])
          best = i;
      ck_assert_msg (best == digit, "asked for %d, read as %d", digit, best);
    }
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("examples");
  TCase *tcase = tcase_create ("examples");
  SRunner *runner = srunner_create (suite);
  const char *list = g_getenv ("AE_TEST_MODELS");
  int failed;

  if (!list || !*list)
    {
      g_printerr ("AE_TEST_MODELS names no models\n");
      return EXIT_FAILURE;
    }
  models = g_strsplit (list, ":", -1);
  tcase_set_timeout (tcase, 600);
  tcase_add_loop_test (tcase, test_definition, 0, (int)g_strv_length (models));
  tcase_add_test (tcase, test_digits_are_read);
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  g_strfreev (models);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
