/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-optimizer.c - steps of AdamW and Muon against their formulas. */

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "train/muon.h"
#include "train/optimizer.h"
#include "train/random.h"

START_TEST (biases_do_not_decay)
{
  AeOptimizer *o = ae_optimizer_new (4);
  const AeOptimizerOptions options = { 0.9f, 0.99f, 1e-8f, 1, 0, 0.5f };

  for (int i = 0; i < 4; i++)
    {
      o->params[i] = 2;
      o->decay[i] = i < 2 ? 1 : 0;
    }
  ae_optimizer_step (o, &options, 1, 0.5f, 1); /* gradients are 0 */
  ck_assert_float_eq (o->params[1], 1);
  ck_assert_float_eq (o->params[2], 2);
  ae_optimizer_free (o);
}
END_TEST

START_TEST (adam_by_hand)
{
  AeOptimizer *o = ae_optimizer_new (1);
  const AeOptimizerOptions options = { 0.9f, 0.99f, 1e-8f, 0.1f, 1.0f, 0.5f };
  double norm;

  o->params[0] = o->ema[0] = 2;
  o->grads[0] = 0.5f;
  /* m/c1 = 0.5, sqrt (v/c2) = 0.5: 2 - 0.1 * (1 + 0.1 * 2) = 1.88 */
  norm = ae_optimizer_step (o, &options, 1, 0.1f, 1);
  ck_assert_double_eq_tol (norm, 0.5, 1e-7);
  ck_assert_float_eq_tol (o->params[0], 1.88f, 1e-6f);
  /* decay 2 / 11, then 3 / 12 */
  ck_assert_float_eq_tol (o->ema[0], 1.901818f, 1e-5f);
  /* clipped to 1: m = 0.9 * 0.05 + 0.1 = 0.145, v = 0.99 * 0.0025 + 0.01 = 0.012475;
   * m/c1 = 0.763158, v/c2 = 0.626884, sqrt 0.791760; 1.88 - 0.1 * (0.963875 + 0.188) = 1.7648125 */
  o->grads[0] = 4;
  norm = ae_optimizer_step (o, &options, 2, 0.1f, 1);
  ck_assert_double_eq_tol (norm, 4, 1e-6);
  ck_assert_float_eq_tol (o->params[0], 1.7648125f, 1e-5f);
  ck_assert_float_eq_tol (o->ema[0], 1.799064f, 1e-5f);
  ae_optimizer_free (o);
}
END_TEST

static float *
matrix (int rows, int cols, guint64 seed)
{
  float *m = g_new (float, (gsize)(rows * cols));
  AeRandom random = ae_random (seed, 0, AE_RANDOM_INIT);

  ae_random_normal (&random, m, (gsize)(rows * cols));
  for (int i = 0; i < rows * cols; i++) /* some directions are much stronger than others */
    m[i] += 3 * cosf ((float)(i % cols));
  return m;
}

static void
orthogonalize (float *m, int rows, int cols)
{
  float *scratch = g_aligned_alloc (ae_muon_scratch (rows, cols), sizeof (float), 64);

  ae_muon_orthogonalize (ae_kernels_get (), m, rows, cols, scratch);
  g_aligned_free (scratch);
}

/* The same as the paper writes it, on the whole matrix [rows][cols], rows <= cols, in double. */
static double *
iterated (const float *m, int rows, int cols)
{
  double *x = g_new (double, (gsize)(rows * cols)), *next = g_new (double, (gsize)(rows * cols));
  double *a = g_new (double, (gsize)(rows * rows)), *b = g_new (double, (gsize)(rows * rows));
  double length = 0;

  for (int i = 0; i < rows * cols; i++)
    length += (double)m[i] * (double)m[i];
  for (int i = 0; i < rows * cols; i++)
    x[i] = (double)m[i] / sqrt (length);
  for (int step = 0; step < 5; step++)
    {
      for (int i = 0; i < rows; i++)
        for (int j = 0; j < rows; j++)
          {
            a[i * rows + j] = 0;
            for (int c = 0; c < cols; c++)
              a[i * rows + j] += x[i * cols + c] * x[j * cols + c];
          }
      for (int i = 0; i < rows; i++)
        for (int j = 0; j < rows; j++)
          {
            double square = 0;

            for (int l = 0; l < rows; l++)
              square += a[i * rows + l] * a[l * rows + j];
            b[i * rows + j] = -4.7750 * a[i * rows + j] + 2.0315 * square;
          }
      for (int i = 0; i < rows; i++)
        for (int c = 0; c < cols; c++)
          {
            double sum = 3.4445 * x[i * cols + c];

            for (int j = 0; j < rows; j++)
              sum += b[i * rows + j] * x[j * cols + c];
            next[i * cols + c] = sum;
          }
      memcpy (x, next, sizeof (double) * (gsize)(rows * cols));
    }
  g_free (next);
  g_free (a);
  g_free (b);
  return x;
}

static const struct
{
  int rows, cols;
} shapes[] = { { 1, 1 }, { 1, 20 }, { 8, 8 }, { 9, 16 }, { 16, 36 }, { 24, 216 }, { 33, 100 } };

START_TEST (orthogonalizes)
{
  int rows = shapes[_i].rows, cols = shapes[_i].cols, n = rows * cols;
  g_autofree float *m = matrix (rows, cols, 1), *high = g_new (float, (gsize)n);
  g_autofree double *expected = iterated (m, rows, cols);

  for (int i = 0; i < n; i++)
    high[i % cols * rows + i / cols] = m[i];
  orthogonalize (m, rows, cols);
  orthogonalize (high, cols, rows);
  for (int i = 0; i < n; i++)
    {
      ck_assert_double_eq_tol ((double)m[i], expected[i], 2e-4);
      ck_assert_float_eq_tol (high[i % cols * rows + i / cols], m[i], 1e-5f);
    }
}
END_TEST

START_TEST (singular_values_are_near_one)
{
  const int rows = 24, cols = 216;
  g_autofree float *m = matrix (rows, cols, 2);
  double all = 0;

  orthogonalize (m, rows, cols);
  for (int i = 0; i < rows * cols; i++)
    all += (double)m[i] * (double)m[i];
  ck_assert_double_ge (all, 0.7 * 0.7 * rows);
  ck_assert_double_le (all, 1.2 * 1.2 * rows);
  for (int i = 0; i < rows; i++)
    for (int j = 0; j <= i; j++)
      {
        double product = 0;

        for (int c = 0; c < cols; c++)
          product += (double)m[i * cols + c] * (double)m[j * cols + c];
        if (i == j)
          ck_assert_double_le (fabs (product - 1), 0.5);
        else
          ck_assert_double_le (fabs (product), 0.5);
      }
}
END_TEST

START_TEST (zeros_stay_zeros)
{
  float m[8 * 9] = { 0 };

  orthogonalize (m, 8, 9);
  for (int i = 0; i < 8 * 9; i++)
    ck_assert_float_eq (m[i], 0);
}
END_TEST

/* A matrix between numbers that are none: one step by the formulas. */
START_TEST (muon_by_hand)
{
  enum
  {
    ROWS = 8,
    COLS = 12,
    N = ROWS * COLS
  };
  const AeOptimizerOptions options = { .beta1 = 0.9f,
                                       .beta2 = 0.99f,
                                       .epsilon = 1e-8f,
                                       .weight_decay = 0.1f,
                                       .ema = 0.5f,
                                       .kind = AE_OPTIMIZER_MUON };
  g_autofree float *g = matrix (ROWS, COLS, 3), *direction = g_memdup2 (g, sizeof (float) * N);
  AeOptimizer *o = ae_optimizer_new (N + 5);

  ae_optimizer_add_matrix (o, 2, ROWS, COLS);
  for (int i = 0; i < N + 5; i++)
    {
      o->params[i] = 2;
      o->grads[i] = i >= 2 && i < N + 2 ? g[i - 2] : -0.5f;
    }
  orthogonalize (direction, ROWS, COLS);
  ae_optimizer_step (o, &options, 1, 0.1f, 1);
  for (int i = 0; i < N; i++)
    {
      ck_assert_float_eq_tol (o->m[i + 2], 0.1f * g[i], 1e-6f);
      ck_assert_float_eq_tol (o->params[i + 2], 2 - 0.1f * (0.2f * sqrtf (COLS) * direction[i] + 0.1f * 2),
                              1e-5f);
    }
  for (int i = 0; i < 5; i++)
    ck_assert_float_eq_tol (o->params[i < 2 ? i : N + i], 2 - 0.1f * (-1 + 0.1f * 2), 1e-5f);
  ae_optimizer_free (o);
}
END_TEST

START_TEST (gradients_without_end_change_nothing)
{
  AeOptimizerOptions options = { .beta1 = 0.9f, .beta2 = 0.99f, .epsilon = 1e-8f, .ema = 0.5f };

  for (int kind = AE_OPTIMIZER_ADAMW; kind <= AE_OPTIMIZER_MUON; kind++)
    {
      AeOptimizer *o = ae_optimizer_new (64);

      options.kind = kind;
      ae_optimizer_add_matrix (o, 0, 8, 8);
      o->grads[9] = NAN;
      ck_assert (!isfinite (ae_optimizer_step (o, &options, 1, 0.1f, 1)));
      for (int i = 0; i < 64; i++)
        ck_assert (o->params[i] == 0 && o->m[i] == 0 && o->v[i] == 0);
      ae_optimizer_free (o);
    }
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("optimizer");
  TCase *tcase = tcase_create ("optimizer");
  SRunner *runner;
  int failed;

  tcase_add_test (tcase, biases_do_not_decay);
  tcase_add_test (tcase, adam_by_hand);
  tcase_add_loop_test (tcase, orthogonalizes, 0, G_N_ELEMENTS (shapes));
  tcase_add_test (tcase, singular_values_are_near_one);
  tcase_add_test (tcase, zeros_stay_zeros);
  tcase_add_test (tcase, muon_by_hand);
  tcase_add_test (tcase, gradients_without_end_change_nothing);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
