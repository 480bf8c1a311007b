/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* eigenvalues.c - eigenvalues of a symmetric matrix: Householder reduction and bisection. */

#include "eigenvalues.h"

#include <float.h>
#include <glib.h>
#include <math.h>
#include <stdlib.h>

/*
 * Reduces the matrix to tridiagonal form by reflections: from the last row up,
 * each row gets zeros left of its neighbor of the diagonal.
 */
static void
reduce (double *a, int n, double *diagonal, double *beside)
{
  double *p = g_new (double, n);

  for (int i = n - 1; i >= 2; i--)
    {
      double *row = a + (gsize)i * (gsize)n, norm2 = 0, alpha, v2, dot = 0;

      for (int k = 0; k < i; k++)
        norm2 += row[k] * row[k];
      alpha = row[i - 1] > 0 ? -sqrt (norm2) : sqrt (norm2);
      beside[i] = alpha;
      v2 = norm2 - alpha * row[i - 1]; /* |v|^2 / 2 for v = row - alpha e */
      if (v2 <= 0)
        continue;
      row[i - 1] -= alpha; /* the row is v now */
      for (int j = 0; j < i; j++)
        {
          double sum = 0;

          for (int k = 0; k <= j; k++)
            sum += a[(gsize)j * (gsize)n + (gsize)k] * row[k];
          for (int k = j + 1; k < i; k++)
            sum += a[(gsize)k * (gsize)n + (gsize)j] * row[k];
          p[j] = sum / v2;
          dot += p[j] * row[j];
        }
      for (int j = 0; j < i; j++)
        p[j] -= dot / (2 * v2) * row[j];
      for (int j = 0; j < i; j++)
        for (int k = 0; k <= j; k++)
          a[(gsize)j * (gsize)n + (gsize)k] -= row[j] * p[k] + p[j] * row[k];
    }
  beside[0] = 0;
  if (n > 1)
    beside[1] = a[(gsize)n];
  for (int i = 0; i < n; i++)
    diagonal[i] = a[(gsize)i * (gsize)n + (gsize)i];
  g_free (p);
}

/* How many eigenvalues of the tridiagonal matrix are below x (Sturm's sequence). */
static int
count_below (const double *diagonal, const double *beside, int n, double x, double tiny)
{
  int below = 0;
  double q = 1;

  for (int i = 0; i < n; i++)
    {
      q = diagonal[i] - x - (i ? beside[i] * beside[i] / q : 0);
      if (fabs (q) < tiny)
        q = -tiny;
      below += q < 0;
    }
  return below;
}

void
ae_eigenvalues (double *matrix, int n, double *values)
{
  double *diagonal = g_new (double, n), *beside = g_new (double, n + 1);
  double low = INFINITY, high = -INFINITY, tiny;

  reduce (matrix, n, diagonal, beside);
  beside[n] = 0;
  /* all lie in these circles */
  for (int i = 0; i < n; i++)
    {
      double radius = fabs (beside[i]) + fabs (beside[i + 1]);

      low = MIN (low, diagonal[i] - radius);
      high = MAX (high, diagonal[i] + radius);
    }
  tiny = MAX (MAX (fabs (low), fabs (high)) * DBL_EPSILON * DBL_EPSILON, DBL_MIN);
  for (int k = 0; k < n; k++)
    {
      double from = low, to = k ? values[k - 1] : high;

      /* half as far each time, to the last bit that counts */
      for (int i = 0; i < 60 && to - from > 4 * DBL_EPSILON * MAX (fabs (from), fabs (to)); i++)
        {
          double middle = from + (to - from) / 2;

          if (count_below (diagonal, beside, n, middle, tiny) <= n - 1 - k)
            from = middle;
          else
            to = middle;
        }
      values[k] = to;
    }
  g_free (diagonal);
  g_free (beside);
}
