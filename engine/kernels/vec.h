/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* vec.h - what the vector sources share; they are compiled once per ISA. */

#ifndef AE_KERNELS_VEC_H
#define AE_KERNELS_VEC_H

#include "table.h"

#ifdef AE_BF16
#include <immintrin.h>
#include <stdint.h>
#include <string.h>
#endif

/*
 * The build defines
 *   AE_ISA   the name of the table without quotes
 *   AE_VL    floats in a vector
 *   AE_REGS  vector registers: 16 or 32
 *   AE_BF16  in the table whose blocked values are pairs of bf16
 * Nothing here may be an inline function of a header used elsewhere too: the
 * linker could pick the copy compiled for the wrong ISA.
 */
#define AE_JOIN_(a, b) a##_##b
#define AE_JOIN(a, b) AE_JOIN_ (a, b)
#define AE_VEC(name) AE_JOIN (AE_JOIN (ae, name), AE_ISA)
#define AE_INLINE static inline __attribute__ ((always_inline))

#ifdef AE_BF16
#define AE_PAIR 2
#else
#define AE_PAIR 1
#endif

enum
{
  VL = AE_VL,
  /* Channels in a float of blocked data, and floats of a block's pixel. */
  PAIR = AE_PAIR,
  PX = AE_VL / AE_PAIR,
  /* Output blocks whose sums one tile keeps in registers at most. */
  GROUP_MAX = 4
};

typedef float Vec __attribute__ ((vector_size (4 * AE_VL)));
typedef int Mask __attribute__ ((vector_size (4 * AE_VL)));
/* The same in memory: nothing is assumed about alignment. */
typedef float VecMem __attribute__ ((vector_size (4 * AE_VL), aligned (4), may_alias));

AE_INLINE Vec
load (const float *p)
{
  return *(const VecMem *)p;
}

AE_INLINE void
store (float *p, Vec v)
{
  *(VecMem *)p = v;
}

/* x - 0 is x for every x, -0 too, so this is one broadcast. */
AE_INLINE Vec
splat (float x)
{
  return x - (Vec){ 0 };
}

/* mask ? a : b, per lane */
AE_INLINE Vec
choose (Mask mask, Vec a, Vec b)
{
  return (Vec)(((Mask)a & mask) | ((Mask)b & ~mask));
}

#ifdef AE_BF16

/* A pixel of a block; what is stored is rounded to the nearest, of two the even. */
AE_INLINE Vec
load_pixel (const float *p)
{
  return (Vec)_mm512_slli_epi32 (
    _mm512_cvtepu16_epi32 (_mm256_loadu_si256 ((const __m256i *)(const void *)p)), 16);
}

AE_INLINE void
store_pixel (float *p, Vec v)
{
  _mm256_storeu_si256 ((__m256i *)(void *)p, (__m256i)_mm512_cvtneps_pbh ((__m512)v));
}

/* Two weights as such a pair, rounded likewise; they are finite. */
AE_INLINE float
bf16_pair (float first, float second)
{
  float v[2] = { first, second }, pair;
  uint32_t bits[2];

  memcpy (bits, v, sizeof bits);
  for (int i = 0; i < 2; i++)
    bits[i] = (bits[i] + 0x7fff + (bits[i] >> 16 & 1)) >> 16;
  bits[0] |= bits[1] << 16;
  memcpy (&pair, bits, sizeof pair);
  return pair;
}

/* sum += a * b, where each lane of a and b is a pair. */
AE_INLINE void
multiply_add (Vec *sum, Vec a, Vec b)
{
  *sum = (Vec)_mm512_dpbf16_ps ((__m512)*sum, (__m512bh)a, (__m512bh)b);
}

#else

AE_INLINE Vec
load_pixel (const float *p)
{
  return load (p);
}

AE_INLINE void
store_pixel (float *p, Vec v)
{
  store (p, v);
}

/* sum += a * b, before what follows in the source may load anything.  With 16
 * registers the tiles leave none to spare: a compiler that loads early (clang
 * does) would have to keep sums in memory. */
AE_INLINE void
multiply_add (Vec *sum, Vec a, Vec b)
{
  *sum += a * b;
#if AE_REGS < 32 && defined(__x86_64__)
  __asm__ volatile("" : "+x"(*sum) : : "memory");
#endif
}

#endif

AE_INLINE int
blocks_of (int channels)
{
  return (channels + VL - 1) / VL;
}

/* Size of the next group when `left` output blocks remain: as even as possible, so that six are 3 + 3. */
AE_INLINE int
group_size (int left)
{
  int groups = (left + GROUP_MAX - 1) / GROUP_MAX;

  return (left + groups - 1) / groups;
}

size_t AE_VEC (conv_packed_size) (int in_channels, int out_channels, int taps);
void AE_VEC (conv_pack) (float *packed, const float *w, ptrdiff_t so, ptrdiff_t si, ptrdiff_t st,
                         int in_channels, int out_channels, int taps);
void AE_VEC (conv) (const AeConv *args);
size_t AE_VEC (winograd_scratch) (int in_channels, int out_blocks);
void AE_VEC (conv_winograd) (const AeConv *args, int phase, float *scratch);
void AE_VEC (conv_planar_pack) (float *packed, const float *w, int in_channels, int out_channels, int taps);
void AE_VEC (conv_planar) (const AeConvPlanar *args);
void AE_VEC (conv_grad) (const AeConvGrad *args);
size_t AE_VEC (winograd_grad_scratch) (int in_channels, int out_blocks);
void AE_VEC (conv_grad_winograd) (const AeConvGrad *args, float *scratch);
void AE_VEC (channel_sum) (float *sum, const float *src, size_t row, size_t block, int blocks, int width,
                           int height);
void AE_VEC (relu_grad) (float *dst, const float *d, const float *y, float slope, size_t n);
void AE_VEC (matmul) (float *c, const float *a, const float *b, int rows, int inner, int cols);

#endif
