/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* live-filter.c - what the operation keeps between calls of GEGL: session, noise level, grid. */

#include "live-filter.h"

#include <ae/session.h>
#include "core/blend.h"
#include "core/buffer-filter.h"
#include "core/buffer-run.h"
#include "core/catalogue.h"
#include "core/noise-estimate.h"
#include "core/pixels.h"
#include "intl.h"

/* Cells are at least so long, and begin where tiles of GIMP and GEGL do. */
#define CELL_MIN 512
#define CELL_GRID 128
#define CELLS_MAX 1024 /* in a row or column */
/* Surroundings of all cells may cost so many times what those of the picture cost, in each direction: 1.44 in
 * all. */
#define CELL_COST 1.2
/* Longer pictures have no end for us: a session takes no more. */
#define LENGTH_MAX (1 << 30)

struct _AeLiveFilter
{
  /* Recursive: writing may wake up others, who ask back. */
  GRecMutex lock;

  AeDenoiseParams params;
  gconstpointer source;
  GeglRectangle bounds; /* of the picture; without pixels if there is none */
  const Babl *format;   /* of the result */

  AeSession *session; /* NULL: there is no model that works */
  char *model;        /* name of the model that was loaded, or tried to; NULL: none yet */

  gboolean level_known; /* level is the estimate for the picture as it is now */
  double level;
  gboolean warned; /* that a run failed */

  int columns, rows; /* of the grid of cells */
  GArray *done;      /* guint8 for each cell: GEGL should have its result */
};

AeLiveFilter *
ae_live_filter_new (void)
{
  AeLiveFilter *f = g_new0 (AeLiveFilter, 1);

  g_rec_mutex_init (&f->lock);
  ae_denoise_params_init (&f->params);
  f->done = g_array_new (FALSE, TRUE, 1);
  return f;
}

void
ae_live_filter_free (AeLiveFilter *f)
{
  if (!f)
    return;
  g_clear_pointer (&f->session, ae_session_free);
  g_array_unref (f->done);
  g_free (f->model);
  g_rec_mutex_clear (&f->lock);
  g_free (f);
}

/* As many threads as GEGL was told to use. */
static int
n_threads (void)
{
  int threads = 0;

  g_object_get (gegl_config (), "threads", &threads, NULL);
  return MAX (threads, 0);
}

static void
load (AeLiveFilter *f, const char *name)
{
  const AeSessionOptions options = { .threads = n_threads () };
  g_autoptr (AeCatalogue) catalogue = NULL;
  g_autoptr (AeModel) model = NULL;
  g_autoptr (GError) error = NULL;

  if (g_strcmp0 (f->model, name) == 0)
    return;
  g_clear_pointer (&f->session, ae_session_free);
  g_free (f->model);
  f->model = g_strdup (name);
  catalogue = ae_catalogue_new ();
  model = ae_catalogue_load (catalogue, name, "denoise", &error);
  if (model)
    f->session = ae_session_new (model, &options, &error);
  if (!f->session)
    g_warning (_ ("autoencoder:denoise: %s; the picture is left as it is"), error->message);
}

static gboolean
passes (const AeLiveFilter *f)
{
  return !f->session || f->params.strength <= 0 || f->bounds.width < 1 || f->bounds.height < 1
         || f->bounds.width > LENGTH_MAX || f->bounds.height > LENGTH_MAX;
}

const Babl *
ae_live_filter_format (const Babl *format)
{
  if (format && ae_buffer_format_check (format, NULL))
    return format;
  return babl_format_with_space ("R'G'B'A float", format);
}

gboolean
ae_live_filter_passes (AeLiveFilter *f)
{
  gboolean result;

  g_rec_mutex_lock (&f->lock);
  result = passes (f);
  g_rec_mutex_unlock (&f->lock);
  return result;
}

/* Pixels around a rectangle that its result depends on. */
static int
reach (const AeLiveFilter *f)
{
  AePixels pixels;
  AeBlend blend;

  if (passes (f) || !ae_pixels_init (&pixels, f->format, NULL))
    return 0;
  ae_blend_init (&blend, &f->params, f->params.sigma);
  return ae_buffer_run_reach (f->session, &pixels) + ae_blend_margin (&blend);
}

static GeglRectangle
grown (const GeglRectangle *rect, int by)
{
  return (GeglRectangle){ rect->x - by, rect->y - by, rect->width + 2 * by, rect->height + 2 * by };
}

/* Cells of a line of pixels: as many as are cheap, one at least. */
static int
n_cells (int length, int around)
{
  const double cheap = 1 + (CELL_COST - 1) * ((double)length + 2 * around) / (2 * around + 1);

  return (int)CLAMP (cheap, 1, CLAMP (length / CELL_MIN, 1, CELLS_MAX));
}

/* Begin of cell i of n; of cell n: the end of the line. */
static int
cell_begin (int first, int length, int n, int i)
{
  const int at = first + (int)((gint64)length * i / n);

  return i == 0 || i == n ? at : at - (at % CELL_GRID + CELL_GRID) % CELL_GRID;
}

static void
make_grid (AeLiveFilter *f)
{
  const int around = reach (f);

  f->columns = f->rows = 0;
  if (passes (f))
    return;
  f->columns = n_cells (f->bounds.width, around);
  f->rows = n_cells (f->bounds.height, around);
  g_array_set_size (f->done, 0);
  g_array_set_size (f->done, (guint)f->columns * (guint)f->rows);
}

static GeglRectangle
cell (const AeLiveFilter *f, int column, int row)
{
  const GeglRectangle *b = &f->bounds;
  const int x = cell_begin (b->x, b->width, f->columns, column);
  const int y = cell_begin (b->y, b->height, f->rows, row);

  return (GeglRectangle){ x, y, cell_begin (b->x, b->width, f->columns, column + 1) - x,
                          cell_begin (b->y, b->height, f->rows, row + 1) - y };
}

static gboolean
same_params (const AeDenoiseParams *a, const AeDenoiseParams *b)
{
  return a->noise_auto == b->noise_auto && a->sigma == b->sigma && a->strength == b->strength
         && a->detail == b->detail && a->color_noise == b->color_noise;
}

void
ae_live_filter_prepare (AeLiveFilter *f, const char *model, const AeDenoiseParams *params,
                        gconstpointer source, const GeglRectangle *bounds, const Babl *format)
{
  static const GeglRectangle nothing = { 0, 0, 0, 0 };

  gboolean changed = FALSE;

  if (!bounds)
    bounds = &nothing;
  if (!model)
    model = "";
  format = ae_live_filter_format (format);
  g_rec_mutex_lock (&f->lock);
  if (source != f->source || format != f->format || !gegl_rectangle_equal (bounds, &f->bounds))
    {
      f->level_known = FALSE;
      changed = TRUE;
    }
  changed = changed || !same_params (params, &f->params) || g_strcmp0 (model, f->model) != 0;
  f->params = *params;
  f->source = source;
  f->bounds = *bounds;
  f->format = format;
  if (f->params.strength > 0)
    load (f, model);
  if (changed)
    make_grid (f);
  g_rec_mutex_unlock (&f->lock);
}

/* The rectangle with all cells that it touches; with `missing` only those that are not done. */
static GeglRectangle
with_cells (const AeLiveFilter *f, const GeglRectangle *rect, gboolean missing)
{
  GeglRectangle all = *rect;

  for (int row = 0; row < f->rows; row++)
    for (int column = 0; column < f->columns; column++)
      {
        const GeglRectangle c = cell (f, column, row);

        if (gegl_rectangle_intersect (NULL, &c, rect)
            && !(missing && g_array_index (f->done, guint8, row * f->columns + column)))
          gegl_rectangle_bounding_box (&all, &all, &c);
      }
  return all;
}

GeglRectangle
ae_live_filter_cells (AeLiveFilter *f, const GeglRectangle *roi)
{
  GeglRectangle rect, all = *roi;

  g_rec_mutex_lock (&f->lock);
  if (!passes (f) && gegl_rectangle_intersect (&rect, roi, &f->bounds))
    {
      /* GEGL computes the whole rectangle that it is told, also what it has: do not tell it a cell
       * again because a neighbor is missing.  If nothing is missing, it has lost something. */
      all = with_cells (f, &rect, TRUE);
      if (gegl_rectangle_equal (&all, &rect))
        all = with_cells (f, &rect, FALSE);
    }
  g_rec_mutex_unlock (&f->lock);
  return all;
}

/* Cells that lie in the rectangle are done, or those that it touches are not. */
static void
mark (AeLiveFilter *f, const GeglRectangle *rect, gboolean is_done)
{
  for (int row = 0; row < f->rows; row++)
    for (int column = 0; column < f->columns; column++)
      {
        const GeglRectangle c = cell (f, column, row);
        guint8 *done = &g_array_index (f->done, guint8, row * f->columns + column);

        if (!is_done && gegl_rectangle_intersect (NULL, &c, rect))
          *done = 0;
        else if (is_done && gegl_rectangle_contains (rect, &c))
          *done = 1;
      }
}

GeglRectangle
ae_live_filter_required (AeLiveFilter *f, const GeglRectangle *roi)
{
  GeglRectangle rect = *roi;

  g_rec_mutex_lock (&f->lock);
  if (!passes (f))
    {
      if (f->params.noise_auto && !f->level_known)
        rect = f->bounds;
      else
        {
          rect = grown (roi, reach (f));
          gegl_rectangle_intersect (&rect, &rect, &f->bounds);
        }
    }
  g_rec_mutex_unlock (&f->lock);
  return rect;
}

GeglRectangle
ae_live_filter_changed (AeLiveFilter *f, const GeglRectangle *rect)
{
  GeglRectangle result = *rect;

  g_rec_mutex_lock (&f->lock);
  f->level_known = FALSE;
  if (!passes (f))
    {
      if (f->params.noise_auto) /* another level is another result everywhere */
        gegl_rectangle_bounding_box (&result, &result, &f->bounds);
      else if (!gegl_rectangle_is_infinite_plane (rect))
        result = grown (rect, reach (f));
      mark (f, &result, FALSE);
    }
  g_rec_mutex_unlock (&f->lock);
  return result;
}

/*
 * The input as a picture of its whole extent, in a format that can be
 * filtered; only the rectangle that was required has pixels in it.
 */
static GeglBuffer *
picture_of (const AeLiveFilter *f, GeglBuffer *input, const GeglRectangle *required)
{
  const Babl *format = gegl_buffer_get_format (input);
  GeglBuffer *converted, *picture;

  if (ae_buffer_format_check (format, NULL)
      && babl_format_get_space (format) == babl_format_get_space (f->format))
    return gegl_buffer_create_sub_buffer (input, &f->bounds);
  converted = gegl_buffer_new (required, f->format);
  gegl_buffer_copy (input, required, GEGL_ABYSS_NONE, converted, required);
  picture = gegl_buffer_create_sub_buffer (converted, &f->bounds);
  g_object_unref (converted);
  return picture;
}

static gboolean
denoise (AeLiveFilter *f, GeglBuffer *picture, GeglBuffer *output, const GeglRectangle *roi, GError **error)
{
  AeDenoiseParams params = f->params;

  if (params.noise_auto)
    {
      if (!f->level_known && !ae_noise_estimate_buffer (picture, NULL, &f->level, error))
        return FALSE;
      f->level_known = TRUE;
      params.noise_auto = FALSE;
      params.sigma = f->level;
    }
  return ae_denoise_buffer (f->session, picture, roi, output, &params, NULL, NULL, error);
}

void
ae_live_filter_process (AeLiveFilter *f, GeglBuffer *input, GeglBuffer *output, const GeglRectangle *roi)
{
  g_autoptr (GError) error = NULL;
  GeglRectangle required;
  GeglBuffer *picture;

  g_rec_mutex_lock (&f->lock);
  if (!passes (f))
    {
      required = ae_live_filter_required (f, roi);
      picture = picture_of (f, input, &required);
      if (denoise (f, picture, output, roi, &error))
        {
          f->warned = FALSE;
          mark (f, roi, TRUE);
        }
      else if (!f->warned)
        {
          g_warning (_ ("autoencoder:denoise: %s; the picture is left as it is"), error->message);
          f->warned = TRUE;
        }
      g_object_unref (picture);
    }
  if (passes (f) || error)
    gegl_buffer_copy (input, roi, GEGL_ABYSS_NONE, output, roi);
  g_rec_mutex_unlock (&f->lock);
}
