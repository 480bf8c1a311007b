/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* bench-kernels.c - ae-bench kernels: speed of single kernels against the peak of the ISA. */

#include "bench.h"

#include <stdlib.h>
#include <string.h>

typedef enum
{
  CONV_3X3,
  CONV_WINOGRAD, /* 3x3 */
  CONV_1X1,
  CONV_DOWN, /* 2x2 stride 2 */
  CONV_UP,   /* transposed 2x2 stride 2 */
  GRAD_3X3,
  GRAD_WINOGRAD, /* 3x3 by conv_grad_winograd () */
  GRAD_1X1,
  GRAD_DOWN,
  PACK,
  UNPACK,
  UNSHUFFLE, /* by 2 */
  SHUFFLE,
  MAX_POOL,
  ADD,
  RELU_GRAD,
  N_KINDS
} Kind;

static const struct
{
  const char *name;
  int taps; /* 0: counts bytes, not FLOPs */
} kinds[N_KINDS] = {
  [CONV_3X3] = { "conv3x3", 9 },
  [CONV_WINOGRAD] = { "winograd3x3", 9 },
  [CONV_1X1] = { "conv1x1", 1 },
  [CONV_DOWN] = { "conv2x2s2", 4 },
  [CONV_UP] = { "transposed2x2", 4 },
  [GRAD_3X3] = { "grad3x3", 9 },
  [GRAD_WINOGRAD] = { "winograd-grad3x3", 9 },
  [GRAD_1X1] = { "grad1x1", 1 },
  [GRAD_DOWN] = { "grad2x2s2", 4 },
  [PACK] = { "pack", 0 },
  [UNPACK] = { "unpack", 0 },
  [UNSHUFFLE] = { "pixel_unshuffle", 0 },
  [SHUFFLE] = { "pixel_shuffle", 0 },
  [MAX_POOL] = { "max_pool", 0 },
  [ADD] = { "add", 0 },
  [RELU_GRAD] = { "relu_grad", 0 },
};

/* in, out: channels; width x height of the smaller picture where two sizes take part. */
typedef struct
{
  Kind kind;
  int in, out, width, height;
} Case;

static const Case cases[] = {
  { CONV_3X3, 32, 32, 256, 256 },
  { CONV_3X3, 48, 48, 256, 256 },
  { CONV_3X3, 64, 64, 256, 256 },
  { CONV_3X3, 96, 96, 128, 128 },
  { CONV_3X3, 128, 128, 64, 64 },
  { CONV_3X3, 192, 192, 64, 64 },
  { CONV_3X3, 16, 16, 256, 256 },
  { CONV_3X3, 16, 32, 256, 256 },
  { CONV_3X3, 13, 32, 256, 256 },
  { CONV_3X3, 32, 12, 256, 256 },
  { CONV_3X3, 48, 12, 256, 256 },
  { CONV_3X3, 4, 32, 256, 256 },
  { CONV_3X3, 32, 32, 1024, 256 },
  { CONV_WINOGRAD, 16, 16, 256, 256 },
  { CONV_WINOGRAD, 32, 32, 256, 256 },
  { CONV_WINOGRAD, 48, 48, 256, 256 },
  { CONV_WINOGRAD, 64, 64, 256, 256 },
  { CONV_WINOGRAD, 128, 128, 64, 64 },
  { CONV_WINOGRAD, 192, 192, 64, 64 },
  { CONV_1X1, 32, 32, 256, 256 },
  { CONV_1X1, 64, 64, 256, 256 },
  { CONV_DOWN, 16, 32, 128, 128 },
  { CONV_DOWN, 32, 64, 128, 128 },
  { CONV_DOWN, 64, 96, 64, 64 },
  { CONV_UP, 32, 16, 128, 128 },
  { CONV_UP, 64, 32, 128, 128 },
  { CONV_UP, 96, 64, 64, 64 },
  /* as in training: small planes */
  { CONV_3X3, 32, 32, 48, 48 },
  { CONV_3X3, 64, 64, 24, 24 },
  { CONV_3X3, 96, 96, 12, 12 },
  { GRAD_3X3, 16, 16, 96, 96 },
  { GRAD_3X3, 13, 32, 48, 48 },
  { GRAD_3X3, 32, 12, 48, 48 },
  { GRAD_3X3, 32, 32, 48, 48 },
  { GRAD_3X3, 48, 48, 48, 48 },
  { GRAD_3X3, 64, 64, 24, 24 },
  { GRAD_3X3, 96, 96, 12, 12 },
  { GRAD_3X3, 128, 128, 12, 12 },
  { GRAD_WINOGRAD, 16, 16, 96, 96 },
  { GRAD_WINOGRAD, 32, 32, 48, 48 },
  { GRAD_WINOGRAD, 48, 48, 48, 48 },
  { GRAD_WINOGRAD, 64, 64, 24, 24 },
  { GRAD_WINOGRAD, 96, 96, 12, 12 },
  { GRAD_WINOGRAD, 128, 128, 12, 12 },
  { GRAD_1X1, 64, 64, 24, 24 },
  { GRAD_DOWN, 32, 64, 24, 24 },
  { PACK, 4, 4, 256, 256 },
  { PACK, 32, 32, 256, 256 },
  { UNPACK, 32, 32, 256, 256 },
  { UNSHUFFLE, 3, 12, 256, 256 },
  { SHUFFLE, 12, 3, 256, 256 },
  { MAX_POOL, 32, 32, 128, 128 },
  { ADD, 32, 32, 128, 128 },
  { RELU_GRAD, 32, 32, 128, 128 },
};

/* One thread's buffers for a case.  src and dst are blocked with border, or planar (no border). */
typedef struct
{
  const AeKernels *k;
  Case c;
  float *src, *dst, *third, *weights, *bias;
  size_t src_row, src_block, dst_row, dst_block, set;
  size_t n;    /* floats of a blocked interior, for the elementwise kernels */
  double work; /* FLOPs or bytes of a call */
} Problem;

static float *
new_floats (size_t n, guint32 seed)
{
  float *data = g_aligned_alloc (n + 32, sizeof (float), 64);

  /* small values of both signs: no denormals, nothing overflows in sums */
  for (size_t i = 0; i < n + 32; i++)
    {
      seed = seed * 1664525u + 1013904223u;
      data[i] = (float)(seed >> 8) / 16777216.0f - 0.5f;
    }
  return data;
}

static int
blocks_of (const AeKernels *k, int channels)
{
  return (channels + k->vl - 1) / k->vl;
}

static size_t
blocked_size (const AeKernels *k, int channels, int width, int height, size_t *row, size_t *block)
{
  *row = (size_t)(width + 2) * (size_t)k->vl;
  *block = *row * (size_t)(height + 2);
  return *block * (size_t)blocks_of (k, channels);
}

/* In place of those of conv (); the scratch is the third buffer. */
static void
pack_winograd (Problem *p, const float *w)
{
  const AeKernels *k = p->k;
  const int in = p->c.in, out = p->c.out;
  float *room = new_floats (3 * (size_t)(in * out), 7);

  g_aligned_free (p->weights);
  p->weights = new_floats (ae_winograd_packed_size (k, in, out), 4);
  p->third = new_floats (k->winograd_scratch (in, blocks_of (k, out)), 6);
  ae_winograd_pack (k, p->weights, w, in * 9, 9, 1, in, out, room);
  g_aligned_free (room);
}

static Problem *
problem_new (const AeKernels *k, const Case *c)
{
  Problem *p = g_new0 (Problem, 1);
  gboolean src_planar = c->kind == PACK || c->kind == UNSHUFFLE;
  gboolean dst_planar = c->kind == UNPACK || c->kind == SHUFFLE;
  int src_scale = c->kind == CONV_DOWN || c->kind == GRAD_DOWN || c->kind == UNSHUFFLE || c->kind == MAX_POOL;
  int dst_scale = c->kind == CONV_UP || c->kind == SHUFFLE;
  int sw = c->width << src_scale, sh = c->height << src_scale;
  int dw = c->width << dst_scale, dh = c->height << dst_scale;
  int taps = kinds[c->kind].taps;
  size_t src_size, dst_size;

  p->k = k;
  p->c = *c;
  if (src_planar)
    {
      p->src_row = (size_t)sw;
      p->src_block = p->src_row * (size_t)sh;
      src_size = p->src_block * (size_t)c->in;
    }
  else
    src_size = blocked_size (k, c->in, sw, sh, &p->src_row, &p->src_block);
  if (dst_planar)
    {
      p->dst_row = (size_t)dw;
      p->dst_block = p->dst_row * (size_t)dh;
      dst_size = p->dst_block * (size_t)c->out;
    }
  else
    dst_size = blocked_size (k, c->out, dw, dh, &p->dst_row, &p->dst_block);
  p->src = new_floats (src_size, 1);
  p->dst = new_floats (dst_size, 2);
  p->n = (size_t)c->width * (size_t)c->height * (size_t)(blocks_of (k, c->out) * k->vl);
  if (taps)
    {
      int one = c->kind == CONV_UP ? 1 : taps;
      float *w = new_floats ((size_t)(c->in * c->out * taps), 3);

      p->set = k->conv_packed_size (c->in, c->out, one);
      /* for a gradient: the result [in][taps][out], by Winograd's algorithm twice as many */
      p->weights = new_floats (
        MAX (p->set * (size_t)(taps / one), (size_t)(c->in * 2 * taps * blocks_of (k, c->out) * k->vl)), 4);
      for (int t = 0; t < taps / one; t++)
        k->conv_pack (p->weights + (size_t)t * p->set, w + t, c->in * taps, taps, 1, c->in, c->out, one);
      if (c->kind == CONV_WINOGRAD)
        pack_winograd (p, w);
      if (c->kind == GRAD_WINOGRAD)
        p->third = new_floats (k->winograd_grad_scratch (c->in, blocks_of (k, c->out)), 6);
      g_aligned_free (w);
      p->bias = new_floats ((size_t)(blocks_of (k, c->out) * k->vl), 5);
      p->work = 2.0 * c->in * c->out * taps * c->width * c->height;
    }
  else if (c->kind == ADD || c->kind == RELU_GRAD)
    {
      p->third = new_floats (p->n, 6);
      p->work = 3.0 * (double)p->n * sizeof (float);
    }
  else
    p->work = ((double)c->in * sw * sh + (double)c->out * dw * dh) * sizeof (float);
  return p;
}

static void
problem_free (Problem *p)
{
  g_aligned_free (p->src);
  g_aligned_free (p->dst);
  g_aligned_free (p->third);
  g_aligned_free (p->weights);
  g_aligned_free (p->bias);
  g_free (p);
}

static AeConv
conv_args (const Problem *p)
{
  const AeKernels *k = p->k;
  ptrdiff_t row = (ptrdiff_t)p->src_row, vl = k->vl;
  AeConv a = {
    .dst = p->dst + p->dst_row + vl,
    .dst_row = p->dst_row,
    .dst_block = p->dst_block,
    .dst_step = 1,
    .src = p->src + p->src_row + vl,
    .src_row = p->src_row,
    .src_block = p->src_block,
    .src_step = 1,
    .weights = p->weights,
    .bias = p->bias,
    .in_channels = p->c.in,
    .out_blocks = blocks_of (k, p->c.out),
    .taps = kinds[p->c.kind].taps,
    .width = p->c.width,
    .height = p->c.height,
    .act = AE_ACT_RELU,
  };

  if (a.taps == 9)
    for (int t = 0; t < 9; t++)
      a.tap[t] = (t / 3 - 1) * row + (t % 3 - 1) * vl;
  if (p->c.kind == CONV_DOWN || p->c.kind == GRAD_DOWN)
    {
      for (int t = 0; t < 4; t++)
        a.tap[t] = t / 2 * row + t % 2 * vl;
      a.src_row *= 2;
      a.src_step = 2;
    }
  return a;
}

static void
run_conv_up (const Problem *p)
{
  AeConv a = conv_args (p);
  float *dst = a.dst;

  a.taps = 1;
  a.dst_step = 2;
  a.dst_row *= 2;
  for (int t = 0; t < 4; t++)
    {
      a.dst = dst + (size_t)(t / 2) * p->dst_row + (size_t)(t % 2 * p->k->vl);
      a.weights = p->weights + (size_t)t * p->set;
      p->k->conv (&a);
    }
}

static void
run_grad (const Problem *p)
{
  AeConv conv = conv_args (p);
  AeConvGrad a = {
    .dw = p->weights,
    .dw_row = (size_t)(conv.out_blocks * p->k->vl),
    .ddst = conv.dst,
    .ddst_row = conv.dst_row,
    .ddst_block = conv.dst_block,
    .ddst_step = 1,
    .src = conv.src,
    .src_row = conv.src_row,
    .src_block = conv.src_block,
    .src_step = conv.src_step,
    .in_channels = conv.in_channels,
    .out_blocks = conv.out_blocks,
    .taps = conv.taps,
    .width = conv.width,
    .height = conv.height,
  };

  memcpy (a.tap, conv.tap, sizeof a.tap);
  if (p->c.kind == GRAD_WINOGRAD)
    p->k->conv_grad_winograd (&a, p->third);
  else
    p->k->conv_grad (&a);
}

static void
run (gpointer data)
{
  const Problem *p = data;
  const AeKernels *k = p->k;
  const Case *c = &p->c;
  float *src = p->src + p->src_row + k->vl, *dst = p->dst + p->dst_row + k->vl; /* where blocked */
  AeConv a;

  switch (c->kind)
    {
    case CONV_3X3:
    case CONV_1X1:
    case CONV_DOWN:
      a = conv_args (p);
      k->conv (&a);
      break;
    case CONV_WINOGRAD:
      a = conv_args (p);
      k->conv_winograd (&a, 0, p->third);
      break;
    case CONV_UP:
      run_conv_up (p);
      break;
    case GRAD_3X3:
    case GRAD_WINOGRAD:
    case GRAD_1X1:
    case GRAD_DOWN:
      run_grad (p);
      break;
    case PACK:
      k->pack (dst, p->dst_row, p->dst_block, p->src, p->src_row, p->src_block, c->in, c->width, c->height);
      break;
    case UNPACK:
      k->unpack (p->dst, p->dst_row, p->dst_block, src, p->src_row, p->src_block, c->in, c->width, c->height);
      break;
    case UNSHUFFLE:
      k->pixel_unshuffle (dst, p->dst_row, p->dst_block, p->src, p->src_row, p->src_block, 2, c->in, c->width,
                          c->height);
      break;
    case SHUFFLE:
      k->pixel_shuffle (p->dst, p->dst_row, p->dst_block, src, p->src_row, p->src_block, NULL, 2, c->out,
                        c->width, c->height);
      break;
    case MAX_POOL:
      k->max_pool2 (dst, p->dst_row, p->dst_block, src, p->src_row, p->src_block, blocks_of (k, c->out),
                    c->width, c->height);
      break;
    case ADD:
      k->add (p->dst, p->src, p->third, p->n);
      break;
    case RELU_GRAD:
      k->relu_grad (p->dst, p->src, p->third, 0, p->n);
      break;
    case N_KINDS:
      break;
    }
}

static gboolean
is_winograd (Kind kind)
{
  return kind == CONV_WINOGRAD || kind == GRAD_WINOGRAD;
}

/* Calls per second. */
static double
measure (const AeKernels *k, const Case *c, int threads, double seconds, double *work)
{
  gpointer *problems = g_new0 (gpointer, threads);
  double rate;

  for (int i = 0; i < threads; i++)
    problems[i] = problem_new (k, c);
  *work = ((Problem *)problems[0])->work;
  rate = bench_rate (run, problems, threads, seconds);
  for (int i = 0; i < threads; i++)
    problem_free (problems[i]);
  g_free (problems);
  return rate;
}

static char *
case_name (const Case *c)
{
  return g_strdup_printf ("%s %d->%d %dx%d", kinds[c->kind].name, c->in, c->out, c->width, c->height);
}

static void
bench_table (const AeKernels *k, const char *filter, int threads, double seconds, JsonBuilder *json)
{
  double peak = bench_peak (k, threads);

  if (json)
    {
      json_builder_begin_object (json);
      json_builder_set_member_name (json, "isa");
      json_builder_add_string_value (json, k->name);
      json_builder_set_member_name (json, "threads");
      json_builder_add_int_value (json, threads);
      json_builder_set_member_name (json, "peak_gflops");
      json_builder_add_double_value (json, peak);
      json_builder_set_member_name (json, "kernels");
      json_builder_begin_array (json);
    }
  else
    g_print ("%s: peak %.1f GFLOP/s, %d thread%s\n", k->name, peak, threads, threads == 1 ? "" : "s");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean flops = kinds[cases[i].kind].taps > 0;
      char *name = case_name (&cases[i]);
      double work, rate;

      if ((!filter || strstr (name, filter)) && (!is_winograd (cases[i].kind) || k->conv_winograd))
        {
          rate = measure (k, &cases[i], threads, seconds, &work) * work * 1e-9;
          if (json)
            {
              json_builder_begin_object (json);
              json_builder_set_member_name (json, "name");
              json_builder_add_string_value (json, name);
              json_builder_set_member_name (json, flops ? "gflops" : "gbytes");
              json_builder_add_double_value (json, rate);
              if (flops && peak > 0)
                {
                  json_builder_set_member_name (json, "of_peak");
                  json_builder_add_double_value (json, rate / peak);
                }
              json_builder_end_object (json);
            }
          else if (flops && peak > 0)
            g_print ("  %-30s %8.1f GFLOP/s %6.1f %%\n", name, rate, 100 * rate / peak);
          else
            g_print ("  %-30s %8.1f %s\n", name, rate, flops ? "GFLOP/s" : "GB/s");
        }
      g_free (name);
    }
  if (json)
    {
      json_builder_end_array (json);
      json_builder_end_object (json);
    }
}

int
bench_kernels (int argc, char **argv)
{
  char *filter = NULL, *isa = NULL;
  gboolean as_json = FALSE;
  int threads = 1;
  double seconds = 0.25;
  GOptionEntry entries[] = {
    { "filter", 'f', 0, G_OPTION_ARG_STRING, &filter, "Only kernels whose name contains TEXT", "TEXT" },
    { "isa", 'i', 0, G_OPTION_ARG_STRING, &isa, "Only this table (c, sse2, avx2, avx512, neon)", "NAME" },
    { "threads", 't', 0, G_OPTION_ARG_INT, &threads, "Run in N threads at the same time, each its own data",
      "N" },
    { "time", 's', 0, G_OPTION_ARG_DOUBLE, &seconds, "Time for each kernel", "SECONDS" },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &as_json, "Write JSON", NULL },
    { NULL },
  };
  GOptionContext *context = g_option_context_new ("- measure kernels against the peak of the CPU");
  GError *error = NULL;
  JsonBuilder *json = NULL;
  const AeKernels *k;
  int found = 0;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("ae-bench: %s\n", error->message);
      g_error_free (error);
      g_option_context_free (context);
      return EXIT_FAILURE;
    }
  g_option_context_free (context);
  if (argc > 1 || threads < 1 || threads > 1024 || !(seconds > 0 && seconds <= 3600))
    {
      if (argc > 1)
        g_printerr ("ae-bench: unexpected argument \"%s\"\n", argv[1]);
      else if (threads < 1 || threads > 1024)
        g_printerr ("ae-bench: --threads %d: expected 1 to 1024\n", threads);
      else
        g_printerr ("ae-bench: --time %g: expected more than 0 and at most 3600 seconds\n", seconds);
      g_free (filter);
      g_free (isa);
      return EXIT_FAILURE;
    }
  if (as_json)
    json = json_builder_begin_array (json_builder_new ());
  /* the scalar table is for tests: only when asked for */
  for (int n = 0; (k = ae_kernels_nth (n)); n++)
    if (isa ? !strcmp (isa, k->name) : n > 0)
      {
        bench_table (k, filter, threads, seconds, json);
        found++;
      }
  if (json)
    {
      if (found)
        bench_print_json (json_builder_end_array (json));
      g_object_unref (json);
    }
  if (!found)
    g_printerr ("ae-bench: --isa %s: this CPU runs no such kernels\n", isa ? isa : "(vector)");
  g_free (filter);
  g_free (isa);
  return found ? EXIT_SUCCESS : EXIT_FAILURE;
}
