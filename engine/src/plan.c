/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* plan.c - cuts a picture into tiles. */

#include <ae/plan.h>

#include <ae/error.h>

int
ae_mirror (int i, int size)
{
  int period = 2 * (size - 1);

  if (size <= 1)
    return 0;
  i %= period;
  if (i < 0)
    i += period;
  return i < size ? i : period - i;
}

/* Everything below counts in units of the alignment. */
typedef struct
{
  gint64 width, height, halo;
  gint64 max_in, max_area; /* 0: none */
} Units;

static gint64
ceil_div (gint64 a, gint64 b)
{
  return (a + b - 1) / b;
}

/* Input size of the largest of n parts. */
static gint64
in_size (gint64 size, gint64 n, gint64 halo)
{
  return ceil_div (size, n) + 2 * halo;
}

/* The fewest rows of tiles that keep within the limits beside nx columns; 0: none does. */
static gint64
fewest_rows (const Units *u, gint64 nx)
{
  gint64 width = in_size (u->width, nx, u->halo);
  gint64 limit = u->height + 2 * u->halo;

  if (u->max_in && width > u->max_in)
    return 0;
  if (u->max_in)
    limit = MIN (limit, u->max_in);
  if (u->max_area)
    limit = MIN (limit, u->max_area / width);
  return limit > 2 * u->halo ? ceil_div (u->height, limit - 2 * u->halo) : 0;
}

/* Columns and rows with the least input in all; FALSE if nothing keeps within the limits. */
static gboolean
choose (const Units *u, gint64 *columns, gint64 *rows)
{
  gint64 best = 0;

  for (gint64 nx = 1; nx <= u->width; nx++)
    {
      gint64 in_width = u->width + 2 * u->halo * nx;
      gint64 ny = fewest_rows (u, nx);
      gint64 cost = in_width * (u->height + 2 * u->halo * ny);

      if (best && in_width * (u->height + 2 * u->halo) >= best)
        break; /* more columns cost more, whatever the rows */
      if (ny && (!best || cost < best))
        {
          best = cost;
          *columns = nx;
          *rows = ny;
        }
    }
  return best > 0;
}

GArray *
ae_plan (const AePlanInput *input, GError **error)
{
  gint64 a = input->alignment;
  Units u = { ceil_div (input->width, a), ceil_div (input->height, a), ceil_div (input->halo, a),
              input->max_in / a, input->max_in_area / (a * a) };
  gint64 columns = 1, rows = 1;
  GArray *tiles;

  /* a limit below one unit is still a limit */
  if (input->max_in && !u.max_in)
    u.max_in = 1;
  if (input->max_in_area && !u.max_area)
    u.max_area = 1;
  if (!choose (&u, &columns, &rows))
    {
      gint64 least = (1 + 2 * u.halo) * a;

      g_set_error (error, AE_ERROR, AE_ERROR_LIMIT,
                   "the memory limit is too small: the smallest tile has %" G_GINT64_FORMAT
                   " x %" G_GINT64_FORMAT " pixels with what surrounds it",
                   least, least);
      return NULL;
    }
  tiles = g_array_sized_new (FALSE, FALSE, sizeof (AeTile), (guint)(columns * rows));
  for (gint64 j = 0; j < rows; j++)
    for (gint64 i = 0; i < columns; i++)
      {
        gint64 x0 = i * u.width / columns * a, x1 = (i + 1) * u.width / columns * a;
        gint64 y0 = j * u.height / rows * a, y1 = (j + 1) * u.height / rows * a;
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
