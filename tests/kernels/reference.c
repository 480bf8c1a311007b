/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* reference.c - convolutions in double on dense planar data, and calls of the kernels on the same data. */

#include "reference.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct
{
  const char *name;
  int taps;
} kinds[N_KINDS] = {
  [KIND_3X3] = { "3x3", 9 },
  [KIND_1X1] = { "1x1", 1 },
  [KIND_DOWN] = { "2x2 down", 4 },
  [KIND_UP] = { "2x2 up", 4 },
};

Problem
problem_new (const Case *c)
{
  Problem p = { .c = *c, .taps = kinds[c->kind].taps };

  if (c->kind == KIND_UP)
    {
      p.c.width += c->width % 2;
      p.c.height += c->height % 2;
    }
  p.in_width = c->kind == KIND_DOWN ? p.c.width * 2 : c->kind == KIND_UP ? p.c.width / 2 : p.c.width;
  p.in_height = c->kind == KIND_DOWN ? p.c.height * 2 : c->kind == KIND_UP ? p.c.height / 2 : p.c.height;
  p.in = filled ((size_t)(c->in_channels * p.in_width * p.in_height), c->fill, 1);
  p.weights = filled ((size_t)(c->out_channels * c->in_channels * p.taps), c->fill, 2);
  p.bias = filled ((size_t)c->out_channels, c->fill, 3);
  p.slope = filled ((size_t)c->out_channels, c->fill, 4);
  p.addend = filled (problem_out_size (&p), c->fill, 5);
  return p;
}

void
problem_free (Problem *p)
{
  free (p->in);
  free (p->weights);
  free (p->bias);
  free (p->slope);
  free (p->addend);
}

size_t
problem_out_size (const Problem *p)
{
  return (size_t)(p->c.out_channels * p->c.width * p->c.height);
}

const char *
problem_name (const Problem *p)
{
  static char name[128];

  snprintf (name, sizeof name, "%s %d->%d %dx%d bias %d act %d add %d fill %d", kinds[p->c.kind].name,
            p->c.in_channels, p->c.out_channels, p->c.width, p->c.height, p->c.bias, p->c.act, p->c.add,
            p->c.fill);
  return name;
}

bool
tap_source (const Problem *p, int t, int y, int x, int *sy, int *sx)
{
  switch (p->c.kind)
    {
    case KIND_3X3:
      *sy = y + t / 3 - 1;
      *sx = x + t % 3 - 1;
      return *sy >= 0 && *sy < p->in_height && *sx >= 0 && *sx < p->in_width;
    case KIND_DOWN:
      *sy = y * 2 + t / 2;
      *sx = x * 2 + t % 2;
      return true;
    case KIND_UP:
      *sy = y / 2;
      *sx = x / 2;
      return t == y % 2 * 2 + x % 2;
    case KIND_1X1:
    case N_KINDS:
      break;
    }
  *sy = y;
  *sx = x;
  return true;
}

static double
activate (const Problem *p, int o, double v)
{
  switch (p->c.act)
    {
    case AE_ACT_RELU:
      return v > 0 ? v : 0;
    case AE_ACT_LEAKY:
      return v > 0 ? v : v * (double)p->slope[0];
    case AE_ACT_PRELU:
      return v > 0 ? v : v * (double)p->slope[o];
    case AE_ACT_SIGMOID:
      return 1 / (1 + exp (-v));
    case AE_ACT_NONE:
      break;
    }
  return v;
}

void
reference_conv (const Problem *p, double *out, double *size)
{
  for (int o = 0; o < p->c.out_channels; o++)
    for (int y = 0; y < p->c.height; y++)
      for (int x = 0; x < p->c.width; x++)
        {
          size_t at = (size_t)((o * p->c.height + y) * p->c.width + x);
          double sum = p->c.bias ? (double)p->bias[o] : 0;
          double abs_sum = fabs (sum);
          int sy, sx;

          for (int i = 0; i < p->c.in_channels; i++)
            for (int t = 0; t < p->taps; t++)
              if (tap_source (p, t, y, x, &sy, &sx))
                {
                  double product = (double)p->weights[(o * p->c.in_channels + i) * p->taps + t]
                                   * (double)p->in[(i * p->in_height + sy) * p->in_width + sx];

                  sum += product;
                  abs_sum += fabs (product);
                }
          out[at] = activate (p, o, sum);
          if (p->c.add != ADD_NONE)
            {
              out[at] += (double)p->addend[at];
              abs_sum += fabs ((double)p->addend[at]);
            }
          size[at] = abs_sum + (p->c.act == AE_ACT_SIGMOID);
        }
}

AeConv
conv_args (const Problem *p, const Blocked *dst, const Blocked *src, int t)
{
  ptrdiff_t row = (ptrdiff_t)src->row, vl = src->vl;
  AeConv a = {
    .dst = dst->first,
    .dst_row = dst->row,
    .dst_block = dst->block,
    .dst_step = 1,
    .src = src->first,
    .src_row = src->row,
    .src_block = src->block,
    .src_step = 1,
    .in_channels = p->c.in_channels,
    .out_blocks = dst->blocks,
    .taps = p->taps,
    .width = dst->width,
    .height = dst->height,
    .act = p->c.act,
  };

  switch (p->c.kind)
    {
    case KIND_3X3:
      for (int i = 0; i < 9; i++)
        a.tap[i] = (i / 3 - 1) * row + (i % 3 - 1) * vl;
      break;
    case KIND_DOWN:
      for (int i = 0; i < 4; i++)
        a.tap[i] = i / 2 * row + i % 2 * vl;
      a.src_step = 2;
      a.src_row *= 2;
      break;
    case KIND_UP:
      a.taps = 1;
      a.dst += t / 2 * (ptrdiff_t)dst->row + t % 2 * vl;
      a.dst_step = 2;
      a.dst_row *= 2;
      a.width /= 2;
      a.height /= 2;
      break;
    case KIND_1X1:
    case N_KINDS:
      break;
    }
  return a;
}

/* Padded per-channel parameters, guarded. */
static Guarded
padded (const float *values, int n, int vl)
{
  Guarded g = guarded_new ((size_t)((n + vl - 1) / vl * vl));

  memcpy (g.data, values, (size_t)n * sizeof (float));
  return g;
}

void
table_conv (const AeKernels *k, const Problem *p, float *out)
{
  Blocked src = blocked_new (k->vl, p->c.in_channels, p->in_width, p->in_height);
  Blocked dst = blocked_new (k->vl, p->c.out_channels, p->c.width, p->c.height);
  Blocked other = blocked_new (k->vl, p->c.out_channels, p->c.width, p->c.height);
  Guarded bias = padded (p->bias, p->c.out_channels, k->vl);
  Guarded slope = padded (p->slope, p->c.out_channels, k->vl);
  int sets = p->c.kind == KIND_UP ? 4 : 1;
  int set_taps = p->taps / sets;
  Guarded weights[4];

  blocked_set (&src, p->in);
  if (p->c.add != ADD_NONE)
    blocked_set (p->c.add == ADD_SELF ? &dst : &other, p->addend);
  for (int t = 0; t < sets; t++)
    {
      AeConv a = conv_args (p, &dst, &src, t);
      const Blocked *add = p->c.add == ADD_SELF ? &dst : &other;

      weights[t] = guarded_new (k->conv_packed_size (p->c.in_channels, p->c.out_channels, set_taps));
      k->conv_pack (weights[t].data, p->weights + t, p->c.in_channels * p->taps, p->taps, 1, p->c.in_channels,
                    p->c.out_channels, set_taps);
      guarded_check (&weights[t]);
      a.weights = weights[t].data;
      a.bias = p->c.bias ? bias.data : NULL;
      a.slope = p->c.act == AE_ACT_LEAKY || p->c.act == AE_ACT_PRELU ? slope.data : NULL;
      a.add = p->c.add == ADD_NONE ? NULL : add->first + (a.dst - dst.first);
      k->conv (&a);
    }
  blocked_get (&dst, out);
  if (p->c.act != AE_ACT_SIGMOID) /* of 0 it is 1/2: in spare lanes too */
    blocked_check (&dst);
  blocked_check (&src);
  for (int t = 0; t < sets; t++)
    guarded_free (&weights[t]);
  guarded_free (&bias);
  guarded_free (&slope);
  blocked_free (&other);
  blocked_free (&dst);
  blocked_free (&src);
}
