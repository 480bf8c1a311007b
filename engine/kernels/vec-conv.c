/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* vec-conv.c - convolution: G output blocks x P pixels of sums in registers. */

#include "vec.h"

/*
 * Every sum is a variable of its own: compilers keep arrays in memory unless
 * they unroll each loop over them.  A tile function is instantiated for
 * constant G and P, so what lies beyond its tile vanishes.
 *
 * Whatever the tile, a sum begins with the bias and then takes input channels
 * (outer) and taps (inner) in order; so its bits do not depend on the tile.
 */
#define PIXELS_MAX 14
#define LINE 16   /* floats of a line of the cache */
#define STRIP 256 /* pixels of a row that are computed before the next row begins */
#define FOR_PIXELS_6(X, g) X (g, 0) X (g, 1) X (g, 2) X (g, 3) X (g, 4) X (g, 5)
#define FOR_PIXELS_8(X, g) FOR_PIXELS_6 (X, g) X (g, 6) X (g, 7)
#define FOR_PIXELS_12(X, g) FOR_PIXELS_8 (X, g) X (g, 8) X (g, 9) X (g, 10) X (g, 11)
#define FOR_PIXELS_14(X, g) FOR_PIXELS_12 (X, g) X (g, 12) X (g, 13)
#define FOR_SUMS(X) FOR_PIXELS_14 (X, 0) FOR_PIXELS_12 (X, 1) FOR_PIXELS_8 (X, 2) FOR_PIXELS_6 (X, 3)

AE_INLINE int
pairs_of (int channels)
{
  return (channels + PAIR - 1) / PAIR;
}

/* A weight as it is packed; with that of the next channel (NULL: there is none) where there are pairs. */
AE_INLINE float
weight_of (float w, const float *next)
{
#ifdef AE_BF16
  return bf16_pair (w, next ? *next : 0);
#else
  return w;
#endif
}

/* Packed weights: per group of G output blocks [in channel or pair][tap][G][VL]. */
size_t
AE_VEC (conv_packed_size) (int in_channels, int out_channels, int taps)
{
  return (size_t)blocks_of (out_channels) * VL * (size_t)pairs_of (in_channels) * (size_t)taps;
}

void
AE_VEC (conv_pack) (float *packed, const float *w, ptrdiff_t so, ptrdiff_t si, ptrdiff_t st, int in_channels,
                    int out_channels, int taps)
{
  int blocks = blocks_of (out_channels);
  int n;

  for (int b = 0; b < blocks; b += n)
    {
      n = group_size (blocks - b);
      for (int i = 0; i < in_channels; i += PAIR)
        for (int t = 0; t < taps; t++)
          for (int lane = 0; lane < n * VL; lane++)
            {
              int o = b * VL + lane;
              const float *from = w + o * so + i * si + t * st;

              *packed++ = o >= out_channels ? 0 : weight_of (from[0], i + 1 < in_channels ? from + si : NULL);
            }
    }
}

/* One tile: where it lies and what it needs of its group. */
typedef struct
{
  const AeConv *conv;
  const float *weights; /* of the group */
  const float *bias;    /* of the group, or NULL */
  const float *src;     /* first pixel */
  float *dst;           /* first pixel of the first block of the group */
  const float *add;     /* likewise, or NULL */
  int block;            /* first of the group */
} Tile;

/* e^x, relative error below 2e-7: 2^n e^r with |r| <= log (2) / 2. */
AE_INLINE Vec
exp_vec (Vec x)
{
  const Vec lo = splat (-87.0f), hi = splat (87.0f);
  const Vec magic = splat (12582912.0f); /* 1.5 * 2^23: adding it rounds to an integer */
  Vec n, r, p;

  x = choose (x < lo, lo, x);
  x = choose (x > hi, hi, x);
  n = x * splat (1.44269504f) + magic;
  p = n - magic;
  r = x - p * splat (0.693359375f) + p * splat (2.12194440e-4f);
  p = splat (1.0f / 5040);
  p = p * r + splat (1.0f / 720);
  p = p * r + splat (1.0f / 120);
  p = p * r + splat (1.0f / 24);
  p = p * r + splat (1.0f / 6);
  p = p * r + splat (0.5f);
  p = p * r + splat (1.0f);
  p = p * r + splat (1.0f);
  return p * (Vec)(((Mask)n - (Mask)magic + 127) << 23);
}

/* The rarer activations, on sums [G][P][VL] in memory. */
static __attribute__ ((noinline)) void
finish (const Tile *t, const float *sums, int groups, int pixels)
{
  const AeConv *a = t->conv;

  for (int g = 0; g < groups; g++)
    for (int p = 0; p < pixels; p++, sums += VL)
      {
        size_t at = (size_t)g * a->dst_block + (size_t)p * (size_t)a->dst_step * PX;
        Vec v = load (sums);

        if (a->act == AE_ACT_LEAKY)
          v = choose (v > 0, v, v * splat (a->slope[0]));
        else if (a->act == AE_ACT_PRELU)
          v = choose (v > 0, v, v * load (a->slope + (t->block + g) * VL));
        else
          v = 1 / (1 + exp_vec (-v));
        if (t->add)
          v += load_pixel (t->add + at);
        store_pixel (t->dst + at, v);
      }
}

AE_INLINE void
tile (const Tile *tile, const int G, const int P, const int step, const int threes)
{
  const AeConv *a = tile->conv;
  const float *w = tile->weights;
  const float *src = tile->src;
  const int taps = a->taps;
  size_t dst_pixel = (size_t)a->dst_step * (a->wide ? VL : PX);

#define DECLARE(g, p) Vec s##g##_##p = { 0 };
  FOR_SUMS (DECLARE)
#undef DECLARE

  if (tile->bias)
    {
#define BEGIN(g, p)                                                                                          \
  if (G > g && P > p)                                                                                        \
    s##g##_##p = load (tile->bias + g * VL);
      FOR_SUMS (BEGIN)
#undef BEGIN
    }

    /* A processor does not look far enough ahead to hide how long it takes to
     * fetch what lies outside the first level cache. */
#define FETCH(g, p)                                                                                          \
  if (G > g && P > p)                                                                                        \
    {                                                                                                        \
      __builtin_prefetch (tile->dst + g * a->dst_block + p * dst_pixel, 1);                                  \
      if (tile->add)                                                                                         \
        __builtin_prefetch (tile->add + g * a->dst_block + p * dst_pixel);                                   \
    }
  FOR_SUMS (FETCH)
#undef FETCH

  for (int left = pairs_of (a->in_channels); left > 0; left -= PX, src += a->src_block)
    for (int i = 0; i < (left < PX ? left : PX); i++)
      for (int t = 0; t < taps; t += threes ? 3 : 1, w += (threes ? 3 : 1) * G * VL)
        {
          const float *s = src + i + a->tap[t];

          /* with each channel one more line of what the next tile reads */
          __builtin_prefetch (src + a->tap[t] + (P * step * PX + i * LINE));
          /* One block has a sum for each pixel alone: to load it for each tap
           * would take longer than to multiply it. */
          if (threes)
            {
              Vec w0 = load (w), w1 = load (w + VL), w2 = load (w + 2 * VL);
#define LEFT(p)                                                                                              \
  if (P > p)                                                                                                 \
    multiply_add (&s0_##p, w0, x);
#define MIDDLE(p)                                                                                            \
  if (P > p)                                                                                                 \
    multiply_add (&s0_##p, w1, x);
#define RIGHT(p)                                                                                             \
  if (P > p)                                                                                                 \
    multiply_add (&s0_##p, w2, x);
#define SOURCE(q, right, middle, left)                                                                       \
  if (P + 2 > q)                                                                                             \
    {                                                                                                        \
      Vec x = splat (s[q * PX]);                                                                             \
      right middle left                                                                                      \
    }
              SOURCE (0, , , LEFT (0))
              SOURCE (1, , MIDDLE (0), LEFT (1))
              SOURCE (2, RIGHT (0), MIDDLE (1), LEFT (2))
              SOURCE (3, RIGHT (1), MIDDLE (2), LEFT (3))
              SOURCE (4, RIGHT (2), MIDDLE (3), LEFT (4))
              SOURCE (5, RIGHT (3), MIDDLE (4), LEFT (5))
              SOURCE (6, RIGHT (4), MIDDLE (5), LEFT (6))
              SOURCE (7, RIGHT (5), MIDDLE (6), LEFT (7))
              SOURCE (8, RIGHT (6), MIDDLE (7), LEFT (8))
              SOURCE (9, RIGHT (7), MIDDLE (8), LEFT (9))
              SOURCE (10, RIGHT (8), MIDDLE (9), LEFT (10))
              SOURCE (11, RIGHT (9), MIDDLE (10), LEFT (11))
              SOURCE (12, RIGHT (10), MIDDLE (11), LEFT (12))
              SOURCE (13, RIGHT (11), MIDDLE (12), LEFT (13))
              SOURCE (14, RIGHT (12), MIDDLE (13), )
              SOURCE (15, RIGHT (13), , )
#undef LEFT
#undef MIDDLE
#undef RIGHT
#undef SOURCE
              continue;
            }

          /* The operand of which there are fewer stays in registers. */
          if (G > P)
            {
#define PIXEL(g, p) Vec x##p = P > p ? splat (s[p * step * PX]) : (Vec){ 0 };
#define MULTIPLY(g, p)                                                                                       \
  if (G > g && P > p)                                                                                        \
    multiply_add (&s##g##_##p, weight, x##p);
#define BLOCK(g)                                                                                             \
  if (G > g)                                                                                                 \
    {                                                                                                        \
      Vec weight = load (w + g * VL);                                                                        \
      FOR_PIXELS_6 (MULTIPLY, g)                                                                             \
    }
              FOR_PIXELS_6 (PIXEL, 0)
              BLOCK (0)
              BLOCK (1)
              BLOCK (2)
              BLOCK (3)
#undef PIXEL
#undef MULTIPLY
#undef BLOCK
            }
          else
            {
              Vec w0 = load (w);
              Vec w1 = G > 1 ? load (w + VL) : w0;
              Vec w2 = G > 2 ? load (w + 2 * VL) : w0;
              Vec w3 = G > 3 ? load (w + 3 * VL) : w0;
#define MULTIPLY(g, p)                                                                                       \
  if (P > p)                                                                                                 \
    {                                                                                                        \
      Vec x = splat (s[p * step * PX]);                                                                      \
      multiply_add (&s0_##p, w0, x);                                                                         \
      MULTIPLY_##g (p)                                                                                       \
    }
#define MULTIPLY_1(p)                                                                                        \
  if (G > 1)                                                                                                 \
    multiply_add (&s1_##p, w1, x);
#define MULTIPLY_2(p)                                                                                        \
  MULTIPLY_1 (p)                                                                                             \
  if (G > 2)                                                                                                 \
    multiply_add (&s2_##p, w2, x);
#define MULTIPLY_3(p)                                                                                        \
  MULTIPLY_2 (p)                                                                                             \
  if (G > 3)                                                                                                 \
    multiply_add (&s3_##p, w3, x);
#define MULTIPLY_0(p)
              FOR_PIXELS_6 (MULTIPLY, 3)
              MULTIPLY (2, 6)
              MULTIPLY (2, 7)
              MULTIPLY (1, 8)
              MULTIPLY (1, 9)
              MULTIPLY (1, 10)
              MULTIPLY (1, 11)
              MULTIPLY (0, 12)
              MULTIPLY (0, 13)
#undef MULTIPLY
#undef MULTIPLY_0
#undef MULTIPLY_1
#undef MULTIPLY_2
#undef MULTIPLY_3
            }
        }

  if (a->act > AE_ACT_RELU)
    {
      float sums[GROUP_MAX * PIXELS_MAX * VL] __attribute__ ((aligned (64)));

#define KEEP(g, p)                                                                                           \
  if (G > g && P > p)                                                                                        \
    store (sums + (g * P + p) * VL, s##g##_##p);
      FOR_SUMS (KEEP)
#undef KEEP
      finish (tile, sums, G, P);
      return;
    }
  if (a->act == AE_ACT_RELU)
    {
#define RELU(g, p)                                                                                           \
  if (G > g && P > p)                                                                                        \
    s##g##_##p = (Vec)((Mask)s##g##_##p & (s##g##_##p > 0));
      FOR_SUMS (RELU)
#undef RELU
    }
  if (tile->add)
    {
#define ADD(g, p)                                                                                            \
  if (G > g && P > p)                                                                                        \
    s##g##_##p += load_pixel (tile->add + g * a->dst_block + p * dst_pixel);
      FOR_SUMS (ADD)
#undef ADD
    }
#define STORE(g, p)                                                                                          \
  if (G > g && P > p)                                                                                        \
    store_pixel (tile->dst + g * a->dst_block + p * dst_pixel, s##g##_##p);
#define STORE_WIDE(g, p)                                                                                     \
  if (G > g && P > p)                                                                                        \
    store (tile->dst + g * a->dst_block + p * dst_pixel, s##g##_##p);
  if (PAIR > 1 && a->wide)
    {
      FOR_SUMS (STORE_WIDE)
    }
  else
    {
      FOR_SUMS (STORE)
    }
#undef STORE
#undef STORE_WIDE
}

typedef void (*TileFunc) (const Tile *);

/* X (G, P) for each tile that this ISA uses. */
#define UP_TO_3(X, g) X (g, 1) X (g, 2) X (g, 3)
#define UP_TO_4(X, g) UP_TO_3 (X, g) X (g, 4)
#define UP_TO_6(X, g) UP_TO_4 (X, g) X (g, 5) X (g, 6)
#define UP_TO_8(X, g) UP_TO_6 (X, g) X (g, 7) X (g, 8)
#define UP_TO_12(X, g) UP_TO_8 (X, g) X (g, 9) X (g, 10) X (g, 11) X (g, 12)
#define UP_TO_14(X, g) UP_TO_12 (X, g) X (g, 13) X (g, 14)
#if AE_REGS >= 32
#define FOR_TILES_1(X) UP_TO_14 (X, 1)
#define FOR_TILES_2(X) UP_TO_12 (X, 2)
#define FOR_TILES_3(X) UP_TO_8 (X, 3)
#define FOR_TILES_4(X) UP_TO_6 (X, 4)
static const int tile_pixels[GROUP_MAX + 1] = { 0, 14, 12, 8, 6 };
#else
#define FOR_TILES_1(X) UP_TO_12 (X, 1)
#define FOR_TILES_2(X) UP_TO_6 (X, 2)
#define FOR_TILES_3(X) UP_TO_4 (X, 3)
#define FOR_TILES_4(X) UP_TO_3 (X, 4)
static const int tile_pixels[GROUP_MAX + 1] = { 0, 12, 6, 4, 3 };
#endif

#define TILE(g, p)                                                                                           \
  static void tile_##g##_##p##_1 (const Tile *t)                                                             \
  {                                                                                                          \
    tile (t, g, p, 1, 0);                                                                                    \
  }                                                                                                          \
  static void tile_##g##_##p##_2 (const Tile *t)                                                             \
  {                                                                                                          \
    tile (t, g, p, 2, 0);                                                                                    \
  }
FOR_TILES_1 (TILE)
FOR_TILES_2 (TILE)
FOR_TILES_3 (TILE)
FOR_TILES_4 (TILE)

#define TILE_OF_THREES(g, p)                                                                                 \
  static void tile_##g##_##p##_threes (const Tile *t)                                                        \
  {                                                                                                          \
    tile (t, g, p, 1, 1);                                                                                    \
  }
FOR_TILES_1 (TILE_OF_THREES)

#define ENTRY(g, p) [p] = { tile_##g##_##p##_1, tile_##g##_##p##_2 },
static const TileFunc tiles[GROUP_MAX + 1][PIXELS_MAX + 1][2] = {
  [1] = { FOR_TILES_1 (ENTRY) },
  [2] = { FOR_TILES_2 (ENTRY) },
  [3] = { FOR_TILES_3 (ENTRY) },
  [4] = { FOR_TILES_4 (ENTRY) },
};

#define ENTRY_OF_THREES(g, p) [p] = tile_##g##_##p##_threes,
static const TileFunc tiles_of_threes[PIXELS_MAX + 1] = { FOR_TILES_1 (ENTRY_OF_THREES) };

/* Whether the taps come in threes beside each other. */
static int
has_threes (const AeConv *a)
{
  int n = 0;

  while (n + 3 <= a->taps && a->tap[n + 1] == a->tap[n] + PX && a->tap[n + 2] == a->tap[n] + 2 * PX)
    n += 3;
  return n == a->taps && a->src_step == 1;
}

static void
row (const Tile *first, int group, int width, int src_step, int dst_step)
{
  /* as even as possible: no small tile at the end, where latency would show */
  int n = (width + tile_pixels[group] - 1) / tile_pixels[group];
  Tile t = *first;
  int threes = group == 1 && has_threes (t.conv);

  for (int x = 0, pixels; x < width; x += pixels)
    {
      pixels = (width - x + n - 1) / n;
      n--;
      (threes ? tiles_of_threes[pixels] : tiles[group][pixels][src_step - 1]) (&t);
      t.src += pixels * src_step * PX;
      t.dst += pixels * dst_step * (t.conv->wide ? VL : PX);
      if (t.add)
        t.add += pixels * dst_step * PX;
    }
}

/* A strip that is narrow enough for its source rows to stay in the cache. */
static void
conv_strip (const AeConv *a)
{
  /* Rows that use the weights of a group before the next group's come: many
   * enough that loading these does not count, few enough that the source rows
   * stay in the cache. */
  int band = a->width < STRIP ? STRIP / (a->width > 0 ? a->width : 1) : 1;
  size_t weights_block = (size_t)pairs_of (a->in_channels) * (size_t)a->taps * VL;
  int group;

  for (int y0 = 0; y0 < a->height; y0 += band)
    for (int b = 0; b < a->out_blocks; b += group)
      {
        group = group_size (a->out_blocks - b);
        for (int y = y0; y < a->height && y < y0 + band; y++)
          {
            size_t at = (size_t)b * a->dst_block + (size_t)y * a->dst_row;
            Tile t = {
              .conv = a,
              .weights = a->weights + (size_t)b * weights_block,
              .bias = a->bias ? a->bias + b * VL : NULL,
              .src = a->src + (size_t)y * a->src_row,
              .dst = a->dst + at,
              .add = a->add ? a->add + at : NULL,
              .block = b,
            };

            row (&t, group, a->width, a->src_step, a->dst_step);
          }
      }
}

void
AE_VEC (conv) (const AeConv *a)
{
  int left = (a->width + STRIP - 1) / STRIP;

  for (int x = 0, width; x < a->width; x += width)
    {
      AeConv strip = *a;

      width = (a->width - x + left - 1) / left;
      left--;
      strip.width = width;
      strip.src += (size_t)x * (size_t)a->src_step * PX;
      strip.dst += (size_t)x * (size_t)a->dst_step * (a->wide ? VL : PX);
      if (strip.add)
        strip.add += (size_t)x * (size_t)a->dst_step * PX;
      conv_strip (&strip);
    }
}
