/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-degrade.c - what the degradations do is what the recipe says. */

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "train/degrade-private.h"

#define SIZE 128
#define PIXELS (SIZE * SIZE)

typedef struct
{
  float *clean, *spoiled, *sigma;
} Pair;

static Pair
spoil (float value, int n_steps, const AeDegradeStep *steps)
{
  Pair p = { g_new (float, 3 * PIXELS), g_new (float, 3 * PIXELS), g_new (float, PIXELS) };
  AeDegradation d = { .name = (char *)"test", .weight = 1, .n_steps = n_steps };
  AeRandom random = ae_random (1, 2, AE_RANDOM_NOISE);

  memcpy (d.steps, steps, sizeof (AeDegradeStep) * (gsize)n_steps);
  for (int i = 0; i < 3 * PIXELS; i++)
    p.clean[i] = p.spoiled[i] = value;
  ae_degrade (&d, &random, p.spoiled, p.sigma, SIZE, SIZE);
  return p;
}

static void
pair_free (Pair *p)
{
  g_free (p->clean);
  g_free (p->spoiled);
  g_free (p->sigma);
}

static double
deviation (const Pair *p, int channel)
{
  double squares = 0;

  for (int i = 0; i < PIXELS; i++)
    {
      double d = (double)p->spoiled[channel * PIXELS + i] - p->clean[channel * PIXELS + i];

      squares += d * d;
    }
  return sqrt (squares / PIXELS);
}

/* Correlation of neighbors in a row. */
static double
correlation (const Pair *p, int channel)
{
  double products = 0, squares = 0;

  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x + 1 < SIZE; x++)
      {
        int i = channel * PIXELS + y * SIZE + x;
        double a = (double)p->spoiled[i] - p->clean[i], b = (double)p->spoiled[i + 1] - p->clean[i + 1];

        products += a * b;
        squares += a * a;
      }
  return products / squares;
}

START_TEST (gaussian_has_its_level)
{
  const AeDegradeStep step = { AE_DEGRADE_GAUSSIAN, { 25 }, { 25 } };
  Pair p = spoil (0.5f, 1, &step);

  for (int c = 0; c < 3; c++)
    {
      ck_assert_double_eq_tol (deviation (&p, c) * 255, 25, 0.5);
      ck_assert_double_eq_tol (correlation (&p, c), 0, 0.03);
    }
  ck_assert_float_eq_tol (p.sigma[7] * 255, 25, 1e-4f);
  pair_free (&p);
}
END_TEST

START_TEST (round8_makes_bytes)
{
  const AeDegradeStep steps[]
    = { { AE_DEGRADE_GAUSSIAN, { 60 }, { 60 } }, { AE_DEGRADE_ROUND8, { 0 }, { 0 } } };
  Pair p = spoil (0.9f, 2, steps);

  for (int i = 0; i < 3 * PIXELS; i++)
    {
      double byte = (double)p.spoiled[i] * 255;

      ck_assert_double_eq_tol (byte, round (byte), 1e-4);
      ck_assert (byte > -1e-4 && byte < 255.0001);
    }
  /* the level that was added, although clipping took some away */
  ck_assert_float_eq_tol (p.sigma[0] * 255, 60, 1e-4f);
  pair_free (&p);
}
END_TEST

START_TEST (poisson_variance_is_linear_in_light)
{
  const AeDegradeStep step = { AE_DEGRADE_POISSON, { 1e-3f, 4e-3f }, { 1e-3f, 4e-3f } };
  const float values[] = { 0.25f, 0.5f, 0.75f };

  for (gsize v = 0; v < G_N_ELEMENTS (values); v++)
    {
      Pair p = spoil (values[v], 1, &step);
      double linear = (double)ae_srgb_to_linear (values[v]), squares = 0, expected;

      for (int i = 0; i < PIXELS; i++)
        {
          double d = (double)ae_srgb_to_linear (p.spoiled[i]) - linear;

          squares += d * d;
        }
      expected = 1e-3 * linear + 16e-6;
      ck_assert_double_eq_tol (squares / PIXELS, expected, 0.05 * expected);
      /* independent noise: the measured level is the deviation of what is there */
      ck_assert_double_eq_tol ((double)p.sigma[0], deviation (&p, 1), 0.05 * deviation (&p, 1));
      pair_free (&p);
    }
}
END_TEST

START_TEST (bayer_noise_is_blotchy)
{
  const AeDegradeStep step = { AE_DEGRADE_BAYER, { 2e-3f, 2e-3f, 0 }, { 2e-3f, 2e-3f, 0 } };
  Pair p = spoil (0.5f, 1, &step);

  /* of each red or blue photosite three more pixels are interpolated, of each green one one */
  ck_assert_double_gt (correlation (&p, 0), 0.4);
  ck_assert_double_gt (correlation (&p, 2), 0.4);
  ck_assert_double_gt (correlation (&p, 1), 0.2);
  ck_assert_double_gt (deviation (&p, 0), 0.01);
  ck_assert_double_lt ((double)p.sigma[0], deviation (&p, 0));
  pair_free (&p);
}
END_TEST

START_TEST (correlated_has_level_and_grain)
{
  const AeDegradeStep step = { AE_DEGRADE_CORRELATED, { 10, 0.8f, 0 }, { 10, 0.8f, 0 } };
  Pair p = spoil (0.5f, 1, &step);

  ck_assert_double_eq_tol (deviation (&p, 1) * 255, 10, 0.1);
  /* of noise blurred by a Gaussian: exp (-1 / (4 radius^2)) */
  ck_assert_double_eq_tol (correlation (&p, 1), exp (-1 / (4 * 0.64)), 0.05);
  pair_free (&p);
}
END_TEST

START_TEST (jpeg_steps_are_those_of_the_quality)
{
  /* at quality 50 the standard tables hold: the mean of a block, the first of them 16, goes in steps of 16 /
   * 8 */
  const AeDegradeStep step = { AE_DEGRADE_JPEG, { 50, 0 }, { 50, 0 } };
  Pair p = spoil (101 / 255.0f, 1, &step);
  Pair q = spoil (104 / 255.0f, 1, &step);

  /* 101 lies in the middle between two steps */
  ck_assert_float_eq_tol (fabsf (p.spoiled[5000] * 255 - 101), 1, 1e-3f);
  ck_assert_float_eq_tol (q.spoiled[5000] * 255, 104, 1e-3f);
  pair_free (&p);
  pair_free (&q);
}
END_TEST

START_TEST (jpeg_quality_orders_errors)
{
  double last = 1;

  for (int quality = 10; quality <= 95; quality += 17)
    {
      const AeDegradeStep steps[] = { { AE_DEGRADE_GAUSSIAN, { 20 }, { 20 } },
                                      { AE_DEGRADE_JPEG, { (float)quality, 0 }, { (float)quality, 0 } } };
      const AeDegradeStep noise = steps[0];
      Pair p = spoil (0.5f, 2, steps), n = spoil (0.5f, 1, &noise);
      double error;

      memcpy (p.clean, n.spoiled, sizeof (float) * 3 * PIXELS);
      error = deviation (&p, 1);
      ck_assert_msg (error < last, "quality %d: %g, before %g", quality, error, last);
      last = error;
      pair_free (&p);
      pair_free (&n);
    }
  ck_assert_double_lt (last, 0.02);
}
END_TEST

START_TEST (gray_has_one_noise)
{
  const AeDegradeStep steps[]
    = { { AE_DEGRADE_GAUSSIAN, { 25 }, { 25 } }, { AE_DEGRADE_GRAY, { 0 }, { 0 } } };
  Pair p = spoil (0.5f, 2, steps);
  float rgb[] = { 1, 0, 0, 1, 0, 1 }; /* [3][1][2]: red and cyan */

  ck_assert_mem_eq (p.spoiled, p.spoiled + PIXELS, sizeof (float) * PIXELS);
  ck_assert_mem_eq (p.spoiled, p.spoiled + 2 * PIXELS, sizeof (float) * PIXELS);
  ck_assert_double_eq_tol (deviation (&p, 0) * 255, 25, 0.5);
  ck_assert_float_eq_tol (p.sigma[7] * 255, 25, 1e-4f);
  ae_degrade_make_gray (rgb, 2, 1);
  for (int c = 0; c < 3; c++)
    {
      ck_assert_float_eq_tol (rgb[2 * c], 0.299f, 1e-6f);
      ck_assert_float_eq_tol (rgb[2 * c + 1], 0.701f, 1e-6f);
    }
  pair_free (&p);
}
END_TEST

START_TEST (samples_repeat)
{
  const AeDegradeStep steps[] = { { AE_DEGRADE_BAYER, { 1e-3f, 1e-3f, 0.5f }, { 1e-2f, 1e-2f, 0.5f } },
                                  { AE_DEGRADE_JPEG, { 50, 0.5f }, { 90, 0.5f } } };
  Pair a = spoil (0.4f, 2, steps), b = spoil (0.4f, 2, steps);

  ck_assert_mem_eq (a.spoiled, b.spoiled, sizeof (float) * 3 * PIXELS);
  pair_free (&a);
  pair_free (&b);
}
END_TEST

START_TEST (random_is_normal)
{
  AeRandom random = ae_random (1, 1, AE_RANDOM_NOISE), again = ae_random (1, 2, AE_RANDOM_NOISE);
  float *values = g_new (float, 100001);
  double sum = 0, squares = 0, fourth = 0;

  ae_random_normal (&random, values, 100001);
  for (int i = 0; i < 100001; i++)
    {
      double v = values[i];

      sum += v;
      squares += v * v;
      fourth += v * v * v * v;
    }
  ck_assert_double_eq_tol (sum / 100001, 0, 0.01);
  ck_assert_double_eq_tol (squares / 100001, 1, 0.01);
  ck_assert_double_eq_tol (fourth / 100001, 3, 0.1);
  ck_assert (ae_random_u64 (&again) != ae_random_u64 (&random));
  for (int i = 0; i < 1000; i++)
    {
      int n = ae_random_int (&random, 7);

      ck_assert (n >= 0 && n < 7);
    }
  g_free (values);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("degrade");
  TCase *tcase = tcase_create ("degrade");
  SRunner *runner;
  int failed;

  tcase_set_timeout (tcase, 60);
  tcase_add_test (tcase, gaussian_has_its_level);
  tcase_add_test (tcase, round8_makes_bytes);
  tcase_add_test (tcase, poisson_variance_is_linear_in_light);
  tcase_add_test (tcase, bayer_noise_is_blotchy);
  tcase_add_test (tcase, correlated_has_level_and_grain);
  tcase_add_test (tcase, jpeg_steps_are_those_of_the_quality);
  tcase_add_test (tcase, jpeg_quality_orders_errors);
  tcase_add_test (tcase, gray_has_one_noise);
  tcase_add_test (tcase, samples_repeat);
  tcase_add_test (tcase, random_is_normal);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
