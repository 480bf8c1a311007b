/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* session.c - runs a model over a picture: strips of tiles one after the other, rows of each step in
 * parallel. */

#include "session-private.h"

#include <ae/error.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>
#endif
#ifdef _OPENMP
#include <omp.h>
#endif

#include "intl.h"

#define THREADS_MAX 1024
#define MEMORY_DEFAULT ((guint64)1 << 30)
#define MEMORY_MAX ((guint64)1 << 46) /* keeps sums of sizes within 64 bits */
#define MEMORY_ALIGNMENT 64
#define LARGE ((size_t)8 << 20)
#define PROGRESS_INTERVAL (G_USEC_PER_SEC / 10)

/*
 * Work of a step is cut into bands of rows.  Each thread takes the next band
 * that is left, so that slow cores take fewer: hence more bands than threads.
 * The limit of multiply-adds lets a cancel wait for milliseconds, not seconds.
 */
#define BANDS_PER_THREAD 4
#define BAND_MACS 5e7

gboolean
ae_precision_parse (const char *name, AePrecision *precision)
{
  *precision = strcmp (name, "fast") ? AE_PRECISION_EXACT : AE_PRECISION_FAST;
  return !strcmp (name, "fast") || !strcmp (name, "exact");
}

static gboolean
check_options (const AeSessionOptions *options, GError **error)
{
  if (options->threads < 0 || options->threads > THREADS_MAX)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("%d threads: expected 1 to %d, or 0 for one per CPU"),
                 options->threads, THREADS_MAX);
  else if (options->tile < 0)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                 _ ("tiles of %d pixels: expected 0 (as memory allows) or more"), options->tile);
  else if (options->precision != AE_PRECISION_EXACT && options->precision != AE_PRECISION_FAST)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("precision %d: expected exact (%d) or fast (%d)"),
                 (int)options->precision, AE_PRECISION_EXACT, AE_PRECISION_FAST);
  else
    return TRUE;
  return FALSE;
}

/* What looks at the whole picture has no tiles. */
static gboolean
check_size (const AeGraph *graph, GError **error)
{
  int width, height;

  if (!ae_graph_is_fixed (graph, &width, &height))
    return TRUE;
  g_set_error (
    error, AE_ERROR, AE_ERROR_UNSUPPORTED,
    _ ("the model takes pictures of exactly %d × %d pixels: it cannot filter pictures of any size"), width,
    height);
  return FALSE;
}

static AeProgram *
program_of (AeGraph *graph, AePrecision precision)
{
  const AeKernels *fast = precision == AE_PRECISION_FAST ? ae_kernels_fast () : NULL;
  AeProgram *program = ae_program_new (graph, ae_kernels_get (), AE_PROGRAM_FUSED | AE_PROGRAM_WINOGRAD);

  if (fast && ae_program_can_be_fast (program))
    {
      ae_program_free (program);
      program = ae_program_new (graph, fast, AE_PROGRAM_FUSED | AE_PROGRAM_WINOGRAD);
    }
  return program;
}

/* Multiply-adds for a pixel of the result; what other steps move counts as if it were some. */
static double
cost_of (const AeProgram *program, const AeStep *step)
{
  const AeValue *result = &program->values[step->dst];
  double per_value = 4;

  if (step->kind == AE_STEP_NODE && step->node->op == AE_OP_CONV)
    per_value += step->node->kernel * step->node->kernel * program->values[step->src[0]].channels;
  else if (step->kind == AE_STEP_NODE && step->node->op == AE_OP_CONV_TRANSPOSE)
    per_value += program->values[step->src[0]].channels;
  return per_value * result->channels;
}

/* The longest group of a step. */
static int
group_of (const AeProgram *program)
{
  int most = 1;

  for (int i = 0; i < program->n_steps; i++)
    most = MAX (most, ae_program_group (program, i));
  return most;
}

AeSession *
ae_session_new (AeModel *model, const AeSessionOptions *options, GError **error)
{
  static const AeSessionOptions defaults = { 0 };
  AeGraph *graph = ae_model_graph (model);
  int sigma = ae_graph_find_input (graph, AE_PLANES_SIGMA);
  AeSession *s;

  if (!options)
    options = &defaults;
  if (!check_options (options, error) || !check_size (graph, error))
    return NULL;
  s = g_new0 (AeSession, 1);
  s->model = ae_model_ref (model);
  s->threads = options->threads ? options->threads : MIN ((int)g_get_num_processors (), THREADS_MAX);
  s->max_memory = MIN (options->max_memory ? options->max_memory : MEMORY_DEFAULT, MEMORY_MAX);
  s->max_tile = options->tile;
  s->program = program_of (graph, options->precision);
  if (ae_graph_n_params (graph))
    ae_program_set_params (s->program, ae_model_param (model, 0));
  s->picture = s->program->input_values[ae_graph_picture (graph)];
  s->sigma = sigma >= 0 ? s->program->input_values[sigma] : -1;
  s->channels = s->program->values[s->picture].channels;
  s->out_channels = ae_graph_node (graph, ae_graph_output (graph))->channels;
  s->scale = ae_graph_scale (graph);
  s->alignment = ae_graph_alignment (graph);
  s->margin = ae_graph_margin (graph);
  s->adds_excess = s->scale == 1 && s->out_channels == s->channels;
  s->unit = s->alignment * group_of (s->program);
  s->halo_y = ae_round_up (ae_graph_halo (graph), s->unit);
  s->halo_x = ae_round_up (ae_windows_halo (s), s->unit);
  s->costs = g_new (double, s->program->n_steps);
  for (int i = 0; i < s->program->n_steps; i++)
    s->costs[i] = cost_of (s->program, &s->program->steps[i]);
  return s;
}

void
ae_session_free (AeSession *s)
{
  if (!s)
    return;
  ae_program_free (s->program);
  ae_model_unref (s->model);
  g_free (s->costs);
  g_free (s);
}

AeModel *
ae_session_model (const AeSession *s)
{
  return s->model;
}

guint64
ae_session_max_memory (const AeSession *s)
{
  return s->max_memory;
}

AePrecision
ae_session_precision (const AeSession *s)
{
  const AeKernels *k = s->program->kernels;

  return k->pixel < k->vl ? AE_PRECISION_FAST : AE_PRECISION_EXACT;
}

int
ae_session_reach (const AeSession *s)
{
  return MAX (s->halo_x, s->halo_y) + s->unit;
}

int
ae_session_unit (const AeSession *s)
{
  return s->unit;
}

int
ae_session_least_tile (const AeSession *s)
{
  return 2 * MAX (s->halo_x, s->halo_y) + s->unit;
}

guint64
ae_session_memory (AeSession *s, int width, int height)
{
  const AeRect whole = { 0, 0, width, height };
  AeTilePlan plan = { 0 };
  guint64 bytes = 0;

  if (ae_tile_plan_init (&plan, s, s->max_memory, &whole, width, height, NULL))
    bytes = plan.bytes;
  ae_tile_plan_clear (&plan);
  return bytes;
}

/* A run; `done` and `cancelled` are shared by its threads. */
typedef struct
{
  const AeSession *session;
  const AeRun *run;
  AeTilePlan plan;
  AeTileWork tile;
  float *scratch; /* of all threads */
  double total;   /* work of all tiles, in multiply-adds */
  double before;  /* of the tiles that are finished */
  guint64 done;   /* of the tile at hand, in thousands of them */
  gint64 shown;   /* when progress was last called */
  double fraction;
  int cancelled;
} Work;

/* The steps of a strip are those of the program, one before and one after. */
static int
n_phases (const AeSession *s)
{
  return s->program->n_steps + 2;
}

/* Rows of a phase: how many, the first, what they may be cut at, work of one. */
typedef struct
{
  int rows, first, multiple;
  double work;
} Phase;

static Phase
phase_of (const Work *w, int phase)
{
  const AeSession *s = w->session;
  const AeTileWork *t = &w->tile;
  const AeRows *rows = &t->rows[s->picture];
  const AeStep *step;
  const AeWindow *window;

  if (phase == 0)
    return (Phase){ rows->end - rows->begin, rows->begin, 1, 4.0 * s->channels * t->tile.in.width };
  if (phase == n_phases (s) - 1)
    return (Phase){ (t->out_end - t->out_begin) * s->scale, 0, 1,
                    4.0 * s->out_channels * s->scale * t->tile.out.width };
  step = &s->program->steps[phase - 1];
  window = &t->windows[step->dst];
  rows = &t->rows[step->dst];
  return (Phase){ rows->end - rows->begin, rows->begin, ae_step_row_multiple (step),
                  s->costs[phase - 1] * (window->x1 - window->x0) };
}

static gboolean
is_cancelled (Work *w)
{
  return __atomic_load_n (&w->cancelled, __ATOMIC_RELAXED);
}

/* On the caller's thread; at once if `now`, else if the last time was long enough ago. */
static void
show_progress (Work *w, gboolean now)
{
  gint64 time;
  double fraction;

  if (!w->run->progress || is_cancelled (w))
    return;
  time = g_get_monotonic_time ();
  if (!now && time - w->shown < PROGRESS_INTERVAL)
    return;
  fraction = (w->before + 1e3 * (double)__atomic_load_n (&w->done, __ATOMIC_RELAXED)) / w->total;
  /* below 1 until the last tile is written, and never less than before */
  w->fraction = CLAMP (fraction, w->fraction, now ? 1 : 0.999);
  if (!w->run->progress (w->fraction, w->run->data))
    __atomic_store_n (&w->cancelled, 1, __ATOMIC_RELAXED);
  w->shown = g_get_monotonic_time ();
}

static void
run_rows (const Work *w, int step, int y0, int y1, int thread)
{
  const AeSession *s = w->session;
  struct timespec begin, end;

  if (s->profile)
    clock_gettime (CLOCK_THREAD_CPUTIME_ID, &begin);
  ae_windows_run_step (s, step, &w->tile.tile, w->tile.buffers, w->tile.windows, y0, y1,
                       w->scratch + (size_t)thread * s->program->scratch);
  if (s->profile)
    {
      clock_gettime (CLOCK_THREAD_CPUTIME_ID, &end);
      __atomic_fetch_add (&s->profile[step],
                          (guint64)((end.tv_sec - begin.tv_sec) * 1000000000LL + end.tv_nsec - begin.tv_nsec),
                          __ATOMIC_RELAXED);
    }
}

/* By all threads of a region together, with a barrier at the end.  How rows
 * are cut into bands makes no difference to the result. */
static void
run_phase (Work *w, int phase, int thread)
{
  const AeSession *s = w->session;
  const Phase p = phase_of (w, phase);
  const int units = p.rows / p.multiple;
  int bands = (int)CLAMP (p.work * p.rows / BAND_MACS, s->threads * BANDS_PER_THREAD, units);

  if (units == 0) /* for all threads */
    return;
  bands = MIN (bands, units);
#pragma omp for schedule(dynamic, 1)
  for (int b = 0; b < bands; b++)
    {
      int y0 = p.first + (int)((gint64)units * b / bands) * p.multiple;
      int y1 = p.first + (int)((gint64)units * (b + 1) / bands) * p.multiple;

      if (is_cancelled (w))
        continue;
      if (phase == 0)
        ae_tile_work_fill (&w->tile, y0, y1);
      else if (phase == n_phases (s) - 1)
        ae_tile_work_finish (&w->tile, y0, y1);
      else
        run_rows (w, phase - 1, y0, y1, thread);
      __atomic_fetch_add (&w->done, (guint64)(p.work * (y1 - y0) / 1e3), __ATOMIC_RELAXED);
      if (thread == 0) /* the caller's */
        show_progress (w, FALSE);
    }
}

/* By all threads of a region together, with a barrier at the end: blocks of all values are moved. */
static void
keep_rows (const Work *w)
{
  for (int i = 0; i <= w->session->program->n_values; i++)
    {
      const int blocks = ae_buffer_blocks (&w->tile.buffers[i]);

#pragma omp for schedule(dynamic, 1) nowait
      for (int b = 0; b < blocks; b++)
        ae_tile_work_keep (&w->tile, i, b);
    }
#pragma omp barrier
}

static void
run_strip (Work *w)
{
  const AeSession *s = w->session;

#pragma omp parallel num_threads(s->threads)
  {
    int thread = 0;

#ifdef _OPENMP
    thread = omp_get_thread_num ();
#endif
    keep_rows (w);
    for (int phase = 0; phase < n_phases (s); phase++)
      run_phase (w, phase, thread);
  }
}

/* Work of a tile: of everything but the last phase, which is small. */
static double
tile_work (Work *w, const AeTile *tile)
{
  ae_windows_find (w->session, tile, w->tile.windows);
  return ae_windows_work (w->session, w->tile.windows)
         + 4.0 * w->session->channels * tile->in.width * tile->in.height;
}

static gboolean
set_cancelled (GError **error)
{
  g_set_error_literal (error, AE_ERROR, AE_ERROR_CANCELLED, _ ("cancelled"));
  return FALSE;
}

static gboolean
run_tile (Work *w, const AeTile *tile, float *memory, GError **error)
{
  ae_tile_work_begin (&w->tile, tile, &w->plan, memory);
  while (ae_tile_work_next (&w->tile))
    {
      show_progress (w, w->shown == 0);
      if (is_cancelled (w))
        return set_cancelled (error);
      if (!ae_tile_work_read (&w->tile, error))
        return FALSE;
      run_strip (w);
      /* the caller's thread may have had no share of the strip */
      show_progress (w, FALSE);
      if (is_cancelled (w))
        return set_cancelled (error);
      if (!ae_tile_work_write (&w->tile, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
run_tiles (Work *w, float *memory, GError **error)
{
  for (guint i = 0; i < w->plan.tiles->len; i++)
    w->total += tile_work (w, &g_array_index (w->plan.tiles, AeTile, i));
  for (guint i = 0; i < w->plan.tiles->len; i++)
    {
      const AeTile *tile = &g_array_index (w->plan.tiles, AeTile, i);

      if (!run_tile (w, tile, memory, error))
        return FALSE;
      w->before += tile_work (w, tile);
      w->done = 0;
    }
  w->before = w->total;
  show_progress (w, TRUE);
  return is_cancelled (w) ? set_cancelled (error) : TRUE;
}

static gboolean
has_part (const AeRun *run)
{
  return run->part.x || run->part.y || run->part.width || run->part.height;
}

static gboolean
check_run (const AeSession *s, const AeRun *run, GError **error)
{
  const int most = (1 << 30) / s->scale;

  if (run->width < 1 || run->height < 1 || run->width > most || run->height > most)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                 _ ("a picture of %d × %d pixels: expected 1 to %d in each direction"), run->width,
                 run->height, most);
  else if (has_part (run)
           && (run->part.x < 0 || run->part.y < 0 || run->part.width < 1 || run->part.height < 1
               || run->part.x > run->width - run->part.width || run->part.y > run->height - run->part.height))
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                 _ ("the part %d,%d %d × %d is not within the picture of %d × %d pixels"), run->part.x,
                 run->part.y, run->part.width, run->part.height, run->width, run->height);
  else if (s->sigma >= 0 && !run->sigma_func && !(run->sigma >= 0 && run->sigma <= 255))
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("noise level %g: expected 0 to 255"),
                 (double)run->sigma);
  else
    return TRUE;
  return FALSE;
}

/* Each new page of scratch costs a fault: a twentieth of a run where pages are
 * small. */
static float *
allocate (size_t bytes)
{
  float *memory = aligned_alloc (MEMORY_ALIGNMENT, bytes);
#ifdef MADV_HUGEPAGE
  const guintptr page = (guintptr)sysconf (_SC_PAGESIZE);

  if (memory && bytes >= LARGE)
    {
      guintptr begin = ((guintptr)memory + page - 1) / page * page,
               end = ((guintptr)memory + bytes) / page * page;

      /* a hint: if it is refused, nothing is lost */
      madvise ((void *)begin, end - begin, MADV_HUGEPAGE);
    }
#endif
  return memory;
}

gboolean
ae_session_run (AeSession *s, const AeRun *run, GError **error)
{
  Work w = { .session = s, .run = run, .tile = { .session = s, .run = run } };
  const AeRect whole = { 0, 0, run->width, run->height };
  float *memory;
  size_t tile;
  gboolean ok = FALSE;

  if (!check_run (s, run, error)
      || !ae_tile_plan_init (&w.plan, s, s->max_memory - MIN (run->reserved, s->max_memory),
                             has_part (run) ? &run->part : &whole, run->width, run->height, error))
    return FALSE;
  w.tile.buffers = g_new (AeBuffer, s->program->n_values + 1);
  w.tile.windows = g_new (AeWindow, s->program->n_values);
  w.tile.rows = g_new (AeRows, s->program->n_values + 1);
  tile = ae_tile_plan_floats (&w.plan);
  memory = allocate ((tile + (size_t)s->threads * s->program->scratch) * sizeof (float));
  if (memory)
    {
      w.scratch = memory + tile;
      ok = run_tiles (&w, memory, error);
    }
  else
    g_set_error (
      error, AE_ERROR, AE_ERROR_MEMORY,
      _ ("%.1f MiB of memory for tiles of the picture could not be had; a smaller memory limit makes "
         "smaller tiles"),
      (double)w.plan.bytes / (1 << 20));
  free (memory);
  g_free (w.tile.buffers);
  g_free (w.tile.windows);
  g_free (w.tile.rows);
  ae_tile_plan_clear (&w.plan);
  return ok;
}
