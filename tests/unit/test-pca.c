/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-pca.c - principal components of points whose axes are known. */

#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "train/pca.h"
#include "train/random.h"

enum
{
  N = 400,
  D = 7
};

/* Points around (1, 2, …) with deviations 5, 2 and 0.1 along three orthogonal axes, exactly in the mean. */
static float *
make_points (void)
{
  static const double axes[3][D]
    = { { 0.6, 0, 0.8, 0, 0, 0, 0 }, { 0, 1, 0, 0, 0, 0, 0 }, { 0.8, 0, -0.6, 0, 0, 0, 0 } };
  static const double deviations[3] = { 5, 2, 0.1 };
  float *points = g_new (float, N *D);

  for (int i = 0; i < N; i++)
    for (int j = 0; j < D; j++)
      {
        double v = j + 1;

        for (int a = 0; a < 3; a++) /* signs whose products are 0 in the mean */
          v += (i >> a & 1 ? 1 : -1) * deviations[a] * axes[a][j];
        points[i * D + j] = (float)v;
      }
  return points;
}

START_TEST (known_axes)
{
  g_autofree float *points = make_points ();
  g_autoptr (AePca) pca = ae_pca_new (points, N, D, 3);
  const float origin[D] = { 1, 2, 3, 4, 5, 6, 7 };
  double at[3];

  ck_assert_double_eq_tol (pca->deviation[0], 5, 1e-5);
  ck_assert_double_eq_tol (pca->deviation[1], 2, 1e-5);
  ck_assert_double_eq_tol (pca->deviation[2], 0.1, 1e-5);
  ck_assert_double_eq_tol (fabs (pca->components[0]), 0.6, 1e-5);
  ck_assert_double_eq_tol (fabs (pca->components[2]), 0.8, 1e-5);
  ck_assert_double_eq_tol (fabs (pca->components[D + 1]), 1, 1e-5);
  ae_pca_project (pca, origin, at);
  for (int i = 0; i < 3; i++)
    ck_assert_double_eq_tol (at[i], 0, 1e-4);
  ck_assert_double_eq_tol (ae_pca_error (pca, points, N), 0, 1e-9);
}
END_TEST

/* What is left out is the error. */
START_TEST (error_of_fewer)
{
  g_autofree float *points = make_points ();
  g_autoptr (AePca) one = ae_pca_new (points, N, D, 1), two = ae_pca_new (points, N, D, 2);

  ck_assert_double_eq_tol (ae_pca_error (one, points, N), (4 + 0.01) / D, 1e-5);
  ck_assert_double_eq_tol (ae_pca_error (two, points, N), 0.01 / D, 1e-6);
}
END_TEST

/* Fewer points than components, and all the same: no NaN. */
START_TEST (degenerate)
{
  const float same[2 * 3] = { 1, 2, 3, 1, 2, 3 };
  g_autoptr (AePca) pca = ae_pca_new (same, 2, 3, 3);

  for (int i = 0; i < 3; i++)
    ck_assert_double_eq_tol (pca->deviation[i], 0, 1e-12);
  ck_assert_double_eq_tol (ae_pca_error (pca, same, 2), 0, 1e-12);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("pca");
  TCase *tcase = tcase_create ("pca");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_add_test (tcase, known_axes);
  tcase_add_test (tcase, error_of_fewer);
  tcase_add_test (tcase, degenerate);
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
