/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-conv.c - convolution of every table against a double reference and table "c". */

#include "reference.h"

#include <math.h>
#include <string.h>

static const int channel_counts[] = { 1, 3, 4, 12, 13, 16, 31, 32, 48, 64, 96 };

#define N_COUNTS ((int)(sizeof channel_counts / sizeof channel_counts[0]))

static void
check_case (const AeKernels *k, const Case *c)
{
  Problem p = problem_new (c);
  size_t n = problem_out_size (&p);
  double *expected = malloc (n * sizeof (double)), *size = malloc (n * sizeof (double));
  float *got = malloc (n * sizeof (float)), *plain = malloc (n * sizeof (float));
  int terms = p.c.in_channels * p.taps + 2;

  reference_conv (&p, expected, size);
  table_conv (k, &p, got);
  table_conv (ae_kernels_nth (0), &p, plain);
  for (size_t i = 0; i < n; i++)
    {
      double bound = 2 * terms * (double)FLT_EPSILON * size[i];

      if (c->fill == FILL_INTEGER && c->act != AE_ACT_SIGMOID)
        {
          expect ((double)got[i] == expected[i], "%s: %s: value %zu is %g, expected %g", k->name,
                  problem_name (&p), i, (double)got[i], expected[i]);
          expect (got[i] == plain[i], "%s: %s: value %zu is %g, \"c\" has %g", k->name, problem_name (&p), i,
                  (double)got[i], (double)plain[i]);
        }
      else
        {
          expect (fabs ((double)got[i] - expected[i]) <= bound,
                  "%s: %s: value %zu is %.9g, expected %.9g within %g", k->name, problem_name (&p), i,
                  (double)got[i], expected[i], bound);
          expect (fabs ((double)got[i] - (double)plain[i]) <= 2 * bound,
                  "%s: %s: value %zu is %.9g, \"c\" has %.9g", k->name, problem_name (&p), i, (double)got[i],
                  (double)plain[i]);
        }
    }
  free (expected);
  free (size);
  free (got);
  free (plain);
  problem_free (&p);
}

START_TEST (test_channels)
{
  const AeKernels *k = ae_kernels_nth (_i);

  for (int i = 0; i < N_COUNTS; i++)
    for (int o = 0; o < N_COUNTS; o++)
      for (int kind = 0; kind < N_KINDS; kind++)
        for (int f = 0; f < 2; f++)
          {
            Case c = { .kind = (Kind)kind,
                       .in_channels = channel_counts[i],
                       .out_channels = channel_counts[o],
                       .width = 7,
                       .height = 2,
                       .bias = true,
                       .act = AE_ACT_RELU,
                       .fill = (Fill)f };

            check_case (k, &c);
          }
}
END_TEST

/* Beyond twice the widest tile of any table. */
START_TEST (test_sizes)
{
  const AeKernels *k = ae_kernels_nth (_i);

  for (int blocks = 1; blocks <= 4; blocks++)
    for (int width = 1; width <= 53; width++)
      for (int kind = 0; kind < N_KINDS; kind++)
        {
          Case c = { .kind = (Kind)kind,
                     .in_channels = 5,
                     .out_channels = blocks * k->vl,
                     .width = width,
                     .height = 1 + width % 3,
                     .bias = true };

          check_case (k, &c);
        }
  for (int height = 1; height <= 70; height += 3)
    {
      Case c = { .kind = KIND_3X3, .in_channels = 3, .out_channels = 32, .width = 9, .height = height };

      check_case (k, &c);
    }
  {
    Case c = { .kind = KIND_3X3, .in_channels = 3, .out_channels = 40, .width = 300, .height = 3 };

    check_case (k, &c);
  }
}
END_TEST

START_TEST (test_activations)
{
  const AeKernels *k = ae_kernels_nth (_i);

  for (int act = AE_ACT_NONE; act <= AE_ACT_SIGMOID; act++)
    for (int add = 0; add < N_ADDS; add++)
      for (int bias = 0; bias < 2; bias++)
        for (int f = 0; f < 2; f++)
          for (int kind = 0; kind < N_KINDS; kind++)
            {
              Case c = { .kind = (Kind)kind,
                         .in_channels = 9,
                         .out_channels = 57,
                         .width = 31,
                         .height = 2,
                         .bias = bias,
                         .act = (AeAct)act,
                         .add = (AddMode)add,
                         .fill = (Fill)f };

              check_case (k, &c);
            }
}
END_TEST

/* Sigmoid far from 0: neither overflow nor NaN. */
START_TEST (test_sigmoid_range)
{
  const AeKernels *k = ae_kernels_nth (_i);
  static const float inputs[]
    = { -1e30f, -1000, -88, -87, -20, -1, -1e-6f, 0, 1e-6f, 1, 20, 87, 88, 1000, 1e30f };
  int n = (int)(sizeof inputs / sizeof inputs[0]);
  Blocked src = blocked_new (k->vl, 1, n, 1), dst = blocked_new (k->vl, 1, n, 1);
  Guarded weights = guarded_new (k->conv_packed_size (1, 1, 1));
  float one = 1;
  Problem p
    = { .c = { .kind = KIND_1X1, .in_channels = 1, .out_channels = 1, .act = AE_ACT_SIGMOID }, .taps = 1 };
  AeConv a = conv_args (&p, &dst, &src, 0);

  k->conv_pack (weights.data, &one, 1, 1, 1, 1, 1, 1);
  a.weights = weights.data;
  blocked_set (&src, inputs);
  k->conv (&a);
  for (int x = 0; x < n; x++)
    {
      double got = (double)dst.first[blocked_at (&dst, 0, 0, x)];
      double expected = 1 / (1 + exp (-(double)inputs[x]));

      expect (fabs (got - expected) <= 4e-7 * expected + 1e-37, "%s: sigmoid (%g) is %g, expected %g",
              k->name, (double)inputs[x], got, expected);
    }
  guarded_free (&weights);
  blocked_free (&src);
  blocked_free (&dst);
}
END_TEST

/* The same pixels computed in pieces, and as part of fewer output channels, have the same bits. */
START_TEST (test_position)
{
  const AeKernels *k = ae_kernels_nth (_i);
  enum
  {
    W = 37,
    H = 9
  };

  for (int kind = 0; kind < N_KINDS; kind++)
    for (int blocks = 1; blocks <= 7; blocks++)
      {
        Case c = { .kind = (Kind)kind,
                   .in_channels = 19,
                   .out_channels = blocks * k->vl,
                   .width = W,
                   .height = H,
                   .act = AE_ACT_RELU,
                   .fill = FILL_FLOAT };
        Problem p = problem_new (&c);
        Blocked src = blocked_new (k->vl, p.c.in_channels, p.in_width, p.in_height);
        Blocked whole = blocked_new (k->vl, p.c.out_channels, p.c.width, p.c.height);
        Blocked parts = blocked_new (k->vl, p.c.out_channels, p.c.width, p.c.height);
        Blocked fewer = blocked_new (k->vl, k->vl, p.c.width, p.c.height);
        int sets = kind == KIND_UP ? 4 : 1;
        int taps = p.taps / sets;
        Guarded weights = guarded_new (k->conv_packed_size (p.c.in_channels, p.c.out_channels, taps));

        blocked_set (&src, p.in);
        for (int t = 0; t < sets; t++)
          {
            AeConv a = conv_args (&p, &whole, &src, t);
            AeConv b = conv_args (&p, &parts, &src, t);
            AeConv f = conv_args (&p, &fewer, &src, t);
            int step = 1;

            k->conv_pack (weights.data, p.weights + t, p.c.in_channels * p.taps, p.taps, 1, p.c.in_channels,
                          p.c.out_channels, taps);
            a.weights = b.weights = f.weights = weights.data;
            k->conv (&a);
            for (int y = 0; y < a.height; y += step)
              {
                int width;

                step = y % 2 + 1 < a.height - y ? y % 2 + 1 : a.height - y;
                for (int x = 0; x < a.width; x += width)
                  {
                    AeConv part = b;

                    width = (x * 7 + y * 5) % 13 + 1;
                    if (width > a.width - x)
                      width = a.width - x;
                    part.dst += (size_t)y * b.dst_row + (size_t)(x * b.dst_step * k->vl);
                    part.src += (size_t)y * b.src_row + (size_t)(x * b.src_step * k->vl);
                    part.width = width;
                    part.height = step;
                    k->conv (&part);
                  }
              }
            k->conv_pack (weights.data, p.weights + t, p.c.in_channels * p.taps, p.taps, 1, p.c.in_channels,
                          k->vl, taps);
            k->conv (&f);
          }
        expect (!memcmp (whole.all.data, parts.all.data, whole.all.n * sizeof (float)),
                "%s: kind %d, %d blocks: pieces differ from the whole", k->name, kind, blocks);
        expect (!memcmp (whole.all.data, fewer.all.data, fewer.all.n * sizeof (float)),
                "%s: kind %d, %d blocks: the first block alone differs", k->name, kind, blocks);
        guarded_free (&weights);
        blocked_free (&src);
        blocked_free (&whole);
        blocked_free (&parts);
        blocked_free (&fewer);
        problem_free (&p);
      }
}
END_TEST

/* Packing with exchanged strides and mirrored taps gives the convolution that carries gradients back. */
START_TEST (test_pack_transposed)
{
  const AeKernels *k = ae_kernels_nth (_i);
  Case c = { .kind = KIND_3X3, .in_channels = 21, .out_channels = 35, .width = 8, .height = 5 };
  Case back = c;
  Problem p = problem_new (&c);
  Problem q;
  float *direct, *mirrored;
  size_t n;

  back.in_channels = c.out_channels;
  back.out_channels = c.in_channels;
  q = problem_new (&back);
  for (int o = 0; o < back.out_channels; o++)
    for (int i = 0; i < back.in_channels; i++)
      for (int t = 0; t < 9; t++)
        q.weights[(o * back.in_channels + i) * 9 + t] = p.weights[(i * c.in_channels + o) * 9 + 8 - t];
  n = k->conv_packed_size (back.in_channels, back.out_channels, 9);
  direct = calloc (n, sizeof (float));
  mirrored = calloc (n, sizeof (float));
  k->conv_pack (direct, q.weights, back.in_channels * 9, 9, 1, back.in_channels, back.out_channels, 9);
  k->conv_pack (mirrored, p.weights + 8, 9, c.in_channels * 9, -1, back.in_channels, back.out_channels, 9);
  ck_assert_mem_eq (direct, mirrored, n * sizeof (float));
  free (direct);
  free (mirrored);
  problem_free (&p);
  problem_free (&q);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("kernels-conv");
  TCase *tc = tcase_create ("conv");
  int n = n_tables ();

  tcase_set_timeout (tc, 300);
  tcase_add_loop_test (tc, test_channels, 0, n);
  tcase_add_loop_test (tc, test_sizes, 0, n);
  tcase_add_loop_test (tc, test_activations, 0, n);
  tcase_add_loop_test (tc, test_sigmoid_range, 0, n);
  tcase_add_loop_test (tc, test_position, 0, n);
  tcase_add_loop_test (tc, test_pack_transposed, 0, n);
  suite_add_tcase (suite, tc);
  return run_suite (suite);
}
