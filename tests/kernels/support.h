/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* support.h - buffers with guards, fills and comparisons for the kernel tests. */

#ifndef KERNEL_TEST_SUPPORT_H
#define KERNEL_TEST_SUPPORT_H

#include "kernels/kernels.h"

#include <check.h>
#include <float.h>
#include <stdint.h>
#include <stdlib.h>

/* A dense array with guards on both sides; free with guarded_free (), which checks them. */
typedef struct
{
  float *data;
  size_t n;
  void *memory;
} Guarded;

Guarded guarded_new (size_t n);
void guarded_check (const Guarded *g);
void guarded_free (Guarded *g);

/* Blocked data with its border of zeros (see kernels.h), guarded. */
typedef struct
{
  Guarded all;
  float *first; /* pixel (0, 0) of block 0 */
  int vl, channels, blocks, width, height;
  size_t row, block;
} Blocked;

Blocked blocked_new (int vl, int channels, int width, int height);
void blocked_free (Blocked *b);
size_t blocked_at (const Blocked *b, int c, int y, int x); /* index into first */
/* From and to planar [channels][height][width], dense. */
void blocked_set (Blocked *b, const float *planar);
void blocked_get (const Blocked *b, float *planar);
/* Guards whole; border and spare lanes zero. */
void blocked_check (const Blocked *b);

/* Deterministic values: integers -4..4 or floats in -1..1. */
typedef enum
{
  FILL_INTEGER,
  FILL_FLOAT
} Fill;
void fill (float *data, size_t n, Fill kind, uint32_t seed);

/* ck_assert_msg () reports each success to the parent process, which takes most of the time in loops over
 * pixels. */
#define expect(condition, ...)                                                                               \
  do                                                                                                         \
    {                                                                                                        \
      if (!(condition))                                                                                      \
        ck_abort_msg (__VA_ARGS__);                                                                          \
    }                                                                                                        \
  while (0)
#define check(condition) expect (condition, "%s", #condition)

/* Allocates and fills. */
float *filled (size_t n, Fill kind, uint32_t seed);

int n_tables (void);

/* Runs the suite; the exit status of the program. */
int run_suite (Suite *suite);

#endif
