/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* vec.h - what the vector sources share; they are compiled once per ISA. */

#ifndef AE_KERNELS_VEC_H
#define AE_KERNELS_VEC_H

#include "table.h"

/*
 * The build defines
 *   AE_ISA   the name of the table without quotes
 *   AE_VL    floats in a vector
 *   AE_REGS  vector registers: 16 or 32
 * Nothing here may be an inline function of a header used elsewhere too: the
 * linker could pick the copy compiled for the wrong ISA.
 */
#define AE_JOIN_(a, b) a##_##b
#define AE_JOIN(a, b) AE_JOIN_ (a, b)
#define AE_VEC(name) AE_JOIN (AE_JOIN (ae, name), AE_ISA)
#define AE_INLINE static inline __attribute__ ((always_inline))

enum
{
  VL = AE_VL,
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
void AE_VEC (conv_grad) (const AeConvGrad *args);

#endif
