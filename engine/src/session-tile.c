/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* session-tile.c - one tile between the caller's pixels and the values of the program. */

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

void
ae_tile_work_begin (AeTileWork *w, const AeTile *tile, const AeTileLayout *layout, float *memory)
{
  const AeSession *s = w->session;
  const size_t *extras = layout->offsets + s->program->n_values;

  w->in = tile->in;
  w->out = tile->out;
  ae_program_layout (s->program, layout->width, layout->height, w->buffers);
  for (int i = 0; i < s->program->n_values; i++)
    ae_buffer_place (&w->buffers[i], memory + layout->offsets[i]);
  ae_windows_find (s, tile, w->windows);
  w->picture = memory + extras[AE_EXTRA_PICTURE];
  w->sigma = memory + extras[AE_EXTRA_SIGMA];
  w->result = memory + extras[AE_EXTRA_RESULT];
  w->columns = (int *)(void *)(memory + extras[AE_EXTRA_COLUMNS]);

  mirrored_range (w->in.x, w->in.width, w->run->width, &w->got.x, &w->got.width);
  mirrored_range (w->in.y, w->in.height, w->run->height, &w->got.y, &w->got.height);
  for (int x = 0; x < w->in.width; x++)
    w->columns[x] = ae_mirror (w->in.x + x, w->run->width) - w->got.x;
}

gboolean
ae_tile_work_read (AeTileWork *w, GError **error)
{
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
  const int begin = MAX (-w->in.x, 0);
  const int end = MIN (w->run->width - w->in.x, w->in.width);
  const float *inside = from + (w->in.x + begin - w->got.x);

  for (int x = 0; x < begin; x++)
    to[x] = network_value (from[w->columns[x]], clamped);
  if (clamped)
    for (int x = begin; x < end; x++)
      to[x] = network_value (inside[x - begin], TRUE);
  else
    for (int x = begin; x < end; x++)
      to[x] = network_value (inside[x - begin], FALSE);
  for (int x = end; x < w->in.width; x++)
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
  const AeBuffer *picture = &w->buffers[s->picture];
  const size_t columns = (size_t)w->got.width, plane = columns * (size_t)w->got.height;
  const gboolean clamped = !w->run->unclamped;
  const gboolean excess = s->adds_excess && clamped;

  for (int y = y0; y < y1; y++)
    {
      const size_t row = (size_t)(ae_mirror (w->in.y + y, w->run->height) - w->got.y) * columns;
      const int out_y = w->in.y + y - w->out.y;

      for (int c = 0; c < s->channels; c++)
        {
          const float *from = w->picture + (size_t)c * plane + row;

          fill_row (w, ae_buffer_at (picture, 0, c, y, 0), from, clamped);
          if (excess && out_y >= 0 && out_y < w->out.height)
            keep_excess (w->result
                           + ((size_t)c * (size_t)w->out.height + (size_t)out_y) * (size_t)w->out.width,
                         from + (w->out.x - w->got.x), w->out.width);
        }
      if (s->sigma >= 0)
        {
          float *to = ae_buffer_at (&w->buffers[s->sigma], 0, 0, y, 0);

          if (w->run->sigma_func)
            fill_row (w, to, w->sigma + row, TRUE);
          else
            for (int x = 0; x < w->in.width; x++)
              to[x] = w->run->sigma / 255;
        }
    }
}

void
ae_tile_work_finish (const AeTileWork *w, int y0, int y1)
{
  const AeSession *s = w->session;
  const AeBuffer *output = &w->buffers[s->program->output];
  const gboolean excess = s->adds_excess && !w->run->unclamped;
  const int width = w->out.width * s->scale, height = w->out.height * s->scale;
  const int left = (w->out.x - w->in.x) * s->scale, top = (w->out.y - w->in.y) * s->scale;

  for (int c = 0; c < s->out_channels; c++)
    for (int y = y0; y < y1; y++)
      {
        const float *from = ae_buffer_at (output, 0, c, top + y, left);
        float *to = w->result + ((size_t)c * (size_t)height + (size_t)y) * (size_t)width;

        if (excess)
          for (int x = 0; x < width; x++)
            to[x] += finite_or_zero (from[x]);
        else
          for (int x = 0; x < width; x++)
            to[x] = finite_or_zero (from[x]);
      }
}

gboolean
ae_tile_work_write (const AeTileWork *w, GError **error)
{
  const int scale = w->session->scale;
  const AeRect rect = { w->out.x * scale, w->out.y * scale, w->out.width * scale, w->out.height * scale };

  return w->run->write (&rect, w->result, w->run->data, error);
}
