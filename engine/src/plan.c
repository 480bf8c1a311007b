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

static gint64
ceil_div (gint64 a, gint64 b)
{
  return a / b + (a % b != 0);
}

/* The fewest parts of `size` units of the alignment that, with the halo, are at most `limit` pixels long
 * (0: of any length); 0: none are. */
static gint64
fewest_parts (gint64 size, gint64 halo, int limit, gint64 alignment)
{
  const gint64 most = limit / alignment - 2 * halo;

  return !limit ? 1 : most > 0 ? ceil_div (size, most) : 0;
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
  else if (p->halo_x < 0 || p->halo_x > HALO_MAX || p->halo_y < 0 || p->halo_y > HALO_MAX || p->alignment < 1
           || p->alignment > HALO_MAX || p->max_width < 0 || p->max_height < 0)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                 _ ("tiles with halo %d, alignment %d, of at most %d × %d pixels have no meaning"),
                 MAX (p->halo_x, p->halo_y), p->alignment, p->max_width, p->max_height);
  else
    return TRUE;
  return FALSE;
}

GArray *
ae_plan (const AePlanInput *input, GError **error)
{
  const gint64 a = input->alignment;
  gint64 width, height, halo_x, halo_y, columns, rows;
  GArray *tiles;

  if (!check (input, error))
    return NULL;
  width = ceil_div (input->width, a);
  height = ceil_div (input->height, a);
  halo_x = ceil_div (input->halo_x, a);
  halo_y = ceil_div (input->halo_y, a);
  columns = fewest_parts (width, halo_x, input->max_width, a);
  rows = fewest_parts (height, halo_y, input->max_height, a);
  if (!columns || !rows)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_LIMIT,
                   _ ("tiles must have %" PRId64 " × %" PRId64
                      " pixels or more with what the network looks at around them"),
                   (1 + 2 * halo_x) * a, (1 + 2 * halo_y) * a);
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
        gint64 x0 = part (width, columns, i) * a, x1 = part (width, columns, i + 1) * a;
        gint64 y0 = part (height, rows, j) * a, y1 = part (height, rows, j + 1) * a;
        gint64 left = halo_x * a, above = halo_y * a;
        AeTile tile = {
          .in
          = { (int)(x0 - left), (int)(y0 - above), (int)(x1 - x0 + 2 * left), (int)(y1 - y0 + 2 * above) },
          .out
          = { (int)x0, (int)y0, (int)(MIN (x1, input->width) - x0), (int)(MIN (y1, input->height) - y0) },
        };

        g_array_append_val (tiles, tile);
      }
  return tiles;
}
