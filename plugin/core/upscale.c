/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale.c - enlarges a buffer: colors by a network, alpha and what the network cannot see bicubically. */

#include "upscale.h"

#include <ae/error.h>
#include <ae/resize.h>
#include <math.h>
#include <string.h>
#include "alpha-bleed.h"
#include "buffer-run.h"
#include "intl.h"
#include "pixels.h"

/* Of the session's memory, the share for what the network gives before it is made smaller. */
#define LARGE_SHARE 4
/* Of that share, what is left for the bands that are made of it. */
#define BANDS_SHARE 4
#define PROGRESS_INTERVAL (G_USEC_PER_SEC / 10)

typedef struct
{
  GeglBuffer *src, *dst;
  GeglRectangle extent; /* of src */
  AePixels pixels;      /* of src */
  const Babl *dst_format, *to_dst;
  int dst_bytes;
  gboolean wrap;
  gboolean exceeds;   /* values of src may lie outside 0..1 */
  GeglRectangle part; /* of the result: what is written */
  AeResize size;      /* from src to the result */

  /* where the network enlarges more than is wanted: piece by piece */
  AeResize shrink;     /* from its result to the one that is wanted */
  GeglRectangle large; /* the piece at hand of its result */
  float *planes;       /* of that, [colors][height][width] */

  AeProgressFunc progress; /* of all pieces together */
  gpointer data;
  double total, before, now; /* pixels of the result, of the pieces that are done, of the one at hand */
  gint64 shown;              /* when progress was last called */
} Upscale;

static inline float
finite_or_zero (float v)
{
  return isfinite (v) ? v : 0;
}

/* Colors beyond 0..1 (if there may be any) and alpha (if there is any): planes of the source of a rectangle
 * of the result. */
static float *
rest_of_source (const Upscale *u, const AeRect *source, int planes)
{
  const AePixels *p = &u->pixels;
  const gsize n = (gsize)source->width * (gsize)source->height, channels = (gsize)p->colors + 1;
  const GeglRectangle wanted
    = { u->extent.x + source->x, u->extent.y + source->y, source->width, source->height };
  GeglRectangle inside = wanted;
  float *rest = g_new (float, n *(gsize)planes), *work;
  const float *at;
  gsize stride;

  if (!u->wrap)
    gegl_rectangle_intersect (&inside, &inside, &u->extent);
  work = ae_pixels_fetch_filled (p, u->src, &inside, u->wrap, &at, &stride);
  for (int y = 0; y < wanted.height; y++)
    for (int x = 0; x < wanted.width; x++)
      {
        const gsize ix = (gsize)CLAMP (wanted.x + x - inside.x, 0, inside.width - 1);
        const gsize iy = (gsize)CLAMP (wanted.y + y - inside.y, 0, inside.height - 1);
        const float *pixel = at + (iy * stride + ix) * channels;
        float *to = rest + (gsize)y * (gsize)wanted.width + (gsize)x;

        for (gsize c = u->exceeds ? 0 : channels - 1; c < channels - (p->alpha ? 0 : 1); c++, to += n)
          {
            const float v = finite_or_zero (pixel[c]);

            *to = c == channels - 1 ? v : v - CLAMP (v, 0, 1);
          }
      }
  g_free (work);
  return rest;
}

/* Writes a rectangle of the result.  colors: planes [colors][height][width]. */
static void
finish (const Upscale *u, const GeglRectangle *rect, const float *colors)
{
  const AePixels *p = &u->pixels;
  const AeRect part = { rect->x, rect->y, rect->width, rect->height };
  const gsize n = (gsize)rect->width * (gsize)rect->height, channels = (gsize)p->colors + 1;
  const int planes = (u->exceeds ? p->colors : 0) + (p->alpha ? 1 : 0);
  g_autofree float *work = g_new (float, n *channels), *rest = NULL;
  g_autofree guint8 *out = g_malloc_n (n, (gsize)u->dst_bytes);

  if (planes > 0)
    {
      const AeRect source = ae_resize_source (&u->size, &part);
      g_autofree float *small = rest_of_source (u, &source, planes);

      rest = g_new (float, n *(gsize)planes);
      ae_resize_part (&u->size, &part, small, planes, rest);
    }
  for (gsize i = 0; i < n; i++)
    {
      float *pixel = work + i * channels;

      for (gsize c = 0; c < channels - 1; c++)
        pixel[c] = colors[c * n + i] + (u->exceeds ? rest[c * n + i] : 0);
      pixel[channels - 1] = p->alpha ? CLAMP (rest[(gsize)(planes - 1) * n + i], 0, 1) : 1;
    }
  babl_process (u->to_dst, work, out, (long)n);
  gegl_buffer_set (u->dst, rect, 0, u->dst_format, out, GEGL_AUTO_ROWSTRIDE);
}

static gboolean
take_result (const GeglRectangle *rect, const float *planes, gsize stride, gsize plane, gpointer data,
             GError **error)
{
  const Upscale *u = data;
  const gsize colors = (gsize)u->pixels.colors;
  GeglRectangle part;

  if (!gegl_rectangle_intersect (&part, rect, &u->part))
    return TRUE;
  planes += (gsize)(part.y - rect->y) * stride + (gsize)(part.x - rect->x);
  for (int y0 = 0; y0 < part.height; y0 += AE_BUFFER_BAND)
    {
      const GeglRectangle band = { part.x, part.y + y0, part.width, MIN (AE_BUFFER_BAND, part.height - y0) };
      const gsize rows = (gsize)band.height, width = (gsize)band.width;
      g_autofree float *copy = g_new (float, colors *rows *width);

      for (gsize c = 0; c < colors; c++)
        for (gsize y = 0; y < rows; y++)
          memcpy (copy + (c * rows + y) * width, planes + c * plane + ((gsize)y0 + y) * stride,
                  width * sizeof (float));
      finish (u, &band, copy);
    }
  return TRUE;
}

static gboolean
keep_result (const GeglRectangle *rect, const float *planes, gsize stride, gsize plane, gpointer data,
             GError **error)
{
  const Upscale *u = data;
  const GeglRectangle *all = &u->large;

  for (int c = 0; c < u->pixels.colors; c++)
    for (int y = 0; y < rect->height; y++)
      {
        const gsize row = ((gsize)c * (gsize)all->height + (gsize)(rect->y - all->y + y)) * (gsize)all->width;

        memcpy (u->planes + row + (rect->x - all->x), planes + (gsize)c * plane + (gsize)y * stride,
                (gsize)rect->width * sizeof (float));
      }
  return TRUE;
}

/* A band of the result from the piece of the network's.  Beyond the picture its border goes on. */
static void
shrink_band (const Upscale *u, const GeglRectangle *band)
{
  const GeglRectangle *all = &u->large;
  const AeRect part = { band->x, band->y, band->width, band->height };
  const AeRect source = ae_resize_source (&u->shrink, &part);
  const gsize n = (gsize)source.width * (gsize)source.height, colors = (gsize)u->pixels.colors;
  g_autofree float *planes = g_new (float, n *colors);
  g_autofree float *result = g_new (float, (gsize)band->width *(gsize)band->height *colors);
  float *to = planes;

  for (gsize c = 0; c < colors; c++)
    for (int y = 0; y < source.height; y++)
      {
        const int from_y = CLAMP (source.y - all->y + y, 0, all->height - 1);
        const float *from = u->planes + (c * (gsize)all->height + (gsize)from_y) * (gsize)all->width;

        for (int x = 0; x < source.width; x++)
          *to++ = from[CLAMP (source.x - all->x + x, 0, all->width - 1)];
      }
  ae_resize_part (&u->shrink, &part, planes, u->pixels.colors, result);
  finish (u, band, result);
}

static int
divide_down (int a, int b)
{
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

/* The pixels of src whose result a rectangle of the network's result lies in. */
static GeglRectangle
pixels_below (const Upscale *u, const AeRect *rect, int scale)
{
  const int x = divide_down (rect->x, scale), y = divide_down (rect->y, scale);
  const int right = -divide_down (-(rect->x + rect->width), scale);
  const int bottom = -divide_down (-(rect->y + rect->height), scale);
  GeglRectangle below = { u->extent.x + x, u->extent.y + y, right - x, bottom - y };

  if (!u->wrap)
    gegl_rectangle_intersect (&below, &below, &u->extent);
  return below;
}

static gboolean
show_progress (double fraction, gpointer data)
{
  Upscale *u = data;
  const double all = (u->before + fraction * u->now) / u->total;
  const gint64 time = g_get_monotonic_time ();

  /* each piece has a beginning and an end of its own */
  if (all > 0 && all < 1 && time - u->shown < PROGRESS_INTERVAL)
    return TRUE;
  u->shown = time;
  return u->progress (all, u->data);
}

static gboolean
shrink_piece (Upscale *u, AeBufferRun *job, const GeglRectangle *piece, int scale, GError **error)
{
  const AeRect part = { piece->x, piece->y, piece->width, piece->height };
  const AeRect needed = ae_resize_source (&u->shrink, &part);
  const GeglRectangle roi = pixels_below (u, &needed, scale);
  const int rows = MAX (1, (int)((gint64)AE_BUFFER_BAND * u->shrink.dst_height / u->shrink.height));
  gboolean ok;

  u->large = (GeglRectangle){ (roi.x - u->extent.x) * scale, (roi.y - u->extent.y) * scale, roi.width * scale,
                              roi.height * scale };
  u->planes = g_new (float, (gsize)u->large.width *(gsize)u->large.height *(gsize)u->pixels.colors);
  u->now = (double)piece->width * piece->height;
  job->roi = &roi;
  ok = ae_buffer_run (job, error);
  for (int y = 0; y < piece->height && ok; y += rows)
    shrink_band (u, GEGL_RECTANGLE (piece->x, piece->y + y, piece->width, MIN (rows, piece->height - y)));
  u->before += u->now;
  g_clear_pointer (&u->planes, g_free);
  return ok;
}

/* How far a result of `length` pixels reaches in the network's, at most. */
static double
large_length (double length, double ratio, int scale)
{
  return length * ratio + 4 * ratio + 2 * scale;
}

/* Pixels of a result that reach no further than `space`, 1..most. */
static int
fitting_length (double space, double ratio, int scale, int most)
{
  return (int)CLAMP ((space - large_length (0, ratio, scale)) / ratio, 1, most);
}

/* Even parts of a length, none longer than `most`. */
static int
even_part (int length, int most)
{
  const int n = (length + most - 1) / most;

  return (length + n - 1) / n;
}

/* Pieces about as wide as they are high of which the network's result fits into so many floats. */
static void
choose_piece (const Upscale *u, double floats, int scale, int *width, int *height)
{
  const double x = (double)u->shrink.width / u->shrink.dst_width;
  const double y = (double)u->shrink.height / u->shrink.dst_height;
  const double area = floats / u->pixels.colors;

  *height = fitting_length (sqrt (area), y, scale, u->part.height);
  *width = fitting_length (area / large_length (*height, y, scale), x, scale, u->part.width);
  /* what a narrow part leaves */
  *height = fitting_length (area / large_length (*width, x, scale), y, scale, u->part.height);
  *width = even_part (u->part.width, *width);
  *height = even_part (u->part.height, *height);
}

static gboolean
run_and_shrink (Upscale *u, AeBufferRun *job, int scale, GError **error)
{
  const GeglRectangle *part = &u->part;
  int width, height;

  u->shrink
    = (AeResize){ u->size.width * scale, u->size.height * scale, u->size.dst_width, u->size.dst_height };
  u->total = (double)part->width * part->height;
  u->progress = job->progress;
  u->data = job->progress_data;
  job->reserved = ae_session_max_memory (job->session) / LARGE_SHARE;
  job->result = keep_result;
  job->progress = u->progress ? show_progress : NULL;
  job->progress_data = u;
  choose_piece (u, (double)(job->reserved - job->reserved / BANDS_SHARE) / sizeof (float), scale, &width,
                &height);
  for (int y = 0; y < part->height; y += height)
    for (int x = 0; x < part->width; x += width)
      {
        const GeglRectangle piece
          = { part->x + x, part->y + y, MIN (width, part->width - x), MIN (height, part->height - y) };

        if (!shrink_piece (u, job, &piece, scale, error))
          return FALSE;
      }
  return TRUE;
}

static gboolean
run (Upscale *u, AeSession *session, AeProgressFunc progress, gpointer data, GError **error)
{
  const int scale = ae_graph_scale (ae_model_graph (ae_session_model (session)));
  const AeRect part = { u->part.x, u->part.y, u->part.width, u->part.height };
  const GeglRectangle roi = pixels_below (u, &part, scale);
  AeBufferRun job = { .session = session,
                      .buffer = u->src,
                      .pixels = &u->pixels,
                      .roi = &roi,
                      .result = take_result,
                      .progress = progress,
                      .data = u,
                      .progress_data = data,
                      .enlarge = TRUE,
                      .wrap = u->wrap };

  if (u->size.width * scale == u->size.dst_width && u->size.height * scale == u->size.dst_height)
    return ae_buffer_run (&job, error);
  return run_and_shrink (u, &job, scale, error);
}

GeglRectangle
ae_upscale_source (const AeModel *model, const GeglRectangle *extent, int width, int height,
                   const GeglRectangle *part)
{
  const AeGraph *graph = ae_model_graph (model);
  const int scale = ae_graph_scale (graph);
  const int around = ae_graph_halo (graph) + 2 * ae_graph_alignment (graph) + AE_ALPHA_BLEED_RADIUS;
  const Upscale u = { .extent = *extent, .wrap = TRUE };
  const AeResize size = { extent->width, extent->height, width, height };
  const AeResize shrink = { extent->width * scale, extent->height * scale, width, height };
  const AeRect wanted = { part->x, part->y, part->width, part->height };
  const AeRect of_network = ae_resize_source (&shrink, &wanted), of_rest = ae_resize_source (&size, &wanted);
  const GeglRectangle rest = { extent->x + of_rest.x, extent->y + of_rest.y, of_rest.width, of_rest.height };
  GeglRectangle source = pixels_below (&u, &of_network, scale);

  gegl_rectangle_bounding_box (&source, &source, &rest);
  return (GeglRectangle){ source.x - around, source.y - around, source.width + 2 * around,
                          source.height + 2 * around };
}

static gboolean
check_scale (const AeSession *session, const AeResize *size, GError **error)
{
  const gint64 scale = ae_graph_scale (ae_model_graph (ae_session_model (session)));

  if (scale * size->width >= size->dst_width && scale * size->height >= size->dst_height)
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
               _ ("the model enlarges %d times, too little for %d × %d to %d × %d pixels"), (int)scale,
               size->width, size->height, size->dst_width, size->dst_height);
  return FALSE;
}

gboolean
ae_upscale_buffer (AeSession *session, GeglBuffer *src, gboolean wrap, int width, int height, GeglBuffer *dst,
                   AeProgressFunc progress, gpointer data, GError **error)
{
  Upscale u = { .src = src, .dst = dst, .extent = *gegl_buffer_get_extent (src), .wrap = wrap };
  const char *type = babl_get_name (babl_format_get_type (gegl_buffer_get_format (src), 0));
  AePixels dst_pixels;

  u.size = (AeResize){ u.extent.width, u.extent.height, width, height };
  if (!ae_upscale_check_size (u.extent.width, u.extent.height, width, height, error)
      || !ae_pixels_init (&u.pixels, gegl_buffer_get_format (src), error)
      || !ae_pixels_init (&dst_pixels, gegl_buffer_get_format (dst), error)
      || !check_scale (session, &u.size, error))
    return FALSE;
  u.dst_format = dst_pixels.own;
  u.dst_bytes = dst_pixels.bytes;
  u.to_dst = ae_pixels_fish_to (&u.pixels, u.dst_format);
  u.exceeds = g_str_equal (type, "half") || g_str_equal (type, "float") || g_str_equal (type, "double");
  if (!gegl_rectangle_intersect (&u.part, gegl_buffer_get_extent (dst), GEGL_RECTANGLE (0, 0, width, height)))
    return TRUE;
  return run (&u, session, progress, data, error);
}
