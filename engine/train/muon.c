/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* muon.c - orthogonalization by Newton-Schulz iterations. */

#include "muon.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define STEPS 5
#define ALIGN 16 /* floats: the longest vector, and a line of the cache */

/* p (x) = A x + B x^3 + C x^5 brings singular values from 0 to 1 near 1 fast, not exactly. */
#define A 3.4445f
#define B -4.7750f
#define C 2.0315f

static size_t
padded (int n)
{
  return ((size_t)n + ALIGN - 1) / ALIGN * ALIGN;
}

size_t
ae_muon_scratch (int rows, int cols)
{
  size_t small = padded (MIN (rows, cols)), large = padded (MAX (rows, cols));

  return 3 * small * large + 4 * small * small;
}

/* wide [small][large], zeros beyond; the transpose where m is high. */
static double
read_matrix (float *wide, size_t large, const float *m, int rows, int cols)
{
  double sum = 0;

  for (int r = 0; r < rows; r++)
    for (int c = 0; c < cols; c++, m++)
      {
        *(rows <= cols ? &wide[(size_t)r * large + (size_t)c] : &wide[(size_t)c * large + (size_t)r]) = *m;
        sum += (double)*m * *m;
      }
  return sqrt (sum);
}

static void
write_matrix (float *m, const float *wide, size_t large, int rows, int cols)
{
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < cols; c++)
      *m++ = rows <= cols ? wide[(size_t)r * large + (size_t)c] : wide[(size_t)c * large + (size_t)r];
}

void
ae_muon_orthogonalize (const AeKernels *k, float *m, int rows, int cols, float *scratch)
{
  size_t small = padded (MIN (rows, cols)), large = padded (MAX (rows, cols)), square = small * small;
  int s = (int)small, l = (int)large;
  float *x = scratch, *xt = x + small * large, *result = xt + small * large;
  float *gram = result + small * large, *poly = gram + square, *product = poly + square,
        *room = product + square;
  double length;

  memset (x, 0, sizeof (float) * small * large);
  length = read_matrix (x, large, m, rows, cols);
  if (!(length > 0))
    return;
  for (size_t i = 0; i < small * large; i++)
    x[i] = (float)(x[i] / length);
  for (size_t i = 0; i < small; i++)
    for (size_t j = 0; j < large; j++)
      xt[j * small + i] = x[i * large + j];
  k->matmul (gram, x, xt, s, l, s);

  for (int step = 0; step < STEPS; step++)
    {
      /* poly: the factor of this step; product: of all so far.  They commute with gram. */
      k->matmul (poly, gram, gram, s, s, s);
      for (size_t i = 0; i < square; i++)
        poly[i] = B * gram[i] + C * poly[i];
      for (size_t i = 0; i < small; i++)
        poly[i * small + i] += A;
      if (step == 0)
        memcpy (product, poly, sizeof (float) * square);
      else
        {
          k->matmul (room, poly, product, s, s, s);
          memcpy (product, room, sizeof (float) * square);
        }
      if (step + 1 < STEPS)
        {
          k->matmul (room, poly, gram, s, s, s);
          k->matmul (gram, room, poly, s, s, s);
        }
    }
  k->matmul (result, product, x, s, s, l);
  write_matrix (m, result, large, rows, cols);
}
