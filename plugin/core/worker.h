/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* worker.h - computes something beside the main loop: the last request wins. */

#ifndef AE_WORKER_H
#define AE_WORKER_H

#include <ae/session.h>
#include <glib.h>

/*
 * Runs happen in a thread of the worker's own, one after the other.  All
 * functions of this header and all callbacks but `run` belong to the thread
 * that runs the default main context, which a run never holds up.  A change
 * during a run cancels it.
 */

typedef struct _AeWorker AeWorker;

typedef enum
{
  AE_WORKER_IDLE,  /* nothing was asked for */
  AE_WORKER_BUSY,  /* a result will come */
  AE_WORKER_READY, /* there is a result */
  AE_WORKER_FAILED /* ae_worker_error () says why there is none */
} AeWorkerState;

typedef struct
{
  /* Just before a run, so that things are fetched only when they are needed:
   * its input.  NULL: there is nothing to do, or, with `error` set, a failure. */
  gpointer (*gather) (gpointer data, GError **error);
  /* In the worker's thread; alone there, so it may keep things in `data` for
   * the next run.  Ends early with any error once goes_on () is FALSE. */
  gpointer (*run) (gpointer input, AeProgressFunc goes_on, gpointer goes_on_data, gpointer data,
                   GError **error);
  /* The state may have changed. */
  void (*changed) (gpointer data);
  GDestroyNotify free_input, free_result;
  gpointer data;
} AeWorkerFuncs;

AeWorker *ae_worker_new (const AeWorkerFuncs *funcs);
/* Cancels what runs and waits for the thread; no callback follows. */
void ae_worker_free (AeWorker *worker);

/* Something that the result depends on has changed: cancels what runs, and
 * runs after `delay` milliseconds without another call. */
void ae_worker_restart (AeWorker *worker, guint delay);
/* Cancels what runs and forgets the result. */
void ae_worker_stop (AeWorker *worker);

AeWorkerState ae_worker_state (const AeWorker *worker);
/* Of the last run; NULL unless it failed.  Owned by the worker. */
const GError *ae_worker_error (const AeWorker *worker);
/* The last result; while a new one is on its way that is the old one.  NULL if there is none. */
gconstpointer ae_worker_result (const AeWorker *worker);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeWorker, ae_worker_free)

#endif
