/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* preview-worker.c - computes the part of a picture that a dialog shows, beside the dialog's main loop. */

#include "preview-worker.h"
#include <ae/graph.h>
#include "alpha-bleed.h"
#include "buffer-filter.h"
#include "session-cache.h"

struct _AePreviewWorker
{
  AePreviewGather gather;
  AePreviewChanged changed;
  gpointer data;
  AeWorker *worker;
  AeSessionCache sessions; /* of the worker's thread alone */
};

static void
input_free (gpointer data)
{
  AePreviewInput *input = data;

  g_clear_pointer (&input->model, ae_model_unref);
  g_clear_object (&input->source);
  g_free (input);
}

static gpointer
gather (gpointer data, GError **error)
{
  const AePreviewWorker *worker = data;
  AePreviewInput *input = g_new0 (AePreviewInput, 1);

  if (worker->gather (input, worker->data, error))
    return input;
  input_free (input);
  return NULL;
}

static gpointer
run (gpointer data, AeProgressFunc goes_on, gpointer goes_on_data, gpointer worker, GError **error)
{
  const AePreviewInput *input = data;
  AeSession *session = ae_session_cache_get (&((AePreviewWorker *)worker)->sessions, input->model, error);

  return session != NULL
           ? ae_patch_new (session, input->source, &input->area, input->sigma, goes_on, goes_on_data, error)
           : NULL;
}

static void
changed (gpointer data)
{
  const AePreviewWorker *worker = data;

  worker->changed (worker->data);
}

static void
patch_free (gpointer patch)
{
  ae_patch_free (patch);
}

AePreviewWorker *
ae_preview_worker_new (const AeSessionOptions *session_options, AePreviewGather gather_input,
                       AePreviewChanged when_changed, gpointer data)
{
  AePreviewWorker *worker = g_new0 (AePreviewWorker, 1);
  const AeWorkerFuncs funcs = { gather, run, changed, input_free, patch_free, worker };

  worker->gather = gather_input;
  worker->changed = when_changed;
  worker->data = data;
  if (session_options != NULL)
    worker->sessions.options = *session_options;
  worker->worker = ae_worker_new (&funcs);
  return worker;
}

void
ae_preview_worker_free (AePreviewWorker *worker)
{
  if (worker == NULL)
    return;
  ae_worker_free (worker->worker);
  ae_session_cache_clear (&worker->sessions);
  g_free (worker);
}

void
ae_preview_worker_restart (AePreviewWorker *worker, guint delay)
{
  ae_worker_restart (worker->worker, delay);
}

void
ae_preview_worker_stop (AePreviewWorker *worker)
{
  ae_worker_stop (worker->worker);
}

AeWorkerState
ae_preview_worker_state (const AePreviewWorker *worker)
{
  return ae_worker_state (worker->worker);
}

const GError *
ae_preview_worker_error (const AePreviewWorker *worker)
{
  return ae_worker_error (worker->worker);
}

gboolean
ae_preview_worker_area (const AePreviewWorker *worker, GeglRectangle *area)
{
  const AePatch *patch = ae_worker_result (worker->worker);

  if (patch == NULL)
    return FALSE;
  *area = *ae_patch_rect (patch);
  return TRUE;
}

gboolean
ae_preview_worker_draw (const AePreviewWorker *worker, const GeglRectangle *area,
                        const AeDenoiseParams *params, const Babl *format, gpointer pixels, int rowstride)
{
  const AePatch *patch = ae_worker_result (worker->worker);

  if (patch == NULL || !gegl_rectangle_equal (ae_patch_rect (patch), area))
    return FALSE;
  ae_patch_render (patch, params, format, pixels, rowstride);
  return TRUE;
}

GeglRectangle
ae_preview_extent (const AeModel *model, const GeglRectangle *area, const GeglRectangle *picture)
{
  const AeGraph *graph = ae_model_graph (model);
  int alignment = ae_graph_alignment (graph);
  int margin = ae_graph_halo (graph) + AE_ALPHA_BLEED_RADIUS;
  int left = MAX (area->x - margin - picture->x, 0) / alignment * alignment;
  int top = MAX (area->y - margin - picture->y, 0) / alignment * alignment;
  GeglRectangle extent;

  /* The grid of tiles begins at the source's corner: keep it on the picture's. */
  gegl_rectangle_set (&extent, picture->x + left, picture->y + top,
                      area->x + area->width + margin - picture->x - left,
                      area->y + area->height + margin - picture->y - top);
  gegl_rectangle_intersect (&extent, &extent, picture);
  return extent;
}
