/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* vec-pixels.c - layouts, pools, sums and elementwise kernels; the table of one ISA. */

#include "vec.h"

/* Pixels of blocked data moved lane by lane at a time: they stay in the first level cache. */
enum
{
  CHUNK = 64
};

static int
min_int (int a, int b)
{
  return a < b ? a : b;
}

static void
channel_sum (float *sum, const float *src, size_t row, size_t block, int blocks, int width, int height)
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

/* Blocked pixels from one planar row per lane, `step` floats from pixel to pixel; NULL: zeros. */
static void
lanes_in (float *dst, const float *const *rows, int step, int width)
{
  for (int x0 = 0; x0 < width; x0 += CHUNK)
    for (int lane = 0; lane < VL; lane++)
      {
        float *d = dst + lane;
        const float *s = rows[lane];
        int end = min_int (width, x0 + CHUNK);

        if (s)
          for (int x = x0; x < end; x++)
            d[x * VL] = s[x * step];
        else
          for (int x = x0; x < end; x++)
            d[x * VL] = 0;
      }
}

/* The opposite, with an addend per row or none; NULL rows are skipped. */
static void
lanes_out (float *const *rows, const float *const *adds, int step, const float *src, int width)
{
  for (int x0 = 0; x0 < width; x0 += CHUNK)
    for (int lane = 0; lane < VL; lane++)
      {
        const float *s = src + lane;
        float *d = rows[lane];
        const float *add = adds[lane];
        int end = min_int (width, x0 + CHUNK);

        if (!d)
          continue;
        if (add)
          for (int x = x0; x < end; x++)
            d[x * step] = s[x * VL] + add[x * step];
        else
          for (int x = x0; x < end; x++)
            d[x * step] = s[x * VL];
      }
}

static void
pixel_unshuffle (float *dst, size_t dst_row, size_t dst_block, const float *src, size_t src_row,
                 size_t src_plane, int r, int channels, int width, int height)
{
  const float *rows[VL];

  for (int b = 0; b < blocks_of (channels * r * r); b++)
    for (int y = 0; y < height; y++)
      {
        for (int lane = 0; lane < VL; lane++)
          {
            int k = b * VL + lane;
            int c = k / (r * r), dy = k / r % r, dx = k % r;

            rows[lane] = c < channels
                           ? src + (size_t)c * src_plane + (size_t)(y * r + dy) * src_row + (size_t)dx
                           : NULL;
          }
        lanes_in (dst + (size_t)b * dst_block + (size_t)y * dst_row, rows, r, width);
      }
}

static void
pixel_shuffle (float *dst, size_t dst_row, size_t dst_plane, const float *src, size_t src_row,
               size_t src_block, const float *add, int r, int channels, int width, int height)
{
  float *rows[VL];
  const float *adds[VL];

  for (int b = 0; b < blocks_of (channels * r * r); b++)
    for (int y = 0; y < height; y++)
      {
        for (int lane = 0; lane < VL; lane++)
          {
            int k = b * VL + lane;
            int c = k / (r * r), dy = k / r % r, dx = k % r;
            size_t at = (size_t)c * dst_plane + (size_t)(y * r + dy) * dst_row + (size_t)dx;

            rows[lane] = c < channels ? dst + at : NULL;
            adds[lane] = add ? add + at : NULL;
          }
        lanes_out (rows, adds, r, src + (size_t)b * src_block + (size_t)y * src_row, width);
      }
}

/* Packing is shuffling by 1. */
static void
pack (float *dst, size_t dst_row, size_t dst_block, const float *src, size_t src_row, size_t src_plane,
      int channels, int width, int height)
{
  pixel_unshuffle (dst, dst_row, dst_block, src, src_row, src_plane, 1, channels, width, height);
}

static void
unpack (float *dst, size_t dst_row, size_t dst_plane, const float *src, size_t src_row, size_t src_block,
        int channels, int width, int height)
{
  pixel_shuffle (dst, dst_row, dst_plane, src, src_row, src_block, NULL, 1, channels, width, height);
}

AE_INLINE Vec
max2 (Vec a, Vec b)
{
  return choose (a > b, a, b);
}

static void
max_pool2 (float *dst, size_t dst_row, size_t dst_block, const float *src, size_t src_row, size_t src_block,
           int blocks, int width, int height)
{
  for (int b = 0; b < blocks; b++)
    for (int y = 0; y < height; y++)
      {
        float *d = dst + (size_t)b * dst_block + (size_t)y * dst_row;
        const float *s = src + (size_t)b * src_block + (size_t)(2 * y) * src_row;

        for (int x = 0; x < width; x++, d += VL, s += 2 * VL)
          store (d,
                 max2 (max2 (load (s), load (s + VL)), max2 (load (s + src_row), load (s + src_row + VL))));
      }
}

static void
avg_pool2 (float *dst, size_t dst_row, size_t dst_block, const float *src, size_t src_row, size_t src_block,
           int blocks, int width, int height)
{
  for (int b = 0; b < blocks; b++)
    for (int y = 0; y < height; y++)
      {
        float *d = dst + (size_t)b * dst_block + (size_t)y * dst_row;
        const float *s = src + (size_t)b * src_block + (size_t)(2 * y) * src_row;

        for (int x = 0; x < width; x++, d += VL, s += 2 * VL)
          store (d, ((load (s) + load (s + VL)) + (load (s + src_row) + load (s + src_row + VL))) * 0.25f);
      }
}

static void
up2 (float *dst, size_t dst_row, size_t dst_block, const float *src, size_t src_row, size_t src_block,
     int blocks, int width, int height)
{
  for (int b = 0; b < blocks; b++)
    for (int y = 0; y < height; y++)
      {
        float *d = dst + (size_t)b * dst_block + (size_t)y * dst_row;
        const float *s = src + (size_t)b * src_block + (size_t)(y / 2) * src_row;

        for (int x = 0; x < width; x++, d += VL)
          store (d, load (s + (size_t)(x / 2) * VL));
      }
}

static void
add (float *dst, const float *a, const float *b, size_t n)
{
  size_t i = 0;

  for (; i + VL <= n; i += VL)
    store (dst + i, load (a + i) + load (b + i));
  for (; i < n; i++)
    dst[i] = a[i] + b[i];
}

static void
relu_grad (float *dst, const float *d, const float *y, float slope, size_t n)
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

#define STRING_(x) #x
#define STRING(x) STRING_ (x)

const AeKernels AE_VEC (kernels) = {
  .name = STRING (AE_ISA),
  .vl = VL,
  .conv_packed_size = AE_VEC (conv_packed_size),
  .conv_pack = AE_VEC (conv_pack),
  .conv = AE_VEC (conv),
  .conv_grad = AE_VEC (conv_grad),
  .channel_sum = channel_sum,
  .pack = pack,
  .unpack = unpack,
  .pixel_unshuffle = pixel_unshuffle,
  .pixel_shuffle = pixel_shuffle,
  .max_pool2 = max_pool2,
  .avg_pool2 = avg_pool2,
  .up2 = up2,
  .add = add,
  .relu_grad = relu_grad,
};
