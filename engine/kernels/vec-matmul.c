/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* vec-matmul.c - product of two matrices: a tile of the result stays in registers. */

#include "vec.h"

enum
{
  ROWS = AE_REGS == 32 ? 6 : 4,
  VECTORS = AE_REGS == 32 ? 4 : 3
};

/* c [rows][vectors * VL]; rows and vectors are constants wherever this is inlined. */
AE_INLINE void
tile (float *c, const float *a, const float *b, int rows, int vectors, size_t inner, size_t cols)
{
  Vec sums[ROWS][VECTORS] = { { { 0 } } };

  for (size_t i = 0; i < inner; i++, b += cols)
    {
      Vec row[VECTORS];

#pragma GCC unroll 4
      for (int v = 0; v < vectors; v++)
        row[v] = load (b + v * VL);
#pragma GCC unroll 6
      for (int r = 0; r < rows; r++)
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++)
          sums[r][v] += splat (a[(size_t)r * inner + i]) * row[v];
    }
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++)
      store (c + (size_t)r * cols + v * VL, sums[r][v]);
}

/* c [rows][vectors * VL] for any number of rows. */
AE_INLINE void
strip (float *c, const float *a, const float *b, int rows, int vectors, size_t inner, size_t cols)
{
  int r = 0;

  for (; r + ROWS <= rows; r += ROWS)
    tile (c + (size_t)r * cols, a + (size_t)r * inner, b, ROWS, vectors, inner, cols);
  for (; r < rows; r++)
    tile (c + (size_t)r * cols, a + (size_t)r * inner, b, 1, vectors, inner, cols);
}

/* Strip by strip, so that one of b stays in the cache. */
void
AE_VEC (matmul) (float *c, const float *a, const float *b, int rows, int inner, int cols)
{
  int x = 0;

  for (; x + VECTORS * VL <= cols; x += VECTORS * VL)
    strip (c + x, a, b + x, rows, VECTORS, (size_t)inner, (size_t)cols);
  for (; x < cols; x += VL)
    strip (c + x, a, b + x, rows, 1, (size_t)inner, (size_t)cols);
}
