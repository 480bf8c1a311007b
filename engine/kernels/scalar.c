/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* scalar.c - table "c": the definition of each kernel in plain C, to test the others against. */

#include "table.h"

#include <math.h>

enum
{
  VL = 4
};

static int
blocks_of (int channels)
{
  return (channels + VL - 1) / VL;
}

/* Packed weights: [out block][in channel][tap][VL]. */
static size_t
conv_packed_size (int in_channels, int out_channels, int taps)
{
  return (size_t)blocks_of (out_channels) * VL * (size_t)in_channels * (size_t)taps;
}

static void
conv_pack (float *packed, const float *w, ptrdiff_t so, ptrdiff_t si, ptrdiff_t st, int in_channels,
           int out_channels, int taps)
{
  for (int b = 0; b < blocks_of (out_channels); b++)
    for (int i = 0; i < in_channels; i++)
      for (int t = 0; t < taps; t++)
        for (int lane = 0; lane < VL; lane++)
          {
            int o = b * VL + lane;

            *packed++ = o < out_channels ? w[o * so + i * si + t * st] : 0;
          }
}

static float
activate (const AeConv *a, int block, int lane, float v)
{
  switch (a->act)
    {
    case AE_ACT_RELU:
      return v > 0 ? v : 0;
    case AE_ACT_LEAKY:
      return v > 0 ? v : v * a->slope[0];
    case AE_ACT_PRELU:
      return v > 0 ? v : v * a->slope[block * VL + lane];
    case AE_ACT_SIGMOID:
      return 1 / (1 + expf (-v));
    case AE_ACT_NONE:
      break;
    }
  return v;
}

static void
conv (const AeConv *a)
{
  for (int b = 0; b < a->out_blocks; b++)
    for (int y = 0; y < a->height; y++)
      for (int x = 0; x < a->width; x++)
        {
          size_t at
            = (size_t)b * a->dst_block + (size_t)y * a->dst_row + (size_t)x * (size_t)a->dst_step * VL;
          const float *src = a->src + (size_t)y * a->src_row + (size_t)x * (size_t)a->src_step * VL;
          const float *w = a->weights + (size_t)b * VL * (size_t)a->in_channels * (size_t)a->taps;
          float sum[VL];

          for (int lane = 0; lane < VL; lane++)
            sum[lane] = a->bias ? a->bias[b * VL + lane] : 0;
          for (int i = 0; i < a->in_channels; i++)
            for (int t = 0; t < a->taps; t++, w += VL)
              {
                float s = src[(ptrdiff_t)((size_t)(i / VL) * a->src_block) + i % VL + a->tap[t]];

                for (int lane = 0; lane < VL; lane++)
                  sum[lane] += w[lane] * s;
              }
          for (int lane = 0; lane < VL; lane++)
            {
              float v = activate (a, b, lane, sum[lane]);

              a->dst[at + (size_t)lane] = a->add ? v + a->add[at + (size_t)lane] : v;
            }
        }
}

/* Packed weights: [out channel][in channel][tap]. */
static void
conv_planar_pack (float *packed, const float *w, int in_channels, int out_channels, int taps)
{
  for (int i = 0; i < in_channels * out_channels * taps; i++)
    packed[i] = w[i];
}

static void
conv_planar (const AeConvPlanar *a)
{
  for (int o = 0; o < a->out_channels; o++)
    for (int y = 0; y < a->height; y++)
      for (int x = 0; x < a->width; x++)
        {
          const float *src = a->src + (size_t)y * a->src_row + (size_t)x * VL;
          const float *w = a->weights + (size_t)o * (size_t)a->in_channels * (size_t)a->taps;
          size_t at = (size_t)o * a->dst_plane + (size_t)y * a->dst_row + (size_t)x;
          float sum = a->bias ? a->bias[o] : 0;

          for (int i = 0; i < a->in_channels; i++)
            for (int t = 0; t < a->taps; t++)
              sum += *w++ * src[(ptrdiff_t)((size_t)(i / VL) * a->src_block) + i % VL + a->tap[t]];
          a->dst[at] = a->add ? sum + a->add[at] : sum;
        }
}

static void
conv_grad (const AeConvGrad *a)
{
  for (int i = 0; i < a->in_channels; i++)
    for (int t = 0; t < a->taps; t++)
      for (int b = 0; b < a->out_blocks; b++)
        {
          float *dw = a->dw + ((size_t)i * (size_t)a->taps + (size_t)t) * a->dw_row + (size_t)b * VL;
          const float *src = a->src + (size_t)(i / VL) * a->src_block + i % VL;
          const float *ddst = a->ddst + (size_t)b * a->ddst_block;

          for (int y = 0; y < a->height; y++)
            for (int x = 0; x < a->width; x++)
              {
                size_t from = (size_t)y * a->src_row + (size_t)x * (size_t)a->src_step * VL;
                size_t to = (size_t)y * a->ddst_row + (size_t)x * (size_t)a->ddst_step * VL;

                for (int lane = 0; lane < VL; lane++)
                  dw[lane] += ddst[to + (size_t)lane] * src[(ptrdiff_t)from + a->tap[t]];
              }
        }
}

static void
channel_sum (float *sum, const float *src, size_t row, size_t block, int blocks, int width, int height)
{
  for (int b = 0; b < blocks; b++)
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++)
        for (int lane = 0; lane < VL; lane++)
          sum[b * VL + lane] += src[(size_t)b * block + (size_t)y * row + (size_t)(x * VL + lane)];
}

static void
pack (float *dst, size_t dst_row, size_t dst_block, const float *src, size_t src_row, size_t src_plane,
      int channels, int width, int height)
{
  for (int c = 0; c < blocks_of (channels) * VL; c++)
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++)
        dst[(size_t)(c / VL) * dst_block + (size_t)y * dst_row + (size_t)(x * VL + c % VL)]
          = c < channels ? src[(size_t)c * src_plane + (size_t)y * src_row + (size_t)x] : 0;
}

static void
unpack (float *dst, size_t dst_row, size_t dst_plane, const float *src, size_t src_row, size_t src_block,
        int channels, int width, int height)
{
  for (int c = 0; c < channels; c++)
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++)
        dst[(size_t)c * dst_plane + (size_t)y * dst_row + (size_t)x]
          = src[(size_t)(c / VL) * src_block + (size_t)y * src_row + (size_t)(x * VL + c % VL)];
}

static void
pixel_unshuffle (float *dst, size_t dst_row, size_t dst_block, const float *src, size_t src_row,
                 size_t src_plane, int r, int channels, int width, int height)
{
  for (int k = 0; k < blocks_of (channels * r * r) * VL; k++)
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++)
        {
          int c = k / (r * r), dy = k / r % r, dx = k % r;

          dst[(size_t)(k / VL) * dst_block + (size_t)y * dst_row + (size_t)(x * VL + k % VL)]
            = c < channels
                ? src[(size_t)c * src_plane + (size_t)(y * r + dy) * src_row + (size_t)(x * r + dx)]
                : 0;
        }
}

static void
pixel_shuffle (float *dst, size_t dst_row, size_t dst_plane, const float *src, size_t src_row,
               size_t src_block, const float *add, int r, int channels, int width, int height)
{
  for (int k = 0; k < channels * r * r; k++)
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++)
        {
          int c = k / (r * r), dy = k / r % r, dx = k % r;
          size_t at = (size_t)c * dst_plane + (size_t)(y * r + dy) * dst_row + (size_t)(x * r + dx);
          float v = src[(size_t)(k / VL) * src_block + (size_t)y * src_row + (size_t)(x * VL + k % VL)];

          dst[at] = add ? v + add[at] : v;
        }
}

static float
max2 (float a, float b)
{
  return a > b ? a : b;
}

static void
max_pool2 (float *dst, size_t dst_row, size_t dst_block, const float *src, size_t src_row, size_t src_block,
           int blocks, int width, int height)
{
  for (int b = 0; b < blocks; b++)
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width * VL; x++)
        {
          const float *s
            = src + (size_t)b * src_block + (size_t)(2 * y) * src_row + (size_t)(x / VL * 2 * VL + x % VL);

          dst[(size_t)b * dst_block + (size_t)y * dst_row + (size_t)x]
            = max2 (max2 (s[0], s[VL]), max2 (s[src_row], s[src_row + VL]));
        }
}

static void
avg_pool2 (float *dst, size_t dst_row, size_t dst_block, const float *src, size_t src_row, size_t src_block,
           int blocks, int width, int height)
{
  for (int b = 0; b < blocks; b++)
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width * VL; x++)
        {
          const float *s
            = src + (size_t)b * src_block + (size_t)(2 * y) * src_row + (size_t)(x / VL * 2 * VL + x % VL);

          dst[(size_t)b * dst_block + (size_t)y * dst_row + (size_t)x]
            = ((s[0] + s[VL]) + (s[src_row] + s[src_row + VL])) * 0.25f;
        }
}

static void
up2 (float *dst, size_t dst_row, size_t dst_block, const float *src, size_t src_row, size_t src_block,
     int blocks, int width, int height)
{
  for (int b = 0; b < blocks; b++)
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width * VL; x++)
        dst[(size_t)b * dst_block + (size_t)y * dst_row + (size_t)x]
          = src[(size_t)b * src_block + (size_t)(y / 2) * src_row + (size_t)(x / VL / 2 * VL + x % VL)];
}

static void
add (float *dst, const float *a, const float *b, size_t n)
{
  for (size_t i = 0; i < n; i++)
    dst[i] = a[i] + b[i];
}

static void
add_pixels (float *dst, const float *a, const float *b, size_t n)
{
  add (dst, a, b, n * VL);
}

static void
relu_grad (float *dst, const float *d, const float *y, float slope, size_t n)
{
  for (size_t i = 0; i < n; i++)
    dst[i] = y[i] > 0 ? d[i] : slope * d[i];
}

static void
matmul (float *c, const float *a, const float *b, int rows, int inner, int cols)
{
  for (int r = 0; r < rows; r++)
    for (int x = 0; x < cols; x++)
      {
        float sum = 0;

        for (int i = 0; i < inner; i++)
          sum += a[(size_t)r * (size_t)inner + (size_t)i] * b[(size_t)i * (size_t)cols + (size_t)x];
        c[(size_t)r * (size_t)cols + (size_t)x] = sum;
      }
}

const AeKernels ae_kernels_c = {
  .name = "c",
  .vl = VL,
  .pixel = VL,
  .conv_packed_size = conv_packed_size,
  .conv_pack = conv_pack,
  .conv = conv,
  .conv_planar_pack = conv_planar_pack,
  .conv_planar = conv_planar,
  .conv_grad = conv_grad,
  .channel_sum = channel_sum,
  .pack = pack,
  .unpack = unpack,
  .pixel_unshuffle = pixel_unshuffle,
  .pixel_shuffle = pixel_shuffle,
  .max_pool2 = max_pool2,
  .avg_pool2 = avg_pool2,
  .up2 = up2,
  .add = add,
  .add_pixels = add_pixels,
  .relu_grad = relu_grad,
  .matmul = matmul,
};
