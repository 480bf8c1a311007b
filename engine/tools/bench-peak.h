/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* bench-peak.h - loops of multiply-adds on registers, one per ISA. */

#ifndef AE_BENCH_PEAK_H
#define AE_BENCH_PEAK_H

/* Each does `rounds` rounds and returns something that depends on all of them.
 * FLOPs of a round = BENCH_PEAK_SUMS * vector length * 2. */
#define BENCH_PEAK_SUMS 14

typedef float (*BenchPeakFunc) (long rounds, float factor, float addend);

float bench_peak_sse2 (long rounds, float factor, float addend);
float bench_peak_avx2 (long rounds, float factor, float addend);
float bench_peak_avx512 (long rounds, float factor, float addend);
float bench_peak_neon (long rounds, float factor, float addend);

#endif
