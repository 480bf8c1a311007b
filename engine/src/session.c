/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* session.c - runs a model over a picture: tiles, steps, threads. */

#include <ae/session.h>

#include "arena.h"

#include <ae/error.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#define DEFAULT_MEMORY ((guint64)1 << 30)
#define BANDS_PER_THREAD 4
#define PROGRESS_INTERVAL (G_USEC_PER_SEC / 10)

struct _AeSession
{
  AeModel *model;
  AeProgram *program;
  int threads;
  guint64 max_memory;
  int max_tile;
  int picture, sigma; /* values of the inputs; sigma: -1 without */
  int channels;       /* of the picture */
  int out_channels, scale, halo, alignment;
  double *costs;     /* per step, relative */
  double total_cost; /* of a tile */
};

/* What a run needs beside the session. */
typedef struct
{
  AeSession *session;
  const AeRun *run;
  GArray *tiles; /* AeTile */
  AeBuffer *buffers;
  size_t *offsets;
  float *arena; /* values */
  float *read;  /* [channels + 1][rows][columns] as read, the last plane sigma */
  float *write; /* [out_channels][rows][columns] */
  size_t arena_floats, read_floats, write_floats;
  double done; /* tiles, and parts of the one at hand */
  gint64 shown;
  int cancelled; /* atomic */
} Work;

AeSession *
ae_session_new (AeModel *model, const AeSessionOptions *options, GError **error)
{
  AeGraph *graph = ae_model_graph (model);
  int rgb = ae_graph_find_input (graph, AE_PLANES_RGB), y = ae_graph_find_input (graph, AE_PLANES_Y);
  int sigma = ae_graph_find_input (graph, AE_PLANES_SIGMA);
  AeSession *s;
  float *params, *at;

  if (rgb < 0 && y < 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_UNSUPPORTED,
                   "the model has no picture input (planes=rgb or planes=y)");
      return NULL;
    }
  s = g_new0 (AeSession, 1);
  s->model = ae_model_ref (model);
  s->threads = options && options->threads > 0 ? options->threads : (int)g_get_num_processors ();
  s->max_memory = options && options->max_memory ? options->max_memory : DEFAULT_MEMORY;
  s->max_tile = options ? options->tile : 0;
  s->program = ae_program_new (graph, ae_kernels_get (), TRUE);
  s->picture = s->program->input_values[rgb >= 0 ? rgb : y];
  s->sigma = sigma >= 0 ? s->program->input_values[sigma] : -1;
  s->channels = rgb >= 0 ? 3 : 1;
  s->out_channels = ae_graph_node (graph, ae_graph_output (graph))->channels;
  s->scale = ae_graph_scale (graph);
  s->halo = ae_graph_halo (graph);
  s->alignment = ae_graph_alignment (graph);

  params = at = g_new (float, ae_model_n_values (model));
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    {
      gsize count = ae_graph_param (graph, i)->count;

      memcpy (at, ae_model_param (model, i), count * sizeof (float));
      at += count;
    }
  ae_program_set_params (s->program, params);
  g_free (params);

  s->costs = g_new (double, s->program->n_steps);
  for (int i = 0; i < s->program->n_steps; i++)
    {
      const AeStep *step = &s->program->steps[i];
      const AeValue *v = &s->program->values[step->dst];
      double per_value = 4;

      if (step->kind == AE_STEP_NODE
          && (step->node->op == AE_OP_CONV || step->node->op == AE_OP_CONV_TRANSPOSE))
        per_value += (step->node->op == AE_OP_CONV ? step->node->kernel * step->node->kernel : 1)
                     * s->program->values[step->src[0]].channels;
      s->costs[i] = per_value * v->channels * v->up / v->down * v->up / v->down;
      s->total_cost += s->costs[i];
    }
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

/* Sizes of all memory for tiles of at most `in` and `out` pixels. */
static guint64
measure (Work *w, int in_width, int in_height, int out_width, int out_height)
{
  const AeSession *s = w->session;

  ae_program_layout (s->program, in_width, in_height, w->buffers);
  w->arena_floats = ae_arena_plan (s->program, w->buffers, w->offsets);
  w->read_floats = (size_t)(s->channels + 1) * (size_t)in_width * (size_t)in_height;
  w->write_floats
    = (size_t)s->out_channels * (size_t)(out_width * s->scale) * (size_t)(out_height * s->scale);
  return (guint64)(w->arena_floats + w->read_floats + w->write_floats) * sizeof (float);
}

/* The plan with the largest tiles whose memory keeps within the limit. */
static gboolean
plan (Work *w, int width, int height, guint64 *bytes, GError **error)
{
  const AeSession *s = w->session;
  AePlanInput input = { width, height, s->halo, s->alignment, s->max_tile, 0 };

  for (;;)
    {
      int in_width = 0, in_height = 0, out_width = 0, out_height = 0;
      gint64 area;

      w->tiles = ae_plan (&input, error);
      if (!w->tiles)
        return FALSE;
      for (guint i = 0; i < w->tiles->len; i++)
        {
          const AeTile *t = &g_array_index (w->tiles, AeTile, i);

          in_width = MAX (in_width, t->in.width);
          in_height = MAX (in_height, t->in.height);
          out_width = MAX (out_width, t->out.width);
          out_height = MAX (out_height, t->out.height);
        }
      *bytes = measure (w, in_width, in_height, out_width, out_height);
      if (*bytes <= s->max_memory)
        return TRUE;
      g_clear_pointer (&w->tiles, g_array_unref);
      /* memory grows with the area; borders make it grow a little slower, hence the step */
      area = (gint64)in_width * in_height;
      input.max_in_area = MIN ((gint64)((double)area * (double)s->max_memory / (double)*bytes), area - 1);
      if (input.max_in_area < 1)
        input.max_in_area = 1;
    }
}

guint64
ae_session_memory (AeSession *s, int width, int height)
{
  Work w = { .session = s };
  guint64 bytes = 0;

  w.buffers = g_new0 (AeBuffer, s->program->n_values);
  w.offsets = g_new0 (size_t, s->program->n_values);
  if (!plan (&w, width, height, &bytes, NULL))
    bytes = 0;
  g_clear_pointer (&w.tiles, g_array_unref);
  g_free (w.buffers);
  g_free (w.offsets);
  return bytes;
}

static float *
allocate (size_t floats)
{
  void *memory = NULL;

  return posix_memalign (&memory, 64, MAX (floats, 1) * sizeof (float)) == 0 ? memory : NULL;
}

/* The pixels of the picture that mirroring a range of coordinates reaches. */
static void
mirrored_range (int first, int n, int size, int *begin, int *end)
{
  *begin = size;
  *end = 0;
  for (int i = first; i < first + n; i++)
    {
      int m = ae_mirror (i, size);

      *begin = MIN (*begin, m);
      *end = MAX (*end, m + 1);
    }
}

static inline float
finite_or_zero (float v)
{
  return isfinite (v) ? v : 0;
}

/* Fills a planar input buffer with a plane that was read, mirrored. */
static void
fill_plane (const Work *w, float *dst, const AeRect *in, const float *plane, const AeRect *got,
            gboolean clamp)
{
  for (int y = 0; y < in->height; y++)
    {
      const float *row
        = plane + (size_t)(ae_mirror (in->y + y, w->run->height) - got->y) * (size_t)got->width;

      for (int x = 0; x < in->width; x++)
        {
          int sx = in->x + x;
          float v;

          if (sx < 0 || sx >= w->run->width)
            sx = ae_mirror (sx, w->run->width);
          v = row[sx - got->x];
          *dst++ = clamp ? CLAMP (v, 0, 1) : v;
        }
    }
}

static gboolean
read_tile (Work *w, const AeTile *tile, AeRect *got, GError **error)
{
  AeSession *s = w->session;
  const AeRun *run = w->run;
  int x1, y1;
  size_t plane;
  AeBuffer *picture = &w->buffers[s->picture];

  mirrored_range (tile->in.x, tile->in.width, run->width, &got->x, &x1);
  mirrored_range (tile->in.y, tile->in.height, run->height, &got->y, &y1);
  got->width = x1 - got->x;
  got->height = y1 - got->y;
  plane = (size_t)got->width * (size_t)got->height;
  if (!run->read (got, w->read, run->data, error))
    return FALSE;
  for (size_t i = 0; i < (size_t)s->channels * plane; i++)
    w->read[i] = finite_or_zero (w->read[i]);
  for (int c = 0; c < s->channels; c++)
    fill_plane (w, picture->data + (size_t)c * picture->block, &tile->in, w->read + (size_t)c * plane, got,
                !run->unclamped);
  if (s->sigma < 0)
    return TRUE;
  float *sigma = w->buffers[s->sigma].data;
  if (run->sigma_func)
    {
      float *at = w->read + (size_t)s->channels * plane;

      if (!run->sigma_func (got, at, run->data, error))
        return FALSE;
      for (size_t i = 0; i < plane; i++)
        at[i] = finite_or_zero (at[i]);
      fill_plane (w, sigma, &tile->in, at, got, FALSE);
    }
  else
    for (size_t i = 0; i < (size_t)tile->in.width * (size_t)tile->in.height; i++)
      sigma[i] = run->sigma / 255;
  return TRUE;
}

/* Called by the thread that called ae_session_run (), from within its tile. */
static void
show_progress (Work *w, double part)
{
  gint64 now = g_get_monotonic_time ();

  if (!w->run->progress || now - w->shown < PROGRESS_INTERVAL)
    return;
  w->shown = now;
  if (!w->run->progress (MIN (1, (w->done + part) / w->tiles->len), w->run->data))
    __atomic_store_n (&w->cancelled, 1, __ATOMIC_RELAXED);
}

/*
 * All steps of a tile in one parallel region, a barrier after each.  How rows
 * are divided into bands does not matter to the result.
 */
static void
run_steps (Work *w)
{
  const AeSession *s = w->session;
  const AeProgram *program = s->program;
  double before = 0;

#pragma omp parallel num_threads(s->threads) firstprivate(before)
  {
    gboolean caller = TRUE;
#ifdef _OPENMP
    caller = omp_get_thread_num () == 0;
#endif
    for (int i = 0; i < program->n_steps; i++)
      {
        int multiple = ae_step_row_multiple (&program->steps[i]);
        int rows = w->buffers[program->steps[i].dst].height / multiple;
        int bands = MIN (rows, s->threads * BANDS_PER_THREAD);

#pragma omp for schedule(dynamic, 1)
        for (int b = 0; b < bands; b++)
          {
            int y0 = (int)((gint64)rows * b / bands), y1 = (int)((gint64)rows * (b + 1) / bands);

            if (__atomic_load_n (&w->cancelled, __ATOMIC_RELAXED))
              continue;
            ae_program_run_step (program, i, w->buffers, 0, y0 * multiple, y1 * multiple);
            if (caller)
              show_progress (w, (before + s->costs[i] * b / bands) / s->total_cost);
          }
        before += s->costs[i];
      }
  }
}

static gboolean
write_tile (Work *w, const AeTile *tile, const AeRect *got, GError **error)
{
  const AeSession *s = w->session;
  const AeBuffer *result = &w->buffers[s->program->output];
  AeRect rect = { tile->out.x * s->scale, tile->out.y * s->scale, tile->out.width * s->scale,
                  tile->out.height * s->scale };
  int x0 = (tile->out.x - tile->in.x) * s->scale, y0 = (tile->out.y - tile->in.y) * s->scale;
  gboolean excess = s->scale == 1 && s->out_channels == s->channels && !w->run->unclamped;
  float *to = w->write;

  for (int c = 0; c < s->out_channels; c++)
    for (int y = 0; y < rect.height; y++, to += rect.width)
      {
        const float *from = ae_buffer_at (result, 0, c, y0 + y, x0);

        for (int x = 0; x < rect.width; x++)
          to[x] = finite_or_zero (from[x]);
        if (excess)
          {
            const float *original
              = w->read
                + ((size_t)c * (size_t)got->height + (size_t)(rect.y + y - got->y)) * (size_t)got->width
                + (rect.x - got->x);

            for (int x = 0; x < rect.width; x++)
              to[x] += original[x] - CLAMP (original[x], 0, 1);
          }
      }
  return w->run->write (&rect, w->write, w->run->data, error);
}

static gboolean
run_tiles (Work *w, GError **error)
{
  AeSession *s = w->session;

  for (guint i = 0; i < w->tiles->len; i++)
    {
      const AeTile *tile = &g_array_index (w->tiles, AeTile, i);
      AeRect got;

      ae_program_layout (s->program, tile->in.width, tile->in.height, w->buffers);
      for (int v = 0; v < s->program->n_values; v++)
        ae_buffer_place (&w->buffers[v], w->arena + w->offsets[v]);
      if (!read_tile (w, tile, &got, error))
        return FALSE;
      run_steps (w);
      if (w->cancelled
          || (w->run->progress && !w->run->progress ((double)(i + 1) / w->tiles->len, w->run->data)))
        {
          g_set_error_literal (error, AE_ERROR, AE_ERROR_CANCELLED, "cancelled");
          return FALSE;
        }
      if (!write_tile (w, tile, &got, error))
        return FALSE;
      w->done = i + 1;
    }
  return TRUE;
}

gboolean
ae_session_run (AeSession *s, const AeRun *run, GError **error)
{
  Work w = { .session = s, .run = run };
  guint64 bytes;
  gboolean ok = FALSE;

  if (run->width < 1 || run->height < 1)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "a picture of %d x %d pixels has nothing to work on",
                   run->width, run->height);
      return FALSE;
    }
  w.buffers = g_new0 (AeBuffer, s->program->n_values);
  w.offsets = g_new0 (size_t, s->program->n_values);
  if (plan (&w, run->width, run->height, &bytes, error))
    {
      w.arena = allocate (w.arena_floats);
      w.read = allocate (w.read_floats);
      w.write = allocate (w.write_floats);
      if (w.arena && w.read && w.write)
        ok = run_tiles (&w, error);
      else
        g_set_error (error, AE_ERROR, AE_ERROR_MEMORY, "%" G_GUINT64_FORMAT " MiB of memory could not be had",
                     bytes >> 20);
    }
  free (w.arena);
  free (w.read);
  free (w.write);
  g_clear_pointer (&w.tiles, g_array_unref);
  g_free (w.buffers);
  g_free (w.offsets);
  return ok;
}
