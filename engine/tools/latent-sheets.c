/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* latent-sheets.c - draws what a model makes of many examples. */

#include <math.h>
#include <string.h>

#include "canvas.h"
#include "latent.h"

#define GAP 4
#define ZOOM 2
#define MARGIN 12
#define TITLE 26
#define ROWS 8
#define COLUMNS 10
#define PLANE 640 /* side of a scatter */
#define LEGEND 60

/* Colors that can be told apart (after Tableau 10), one for each class. */
static const guint8 colors[][3] = {
  { 31, 119, 180 }, { 255, 127, 14 },  { 44, 160, 44 },   { 214, 39, 40 },  { 148, 103, 189 },
  { 140, 86, 75 },  { 227, 119, 194 }, { 127, 127, 127 }, { 188, 189, 34 }, { 23, 190, 207 },
};

/* Planes [channels][height][width], one of them as gray. */
static void
draw_planes (AeCanvas *canvas, int x, int y, const float *planes, int channels, int width, int height,
             int zoom)
{
  gsize n = (gsize)width * (gsize)height;
  g_autofree guint8 *rgb = g_malloc (3 * n);

  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < 3; c++)
      rgb[3 * i + c] = (guint8)lrintf (CLAMP (planes[(channels == 1 ? 0 : c) * n + i], 0, 1) * 255);
  ae_canvas_picture (canvas, x, y, rgb, width, height, zoom);
}

/* Values of one result. */
static gsize
size_of (const AeLatent *l)
{
  return (gsize)l->channels * (gsize)l->width * (gsize)l->height;
}

static AeCanvas *
new_canvas (const AeLatentOut *out, int width, int height, GError **error)
{
  return out->svg ? ae_canvas_new_svg (width, height, error) : ae_canvas_new (width, height, error);
}

static gboolean
save (AeCanvas *canvas, const AeLatentOut *out, const char *name, GError **error)
{
  g_autofree char *file = g_strconcat (name, out->svg ? ".svg" : ".png", NULL);
  g_autofree char *path = g_build_filename (out->folder, file, NULL);

  return ae_canvas_save (canvas, path, error);
}

/* A sheet of columns x rows cells of the size of a result. */
static AeCanvas *
new_sheet (const AeLatent *l, const AeLatentOut *out, int columns, int rows, const char *title,
           GError **error)
{
  AeCanvas *canvas = new_canvas (out, 2 * MARGIN + columns * (l->width * ZOOM + GAP),
                                 MARGIN + TITLE + rows * (l->height * ZOOM + GAP) + MARGIN, error);

  if (canvas)
    ae_canvas_text (canvas, MARGIN, MARGIN + 14, 14, 0.2, title);
  return canvas;
}

static void
draw_cell (const AeLatent *l, AeCanvas *canvas, int column, int row, const float *planes)
{
  draw_planes (canvas, MARGIN + column * (l->width * ZOOM + GAP),
               MARGIN + TITLE + row * (l->height * ZOOM + GAP), planes, l->channels, l->width, l->height,
               ZOOM);
}

static int
label_of (const AeLatent *l, int i)
{
  return l->data->labels ? l->data->labels[i] : -1;
}

gboolean
ae_latent_draw_reconstruction (const AeLatent *l, const AeLatentOut *out, GError **error)
{
  int n = MIN (2 * COLUMNS, l->data->n), scale = l->width / l->in_width;
  gsize values = size_of (l), in_values = values / (gsize)(scale * scale);
  g_autoptr (AeCanvas) canvas
    = new_sheet (l, out, MIN (n, COLUMNS), 6, "picture, what the model is given, its result", error);

  if (!canvas)
    return FALSE;
  for (int i = 0; i < n; i++)
    {
      int column = i % COLUMNS, row = i / COLUMNS * 3;

      draw_cell (l, canvas, column, row, l->targets + (gsize)i * values);
      draw_planes (canvas, MARGIN + column * (l->width * ZOOM + GAP),
                   MARGIN + TITLE + (row + 1) * (l->height * ZOOM + GAP), l->inputs + (gsize)i * in_values,
                   l->channels, l->in_width, l->in_height, ZOOM * scale);
      draw_cell (l, canvas, column, row + 2, l->results + (gsize)i * values);
    }
  return save (canvas, out, "reconstruction", error);
}

static gint
by_size (gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

/* Half the side of the scatter in latent units: 99 % of the points lie within. */
static double
extent (const AeLatent *l)
{
  int n = l->data->n;
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (double));

  for (int i = 0; i < n; i++)
    {
      double x, y, most;

      ae_latent_place (l, l->latents + (gsize)i * l->dim, &x, &y);
      most = MAX (fabs (x), fabs (y));
      g_array_append_val (all, most);
    }
  g_array_sort (all, by_size);
  return MAX (1, ceil (2 * g_array_index (all, double, (guint)(0.99 * (n - 1)))) / 2);
}

gboolean
ae_latent_draw_scatter (const AeLatent *l, const AeLatentOut *out, GError **error)
{
  double half = extent (l);
  g_autoptr (AeCanvas) canvas
    = new_canvas (out, 2 * MARGIN + PLANE + LEGEND, 2 * MARGIN + TITLE + PLANE, error);
  g_autofree char *title = NULL;

  if (!canvas)
    return FALSE;
  title = g_strdup_printf (l->dim == 2
                             ? "%d examples, the two latent numbers from %g to %g"
                             : "%d examples, two principal axes of the latent space, %g to %g deviations",
                           l->data->n, -half, half);
  ae_canvas_text (canvas, MARGIN, MARGIN + 14, 14, 0.2, title);
  for (int i = 0; i < l->data->n; i++)
    {
      double x, y;
      int label = label_of (l, i);
      const guint8 *color = colors[label < 0 ? 0 : label % (int)G_N_ELEMENTS (colors)];

      ae_latent_place (l, l->latents + (gsize)i * l->dim, &x, &y);
      if (fabs (x) <= half && fabs (y) <= half)
        ae_canvas_dot (canvas, MARGIN + (x / half + 1) * PLANE / 2,
                       MARGIN + TITLE + (1 - y / half) * PLANE / 2, 1.6, color);
    }
  for (int c = 0; c < MIN (l->data->n_classes, (int)G_N_ELEMENTS (colors)); c++)
    {
      g_autofree char *name = g_strdup_printf ("%d", c);

      ae_canvas_dot (canvas, 2 * MARGIN + PLANE + 8, MARGIN + TITLE + 20 * c + 8, 5, colors[c]);
      ae_canvas_text (canvas, 2 * MARGIN + PLANE + 20, MARGIN + TITLE + 20 * c + 13, 14, 0.2, name);
    }
  return save (canvas, out, "scatter", error);
}

gboolean
ae_latent_draw_walk (const AeLatent *l, double range, int steps, const AeLatentOut *out, GError **error)
{
  g_autofree char *title = g_strdup_printf ("walk over the latent plane, %g to %g", -range, range);
  g_autoptr (AeCanvas) canvas = new_sheet (l, out, steps, steps, title, error);
  g_autofree float *values = g_new (float, l->dim), *result = g_new (float, ae_codec_result_size (l->codec));
  int classes = ae_codec_n_classes (l->codec);

  if (!canvas)
    return FALSE;
  for (int row = 0; row < steps; row++)
    for (int column = 0; column < steps; column++)
      {
        double x = range * (2.0 * column / MAX (steps - 1, 1) - 1);
        double y = range * (1 - 2.0 * row / MAX (steps - 1, 1));

        ae_latent_at (l, x, y, values);
        ae_codec_decode (l->codec, values, classes ? row % classes : -1, result);
        draw_cell (l, canvas, column, row, result);
      }
  return save (canvas, out, "walk", error);
}

gboolean
ae_latent_draw_interpolation (const AeLatent *l, const AeLatentOut *out, GError **error)
{
  int rows = MIN (ROWS, l->data->n / 2);
  g_autoptr (AeCanvas) canvas
    = new_sheet (l, out, COLUMNS, MAX (rows, 1),
                 "from one example to another, in a straight line through the latent space", error);
  g_autofree float *values = g_new (float, l->dim), *result = g_new (float, ae_codec_result_size (l->codec));

  if (!canvas)
    return FALSE;
  for (int row = 0; row < rows; row++)
    {
      const float *a = l->latents + (gsize)(2 * row) * l->dim, *b = a + l->dim;

      for (int column = 0; column < COLUMNS; column++)
        {
          float t = (float)column / (COLUMNS - 1);

          for (gsize i = 0; i < l->dim; i++)
            values[i] = (1 - t) * a[i] + t * b[i];
          ae_codec_decode (l->codec, values, label_of (l, 2 * row + (t > 0.5f)), result);
          draw_cell (l, canvas, column, row, result);
        }
    }
  return save (canvas, out, "interpolation", error);
}

gboolean
ae_latent_draw_neighbors (const AeLatent *l, const AeLatentOut *out, GError **error)
{
  int count = MIN (COLUMNS - 1, l->data->n - 1), rows = MIN (ROWS, l->data->n);
  gsize values = size_of (l);
  g_autoptr (AeCanvas) canvas
    = new_sheet (l, out, COLUMNS, rows, "an example and its nearest neighbors in the latent space", error);
  int neighbors[COLUMNS];

  if (!canvas)
    return FALSE;
  for (int row = 0; row < rows; row++)
    {
      ae_latent_neighbors (l, row, count, neighbors);
      draw_cell (l, canvas, 0, row, l->targets + (gsize)row * values);
      for (int i = 0; i < count; i++)
        draw_cell (l, canvas, 1 + i, row, l->targets + (gsize)neighbors[i] * values);
    }
  return save (canvas, out, "neighbors", error);
}

gboolean
ae_latent_draw_samples (const AeLatent *l, const float *results, int n, const AeLatentOut *out,
                        GError **error)
{
  g_autoptr (AeCanvas) canvas
    = new_sheet (l, out, COLUMNS, (n + COLUMNS - 1) / COLUMNS, "results of random latent values", error);

  if (!canvas)
    return FALSE;
  for (int i = 0; i < n; i++)
    draw_cell (l, canvas, i % COLUMNS, i / COLUMNS, results + (gsize)i * size_of (l));
  return save (canvas, out, "samples", error);
}
