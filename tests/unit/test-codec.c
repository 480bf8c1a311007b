/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-codec.c - models of a fixed size of picture against their definition, whole and in halves. */

#include <ae/codec.h>
#include <ae/error.h>
#include <ae/session.h>
#include <check.h>
#include <stdlib.h>

#include "codec-check.h"
#include "rejected.h"

#define CONDITIONAL                                                                                          \
  "x = input channels=1 planes=y width=6 height=5\nl = input channels=3 planes=label\n"                      \
  "a = conv x out=5 kernel=3 act=relu\nb = max_pool a\nv = reshape b\nvl = concat v l\n"                     \
  "m = dense vl out=2\ns = dense vl out=2\nz = sample m s\nzl = concat z l\n"                                \
  "w = dense zl out=30 act=sigmoid\ny = reshape w channels=1 width=6 height=5\noutput y\n"

#define PLAIN                                                                                                \
  "x = input channels=3 planes=rgb width=4 height=4\na = conv x out=2 kernel=2 stride=2 act=relu\n"          \
  "b = up a\ny = conv b out=3 kernel=3\noutput y\n"

static void
check (const char *text, int label)
{
  g_autoptr (AeModel) model = make_model (text, 0.4f);

  check_codec (model, label, 1e-5, text);
}

START_TEST (test_conditional)
{
  for (int label = -1; label < 3; label++)
    check (CONDITIONAL, label);
}
END_TEST

START_TEST (test_plain)
{
  check (PLAIN, -1);
}
END_TEST

START_TEST (test_sizes)
{
  g_autoptr (AeModel) conditional = make_model (CONDITIONAL, 0.4f);
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
  g_autoptr (AeModel) fixed = make_model (PLAIN, 0.4f);
  g_autoptr (AeModel) any
    = make_model ("x = input channels=3 planes=rgb\ny = conv x out=3\noutput y\n", 0.4f);

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
