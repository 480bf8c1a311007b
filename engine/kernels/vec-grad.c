/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* vec-grad.c - gradient of the weights: G output blocks x N input channels of sums in registers. */

#include "vec.h"

/*
 * The sums begin with what dw holds and take the pixels in reading order.  So
 * their bits depend neither on the tile nor on the rows of one call.  Named
 * sums for the reason given in vec-conv.c.
 */
#define FOR_CHANNELS_6(X, g) X (g, 0) X (g, 1) X (g, 2) X (g, 3) X (g, 4) X (g, 5)
#define FOR_CHANNELS_8(X, g) FOR_CHANNELS_6 (X, g) X (g, 6) X (g, 7)
#define FOR_CHANNELS_12(X, g) FOR_CHANNELS_8 (X, g) X (g, 8) X (g, 9) X (g, 10) X (g, 11)
#define FOR_CHANNELS_16(X, g) FOR_CHANNELS_12 (X, g) X (g, 12) X (g, 13) X (g, 14) X (g, 15)
#define FOR_SUMS(X) FOR_CHANNELS_16 (X, 0) FOR_CHANNELS_12 (X, 1) FOR_CHANNELS_8 (X, 2) FOR_CHANNELS_6 (X, 3)

typedef struct
{
  const AeConvGrad *grad;
  float *dw;         /* first channel, tap and block of the tile */
  const float *ddst; /* first block and row */
  const float *src;  /* first channel, tap and row */
  int rows;
} Tile;

AE_INLINE void
tile (const Tile *tile, const int G, const int N)
{
  const AeConvGrad *a = tile->grad;
  const size_t block = a->ddst_block;
  const size_t d_step = (size_t)a->ddst_step * VL, s_step = (size_t)a->src_step * VL;
  const size_t dw_channel = (size_t)a->taps * a->dw_row;
  const float *d_row = tile->ddst, *s_row = tile->src;

#define BEGIN(g, n) Vec s##g##_##n = G > g && N > n ? load (tile->dw + n * dw_channel + g * VL) : (Vec){ 0 };
  FOR_SUMS (BEGIN)
#undef BEGIN

  for (int y = 0; y < tile->rows; y++, d_row += a->ddst_row, s_row += a->src_row)
    {
      const float *d = d_row, *s = s_row;

      for (int x = 0; x < a->width; x++, d += d_step, s += s_step)
        {
          if (G > N)
            {
#define CHANNEL(g, n) Vec x##n = N > n ? splat (s[n]) : (Vec){ 0 };
#define MULTIPLY(g, n)                                                                                       \
  if (G > g && N > n)                                                                                        \
    multiply_add (&s##g##_##n, v, x##n);
#define BLOCK(g)                                                                                             \
  if (G > g)                                                                                                 \
    {                                                                                                        \
      Vec v = load (d + g * block);                                                                          \
      FOR_CHANNELS_6 (MULTIPLY, g)                                                                           \
    }
              FOR_CHANNELS_6 (CHANNEL, 0)
              BLOCK (0)
              BLOCK (1)
              BLOCK (2)
              BLOCK (3)
#undef CHANNEL
#undef MULTIPLY
#undef BLOCK
            }
          else
            {
              Vec d0 = load (d);
              Vec d1 = G > 1 ? load (d + block) : d0;
              Vec d2 = G > 2 ? load (d + 2 * block) : d0;
              Vec d3 = G > 3 ? load (d + 3 * block) : d0;
#define MULTIPLY(g, n)                                                                                       \
  if (N > n)                                                                                                 \
    {                                                                                                        \
      Vec v = splat (s[n]);                                                                                  \
      multiply_add (&s0_##n, d0, v);                                                                         \
      MULTIPLY_##g (n)                                                                                       \
    }
#define MULTIPLY_0(n)
#define MULTIPLY_1(n)                                                                                        \
  if (G > 1)                                                                                                 \
    multiply_add (&s1_##n, d1, v);
#define MULTIPLY_2(n)                                                                                        \
  MULTIPLY_1 (n)                                                                                             \
  if (G > 2)                                                                                                 \
    multiply_add (&s2_##n, d2, v);
#define MULTIPLY_3(n)                                                                                        \
  MULTIPLY_2 (n)                                                                                             \
  if (G > 3)                                                                                                 \
    multiply_add (&s3_##n, d3, v);
              FOR_CHANNELS_6 (MULTIPLY, 3)
              MULTIPLY (2, 6)
              MULTIPLY (2, 7)
              MULTIPLY (1, 8)
              MULTIPLY (1, 9)
              MULTIPLY (1, 10)
              MULTIPLY (1, 11)
              MULTIPLY (0, 12)
              MULTIPLY (0, 13)
              MULTIPLY (0, 14)
              MULTIPLY (0, 15)
#undef MULTIPLY
#undef MULTIPLY_0
#undef MULTIPLY_1
#undef MULTIPLY_2
#undef MULTIPLY_3
            }
        }
    }

#define STORE(g, n)                                                                                          \
  if (G > g && N > n)                                                                                        \
    store (tile->dw + n * dw_channel + g * VL, s##g##_##n);
  FOR_SUMS (STORE)
#undef STORE
}

typedef void (*TileFunc) (const Tile *);

/* X (G, N) for each tile that this ISA uses. */
#define UP_TO_3(X, g) X (g, 1) X (g, 2) X (g, 3)
#define UP_TO_4(X, g) UP_TO_3 (X, g) X (g, 4)
#define UP_TO_6(X, g) UP_TO_4 (X, g) X (g, 5) X (g, 6)
#define UP_TO_8(X, g) UP_TO_6 (X, g) X (g, 7) X (g, 8)
#define UP_TO_12(X, g) UP_TO_8 (X, g) X (g, 9) X (g, 10) X (g, 11) X (g, 12)
#define UP_TO_16(X, g) UP_TO_12 (X, g) X (g, 13) X (g, 14) X (g, 15) X (g, 16)
#if AE_REGS >= 32
#define FOR_TILES_1(X) UP_TO_16 (X, 1)
#define FOR_TILES_2(X) UP_TO_12 (X, 2)
#define FOR_TILES_3(X) UP_TO_8 (X, 3)
#define FOR_TILES_4(X) UP_TO_6 (X, 4)
static const int tile_channels[GROUP_MAX + 1] = { 0, 16, 12, 8, 6 };
#else
#define FOR_TILES_1(X) UP_TO_12 (X, 1)
#define FOR_TILES_2(X) UP_TO_6 (X, 2)
#define FOR_TILES_3(X) UP_TO_4 (X, 3)
#define FOR_TILES_4(X) UP_TO_3 (X, 4)
static const int tile_channels[GROUP_MAX + 1] = { 0, 12, 6, 4, 3 };
#endif

#define TILE(g, n)                                                                                           \
  static void tile_##g##_##n (const Tile *t)                                                                 \
  {                                                                                                          \
    tile (t, g, n);                                                                                          \
  }
FOR_TILES_1 (TILE)
FOR_TILES_2 (TILE)
FOR_TILES_3 (TILE)
FOR_TILES_4 (TILE)

#define ENTRY(g, n) [n] = tile_##g##_##n,
static const TileFunc tiles[GROUP_MAX + 1][17] = {
  [1] = { FOR_TILES_1 (ENTRY) },
  [2] = { FOR_TILES_2 (ENTRY) },
  [3] = { FOR_TILES_3 (ENTRY) },
  [4] = { FOR_TILES_4 (ENTRY) },
};

/* All taps and input channels of one group of output blocks, for a band of rows. */
static void
group_rows (const AeConvGrad *a, int block, int group, int y, int rows)
{
  for (int i0 = 0; i0 < a->in_channels; i0 += VL)
    {
      int lanes = a->in_channels - i0 < VL ? a->in_channels - i0 : VL;
      int n = (lanes + tile_channels[group] - 1) / tile_channels[group];

      for (int i = 0, channels; i < lanes; i += channels, n--)
        {
          channels = (lanes - i + n - 1) / n;
          for (int t = 0; t < a->taps; t++)
            {
              Tile one = {
                .grad = a,
                .dw
                = a->dw + ((size_t)(i0 + i) * (size_t)a->taps + (size_t)t) * a->dw_row + (size_t)block * VL,
                .ddst = a->ddst + (size_t)block * a->ddst_block + (size_t)y * a->ddst_row,
                .src = a->src + (size_t)(i0 / VL) * a->src_block + (size_t)y * a->src_row + i + a->tap[t],
                .rows = rows,
              };

              tiles[group][channels](&one);
            }
        }
    }
}

void
AE_VEC (conv_grad) (const AeConvGrad *a)
{
  /* Pixels of a band: enough to make loading and storing the sums cheap, few enough to stay in the first
   * level cache for all taps. */
  int band = a->width < 96 ? 96 / (a->width > 0 ? a->width : 1) : 1;
  int group;

  for (int y = 0; y < a->height; y += band)
    for (int b = 0; b < a->out_blocks; b += group)
      {
        group = group_size (a->out_blocks - b);
        group_rows (a, b, group, y, a->height - y < band ? a->height - y : band);
      }
}

void
AE_VEC (channel_sum) (float *sum, const float *src, size_t row, size_t block, int blocks, int width,
                      int height)
{
  for (int b = 0; b < blocks; b++, sum += VL, src += block)
    {
      Vec total = load (sum);

      for (int y = 0; y < height; y++)
        {
          const float *s = src + (size_t)y * row;
          Vec s0 = { 0 }, s1 = { 0 }, s2 = { 0 }, s3 = { 0 };
          int x = 0;

          for (; x + 4 <= width; x += 4, s += 4 * VL)
            {
              s0 += load (s);
              s1 += load (s + VL);
              s2 += load (s + 2 * VL);
              s3 += load (s + 3 * VL);
            }
          for (; x < width; x++, s += VL)
            s0 += load (s);
          total += (s0 + s1) + (s2 + s3);
        }
      store (sum, total);
    }
}

void
AE_VEC (relu_grad) (float *dst, const float *d, const float *y, float slope, size_t n)
{
  size_t i = 0;

  for (; i + VL <= n; i += VL)
    {
      Vec v = load (d + i);

      store (dst + i, choose (load (y + i) > 0, v, v * slope));
    }
  for (; i < n; i++)
    dst[i] = y[i] > 0 ? d[i] : slope * d[i];
}
