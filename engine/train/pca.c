/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* pca.c - principal components by subspace iteration. */

#include "pca.h"

#include <math.h>
#include <string.h>

#include "random.h"

#define STEPS_MAX 500
#define TURN 1e-12 /* 1 - cosine, about the square of half the angle */

static double *
covariance (const float *values, int n, int d, const double *mean)
{
  double *c = g_new0 (double, (gsize)d *(gsize)d);
  g_autofree double *v = g_new (double, d);

  for (int i = 0; i < n; i++)
    {
      for (int j = 0; j < d; j++)
        v[j] = (double)values[(gsize)i * (gsize)d + (gsize)j] - mean[j];
      for (int a = 0; a < d; a++)
        if (v[a] != 0.0)
          for (int b = a; b < d; b++)
            c[(gsize)a * (gsize)d + (gsize)b] += v[a] * v[b] / n;
    }
  for (int a = 0; a < d; a++)
    for (int b = 0; b < a; b++)
      c[(gsize)a * (gsize)d + (gsize)b] = c[(gsize)b * (gsize)d + (gsize)a];
  return c;
}

static double
dot (const double *a, const double *b, int d)
{
  double sum = 0;

  for (int i = 0; i < d; i++)
    sum += a[i] * b[i];
  return sum;
}

/* Gram and Schmidt, twice for precision; where nothing is left the vector becomes zero. */
static void
orthonormalize (double *vectors, int k, int d)
{
  for (int i = 0; i < k; i++)
    {
      double *v = vectors + (gsize)i * (gsize)d, length;

      for (int twice = 0; twice < 2; twice++)
        for (int j = 0; j < i; j++)
          {
            const double *u = vectors + (gsize)j * (gsize)d;
            double share = dot (u, v, d);

            for (int x = 0; x < d; x++)
              v[x] -= share * u[x];
          }
      length = sqrt (dot (v, v, d));
      for (int x = 0; x < d; x++)
        v[x] = length > 1e-150 ? v[x] / length : 0;
    }
}

AePca *
ae_pca_new (const float *values, int n, int d, int k)
{
  AePca *pca = g_new0 (AePca, 1);
  gsize size = (gsize)k * (gsize)d;
  g_autofree double *c = NULL, *next = g_new (double, size);
  g_autofree float *begin = g_new (float, size);
  AeRandom random = ae_random (1, 0, AE_RANDOM_INIT);

  pca->dimension = d;
  pca->k = k;
  pca->mean = g_new0 (double, d);
  pca->components = g_new (double, size);
  pca->deviation = g_new0 (double, k);
  for (int i = 0; i < n; i++)
    for (int j = 0; j < d; j++)
      pca->mean[j] += (double)values[(gsize)i * (gsize)d + (gsize)j] / n;
  c = covariance (values, n, d, pca->mean);
  ae_random_normal (&random, begin, size);
  for (gsize i = 0; i < size; i++)
    pca->components[i] = (double)begin[i];
  orthonormalize (pca->components, k, d);
  for (int step = 0; step < STEPS_MAX; step++)
    {
      double turn = 0;

      for (int i = 0; i < k; i++)
        {
          const double *v = pca->components + (gsize)i * (gsize)d;
          double *w = next + (gsize)i * (gsize)d;

          for (int a = 0; a < d; a++)
            w[a] = dot (c + (gsize)a * (gsize)d, v, d);
          pca->deviation[i] = sqrt (MAX (dot (v, w, d), 0));
        }
      orthonormalize (next, k, d);
      for (int i = 0; i < k; i++)
        turn
          = MAX (turn, 1 - fabs (dot (next + (gsize)i * (gsize)d, pca->components + (gsize)i * (gsize)d, d)));
      memcpy (pca->components, next, sizeof (double) * size);
      if (turn < TURN)
        break;
    }
  return pca;
}

void
ae_pca_free (AePca *pca)
{
  if (!pca)
    return;
  g_free (pca->mean);
  g_free (pca->components);
  g_free (pca->deviation);
  g_free (pca);
}

void
ae_pca_project (const AePca *pca, const float *vector, double *coordinates)
{
  for (int i = 0; i < pca->k; i++)
    {
      coordinates[i] = 0;
      for (int j = 0; j < pca->dimension; j++)
        coordinates[i] += ((double)vector[j] - pca->mean[j])
                          * pca->components[(gsize)i * (gsize)pca->dimension + (gsize)j];
    }
}

double
ae_pca_error (const AePca *pca, const float *values, int n)
{
  g_autofree double *at = g_new (double, pca->k);
  double sum = 0;

  for (int i = 0; i < n; i++)
    {
      const float *v = values + (gsize)i * (gsize)pca->dimension;

      /* what is not in the components: they are orthogonal */
      ae_pca_project (pca, v, at);
      for (int j = 0; j < pca->dimension; j++)
        sum += ((double)v[j] - pca->mean[j]) * ((double)v[j] - pca->mean[j]);
      sum -= dot (at, at, pca->k);
    }
  return sum / ((double)n * pca->dimension);
}
