/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* session-layout.c - tiles and memory of a run, known before it begins. */

#include "session-private.h"

#include "intl.h"

#include <ae/error.h>
#include <math.h>

/* Longer tiles than anybody needs; keeps sizes of values within an int. */
#define TILE_MAX (1 << 24)
/* Smaller tiles, without what surrounds them, would only make the list of tiles long. */
#define TILE_LEAST 16
/* Where a picture is cut into columns: most rows of a tile, without what surrounds them. */
#define TILE_ROWS 1024

/* Sizes are added up first and compared with the limit of memory then, which may be anything below 2^46. */
G_STATIC_ASSERT (sizeof (size_t) == sizeof (guint64));

/*
 * Rows of a strip: enough for all threads where the network is smallest, and
 * so many that it does not matter what a strip costs beside its rows.
 */
#define STRIP_ROWS 32
#define BLOCKS_PER_THREAD 2
/* What a strip costs beside its rows, in blocks of the alignment per thread. */
#define STRIP_COST 0.25

static int
n_items (const AeSession *s)
{
  return s->program->n_values + AE_N_EXTRAS;
}

size_t
ae_tile_buffer_layout (const AeSession *s, int value, const AeTile *tile, int rows, AeBuffer *buffer)
{
  const AeProgram *program = s->program;
  int border;

  if (value == program->n_values)
    ae_buffer_layout (buffer, FALSE, s->adds_excess ? s->channels : 0, tile->out.width, tile->in.height,
                      program->kernels);
  else
    {
      const AeValue *v = &program->values[value];

      ae_buffer_layout (buffer, v->blocked, v->channels, tile->in.width * v->up / v->down,
                        tile->in.height * v->up / v->down, program->kernels);
    }
  border = buffer->blocked ? 1 : 0;
  buffer->block = buffer->row;
  buffer->row *= (size_t)ae_buffer_blocks (buffer);
  buffer->image = buffer->row * (size_t)(rows + 2 * border);
  return buffer->image;
}

/* The most rows of each value that are in memory during any strip, and of the inputs that a strip reads. */
static void
find_rows (const AeSession *s, const AeTile *tile, int strip, int *most, int *read)
{
  const int n = s->program->n_values, begin = tile->out.y - tile->in.y, end = begin + tile->out.height;
  g_autofree AeWindow *windows = g_new (AeWindow, n);
  g_autofree AeRows *rows = g_new (AeRows, n + 1);

  *read = 0;
  for (int i = 0; i <= n; i++)
    most[i] = 0;
  ae_windows_find (s, tile, windows);
  ae_strip_begin (s, tile, windows, rows);
  for (int in = strip, out = begin; out < end; in += strip)
    {
      out = ae_strip_next (s, tile, in, out, windows, rows);
      for (int i = 0; i <= n; i++)
        most[i] = MAX (most[i], rows[i].end - rows[i].first);
      *read = MAX (*read, rows[s->picture].end - rows[s->picture].begin);
    }
}

static void
lay_out (const AeSession *s, const AeTile *tile, int strip, AeTileLayout *layout)
{
  const int n = s->program->n_values;
  const size_t result = (size_t)tile->out.width * (size_t)MIN (tile->out.height, strip);
  g_autofree size_t *sizes = g_new0 (size_t, n_items (s));
  AeBuffer buffer;
  size_t read;
  int read_rows;

  layout->tile = *tile;
  layout->rows = g_new (int, n + 1);
  layout->offsets = g_new (size_t, n_items (s));
  find_rows (s, tile, strip, layout->rows, &read_rows);
  read = (size_t)tile->in.width * (size_t)read_rows;
  for (int i = 0; i <= n; i++)
    sizes[i] = ae_tile_buffer_layout (s, i, tile, layout->rows[i], &buffer);
  sizes[n + AE_EXTRA_PICTURE] = read * (size_t)s->channels;
  sizes[n + AE_EXTRA_SIGMA] = s->sigma >= 0 ? read : 0;
  sizes[n + AE_EXTRA_COLUMNS] = (size_t)tile->in.width;
  sizes[n + AE_EXTRA_RESULT] = result * (size_t)(s->out_channels * s->scale * s->scale);
  layout->floats = 0;
  for (int i = 0; i < n_items (s); i++)
    {
      layout->offsets[i] = layout->floats;
      layout->floats += ae_whole_lines (sizes[i]);
    }
}

static gboolean
same_shape (const AeTile *a, const AeTile *b)
{
  return a->in.width == b->in.width && a->in.height == b->in.height && a->out.width == b->out.width
         && a->out.height == b->out.height && a->out.x - a->in.x == b->out.x - b->in.x
         && a->out.y - a->in.y == b->out.y - b->in.y;
}

const AeTileLayout *
ae_tile_plan_layout (const AeTilePlan *plan, const AeTile *tile)
{
  for (guint i = 0; i < plan->layouts->len; i++)
    {
      const AeTileLayout *layout = &g_array_index (plan->layouts, AeTileLayout, i);

      if (same_shape (&layout->tile, tile))
        return layout;
    }
  return NULL;
}

size_t
ae_tile_plan_floats (const AeTilePlan *plan)
{
  size_t most = 0;

  for (guint i = 0; i < plan->layouts->len; i++)
    most = MAX (most, g_array_index (plan->layouts, AeTileLayout, i).floats);
  return most;
}

void
ae_tile_plan_clear (AeTilePlan *plan)
{
  for (guint i = 0; plan->layouts && i < plan->layouts->len; i++)
    {
      g_free (g_array_index (plan->layouts, AeTileLayout, i).rows);
      g_free (g_array_index (plan->layouts, AeTileLayout, i).offsets);
    }
  g_clear_pointer (&plan->layouts, g_array_unref);
  g_clear_pointer (&plan->tiles, g_array_unref);
}

/* Bytes of a run with `n_tiles` tiles of `n_layouts` shapes, the largest with `floats`. */
static guint64
bytes_of (const AeSession *s, guint64 n_tiles, guint64 n_layouts, size_t floats)
{
  const guint64 n = (guint64)s->program->n_values;

  return ((guint64)floats + (guint64)s->threads * s->program->scratch) * sizeof (float)
         + n_tiles * sizeof (AeTile)
         + n_layouts
             * (sizeof (AeTileLayout) + (guint64)n_items (s) * sizeof (size_t) + (n + 1) * sizeof (int))
         + n * sizeof (AeWindow) + (n + 1) * (sizeof (AeBuffer) + sizeof (AeRows));
}

/* Lays out each shape of tile. */
static void
measure (AeTilePlan *plan, const AeSession *s)
{
  plan->layouts = g_array_new (FALSE, FALSE, sizeof (AeTileLayout));
  for (guint i = 0; i < plan->tiles->len; i++)
    {
      const AeTile *tile = &g_array_index (plan->tiles, AeTile, i);
      AeTileLayout layout;

      if (ae_tile_plan_layout (plan, tile))
        continue;
      lay_out (s, tile, plan->strip, &layout);
      g_array_append_val (plan->layouts, layout);
    }
  plan->bytes = bytes_of (s, plan->tiles->len, plan->layouts->len, ae_tile_plan_floats (plan));
}

/* The width that ae_plan () gave the widest tiles. */
static int
widest (const AeTilePlan *plan, const AeSession *s)
{
  int most = 0;

  for (guint i = 0; i < plan->layouts->len; i++)
    most = MAX (most, g_array_index (plan->layouts, AeTileLayout, i).tile.out.width);
  return ae_round_up (most, s->unit) + 2 * s->halo_x;
}

/* Pixels that are computed, with what strips cost beside them. */
static double
cost_of (const AeTilePlan *plan, const AeSession *s)
{
  double pixels = 0;

  for (guint i = 0; i < plan->tiles->len; i++)
    {
      const AeRect *in = &g_array_index (plan->tiles, AeTile, i).in;

      pixels += (double)in->width * in->height;
    }
  return pixels * (1 + STRIP_COST * s->threads * s->alignment / plan->strip);
}

/* Width of the narrowest tiles, with what surrounds them. */
static int
least_width (const AeSession *s)
{
  const int least = ae_round_up (TILE_LEAST, s->unit) + 2 * s->halo_x;

  return s->max_tile ? MIN (least, s->max_tile) : least;
}

/* Where a picture is cut into columns: rows of a tile, without what surrounds them.  A caller that empties
 * the picture while the result grows has a row of tiles twice: no more than what the run takes. */
static int
tile_rows (const AeSession *s, guint64 max_memory, int width)
{
  const double row = (double)width * s->channels * sizeof (float);
  const int least = MAX (2 * s->halo_y, s->unit);

  return (int)CLAMP ((double)max_memory / row, least, MAX (least, TILE_ROWS)) / s->unit * s->unit;
}

static int
ceil_div (int n, int by)
{
  return (n + by - 1) / by;
}

/* At most so many shapes have tiles of that size: in each direction even parts of two lengths, the last one,
 * and those whose surroundings are cut off at one end of the picture or the other. */
static guint64
n_shapes (const AeSession *s, int width, int height)
{
  return (3 + 2 * (guint64)ceil_div (s->halo_x, width)) * (3 + 2 * (guint64)ceil_div (s->halo_y, height));
}

static void
too_little_memory (const AeSession *s, guint64 max_memory, int width, int height, GError **error)
{
  const int least = MAX (least_width (s) / s->unit * s->unit, s->unit + 2 * s->halo_x);
  const int rows = tile_rows (s, max_memory, width);
  const int inside = least - 2 * s->halo_x, down = ae_round_up (MIN (height, TILE_ROWS), s->unit);
  const guint64 n_tiles = ((guint64)width / (guint64)inside + 1) * ((guint64)height / (guint64)rows + 1);
  const AeTile tile = { { -s->halo_x, -s->halo_y, least, down + 2 * s->halo_y }, { 0, 0, inside, down } };
  AeTileLayout layout;
  double bytes;

  lay_out (s, &tile, s->alignment, &layout);
  g_free (layout.rows);
  g_free (layout.offsets);
  bytes = (double)bytes_of (s, n_tiles, MIN (n_tiles, n_shapes (s, inside, rows)), layout.floats);
  g_set_error (
    error, AE_ERROR, AE_ERROR_LIMIT,
    _ ("a memory limit of %.2f MiB is too small for a picture of %d × %d pixels: the smallest tiles of "
       "this model need %.2f MiB"),
    floor ((double)max_memory / (1 << 20) * 100) / 100, width, height, ceil (bytes / (1 << 20) * 100) / 100);
}

/* Pixels first <= x < first + length, cut off at `begin` and `end`. */
static void
cut (int *first, int *length, int begin, int end)
{
  const int last = MIN (*first + *length, end);

  *first = MAX (*first, begin);
  *length = last - *first;
}

/* A tile of the part and what the picture has around it, from one of a picture that begins with the whole
 * unit in which the part begins. */
static void
place (AeTile *tile, const AeSession *s, const AeRect *part, int width, int height)
{
  const int x = part->x / s->unit * s->unit, y = part->y / s->unit * s->unit;

  tile->in.x += x;
  tile->in.y += y;
  tile->out.x += x;
  tile->out.y += y;
  cut (&tile->in.x, &tile->in.width, -s->margin, ae_round_up (width, s->alignment) + s->margin);
  cut (&tile->in.y, &tile->in.height, -s->margin, ae_round_up (height, s->alignment) + s->margin);
  cut (&tile->out.x, &tile->out.width, part->x, part->x + part->width);
  cut (&tile->out.y, &tile->out.height, part->y, part->y + part->height);
}

/* The fewest columns with strips of plan->strip rows that keep within the limit.  Without a plan and an
 * error: there are none. */
static gboolean
find_columns (AeTilePlan *plan, const AeSession *s, guint64 max_memory, const AeRect *part, int width,
              int height, GError **error)
{
  const int across = part->x % s->unit + part->width, down = part->y % s->unit + part->height;
  const int whole = ae_round_up (across, s->unit) + 2 * s->halo_x, least = least_width (s);
  AePlanInput input = { .width = across,
                        .height = down,
                        .halo_x = s->halo_x,
                        .halo_y = s->halo_y,
                        .alignment = s->unit,
                        .max_width = s->max_tile ? MIN (s->max_tile, TILE_MAX) : TILE_MAX };

  for (;;)
    {
      int used;

      input.max_height
        = input.max_width < whole ? tile_rows (s, max_memory, across) + 2 * s->halo_y : TILE_MAX;
      plan->tiles = ae_plan (&input, error);
      if (!plan->tiles)
        return FALSE;
      for (guint i = 0; i < plan->tiles->len; i++)
        place (&g_array_index (plan->tiles, AeTile, i), s, part, width, height);
      measure (plan, s);
      used = widest (plan, s);
      if (plan->bytes <= max_memory)
        return TRUE;
      /* Memory grows a little less than the width, for tables and borders do not. */
      input.max_width = MIN ((int)(used * ((double)max_memory / (double)plan->bytes)), used - 1);
      if (used > least)
        input.max_width = MAX (input.max_width, least);
      ae_tile_plan_clear (plan);
      if (input.max_width < least)
        return FALSE;
    }
}

/* The rows of strips, at most `rows`. */
static int
whole_strip (const AeSession *s, int rows)
{
  return MAX (rows / s->alignment, 1) * s->alignment;
}

static int
longest_strip (const AeSession *s, int height)
{
  int rows = MAX (STRIP_ROWS, BLOCKS_PER_THREAD * s->threads * s->alignment);

  if (s->max_tile)
    rows = MIN (rows, s->max_tile - 2 * s->halo_y);
  return whole_strip (s, MIN (rows, ae_round_up (height, s->alignment) + 2 * s->halo_y));
}

gboolean
ae_tile_plan_init (AeTilePlan *plan, const AeSession *s, guint64 max_memory, const AeRect *part, int width,
                   int height, GError **error)
{
  const int longest = longest_strip (s, part->height);
  double least = 0;

  /* lower strips need less memory but cost more */
  for (int strip = longest;; strip = whole_strip (s, strip / 2))
    {
      AeTilePlan other = { .strip = strip };
      g_autoptr (GError) problem = NULL;
      double cost;

      if (find_columns (&other, s, max_memory, part, width, height, &problem))
        {
          cost = cost_of (&other, s);
          if (!plan->tiles || cost < least)
            {
              AeTilePlan worse = *plan;

              *plan = other;
              other = worse;
              least = cost;
            }
          ae_tile_plan_clear (&other);
        }
      else if (problem)
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          ae_tile_plan_clear (plan);
          return FALSE;
        }
      if (strip == s->alignment || (plan->tiles && plan->tiles->len == 1))
        break;
    }
  if (!plan->tiles)
    too_little_memory (s, max_memory, part->width, part->height, error);
  return plan->tiles != NULL;
}
