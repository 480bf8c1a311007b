/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* vec-winograd-grad.c - gradient of the weights of a 3x3 convolution with fewer multiplications. */

#include "vec-winograd.h"

/*
 * conv_winograd () is linear in the transformed weights, so their gradient is
 * the product of the transformed source and the gradient of the products, and
 * that is the gradient of the results transformed the other way round.  For M
 * results it takes M + 2 products instead of 3 M, and the sum over all groups
 * of a point is what conv_grad () computes of planes a quarter as wide.
 */
enum
{
  GROUPS_LEAST = 16, /* groups of M pixels of one row at once */
  GROUPS_MAX = 64,
  BUDGET = 160 << 10 /* floats of scratch that fit into the second level cache */
};

/* What is computed at once, and where it lies in the scratch. */
typedef struct
{
  int rows, groups;
  size_t src_row, src_block, src_point; /* transformed source */
  size_t ddst_block, ddst_point;        /* transformed gradient, whose rows are as long */
} Layout;

size_t
AE_VEC (winograd_grad_scratch) (int in_channels, int out_blocks)
{
  size_t least = (size_t)(GROUPS_LEAST * POINTS * VL * (3 * blocks_of (in_channels) + out_blocks));

  return least > BUDGET ? least : BUDGET;
}

static Layout
lay_out (const AeConvGrad *a)
{
  const int in = blocks_of (a->in_channels), out = a->out_blocks, groups = (a->width + M - 1) / M;
  const int columns = (int)(AE_VEC (winograd_grad_scratch) (a->in_channels, out) / (POINTS * VL));
  Layout l = { .groups = columns / (3 * in + out) };
  int parts;

  l.groups = l.groups < GROUPS_MAX ? l.groups : GROUPS_MAX;
  parts = (groups + l.groups - 1) / l.groups;
  l.groups = (groups + parts - 1) / parts;
  l.rows = (columns / l.groups - 2 * in) / (in + out);
  parts = (a->height + l.rows - 1) / l.rows;
  l.rows = (a->height + parts - 1) / parts;
  l.src_row = (size_t)(l.groups * VL);
  l.src_block = l.src_row * (size_t)(l.rows + 2);
  l.src_point = l.src_block * (size_t)in;
  l.ddst_block = l.src_row * (size_t)l.rows;
  l.ddst_point = l.ddst_block * (size_t)out;
  return l;
}

/* Of the pixels d[0], d[VL]... */
AE_INLINE void
transform_gradient (float *v, size_t point, const float *d)
{
  Vec d0 = load (d), d1 = load (d + VL), d2 = load (d + 2 * VL), d3 = load (d + 3 * VL);
  Vec a = d0 + d2, b = d1 + d3, c = d0 + 4 * d2, e = 2 * d1 + 8 * d3;

  store (v, d0);
  store (v + point, a + b);
  store (v + 2 * point, a - b);
  store (v + 3 * point, c + e);
  store (v + 4 * point, c - e);
  store (v + 5 * point, d3);
}

/* Groups of a row of one block, of whose pixels `width` are left. */
AE_INLINE void
transform_gradient_row (float *v, size_t point, const float *row, int width, int groups)
{
  for (int g = 0; g < groups; g++, row += M * VL, width -= M)
    if (width >= M)
      transform_gradient (v + g * VL, point, row);
    else
      {
        float d[M * VL] __attribute__ ((aligned (64))) = { 0 };

        memcpy (d, row, (size_t)(width * VL) * sizeof (float));
        transform_gradient (v + g * VL, point, d);
      }
}

/* Rows from y on and groups from g on. */
static void
add_part (const AeConvGrad *a, const Layout *l, float *scratch, int y, int g, int rows, int groups)
{
  const size_t set = (size_t)a->in_channels * 3 * a->dw_row;
  float *gradient = scratch + POINTS * l->src_point;

  for (int b = 0; b < blocks_of (a->in_channels); b++)
    for (int r = 0; r < rows + 2; r++)
      transform_source_row (scratch + (size_t)b * l->src_block + (size_t)r * l->src_row, l->src_point,
                            a->src + (ptrdiff_t)b * (ptrdiff_t)a->src_block
                              + (y + r - 1) * (ptrdiff_t)a->src_row,
                            a->width, g * M, groups);
  for (int b = 0; b < a->out_blocks; b++)
    for (int r = 0; r < rows; r++)
      transform_gradient_row (gradient + (size_t)b * l->ddst_block + (size_t)r * l->src_row, l->ddst_point,
                              a->ddst + (size_t)b * a->ddst_block + (size_t)(y + r) * a->ddst_row
                                + (size_t)(g * M * VL),
                              a->width - g * M, groups);
  for (int p = 0; p < POINTS; p++)
    {
      AeConvGrad c = {
        .dw = a->dw + (size_t)p * set,
        .dw_row = a->dw_row,
        .ddst = gradient + (size_t)p * l->ddst_point,
        .ddst_row = l->src_row,
        .ddst_block = l->ddst_block,
        .ddst_step = 1,
        .src = scratch + (size_t)p * l->src_point,
        .src_row = l->src_row,
        .src_block = l->src_block,
        .src_step = 1,
        .in_channels = a->in_channels,
        .out_blocks = a->out_blocks,
        .taps = 3,
        .tap = { 0, (ptrdiff_t)l->src_row, 2 * (ptrdiff_t)l->src_row },
        .width = groups,
        .height = rows,
      };

      AE_VEC (conv_grad) (&c);
    }
}

void
AE_VEC (conv_grad_winograd) (const AeConvGrad *a, float *scratch)
{
  const Layout l = lay_out (a);
  const int groups = (a->width + M - 1) / M;

  for (int y = 0; y < a->height; y += l.rows)
    for (int g = 0; g < groups; g += l.groups)
      add_part (a, &l, scratch, y, g, a->height - y < l.rows ? a->height - y : l.rows,
                groups - g < l.groups ? groups - g : l.groups);
}
