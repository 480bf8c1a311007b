/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* arena.c - places the values of a program in one piece of memory. */

#include "arena.h"

#include <stdlib.h>

static gboolean
live_together (const AeValue *a, const AeValue *b)
{
  return a->first <= b->last && b->first <= a->last;
}

/* The lowest offset at which value v overlaps none of the values placed before it. */
static size_t
lowest_place (const AeProgram *program, const AeBuffer *layout, const size_t *offsets, const int *placed,
              int n, int v)
{
  size_t at = 0;
  gboolean moved;

  do
    {
      moved = FALSE;
      for (int i = 0; i < n; i++)
        {
          int o = placed[i];

          if (live_together (&program->values[o], &program->values[v]) && at < offsets[o] + layout[o].image
              && offsets[o] < at + layout[v].image)
            {
              at = offsets[o] + layout[o].image;
              moved = TRUE;
            }
        }
    }
  while (moved);
  return at;
}

size_t
ae_arena_plan (const AeProgram *program, const AeBuffer *layout, size_t *offsets)
{
  int n = program->n_values;
  int *order = g_new (int, n);
  size_t total = 0;

  for (int i = 0; i < n; i++)
    order[i] = i;
  /* insertion sort: stable, so that the result is the same everywhere */
  for (int i = 1; i < n; i++)
    for (int j = i; j > 0 && layout[order[j]].image > layout[order[j - 1]].image; j--)
      {
        int swap = order[j];

        order[j] = order[j - 1];
        order[j - 1] = swap;
      }
  for (int i = 0; i < n; i++)
    {
      int v = order[i];

      offsets[v] = lowest_place (program, layout, offsets, order, i, v);
      total = MAX (total, offsets[v] + layout[v].image);
    }
  g_free (order);
  return total;
}
