/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-resize.c - bicubic scaling: weights by hand, and values of an independent program. */

#include <math.h>
#include <stdlib.h>

#include <check.h>
#include <glib.h>

#include <ae/resize.h>

#include "train/metrics.h"

#define W 36
#define H 24

static guint8
pattern (int x, int y, int c)
{
  return (guint8)(c == 0 ? 7 * x + 13 * y : c == 1 ? 11 * x * y + 5 : x * x + 3 * y * y);
}

static void
fill (float *planes, guint8 *rgb)
{
  for (int c = 0; c < 3; c++)
    for (int y = 0; y < H; y++)
      for (int x = 0; x < W; x++)
        {
          planes[(c * H + y) * W + x] = pattern (x, y, c);
          rgb[(y * W + x) * 3 + c] = pattern (x, y, c);
        }
}

/* Half size: weights 111, 29, -9, -3 of 256 at the distances 0.5, 1.5, 2.5, 3.5. */
START_TEST (weights_of_half_size)
{
  static const double border[] = { 140, 102, 26, -9, -3, 0 }; /* the mirrored half added */
  static const double middle[] = { 0, -3, -9, 29, 111, 111, 29, -9, -3, 0 };
  float src[20], dst[10];

  for (int i = 0; i < 20; i++)
    {
      for (int k = 0; k < 20; k++)
        src[k] = k == i;
      ae_resize_bicubic (src, 1, 20, 1, dst, 10, 1);
      ck_assert_float_eq_tol (dst[0], (float)((i < 6 ? border[i] : 0) / 256.0), 1e-6);
      /* result 4 lies between the pixels 8 and 9 */
      ck_assert_float_eq_tol (dst[4], (float)((i >= 4 && i < 14 ? middle[i - 4] : 0) / 256.0), 1e-6);
      ae_resize_bicubic (src, 1, 1, 20, dst, 1, 10);
      ck_assert_float_eq_tol (dst[0], (float)((i < 6 ? border[i] : 0) / 256.0), 1e-6);
    }
}
END_TEST

/* Double size: 111, 29, -9, -3 of 128 at the distances 0.25, 0.75, 1.25, 1.75. */
START_TEST (weights_of_double_size)
{
  static const double first[] = { 102, 29, -3, 0, 0, 0 };
  static const double fifth[] = { -3, 29, 111, -9, 0, 0 };
  float src[6], dst[12];

  for (int i = 0; i < 6; i++)
    {
      for (int k = 0; k < 6; k++)
        src[k] = k == i;
      ae_resize_bicubic (src, 1, 6, 1, dst, 12, 1);
      ck_assert_float_eq_tol (dst[1], (float)(first[i] / 128.0), 1e-6);
      ck_assert_float_eq_tol (dst[4], (float)(fifth[i] / 128.0), 1e-6);
    }
}
END_TEST

START_TEST (same_size_and_flat_pictures_do_not_change)
{
  g_autofree float *planes = g_new (float, 3 * W * H);
  g_autofree guint8 *rgb = g_new (guint8, 3 * W * H);
  g_autofree float *same = g_new (float, 3 * W * H);
  g_autofree float *flat = g_new (float, 61 * 47);

  fill (planes, rgb);
  ae_resize_bicubic (planes, 3, W, H, same, W, H);
  for (int i = 0; i < 3 * W * H; i++)
    ck_assert_float_eq (same[i], planes[i]);

  for (int i = 0; i < W * H; i++)
    planes[i] = 77.0f;
  ae_resize_bicubic (planes, 1, W, H, flat, 61, 47);
  for (int i = 0; i < 61 * 47; i++)
    ck_assert_float_eq_tol (flat[i], 77.0f, 1e-5);
  ae_resize_bicubic (planes, 1, W, H, flat, 7, 5);
  for (int i = 0; i < 35; i++)
    ck_assert_float_eq_tol (flat[i], 77.0f, 1e-5);
}
END_TEST

START_TEST (sizes_down_to_one_pixel)
{
  const float src[2] = { 1.0f, 3.0f };
  float dst[8];

  ae_resize_bicubic (src, 1, 2, 1, dst, 1, 1);
  ck_assert_float_eq_tol (dst[0], 2.0f, 1e-6);
  ae_resize_bicubic (src, 1, 1, 1, dst, 4, 2);
  for (int i = 0; i < 8; i++)
    ck_assert_float_eq_tol (dst[i], 1.0f, 1e-6);
}
END_TEST

/* Computed with numpy by multiplying with dense matrices of weights in double precision. */
static const struct
{
  int width, height;
  double first, inner, last, sum; /* [0][0][0], [1][3][5], [2][height - 1][width - 1] */
} known[] = {
  { 18, 12, 8.984375, 110.51171875, 175.58203125, 80338.0 },
  { 12, 8, 18.024691358024707, 126.45953360768175, 158.71970736168265, 35705.77777777778 },
  { 9, 6, 27.197265625, 134.75816345214844, 150.1399383544922, 20084.5 },
  { 72, 48, -1.875, 35.9375, 271.125, 1285408.0 },
  { 50, 17, 2.1329934126023247, 186.32515202841918, 216.2284172611844, 316147.08106243104 },
};

START_TEST (values_of_another_program)
{
  const int w = known[_i].width, h = known[_i].height;
  g_autofree float *planes = g_new (float, 3 * W * H);
  g_autofree guint8 *rgb = g_new (guint8, 3 * W * H);
  g_autofree float *dst = g_new (float, 3 * w * h);
  double sum = 0.0;

  fill (planes, rgb);
  ae_resize_bicubic (planes, 3, W, H, dst, w, h);
  for (int i = 0; i < 3 * w * h; i++)
    sum += (double)dst[i];
  ck_assert_double_eq_tol (dst[0], known[_i].first, 1e-4);
  ck_assert_double_eq_tol (dst[(h + 3) * w + 5], known[_i].inner, 1e-4);
  ck_assert_double_eq_tol (dst[3 * w * h - 1], known[_i].last, 1e-4);
  ck_assert_double_eq_tol (sum, known[_i].sum, 0.05);
}
END_TEST

/* The same program: made small, rounded, enlarged, rounded; PSNR of Y without the border. */
START_TEST (small_and_back)
{
  static const double psnr[] = { 17.2950720078805, 16.489682956798696, 16.39143288491351 };
  const int scale = _i + 2;
  g_autofree float *planes = g_new (float, 3 * W * H);
  g_autofree guint8 *rgb = g_new (guint8, 3 * W * H);
  g_autofree guint8 *small = g_new (guint8, 3 * W * H);
  g_autofree guint8 *back = g_new (guint8, 3 * W * H);

  fill (planes, rgb);
  ae_resize_bicubic_rgb8 (rgb, W, H, small, W / scale, H / scale);
  ae_resize_bicubic_rgb8 (small, W / scale, H / scale, back, W, H);
  ck_assert_double_eq_tol (ae_metrics_psnr_y (rgb, back, W, H, scale), psnr[_i], 2e-3);
}
END_TEST

/* A part has the bits that it has in the whole, whatever lies beyond the border. */
START_TEST (parts)
{
  static const struct
  {
    int width, height;
    AeRect part;
  } cases[] = {
    { 72, 48, { 11, 9, 20, 15 } },
    { 50, 17, { 9, 5, 17, 6 } },
    { 9, 6, { 3, 3, 3, 1 } },
    { 40, 24, { 12, 7, 1, 9 } },
  };
  const int width = cases[_i].width, height = cases[_i].height;
  const AeRect *part = &cases[_i].part;
  const AeResize size = { W, H, width, height };
  const AeRect source = ae_resize_source (&size, part);
  const gsize n = (gsize)source.width * (gsize)source.height;
  g_autofree float *planes = g_new (float, 3 * W * H);
  g_autofree guint8 *rgb = g_new (guint8, 3 * W * H);
  g_autofree float *whole = g_new (float, 3 * width * height);
  g_autofree float *src = g_new (float, 3 * n);
  g_autofree float *dst = g_new (float, 3 * part->width * part->height);

  fill (planes, rgb);
  ae_resize_bicubic (planes, 3, W, H, whole, width, height);
  for (int c = 0; c < 3; c++)
    for (int y = 0; y < source.height; y++)
      for (int x = 0; x < source.width; x++)
        {
          const int u = source.x + x, v = source.y + y;

          /* as in the whole: mirrored with the border pixel repeated */
          src[(gsize)c * n + (gsize)(y * source.width + x)] = planes[(c * H
                                                                      + (v < 0   ? -1 - v
                                                                         : v < H ? v
                                                                                 : 2 * H - 1 - v))
                                                                       * W
                                                                     + (u < 0   ? -1 - u
                                                                        : u < W ? u
                                                                                : 2 * W - 1 - u)];
        }
  ae_resize_part (&size, part, src, 3, dst);
  for (int c = 0; c < 3; c++)
    for (int y = 0; y < part->height; y++)
      for (int x = 0; x < part->width; x++)
        ck_assert_float_eq (dst[(c * part->height + y) * part->width + x],
                            whole[(c * height + part->y + y) * width + part->x + x]);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("resize");
  TCase *tcase = tcase_create ("resize");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_add_test (tcase, weights_of_half_size);
  tcase_add_test (tcase, weights_of_double_size);
  tcase_add_test (tcase, same_size_and_flat_pictures_do_not_change);
  tcase_add_test (tcase, sizes_down_to_one_pixel);
  tcase_add_loop_test (tcase, values_of_another_program, 0, (int)G_N_ELEMENTS (known));
  tcase_add_loop_test (tcase, small_and_back, 0, 3);
  tcase_add_loop_test (tcase, parts, 0, 4);
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
