/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* arena.h - places arrays that live at different times in one piece of memory. */

#ifndef AE_ARENA_H
#define AE_ARENA_H

#include <stddef.h>

typedef struct
{
  size_t size;     /* in floats */
  int first, last; /* when it is in use, both included */
  size_t offset;   /* result, in floats: a multiple of 16, which is a cache line */
} AeArenaItem;

/*
 * Sets the offsets so that items in use at the same time do not overlap, and
 * returns the floats needed in all, a multiple of 16.  Largest first, each
 * into the smallest gap that holds it.  The same items give the same result.
 */
size_t ae_arena_plan (AeArenaItem *items, int n);

#endif
