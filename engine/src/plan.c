/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* plan.c - cuts a picture into tiles. */

#include <ae/plan.h>

#include <ae/error.h>
#include <inttypes.h>

#include "intl.h"

/* Keeps the coordinates of tiles far from overflow. */
#define SIZE_MAX_PIXELS (1 << 30)
#define HALO_MAX (1 << 20)
#define TILES_MAX ((gint64)1 << 20)

int
ae_mirror (int i, int size)
{
  gint64 period = 2 * ((gint64)size - 1), at;

  if (size <= 1)
    return 0;
  at = i % period;
  if (at < 0)
    at += period;
  return (int)(at < size ? at : period - at);
}

/* Everything below counts in units of the alignment. */
typedef struct
{
  gint64 width, height, halo;
  gint64 max_in, max_area; /* G_MAXINT64: none */
} Units;

static gint64
ceil_div (gint64 a, gint64 b)
{
  return a / b + (a % b != 0);
}

/* The fewest parts of `size` that, with the halo, are at most `limit` long; 0: none are. */
static gint64
fewest_parts (const Units *u, gint64 size, gint64 limit)
{
  return limit > 2 * u->halo ? ceil_div (size, MIN (limit - 2 * u->halo, size)) : 0;
}

/*
 * Columns and rows with the least input in all, for that is what the network
 * has to compute.  Of equals the one with the fewest columns: long rows are
 * read and computed faster.  FALSE if nothing keeps within the limits.
 */
static gboolean
choose (const Units *u, gint64 *columns, gint64 *rows)
{
  gint64 widest = MIN (u->max_in, u->max_area / (1 + 2 * u->halo));
  gint64 first = fewest_parts (u, u->width, widest);
  double least = 0; /* exact below 2^53, and a fair comparison beyond */

  if (first == 0 || u->max_in <= 2 * u->halo)
    return FALSE;
  for (gint64 nx = first; nx <= MIN (u->width, first + TILES_MAX); nx++)
    {
      gint64 in_width = ceil_div (u->width, nx) + 2 * u->halo;
      gint64 ny = fewest_parts (u, u->height, MIN (u->max_in, u->max_area / in_width));
      double across = (double)u->width + 2.0 * (double)u->halo * (double)nx;
      double total = across * ((double)u->height + 2.0 * (double)u->halo * (double)ny);

      if (nx > first && across * ((double)u->height + 2.0 * (double)u->halo) >= least)
        break; /* more columns cost more, whatever the rows */
      if (nx == first || total < least)
        {
          least = total;
          *columns = nx;
          *rows = ny;
        }
    }
  return TRUE;
}

/* Begin of part i of n, as even as whole units allow. */
static gint64
part (gint64 size, gint64 n, gint64 i)
{
  return size / n * i + size % n * i / n;
}

static gboolean
check (const AePlanInput *p, GError **error)
{
  if (p->width < 1 || p->height < 1 || p->width > SIZE_MAX_PIXELS || p->height > SIZE_MAX_PIXELS)
    g_set_error (
      error, AE_ERROR, AE_ERROR_ARGUMENT,
      _ ("a picture of %d × %d pixels cannot be divided into tiles: expected 1 to %d in each direction"),
      p->width, p->height, SIZE_MAX_PIXELS);
  else if (p->halo < 0 || p->halo > HALO_MAX || p->alignment < 1 || p->alignment > HALO_MAX || p->max_in < 0
           || p->max_in_area < 0)
    g_set_error (
      error, AE_ERROR, AE_ERROR_ARGUMENT,
      _ ("tiles with halo %d, alignment %d, at most %d long and %" PRId64 " pixels large have no meaning"),
      p->halo, p->alignment, p->max_in, p->max_in_area);
  else
    return TRUE;
  return FALSE;
}

GArray *
ae_plan (const AePlanInput *input, GError **error)
{
  const gint64 a = input->alignment;
  gint64 columns = 1, rows = 1;
  GArray *tiles;
  Units u;

  if (!check (input, error))
    return NULL;
  u.width = ceil_div (input->width, a);
  u.height = ceil_div (input->height, a);
  u.halo = ceil_div (input->halo, a);
  u.max_in = input->max_in ? input->max_in / a : G_MAXINT64;
  u.max_area = input->max_in_area ? input->max_in_area / (a * a) : G_MAXINT64;
  if (!choose (&u, &columns, &rows))
    {
      gint64 least = (1 + 2 * u.halo) * a;

      g_set_error (error, AE_ERROR, AE_ERROR_LIMIT,
                   _ ("tiles must have %" PRId64 " × %" PRId64
                      " pixels or more with what the network looks at around them"),
                   least, least);
      return NULL;
    }
  if (columns > TILES_MAX || rows > TILES_MAX || columns * rows > TILES_MAX)
    {
      g_set_error (
        error, AE_ERROR, AE_ERROR_LIMIT,
        _ ("a picture of %d × %d pixels would need more than %" PRId64 " tiles: expected fewer, larger ones"),
        input->width, input->height, TILES_MAX);
      return NULL;
    }

  tiles = g_array_sized_new (FALSE, FALSE, sizeof (AeTile), (guint)(columns * rows));
  for (gint64 j = 0; j < rows; j++)
    for (gint64 i = 0; i < columns; i++)
      {
        gint64 x0 = part (u.width, columns, i) * a, x1 = part (u.width, columns, i + 1) * a;
        gint64 y0 = part (u.height, rows, j) * a, y1 = part (u.height, rows, j + 1) * a;
        gint64 halo = u.halo * a;
        AeTile tile = {
          .in = { (int)(x0 - halo), (int)(y0 - halo), (int)(x1 - x0 + 2 * halo), (int)(y1 - y0 + 2 * halo) },
          .out
          = { (int)x0, (int)y0, (int)(MIN (x1, input->width) - x0), (int)(MIN (y1, input->height) - y0) },
        };

        g_array_append_val (tiles, tile);
      }
  return tiles;
}
