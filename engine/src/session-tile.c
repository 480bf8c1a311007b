/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* session-tile.c - the strips of a tile between the caller's pixels and the values of the program. */

#include "session-private.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* The pixels of the picture that mirroring `n` coordinates from `first` on reaches. */
static void
mirrored_range (int first, int n, int size, int *begin, int *length)
{
  int low = size, high = -1;

  for (int i = first; i < first + n && high - low + 1 < size; i++)
    {
      int at = ae_mirror (i, size);

      low = MIN (low, at);
      high = MAX (high, at);
    }
  *begin = low;
  *length = high - low + 1;
}

static int
n_values (const AeTileWork *w)
{
  return w->session->program->n_values;
}

void
ae_tile_work_begin (AeTileWork *w, const AeTile *tile, const AeTilePlan *plan, float *memory)
{
  const AeSession *s = w->session;
  const AeTileLayout *layout = ae_tile_plan_layout (plan, tile);
  const size_t *extras = layout->offsets + n_values (w);

  w->tile = *tile;
  w->strip = plan->strip;
  w->in_end = 0;
  w->out_begin = w->out_end = tile->out.y - tile->in.y;
  ae_windows_find (s, tile, w->windows);
  ae_strip_begin (s, tile, w->windows, w->rows);
  for (int i = 0; i <= n_values (w); i++)
    {
      AeBuffer *buffer = &w->buffers[i];

      ae_tile_buffer_layout (s, i, tile, layout->rows[i], buffer);
      ae_buffer_place (buffer, memory + layout->offsets[i]);
      buffer->data -= (ptrdiff_t)w->rows[i].first * (ptrdiff_t)buffer->row;
    }
  w->picture = memory + extras[AE_EXTRA_PICTURE];
  w->sigma = memory + extras[AE_EXTRA_SIGMA];
  w->result = memory + extras[AE_EXTRA_RESULT];
  w->columns = (int *)(void *)(memory + extras[AE_EXTRA_COLUMNS]);

  mirrored_range (tile->in.x, tile->in.width, w->run->width, &w->got.x, &w->got.width);
  for (int x = 0; x < tile->in.width; x++)
    w->columns[x] = ae_mirror (tile->in.x + x, w->run->width) - w->got.x;
}

gboolean
ae_tile_work_next (AeTileWork *w)
{
  const AeTile *tile = &w->tile;
  const AeRows *read = &w->rows[w->session->picture];

  if (w->out_end == tile->out.y - tile->in.y + tile->out.height)
    return FALSE;
  w->in_end += w->strip;
  w->out_begin = w->out_end;
  w->out_end = ae_strip_next (w->session, tile, w->in_end, w->out_begin, w->windows, w->rows);
  for (int i = 0; i <= n_values (w); i++)
    w->buffers[i].data -= (ptrdiff_t)w->rows[i].dropped * (ptrdiff_t)w->buffers[i].row;
  mirrored_range (tile->in.y + read->begin, read->end - read->begin, w->run->height, &w->got.y,
                  &w->got.height);
  return TRUE;
}

void
ae_tile_work_keep (const AeTileWork *w, int value, int block)
{
  const AeBuffer *buffer = &w->buffers[value];
  const AeRows *rows = &w->rows[value];
  /* with the border, to which the row below the last one belongs */
  const int left = buffer->blocked ? -1 : 0;
  const int end = rows->begin + (buffer->blocked && rows->begin == buffer->height ? 1 : 0);

  if (rows->dropped > 0)
    for (int y = rows->first; y < end; y++)
      memcpy (ae_buffer_at (buffer, 0, block, y, left),
              ae_buffer_at (buffer, 0, block, y + rows->dropped, left), buffer->block * sizeof (float));
}

gboolean
ae_tile_work_read (AeTileWork *w, GError **error)
{
  if (w->got.height < 1)
    return TRUE;
  if (!w->run->read (&w->got, w->picture, w->run->data, error))
    return FALSE;
  return w->session->sigma < 0 || !w->run->sigma_func
         || w->run->sigma_func (&w->got, w->sigma, w->run->data, error);
}

static inline float
finite_or_zero (float v)
{
  return fabsf (v) <= FLT_MAX ? v : 0;
}

static inline float
clamp (float v)
{
  v = v > 0 ? v : 0;
  return v < 1 ? v : 1;
}

static inline float
network_value (float v, gboolean clamped)
{
  v = finite_or_zero (v);
  return clamped ? clamp (v) : v;
}

/* One row of an input; from: the row of what was read that it mirrors. */
static void
fill_row (const AeTileWork *w, float *to, const float *from, gboolean clamped)
{
  /* columns begin <= x < end are inside the picture */
  const int begin = MAX (-w->tile.in.x, 0);
  const int end = MIN (w->run->width - w->tile.in.x, w->tile.in.width);
  const float *inside = from + (w->tile.in.x + begin - w->got.x);

  for (int x = 0; x < begin; x++)
    to[x] = network_value (from[w->columns[x]], clamped);
  if (clamped)
    for (int x = begin; x < end; x++)
      to[x] = network_value (inside[x - begin], TRUE);
  else
    for (int x = begin; x < end; x++)
      to[x] = network_value (inside[x - begin], FALSE);
  for (int x = end; x < w->tile.in.width; x++)
    to[x] = network_value (from[w->columns[x]], clamped);
}

/* What clamping takes away from one row; from: its first pixel. */
static void
keep_excess (float *to, const float *from, int n)
{
  for (int x = 0; x < n; x++)
    {
      float v = finite_or_zero (from[x]);

      to[x] = v - clamp (v);
    }
}

void
ae_tile_work_fill (const AeTileWork *w, int y0, int y1)
{
  const AeSession *s = w->session;
  const AeBuffer *picture = &w->buffers[s->picture], *excess = &w->buffers[n_values (w)];
  const AeRows *beyond = &w->rows[n_values (w)];
  const size_t columns = (size_t)w->got.width, plane = columns * (size_t)w->got.height;
  const gboolean clamped = !w->run->unclamped;
  const gboolean keep = s->adds_excess && clamped;

  for (int y = y0; y < y1; y++)
    {
      const size_t row = (size_t)(ae_mirror (w->tile.in.y + y, w->run->height) - w->got.y) * columns;

      for (int c = 0; c < s->channels; c++)
        {
          const float *from = w->picture + (size_t)c * plane + row;

          fill_row (w, ae_buffer_at (picture, 0, c, y, 0), from, clamped);
          if (keep && y >= beyond->begin && y < beyond->end)
            keep_excess (ae_buffer_at (excess, 0, c, y, 0), from + (w->tile.out.x - w->got.x),
                         w->tile.out.width);
        }
      if (s->sigma >= 0)
        {
          float *to = ae_buffer_at (&w->buffers[s->sigma], 0, 0, y, 0);

          if (w->run->sigma_func)
            fill_row (w, to, w->sigma + row, TRUE);
          else
            for (int x = 0; x < w->tile.in.width; x++)
              to[x] = w->run->sigma / 255;
        }
    }
}

void
ae_tile_work_finish (const AeTileWork *w, int y0, int y1)
{
  const AeSession *s = w->session;
  const AeBuffer *output = &w->buffers[s->program->output], *excess = &w->buffers[n_values (w)];
  const gboolean add = s->adds_excess && !w->run->unclamped;
  const int width = w->tile.out.width * s->scale, height = (w->out_end - w->out_begin) * s->scale;
  const int left = (w->tile.out.x - w->tile.in.x) * s->scale, top = w->out_begin * s->scale;

  for (int c = 0; c < s->out_channels; c++)
    for (int y = y0; y < y1; y++)
      {
        const float *from = ae_buffer_at (output, 0, c, top + y, left);
        float *to = w->result + ((size_t)c * (size_t)height + (size_t)y) * (size_t)width;

        if (add)
          {
            const float *more = ae_buffer_at (excess, 0, c, top + y, 0);

            for (int x = 0; x < width; x++)
              to[x] = more[x] + finite_or_zero (from[x]);
          }
        else
          for (int x = 0; x < width; x++)
            to[x] = finite_or_zero (from[x]);
      }
}

gboolean
ae_tile_work_write (const AeTileWork *w, GError **error)
{
  const int scale = w->session->scale;
  const AeRect rect = { w->tile.out.x * scale, (w->tile.in.y + w->out_begin) * scale,
                        w->tile.out.width * scale, (w->out_end - w->out_begin) * scale };

  return w->out_end == w->out_begin || w->run->write (&rect, w->result, w->run->data, error);
}
