/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-eval.c - the measuring protocols, on models whose result is known. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>
#include <glib.h>

#include <ae/error.h>
#include <ae/resize.h>
#include <ae/session.h>

#include "train/eval.h"
#include "train/metrics.h"

#define W 48
#define H 40

/* Gives back its input. */
static const char identity[] = "x = input channels=3 planes=rgb\n"
                               "y = conv x out=3 kernel=1 bias=0\n"
                               "output y\n";
/* Gives back the noise level in all channels. */
static const char level[] = "x = input channels=3 planes=rgb\n"
                            "s = input channels=1 planes=sigma\n"
                            "c = concat x s\n"
                            "y = conv c out=3 kernel=1 bias=0\n"
                            "output y\n";
static const char twice[] = "x = input channels=3 planes=rgb\n"
                            "y = bicubic x factor=2\n"
                            "output y\n";
static const char gray[] = "x = input channels=1 planes=y\n"
                           "y = conv x out=1 kernel=1 bias=0\n"
                           "output y\n";

static const float identity_weights[] = { 1, 0, 0, 0, 1, 0, 0, 0, 1 };
static const float level_weights[] = { 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1 };

static AeSession *
session_new (const char *text, const float *weights)
{
  static const float one = 1.0f;
  AeSessionOptions options = { .threads = 1 };
  GError *error = NULL;
  g_autoptr (AeGraph) graph = ae_graph_parse (text, "test", &error);
  ck_assert_msg (graph != NULL, "%s", error ? error->message : "");
  g_autoptr (AeModel) model = ae_model_new (graph, weights ? weights : &one, NULL);
  ck_assert_ptr_nonnull (model);
  AeSession *session = ae_session_new (model, &options, &error);

  ck_assert_msg (session != NULL, "%s", error ? error->message : "");
  return session;
}

static void
fill (guint8 *rgb)
{
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++)
      {
        rgb[(y * W + x) * 3] = (guint8)(5 * x);
        rgb[(y * W + x) * 3 + 1] = (guint8)(7 * y);
        rgb[(y * W + x) * 3 + 2] = (guint8)(3 * x + 2 * y);
      }
}

/* Sigma 25; the numbers come from numpy and scipy by the same protocol. */
START_TEST (gaussian_noise_of_the_protocol)
{
  g_autoptr (AeSession) session = session_new (identity, identity_weights);
  guint8 clean[W * H * 3];
  AeEvalResult result;
  GError *error = NULL;

  fill (clean);
  ck_assert_msg (ae_eval_gaussian (session, clean, W, H, 25.0, FALSE, &result, &error), "%s",
                 error ? error->message : "");
  ck_assert_int_eq (result.width, W);
  ck_assert_int_eq (result.height, H);
  ck_assert_double_eq_tol (result.before.psnr, 20.289064522393446, 1e-6);
  /* the identity, clamped and rounded */
  ck_assert_double_eq_tol (result.after.psnr, 20.67192002516684, 1e-6);
  ck_assert_double_eq_tol (result.after.ssim, 0.2592031720547395, 1e-7);
  ck_assert_double_eq_tol (result.before.ssim, 0.2592031720547395, 1e-7);

  ck_assert (ae_eval_gaussian (session, clean, W, H, 25.0, TRUE, &result, &error));
  ck_assert_double_eq_tol (result.before.psnr, 20.67192002516684, 1e-6);
  ck_assert_double_eq_tol (result.after.psnr, 20.67192002516684, 1e-6);
  ck_assert_double_eq_tol (result.after.ssim, 0.2592031720547395, 1e-7);
}
END_TEST

/* A model that adds 1/2 to what it gets: only unclamped values below 0 can end below 1/2. */
START_TEST (the_network_gets_unclamped_values)
{
  static const char shifted[] = "x = input channels=3 planes=rgb\n"
                                "y = conv x out=3 kernel=1\n"
                                "output y\n";
  static const float weights[] = { 1, 0, 0, 0, 1, 0, 0, 0, 1, 0.5f, 0.5f, 0.5f };
  g_autoptr (AeSession) session = session_new (shifted, weights);
  guint8 black[W * H * 3] = { 0 };
  AeEvalResult raw, clipped;

  ck_assert (ae_eval_gaussian (session, black, W, H, 50.0, FALSE, &raw, NULL));
  ck_assert (ae_eval_gaussian (session, black, W, H, 50.0, TRUE, &clipped, NULL));
  /* clamped: mean square of 127.5 + the positive half of the noise; else of both */
  ck_assert_double_gt (raw.after.psnr, clipped.after.psnr + 0.5);
}
END_TEST

START_TEST (the_noise_level_reaches_the_model)
{
  g_autoptr (AeSession) session = session_new (level, level_weights);
  guint8 clean[W * H * 3], noisy[W * H * 3];
  AeEvalResult result;

  memset (clean, 40, sizeof clean);
  memset (noisy, 90, sizeof noisy);
  ck_assert (ae_eval_pair (session, clean, noisy, W, H, 40.0, &result, NULL));
  ck_assert_double_eq_tol (result.before.psnr, 20.0 * log10 (255.0 / 50.0), 1e-9);
  ck_assert (isinf (result.after.psnr));
  ck_assert_double_eq_tol (result.after.ssim, 1.0, 1e-12);
  ck_assert (ae_eval_pair (session, clean, noisy, W, H, 41.0, &result, NULL));
  ck_assert_double_eq_tol (result.after.psnr, 20.0 * log10 (255.0), 1e-9);
}
END_TEST

/* A model that is bicubic itself: 47 x 39 pixels are cropped to 46 x 38. */
START_TEST (enlarging)
{
  g_autoptr (AeSession) session = session_new (twice, NULL);
  guint8 picture[W * H * 3], cropped[W * H * 3], small[W * H * 3], back[W * H * 3];
  AeEvalResult result;
  GError *error = NULL;

  fill (picture);
  ck_assert_msg (ae_eval_upscale (session, picture, W - 1, H - 1, 0.0, &result, &error), "%s",
                 error ? error->message : "");
  ck_assert_int_eq (result.width, W - 2);
  ck_assert_int_eq (result.height, H - 2);
  for (int y = 0; y < H - 2; y++)
    memcpy (cropped + y * (W - 2) * 3, picture + y * (W - 1) * 3, (W - 2) * 3);
  ae_resize_bicubic_rgb8 (cropped, W - 2, H - 2, small, (W - 2) / 2, (H - 2) / 2);
  ae_resize_bicubic_rgb8 (small, (W - 2) / 2, (H - 2) / 2, back, W - 2, H - 2);
  ck_assert_double_eq_tol (result.before.psnr, ae_metrics_psnr_y (cropped, back, W - 2, H - 2, 2), 1e-9);
  ck_assert_double_eq_tol (result.before.ssim, ae_metrics_ssim_y (cropped, back, W - 2, H - 2, 2), 1e-9);
  /* the border, which is mirrored in another way, reaches one pixel into what is compared */
  ck_assert_double_eq_tol (result.after.psnr, result.before.psnr, 0.2);
}
END_TEST

START_TEST (what_does_not_fit_is_refused)
{
  g_autoptr (AeSession) same = session_new (identity, identity_weights);
  g_autoptr (AeSession) larger = session_new (twice, NULL);
  g_autoptr (AeSession) one_plane = session_new (gray, NULL);
  guint8 rgb[W * H * 3] = { 0 };
  AeEvalResult result;
  GError *error = NULL;

  ck_assert (!ae_eval_gaussian (larger, rgb, W, H, 25.0, FALSE, &result, &error));
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_ARGUMENT));
  g_clear_error (&error);
  ck_assert (!ae_eval_upscale (same, rgb, W, H, 0.0, &result, &error));
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_ARGUMENT));
  g_clear_error (&error);
  ck_assert (!ae_eval_upscale (larger, rgb, 5, 4, 0.0, &result, &error));
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_ARGUMENT));
  g_clear_error (&error);
  ck_assert (!ae_eval_gaussian (one_plane, rgb, W, H, 25.0, FALSE, &result, &error));
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_ARGUMENT));
  g_clear_error (&error);
  ck_assert (!ae_eval_gaussian (same, rgb, W, H, -1.0, FALSE, &result, &error));
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_ARGUMENT));
  g_clear_error (&error);
  ck_assert (!ae_eval_gaussian (same, rgb, W, H, (double)NAN, FALSE, &result, &error));
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_ARGUMENT));
  g_clear_error (&error);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("eval");
  TCase *tcase = tcase_create ("eval");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_add_test (tcase, gaussian_noise_of_the_protocol);
  tcase_add_test (tcase, the_network_gets_unclamped_values);
  tcase_add_test (tcase, the_noise_level_reaches_the_model);
  tcase_add_test (tcase, enlarging);
  tcase_add_test (tcase, what_does_not_fit_is_refused);
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
