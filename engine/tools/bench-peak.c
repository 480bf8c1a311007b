/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* bench-peak.c - multiply-adds on registers alone; compiled once per ISA like the kernels. */

#include "bench-peak.h"

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_ (a, b)

typedef float Vec __attribute__ ((vector_size (4 * AE_VL)));

/* As many independent sums as leave two of 16 registers for the operands: more than latency x units. */
#define FOR_SUMS(X) X (0) X (1) X (2) X (3) X (4) X (5) X (6) X (7) X (8) X (9) X (10) X (11) X (12) X (13)

float
JOIN (bench_peak, AE_ISA) (long rounds, float factor, float addend)
{
  Vec a = factor - (Vec){ 0 }, b = addend - (Vec){ 0 };
  float total = 0;
  Vec sum = { 0 };

#define BEGIN(n) Vec s##n = b * n;
  FOR_SUMS (BEGIN)
  for (long i = 0; i < rounds; i++)
    {
#define MULTIPLY_ADD(n) s##n = s##n * a + b;
      FOR_SUMS (MULTIPLY_ADD)
    }
#define COLLECT(n) sum += s##n;
  FOR_SUMS (COLLECT)
  for (int lane = 0; lane < AE_VL; lane++)
    total += sum[lane];
  return total;
}
