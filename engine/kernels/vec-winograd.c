/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* vec-winograd.c - 3x3 convolution with fewer multiplications: Winograd's F(4, 3) along rows. */

#include "vec-winograd.h"

/*
 * M results beside each other are computed from the M + 2 pixels of a source
 * row that they depend on (Winograd 1980; Lavin and Gray 2016): both are
 * transformed, and instead of 3 M products for each channel and row of the
 * kernel there are M + 2.  Lanes are channels, so the transforms go from pixel
 * to pixel; the products of each of the M + 2 points are a convolution of
 * three taps below each other.
 */
enum
{
  ROWS_MAX = 4,      /* rows computed at once, which share transformed source rows */
  GROUPS_LEAST = 24, /* groups of M pixels at once: fewer would read the weights too often */
  GROUPS_MAX = 128,
  BUDGET = 96 << 10 /* floats of scratch that fit into the second level cache */
};

/* What is computed at once, and where it lies in the scratch. */
typedef struct
{
  int rows, groups;
  size_t src_row, src_block, src_point; /* transformed source */
  size_t dst_row, dst_block, dst_point; /* products */
} Layout;

static size_t
layout_size (Layout *l, int in_channels, int out_blocks, int rows, int groups)
{
  l->rows = rows;
  l->groups = groups;
  l->src_row = (size_t)groups * PX;
  l->src_block = l->src_row * (size_t)(rows + 2);
  l->src_point = l->src_block * (size_t)blocks_of (in_channels);
  l->dst_row = (size_t)groups * VL;
  l->dst_block = l->dst_row * (size_t)rows;
  l->dst_point = l->dst_block * (size_t)out_blocks;
  return (l->src_point + l->dst_point) * POINTS;
}

static size_t
lay_out (Layout *l, int in_channels, int out_blocks)
{
  int rows = ROWS_MAX, groups;

  for (;; rows--)
    {
      groups = (int)(BUDGET / layout_size (l, in_channels, out_blocks, rows, 1));
      if (groups >= GROUPS_LEAST || rows == 1)
        break;
    }
  groups = groups < GROUPS_LEAST ? GROUPS_LEAST : groups > GROUPS_MAX ? GROUPS_MAX : groups;
  return layout_size (l, in_channels, out_blocks, rows, groups);
}

size_t
AE_VEC (winograd_scratch) (int in_channels, int out_blocks)
{
  Layout l;

  return lay_out (&l, in_channels, out_blocks);
}

/* M results of the products at each point. */
AE_INLINE void
transform_products (Vec *r, const float *m, size_t point)
{
  Vec m0 = load (m), m1 = load (m + point), m2 = load (m + 2 * point), m3 = load (m + 3 * point),
      m4 = load (m + 4 * point), m5 = load (m + 5 * point);
  Vec a = m1 + m2, b = m1 - m2, c = m3 + m4, d = m3 - m4;

  r[0] = m0 + a + c;
  r[1] = b + 2 * d;
  r[2] = a + 4 * c;
  r[3] = b + 8 * d + m5;
}

AE_INLINE Vec
activate (const AeConv *a, int block, Vec v)
{
  switch (a->act)
    {
    case AE_ACT_RELU:
      return (Vec)((Mask)v & (v > 0));
    case AE_ACT_LEAKY:
      return choose (v > 0, v, v * splat (a->slope[0]));
    case AE_ACT_PRELU:
      return choose (v > 0, v, v * load (a->slope + block * VL));
    default:
      return v;
    }
}

/* A result, `at` floats after the first one of block 0. */
AE_INLINE void
put (const AeConv *a, int block, ptrdiff_t at, Vec v)
{
  v = activate (a, block, v);
  if (a->add)
    v += load_pixel (a->add + at);
  store_pixel (a->dst + at, v);
}

static void
finish_row (const AeConv *a, const Layout *l, const float *m, int y, int x, int groups)
{
  for (int b = 0; b < a->out_blocks; b++, m += l->dst_block)
    {
      Vec bias = a->bias ? load (a->bias + b * VL) : (Vec){ 0 };
      size_t at = (size_t)b * a->dst_block + (size_t)y * a->dst_row;

      for (int g = 0; g < groups; g++)
        {
          int first = x + g * M;
          ptrdiff_t pixel = (ptrdiff_t)at + (ptrdiff_t)first * PX;
          Vec r[M];

          transform_products (r, m + g * VL, l->dst_point);
          if (first >= 0 && first + M <= a->width)
            for (int i = 0; i < M; i++)
              put (a, b, pixel + i * PX, r[i] + bias);
          else
            for (int i = 0; i < M; i++)
              if (first + i >= 0 && first + i < a->width)
                put (a, b, pixel + i * PX, r[i] + bias);
        }
    }
}

void
AE_VEC (conv_winograd) (const AeConv *a, int phase, float *scratch)
{
  size_t set = (AE_VEC (conv_packed_size) (a->in_channels, a->out_blocks * VL, 3) + 15) & ~(size_t)15;
  int groups = (a->width + phase + M - 1) / M, parts, rows;
  Layout l;

  lay_out (&l, a->in_channels, a->out_blocks);
  parts = (groups + l.groups - 1) / l.groups;
  for (int y0 = 0; y0 < a->height; y0 += rows)
    {
      rows = a->height - y0 < l.rows ? a->height - y0 : l.rows;
      for (int part = 0; part < parts; part++)
        {
          int g0 = (int)((ptrdiff_t)groups * part / parts);
          int n = (int)((ptrdiff_t)groups * (part + 1) / parts) - g0, x = g0 * M - phase;
          float *products = scratch + l.src_point * POINTS;

          for (int y = 0; y < rows + 2; y++)
            for (int b = 0; b < blocks_of (a->in_channels); b++)
              transform_source_row (scratch + (size_t)y * l.src_row + (size_t)b * l.src_block, l.src_point,
                                    a->src + (ptrdiff_t)b * (ptrdiff_t)a->src_block
                                      + (y0 + y - 1) * (ptrdiff_t)a->src_row,
                                    a->width, x, n);
          for (int p = 0; p < POINTS; p++)
            {
              AeConv c = {
                .dst = products + (size_t)p * l.dst_point,
                .dst_row = l.dst_row,
                .dst_block = l.dst_block,
                .dst_step = 1,
                .src = scratch + (size_t)p * l.src_point,
                .src_row = l.src_row,
                .src_block = l.src_block,
                .src_step = 1,
                .weights = a->weights + (size_t)p * set,
                .in_channels = a->in_channels,
                .out_blocks = a->out_blocks,
                .taps = 3,
                .tap = { 0, (ptrdiff_t)l.src_row, 2 * (ptrdiff_t)l.src_row },
                .width = n,
                .height = rows,
                .wide = true,
              };

              AE_VEC (conv) (&c);
            }
          for (int y = 0; y < rows; y++)
            finish_row (a, &l, products + (size_t)y * l.dst_row, y0 + y, x, n);
        }
    }
}
