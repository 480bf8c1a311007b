/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-loss.c - losses against their definitions, their gradients against finite differences. */

#include <check.h>
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "train/loss.h"
#include "train/metrics.h"
#include "train/random.h"

/* A soft picture and a noisy copy of it, [channels][height][width]. */
static void
make_pair (float *result, float *target, int channels, int width, int height, float noise)
{
  AeRandom random = ae_random (3, 1, AE_RANDOM_NOISE);

  for (int c = 0; c < channels; c++)
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++)
        {
          int i = (c * height + y) * width + x;

          target[i] = 0.5f + 0.3f * sinf (0.3f * (float)(x + c)) * cosf (0.2f * (float)(y * (c + 1)));
          result[i] = target[i] + noise * (2 * ae_random_uniform (&random) - 1);
        }
}

/* Of three times a loss of four values, against finite differences. */
static void
check_gradient (AeLoss loss, const float *result, const float *target)
{
  float gradient[4], unused[4];

  ae_loss (loss, result, target, gradient, 3, 1, 2, 2);
  for (int i = 0; i < 4; i++)
    {
      const float h = 1.0f / 4096;
      float moved[4];
      double plus, minus, numeric;

      memcpy (moved, result, sizeof moved);
      moved[i] += h;
      plus = ae_loss (loss, moved, target, unused, 3, 1, 2, 2);
      moved[i] = result[i] - h;
      minus = ae_loss (loss, moved, target, unused, 3, 1, 2, 2);
      numeric = 3 * (plus - minus) / (2 * (double)h);
      ck_assert_double_eq_tol (numeric, gradient[i], 2e-3 * (1 + fabs (numeric)));
    }
}

START_TEST (gradients_of_distances)
{
  const float result[] = { 0.3f, -0.2f, 0.8f, 0.5f }, target[] = { 0.1f, 0.4f, 0.75f, 0.1f };
  float gradient[4], unused[4];

  for (int loss = AE_LOSS_L1; loss <= AE_LOSS_CHARBONNIER; loss++)
    {
      ae_loss ((AeLoss)loss, result, target, gradient, 3, 1, 2, 2);
      for (int i = 0; i < 4; i++)
        {
          const float h = 1.0f / 1024;
          float moved[4];
          double plus, minus;

          memcpy (moved, result, sizeof moved);
          moved[i] += h;
          plus = ae_loss ((AeLoss)loss, moved, target, unused, 3, 1, 2, 2);
          moved[i] = result[i] - h;
          minus = ae_loss ((AeLoss)loss, moved, target, unused, 3, 1, 2, 2);
          ck_assert_double_eq_tol (3 * (plus - minus) / (2 * (double)h), gradient[i], 2e-3);
        }
    }
}
END_TEST

START_TEST (cross_entropy)
{
  const float result[] = { 0.3f, 0.9f, 0.5f, 0.01f }, target[] = { 0, 1, 0.25f, 0.4f };
  const float edge[] = { 0, 1, 0, 1 }, sharp[] = { 0, 1, 1, 0 };
  float gradient[4];
  double sum = 0;

  for (int i = 0; i < 4; i++)
    sum
      -= (double)target[i] * log ((double)result[i]) + (1 - (double)target[i]) * log (1 - (double)result[i]);
  ck_assert_double_eq_tol (ae_loss (AE_LOSS_BCE, result, target, gradient, 3, 1, 2, 2), sum, 1e-6);
  check_gradient (AE_LOSS_BCE, result, target);
  /* sure and right, sure and wrong: finite */
  ck_assert_double_eq_tol (ae_loss (AE_LOSS_BCE, edge, sharp, gradient, 1, 1, 2, 2), 2 * log (1e7), 1);
  for (int i = 0; i < 4; i++)
    ck_assert (isfinite (gradient[i]));
}
END_TEST

START_TEST (negative_psnr)
{
  const float result[] = { 0.3f, 0.4f, 0.8f, 0.5f }, target[] = { 0.35f, 0.4f, 0.75f, 0.55f };
  float gradient[4];

  ck_assert_double_eq_tol (ae_loss (AE_LOSS_PSNR, result, target, gradient, 3, 1, 2, 2),
                           4 * 10 * log10 (3 * 0.0025 / 4 + 1e-5), 1e-4);
  check_gradient (AE_LOSS_PSNR, result, target);
  /* the same picture: 50 dB, and no way to go */
  ck_assert_double_eq_tol (ae_loss (AE_LOSS_PSNR, target, target, gradient, 1, 1, 2, 2), -4 * 50, 1e-6);
  for (int i = 0; i < 4; i++)
    ck_assert (gradient[i] == 0);
}
END_TEST

/* Sides that leave 1, 2 and 3 scales, even and odd. */
static const int sides[][2] = { { 13, 11 }, { 23, 30 }, { 45, 48 } };

START_TEST (gradient_of_ms_ssim)
{
  int width = sides[_i][0], height = sides[_i][1], n = 2 * width * height;
  float *result = g_new (float, n), *target = g_new (float, n);
  float *gradient = g_new (float, n), *unused = g_new (float, n);

  make_pair (result, target, 2, width, height, 0.2f);
  ae_loss (AE_LOSS_MS_SSIM, result, target, gradient, 0.5f, 2, width, height);
  for (int i = 0; i < n; i += 37)
    {
      const float h = 1.0f / 4096, value = result[i];
      double plus, minus, step, numeric;

      if (fabsf (result[i] - target[i]) < 2 * h) /* the edge of |d| */
        continue;
      result[i] = value + h;
      step = (double)result[i];
      plus = ae_loss (AE_LOSS_MS_SSIM, result, target, unused, 0.5f, 2, width, height);
      result[i] = value - h;
      step -= (double)result[i];
      minus = ae_loss (AE_LOSS_MS_SSIM, result, target, unused, 0.5f, 2, width, height);
      result[i] = value;
      numeric = 0.5 * (plus - minus) / step;
      ck_assert_msg (fabs (numeric - (double)gradient[i]) < 2e-5 + 2e-4 * fabs (numeric),
                     "%d x %d: gradient[%d] is %g, finite difference %g", width, height, i,
                     (double)gradient[i], numeric);
    }
  g_free (result);
  g_free (target);
  g_free (gradient);
  g_free (unused);
}
END_TEST

/* One scale is the SSIM that eval prints. */
START_TEST (one_scale_is_ssim)
{
  enum
  {
    WIDTH = 21,
    HEIGHT = 16,
    N = WIDTH * HEIGHT
  };
  float a[3 * N], b[3 * N];
  guint8 a8[3 * N], b8[3 * N];

  make_pair (a, b, 3, WIDTH, HEIGHT, 0.1f);
  for (int i = 0; i < 3 * N; i++)
    {
      int j = i % N * 3 + i / N;

      a8[j] = (guint8)lrintf (a[i] * 255);
      b8[j] = (guint8)lrintf (b[i] * 255);
      a[i] = (float)a8[j] / 255;
      b[i] = (float)b8[j] / 255;
    }
  ck_assert_double_eq_tol (ae_ms_ssim (a, b, NULL, 0, 3, WIDTH, HEIGHT),
                           ae_metrics_ssim_rgb (a8, b8, WIDTH, HEIGHT, 0), 1e-6);
  ck_assert_double_eq_tol (ae_ms_ssim (a, a, NULL, 0, 3, WIDTH, HEIGHT), 1, 1e-12);
}
END_TEST

/* Mean of the contrast and structure terms, and with luminance, as the definitions read. */
static void
terms (const double *a, const double *b, int side, double *cs_mean, double *ssim_mean)
{
  int places = side - 10;
  double window[11][11], total = 0;

  *cs_mean = *ssim_mean = 0;
  for (int i = 0; i < 11; i++)
    for (int j = 0; j < 11; j++)
      total += window[i][j] = exp (-((i - 5) * (i - 5) + (j - 5) * (j - 5)) / 4.5);
  for (int y = 0; y < places; y++)
    for (int x = 0; x < places; x++)
      {
        double ma = 0, mb = 0, va = 0, vb = 0, vab = 0, cs, l;

        for (int i = 0; i < 121; i++)
          {
            ma += window[i / 11][i % 11] / total * a[(y + i / 11) * side + x + i % 11];
            mb += window[i / 11][i % 11] / total * b[(y + i / 11) * side + x + i % 11];
          }
        for (int i = 0; i < 121; i++)
          {
            double weight = window[i / 11][i % 11] / total;
            double da = a[(y + i / 11) * side + x + i % 11] - ma;
            double db = b[(y + i / 11) * side + x + i % 11] - mb;

            va += weight * da * da;
            vb += weight * db * db;
            vab += weight * da * db;
          }
        cs = (2 * vab + 9e-4) / (va + vb + 9e-4);
        l = (2 * ma * mb + 1e-4) / (ma * ma + mb * mb + 1e-4);
        *cs_mean += cs / (places * places);
        *ssim_mean += l * cs / (places * places);
      }
}

/* 48 pixels: scales of 48, 24 and 12. */
START_TEST (three_scales_by_definition)
{
  enum
  {
    SIDE = 48
  };
  static const double exponents[] = { 0.0448, 0.2856, 0.3001 };
  float result[SIDE * SIDE], target[SIDE * SIDE];
  double a[SIDE * SIDE], b[SIDE * SIDE], expected = 1;

  make_pair (result, target, 1, SIDE, SIDE, 0.3f);
  for (int i = 0; i < SIDE * SIDE; i++)
    {
      a[i] = (double)result[i];
      b[i] = (double)target[i];
    }
  for (int s = 0, side = SIDE; s < 3; s++, side /= 2)
    {
      double cs, ssim;

      terms (a, b, side, &cs, &ssim);
      expected *= pow (s == 2 ? ssim : cs, exponents[s] / (0.0448 + 0.2856 + 0.3001));
      for (int i = 0; i < side * side / 4; i++)
        {
          int at = 2 * (i / (side / 2)) * side + 2 * (i % (side / 2));

          a[i] = (a[at] + a[at + 1] + a[at + side] + a[at + side + 1]) / 4;
          b[i] = (b[at] + b[at + 1] + b[at + side] + b[at + side + 1]) / 4;
        }
    }
  ck_assert_double_eq_tol (ae_ms_ssim (result, target, NULL, 0, 1, SIDE, SIDE), expected, 1e-9);
  ck_assert_double_lt (expected, 0.95);
}
END_TEST

/* A target turned upside down in its values has no structure in common: the floor holds, nothing is NaN. */
START_TEST (opposites)
{
  enum
  {
    SIDE = 32,
    N = SIDE * SIDE
  };
  float result[N], target[N], gradient[N];
  double loss;

  make_pair (result, target, 1, SIDE, SIDE, 0);
  for (int i = 0; i < N; i++)
    result[i] = 1 - target[i];
  loss = ae_loss (AE_LOSS_MS_SSIM, result, target, gradient, 1.0f / N, 1, SIDE, SIDE) / N;
  ck_assert (loss > 0.84 * 0.99 && loss < 1);
  for (int i = 0; i < N; i++)
    ck_assert (isfinite (gradient[i]));
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("losses");
  TCase *tcase = tcase_create ("losses");
  SRunner *runner;
  int failed;

  tcase_set_timeout (tcase, 60);
  tcase_add_test (tcase, gradients_of_distances);
  tcase_add_test (tcase, cross_entropy);
  tcase_add_test (tcase, negative_psnr);
  tcase_add_loop_test (tcase, gradient_of_ms_ssim, 0, G_N_ELEMENTS (sides));
  tcase_add_test (tcase, one_scale_is_ssim);
  tcase_add_test (tcase, three_scales_by_definition);
  tcase_add_test (tcase, opposites);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
