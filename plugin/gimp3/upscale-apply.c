/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-apply.c - enlarges a layer or an image of GIMP. */

#include "upscale-apply.h"

#include <ae/error.h>
#include "core/upscale-jobs.h"
#include "apply.h"
#include "intl.h"
#include "progress.h"

static void
add_layer (AeUpscaleJobs *jobs, GimpItem *item)
{
  GeglRectangle rect = { 0 };

  if (gimp_item_is_group (item))
    {
      g_autofree GimpItem **children = gimp_item_get_children (item);

      for (int i = 0; children[i] != NULL; i++)
        add_layer (jobs, children[i]);
      return;
    }
  rect.width = gimp_drawable_get_width (GIMP_DRAWABLE (item));
  rect.height = gimp_drawable_get_height (GIMP_DRAWABLE (item));
  gimp_drawable_get_offsets (GIMP_DRAWABLE (item), &rect.x, &rect.y);
  ae_upscale_jobs_add (jobs, item, &rect);
}

static gboolean
check_layers (const AeUpscaleJobs *jobs, GError **error)
{
  for (guint i = 0; i < ae_upscale_jobs_n (jobs); i++)
    if (!ae_apply_possible (GIMP_DRAWABLE (ae_upscale_jobs_nth (jobs, i)->layer), error))
      return FALSE;
  return TRUE;
}

/* A layer that GIMP scales by itself moves, too. */
static gboolean
check_alone (GimpLayer *layer, GError **error)
{
  const char *problem = NULL;

  if (layer == NULL || !gimp_item_is_valid (GIMP_ITEM (layer)))
    problem = _ ("Expected one layer.");
  else if (ae_apply_locked (GIMP_ITEM (layer), gimp_item_get_lock_position))
    problem = _ ("The position of this layer is locked. Unlock it first.");
  if (problem == NULL)
    return TRUE;
  g_set_error_literal (error, AE_ERROR, AE_ERROR_ARGUMENT, problem);
  return FALSE;
}

static AeUpscaleJobs *
plan (GimpImage *image, GimpLayer *layer, const AeUpscaleParams *params, int *width, int *height,
      GError **error)
{
  const gboolean alone = params->target == AE_UPSCALE_LAYER;
  GeglRectangle now = { 0, 0, gimp_image_get_width (image), gimp_image_get_height (image) };
  g_autoptr (AeUpscaleJobs) jobs = NULL;

  if (alone && !check_alone (layer, error))
    return NULL;
  if (alone)
    now = (GeglRectangle){ 0, 0, gimp_drawable_get_width (GIMP_DRAWABLE (layer)),
                           gimp_drawable_get_height (GIMP_DRAWABLE (layer)) };
  if (!ae_upscale_params_size (params, now.width, now.height, width, height, error))
    return NULL;
  jobs = ae_upscale_jobs_new (now.width, now.height, *width, *height);
  if (alone)
    ae_upscale_jobs_add (jobs, layer, &now);
  else
    {
      g_autofree GimpLayer **layers = gimp_image_get_layers (image);

      for (int i = 0; layers[i] != NULL; i++)
        add_layer (jobs, GIMP_ITEM (layers[i]));
    }
  return check_layers (jobs, error) ? g_steal_pointer (&jobs) : NULL;
}

static GeglBuffer *
open_layer (gpointer layer)
{
  return gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));
}

/* GIMP has scaled the layer and kept its old pixels for undo. */
static void
put (const AeUpscaleJob *job)
{
  GimpDrawable *layer = GIMP_DRAWABLE (job->layer);
  GeglBuffer *buffer;

  if (job->result == NULL || gimp_drawable_get_width (layer) != job->width
      || gimp_drawable_get_height (layer) != job->height)
    return;
  buffer = gimp_drawable_get_buffer (layer);
  gegl_buffer_copy (job->result, NULL, GEGL_ABYSS_NONE, buffer, NULL);
  g_object_unref (buffer);
  gimp_drawable_update (layer, 0, 0, job->width, job->height);
}

/* Only now does anything change: Cancel during the work leaves no open group of undo. */
static gboolean
change (GimpImage *image, GimpLayer *layer, const AeUpscaleJobs *jobs, AeUpscaleTarget target, int width,
        int height, GError **error)
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
change_copy (GimpImage **image, AeUpscaleJobs *jobs, const AeUpscaleParams *params, GError **error)
{
  GimpImage *copy = gimp_image_duplicate (*image);
  g_autoptr (AeUpscaleJobs) copies = NULL;
  int width, height;

  gimp_image_undo_disable (copy);
  copies = plan (copy, NULL, params, &width, &height, error);
  if (copies != NULL && ae_upscale_jobs_move (jobs, copies, error)
      && change (copy, NULL, copies, params->target, width, height, error))
    {
      gimp_image_undo_enable (copy);
      *image = copy;
      return TRUE;
    }
  gimp_image_delete (copy);
  return FALSE;
}

static gboolean
finish (GimpImage **image, GimpLayer *layer, AeUpscaleJobs *jobs, const AeUpscaleParams *params,
        GError **error)
{
  g_autoptr (AeUpscaleJobs) now = NULL;
  int width, height;

  now = plan (*image, layer, params, &width, &height, error);
  if (now == NULL || !ae_upscale_jobs_check (jobs, now, error))
    return FALSE;
  return params->target == AE_UPSCALE_NEW_IMAGE
           ? change_copy (image, jobs, params, error)
           : change (*image, layer, jobs, params->target, width, height, error);
}

gboolean
ae_upscale_apply (GimpImage **image, GimpLayer *layer, const AeUpscaleParams *params, GError **error)
{
  const AeSessionOptions options = ae_apply_session_options ();
  g_autoptr (AeUpscaleJobs) jobs = NULL;
  AeGimpProgress progress;
  int width, height;
  gboolean good;

  jobs = plan (*image, layer, params, &width, &height, error);
  if (jobs == NULL)
    return FALSE;
  ae_gimp_progress_begin (&progress, _ ("Upscaling"), NULL);
  good = ae_upscale_jobs_run (jobs, params, &options, open_layer, ae_gimp_progress_show, &progress, error)
         && finish (image, layer, jobs, params, error);
  gimp_progress_end ();
  return good;
}
