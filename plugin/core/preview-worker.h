/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* preview-worker.h - computes the part of a picture that a dialog shows, beside the dialog's main loop. */

#ifndef AE_PREVIEW_WORKER_H
#define AE_PREVIEW_WORKER_H

#include <gegl.h>
#include <glib.h>
#include <ae/session.h>
#include "params.h"
#include "worker.h"

/* A worker (worker.h) for denoising.  The network's result is kept, so that
 * another strength needs no second run. */

typedef struct _AePreviewWorker AePreviewWorker;

/* What the network is to be run on.  The worker takes over both references. */
typedef struct
{
  AeModel *model;
  GeglBuffer *source; /* in memory, for the worker alone; its extent from ae_preview_extent () */
  GeglRectangle area; /* the part that is shown, in source's coordinates */
  double sigma;       /* noise level in 8-bit steps */
} AePreviewInput;

/* Asks for the input just before a run: pixels are fetched only when they are
 * needed.  FALSE: there is nothing to show, or, with `error` set, a failure. */
typedef gboolean (*AePreviewGather) (AePreviewInput *input, gpointer data, GError **error);
/* The state may have changed. */
typedef void (*AePreviewChanged) (gpointer data);

/* session_options may be NULL. */
AePreviewWorker *ae_preview_worker_new (const AeSessionOptions *session_options, AePreviewGather gather,
                                        AePreviewChanged changed, gpointer data);
/* Cancels what runs and waits for the thread; no callback follows. */
void ae_preview_worker_free (AePreviewWorker *worker);

/* Something that the network's result depends on has changed: cancels what
 * runs, and runs after `delay` milliseconds without another call. */
void ae_preview_worker_restart (AePreviewWorker *worker, guint delay);
/* Cancels what runs and forgets the result. */
void ae_preview_worker_stop (AePreviewWorker *worker);

AeWorkerState ae_preview_worker_state (const AePreviewWorker *worker);
/* Of the last run; NULL unless it failed.  Owned by the worker. */
const GError *ae_preview_worker_error (const AePreviewWorker *worker);

/* The area of the last result; FALSE if there is none.  While a new one is on
 * its way that is the old one's. */
gboolean ae_preview_worker_area (const AePreviewWorker *worker, GeglRectangle *area);

/*
 * Writes the last result, blended by `params` (NULL: the picture as it was), as `format` (without a
 * profile, as babl_format () gives it) in rows of `rowstride` bytes.  While a
 * new result is on its way that is the old one.  FALSE if there is none, or
 * not of just this area.
 */
gboolean ae_preview_worker_draw (const AePreviewWorker *worker, const GeglRectangle *area,
                                 const AeDenoiseParams *params, const Babl *format, gpointer pixels,
                                 int rowstride);

/* What of a picture to give as source so that the area's result is the same
 * as in a run over the whole picture. */
GeglRectangle ae_preview_extent (const AeModel *model, const GeglRectangle *area,
                                 const GeglRectangle *picture);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AePreviewWorker, ae_preview_worker_free)

#endif
