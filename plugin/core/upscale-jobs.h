/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-jobs.h - what becomes of the layers of an image that is enlarged: planned and computed before
 * anything of the image changes. */

#ifndef AE_UPSCALE_JOBS_H
#define AE_UPSCALE_JOBS_H

#include <ae/session.h>
#include <gegl.h>
#include <glib.h>
#include "upscale-params.h"

typedef struct
{
  gpointer layer;     /* as the front end knows it */
  GeglRectangle rect; /* its place in the image and its size */
  int width, height;  /* afterwards, as gimp_image_scale () makes it */
  GeglBuffer *result; /* of that size; NULL: it gets no larger (by rounding), GIMP's own scaling is enough */
} AeUpscaleJob;

typedef struct _AeUpscaleJobs AeUpscaleJobs;

/* For an image, or one layer alone at (0, 0), that goes from one size to another. */
AeUpscaleJobs *ae_upscale_jobs_new (int width, int height, int to_width, int to_height);
void ae_upscale_jobs_free (AeUpscaleJobs *jobs);

/* No groups, only what has pixels. */
void ae_upscale_jobs_add (AeUpscaleJobs *jobs, gpointer layer, const GeglRectangle *rect);
guint ae_upscale_jobs_n (const AeUpscaleJobs *jobs);
const AeUpscaleJob *ae_upscale_jobs_nth (const AeUpscaleJobs *jobs, guint n);

/* While the work goes on, the user may change the image.  Error AE_ERROR_UNSUPPORTED
 * unless `now` was planned for the same layers, of the same sizes at the same places. */
gboolean ae_upscale_jobs_check (const AeUpscaleJobs *jobs, const AeUpscaleJobs *now, GError **error);

/* Moves the results to what was planned for a copy of the image, whose layers have
 * the same order.  The same error if their places are others; then nothing has moved. */
gboolean ae_upscale_jobs_move (AeUpscaleJobs *jobs, AeUpscaleJobs *copies, GError **error);

/* The pixels of a layer: a new reference. */
typedef GeglBuffer *(*AeUpscaleOpen) (gpointer layer);

/* Computes all results.  options, progress (of all layers together, by their
 * pixels) and errors: as for ae_upscale_buffer () and ae_upscale_load_model (). */
gboolean ae_upscale_jobs_run (AeUpscaleJobs *jobs, const AeUpscaleParams *params,
                              const AeSessionOptions *options, AeUpscaleOpen open, AeProgressFunc progress,
                              gpointer data, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeUpscaleJobs, ae_upscale_jobs_free)

#endif
