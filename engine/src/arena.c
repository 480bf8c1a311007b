/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* arena.c - places arrays that live at different times in one piece of memory. */

#include "arena.h"

#include <glib.h>

static size_t
whole_lines (size_t floats)
{
  return (floats + 15) & ~(size_t)15;
}

/*
 * The smallest gap that holds `item` among those of `placed` that are in use
 * together with it; the end of these if no gap does.  placed: by offset.
 */
static size_t
best_place (const AeArenaItem *item, AeArenaItem *const *placed, int n)
{
  size_t size = whole_lines (item->size), end = 0; /* of all before */
  size_t best = 0, best_gap = 0;
  gboolean found = FALSE;

  for (int i = 0; i < n; i++)
    {
      const AeArenaItem *other = placed[i];

      if (other->first > item->last || item->first > other->last)
        continue;
      if (other->offset >= end + size && (!found || other->offset - end < best_gap))
        {
          found = TRUE;
          best = end;
          best_gap = other->offset - end;
        }
      end = MAX (end, other->offset + whole_lines (other->size));
    }
  return found ? best : end;
}

size_t
ae_arena_plan (AeArenaItem *items, int n)
{
  AeArenaItem **by_size = g_new (AeArenaItem *, n);
  AeArenaItem **by_offset = g_new (AeArenaItem *, n);
  size_t total = 0;

  /* insertion sorts: stable, so the result is the same with every C library */
  for (int i = 0, j; i < n; i++)
    {
      for (j = i; j > 0 && by_size[j - 1]->size < items[i].size; j--)
        by_size[j] = by_size[j - 1];
      by_size[j] = &items[i];
    }
  for (int i = 0, j; i < n; i++)
    {
      AeArenaItem *item = by_size[i];

      item->offset = best_place (item, by_offset, i);
      total = MAX (total, item->offset + whole_lines (item->size));
      for (j = i; j > 0 && by_offset[j - 1]->offset > item->offset; j--)
        by_offset[j] = by_offset[j - 1];
      by_offset[j] = item;
    }
  g_free (by_size);
  g_free (by_offset);
  return total;
}
