/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* bench-network.c - ae-bench network: speed of a whole model, and of each of its steps. */

#include "bench.h"

#include <ae/session.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "src/program.h"

typedef struct
{
  int width, height, threads, memory, tile, repeats;
  gboolean steps;
} Options;

static double
seconds_of (clockid_t clock)
{
  struct timespec t;

  clock_gettime (clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* A picture that costs nothing to read or write, of values without denormals. */
static gboolean
read_planes (const AeRect *rect, float *planes, gpointer data, GError **error)
{
  const int channels = *(const int *)data;
  const size_t n = (size_t)rect->width * (size_t)rect->height * (size_t)channels;

  for (size_t i = 0; i < n; i++)
    planes[i] = (float)(i % 251) / 256;
  return TRUE;
}

static gboolean
write_planes (const AeRect *rect, const float *planes, gpointer data, GError **error)
{
  return TRUE;
}

/* The picture input, whatever it is. */
static int
channels_of (const AeGraph *graph)
{
  return ae_graph_find_input (graph, AE_PLANES_RGB) >= 0 ? 3 : 1;
}

static gboolean
time_session (AeModel *model, const Options *o, GError **error)
{
  const AeSessionOptions options
    = { .threads = o->threads, .max_memory = (guint64)o->memory << 20, .tile = o->tile };
  g_autoptr (AeSession) session = ae_session_new (model, &options, error);
  int channels = channels_of (ae_model_graph (model));
  const AeRun run = { .width = o->width,
                      .height = o->height,
                      .sigma = 25,
                      .read = read_planes,
                      .write = write_planes,
                      .data = &channels };
  const double pixels = (double)o->width * o->height;
  double wall = G_MAXDOUBLE, cpu = G_MAXDOUBLE;

  if (!session)
    return FALSE;
  for (int i = 0; i < o->repeats; i++)
    {
      double wall_start = seconds_of (CLOCK_MONOTONIC), cpu_start = seconds_of (CLOCK_PROCESS_CPUTIME_ID);

      if (!ae_session_run (session, &run, error))
        return FALSE;
      wall = MIN (wall, seconds_of (CLOCK_MONOTONIC) - wall_start);
      cpu = MIN (cpu, seconds_of (CLOCK_PROCESS_CPUTIME_ID) - cpu_start);
    }
  g_print (
    "  %d x %d: %.3f s, %.3f s of processor time; %.2f MP/s, %.1f GFLOP/s without what surrounds tiles\n"
    "  memory for tiles: %.1f MiB\n",
    o->width, o->height, wall, cpu, pixels / wall * 1e-6,
    2e-9 * ae_graph_macs (ae_model_graph (model)) * pixels / wall,
    (double)ae_session_memory (session, o->width, o->height) / (1 << 20));
  return TRUE;
}

/* Multiply-adds of a step on these buffers. */
static double
macs_of (const AeStep *step, const AeBuffer *buffers)
{
  const AeBuffer *dst = &buffers[step->dst], *src = &buffers[step->src[0]];
  double values = (double)dst->width * dst->height * dst->channels;

  if (step->kind != AE_STEP_NODE)
    return 0;
  if (step->node->op == AE_OP_CONV)
    return values * src->channels * step->node->kernel * step->node->kernel;
  if (step->node->op == AE_OP_CONV_TRANSPOSE)
    return values * src->channels;
  return 0;
}

static double
bytes_of (const AeStep *step, const AeBuffer *buffers)
{
  double bytes = (double)buffers[step->dst].image;

  for (int s = 0; s < step->n_src; s++)
    bytes += (double)buffers[step->src[s]].image;
  if (step->add >= 0)
    bytes += (double)buffers[step->add].image;
  return bytes * sizeof (float);
}

/* Each step of the program on the whole picture, by one thread, with memory of its own for each value. */
static gboolean
time_steps (AeModel *model, const Options *o, GError **error)
{
  AeGraph *graph = ae_model_graph (model);
  const int a = ae_graph_alignment (graph), halo = (ae_graph_halo (graph) + a - 1) / a * a;
  AeProgram *program = ae_program_new (graph, ae_kernels_get (), TRUE);
  AeBuffer *buffers = g_new (AeBuffer, program->n_values);
  float **memory = g_new0 (float *, program->n_values);
  double total = 0;

  /* weights as they are matter little to the time; zeros would do, but for denormals */
  if (ae_graph_n_params (graph))
    ae_program_set_params (program, ae_model_param (model, 0));
  ae_program_layout (program, (o->width + a - 1) / a * a + 2 * halo, (o->height + a - 1) / a * a + 2 * halo,
                     buffers);
  for (int i = 0; i < program->n_values; i++)
    {
      memory[i] = g_aligned_alloc0 (buffers[i].image, sizeof (float), 64);
      for (size_t n = 0; program->values[i].first < 0 && n < buffers[i].image; n++)
        memory[i][n] = (float)(n % 251) / 256;
      ae_buffer_place (&buffers[i], memory[i]);
    }
  for (int i = 0; i < program->n_steps; i++)
    {
      const AeStep *step = &program->steps[i];
      const AeBuffer *dst = &buffers[step->dst];
      const char *op = step->kind == AE_STEP_PACK     ? "pack"
                       : step->kind == AE_STEP_UNPACK ? "unpack"
                                                      : ae_op_name (step->node->op);
      double best = G_MAXDOUBLE;

      for (int r = 0; r < o->repeats; r++)
        {
          double start = seconds_of (CLOCK_THREAD_CPUTIME_ID);

          ae_program_run_step (program, i, buffers, 0, 0, dst->height);
          best = MIN (best, seconds_of (CLOCK_THREAD_CPUTIME_ID) - start);
        }
      total += best;
      g_print ("  %-16s %-16s %4d -> %-4d %5d x %-5d %8.2f ms %7.1f GFLOP/s %6.1f GB/s\n",
               ae_graph_node (graph, program->values[step->dst].node)->name, op,
               buffers[step->src[0]].channels, dst->channels, dst->width, dst->height, best * 1e3,
               2e-9 * macs_of (step, buffers) / best, 1e-9 * bytes_of (step, buffers) / best);
    }
  g_print ("  all steps, one thread: %.3f s of processor time\n", total);
  for (int i = 0; i < program->n_values; i++)
    g_aligned_free (memory[i]);
  g_free (memory);
  g_free (buffers);
  ae_program_free (program);
  return TRUE;
}

static gboolean
bench_model (const char *path, const Options *o)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AeModel) model = ae_model_load (path, &error);

  if (model)
    g_print ("%s: %.1f kMAC/px, %s kernels\n", path, ae_graph_macs (ae_model_graph (model)) / 1000,
             ae_kernels_get ()->name);
  if (!model || !time_session (model, o, &error) || (o->steps && !time_steps (model, o, &error)))
    {
      g_printerr ("ae-bench: %s\n", error->message);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_options (const Options *o, const char *size)
{
  if (size && (o->width < 1 || o->height < 1 || o->width > 65536 || o->height > 65536))
    g_printerr ("ae-bench: --size %s: expected WIDTHxHEIGHT, 1 to 65536 each\n", size);
  else if (o->memory < 0 || o->tile < 0)
    g_printerr ("ae-bench: --max-memory %d --tile %d: expected 0 (the default) or more\n", o->memory,
                o->tile);
  else if (o->repeats < 1)
    g_printerr ("ae-bench: --repeats %d: expected 1 or more\n", o->repeats);
  else
    return TRUE;
  return FALSE;
}

int
bench_network (int argc, char **argv)
{
  Options o = { .width = 1024, .height = 1024, .repeats = 3 };
  g_autofree char *size = NULL;
  GOptionEntry entries[] = {
    { "size", 0, 0, G_OPTION_ARG_STRING, &size, "Size of the picture (1024x1024)", "WIDTHxHEIGHT" },
    { "threads", 't', 0, G_OPTION_ARG_INT, &o.threads, "Use N threads (0: one per CPU)", "N" },
    { "max-memory", 'm', 0, G_OPTION_ARG_INT, &o.memory, "Memory for tiles (0: 1024)", "MIB" },
    { "tile", 0, 0, G_OPTION_ARG_INT, &o.tile, "Tiles of at most N pixels with what surrounds them", "N" },
    { "repeats", 'r', 0, G_OPTION_ARG_INT, &o.repeats, "Take the best of N runs (3)", "N" },
    { "steps", 's', 0, G_OPTION_ARG_NONE, &o.steps, "Time each step too", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("MODEL... - measure whole models");
  g_autoptr (GError) error = NULL;
  char rest;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("ae-bench: %s\n", error->message);
      return EXIT_FAILURE;
    }
  if (size && sscanf (size, "%dx%d%c", &o.width, &o.height, &rest) != 2)
    o.width = 0;
  if (!check_options (&o, size))
    return EXIT_FAILURE;
  if (argc < 2)
    {
      g_printerr ("ae-bench: no model given\n");
      return EXIT_FAILURE;
    }
  for (int i = 1; i < argc; i++)
    if (!bench_model (argv[i], &o))
      return EXIT_FAILURE;
  return EXIT_SUCCESS;
}
