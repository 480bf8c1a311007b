/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-apply.c - enlarges a layer or an image of GIMP. */

#include "upscale-apply.h"

#include <libgimp/gimp.h>
#include <ae/error.h>
#include "core/upscale-jobs.h"
#include "apply.h"
#include "intl.h"
#include "progress.h"

static void
add_layers (AeUpscaleJobs *jobs, int n, const gint32 *layers)
{
  for (int i = 0; i < n; i++)
    if (gimp_item_is_group (layers[i]))
      {
        int n_children;
        g_autofree gint32 *children = gimp_item_get_children (layers[i], &n_children);

        add_layers (jobs, n_children, children);
      }
    else
      {
        GeglRectangle rect = { 0, 0, gimp_drawable_width (layers[i]), gimp_drawable_height (layers[i]) };

        gimp_drawable_offsets (layers[i], &rect.x, &rect.y);
        ae_upscale_jobs_add (jobs, GINT_TO_POINTER (layers[i]), &rect);
      }
}

static gboolean
check_layers (const AeUpscaleJobs *jobs, GError **error)
{
  for (guint i = 0; i < ae_upscale_jobs_n (jobs); i++)
    if (!ae_apply_possible (GPOINTER_TO_INT (ae_upscale_jobs_nth (jobs, i)->layer), error))
      return FALSE;
  return TRUE;
}

/* A layer that GIMP scales by itself moves, too. */
static gboolean
check_alone (gint32 layer, GError **error)
{
  const char *problem = NULL;

  if (!gimp_item_is_layer (layer))
    problem = _ ("Expected one layer.");
  else if (ae_apply_locked (layer, gimp_item_get_lock_position))
    problem = _ ("The position of this layer is locked. Unlock it first.");
  if (problem == NULL)
    return TRUE;
  g_set_error_literal (error, AE_ERROR, AE_ERROR_ARGUMENT, problem);
  return FALSE;
}

static AeUpscaleJobs *
plan (gint32 image, gint32 layer, const AeUpscaleParams *params, int *width, int *height, GError **error)
{
  const gboolean alone = params->target == AE_UPSCALE_LAYER;
  GeglRectangle now = { 0, 0, gimp_image_width (image), gimp_image_height (image) };
  g_autoptr (AeUpscaleJobs) jobs = NULL;

  if (alone && !check_alone (layer, error))
    return NULL;
  if (alone)
    now = (GeglRectangle){ 0, 0, gimp_drawable_width (layer), gimp_drawable_height (layer) };
  if (!ae_upscale_params_size (params, now.width, now.height, width, height, error))
    return NULL;
  jobs = ae_upscale_jobs_new (now.width, now.height, *width, *height);
  if (alone)
    ae_upscale_jobs_add (jobs, GINT_TO_POINTER (layer), &now);
  else
    {
      int n;
      g_autofree gint32 *layers = gimp_image_get_layers (image, &n);

      add_layers (jobs, n, layers);
    }
  return check_layers (jobs, error) ? g_steal_pointer (&jobs) : NULL;
}

static GeglBuffer *
open_layer (gpointer layer)
{
  return gimp_drawable_get_buffer (GPOINTER_TO_INT (layer));
}

/* GIMP has scaled the layer and kept its old pixels for undo. */
static void
put (const AeUpscaleJob *job)
{
  const gint32 layer = GPOINTER_TO_INT (job->layer);
  GeglBuffer *buffer;

  if (!job->result || gimp_drawable_width (layer) != job->width
      || gimp_drawable_height (layer) != job->height)
    return;
  buffer = gimp_drawable_get_buffer (layer);
  gegl_buffer_copy (job->result, NULL, GEGL_ABYSS_NONE, buffer, NULL);
  g_object_unref (buffer);
  gimp_drawable_update (layer, 0, 0, job->width, job->height);
}

/* Only now does anything change: Cancel during the work leaves no open group of undo. */
static gboolean
change (gint32 image, gint32 layer, const AeUpscaleJobs *jobs, AeUpscaleTarget target, int width, int height,
        GError **error)
{
  gboolean good;

  gimp_image_undo_group_start (image);
  gimp_context_push ();
  gimp_context_set_interpolation (GIMP_INTERPOLATION_CUBIC); /* for masks and channels */
  good = target == AE_UPSCALE_LAYER ? gimp_layer_scale (layer, width, height, TRUE)
                                    : gimp_image_scale (image, width, height);
  if (!good)
    ae_apply_refused (error);
  gimp_context_pop ();
  /* Without it there is no way back to the old pixels. */
  for (guint i = 0; good && i < ae_upscale_jobs_n (jobs); i++)
    put (ae_upscale_jobs_nth (jobs, i));
  gimp_image_undo_group_end (image);
  return good;
}

/* Not before the work is done: Cancel in the midst of it would leave a hidden image in GIMP. */
static gboolean
change_copy (gint32 *image, AeUpscaleJobs *jobs, const AeUpscaleParams *params, GError **error)
{
  const gint32 copy = gimp_image_duplicate (*image);
  g_autoptr (AeUpscaleJobs) copies = NULL;
  int width, height;

  gimp_image_undo_disable (copy);
  copies = plan (copy, -1, params, &width, &height, error);
  if (copies && ae_upscale_jobs_move (jobs, copies, error)
      && change (copy, -1, copies, params->target, width, height, error))
    {
      gimp_image_undo_enable (copy);
      *image = copy;
      return TRUE;
    }
  gimp_image_delete (copy);
  return FALSE;
}

static gboolean
finish (gint32 *image, gint32 layer, AeUpscaleJobs *jobs, const AeUpscaleParams *params, GError **error)
{
  g_autoptr (AeUpscaleJobs) now = NULL;
  int width, height;

  now = plan (*image, layer, params, &width, &height, error);
  if (!now || !ae_upscale_jobs_check (jobs, now, error))
    return FALSE;
  return params->target == AE_UPSCALE_NEW_IMAGE
           ? change_copy (image, jobs, params, error)
           : change (*image, layer, jobs, params->target, width, height, error);
}

gboolean
ae_upscale_apply (gint32 *image, gint32 layer, const AeUpscaleParams *params, GError **error)
{
  const AeSessionOptions options = ae_apply_session_options ();
  g_autoptr (AeUpscaleJobs) jobs = NULL;
  AeGimpProgress progress;
  int width, height;
  gboolean good;

  jobs = plan (*image, layer, params, &width, &height, error);
  if (!jobs)
    return FALSE;
  ae_gimp_progress_begin (&progress, _ ("Upscaling"));
  good = ae_upscale_jobs_run (jobs, params, &options, open_layer, ae_gimp_progress_show, &progress, error)
         && finish (image, layer, jobs, params, error);
  gimp_progress_end ();
  return good;
}
