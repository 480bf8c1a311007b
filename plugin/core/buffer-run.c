/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* buffer-run.c - runs a session over a rectangle of a buffer and hands out what the network made of it. */

#include "buffer-run.h"

#include <ae/error.h>
#include <math.h>
#include <string.h>
#include "alpha-bleed.h"

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
  GeglRectangle extent; /* of the buffer: what the session takes for the picture */
  int inputs;           /* planes that the network reads: 1 or 3 */
} Work;

/* Working pixels of a rectangle as the network shall see them: [height][width][colors + 1] at *at,
 * rows of *stride pixels. */
static float *
fetch (const Work *w, const GeglRectangle *rect, const float **at, gsize *stride)
{
  const AePixels *pixels = w->run->pixels;
  const int channels = pixels->colors + 1;
  GeglRectangle wide = *rect;
  float *work;

  if (pixels->alpha)
    {
      wide.x -= AE_ALPHA_BLEED_RADIUS;
      wide.y -= AE_ALPHA_BLEED_RADIUS;
      wide.width += 2 * AE_ALPHA_BLEED_RADIUS;
      wide.height += 2 * AE_ALPHA_BLEED_RADIUS;
      gegl_rectangle_intersect (&wide, &wide, &w->extent);
    }
  work = g_new (float, (gsize)wide.width *(gsize)wide.height *(gsize)channels);
  ae_pixels_fetch (pixels, w->run->buffer, &wide, NULL, work);
  if (pixels->alpha)
    ae_alpha_bleed (work, channels, wide.width, wide.height);
  *stride = (gsize)wide.width;
  *at = work + ((gsize)(rect->y - wide.y) * *stride + (gsize)(rect->x - wide.x)) * (gsize)channels;
  return work;
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
      const GeglRectangle band = { w->extent.x + rect->x, w->extent.y + rect->y + y0, rect->width, rows };
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
  GeglRectangle part = { w->extent.x + rect->x, w->extent.y + rect->y, rect->width, rect->height };
  const float *from;
  float *own;
  gboolean ok = TRUE;

  if (!gegl_rectangle_intersect (&part, &part, run->roi))
    return TRUE;
  from = planes + (gsize)(part.y - w->extent.y - rect->y) * stride + (gsize)(part.x - w->extent.x - rect->x);
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

gboolean
ae_buffer_run (const AeBufferRun *run, GError **error)
{
  AeModel *model = ae_session_model (run->session);
  const AeGraph *graph = ae_model_graph (model);
  const char *task = ae_model_meta (model, "ae.task");
  Work w = { .run = run };
  AeRun session_run = { .sigma = (float)run->sigma,
                        .read = read_pixels,
                        .write = write_pixels,
                        .progress = run->progress ? show_progress : NULL,
                        .data = &w };
  gboolean ok;

  w.inputs = ae_graph_find_input (graph, AE_PLANES_RGB) >= 0 ? 3 : 1;
  if ((task && strcmp (task, "denoise") != 0) || ae_graph_scale (graph) != 1
      || ae_graph_node (graph, ae_graph_output (graph))->channels != w.inputs)
    {
      g_set_error (
        error, AE_ERROR, AE_ERROR_ARGUMENT,
        "the model is for the task \"%s\" and gives %d planes at scale %d, expected \"denoise\", %d "
        "planes and scale 1",
        task ? task : "", ae_graph_node (graph, ae_graph_output (graph))->channels, ae_graph_scale (graph),
        w.inputs);
      return FALSE;
    }
  w.extent = *gegl_buffer_get_extent (run->buffer);
  session_run.width = w.extent.width;
  session_run.height = w.extent.height;
  session_run.part
    = (AeRect){ run->roi->x - w.extent.x, run->roi->y - w.extent.y, run->roi->width, run->roi->height };
  ok = ae_session_run (run->session, &session_run, error);
  return ok;
}

int
ae_buffer_run_reach (AeSession *session, const AePixels *pixels)
{
  const AeGraph *graph = ae_model_graph (ae_session_model (session));

  return ae_graph_halo (graph) + 2 * ae_graph_alignment (graph) + (pixels->alpha ? AE_ALPHA_BLEED_RADIUS : 0);
}
