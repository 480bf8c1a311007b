/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* preview-worker.c - computes the part of a picture that a dialog shows, beside the dialog's main loop. */

#include "preview-worker.h"
#include <ae/graph.h>
#include "alpha-bleed.h"
#include "buffer-filter.h"

/* One run.  The main thread makes it and frees it; the worker's thread has it
 * in between. */
typedef struct
{
  AePreviewInput input;
  gint cancelled; /* atomic */
  AePatch *patch;
  GError *error;
} Job;

struct _AePreviewWorker
{
  AePreviewGather gather;
  AePreviewChanged changed;
  gpointer data;

  guint timeout;  /* source that starts the next run, 0: none */
  Job *job;       /* whose result is awaited, NULL: none; owned by the queues */
  AePatch *patch; /* the last result */
  GError *error;  /* or why there is none */

  GThread *thread;
  GAsyncQueue *waiting;  /* to the thread; the worker itself means "end" */
  GAsyncQueue *finished; /* back from it */

  /* of the thread alone */
  AeSessionOptions options;
  AeModel *model;
  AeSession *session; /* of that model */
};

static void
job_free (Job *job)
{
  g_clear_pointer (&job->input.model, ae_model_unref);
  g_clear_object (&job->input.source);
  g_clear_pointer (&job->patch, ae_patch_free);
  g_clear_error (&job->error);
  g_free (job);
}

static gboolean
job_goes_on (double fraction, gpointer data)
{
  Job *job = data;

  return !g_atomic_int_get (&job->cancelled);
}

/* On the worker's thread. */
static void
job_run (AePreviewWorker *worker, Job *job)
{
  if (!job_goes_on (0.0, job))
    return;
  if (worker->model != job->input.model)
    {
      g_clear_pointer (&worker->session, ae_session_free);
      g_clear_pointer (&worker->model, ae_model_unref);
      worker->session = ae_session_new (job->input.model, &worker->options, &job->error);
      if (worker->session == NULL)
        return;
      worker->model = ae_model_ref (job->input.model);
    }
  job->patch = ae_patch_new (worker->session, job->input.source, &job->input.area, job->input.sigma,
                             job_goes_on, job, &job->error);
}

/* An idle source: takes in what the thread has finished. */
static gboolean
take_in (gpointer data)
{
  AePreviewWorker *worker = data;
  Job *job;

  while ((job = g_async_queue_try_pop (worker->finished)) != NULL)
    {
      gboolean awaited = job == worker->job;

      if (awaited)
        {
          worker->job = NULL;
          g_clear_pointer (&worker->patch, ae_patch_free);
          worker->patch = g_steal_pointer (&job->patch);
          worker->error = g_steal_pointer (&job->error);
        }
      job_free (job);
      if (awaited)
        worker->changed (worker->data);
    }
  return G_SOURCE_REMOVE;
}

static gpointer
thread_main (gpointer data)
{
  AePreviewWorker *worker = data;
  gpointer item;

  while ((item = g_async_queue_pop (worker->waiting)) != worker)
    {
      job_run (worker, item);
      g_async_queue_push (worker->finished, item);
      g_idle_add (take_in, worker);
    }
  g_clear_pointer (&worker->session, ae_session_free);
  g_clear_pointer (&worker->model, ae_model_unref);
  return NULL;
}

/* The job stays in the queues; its result is not wanted any more. */
static void
cancel (AePreviewWorker *worker)
{
  g_clear_handle_id (&worker->timeout, g_source_remove);
  if (worker->job != NULL)
    {
      g_atomic_int_set (&worker->job->cancelled, 1);
      worker->job = NULL;
    }
}

static gboolean
start (gpointer data)
{
  AePreviewWorker *worker = data;
  Job *job = g_new0 (Job, 1);

  worker->timeout = 0;
  if (worker->gather (&job->input, worker->data, &worker->error))
    {
      worker->job = job;
      g_async_queue_push (worker->waiting, job);
    }
  else
    {
      job_free (job);
      g_clear_pointer (&worker->patch, ae_patch_free);
      worker->changed (worker->data);
    }
  return G_SOURCE_REMOVE;
}

AePreviewWorker *
ae_preview_worker_new (const AeSessionOptions *session_options, AePreviewGather gather,
                       AePreviewChanged changed, gpointer data)
{
  AePreviewWorker *worker = g_new0 (AePreviewWorker, 1);

  worker->gather = gather;
  worker->changed = changed;
  worker->data = data;
  if (session_options != NULL)
    worker->options = *session_options;
  worker->waiting = g_async_queue_new ();
  worker->finished = g_async_queue_new ();
  worker->thread = g_thread_new ("ae-preview", thread_main, worker);
  return worker;
}

void
ae_preview_worker_free (AePreviewWorker *worker)
{
  Job *job;

  if (worker == NULL)
    return;
  cancel (worker);
  g_async_queue_push (worker->waiting, worker);
  g_thread_join (worker->thread);
  while (g_idle_remove_by_data (worker))
    ;
  while ((job = g_async_queue_try_pop (worker->finished)) != NULL)
    job_free (job);
  g_async_queue_unref (worker->waiting);
  g_async_queue_unref (worker->finished);
  g_clear_pointer (&worker->patch, ae_patch_free);
  g_clear_error (&worker->error);
  g_free (worker);
}

void
ae_preview_worker_restart (AePreviewWorker *worker, guint delay)
{
  cancel (worker);
  g_clear_error (&worker->error);
  worker->timeout = g_timeout_add (delay, start, worker);
  worker->changed (worker->data);
}

void
ae_preview_worker_stop (AePreviewWorker *worker)
{
  cancel (worker);
  g_clear_error (&worker->error);
  g_clear_pointer (&worker->patch, ae_patch_free);
  worker->changed (worker->data);
}

AePreviewState
ae_preview_worker_state (const AePreviewWorker *worker)
{
  if (worker->timeout != 0 || worker->job != NULL)
    return AE_PREVIEW_BUSY;
  if (worker->error != NULL)
    return AE_PREVIEW_FAILED;
  return worker->patch != NULL ? AE_PREVIEW_READY : AE_PREVIEW_IDLE;
}

const GError *
ae_preview_worker_error (const AePreviewWorker *worker)
{
  return worker->error;
}

gboolean
ae_preview_worker_area (const AePreviewWorker *worker, GeglRectangle *area)
{
  if (worker->patch == NULL)
    return FALSE;
  *area = *ae_patch_rect (worker->patch);
  return TRUE;
}

gboolean
ae_preview_worker_draw (const AePreviewWorker *worker, const GeglRectangle *area,
                        const AeDenoiseParams *params, const Babl *format, gpointer pixels, int rowstride)
{
  if (worker->patch == NULL || !gegl_rectangle_equal (ae_patch_rect (worker->patch), area))
    return FALSE;
  ae_patch_render (worker->patch, params, format, pixels, rowstride);
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
