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

  /* where the network enlarges more than is wanted */
  GeglBuffer *large; /* rows of its result; NULL: its result is the result */
  AeResize shrink;
  int next;    /* first row of the result that is not written yet */
  int emptied; /* first row of `large` that is not emptied yet */
} Upscale;

gboolean
ae_upscale_check_size (int width, int height, int to_width, int to_height, GError **error)
{
  const gint64 most = AE_UPSCALE_TIMES_MAX;

  if (width < 1 || height < 1)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("the picture has %d × %d pixels: nothing to enlarge"),
                 width, height);
  else if (to_width < 1 || to_height < 1 || to_width > AE_UPSCALE_SIZE_MAX || to_height > AE_UPSCALE_SIZE_MAX)
    g_set_error (error, AE_ERROR, AE_ERROR_LIMIT,
                 _ ("the result would have %d × %d pixels, expected 1 to %d in each direction"), to_width,
                 to_height, AE_UPSCALE_SIZE_MAX);
  else if ((to_width <= width && to_height <= height) || to_width > most * width || to_height > most * height)
    g_set_error (
      error, AE_ERROR, AE_ERROR_ARGUMENT,
      _ ("from %d × %d to %d × %d pixels: expected to enlarge, and at most %d times in each direction"),
      width, height, to_width, to_height, AE_UPSCALE_TIMES_MAX);
  else
    return TRUE;
  return FALSE;
}

int
ae_upscale_factor (int width, int height, int to_width, int to_height)
{
  const int x = (to_width + width - 1) / width, y = (to_height + height - 1) / height;

  return CLAMP (MAX (x, y), 2, AE_UPSCALE_TIMES_MAX);
}

int
ae_upscale_edge (int edge, double factor)
{
  const double at = edge * factor;

  return (int)(at > 0 ? at + 0.5 : at - 0.5);
}

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

/* A band of the result from the rows of the network's. */
static void
shrink_band (const Upscale *u, const GeglRectangle *band)
{
  const AeRect part = { band->x, band->y, band->width, band->height };
  const AeRect source = ae_resize_source (&u->shrink, &part);
  const GeglRectangle from = { source.x, source.y, source.width, source.height };
  const gsize n = (gsize)from.width * (gsize)from.height, colors = (gsize)u->pixels.colors;
  g_autofree float *pixels = g_new (float, n *colors), *planes = g_new (float, n *colors);
  g_autofree float *result = g_new (float, (gsize)band->width *(gsize)band->height *colors);

  gegl_buffer_get (u->large, &from, 1.0, gegl_buffer_get_format (u->large), pixels, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_CLAMP);
  for (gsize c = 0; c < colors; c++)
    for (gsize i = 0; i < n; i++)
      planes[c * n + i] = pixels[i * colors + c];
  ae_resize_part (&u->shrink, &part, planes, u->pixels.colors, result);
  finish (u, band, result);
}

static int
divide_down (int a, int b)
{
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

/* Writes all rows of the result that depend on the first `complete` rows alone, and gives back the memory of
 * rows that nobody will read again. */
static void
shrink_rows (Upscale *u, int complete)
{
  const GeglRectangle *all = gegl_buffer_get_extent (u->large);
  const int end = u->part.y + u->part.height;
  int tile = 1;

  while (u->next < end)
    {
      GeglRectangle band = { u->part.x, u->next, u->part.width, MIN (AE_BUFFER_BAND, end - u->next) };
      const AeRect part = { band.x, band.y, band.width, band.height };
      const AeRect source = ae_resize_source (&u->shrink, &part);

      if (source.y + source.height > complete && complete < all->y + all->height)
        break;
      shrink_band (u, &band);
      u->next += band.height;
    }
  if (u->next < end)
    {
      const AeRect row = { u->part.x, u->next, 1, 1 };
      int free_to = ae_resize_source (&u->shrink, &row).y;

      /* only whole tiles give memory back: a part of one is filled with zeros */
      g_object_get (u->large, "tile-height", &tile, NULL);
      free_to = divide_down (free_to, tile) * tile;
      if (free_to > u->emptied)
        {
          const GeglRectangle rows = { all->x, u->emptied, all->width, free_to - u->emptied };

          gegl_buffer_clear (u->large, &rows);
          u->emptied = free_to;
        }
    }
}

static gboolean
keep_result (const GeglRectangle *rect, const float *planes, gsize stride, gsize plane, gpointer data,
             GError **error)
{
  Upscale *u = data;
  const GeglRectangle *all = gegl_buffer_get_extent (u->large);
  const gsize colors = (gsize)u->pixels.colors, width = (gsize)rect->width;

  for (int y0 = 0; y0 < rect->height; y0 += AE_BUFFER_BAND)
    {
      const GeglRectangle band
        = { rect->x, rect->y + y0, rect->width, MIN (AE_BUFFER_BAND, rect->height - y0) };
      g_autofree float *pixels = g_new (float, colors *width *(gsize)band.height);

      for (gsize c = 0; c < colors; c++)
        for (gsize y = 0; y < (gsize)band.height; y++)
          for (gsize x = 0; x < width; x++)
            pixels[(y * width + x) * colors + c] = planes[c * plane + ((gsize)y0 + y) * stride + x];
      gegl_buffer_set (u->large, &band, 0, gegl_buffer_get_format (u->large), pixels, GEGL_AUTO_ROWSTRIDE);
    }
  /* tiles come row by row: the last one of a row completes it */
  if (rect->x + rect->width == all->x + all->width)
    shrink_rows (u, rect->y + rect->height);
  return TRUE;
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
run (Upscale *u, AeSession *session, AeProgressFunc progress, gpointer data, GError **error)
{
  const int scale = ae_graph_scale (ae_model_graph (ae_session_model (session)));
  AeRect needed = { u->part.x, u->part.y, u->part.width, u->part.height };
  GeglRectangle roi;
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
  gboolean ok;

  if (u->size.width * scale == u->size.dst_width && u->size.height * scale == u->size.dst_height)
    {
      roi = pixels_below (u, &needed, scale);
      return ae_buffer_run (&job, error);
    }
  u->shrink
    = (AeResize){ u->size.width * scale, u->size.height * scale, u->size.dst_width, u->size.dst_height };
  needed = ae_resize_source (&u->shrink, &needed);
  roi = pixels_below (u, &needed, scale);
  u->large = gegl_buffer_new (GEGL_RECTANGLE ((roi.x - u->extent.x) * scale, (roi.y - u->extent.y) * scale,
                                              roi.width * scale, roi.height * scale),
                              babl_format (u->pixels.colors == 3 ? "R'G'B' float" : "Y' float"));
  u->next = u->part.y;
  u->emptied = gegl_buffer_get_extent (u->large)->y;
  job.result = keep_result;
  ok = ae_buffer_run (&job, error);
  g_clear_object (&u->large);
  return ok;
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
               "the model enlarges %d times, too little for %d × %d to %d × %d pixels", (int)scale,
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
