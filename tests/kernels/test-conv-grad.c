/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-conv-grad.c - gradients of weights and biases of every table against a double reference. */

#include "reference.h"

#include <math.h>
#include <string.h>

enum
{
  START_SEED = 11, /* of what dw holds before */
  D_SEED = 12      /* of the gradient of the result */
};

/* Gradient [out][in][taps] in double; with size: the sum of the sizes of all that was added. */
static void
reference_grad (const Problem *p, const float *d, double *dw, double *size)
{
  for (int o = 0; o < p->c.out_channels; o++)
    for (int i = 0; i < p->c.in_channels; i++)
      for (int t = 0; t < p->taps; t++, dw++, size++)
        {
          *dw = *size = 0;
          for (int y = 0; y < p->c.height; y++)
            for (int x = 0; x < p->c.width; x++)
              {
                int sy, sx;

                if (tap_source (p, t, y, x, &sy, &sx))
                  {
                    double product = (double)d[(o * p->c.height + y) * p->c.width + x]
                                     * (double)p->in[(i * p->in_height + sy) * p->in_width + sx];

                    *dw += product;
                    *size += fabs (product);
                  }
              }
        }
}

static AeConvGrad
grad_args (const AeConv *conv, const Blocked *d)
{
  AeConvGrad a = {
    .ddst = d->first + (conv->dst - d->first),
    .ddst_row = conv->dst_row,
    .ddst_block = conv->dst_block,
    .ddst_step = conv->dst_step,
    .src = conv->src,
    .src_row = conv->src_row,
    .src_block = conv->src_block,
    .src_step = conv->src_step,
    .in_channels = conv->in_channels,
    .out_blocks = conv->out_blocks,
    .taps = conv->taps,
    .width = conv->width,
    .height = conv->height,
  };

  memcpy (a.tap, conv->tap, sizeof a.tap);
  return a;
}

/* The same by conv_grad_winograd (), called twice: sums are added to. */
static void
check_winograd (const AeKernels *k, const Problem *p, AeConvGrad a, const double *expected,
                const double *size)
{
  const size_t n = (size_t)(3 * p->c.in_channels) * a.dw_row;
  Guarded dw = guarded_new (AE_WINOGRAD_POINTS * n);
  Guarded scratch = guarded_new (k->winograd_grad_scratch (p->c.in_channels, a.out_blocks));

  memset (dw.data, 0, dw.n * sizeof (float));
  a.dw = dw.data;
  k->conv_grad_winograd (&a, scratch.data);
  k->conv_grad_winograd (&a, scratch.data);
  for (int o = 0; o < p->c.out_channels; o++)
    for (int i = 0; i < p->c.in_channels; i++)
      for (int row = 0; row < 3; row++, expected += 3, size += 3)
        {
          /* the taps of a row share their roundings */
          double bound = 20 * (double)FLT_EPSILON * (size[0] + size[1] + size[2]);
          float got[3];

          ae_winograd_gradient (got, dw.data + (size_t)(3 * i + row) * a.dw_row + o, n);
          for (int tap = 0; tap < 3; tap++)
            expect (
              fabs ((double)got[tap] - 2 * expected[tap]) <= bound,
              "%s: Winograd's gradient, %s: in %d row %d tap %d out %d is %.9g, expected %.9g within %g",
              k->name, problem_name (p), i, row, tap, o, (double)got[tap], 2 * expected[tap], bound);
        }
  guarded_free (&scratch);
  guarded_free (&dw);
}

static void
check_grad (const AeKernels *k, const Case *c)
{
  Problem p = problem_new (c);
  Blocked src = blocked_new (k->vl, p.c.in_channels, p.in_width, p.in_height);
  Blocked d = blocked_new (k->vl, p.c.out_channels, p.c.width, p.c.height);
  float *ddst = filled (problem_out_size (&p), c->fill, D_SEED);
  size_t n = (size_t)(p.c.out_channels * p.c.in_channels * p.taps);
  double *expected = malloc (n * sizeof (double)), *size = malloc (n * sizeof (double));
  size_t dw_row = (size_t)((d.blocks + 1) * k->vl); /* longer than needed: the rest must stay */
  int sets = p.c.kind == KIND_UP ? 4 : 1;
  int taps = p.taps / sets;
  int pixels = p.c.width * p.c.height + 1;
  float *start = filled ((size_t)(p.c.in_channels * taps) * dw_row, c->fill, START_SEED);

  blocked_set (&src, p.in);
  blocked_set (&d, ddst);
  reference_grad (&p, ddst, expected, size);
  for (int set = 0; set < sets; set++)
    {
      AeConv conv = conv_args (&p, &d, &src, set);
      AeConvGrad a = grad_args (&conv, &d);
      Guarded dw = guarded_new ((size_t)(p.c.in_channels * taps) * dw_row);

      memcpy (dw.data, start, dw.n * sizeof (float));
      a.dw = dw.data;
      a.dw_row = dw_row;
      k->conv_grad (&a);
      for (int i = 0; i < p.c.in_channels; i++)
        for (int t = 0; t < taps; t++)
          for (int o = 0; o < (int)dw_row; o++)
            {
              size_t at = (size_t)(i * taps + t) * dw_row + (size_t)o;
              size_t e = (size_t)((o * p.c.in_channels + i) * p.taps + set + t);
              double value = (double)start[at] + (o < p.c.out_channels ? expected[e] : 0);
              double bound = 0;

              if (o < p.c.out_channels && c->fill == FILL_FLOAT)
                bound = 2 * pixels * (double)FLT_EPSILON * (size[e] + fabs ((double)start[at]));
              expect (fabs ((double)dw.data[at] - value) <= bound,
                      "%s: gradient, %s: in %d tap %d out %d is %.9g, expected %.9g within %g", k->name,
                      problem_name (&p), i, set + t, o, (double)dw.data[at], value, bound);
            }
      guarded_free (&dw);
      if (p.c.kind == KIND_3X3 && k->conv_grad_winograd)
        check_winograd (k, &p, a, expected, size);
    }
  blocked_check (&src);
  blocked_check (&d);
  free (start);
  free (expected);
  free (size);
  free (ddst);
  blocked_free (&src);
  blocked_free (&d);
  problem_free (&p);
}

START_TEST (test_channels)
{
  static const int counts[] = { 1, 3, 4, 12, 13, 16, 31, 32, 48, 64, 96 };
  const AeKernels *k = ae_kernels_nth (_i);

  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
    for (size_t o = 0; o < sizeof counts / sizeof counts[0]; o++)
      for (int kind = 0; kind < N_KINDS; kind++)
        {
          Case c = { .kind = (Kind)kind,
                     .in_channels = counts[i],
                     .out_channels = counts[o],
                     .width = 6,
                     .height = 4,
                     .fill = (i + o) % 2 ? FILL_INTEGER : FILL_FLOAT };

          check_grad (k, &c);
        }
}
END_TEST

START_TEST (test_sizes)
{
  const AeKernels *k = ae_kernels_nth (_i);

  for (int blocks = 1; blocks <= 5; blocks++)
    for (int width = 1; width <= 33; width++)
      for (int kind = 0; kind < N_KINDS; kind++)
        {
          Case c = { .kind = (Kind)kind,
                     .in_channels = 11,
                     .out_channels = blocks * k->vl,
                     .width = width,
                     .height = 1 + width % 3,
                     .fill = width % 2 ? FILL_INTEGER : FILL_FLOAT };

          check_grad (k, &c);
        }
  for (int height = 1; height <= 200; height += 37)
    {
      Case c = { .kind = KIND_3X3, .in_channels = 5, .out_channels = 32, .width = 14, .height = height };

      check_grad (k, &c);
      c.width = 130;
      check_grad (k, &c);
      c.width = 300;
      c.height = 1 + height % 7;
      check_grad (k, &c);
    }
}
END_TEST

/* Rows in several calls, channels and blocks in separate calls: the same bits. */
START_TEST (test_division)
{
  const AeKernels *k = ae_kernels_nth (_i);
  enum
  {
    TAPS = 9,
    H = 23
  };
  Case c = { .kind = KIND_3X3,
             .in_channels = 2 * k->vl + 3,
             .out_channels = 5 * k->vl,
             .width = 19,
             .height = H,
             .fill = FILL_FLOAT };
  Problem p = problem_new (&c);
  Blocked src = blocked_new (k->vl, c.in_channels, c.width, c.height);
  Blocked d = blocked_new (k->vl, c.out_channels, c.width, c.height);
  size_t dw_row = (size_t)c.out_channels;
  Guarded whole = guarded_new ((size_t)(c.in_channels * TAPS) * dw_row);
  Guarded parts = guarded_new (whole.n);
  AeConv conv = conv_args (&p, &d, &src, 0);
  AeConvGrad a = grad_args (&conv, &d);

  blocked_set (&src, p.in);
  blocked_set (&d, p.addend);
  a.dw = whole.data;
  a.dw_row = dw_row;
  k->conv_grad (&a);
  for (int i = 0; i < c.in_channels; i += k->vl)
    for (int b = 0; b < 5; b += 2)
      for (int y = 0; y < H; y += 6)
        {
          AeConvGrad part = a;

          part.dw = parts.data + (size_t)(i * TAPS) * dw_row + (size_t)(b * k->vl);
          part.src += (size_t)(i / k->vl) * src.block + (size_t)y * src.row;
          part.ddst += (size_t)b * d.block + (size_t)y * d.row;
          part.in_channels = c.in_channels - i < k->vl ? c.in_channels - i : k->vl;
          part.out_blocks = b + 2 <= 5 ? 2 : 1;
          part.height = H - y < 6 ? H - y : 6;
          k->conv_grad (&part);
        }
  ck_assert_mem_eq (whole.data, parts.data, whole.n * sizeof (float));
  guarded_free (&whole);
  guarded_free (&parts);
  blocked_free (&src);
  blocked_free (&d);
  problem_free (&p);
}
END_TEST

START_TEST (test_channel_sum)
{
  const AeKernels *k = ae_kernels_nth (_i);
  enum
  {
    CHANNELS = 21,
    H = 3
  };

  for (int width = 1; width <= 19; width++)
    for (int f = 0; f < 2; f++)
      {
        Blocked src = blocked_new (k->vl, CHANNELS, width, H);
        float *values = filled ((size_t)(CHANNELS * width * H), (Fill)f, 7);
        Guarded sum = guarded_new ((size_t)(src.blocks * k->vl));

        blocked_set (&src, values);
        for (size_t i = 0; i < sum.n; i++)
          sum.data[i] = (float)i;
        k->channel_sum (sum.data, src.first, src.row, src.block, src.blocks, width, H);
        for (int ch = 0; ch < (int)sum.n; ch++)
          {
            double expected = ch, size = ch;

            for (int i = 0; ch < CHANNELS && i < width * H; i++)
              {
                expected += (double)values[ch * width * H + i];
                size += fabs ((double)values[ch * width * H + i]);
              }
            expect (fabs ((double)sum.data[ch] - expected)
                      <= (f == FILL_INTEGER ? 0 : 2 * width * H * (double)FLT_EPSILON * size),
                    "%s: width %d: sum of channel %d is %g, expected %g", k->name, width, ch,
                    (double)sum.data[ch], expected);
          }
        blocked_check (&src);
        guarded_free (&sum);
        free (values);
        blocked_free (&src);
      }
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("kernels-conv-grad");
  TCase *tc = tcase_create ("gradients");
  int n = n_tables ();

  tcase_set_timeout (tc, 300);
  tcase_add_loop_test (tc, test_channels, 0, n);
  tcase_add_loop_test (tc, test_sizes, 0, n);
  tcase_add_loop_test (tc, test_division, 0, n);
  tcase_add_loop_test (tc, test_channel_sum, 0, n);
  suite_add_tcase (suite, tc);
  return run_suite (suite);
}
