/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* session-window.c - the pixels of each value that a tile's result depends on; steps compute no others. */

#include "session-private.h"

#include "graph-ops.h"

static gint64
size_of (const AeValue *value, int size)
{
  return (gint64)size * value->up / value->down;
}

static void
unite (AeInterval *a, AeInterval b)
{
  a->first = MIN (a->first, b.first);
  a->end = MAX (a->end, b.end);
}

/* Where groups begin: at multiples of their length from the corner of the picture on, at all resolutions. */
static gint64
into_group (gint64 origin, const AeValue *value, gint64 first, int group)
{
  const gint64 at = origin * value->up / value->down + first;

  return (at % group + group) % group;
}

/*
 * Along one axis: `in` pixels of the picture from `origin` on, of which the
 * result is wanted for `wanted`; across: along rows.  need: of all values.
 * Windows begin and end where the step that computes them may be cut; those of
 * all inputs are the same, for these are read and filled at once.
 */
static void
find_intervals (const AeProgram *program, gint64 origin, int in, gboolean across, AeInterval wanted,
                AeInterval *need)
{
  AeInterval inputs = { G_MAXINT64, G_MININT64 };

  for (int i = 0; i < program->n_values; i++)
    need[i] = (AeInterval){ G_MAXINT64, G_MININT64 };
  need[program->output] = wanted;
  for (int i = program->n_steps - 1; i >= 0; i--)
    {
      const AeStep *step = &program->steps[i];
      AeInterval *out = &need[step->dst];
      const AeValue *value = &program->values[step->dst];
      const int multiple = ae_step_row_multiple (step), group = across ? ae_program_group (program, i) : 1;
      AeInterval reads;

      out->first -= into_group (origin, value, out->first, group);
      out->end += (group - into_group (origin, value, out->end, group)) % group;
      out->first = MAX (out->first, 0) / multiple * multiple;
      out->end = MIN ((out->end + multiple - 1) / multiple * multiple, size_of (value, in));
      reads = step->kind == AE_STEP_NODE ? ae_op_rules[step->node->op].reads (step->node, *out) : *out;
      for (int s = 0; s < step->n_src; s++)
        unite (&need[step->src[s]], reads);
      if (step->add >= 0)
        unite (&need[step->add], *out);
    }
  for (int i = 0; i < program->n_values; i++)
    if (program->values[i].input)
      unite (&inputs, need[i]);
  inputs.first = MAX (inputs.first, 0);
  inputs.end = MIN (inputs.end, in);
  for (int i = 0; i < program->n_values; i++)
    if (program->values[i].input)
      need[i] = inputs;
}

void
ae_windows_find (const AeSession *s, const AeTile *tile, AeWindow *windows)
{
  const AeProgram *program = s->program;
  const gint64 x0 = (gint64)(tile->out.x - tile->in.x) * s->scale;
  const gint64 y0 = (gint64)(tile->out.y - tile->in.y) * s->scale;
  const AeInterval across = { x0, x0 + (gint64)tile->out.width * s->scale };
  const AeInterval down = { y0, y0 + (gint64)tile->out.height * s->scale };
  g_autofree AeInterval *need = g_new (AeInterval, program->n_values);

  find_intervals (program, tile->in.x, tile->in.width, TRUE, across, need);
  for (int i = 0; i < program->n_values; i++)
    {
      windows[i].x0 = (int)need[i].first;
      windows[i].x1 = (int)need[i].end;
    }
  find_intervals (program, tile->in.y, tile->in.height, FALSE, down, need);
  for (int i = 0; i < program->n_values; i++)
    {
      windows[i].y0 = (int)need[i].first;
      windows[i].y1 = (int)need[i].end;
    }
  /* A bicubic step repeats the pixels at the ends of its rows, so it must know where these are. */
  for (int i = 0; i < program->n_steps; i++)
    if (program->steps[i].kind == AE_STEP_NODE && program->steps[i].node->op == AE_OP_BICUBIC)
      {
        windows[program->steps[i].dst].x0 = 0;
        windows[program->steps[i].dst].x1
          = (int)size_of (&program->values[program->steps[i].dst], tile->in.width);
      }
}

int
ae_windows_halo (const AeSession *s)
{
  /* no group is longer than four pixels: the halo is at most four times that of single pixels */
  const int far = 4 * s->halo_y + s->unit;
  const AeInterval wanted = { (gint64)far * s->scale, ((gint64)far + s->unit) * s->scale };
  g_autofree AeInterval *need = g_new (AeInterval, s->program->n_values);
  AeInterval *picture = &need[s->picture];

  find_intervals (s->program, 0, 2 * far + s->unit, TRUE, wanted, need);
  return (int)MAX (far - picture->first, picture->end - far - s->unit);
}

double
ae_windows_work (const AeSession *s, const AeWindow *windows)
{
  double work = 0;

  for (int i = 0; i < s->program->n_steps; i++)
    {
      const AeWindow *w = &windows[s->program->steps[i].dst];

      work += s->costs[i] * (w->x1 - w->x0) * (w->y1 - w->y0);
    }
  return work;
}

/* Columns x0 <= x < x0 + width of a buffer as if there were no others. */
static AeBuffer
view (const AeBuffer *buffer, int x0, int width)
{
  AeBuffer v = *buffer;

  v.data += (ptrdiff_t)x0 * v.pixel;
  v.width = width;
  return v;
}

void
ae_windows_run_step (const AeSession *s, int step, const AeTile *tile, const AeBuffer *buffers,
                     const AeWindow *windows, int y0, int y1, float *scratch)
{
  const AeProgram *program = s->program;
  const AeWindow *window = &windows[program->steps[step].dst];
  const AeValue *value = &program->values[program->steps[step].dst];
  const AeBuffer *dst = &buffers[program->steps[step].dst];
  /* the same step on values 0: result, 1: what is added, from 2 on: sources */
  AeStep local = program->steps[step];
  AeBuffer views[2 + AE_GRAPH_SOURCES_MAX];

  views[0] = view (dst, window->x0, window->x1 - window->x0);
  views[0].phase = (int)into_group (tile->in.x, value, window->x0, ae_program_group (program, step));
  local.dst = 0;
  if (local.add >= 0)
    {
      views[1] = view (&buffers[local.add], window->x0, window->x1 - window->x0);
      local.add = 1;
    }
  for (int i = 0; i < local.n_src; i++)
    {
      const AeBuffer *src = &buffers[local.src[i]];

      views[2 + i] = view (src, (int)((gint64)window->x0 * src->width / dst->width),
                           (int)((gint64)(window->x1 - window->x0) * src->width / dst->width));
      local.src[i] = 2 + i;
    }
  ae_step_run (program->kernels, &local, &program->packed[local.index], views, 0, y0, y1, scratch);
}
