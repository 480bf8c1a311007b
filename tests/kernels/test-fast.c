/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-fast.c - the table for bf16 against the double reference; planar convolution of every table. */

#include "reference.h"

#include <math.h>
#include <string.h>

/* The nearest bf16, of two the even. */
static float
rounded (float v)
{
  uint32_t bits;

  memcpy (&bits, &v, sizeof bits);
  bits = (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000;
  memcpy (&v, &bits, sizeof v);
  return v;
}

static void
round_all (float *data, size_t n)
{
  for (size_t i = 0; i < n; i++)
    data[i] = rounded (data[i]);
}

/* Blocked data of a table with its border of zeros. */
static Guarded
blocked_of (const AeKernels *k, int channels, int width, int height, size_t *row, size_t *block)
{
  *row = (size_t)((width + 2) * k->pixel);
  *block = *row * (size_t)(height + 2);
  return guarded_new (*block * (size_t)((channels + k->vl - 1) / k->vl));
}

static float *
first_pixel (const AeKernels *k, const Guarded *g, size_t row)
{
  return g->data + row + k->pixel;
}

/* A convolution through pack and unpack; sizes and weights of the problem are already rounded. */
static void
fast_conv (const AeKernels *k, const Problem *p, float *out)
{
  const int blocks = (p->c.out_channels + k->vl - 1) / k->vl;
  const int sets = p->c.kind == KIND_UP ? 4 : 1, set_taps = p->taps / sets;
  size_t src_row, src_block, dst_row, dst_block;
  Guarded src = blocked_of (k, p->c.in_channels, p->in_width, p->in_height, &src_row, &src_block);
  Guarded dst = blocked_of (k, p->c.out_channels, p->c.width, p->c.height, &dst_row, &dst_block);
  Guarded other = blocked_of (k, p->c.out_channels, p->c.width, p->c.height, &dst_row, &dst_block);
  Guarded bias = guarded_new ((size_t)(blocks * k->vl)), slope = guarded_new ((size_t)(blocks * k->vl));
  const size_t in_plane = (size_t)(p->in_width * p->in_height);
  const size_t out_plane = (size_t)(p->c.width * p->c.height);

  memcpy (bias.data, p->bias, (size_t)p->c.out_channels * sizeof (float));
  memcpy (slope.data, p->slope, (size_t)p->c.out_channels * sizeof (float));
  k->pack (first_pixel (k, &src, src_row), src_row, src_block, p->in, (size_t)p->in_width, in_plane,
           p->c.in_channels, p->in_width, p->in_height);
  k->pack (first_pixel (k, &other, dst_row), dst_row, dst_block, p->addend, (size_t)p->c.width, out_plane,
           p->c.out_channels, p->c.width, p->c.height);
  for (int t = 0; t < sets; t++)
    {
      Guarded weights = guarded_new (k->conv_packed_size (p->c.in_channels, p->c.out_channels, set_taps));
      AeConv a = {
        .dst = first_pixel (k, &dst, dst_row),
        .dst_row = dst_row,
        .dst_block = dst_block,
        .dst_step = 1,
        .src = first_pixel (k, &src, src_row),
        .src_row = src_row,
        .src_block = src_block,
        .src_step = 1,
        .weights = weights.data,
        .bias = p->c.bias ? bias.data : NULL,
        .slope = slope.data,
        .in_channels = p->c.in_channels,
        .out_blocks = blocks,
        .taps = set_taps,
        .width = p->c.width,
        .height = p->c.height,
        .act = p->c.act,
      };

      k->conv_pack (weights.data, p->weights + t, p->c.in_channels * p->taps, p->taps, 1, p->c.in_channels,
                    p->c.out_channels, set_taps);
      for (int i = 0; p->c.kind == KIND_3X3 && i < 9; i++)
        a.tap[i] = (i / 3 - 1) * (ptrdiff_t)src_row + (i % 3 - 1) * k->pixel;
      if (p->c.kind == KIND_DOWN)
        {
          for (int i = 0; i < 4; i++)
            a.tap[i] = i / 2 * (ptrdiff_t)src_row + i % 2 * k->pixel;
          a.src_step = 2;
          a.src_row *= 2;
        }
      if (p->c.kind == KIND_UP)
        {
          a.dst += t / 2 * (ptrdiff_t)dst_row + t % 2 * k->pixel;
          a.dst_step = 2;
          a.dst_row *= 2;
          a.width /= 2;
          a.height /= 2;
        }
      a.add = p->c.add == ADD_NONE
                ? NULL
                : first_pixel (k, &other, dst_row) + (a.dst - first_pixel (k, &dst, dst_row));
      k->conv (&a);
      guarded_free (&weights);
    }
  k->unpack (out, (size_t)p->c.width, out_plane, first_pixel (k, &dst, dst_row), dst_row, dst_block,
             p->c.out_channels, p->c.width, p->c.height);
  guarded_free (&slope);
  guarded_free (&bias);
  guarded_free (&other);
  guarded_free (&dst);
  guarded_free (&src);
}

static void
check_fast (const AeKernels *k, const Case *c)
{
  Problem p = problem_new (c);
  size_t n = problem_out_size (&p);
  double *expected = malloc (n * sizeof (double)), *size = malloc (n * sizeof (double));
  float *got = malloc (n * sizeof (float));
  int terms = p.c.in_channels * p.taps + 2;

  round_all (p.in, (size_t)(p.c.in_channels * p.in_width * p.in_height));
  round_all (p.weights, (size_t)(p.c.out_channels * p.c.in_channels * p.taps));
  round_all (p.addend, n);
  reference_conv (&p, expected, size);
  fast_conv (k, &p, got);
  for (size_t i = 0; i < n; i++)
    {
      /* sums in single precision, then one rounding to 8 bits */
      double bound = 2 * terms * (double)FLT_EPSILON * size[i] + fabs (expected[i]) / 256;

      if (c->fill == FILL_INTEGER && c->act <= AE_ACT_RELU)
        expect (got[i] == rounded ((float)expected[i]), "%s: value %zu is %g, expected %g", problem_name (&p),
                i, (double)got[i], (double)rounded ((float)expected[i]));
      else
        expect (fabs ((double)got[i] - expected[i]) <= bound,
                "%s: value %zu is %.9g, expected %.9g within %g", problem_name (&p), i, (double)got[i],
                expected[i], bound);
    }
  free (expected);
  free (size);
  free (got);
  problem_free (&p);
}

START_TEST (test_channels)
{
  static const int counts[] = { 1, 3, 4, 13, 16, 31, 32, 48, 64, 96 };
  const AeKernels *k = ae_kernels_fast ();

  for (int i = 0; k && i < 10; i++)
    for (int o = 0; o < 10; o++)
      for (int kind = 0; kind < N_KINDS; kind++)
        for (int f = 0; f < 2; f++)
          check_fast (k, &(Case){ .kind = (Kind)kind,
                                  .in_channels = counts[i],
                                  .out_channels = counts[o],
                                  .width = 8,
                                  .height = 2,
                                  .bias = true,
                                  .act = AE_ACT_RELU,
                                  .fill = (Fill)f });
}
END_TEST

START_TEST (test_widths_and_activations)
{
  const AeKernels *k = ae_kernels_fast ();

  for (int width = 1; k && width <= 30; width++)
    for (int kind = 0; kind < N_KINDS; kind++)
      for (int act = 0; act <= AE_ACT_SIGMOID; act++)
        check_fast (k, &(Case){ .kind = (Kind)kind,
                                .in_channels = 17,
                                .out_channels = 16,
                                .width = width,
                                .height = 4,
                                .bias = width % 2,
                                .act = (AeAct)act,
                                .add = width % 3 ? ADD_OTHER : ADD_NONE,
                                .fill = (Fill)(width % 2) });
}
END_TEST

/* Planar result: of all tables and of that for bf16. */
static void
check_planar (const AeKernels *k, const Case *c)
{
  Problem p = problem_new (c);
  const size_t n = problem_out_size (&p), plane = (size_t)(p.c.width * p.c.height);
  double *expected = malloc (n * sizeof (double)), *size = malloc (n * sizeof (double));
  size_t row, block;
  Guarded src = blocked_of (k, p.c.in_channels, p.in_width, p.in_height, &row, &block);
  Guarded dst = guarded_new (n);
  Guarded weights
    = guarded_new ((size_t)((p.c.in_channels + k->vl - 1) / k->vl * k->vl * p.taps * p.c.out_channels));
  AeConvPlanar a = {
    .dst = dst.data,
    .dst_row = (size_t)p.c.width,
    .dst_plane = plane,
    .src = first_pixel (k, &src, row),
    .src_row = row,
    .src_block = block,
    .weights = weights.data,
    .bias = p.c.bias ? p.bias : NULL,
    .add = p.c.add == ADD_OTHER ? p.addend : NULL,
    .in_channels = p.c.in_channels,
    .out_channels = p.c.out_channels,
    .taps = p.taps,
    .width = p.c.width,
    .height = p.c.height,
  };

  for (int i = 0; p.taps == 9 && i < 9; i++)
    a.tap[i] = (i / 3 - 1) * (ptrdiff_t)row + (i % 3 - 1) * k->pixel;
  round_all (p.in, (size_t)(p.c.in_channels * p.in_width * p.in_height));
  reference_conv (&p, expected, size);
  k->pack (first_pixel (k, &src, row), row, block, p.in, (size_t)p.in_width, plane, p.c.in_channels,
           p.in_width, p.in_height);
  k->conv_planar_pack (weights.data, p.weights, p.c.in_channels, p.c.out_channels, p.taps);
  k->conv_planar (&a);
  for (size_t i = 0; i < n; i++)
    {
      double bound
        = c->fill == FILL_INTEGER ? 0 : 2 * (p.c.in_channels * p.taps + 2) * (double)FLT_EPSILON * size[i];

      expect (fabs ((double)dst.data[i] - expected[i]) <= bound, "%s: %s: value %zu is %.9g, expected %.9g",
              k->name, problem_name (&p), i, (double)dst.data[i], expected[i]);
    }
  guarded_free (&weights);
  guarded_free (&dst);
  guarded_free (&src);
  free (expected);
  free (size);
  problem_free (&p);
}

START_TEST (test_planar)
{
  static const int counts[] = { 1, 12, 16, 33 };

  for (int t = 0; t <= n_tables (); t++)
    {
      const AeKernels *k = t < n_tables () ? ae_kernels_nth (t) : ae_kernels_fast ();

      for (int width = 1; k && width <= 11; width++)
        for (int i = 0; i < 4; i++)
          for (int o = 1; o <= AE_PLANAR_MAX; o++)
            for (int f = 0; f < 4; f++)
              check_planar (k, &(Case){ .kind = f < 2 ? KIND_3X3 : KIND_1X1,
                                        .in_channels = counts[i],
                                        .out_channels = o,
                                        .width = width,
                                        .height = 3,
                                        .bias = width % 2,
                                        .add = width % 3 ? ADD_OTHER : ADD_NONE,
                                        .fill = (Fill)(f % 2) });
    }
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("kernels-fast");
  TCase *fast = tcase_create ("bf16"), *planar = tcase_create ("planar");

  tcase_set_timeout (fast, 300);
  tcase_add_test (fast, test_channels);
  tcase_add_test (fast, test_widths_and_activations);
  suite_add_tcase (suite, fast);
  tcase_set_timeout (planar, 300);
  tcase_add_test (planar, test_planar);
  suite_add_tcase (suite, planar);
  return run_suite (suite);
}
