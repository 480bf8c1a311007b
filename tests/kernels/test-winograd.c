/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-winograd.c - conv_winograd () of every table against its conv (), and against itself when cut
 * otherwise. */

#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  const AeKernels *k;
  int in, out, width, height;
  size_t row, src_block, dst_block;
  float *src, *add, *weights, *transformed, *bias, *slope, *scratch;
} Problem;

static float *
floats (size_t n)
{
  float *p = NULL;

  expect (posix_memalign ((void **)&p, 64, (n + 16) * sizeof (float)) == 0, "no memory");
  memset (p, 0, (n + 16) * sizeof (float));
  return p;
}

static int
blocks (const AeKernels *k, int channels)
{
  return (channels + k->vl - 1) / k->vl;
}

/* Random values in the interior of a blocked array, zeros around it and in the lanes beyond the last channel.
 */
static float *
plane (const Problem *p, int channels, int seed)
{
  const int vl = p->k->vl;
  const size_t block = p->row * (size_t)(p->height + 2);
  float *v = floats (block * (size_t)blocks (p->k, channels));
  float *values = filled ((size_t)(channels * p->width * p->height), FILL_FLOAT, seed), *from = values;

  for (int c = 0; c < channels; c++)
    for (int y = 0; y < p->height; y++)
      for (int x = 0; x < p->width; x++)
        v[(size_t)(c / vl) * block + (size_t)(y + 1) * p->row + (size_t)((x + 1) * vl + c % vl)] = *from++;
  free (values);
  return v;
}

static Problem
problem_new (const AeKernels *k, int in, int out, int width, int height)
{
  const size_t n = (size_t)(in * out);
  Problem p = { .k = k, .in = in, .out = out, .width = width, .height = height };
  float *w = filled (9 * n, FILL_FLOAT, 3), *u = floats (3 * n),
        *values = filled (2 * (size_t)out, FILL_FLOAT, 4);

  p.row = (size_t)((width + 2) * k->vl);
  p.src_block = p.dst_block = p.row * (size_t)(height + 2);
  p.src = plane (&p, in, 1);
  p.add = plane (&p, out, 2);
  p.weights = floats (k->conv_packed_size (in, out, 9));
  k->conv_pack (p.weights, w, in * 9, 9, 1, in, out, 9);
  p.transformed = floats (ae_winograd_packed_size (k, in, out));
  ae_winograd_pack (k, p.transformed, w, in * 9, 9, 1, in, out, u);
  p.bias = floats ((size_t)(blocks (k, out) * k->vl));
  p.slope = floats ((size_t)(blocks (k, out) * k->vl));
  for (int o = 0; o < out; o++)
    {
      p.bias[o] = values[2 * o];
      p.slope[o] = values[2 * o + 1];
    }
  p.scratch = floats (k->winograd_scratch (in, blocks (k, out)));
  free (w);
  free (u);
  free (values);
  return p;
}

static void
problem_free (Problem *p)
{
  free (p->src);
  free (p->add);
  free (p->weights);
  free (p->transformed);
  free (p->bias);
  free (p->slope);
  free (p->scratch);
}

/* Columns x0 <= x < x1 and rows y0 <= y < y1 of the result into `dst`. */
static void
run (const Problem *p, AeAct act, bool add, bool winograd, float *dst, int phase, int x0, int x1, int y0,
     int y1)
{
  const int vl = p->k->vl;
  const size_t at = (size_t)(y0 + 1) * p->row + (size_t)((x0 + 1) * vl);
  AeConv a = { .dst = dst + at,
               .dst_row = p->row,
               .dst_block = p->dst_block,
               .dst_step = 1,
               .src = p->src + at,
               .src_row = p->row,
               .src_block = p->src_block,
               .src_step = 1,
               .weights = winograd ? p->transformed : p->weights,
               .bias = act == AE_ACT_NONE ? NULL : p->bias,
               .slope = act > AE_ACT_RELU ? p->slope : NULL,
               .add = add ? p->add + at : NULL,
               .in_channels = p->in,
               .out_blocks = blocks (p->k, p->out),
               .taps = 9,
               .width = x1 - x0,
               .height = y1 - y0,
               .act = act };

  for (int t = 0; t < 9; t++)
    a.tap[t] = (t / 3 - 1) * (ptrdiff_t)p->row + (t % 3 - 1) * vl;
  if (winograd)
    p->k->conv_winograd (&a, phase, p->scratch);
  else
    p->k->conv (&a);
}

static size_t
result_size (const Problem *p)
{
  return p->dst_block * (size_t)blocks (p->k, p->out);
}

/* Whole planes of each size, and the same in parts that begin and end with groups. */
static void
check_size (const AeKernels *k, int in, int out, int width, int height, AeAct act, bool add)
{
  Problem p = problem_new (k, in, out, width, height);
  const size_t n = result_size (&p);
  float *want = floats (n), *whole = floats (n), *parts = floats (n);
  float most = 3e-5f * sqrtf ((float)in);

  run (&p, act, add, false, want, 0, 0, width, 0, height);
  for (int phase = 0; phase < AE_WINOGRAD; phase++)
    {
      run (&p, act, add, true, whole, phase, 0, width, 0, height);
      for (size_t i = 0; i < n; i++)
        expect (fabsf (whole[i] - want[i]) <= most,
                "%s: %d -> %d, %d x %d, phase %d: value %zu is %.9g, expected %.9g", k->name, in, out, width,
                height, phase, i, (double)whole[i], (double)want[i]);
      for (int y = height - 1; y >= 0; y -= 3)
        for (int x = -phase; x < width; x += 2 * AE_WINOGRAD)
          {
            int x0 = x < 0 ? 0 : x, x1 = x + 2 * AE_WINOGRAD < width ? x + 2 * AE_WINOGRAD : width;

            run (&p, act, add, true, parts, x0 - x, x0, x1, y > 2 ? y - 2 : 0, y + 1);
          }
      expect (memcmp (whole, parts, n * sizeof (float)) == 0, "%s: %d -> %d, %d x %d, phase %d: parts differ",
              k->name, in, out, width, height, phase);
    }
  free (want);
  free (whole);
  free (parts);
  problem_free (&p);
}

START_TEST (test_sizes)
{
  static const int sizes[][2]
    = { { 1, 1 }, { 2, 5 }, { 3, 1 }, { 4, 4 }, { 5, 3 }, { 7, 9 }, { 12, 2 }, { 33, 7 } };
  const AeKernels *k = ae_kernels_nth (_i);

  if (k && k->conv_winograd)
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
      check_size (k, 16, 20, sizes[i][0], sizes[i][1], AE_ACT_RELU, true);
}
END_TEST

/* More groups than the scratch holds at once, and all that may follow the sum. */
START_TEST (test_channels)
{
  static const int channels[][2] = { { 1, 1 }, { 16, 16 }, { 24, 48 }, { 48, 24 }, { 64, 33 }, { 130, 96 } };
  const AeKernels *k = ae_kernels_nth (_i);

  if (k && k->conv_winograd)
    for (size_t i = 0; i < sizeof channels / sizeof channels[0]; i++)
      for (int act = AE_ACT_NONE; act < AE_ACT_SIGMOID; act++)
        check_size (k, channels[i][0], channels[i][1], i == 1 ? 530 : 21, 3, (AeAct)act, act % 2);
}
END_TEST

/* In whole numbers nothing is rounded but the weights: a shifted picture. */
START_TEST (test_identity)
{
  const AeKernels *k = ae_kernels_nth (_i);

  if (!k || !k->conv_winograd)
    return;
  expect (k->winograd_channels > 0, "%s has no least number of channels", k->name);
  for (int tap = 0; tap < 9; tap++)
    {
      Problem p = problem_new (k, 1, 1, 9, 3);
      float w[9] = { 0 }, u[3], *result = floats (result_size (&p));

      w[tap] = 1;
      ae_winograd_pack (k, p.transformed, w, 9, 9, 1, 1, 1, u);
      run (&p, AE_ACT_NONE, false, true, result, 0, 0, 9, 0, 3);
      for (int y = 0; y < 3; y++)
        for (int x = 0; x < 9; x++)
          {
            size_t at = (size_t)(y + 1) * p.row + (size_t)((x + 1) * k->vl);
            float want = p.src[(ptrdiff_t)at + (tap / 3 - 1) * (ptrdiff_t)p.row + (tap % 3 - 1) * k->vl];

            expect (fabsf (result[at] - want) <= 2e-6f, "%s: tap %d at %d,%d: %.9g, expected %.9g", k->name,
                    tap, x, y, (double)result[at], (double)want);
          }
      free (result);
      problem_free (&p);
    }
}
END_TEST

/* A row of so many groups that their number times that of the parts it is computed in is no int. */
START_TEST (test_long_row)
{
  enum
  {
    WIDTH = 2200001
  };
  const AeKernels *k = ae_kernels_nth (_i);
  const size_t floats_of_row = (size_t)(WIDTH + 2) * (size_t)k->vl;
  const float w[9] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
  float u[3], *weights, *scratch, *src, *dst;

  if (!k->conv_winograd)
    return;
  weights = floats (ae_winograd_packed_size (k, 1, 1));
  ae_winograd_pack (k, weights, w, 9, 9, 1, 1, 1, u);
  scratch = floats (k->winograd_scratch (1, 1));
  src = floats (floats_of_row);
  dst = floats (floats_of_row);
  for (int x = 1; x <= WIDTH; x++)
    src[(size_t)x * (size_t)k->vl] = 1;
  /* the three source rows are one */
  k->conv_winograd (&(AeConv){ .dst = dst + k->vl,
                               .dst_row = floats_of_row,
                               .dst_block = floats_of_row,
                               .dst_step = 1,
                               .src = src + k->vl,
                               .src_block = floats_of_row,
                               .src_step = 1,
                               .weights = weights,
                               .in_channels = 1,
                               .out_blocks = 1,
                               .width = WIDTH,
                               .height = 1 },
                    0, scratch);
  for (int x = 0; x < WIDTH; x++)
    {
      float got = dst[(size_t)(x + 1) * (size_t)k->vl];
      float want = 45 - (x == 0 ? 12 : 0) - (x == WIDTH - 1 ? 18 : 0);

      expect (fabsf (got - want) <= 1e-4f, "%s: pixel %d is %.9g, expected %.9g", k->name, x, (double)got,
              (double)want);
    }
  free (weights);
  free (scratch);
  free (src);
  free (dst);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("kernels-winograd");
  TCase *tc = tcase_create ("winograd");
  int n = n_tables ();

  tcase_set_timeout (tc, 300);
  tcase_add_loop_test (tc, test_sizes, 0, n);
  tcase_add_loop_test (tc, test_channels, 0, n);
  tcase_add_loop_test (tc, test_identity, 0, n);
  tcase_add_loop_test (tc, test_long_row, 0, n);
  suite_add_tcase (suite, tc);
  return run_suite (suite);
}
