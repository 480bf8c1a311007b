/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* worker.c - computes something beside the main loop: the last request wins. */

#include "worker.h"

/* One run.  The main thread makes it and frees it; the worker's thread has it
 * in between. */
typedef struct
{
  gpointer input, result;
  gint cancelled; /* atomic */
  GError *error;
} Job;

struct _AeWorker
{
  AeWorkerFuncs funcs;

  guint timeout;   /* source that starts the next run, 0: none */
  Job *job;        /* whose result is awaited, NULL: none; owned by the queues */
  gpointer result; /* the last one */
  GError *error;   /* or why there is none */

  GThread *thread;
  GAsyncQueue *waiting;  /* to the thread; the worker itself means "end" */
  GAsyncQueue *finished; /* back from it */
};

static void
job_free (AeWorker *worker, Job *job)
{
  g_clear_pointer (&job->input, worker->funcs.free_input);
  g_clear_pointer (&job->result, worker->funcs.free_result);
  g_clear_error (&job->error);
  g_free (job);
}

static gboolean
job_goes_on (double fraction, gpointer data)
{
  Job *job = data;

  return !g_atomic_int_get (&job->cancelled);
}

/* An idle source: takes in what the thread has finished. */
static gboolean
take_in (gpointer data)
{
  AeWorker *worker = data;
  Job *job;

  while ((job = g_async_queue_try_pop (worker->finished)) != NULL)
    {
      gboolean awaited = job == worker->job;

      if (awaited)
        {
          worker->job = NULL;
          g_clear_pointer (&worker->result, worker->funcs.free_result);
          worker->result = g_steal_pointer (&job->result);
          worker->error = g_steal_pointer (&job->error);
        }
      job_free (worker, job);
      if (awaited)
        worker->funcs.changed (worker->funcs.data);
    }
  return G_SOURCE_REMOVE;
}

static gpointer
thread_main (gpointer data)
{
  AeWorker *worker = data;
  gpointer item;

  while ((item = g_async_queue_pop (worker->waiting)) != worker)
    {
      Job *job = item;

      if (job_goes_on (0.0, job))
        job->result = worker->funcs.run (job->input, job_goes_on, job, worker->funcs.data, &job->error);
      g_async_queue_push (worker->finished, job);
      g_idle_add (take_in, worker);
    }
  return NULL;
}

/* The job stays in the queues; its result is not wanted any more. */
static void
cancel (AeWorker *worker)
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
  AeWorker *worker = data;
  gpointer input;

  worker->timeout = 0;
  input = worker->funcs.gather (worker->funcs.data, &worker->error);
  if (input != NULL)
    {
      worker->job = g_new0 (Job, 1);
      worker->job->input = input;
      g_async_queue_push (worker->waiting, worker->job);
    }
  else
    {
      g_clear_pointer (&worker->result, worker->funcs.free_result);
      worker->funcs.changed (worker->funcs.data);
    }
  return G_SOURCE_REMOVE;
}

AeWorker *
ae_worker_new (const AeWorkerFuncs *funcs)
{
  AeWorker *worker = g_new0 (AeWorker, 1);

  worker->funcs = *funcs;
  worker->waiting = g_async_queue_new ();
  worker->finished = g_async_queue_new ();
  worker->thread = g_thread_new ("ae-worker", thread_main, worker);
  return worker;
}

void
ae_worker_free (AeWorker *worker)
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
    job_free (worker, job);
  g_async_queue_unref (worker->waiting);
  g_async_queue_unref (worker->finished);
  g_clear_pointer (&worker->result, worker->funcs.free_result);
  g_clear_error (&worker->error);
  g_free (worker);
}

void
ae_worker_restart (AeWorker *worker, guint delay)
{
  cancel (worker);
  g_clear_error (&worker->error);
  worker->timeout = g_timeout_add (delay, start, worker);
  worker->funcs.changed (worker->funcs.data);
}

void
ae_worker_stop (AeWorker *worker)
{
  cancel (worker);
  g_clear_error (&worker->error);
  g_clear_pointer (&worker->result, worker->funcs.free_result);
  worker->funcs.changed (worker->funcs.data);
}

AeWorkerState
ae_worker_state (const AeWorker *worker)
{
  if (worker->timeout != 0 || worker->job != NULL)
    return AE_WORKER_BUSY;
  if (worker->error != NULL)
    return AE_WORKER_FAILED;
  return worker->result != NULL ? AE_WORKER_READY : AE_WORKER_IDLE;
}

const GError *
ae_worker_error (const AeWorker *worker)
{
  return worker->error;
}

gconstpointer
ae_worker_result (const AeWorker *worker)
{
  return worker->result;
}
