/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-published.c - making pictures small and large again gives the published figures of bicubic scaling. */

#include <stdlib.h>
#include <string.h>

#include <check.h>
#include <glib.h>

#include <ae/resize.h>

#include "train/file-list.h"
#include "train/images.h"
#include "train/metrics.h"

/*
 * Mean PSNR of Y, without a border as wide as the scale, as tables on
 * super-resolution have them (e.g. Kim et al., VDSR, CVPR 2016).  Set5 is not
 * free: it is looked for in the folder that AE_TEST_SETS names.
 */
static const struct
{
  int scale;
  double psnr;
} published[] = {
  { 2, 33.66 },
  { 3, 30.39 },
  { 4, 28.42 },
};

/* Of the picture cut to multiples of the scale. */
static double
small_and_back (const char *path, int scale)
{
  GError *error = NULL;
  g_autofree guint8 *rgb = NULL, *small = NULL, *back = NULL;
  int width, height, w, h;

  ck_assert_msg (ae_image_load_rgb8 (path, &rgb, &width, &height, &error), "%s", error ? error->message : "");
  w = width - width % scale;
  h = height - height % scale;
  for (int y = 1; y < h; y++)
    memmove (rgb + 3 * y * w, rgb + 3 * y * width, (gsize)(3 * w));
  small = g_malloc ((gsize)(3 * (w / scale) * (h / scale)));
  back = g_malloc ((gsize)(3 * w * h));
  ae_resize_bicubic_rgb8 (rgb, w, h, small, w / scale, h / scale);
  ae_resize_bicubic_rgb8 (small, w / scale, h / scale, back, w, h);
  return ae_metrics_psnr_y (rgb, back, w, h, scale);
}

START_TEST (set5)
{
  g_autofree char *folder = g_build_filename (g_getenv ("AE_TEST_SETS"), "Set5", NULL);
  g_autoptr (GPtrArray) files = NULL;
  GError *error = NULL;
  double sum = 0;

  files = ae_file_list (folder, &error);
  ck_assert_msg (files && files->len > 0, "%s", error ? error->message : folder);
  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, g_ptr_array_index (files, i), NULL);

      sum += small_and_back (path, published[_i].scale);
    }
  ck_assert_double_eq_tol (sum / files->len, published[_i].psnr, 0.02);
}
END_TEST

/* The sample photograph; figures of a program that multiplies with dense matrices of weights. */
START_TEST (sample)
{
  static const double psnr[] = { 33.2325, 30.4800, 28.9006 };
  g_autofree char *path = g_build_filename (g_getenv ("AE_SAMPLES"), "mountain.jpg", NULL);

  ck_assert_double_eq_tol (small_and_back (path, _i + 2), psnr[_i], 0.01);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("published");
  TCase *tcase = tcase_create ("published");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_set_timeout (tcase, 120);
  if (g_getenv ("AE_TEST_SETS"))
    tcase_add_loop_test (tcase, set5, 0, (int)G_N_ELEMENTS (published));
  tcase_add_loop_test (tcase, sample, 0, 3);
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
