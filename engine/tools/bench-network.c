/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* bench-network.c - ae-bench network: speed of whole models, run as the plug-in runs them. */

#include "bench-network.h"
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "src/session-private.h"

typedef struct
{
  int width, height, threads, memory, tile, repeats;
  AePrecision precision;
  gboolean steps, scaling, tiles, json;
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
  float pattern[251];

  for (size_t i = 0; i < G_N_ELEMENTS (pattern); i++)
    pattern[i] = (float)i / 256;
  for (size_t i = 0; i < n; i += G_N_ELEMENTS (pattern))
    memcpy (planes + i, pattern, MIN (n - i, G_N_ELEMENTS (pattern)) * sizeof (float));
  return TRUE;
}

static gboolean
write_planes (const AeRect *rect, const float *planes, gpointer data, GError **error)
{
  return TRUE;
}

static AeSession *
session_of (AeModel *model, const Options *o, GError **error)
{
  const AeSessionOptions options = {
    .threads = o->threads, .max_memory = (guint64)o->memory << 20, .tile = o->tile, .precision = o->precision
  };

  return ae_session_new (model, &options, error);
}

/* One run; part: all zero for the whole picture. */
static gboolean
run_once (AeSession *session, const Options *o, AeRect part, double *wall, double *cpu, GError **error)
{
  int channels = session->channels;
  const AeRun run = { .width = o->width,
                      .height = o->height,
                      .part = part,
                      .sigma = 25,
                      .read = read_planes,
                      .write = write_planes,
                      .data = &channels };
  double wall_start = seconds_of (CLOCK_MONOTONIC), cpu_start = seconds_of (CLOCK_PROCESS_CPUTIME_ID);

  if (!ae_session_run (session, &run, error))
    return FALSE;
  *wall = MIN (*wall, seconds_of (CLOCK_MONOTONIC) - wall_start);
  *cpu = MIN (*cpu, seconds_of (CLOCK_PROCESS_CPUTIME_ID) - cpu_start);
  return TRUE;
}

/* Multiply-adds of a step for one pixel of its result. */
static double
macs_of (const AeProgram *program, const AeStep *step)
{
  const AeValue *dst = &program->values[step->dst], *src = &program->values[step->src[0]];

  if (step->kind != AE_STEP_NODE)
    return 0;
  if (step->node->op == AE_OP_CONV)
    return (double)dst->channels * src->channels * step->node->kernel * step->node->kernel;
  if (step->node->op == AE_OP_CONV_TRANSPOSE)
    return (double)dst->channels * src->channels;
  return 0;
}

/* Values of this kind for each pixel of the picture. */
static double
density (const AeValue *value)
{
  return (double)value->up * value->up / ((double)value->down * value->down);
}

static double
bytes_of_value (const AeProgram *program, const AeValue *value)
{
  const AeKernels *k = program->kernels;
  double channel = value->blocked ? (double)sizeof (float) * k->pixel / k->vl : sizeof (float);

  return value->channels * density (value) * channel;
}

static double
bytes_of (const AeProgram *program, const AeStep *step)
{
  const AeValue *dst = &program->values[step->dst];
  double bytes = bytes_of_value (program, dst) * (step->add >= 0 ? 2 : 1);

  for (int s = 0; s < step->n_src; s++)
    bytes += bytes_of_value (program, &program->values[step->src[s]]);
  return bytes;
}

/* Multiply-adds of all tiles of a run, for each pixel of the picture. */
static gboolean
find_computed (const AeSession *session, const Options *o, double *computed, GError **error)
{
  const AeProgram *program = session->program;
  g_autofree AeWindow *windows = g_new (AeWindow, program->n_values);
  const AeRect whole = { 0, 0, o->width, o->height };
  AeTilePlan plan = { 0 };
  double sum = 0;

  if (!ae_tile_plan_init (&plan, session, session->max_memory, &whole, o->width, o->height, error))
    return FALSE;
  for (guint t = 0; t < plan.tiles->len; t++)
    {
      ae_windows_find (session, &g_array_index (plan.tiles, AeTile, t), windows);
      for (int i = 0; i < program->n_steps; i++)
        {
          const AeWindow *w = &windows[program->steps[i].dst];

          sum += macs_of (program, &program->steps[i]) * (w->x1 - w->x0) * (w->y1 - w->y0);
        }
    }
  ae_tile_plan_clear (&plan);
  *computed = sum / ((double)o->width * o->height);
  return TRUE;
}

static GArray *
list_steps (const AeSession *session, const Options *o)
{
  const AeProgram *program = session->program;
  const double pixels = (double)o->width * o->height;
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (BenchStep));

  for (int i = 0; i < program->n_steps; i++)
    {
      const AeStep *step = &program->steps[i];
      const AeValue *dst = &program->values[step->dst];
      const BenchStep result = {
        .name = ae_graph_node (program->graph, dst->node)->name,
        .op = step->kind == AE_STEP_PACK     ? "pack"
              : step->kind == AE_STEP_UNPACK ? "unpack"
                                             : ae_op_name (step->node->op),
        .in = program->values[step->src[0]].channels,
        .out = dst->channels,
        .macs = macs_of (program, step) * density (dst) * pixels,
        .bytes = bytes_of (program, step) * pixels,
        .seconds = G_MAXDOUBLE,
      };

      g_array_append_val (steps, result);
    }
  return steps;
}

static gboolean
time_runs (AeSession *session, const Options *o, BenchNetwork *n, GError **error)
{
  const int n_steps = session->program->n_steps;
  g_autofree guint64 *profile = g_new0 (guint64, n_steps);
  const AeRect whole = { 0 };

  n->wall = n->cpu = G_MAXDOUBLE;
  n->steps = list_steps (session, o);
  session->profile = profile;
  for (int r = 0; r < o->repeats; r++)
    {
      memset (profile, 0, (gsize)n_steps * sizeof *profile);
      if (!run_once (session, o, whole, &n->wall, &n->cpu, error))
        return FALSE;
      for (int i = 0; i < n_steps; i++)
        {
          BenchStep *step = &g_array_index (n->steps, BenchStep, i);

          step->seconds = MIN (step->seconds, (double)profile[i] * 1e-9);
        }
    }
  session->profile = NULL;
  return TRUE;
}

/* The same with other options; appends to `variants`. */
static gboolean
time_variant (AeModel *model, const Options *o, int value, GArray *variants, GError **error)
{
  g_autoptr (AeSession) session = session_of (model, o, error);
  BenchVariant variant = { .value = value, .seconds = G_MAXDOUBLE };
  const AeRect whole = { 0 };
  double cpu = G_MAXDOUBLE;

  if (!session || !find_computed (session, o, &variant.computed, error))
    return FALSE;
  variant.computed /= ae_graph_macs (ae_model_graph (model));
  for (int r = 0; r < o->repeats; r++)
    if (!run_once (session, o, whole, &variant.seconds, &cpu, error))
      return FALSE;
  g_array_append_val (variants, variant);
  return TRUE;
}

static gboolean
sweep_threads (AeModel *model, const Options *o, int most, GArray *variants, GError **error)
{
  Options other = *o;

  for (other.threads = 1; other.threads <= most; other.threads *= 2)
    if (!time_variant (model, &other, other.threads, variants, error))
      return FALSE;
  return TRUE;
}

static gboolean
sweep_tiles (const AeSession *session, const Options *o, GArray *variants, GError **error)
{
  const int least = ae_session_least_tile (session);
  Options other = *o;

  for (other.tile = 128; other.tile <= 4096; other.tile *= 2)
    if (other.tile > least && !time_variant (ae_session_model (session), &other, other.tile, variants, error))
      return FALSE;
  return TRUE;
}

static gboolean
measure (const char *path, const Options *o, BenchNetwork *n, AeModel **model, AeSession **session,
         GError **error)
{
  const AeRect first = { (o->width - MIN (o->width, 512)) / 2, (o->height - MIN (o->height, 512)) / 2,
                         MIN (o->width, 512), MIN (o->height, 512) };
  double begin = seconds_of (CLOCK_MONOTONIC), cpu = G_MAXDOUBLE;

  *model = ae_model_load (path, error);
  n->load = seconds_of (CLOCK_MONOTONIC) - begin;
  if (!*model)
    return FALSE;
  begin = seconds_of (CLOCK_MONOTONIC);
  *session = session_of (*model, o, error);
  n->start = seconds_of (CLOCK_MONOTONIC) - begin;
  n->first = G_MAXDOUBLE;
  if (!*session || !run_once (*session, o, first, &n->first, &cpu, error)
      || !find_computed (*session, o, &n->computed, error))
    return FALSE;
  n->path = path;
  n->isa = (*session)->program->kernels->name;
  n->width = o->width;
  n->height = o->height;
  n->threads = (*session)->threads;
  n->macs = ae_graph_macs (ae_model_graph (*model));
  for (int i = 0; i < (*session)->program->n_steps; i++)
    n->bytes += bytes_of ((*session)->program, &(*session)->program->steps[i]);
  n->memory = ae_session_memory (*session, o->width, o->height);
  n->peak = bench_peak (ae_kernels_get (), n->threads);
  n->bandwidth = bench_bandwidth (ae_kernels_get (), n->threads);
  if (!time_runs (*session, o, n, error))
    return FALSE;
  if (o->scaling)
    n->threads_sweep = g_array_new (FALSE, FALSE, sizeof (BenchVariant));
  if (o->tiles)
    n->tile_sweep = g_array_new (FALSE, FALSE, sizeof (BenchVariant));
  return (!o->scaling || sweep_threads (*model, o, n->threads, n->threads_sweep, error))
         && (!o->tiles || sweep_tiles (*session, o, n->tile_sweep, error));
}

static gboolean
bench_model (const char *path, const Options *o, JsonBuilder *json)
{
  BenchNetwork n = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (AeModel) model = NULL;
  g_autoptr (AeSession) session = NULL;
  gboolean ok = measure (path, o, &n, &model, &session, &error);

  if (!o->steps)
    g_clear_pointer (&n.steps, g_array_unref);
  if (!ok)
    g_printerr ("ae-bench: %s\n", error->message);
  else if (json)
    bench_network_build_json (&n, json);
  else
    bench_network_print (&n);
  g_clear_pointer (&n.steps, g_array_unref);
  g_clear_pointer (&n.threads_sweep, g_array_unref);
  g_clear_pointer (&n.tile_sweep, g_array_unref);
  return ok;
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
  g_autofree char *size = NULL, *precision = NULL;
  GOptionEntry entries[] = {
    { "size", 0, 0, G_OPTION_ARG_STRING, &size, "Size of the picture (1024x1024)", "WIDTHxHEIGHT" },
    { "threads", 't', 0, G_OPTION_ARG_INT, &o.threads, "Use N threads (0: one per CPU)", "N" },
    { "max-memory", 'm', 0, G_OPTION_ARG_INT, &o.memory, "Memory for tiles (0: 1024)", "MIB" },
    { "tile", 0, 0, G_OPTION_ARG_INT, &o.tile, "Tiles of at most N pixels across with what surrounds them",
      "N" },
    { "precision", 'p', 0, G_OPTION_ARG_STRING, &precision,
      "exact, or fast: bf16 where the CPU has it (exact)", "NAME" },
    { "repeats", 'r', 0, G_OPTION_ARG_INT, &o.repeats, "Take the best of N runs (3)", "N" },
    { "steps", 's', 0, G_OPTION_ARG_NONE, &o.steps, "Show each step too", NULL },
    { "scaling", 0, 0, G_OPTION_ARG_NONE, &o.scaling, "Also with 1, 2, 4 … threads", NULL },
    { "tiles", 0, 0, G_OPTION_ARG_NONE, &o.tiles, "Also with tiles of at most 128, 256 … 4096 pixels across",
      NULL },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &o.json, "Write JSON", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("MODEL... - measure whole models");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonBuilder) json = NULL;
  char rest;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("ae-bench: %s\n", error->message);
      return EXIT_FAILURE;
    }
  if (size && sscanf (size, "%dx%d%c", &o.width, &o.height, &rest) != 2)
    o.width = 0;
  if (precision && !ae_precision_parse (precision, &o.precision))
    {
      g_printerr ("ae-bench: --precision %s: expected exact or fast\n", precision);
      return EXIT_FAILURE;
    }
  if (!check_options (&o, size))
    return EXIT_FAILURE;
  if (argc < 2)
    {
      g_printerr ("ae-bench: no model given\n");
      return EXIT_FAILURE;
    }
  if (o.json)
    json = json_builder_begin_array (json_builder_new ());
  for (int i = 1; i < argc; i++)
    if (!bench_model (argv[i], &o, json))
      return EXIT_FAILURE;
  if (json)
    bench_print_json (json_builder_end_array (json));
  return EXIT_SUCCESS;
}
