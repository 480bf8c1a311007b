/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* buffer-run.c - runs a session over a rectangle of a buffer and hands out what the network made of it. */

#include "buffer-run.h"
#include "catalogue.h"

#include <ae/error.h>
#include <math.h>
#include <string.h>
#include "alpha-bleed.h"
#include "intl.h"

/* Luminance of R'G'B' (Rec. 709). */
static inline float
finite_or_zero (float v)
{
  return isfinite (v) ? v : 0;
}

static inline float
luminance (const float *pixel)
{
  return 0.2126f * finite_or_zero (pixel[0]) + 0.7152f * finite_or_zero (pixel[1])
         + 0.0722f * finite_or_zero (pixel[2]);
}

typedef struct
{
  const AeBufferRun *run;
  GeglRectangle picture; /* what the session takes for the picture, in the coordinates of the buffer */
  GeglRectangle wanted;  /* of the result */
  int x, y;              /* of the picture's result, in the same coordinates */
  int inputs;            /* planes that the network reads: 1 or 3 */
} Work;

static float *
fetch (const Work *w, const GeglRectangle *rect, const float **at, gsize *stride)
{
  return ae_pixels_fetch_filled (w->run->pixels, w->run->buffer, rect, w->run->wrap, at, stride);
}

static gboolean
read_pixels (const AeRect *rect, float *planes, gpointer data, GError **error)
{
  Work *w = data;
  const int colors = w->run->pixels->colors;
  const gsize channels = (gsize)colors + 1, plane = (gsize)rect->width * (gsize)rect->height;

  for (int y0 = 0; y0 < rect->height; y0 += AE_BUFFER_BAND)
    {
      const int rows = MIN (AE_BUFFER_BAND, rect->height - y0);
      const GeglRectangle band = { w->picture.x + rect->x, w->picture.y + rect->y + y0, rect->width, rows };
      const float *from;
      gsize stride;
      float *work = fetch (w, &band, &from, &stride);

      for (gsize y = 0; y < (gsize)rows; y++)
        {
          const float *pixel = from + y * stride * channels;
          float *to = planes + ((gsize)y0 + y) * (gsize)rect->width;

          for (gsize x = 0; x < (gsize)rect->width; x++, pixel += channels)
            if (w->inputs == colors)
              for (gsize c = 0; c < (gsize)colors; c++)
                to[c * plane + x] = pixel[c];
            else if (colors == 1)
              to[x] = to[plane + x] = to[2 * plane + x] = pixel[0];
            else
              to[x] = luminance (pixel);
        }
      g_free (work);
    }
  return TRUE;
}

/* One plane out of three: their mean. */
static void
mean_of_planes (const float *planes, gsize plane, float *mean, gsize from, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      const float a = planes[from + i], b = planes[from + plane + i], c = planes[from + 2 * plane + i];

      mean[i] = a + ((b - a) + (c - a)) / 3; /* exact if all are equal */
    }
}

/* Colors with the change of their luminance added. */
static void
add_luminance (const Work *w, const GeglRectangle *rect, const float *result, gsize stride, float *colors)
{
  const gsize plane = (gsize)rect->width * (gsize)rect->height;
  const float *from;
  gsize from_stride;
  float *work = fetch (w, rect, &from, &from_stride);

  for (gsize y = 0; y < (gsize)rect->height; y++)
    for (gsize x = 0; x < (gsize)rect->width; x++)
      {
        const float *pixel = from + (y * from_stride + x) * 4;
        float change = result[y * stride + x] - luminance (pixel);

        for (gsize c = 0; c < 3; c++)
          colors[c * plane + y * (gsize)rect->width + x] = finite_or_zero (pixel[c]) + change;
      }
  g_free (work);
}

static gboolean
write_pixels (const AeRect *rect, const float *planes, gpointer data, GError **error)
{
  Work *w = data;
  const AeBufferRun *run = w->run;
  const int colors = run->pixels->colors;
  const gsize stride = (gsize)rect->width, plane = stride * (gsize)rect->height;
  GeglRectangle part = { w->x + rect->x, w->y + rect->y, rect->width, rect->height };
  const float *from;
  float *own;
  gboolean ok = TRUE;

  if (!gegl_rectangle_intersect (&part, &part, &w->wanted))
    return TRUE;
  from = planes + (gsize)(part.y - w->y - rect->y) * stride + (gsize)(part.x - w->x - rect->x);
  if (w->inputs == colors)
    return run->result (&part, from, stride, plane, run->data, error);

  own = g_new (float, (gsize)part.width *AE_BUFFER_BAND *(gsize)colors);
  for (int y0 = 0; y0 < part.height && ok; y0 += AE_BUFFER_BAND)
    {
      const GeglRectangle band = { part.x, part.y + y0, part.width, MIN (AE_BUFFER_BAND, part.height - y0) };

      if (colors == 1)
        for (gsize y = 0; y < (gsize)band.height; y++)
          mean_of_planes (from, plane, own + y * (gsize)band.width, ((gsize)y0 + y) * stride,
                          (gsize)band.width);
      else
        add_luminance (w, &band, from + (gsize)y0 * stride, stride, own);
      ok = run->result (&band, own, (gsize)band.width, (gsize)band.width * (gsize)band.height, run->data,
                        error);
    }
  g_free (own);
  return ok;
}

static gboolean
show_progress (double fraction, gpointer data)
{
  const Work *w = data;

  return w->run->progress (fraction, w->run->progress_data);
}

static gboolean
check (const Work *w, const AeModel *model, GError **error)
{
  const AeGraph *graph = ae_model_graph (model);
  const char *task = ae_model_meta (model, "ae.task"), *expected = w->run->enlarge ? "upscale" : "denoise";
  const int scale = ae_graph_scale (graph);

  if ((task && !ae_task_suits (task, expected)) || (scale == 1) == w->run->enlarge
      || ae_graph_node (graph, ae_graph_output (graph))->channels != w->inputs)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                 w->run->enlarge ? _ ("the model is for the task \"%s\" and gives %d planes at scale %d, "
                                      "expected \"%s\", %d planes and scale 2 to 4")
                                 : _ ("the model is for the task \"%s\" and gives %d planes at scale %d, "
                                      "expected \"%s\", %d planes and scale 1"),
                 task ? task : "", ae_graph_node (graph, ae_graph_output (graph))->channels, scale, expected,
                 w->inputs);
  else if (w->run->enlarge && w->inputs < w->run->pixels->colors)
    g_set_error_literal (error, AE_ERROR, AE_ERROR_ARGUMENT,
                         _ ("the model enlarges gray pictures only, and this one has colors"));
  else
    return TRUE;
  return FALSE;
}

/* The rectangle with enough around it that the session's mirroring is never seen, beginning where one of the
 * session's units does. */
static GeglRectangle
repeated (const AeBufferRun *run, const GeglRectangle *extent)
{
  const int unit = ae_session_unit (run->session);
  const int around = (ae_buffer_run_reach (run->session, run->pixels) / unit + 1) * unit;
  const int left = ((run->roi->x - extent->x) % unit + unit) % unit;
  const int top = ((run->roi->y - extent->y) % unit + unit) % unit;

  return (GeglRectangle){ run->roi->x - left - around, run->roi->y - top - around,
                          run->roi->width + left + 2 * around, run->roi->height + top + 2 * around };
}

gboolean
ae_buffer_run (const AeBufferRun *run, GError **error)
{
  AeModel *model = ae_session_model (run->session);
  const AeGraph *graph = ae_model_graph (model);
  const GeglRectangle *extent = gegl_buffer_get_extent (run->buffer), *roi = run->roi;
  const int scale = ae_graph_scale (graph);
  Work w = { .run = run, .picture = *extent, .wanted = *roi };
  AeRun session_run = { .sigma = (float)run->sigma,
                        .reserved = run->reserved,
                        .read = read_pixels,
                        .write = write_pixels,
                        .progress = run->progress ? show_progress : NULL,
                        .data = &w };

  w.inputs = ae_graph_find_input (graph, AE_PLANES_RGB) >= 0 ? 3 : 1;
  if (!check (&w, model, error))
    return FALSE;
  if (run->wrap)
    w.picture = repeated (run, extent);
  w.x = w.picture.x;
  w.y = w.picture.y;
  if (run->enlarge)
    {
      w.x = (w.picture.x - extent->x) * scale;
      w.y = (w.picture.y - extent->y) * scale;
      w.wanted = (GeglRectangle){ (roi->x - extent->x) * scale, (roi->y - extent->y) * scale,
                                  roi->width * scale, roi->height * scale };
    }
  session_run.width = w.picture.width;
  session_run.height = w.picture.height;
  session_run.part = (AeRect){ roi->x - w.picture.x, roi->y - w.picture.y, roi->width, roi->height };
  return ae_session_run (run->session, &session_run, error);
}

int
ae_buffer_run_reach (AeSession *session, const AePixels *pixels)
{
  return ae_session_reach (session) + (pixels->alpha ? AE_ALPHA_BLEED_RADIUS : 0);
}
