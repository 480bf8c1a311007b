/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* plan.h - cuts a picture into tiles whose borders cannot be seen. */

#ifndef AE_PLAN_H
#define AE_PLAN_H

#include <glib.h>

typedef struct
{
  int x, y, width, height;
} AeRect;

/*
 * out: pixels of the picture that the tile is responsible for; the out
 *      rectangles of a plan cover the picture once.
 * in:  what the network is run on: out grown by the halo on each side, its
 *      origin and size multiples of the alignment.  May lie beyond the
 *      picture; a session cuts it off there.
 */
typedef struct
{
  AeRect in, out;
} AeTile;

typedef struct
{
  int width, height;         /* of the picture, >= 1 */
  int halo_x, halo_y;        /* pixels to the left and right, above and below that a result depends on */
  int alignment;             /* tiles begin at multiples of it */
  int max_width, max_height; /* of AeTile.in, 0: no limit */
} AePlanInput;

/* A pure function of its input.  The fewest columns and rows within the limits, evenly
 * sized so that no sliver remains.  Returns an array of AeTile, row by row;
 * error AE_ERROR_LIMIT if not even the smallest tile fits. */
GArray *ae_plan (const AePlanInput *input, GError **error);

/* Mirrors a coordinate into 0..size-1 without repeating the border pixel
 * (… 2 1 0 1 2 … size-2 size-1 size-2 …), any number of times; 0 for size 1. */
int ae_mirror (int i, int size);

#endif
