/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-matmul.c - products of matrices of every table against sums in double. */

#include "support.h"

#include <math.h>
#include <string.h>

static void
check_product (const AeKernels *k, int rows, int inner, int cols, Fill kind)
{
  size_t n = (size_t)inner, stride = (size_t)cols;
  Guarded a = guarded_new ((size_t)rows * n), b = guarded_new (n * stride);
  Guarded c = guarded_new ((size_t)rows * stride), parts = guarded_new ((size_t)rows * stride);
  int cut = rows / 3;

  fill (a.data, a.n, kind, 1);
  fill (b.data, b.n, kind, 2);
  k->matmul (c.data, a.data, b.data, rows, inner, cols);
  for (size_t r = 0; r < (size_t)rows; r++)
    for (size_t x = 0; x < stride; x++)
      {
        double sum = 0, size = 0, got = (double)c.data[r * stride + x];

        for (size_t i = 0; i < n; i++)
          {
            double product = (double)a.data[r * n + i] * (double)b.data[i * stride + x];

            sum += product;
            size += fabs (product);
          }
        expect (fabs (got - sum) <= (kind == FILL_INTEGER ? 0 : (double)FLT_EPSILON * n * size),
                "%s, %d x %d x %d: [%zu][%zu] is %g, expected %g", k->name, rows, inner, cols, r, x, got,
                sum);
      }

  /* rows are computed alike however the caller cuts them */
  if (cut > 0)
    k->matmul (parts.data, a.data, b.data, cut, inner, cols);
  k->matmul (parts.data + (size_t)cut * stride, a.data + (size_t)cut * n, b.data, rows - cut, inner, cols);
  expect (!memcmp (parts.data, c.data, sizeof (float) * c.n), "%s, %d x %d x %d: parts differ", k->name, rows,
          inner, cols);
  guarded_free (&a);
  guarded_free (&b);
  guarded_free (&c);
  guarded_free (&parts);
}

START_TEST (test_matmul)
{
  const AeKernels *k = ae_kernels_nth (_i);
  static const int sizes[] = { 1, 2, 5, 6, 7, 13, 24, 65 };

  for (int r = 0; r < 8; r++)
    for (int i = 0; i < 8; i += 2)
      for (int vectors = 1; vectors <= 9; vectors++)
        {
          check_product (k, sizes[r], sizes[i], vectors * k->vl, FILL_INTEGER);
          check_product (k, sizes[r], sizes[7 - i], vectors * k->vl, FILL_FLOAT);
        }
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("kernels-matmul");
  TCase *tcase = tcase_create ("matmul");

  tcase_add_loop_test (tcase, test_matmul, 0, n_tables ());
  suite_add_tcase (suite, tcase);
  return run_suite (suite);
}
