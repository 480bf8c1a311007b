/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* vec-planar.c - convolution to few output channels: lanes are input channels. */

#include "vec.h"

#include <string.h>

/*
 * With output channels in the lanes, as elsewhere, most lanes would be empty.
 * A tile of O channels x 4 pixels of sums stays in registers, one variable
 * each (see vec-conv.c); its lanes are added at the end, four pixels at a time.
 */
enum
{
  PIXELS = 4,
  QUADS = VL / 4
};

#define FOR_PIXELS(X, o) X (o, 0) X (o, 1) X (o, 2) X (o, 3)
#define FOR_SUMS(X) FOR_PIXELS (X, 0) FOR_PIXELS (X, 1) FOR_PIXELS (X, 2) FOR_PIXELS (X, 3)

typedef float Quad __attribute__ ((vector_size (16)));

/* Packed weights: [in block][tap][out channel][VL]. */
void
AE_VEC (conv_planar_pack) (float *packed, const float *w, int in_channels, int out_channels, int taps)
{
  for (int b = 0; b < blocks_of (in_channels); b++)
    for (int t = 0; t < taps; t++)
      for (int o = 0; o < out_channels; o++)
        for (int lane = 0; lane < VL; lane++)
          {
            int i = b * VL + lane;

            *packed++ = i < in_channels ? w[(o * in_channels + i) * taps + t] : 0;
          }
}

/* The sums over the lanes of four vectors [4][VL]; pairs of quarters, then of halves, in a fixed order. */
AE_INLINE Quad
sum_lanes (const float *sums)
{
  Quad q[PIXELS], ab, cd;

  for (int p = 0; p < PIXELS; p++, sums += VL)
    {
      Quad part[QUADS];

      memcpy (part, sums, sizeof part);
      for (int n = QUADS / 2; n > 0; n /= 2)
        for (int i = 0; i < n; i++)
          part[i] += part[i + n];
      q[p] = part[0];
    }
  ab = __builtin_shufflevector (q[0], q[1], 0, 4, 1, 5) + __builtin_shufflevector (q[0], q[1], 2, 6, 3, 7);
  cd = __builtin_shufflevector (q[2], q[3], 0, 4, 1, 5) + __builtin_shufflevector (q[2], q[3], 2, 6, 3, 7);
  return __builtin_shufflevector (ab, cd, 0, 1, 4, 5) + __builtin_shufflevector (ab, cd, 2, 3, 6, 7);
}

/* Sums of O channels x P pixels, out[o][pixel]; src: first pixel. */
AE_INLINE void
tile (const AeConvPlanar *a, const float *src, Quad *out, const int O, const int P)
{
  float sums[AE_PLANAR_MAX * PIXELS * VL] __attribute__ ((aligned (64)));
  const float *w = a->weights;

#define DECLARE(o, p) Vec s##o##_##p = { 0 };
  FOR_SUMS (DECLARE)
#undef DECLARE
  for (int left = a->in_channels; left > 0; left -= VL, src += a->src_block)
    for (int t = 0; t < a->taps; t++, w += O * VL)
      {
        const float *s = src + a->tap[t];

#define PIXEL(o, p) Vec x##p = P > p ? load_pixel (s + p * PX) : (Vec){ 0 };
        FOR_PIXELS (PIXEL, 0)
#undef PIXEL
#define MULTIPLY(o, p)                                                                                       \
  if (O > o && P > p)                                                                                        \
    s##o##_##p += load (w + o * VL) * x##p;
        FOR_SUMS (MULTIPLY)
#undef MULTIPLY
      }
#define KEEP(o, p)                                                                                           \
  if (O > o)                                                                                                 \
    store (sums + (o * PIXELS + p) * VL, s##o##_##p);
  FOR_SUMS (KEEP)
#undef KEEP
  for (int o = 0; o < O; o++)
    out[o] = sum_lanes (sums + o * PIXELS * VL) + (a->bias ? a->bias[o] : 0);
}

AE_INLINE void
row (const AeConvPlanar *a, int y, const int O)
{
  const float *src = a->src + (size_t)y * a->src_row;
  size_t at = (size_t)y * a->dst_row;
  Quad out[AE_PLANAR_MAX];
  int n;

  for (int x = 0; x < a->width; x += n)
    {
      n = a->width - x < PIXELS ? 1 : PIXELS;
      if (n == PIXELS)
        tile (a, src + x * PX, out, O, PIXELS);
      else
        tile (a, src + x * PX, out, O, 1);
      for (int o = 0; o < O; o++)
        for (int p = 0; p < n; p++)
          {
            size_t to = at + (size_t)o * a->dst_plane + (size_t)(x + p);

            a->dst[to] = a->add ? out[o][p] + a->add[to] : out[o][p];
          }
    }
}

void
AE_VEC (conv_planar) (const AeConvPlanar *a)
{
  for (int y = 0; y < a->height; y++)
    switch (a->out_channels)
      {
      case 1:
        row (a, y, 1);
        break;
      case 2:
        row (a, y, 2);
        break;
      case 3:
        row (a, y, 3);
        break;
      default:
        row (a, y, 4);
      }
}
