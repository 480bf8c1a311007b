/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* buffer-filter.c - runs a session over a GeglBuffer and blends the result into another. */

#include "buffer-filter.h"

#include <ae/error.h>
#include <string.h>
#include "blend.h"
#include "buffer-run.h"
#include "noise-estimate.h"
#include "pixels.h"

typedef struct
{
  GeglBuffer *src, *dst;
  GeglRectangle roi;
  AePixels pixels; /* of src */
  const Babl *dst_format;
  int dst_bytes;
  const Babl *to_dst;  /* fish from working pixels */
  gboolean same_bytes; /* src and dst have the same encoding */
  AeBlend blend;

  GeglBuffer *network; /* the whole result, where blending needs neighbors; else NULL */

  /* where src is emptied on the way */
  gboolean consume;
  int reach;    /* pixels around a pixel that are read for it */
  int *written; /* pixels of each row of roi */
  int complete; /* rows of roi written in full from the first on */
  int emptied;  /* rows of roi that are gone */
} Filter;

gboolean
ae_buffer_format_check (const Babl *format, GError **error)
{
  AePixels pixels;

  return ae_pixels_init (&pixels, format, error);
}

/* [n][channels] to planes. */
static void
split (const float *work, int channels, gsize n, float *planes)
{
  const int colors = channels - 1;

  for (int c = 0; c < colors; c++)
    for (gsize i = 0; i < n; i++)
      planes[(gsize)c * n + i] = work[i * (gsize)channels + (gsize)c];
}

/*
 * Puts the pixels `result` (planes) of a rectangle into dst.  work: the pixels
 * of src, overwritten; picture: the same as planes; raw: the bytes of src.
 */
static void
store (const Filter *f, const GeglRectangle *rect, float *work, const float *picture, const float *result,
       const guint8 *raw)
{
  const AePixels *p = &f->pixels;
  const gsize n = (gsize)rect->width * (gsize)rect->height, channels = (gsize)p->colors + 1;
  const gsize bytes = (gsize)f->dst_bytes, alpha_bytes = (gsize)p->alpha_bytes;
  guint8 *out = g_malloc_n (n, bytes);

  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < channels - 1; c++)
      work[i * channels + c] = result[c * n + i];
  babl_process (f->to_dst, work, out, (long)n);
  for (gsize i = 0; i < n; i++)
    {
      const gboolean transparent = p->alpha && !(work[i * channels + channels - 1] > 0);
      gboolean same = TRUE;

      for (gsize c = 0; c < channels - 1 && same; c++)
        same = result[c * n + i] == picture[c * n + i]; /* NaN is never the same */
      if (f->same_bytes && (same || transparent))
        memcpy (out + i * bytes, raw + i * bytes, bytes);
      else if (f->same_bytes && p->alpha)
        memcpy (out + (i + 1) * bytes - alpha_bytes, raw + (i + 1) * bytes - alpha_bytes, alpha_bytes);
    }
  gegl_buffer_set (f->dst, rect, 0, f->dst_format, out, GEGL_AUTO_ROWSTRIDE);
  g_free (out);
}

/*
 * Blends a rectangle of at most AE_BUFFER_BAND rows and stores it.
 * network: planes [colors][height][width] of `wide`, which has rect in it.
 */
static void
blend_and_store (const Filter *f, const GeglRectangle *rect, const GeglRectangle *wide, const float *network)
{
  const AePixels *p = &f->pixels;
  const gsize n = (gsize)wide->width * (gsize)wide->height, inner = (gsize)rect->width * (gsize)rect->height;
  const gsize colors = (gsize)p->colors;
  float *work = g_new (float, n *(colors + 1)), *picture = g_new (float, n *colors);
  float *result = g_new (float, n *colors);
  guint8 *raw = g_malloc_n (inner, (gsize)p->bytes);

  ae_pixels_fetch (p, f->src, wide, NULL, work);
  split (work, p->colors + 1, n, picture);
  ae_blend_apply (&f->blend, picture, network, result, p->colors, wide->width, wide->height);

  /* what was needed for the neighbors only */
  if (inner != n)
    {
      const gsize x0 = (gsize)(rect->x - wide->x), y0 = (gsize)(rect->y - wide->y);

      for (gsize c = 0; c < colors; c++)
        for (gsize y = 0; y < (gsize)rect->height; y++)
          memmove (result + c * inner + y * (gsize)rect->width,
                   result + c * n + (y0 + y) * (gsize)wide->width + x0, (gsize)rect->width * sizeof (float));
    }
  ae_pixels_fetch (p, f->src, rect, raw, work);
  split (work, p->colors + 1, inner, picture);
  store (f, rect, work, picture, result, raw);
  g_free (work);
  g_free (picture);
  g_free (result);
  g_free (raw);
}

/* Counts what has been written and gives back the memory of rows of src that nobody will read again. */
static void
empty_rows (Filter *f, const GeglRectangle *rect)
{
  GeglRectangle rows = f->roi;
  int tile = 1, free_to;

  for (int y = 0; y < rect->height; y++)
    f->written[rect->y - f->roi.y + y] += rect->width;
  while (f->complete < f->roi.height && f->written[f->complete] >= f->roi.width)
    f->complete++;
  g_object_get (f->src, "tile-height", &tile, NULL);
  free_to = f->complete - f->reach;
  if (f->complete == f->roi.height)
    free_to = f->complete;
  if (free_to < f->emptied + tile)
    return;
  rows.y += f->emptied;
  rows.height = free_to - f->emptied;
  gegl_buffer_clear (f->src, &rows);
  f->emptied = free_to;
}

static gboolean
take_result (const GeglRectangle *rect, const float *planes, gsize stride, gsize plane, gpointer data,
             GError **error)
{
  Filter *f = data;
  const gsize colors = (gsize)f->pixels.colors, width = (gsize)rect->width;
  float *network = g_new (float, colors *width *AE_BUFFER_BAND);

  for (int y0 = 0; y0 < rect->height; y0 += AE_BUFFER_BAND)
    {
      const GeglRectangle band
        = { rect->x, rect->y + y0, rect->width, MIN (AE_BUFFER_BAND, rect->height - y0) };
      const gsize rows = (gsize)band.height;

      if (f->network) /* interleaved there */
        {
          for (gsize c = 0; c < colors; c++)
            for (gsize y = 0; y < rows; y++)
              for (gsize x = 0; x < width; x++)
                network[(y * width + x) * colors + c] = planes[c * plane + ((gsize)y0 + y) * stride + x];
          gegl_buffer_set (f->network, &band, 0, gegl_buffer_get_format (f->network), network,
                           GEGL_AUTO_ROWSTRIDE);
          continue;
        }
      for (gsize c = 0; c < colors; c++)
        for (gsize y = 0; y < rows; y++)
          memcpy (network + (c * rows + y) * width, planes + c * plane + ((gsize)y0 + y) * stride,
                  width * sizeof (float));
      blend_and_store (f, &band, &band, network);
    }
  g_free (network);
  if (f->consume)
    empty_rows (f, rect);
  return TRUE;
}

/* Blends from the network's whole result, with neighbors. */
static void
blend_with_margin (const Filter *f, int margin)
{
  const GeglRectangle *all = gegl_buffer_get_extent (f->network);
  const gsize colors = (gsize)f->pixels.colors;

  for (int y0 = 0; y0 < f->roi.height; y0 += AE_BUFFER_BAND)
    {
      const GeglRectangle band
        = { f->roi.x, f->roi.y + y0, f->roi.width, MIN (AE_BUFFER_BAND, f->roi.height - y0) };
      GeglRectangle wide
        = { band.x - margin, band.y - margin, band.width + 2 * margin, band.height + 2 * margin };
      float *pixels, *planes;
      gsize n;

      gegl_rectangle_intersect (&wide, &wide, all);
      n = (gsize)wide.width * (gsize)wide.height;
      pixels = g_new (float, n *colors);
      planes = g_new (float, n *colors);
      gegl_buffer_get (f->network, &wide, 1.0, gegl_buffer_get_format (f->network), pixels,
                       GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      for (gsize c = 0; c < colors; c++)
        for (gsize i = 0; i < n; i++)
          planes[c * n + i] = pixels[i * colors + c];
      blend_and_store (f, &band, &wide, planes);
      g_free (pixels);
      g_free (planes);
    }
}

/* The pixels as they are. */
static void
copy (const Filter *f)
{
  if (f->same_bytes && gegl_buffer_get_format (f->src) == f->dst_format)
    {
      gegl_buffer_copy (f->src, &f->roi, GEGL_ABYSS_NONE, f->dst, &f->roi);
      return;
    }
  for (int y0 = 0; y0 < f->roi.height; y0 += AE_BUFFER_BAND)
    {
      const GeglRectangle band
        = { f->roi.x, f->roi.y + y0, f->roi.width, MIN (AE_BUFFER_BAND, f->roi.height - y0) };
      const gsize n = (gsize)band.width * (gsize)band.height;
      float *work = g_new (float, n *(gsize)(f->pixels.colors + 1));
      guint8 *raw = g_malloc_n (n, (gsize)f->pixels.bytes), *out = g_malloc_n (n, (gsize)f->dst_bytes);

      ae_pixels_fetch (&f->pixels, f->src, &band, raw, work);
      if (!f->same_bytes)
        babl_process (f->to_dst, work, out, (long)n);
      gegl_buffer_set (f->dst, &band, 0, f->dst_format, f->same_bytes ? raw : out, GEGL_AUTO_ROWSTRIDE);
      g_free (work);
      g_free (raw);
      g_free (out);
    }
}

static gboolean
run (Filter *f, AeSession *session, double sigma, AeProgressFunc progress, gpointer data, GError **error)
{
  const int margin = ae_blend_margin (&f->blend);
  GeglRectangle roi = f->roi;
  AeBufferRun job = { session, f->src, &f->pixels, &roi, sigma, take_result, progress, f, data };
  gboolean ok;

  if (margin)
    {
      roi.x -= margin;
      roi.y -= margin;
      roi.width += 2 * margin;
      roi.height += 2 * margin;
      gegl_rectangle_intersect (&roi, &roi, gegl_buffer_get_extent (f->src));
      f->network = gegl_buffer_new (&roi, babl_format (f->pixels.colors == 3 ? "R'G'B' float" : "Y' float"));
    }
  else if (f->consume)
    {
      f->reach = ae_buffer_run_reach (session, &f->pixels);
      f->written = g_new0 (int, f->roi.height);
    }
  f->consume = f->consume && !margin;
  ok = ae_buffer_run (&job, error);
  if (ok && margin)
    blend_with_margin (f, margin);
  g_clear_object (&f->network);
  g_clear_pointer (&f->written, g_free);
  return ok;
}

static gboolean
denoise (AeSession *session, GeglBuffer *src, const GeglRectangle *roi, GeglBuffer *dst, gboolean consume,
         const AeDenoiseParams *params, AeProgressFunc progress, gpointer data, GError **error)
{
  Filter f = { .src = src, .dst = dst, .consume = consume };
  AePixels dst_pixels;
  double sigma = params->sigma;

  if (!ae_denoise_params_check (params, error)
      || !ae_pixels_init (&f.pixels, gegl_buffer_get_format (src), error)
      || !ae_pixels_init (&dst_pixels, gegl_buffer_get_format (dst), error))
    return FALSE;
  f.dst_format = dst_pixels.own;
  f.dst_bytes = dst_pixels.bytes;
  f.to_dst = ae_pixels_fish_to (&f.pixels, f.dst_format);
  f.same_bytes = ae_pixels_same_encoding (&f.pixels, &dst_pixels);
  f.roi = *gegl_buffer_get_extent (src);
  if (roi && !gegl_rectangle_intersect (&f.roi, &f.roi, roi))
    return TRUE;
  if (f.roi.width < 1 || f.roi.height < 1)
    return TRUE;
  if (params->strength <= 0)
    {
      copy (&f);
      return TRUE;
    }
  if (params->noise_auto && !ae_noise_estimate_buffer (src, &f.roi, &sigma, error))
    return FALSE;
  ae_blend_init (&f.blend, params, sigma);
  return run (&f, session, sigma, progress, data, error);
}

gboolean
ae_denoise_buffer (AeSession *session, GeglBuffer *src, const GeglRectangle *roi, GeglBuffer *dst,
                   const AeDenoiseParams *params, AeProgressFunc progress, gpointer data, GError **error)
{
  return denoise (session, src, roi, dst, FALSE, params, progress, data, error);
}

gboolean
ae_denoise_buffer_consume (AeSession *session, GeglBuffer *src, GeglBuffer *dst,
                           const AeDenoiseParams *params, AeProgressFunc progress, gpointer data,
                           GError **error)
{
  return denoise (session, src, NULL, dst, TRUE, params, progress, data, error);
}
