/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* preview.c - the preview of denoising: a part of the layer with and without noise, and the controls for it.
 */

#include "preview.h"
#include <ae/error.h>
#include "core/argb.h"
#include "core/noise-estimate.h"
#include "core/preview-worker.h"
#include "intl.h"
#include "preview-frame.h"

/* Milliseconds without a change before the network runs. */
#define SETTLE 150

struct _AePreview
{
  AePreviewSource source;
  AePreviewFrame *frame;
  AeSplitView *view; /* of the frame */
  AePreviewWorker *worker;

  GeglRectangle before; /* what was drawn last of the layer; empty: nothing yet */
  gboolean stale;       /* the result is to be blended again */

  AeModel *model;
  double sigma;
  AeDenoiseParams params;
  char *problem;
};

typedef struct
{
  AePreviewEstimated estimated;
  gpointer data;
} Estimate;

static void
estimated (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Estimate *estimate = data;
  g_autoptr (GError) error = NULL;
  double sigma = 0.0;

  ae_noise_estimate_finish (result, &sigma, &error);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    estimate->estimated (sigma, estimate->data);
}

void
ae_preview_source_estimate (const AePreviewSource *source, GCancellable *cancellable,
                            AePreviewEstimated callback, gpointer data)
{
  GeglBuffer *layer = source->open_layer (source->data);
  Estimate *estimate;

  if (layer == NULL)
    {
      callback (0.0, data);
      return;
    }
  estimate = g_new (Estimate, 1);
  *estimate = (Estimate){ callback, data };
  ae_noise_estimate_async (layer, &source->region, cancellable, estimated, estimate);
  g_object_unref (layer);
}

static gboolean
wanted (const AePreview *preview)
{
  return preview->model != NULL && preview->sigma >= 0.0 && ae_preview_frame_enabled (preview->frame);
}

static gboolean
gather (AePreviewInput *input, gpointer data, GError **error)
{
  AePreview *preview = data;
  GeglBuffer *layer;
  GeglRectangle extent;

  if (!wanted (preview))
    return FALSE;
  layer = preview->source.open_layer (preview->source.data);
  if (layer == NULL)
    {
      g_set_error_literal (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("The layer is not there any more."));
      return FALSE;
    }
  input->area = ae_split_view_area (preview->view);
  extent = ae_preview_extent (preview->model, &input->area, gegl_buffer_get_extent (layer));
  input->source = gegl_buffer_new (&extent, gegl_buffer_get_format (layer));
  gegl_buffer_copy (layer, &extent, GEGL_ABYSS_NONE, input->source, &extent);
  g_object_unref (layer);
  input->model = ae_model_ref (preview->model);
  input->sigma = preview->sigma;
  /* The layer may have been painted on: both sides show the same moment. */
  preview->before = (GeglRectangle){ 0 };
  return TRUE;
}

static cairo_surface_t *
surface_new (cairo_format_t format, const GeglRectangle *rect)
{
  cairo_surface_t *surface = cairo_image_surface_create (format, rect->width, rect->height);

  cairo_surface_flush (surface);
  return surface;
}

/* How much of each pixel is selected; NULL: all is. */
static cairo_surface_t *
selection_of (const AePreview *preview, const GeglRectangle *rect)
{
  GeglRectangle place = *rect;
  GeglBuffer *buffer;
  cairo_surface_t *mask;
  int x, y;

  buffer = preview->source.open_selection (&x, &y, preview->source.data);
  if (buffer == NULL)
    return NULL;
  place.x += x;
  place.y += y;
  mask = surface_new (CAIRO_FORMAT_A8, rect);
  gegl_buffer_get (buffer, &place, 1.0, babl_format ("Y u8"), cairo_image_surface_get_data (mask),
                   cairo_image_surface_get_stride (mask), GEGL_ABYSS_NONE);
  cairo_surface_mark_dirty (mask);
  g_object_unref (buffer);
  return mask;
}

static void
read_before (AePreview *preview, const GeglRectangle *area)
{
  GeglBuffer *layer = preview->source.open_layer (preview->source.data);
  cairo_surface_t *surface;

  if (layer == NULL)
    return;
  surface = surface_new (CAIRO_FORMAT_ARGB32, area);
  /* Rows of 32-bit pixels have no gaps. */
  ae_argb_read (layer, area, (guint32 *)(void *)cairo_image_surface_get_data (surface));
  cairo_surface_mark_dirty (surface);
  g_object_unref (layer);
  ae_split_view_set_before (preview->view, area, surface);
  preview->before = *area;
}

static void
blend_after (AePreview *preview)
{
  cairo_surface_t *surface = NULL;
  cairo_surface_t *mask = NULL;
  GeglRectangle rect = { 0 };

  if (wanted (preview) && ae_preview_worker_area (preview->worker, &rect))
    {
      gsize n = (gsize)rect.width * (gsize)rect.height;
      g_autofree guint8 *rgba = g_new (guint8, n * 4);

      surface = surface_new (CAIRO_FORMAT_ARGB32, &rect);
      ae_preview_worker_draw (preview->worker, &rect, &preview->params, babl_format ("R'G'B'A u8"), rgba, 0);
      ae_argb_pack (rgba, (guint32 *)(void *)cairo_image_surface_get_data (surface), n);
      cairo_surface_mark_dirty (surface);
      mask = selection_of (preview, &rect);
    }
  ae_split_view_set_after (preview->view, &rect, surface, mask);
  preview->stale = FALSE;
}

/* From the view: it is about to draw. */
static void
prepare (gpointer data)
{
  AePreview *preview = data;
  GeglRectangle area = ae_split_view_area (preview->view);

  if (!gegl_rectangle_equal (&area, &preview->before))
    read_before (preview, &area);
  if (preview->stale)
    blend_after (preview);
}

static void
blend_again (AePreview *preview)
{
  preview->stale = TRUE;
  ae_split_view_redraw (preview->view);
}

static void
show_state (AePreview *preview)
{
  const GError *error = ae_preview_worker_error (preview->worker);

  if (preview->model == NULL)
    ae_preview_frame_say (preview->frame, NULL, preview->problem);
  else if (!ae_preview_frame_enabled (preview->frame))
    ae_preview_frame_say (preview->frame, NULL, NULL);
  else if (preview->sigma < 0.0)
    ae_preview_frame_say (preview->frame, _ ("Estimating the noise level…"), NULL);
  else if (error != NULL)
    ae_preview_frame_say (preview->frame, NULL, error->message);
  else if (ae_preview_worker_state (preview->worker) == AE_WORKER_BUSY)
    ae_preview_frame_say (preview->frame, _ ("Denoising…"), NULL);
  else
    ae_preview_frame_say (preview->frame, NULL, NULL);
}

/* From the worker. */
static void
changed (gpointer data)
{
  AePreview *preview = data;

  blend_again (preview);
  show_state (preview);
}

/* From the frame: scrolled, zoomed or resized. */
static void
moved (gpointer data)
{
  AePreview *preview = data;
  GeglRectangle area = ae_split_view_area (preview->view);
  GeglRectangle have;

  if (!wanted (preview))
    return;
  if (ae_preview_worker_state (preview->worker) == AE_WORKER_BUSY
      || !ae_preview_worker_area (preview->worker, &have) || !gegl_rectangle_contains (&have, &area))
    ae_preview_worker_restart (preview->worker, SETTLE);
}

/* From the frame: switched on or off. */
static void
enabled (gpointer data)
{
  AePreview *preview = data;

  if (wanted (preview))
    ae_preview_worker_restart (preview->worker, 0);
  else
    ae_preview_worker_stop (preview->worker);
}

static void
destroyed (GtkWidget *widget, AePreview *preview)
{
  ae_preview_worker_free (preview->worker);
  g_clear_pointer (&preview->model, ae_model_unref);
  g_free (preview->problem);
  g_free (preview);
}

AePreview *
ae_preview_new (const AePreviewSource *source, const AeSessionOptions *options)
{
  AePreview *preview = g_new0 (AePreview, 1);
  const AePreviewFrameFuncs funcs = { moved, prepare, enabled, preview };

  preview->source = *source;
  preview->sigma = -1.0;
  ae_denoise_params_init (&preview->params);
  preview->worker = ae_preview_worker_new (options, gather, changed, preview);
  preview->frame = ae_preview_frame_new (&source->bounds, &funcs);
  preview->view = ae_preview_frame_view (preview->frame);
  g_signal_connect (ae_preview_frame_widget (preview->frame), "destroy", G_CALLBACK (destroyed), preview);
  ae_split_view_look_at (preview->view, source->region.x + source->region.width / 2.0,
                         source->region.y + source->region.height / 2.0);
  return preview;
}

GtkWidget *
ae_preview_widget (AePreview *preview)
{
  return ae_preview_frame_widget (preview->frame);
}

void
ae_preview_set (AePreview *preview, AeModel *model, double sigma, const AeDenoiseParams *params,
                const char *problem)
{
  gboolean rerun = model != preview->model || sigma != preview->sigma;

  if (model != preview->model)
    {
      g_clear_pointer (&preview->model, ae_model_unref);
      preview->model = model != NULL ? ae_model_ref (model) : NULL;
    }
  g_free (preview->problem);
  preview->problem = g_strdup (problem);
  preview->sigma = sigma;
  preview->params = *params;

  if (!wanted (preview))
    ae_preview_worker_stop (preview->worker);
  else if (rerun)
    ae_preview_worker_restart (preview->worker, SETTLE);
  blend_again (preview);
  show_state (preview);
}
