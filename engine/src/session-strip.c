/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* session-strip.c - which rows of each value a strip of a tile computes, and which stay from the one before.
 */

#include "session-private.h"

#include "graph-ops.h"

void
ae_strip_begin (const AeSession *s, const AeTile *tile, const AeWindow *windows, AeRows *rows)
{
  const int n = s->program->n_values, out = tile->out.y - tile->in.y;

  for (int i = 0; i < n; i++)
    rows[i] = (AeRows){ windows[i].y0, windows[i].y0, windows[i].y0, 0 };
  rows[n] = (AeRows){ out, out, out, 0 };
}

/* The first row of its sources that a step needs for rows of its result from `row` on. */
static int
first_read (const AeStep *step, int row)
{
  const AeInterval next = { row, row + ae_step_row_multiple (step) };

  if (step->kind != AE_STEP_NODE)
    return row;
  return (int)MAX (ae_op_rules[step->node->op].reads (step->node, next).first, 0);
}

/* How far each value is computed with the strip. */
static void
find_ends (const AeSession *s, const AeTile *tile, const AeWindow *windows, AeRows *rows)
{
  const int n = s->program->n_values;
  AeRows *excess = &rows[n];

  for (int i = 0; i <= n; i++)
    rows[i].begin = rows[i].end;
  for (int i = 0; i < n; i++)
    rows[i].end = MAX (rows[i].end, windows[i].y1);
  /* of the picture there are at least the rows of the result: no step reads less than the place of what it
   * gives */
  if (s->adds_excess)
    excess->end = CLAMP (rows[s->picture].end, excess->begin, tile->out.y - tile->in.y + tile->out.height);
}

int
ae_strip_next (const AeSession *s, const AeTile *tile, int in_end, int out_begin, AeWindow *windows,
               AeRows *rows)
{
  const AeProgram *program = s->program;
  const int n = program->n_values, out = tile->out.y - tile->in.y;
  /* before `out` while rows above the result are computed that it depends on */
  const int out_end = MIN (in_end - s->halo_y, out + tile->out.height);
  AeTile above = *tile; /* all of the tile down to the end of the strip */

  above.out.height = out_end - out;
  ae_windows_find (s, &above, windows);
  find_ends (s, tile, windows, rows);

  /* A row stays as long as a step has rows to compute that depend on it. */
  for (int i = 0; i <= n; i++)
    {
      rows[i].dropped = rows[i].first;
      rows[i].first = rows[i].begin;
    }
  rows[program->output].first = MIN (rows[program->output].first, out_begin * s->scale);
  rows[n].first = MIN (rows[n].first, out_begin);
  for (int i = 0; i < program->n_steps; i++)
    {
      const AeStep *step = &program->steps[i];
      const int row = rows[step->dst].begin;

      for (int j = 0; j < step->n_src; j++)
        rows[step->src[j]].first = MIN (rows[step->src[j]].first, first_read (step, row));
      if (step->add >= 0)
        rows[step->add].first = MIN (rows[step->add].first, row);
    }
  for (int i = 0; i <= n; i++)
    {
      const int before = rows[i].dropped;

      rows[i].first = MAX (rows[i].first, before);
      rows[i].dropped = rows[i].first - before;
    }
  return MAX (out_end, out_begin);
}
