/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-preview.c - the preview of enlarging: as GIMP's cubic interpolation and as the network makes it. */

#include "upscale-preview.h"
#include <ae/error.h>
#include <string.h>
#include "core/argb.h"
#include "core/session-cache.h"
#include "core/upscale-part.h"
#include "core/upscale.h"
#include "core/worker.h"
#include "intl.h"
#include "preview-frame.h"

/* Milliseconds without a change before the network runs. */
#define SETTLE 200

/* What the result depends on, but for the area. */
typedef struct
{
  char model[AE_PARAMS_MODEL_MAX];
  double robust;
  gboolean wrap;
  int factor, width, height;
} Wish;

struct _AeUpscalePreview
{
  AePreviewSource source;
  const AeCatalogue *catalogue;
  AePreviewFrame *frame;
  AeSplitView *view; /* of the frame */
  AeWorker *worker;
  AeSessionCache sessions; /* of the worker's thread alone */

  GeglRectangle before; /* what was drawn last without the network; empty: nothing yet */
  gboolean stale;       /* the result is to be drawn again */

  Wish wish;
  AeModel *model; /* for that wish; NULL: not loaded yet */
  char *problem;
};

static gboolean
wanted (const AeUpscalePreview *preview)
{
  return preview->problem == NULL && preview->wish.width > 0 && ae_preview_frame_enabled (preview->frame);
}

/* Beside the picture: what GIMP itself makes of it. */
static void
forget_before (AeUpscalePreview *preview)
{
  preview->before = (GeglRectangle){ 0 };
}

static gpointer
gather (gpointer data, GError **error)
{
  AeUpscalePreview *preview = data;
  const Wish *wish = &preview->wish;
  const GeglRectangle area = ae_split_view_area (preview->view);
  g_autoptr (GeglBuffer) layer = NULL;

  if (!wanted (preview) || gegl_rectangle_is_empty (&area))
    return NULL;
  layer = preview->source.open_layer (preview->source.data);
  if (layer == NULL)
    {
      g_set_error_literal (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("The layer is not there any more."));
      return NULL;
    }
  if (preview->model == NULL)
    preview->model
      = ae_upscale_load_model (preview->catalogue, wish->model, wish->factor, wish->robust, error);
  if (preview->model == NULL)
    return NULL;
  /* The layer may have been painted on: both sides show the same moment. */
  forget_before (preview);
  return ae_upscale_part_new (preview->model, layer, wish->wrap, wish->width, wish->height, &area);
}

/* In the worker's thread. */
static gpointer
run (gpointer input, AeProgressFunc goes_on, gpointer goes_on_data, gpointer data, GError **error)
{
  const AeUpscalePart *part = input;
  AeUpscalePreview *preview = data;
  AeSession *session = ae_session_cache_get (&preview->sessions, part->model, error);

  return session != NULL ? ae_upscale_part_run (part, session, goes_on, goes_on_data, error) : NULL;
}

static void
part_free (gpointer part)
{
  ae_upscale_part_free (part);
}

static cairo_surface_t *
surface_of (GeglBuffer *buffer)
{
  const GeglRectangle *rect = gegl_buffer_get_extent (buffer);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, rect->width, rect->height);

  cairo_surface_flush (surface);
  /* Rows of 32-bit pixels have no gaps. */
  ae_argb_read (buffer, rect, (guint32 *)(void *)cairo_image_surface_get_data (surface));
  cairo_surface_mark_dirty (surface);
  return surface;
}

static void
draw_before (AeUpscalePreview *preview, const GeglRectangle *area)
{
  g_autoptr (GeglBuffer) layer = preview->source.open_layer (preview->source.data);
  g_autoptr (GeglBuffer) large = NULL;

  if (layer == NULL)
    return;
  large = ae_upscale_cubic (layer, preview->wish.width, preview->wish.height, area);
  ae_split_view_set_before (preview->view, area, surface_of (large));
  preview->before = *area;
}

static void
draw_after (AeUpscalePreview *preview)
{
  GeglBuffer *result = (GeglBuffer *)ae_worker_result (preview->worker);

  if (wanted (preview) && result != NULL)
    ae_split_view_set_after (preview->view, gegl_buffer_get_extent (result), surface_of (result), NULL);
  else
    ae_split_view_set_after (preview->view, NULL, NULL, NULL);
  preview->stale = FALSE;
}

/* From the frame: it is about to draw. */
static void
prepare (gpointer data)
{
  AeUpscalePreview *preview = data;
  const GeglRectangle area = ae_split_view_area (preview->view);

  if (preview->wish.width > 0 && !gegl_rectangle_is_empty (&area)
      && !gegl_rectangle_equal (&area, &preview->before))
    draw_before (preview, &area);
  if (preview->stale)
    draw_after (preview);
}

static void
show_state (AeUpscalePreview *preview)
{
  const GError *error = ae_worker_error (preview->worker);

  if (preview->problem != NULL)
    ae_preview_frame_say (preview->frame, NULL, preview->problem);
  else if (!wanted (preview))
    ae_preview_frame_say (preview->frame, NULL, NULL);
  else if (error != NULL)
    ae_preview_frame_say (preview->frame, NULL, error->message);
  else if (ae_worker_state (preview->worker) == AE_WORKER_BUSY)
    ae_preview_frame_say (preview->frame, _ ("Enlarging…"), NULL);
  else
    ae_preview_frame_say (preview->frame, NULL, NULL);
}

/* From the worker. */
static void
changed (gpointer data)
{
  AeUpscalePreview *preview = data;

  preview->stale = TRUE;
  ae_split_view_redraw (preview->view);
  show_state (preview);
}

/* From the frame: scrolled, zoomed or resized. */
static void
moved (gpointer data)
{
  AeUpscalePreview *preview = data;
  const GeglRectangle area = ae_split_view_area (preview->view);
  GeglBuffer *result = (GeglBuffer *)ae_worker_result (preview->worker);

  if (wanted (preview)
      && (ae_worker_state (preview->worker) == AE_WORKER_BUSY || result == NULL
          || !gegl_rectangle_contains (gegl_buffer_get_extent (result), &area)))
    ae_worker_restart (preview->worker, SETTLE);
}

/* From the frame: switched on or off. */
static void
enabled (gpointer data)
{
  AeUpscalePreview *preview = data;

  if (wanted (preview))
    ae_worker_restart (preview->worker, 0);
  else
    ae_worker_stop (preview->worker);
}

static void
destroyed (GtkWidget *widget, AeUpscalePreview *preview)
{
  ae_worker_free (preview->worker);
  ae_session_cache_clear (&preview->sessions);
  g_clear_pointer (&preview->model, ae_model_unref);
  g_free (preview->problem);
  g_free (preview);
}

AeUpscalePreview *
ae_upscale_preview_new (const AePreviewSource *source, const AeCatalogue *catalogue,
                        const AeSessionOptions *options)
{
  AeUpscalePreview *preview = g_new0 (AeUpscalePreview, 1);
  const AePreviewFrameFuncs frame_funcs = { moved, prepare, enabled, preview };
  const AeWorkerFuncs worker_funcs = { gather, run, changed, part_free, g_object_unref, preview };

  preview->source = *source;
  preview->catalogue = catalogue;
  preview->sessions.options = *options;
  preview->worker = ae_worker_new (&worker_funcs);
  preview->frame = ae_preview_frame_new (&source->bounds, &frame_funcs);
  preview->view = ae_preview_frame_view (preview->frame);
  g_signal_connect (ae_preview_frame_widget (preview->frame), "destroy", G_CALLBACK (destroyed), preview);
  return preview;
}

GtkWidget *
ae_upscale_preview_widget (AeUpscalePreview *preview)
{
  return ae_preview_frame_widget (preview->frame);
}

static gboolean
other_weights (const Wish *a, const Wish *b)
{
  return strcmp (a->model, b->model) != 0 || a->factor != b->factor || a->robust != b->robust;
}

void
ae_upscale_preview_set (AeUpscalePreview *preview, const AeUpscaleParams *params, int factor, int width,
                        int height, const char *problem)
{
  const Wish old = preview->wish;
  Wish *wish = &preview->wish;
  gboolean rerun, resized;

  memcpy (wish->model, params->model, sizeof wish->model);
  wish->robust = params->robust;
  wish->wrap = params->wrap;
  wish->factor = factor;
  wish->width = width;
  wish->height = height;
  resized = width != old.width || height != old.height;
  rerun = resized || old.wrap != wish->wrap || other_weights (&old, wish)
          || (problem == NULL) != (preview->problem == NULL);
  if (other_weights (&old, wish))
    g_clear_pointer (&preview->model, ae_model_unref);
  g_free (preview->problem);
  preview->problem = g_strdup (problem);

  if (resized && width > 0)
    {
      forget_before (preview);
      /* The old result is of another size. */
      ae_worker_stop (preview->worker);
      ae_split_view_set_bounds (preview->view, GEGL_RECTANGLE (0, 0, width, height));
    }
  if (!wanted (preview))
    ae_worker_stop (preview->worker);
  else if (rerun)
    ae_worker_restart (preview->worker, SETTLE);
  show_state (preview);
}
