/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-jobs.c - what becomes of the layers of an image that is enlarged. */

#include "upscale-jobs.h"

#include <ae/error.h>

#include "intl.h"
#include "upscale.h"

struct _AeUpscaleJobs
{
  double x_factor, y_factor;
  GArray *jobs; /* AeUpscaleJob */
};

typedef struct
{
  AeProgressFunc show;
  gpointer data;
  double total, before, now; /* pixels of all layers, of those that are done, of the one at hand */
} Progress;

static void
clear_job (gpointer data)
{
  g_clear_object (&((AeUpscaleJob *)data)->result);
}

AeUpscaleJobs *
ae_upscale_jobs_new (int width, int height, int to_width, int to_height)
{
  AeUpscaleJobs *jobs = g_new0 (AeUpscaleJobs, 1);

  jobs->x_factor = (double)to_width / width;
  jobs->y_factor = (double)to_height / height;
  jobs->jobs = g_array_new (FALSE, TRUE, sizeof (AeUpscaleJob));
  g_array_set_clear_func (jobs->jobs, clear_job);
  return jobs;
}

void
ae_upscale_jobs_free (AeUpscaleJobs *jobs)
{
  if (!jobs)
    return;
  g_array_unref (jobs->jobs);
  g_free (jobs);
}

void
ae_upscale_jobs_add (AeUpscaleJobs *jobs, gpointer layer, const GeglRectangle *rect)
{
  const AeUpscaleJob job = { .layer = layer,
                             .rect = *rect,
                             .width = ae_upscale_edge (rect->x + rect->width, jobs->x_factor)
                                      - ae_upscale_edge (rect->x, jobs->x_factor),
                             .height = ae_upscale_edge (rect->y + rect->height, jobs->y_factor)
                                       - ae_upscale_edge (rect->y, jobs->y_factor) };

  g_array_append_val (jobs->jobs, job);
}

guint
ae_upscale_jobs_n (const AeUpscaleJobs *jobs)
{
  return jobs->jobs->len;
}

const AeUpscaleJob *
ae_upscale_jobs_nth (const AeUpscaleJobs *jobs, guint n)
{
  return &g_array_index (jobs->jobs, AeUpscaleJob, n);
}

static gboolean
has_changed (GError **error)
{
  g_set_error_literal (error, AE_ERROR, AE_ERROR_UNSUPPORTED,
                       _ ("The image has changed in the meantime. Try again."));
  return FALSE;
}

static gboolean
same_places (const AeUpscaleJobs *a, const AeUpscaleJobs *b)
{
  if (a->jobs->len != b->jobs->len)
    return FALSE;
  for (guint i = 0; i < a->jobs->len; i++)
    if (!gegl_rectangle_equal (&ae_upscale_jobs_nth (a, i)->rect, &ae_upscale_jobs_nth (b, i)->rect))
      return FALSE;
  return a->x_factor == b->x_factor && a->y_factor == b->y_factor;
}

gboolean
ae_upscale_jobs_check (const AeUpscaleJobs *jobs, const AeUpscaleJobs *now, GError **error)
{
  if (!same_places (jobs, now))
    return has_changed (error);
  for (guint i = 0; i < jobs->jobs->len; i++)
    if (ae_upscale_jobs_nth (jobs, i)->layer != ae_upscale_jobs_nth (now, i)->layer)
      return has_changed (error);
  return TRUE;
}

gboolean
ae_upscale_jobs_move (AeUpscaleJobs *jobs, AeUpscaleJobs *copies, GError **error)
{
  if (!same_places (jobs, copies))
    return has_changed (error);
  for (guint i = 0; i < jobs->jobs->len; i++)
    {
      AeUpscaleJob *from = &g_array_index (jobs->jobs, AeUpscaleJob, i);
      AeUpscaleJob *to = &g_array_index (copies->jobs, AeUpscaleJob, i);

      to->result = g_steal_pointer (&from->result);
    }
  return TRUE;
}

static double
pixels_of (const AeUpscaleJob *job)
{
  return (double)job->rect.width * job->rect.height;
}

static gboolean
show_progress (double fraction, gpointer data)
{
  const Progress *p = data;

  return p->show ? p->show ((p->before + fraction * p->now) / p->total, p->data) : TRUE;
}

static gboolean
run_job (AeUpscaleJob *job, AeUpscaler *upscaler, AeUpscaleOpen open, Progress *progress, GError **error)
{
  g_autoptr (GeglBuffer) source = open (job->layer);
  g_autoptr (GError) local = NULL;

  progress->now = pixels_of (job);
  job->result = ae_upscaler_run (upscaler, source, job->width, job->height, show_progress, progress, &local);
  progress->before += progress->now;
  if (!local)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
ae_upscale_jobs_run (AeUpscaleJobs *jobs, const AeUpscaleParams *params, const AeSessionOptions *options,
                     AeUpscaleOpen open, AeProgressFunc progress, gpointer data, GError **error)
{
  g_autoptr (AeUpscaler) upscaler = ae_upscaler_new (params->model, params->robust, params->wrap, options);
  Progress p = { .show = progress, .data = data };

  for (guint i = 0; i < jobs->jobs->len; i++)
    p.total += pixels_of (ae_upscale_jobs_nth (jobs, i));
  for (guint i = 0; i < jobs->jobs->len; i++)
    if (!run_job (&g_array_index (jobs->jobs, AeUpscaleJob, i), upscaler, open, &p, error))
      return FALSE;
  return TRUE;
}
