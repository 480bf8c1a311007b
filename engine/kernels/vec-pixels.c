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

/* Blocked pixels from one planar row per lane, `step` floats from pixel to pixel; NULL: zeros. */
static void
lanes_in (float *dst, const float *const *rows, int step, int width)
{
  float chunk[CHUNK * VL] __attribute__ ((aligned (64))) = { 0 };

  for (int x0 = 0; x0 < width; x0 += CHUNK)
    {
      int n = min_int (width - x0, CHUNK);

      for (int lane = 0; lane < VL; lane++)
        if (rows[lane])
          for (int x = 0; x < n; x++)
            chunk[x * VL + lane] = rows[lane][(x0 + x) * step];
      for (int x = 0; x < n; x++)
        store_pixel (dst + (x0 + x) * PX, load (chunk + x * VL));
    }
}

/* The opposite, with an addend per row or none; NULL rows are skipped. */
static void
lanes_out (float *const *rows, const float *const *adds, int step, const float *src, int width)
{
  float chunk[CHUNK * VL] __attribute__ ((aligned (64)));

  for (int x0 = 0; x0 < width; x0 += CHUNK)
    {
      int n = min_int (width - x0, CHUNK);

      for (int x = 0; x < n; x++)
        store (chunk + x * VL, load_pixel (src + (x0 + x) * PX));
      for (int lane = 0; lane < VL; lane++)
        {
          float *d = rows[lane];
          const float *add = adds[lane];

          if (!d)
            continue;
          d += x0 * step;
          if (add)
            for (int x = 0; x < n; x++)
              d[x * step] = chunk[x * VL + lane] + add[(x0 + x) * step];
          else
            for (int x = 0; x < n; x++)
              d[x * step] = chunk[x * VL + lane];
        }
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

        for (int x = 0; x < width; x++, d += PX, s += 2 * PX)
          store_pixel (d, max2 (max2 (load_pixel (s), load_pixel (s + PX)),
                                max2 (load_pixel (s + src_row), load_pixel (s + src_row + PX))));
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

        for (int x = 0; x < width; x++, d += PX, s += 2 * PX)
          store_pixel (d, ((load_pixel (s) + load_pixel (s + PX))
                           + (load_pixel (s + src_row) + load_pixel (s + src_row + PX)))
                            * 0.25f);
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

        for (int x = 0; x < width; x++, d += PX)
          store_pixel (d, load_pixel (s + (size_t)(x / 2) * PX));
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
add_pixels (float *dst, const float *a, const float *b, size_t n)
{
  for (size_t i = 0; i < n * PX; i += PX)
    store_pixel (dst + i, load_pixel (a + i) + load_pixel (b + i));
}

#define STRING_(x) #x
#define STRING(x) STRING_ (x)

const AeKernels AE_VEC (kernels) = {
  .name = STRING (AE_ISA),
  .vl = VL,
  .pixel = PX,
  .conv_packed_size = AE_VEC (conv_packed_size),
  .conv_pack = AE_VEC (conv_pack),
  .conv = AE_VEC (conv),
  .winograd_channels = PAIR > 1 ? 24 : 16,
  .winograd_scratch = AE_VEC (winograd_scratch),
  .conv_winograd = AE_VEC (conv_winograd),
  .conv_planar_pack = AE_VEC (conv_planar_pack),
  .conv_planar = AE_VEC (conv_planar),
#ifndef AE_BF16 /* nobody trains with pairs */
  .conv_grad = AE_VEC (conv_grad),
  .winograd_grad_scratch = AE_VEC (winograd_grad_scratch),
  .conv_grad_winograd = AE_VEC (conv_grad_winograd),
  .channel_sum = AE_VEC (channel_sum),
  .relu_grad = AE_VEC (relu_grad),
  .matmul = AE_VEC (matmul),
#endif
  .pack = pack,
  .unpack = unpack,
  .pixel_unshuffle = pixel_unshuffle,
  .pixel_shuffle = pixel_shuffle,
  .max_pool2 = max_pool2,
  .avg_pool2 = avg_pool2,
  .up2 = up2,
  .add = add,
  .add_pixels = add_pixels,
};
