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

void
AE_VEC (matmul) (float *c, const float *a, const float *b, int rows, int inner, int cols)
{
  size_t n = (size_t)inner, stride = (size_t)cols;
  int x = 0;

  /* column by column of tiles, so that a strip of b stays in the cache */
  for (; x < cols; x += x + VECTORS * VL <= cols ? VECTORS * VL : VL)
    {
      bool wide = x + VECTORS * VL <= cols;
      int r = 0;

      for (; r + ROWS <= rows; r += ROWS)
        if (wide)
          tile (c + (size_t)r * stride + x, a + (size_t)r * n, b + x, ROWS, VECTORS, n, stride);
        else
          tile (c + (size_t)r * stride + x, a + (size_t)r * n, b + x, ROWS, 1, n, stride);
      for (; r < rows; r++)
        if (wide)
          tile (c + (size_t)r * stride + x, a + (size_t)r * n, b + x, 1, VECTORS, n, stride);
        else
          tile (c + (size_t)r * stride + x, a + (size_t)r * n, b + x, 1, 1, n, stride);
    }
}
