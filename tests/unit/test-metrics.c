/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-metrics.c - PSNR, SSIM and benchmark noise against values from other programs. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>
#include <glib.h>

#include "train/metrics.h"
#include "train/numpy-random.h"

static void
fill (guint8 *rgb, int width, int height, int r, int g, int b)
{
  for (int i = 0; i < width * height; i++)
    rgb[i * 3] = (guint8)r, rgb[i * 3 + 1] = (guint8)g, rgb[i * 3 + 2] = (guint8)b;
}

/* Two pictures of 20 x 16 pixels that the numbers below were computed from. */
static void
patterns (guint8 *a, guint8 *b)
{
  for (int y = 0; y < 16; y++)
    for (int x = 0; x < 20; x++)
      {
        guint8 *p = a + (y * 20 + x) * 3, *q = b + (y * 20 + x) * 3;
        p[0] = (guint8)(7 * x + 13 * y);
        p[1] = (guint8)(11 * x * y + 5);
        p[2] = (guint8)(x * x + 3 * y * y);
        q[0] = (guint8)(7 * x + 13 * y + x % 3);
        q[1] = (guint8)(11 * x * y + 5 + 2 * (y % 2));
        q[2] = (guint8)(x * x + 3 * y * y + (x + y) % 5);
      }
}

START_TEST (psnr_of_one_difference)
{
  guint8 a[4 * 4 * 3] = { 0 }, b[4 * 4 * 3] = { 0 };

  b[17] = 10;
  /* mean square: 100 / 48 */
  ck_assert_double_eq_tol (ae_metrics_psnr_rgb (a, b, 4, 4, 0), 10.0 * log10 (65025.0 * 48.0 / 100.0), 1e-12);
  ck_assert_double_eq_tol (ae_metrics_psnr_rgb (b, a, 4, 4, 0), 10.0 * log10 (65025.0 * 48.0 / 100.0), 1e-12);
}
END_TEST

START_TEST (psnr_of_equal_pictures_is_infinite)
{
  guint8 a[12 * 12 * 3];

  fill (a, 12, 12, 1, 2, 3);
  ck_assert (isinf (ae_metrics_psnr_rgb (a, a, 12, 12, 0)));
  ck_assert (isinf (ae_metrics_psnr_y (a, a, 12, 12, 2)));
  ck_assert_double_eq (ae_metrics_ssim_rgb (a, a, 12, 12, 0), 1.0);
}
END_TEST

START_TEST (luma_is_rounded)
{
  guint8 a[5 * 5 * 3], b[5 * 5 * 3];

  /* Y: 16 + 219 * 100 / 255 = 101.88 -> 102 and 110.47 -> 110 */
  fill (a, 5, 5, 100, 100, 100);
  fill (b, 5, 5, 110, 110, 110);
  ck_assert_double_eq_tol (ae_metrics_psnr_y (a, b, 5, 5, 0), 20.0 * log10 (255.0 / 8.0), 1e-12);
}
END_TEST

START_TEST (crop_leaves_the_border_out)
{
  guint8 a[14 * 15 * 3], b[14 * 15 * 3];

  fill (a, 14, 15, 50, 60, 70);
  memcpy (b, a, sizeof a);
  b[0] = b[sizeof b - 1] = 255;
  b[(7 * 14 + 13) * 3] = 0; /* right border */
  ck_assert (isfinite (ae_metrics_psnr_rgb (a, b, 14, 15, 0)));
  ck_assert (isinf (ae_metrics_psnr_rgb (a, b, 14, 15, 1)));
  ck_assert_double_lt (ae_metrics_ssim_rgb (a, b, 14, 15, 0), 1.0);
  ck_assert_double_eq (ae_metrics_ssim_rgb (a, b, 14, 15, 1), 1.0);
}
END_TEST

START_TEST (nothing_to_compare_is_nan)
{
  guint8 a[12 * 12 * 3];

  fill (a, 12, 12, 1, 2, 3);
  ck_assert (isnan (ae_metrics_psnr_rgb (a, a, 12, 12, 6)));
  ck_assert (isnan (ae_metrics_psnr_y (a, a, 12, 12, 7)));
  ck_assert (isnan (ae_metrics_ssim_y (a, a, 12, 12, 1)));
  ck_assert (isnan (ae_metrics_ssim_rgb (a, a, 14, 10, 0)));
}
END_TEST

START_TEST (ssim_of_flat_pictures)
{
  guint8 a[16 * 16 * 3], b[16 * 16 * 3];
  const double c1 = 2.55 * 2.55;

  fill (a, 16, 16, 100, 100, 100);
  fill (b, 16, 16, 140, 140, 140);
  /* no variance: the second factor is 1 */
  ck_assert_double_eq_tol (ae_metrics_ssim_rgb (a, b, 16, 16, 0),
                           (2.0 * 100 * 140 + c1) / (100.0 * 100 + 140.0 * 140 + c1), 1e-9);
}
END_TEST

/* Computed with numpy and scipy.ndimage.correlate1d (11 taps, sigma 1.5). */
START_TEST (values_of_another_program)
{
  guint8 a[20 * 16 * 3], b[20 * 16 * 3];

  patterns (a, b);
  ck_assert_double_eq_tol (ae_metrics_psnr_rgb (a, b, 20, 16, 0), 25.029182956634575, 1e-9);
  ck_assert_double_eq_tol (ae_metrics_ssim_rgb (a, b, 20, 16, 0), 0.985175807886157, 1e-9);
  ck_assert_double_eq_tol (ae_metrics_psnr_y (a, b, 20, 16, 0), 33.49607318230828, 1e-9);
  ck_assert_double_eq_tol (ae_metrics_psnr_y (a, b, 20, 16, 1), 32.49985562094362, 1e-9);
  ck_assert_double_eq_tol (ae_metrics_ssim_y (a, b, 20, 16, 1), 0.9986478214153339, 1e-9);
}
END_TEST

/* numpy 1.24: seed (0), then randint (0, 2**32, 5, dtype=uint32); random_sample () twice;
 * normal (0, 1, 1000001). */
START_TEST (numbers_of_numpy)
{
  static const guint32 words[] = { 2357136044u, 2546248239u, 3071714933u, 3626093760u, 2588848963u };
  g_autofree AeNumpyRandom *random = g_new (AeNumpyRandom, 1);
  double last = 0.0, sum = 0.0;

  ae_numpy_random_seed (random, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    ck_assert_uint_eq (ae_numpy_random_uint32 (random), words[i]);

  ae_numpy_random_seed (random, 0);
  for (int i = 0; i < 1000001; i++)
    {
      last = ae_numpy_random_normal (random);
      if (i == 0)
        ck_assert_double_eq_tol (last, 0.17294630861547547 * 255.0 / 25.0, 1e-7);
      sum += last;
    }
  ck_assert_double_eq_tol (last, 0.5142468943593431, 1e-13);
  ck_assert_double_eq_tol (sum, 1512.6607624305911, 1e-6);

  ae_numpy_random_seed (random, 12345);
  ck_assert_double_eq_tol (ae_numpy_random_normal (random), -0.20470766, 1e-8);
  ck_assert_double_eq_tol (ae_numpy_random_normal (random), 0.47894334, 1e-8);
  ck_assert_double_eq_tol (ae_numpy_random_normal (random), -0.51943872, 1e-8);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("metrics");
  TCase *tcase = tcase_create ("metrics");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_add_test (tcase, psnr_of_one_difference);
  tcase_add_test (tcase, psnr_of_equal_pictures_is_infinite);
  tcase_add_test (tcase, luma_is_rounded);
  tcase_add_test (tcase, crop_leaves_the_border_out);
  tcase_add_test (tcase, nothing_to_compare_is_nan);
  tcase_add_test (tcase, ssim_of_flat_pictures);
  tcase_add_test (tcase, values_of_another_program);
  tcase_add_test (tcase, numbers_of_numpy);
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
