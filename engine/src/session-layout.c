/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* session-layout.c - tiles and memory of a run, known before it begins. */

#include "session-private.h"

#include "arena.h"
#include "intl.h"

#include <ae/error.h>
#include <math.h>

/* Longer tiles than anybody needs; keeps sizes of values within an int. */
#define TILE_MAX (1 << 24)
/* Smaller tiles, without what surrounds them, would only make the list of tiles long. */
#define TILE_LEAST 16

static int
n_items (const AeSession *s)
{
  return s->program->n_values + AE_N_EXTRAS;
}

/*
 * Times: 0 reading, 1 filling the inputs, then the steps of the program, then
 * the result.  So what was read gives its memory to the steps.
 */
static void
lay_out (const AeSession *s, int width, int height, AeTileLayout *layout)
{
  const AeProgram *program = s->program;
  const int n = program->n_values, end = program->n_steps + 2;
  g_autofree AeBuffer *buffers = g_new (AeBuffer, n);
  g_autofree AeArenaItem *items = g_new0 (AeArenaItem, n_items (s));
  const size_t area = (size_t)width * (size_t)height;
  const size_t out_area = (size_t)(width - 2 * s->halo) * (size_t)(height - 2 * s->halo);

  ae_program_layout (program, width, height, buffers);
  for (int i = 0; i < n; i++)
    items[i]
      = (AeArenaItem){ buffers[i].image, program->values[i].first + 2, program->values[i].last + 2, 0 };
  items[n + AE_EXTRA_PICTURE] = (AeArenaItem){ area * (size_t)s->channels, 0, 1, 0 };
  items[n + AE_EXTRA_SIGMA] = (AeArenaItem){ s->sigma >= 0 ? area : 0, 0, 1, 0 };
  items[n + AE_EXTRA_COLUMNS] = (AeArenaItem){ (size_t)width, 0, 1, 0 };
  items[n + AE_EXTRA_RESULT] = (AeArenaItem){ out_area * (size_t)(s->out_channels * s->scale * s->scale),
                                              s->adds_excess ? 1 : end, end, 0 };
  layout->width = width;
  layout->height = height;
  layout->floats = ae_arena_plan (items, n_items (s));
  layout->offsets = g_new (size_t, n_items (s));
  for (int i = 0; i < n_items (s); i++)
    layout->offsets[i] = items[i].offset;
}

/* Floats per pixel that no tile can do without: values in use at the same time. */
static double
least_floats (const AeSession *s)
{
  const AeProgram *program = s->program;
  double most = 0;

  for (int t = -1; t <= program->n_steps; t++)
    {
      double sum = 0;

      for (int i = 0; i < program->n_values; i++)
        {
          const AeValue *v = &program->values[i];
          double rate = (double)v->up / v->down;

          if (v->first <= t && t <= v->last)
            sum += v->channels * rate * rate;
        }
      most = MAX (most, sum);
    }
  return most;
}

const AeTileLayout *
ae_tile_plan_layout (const AeTilePlan *plan, const AeTile *tile)
{
  for (int i = 0; i < plan->n_layouts; i++)
    if (plan->layouts[i].width == tile->in.width && plan->layouts[i].height == tile->in.height)
      return &plan->layouts[i];
  return NULL;
}

size_t
ae_tile_plan_floats (const AeTilePlan *plan)
{
  size_t most = 0;

  for (int i = 0; i < plan->n_layouts; i++)
    most = MAX (most, plan->layouts[i].floats);
  return most;
}

void
ae_tile_plan_clear (AeTilePlan *plan)
{
  for (int i = 0; i < plan->n_layouts; i++)
    g_free (plan->layouts[i].offsets);
  g_clear_pointer (&plan->tiles, g_array_unref);
  plan->n_layouts = 0;
}

/* Bytes of a run with `n_tiles` tiles of `n_layouts` sizes, the largest with `floats`. */
static guint64
bytes_of (const AeSession *s, guint64 n_tiles, int n_layouts, size_t floats)
{
  return (guint64)floats * sizeof (float) + n_tiles * sizeof (AeTile)
         + (guint64)n_layouts * (guint64)n_items (s) * sizeof (size_t)
         + (guint64)s->program->n_values * (sizeof (AeBuffer) + sizeof (AeWindow));
}

/* Lays out each size of tile. */
static void
measure (AeTilePlan *plan, const AeSession *s)
{
  for (guint i = 0; i < plan->tiles->len; i++)
    {
      const AeTile *tile = &g_array_index (plan->tiles, AeTile, i);

      if (!ae_tile_plan_layout (plan, tile))
        {
          g_assert (plan->n_layouts < AE_TILE_SIZES_MAX);
          lay_out (s, tile->in.width, tile->in.height, &plan->layouts[plan->n_layouts++]);
        }
    }
  plan->bytes = bytes_of (s, plan->tiles->len, plan->n_layouts, ae_tile_plan_floats (plan));
}

/* The area of the plan's largest tile. */
static gint64
largest_area (const AeTilePlan *plan)
{
  gint64 most = 0;

  for (int i = 0; i < plan->n_layouts; i++)
    most = MAX (most, (gint64)plan->layouts[i].width * plan->layouts[i].height);
  return most;
}

/* Length of the smallest tiles, with what surrounds them. */
static int
least_tile (const AeSession *s)
{
  int inside = (TILE_LEAST + s->alignment - 1) / s->alignment * s->alignment;
  int least = inside + 2 * s->halo;

  return s->max_tile ? MIN (least, s->max_tile) : least;
}

static void
too_little_memory (const AeSession *s, guint64 max_memory, int width, int height, GError **error)
{
  const int least = MAX (least_tile (s) / s->alignment * s->alignment, s->alignment + 2 * s->halo);
  const int inside = least - 2 * s->halo;
  guint64 n_tiles = ((guint64)width / (guint64)inside + 1) * ((guint64)height / (guint64)inside + 1);
  AeTileLayout layout;
  double bytes;

  lay_out (s, least, least, &layout);
  g_free (layout.offsets);
  bytes = (double)bytes_of (s, n_tiles, AE_TILE_SIZES_MAX, layout.floats);
  g_set_error (
    error, AE_ERROR, AE_ERROR_LIMIT,
    _ ("a memory limit of %.2f MiB is too small for a picture of %d × %d pixels: the smallest tiles of "
       "this model need %.2f MiB"),
    floor ((double)max_memory / (1 << 20) * 100) / 100, width, height, ceil (bytes / (1 << 20) * 100) / 100);
}

gboolean
ae_tile_plan_init (AeTilePlan *plan, const AeSession *s, guint64 max_memory, int width, int height,
                   GError **error)
{
  const int least = least_tile (s);
  AePlanInput input = { .width = width,
                        .height = height,
                        .halo = s->halo,
                        .alignment = s->alignment,
                        .max_in = s->max_tile ? MIN (s->max_tile, TILE_MAX) : TILE_MAX };
  /* An upper bound; so sizes below are never far from the limit. */
  double area = (double)max_memory / (least_floats (s) * sizeof (float));

  input.max_in_area = MAX ((gint64)area, 1);
  for (;;)
    {
      gint64 used;

      if (input.max_in_area < (gint64)least * least)
        {
          too_little_memory (s, max_memory, width, height, error);
          return FALSE;
        }
      plan->tiles = ae_plan (&input, error);
      if (!plan->tiles)
        return FALSE;
      measure (plan, s);
      if (plan->bytes <= max_memory)
        return TRUE;

      /* Memory grows a little less than the area, for the border and the list of tiles do not. */
      used = largest_area (plan);
      area = (double)used * ((double)max_memory / (double)plan->bytes);
      input.max_in_area = MAX (MIN ((gint64)area, used - 1), 1);
      ae_tile_plan_clear (plan);
    }
}
