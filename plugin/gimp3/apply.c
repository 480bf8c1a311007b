/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* apply.c - denoises drawables of GIMP. */

#include "apply.h"
#include <ae/error.h>
#include "core/buffer-filter.h"
#include "core/catalogue.h"
#include "intl.h"

gboolean
ae_apply_possible (GimpDrawable *drawable, GError **error)
{
  const char *problem = NULL;

  if (!gimp_item_is_valid (GIMP_ITEM (drawable)))
    problem = _ ("This is not a layer, mask or channel.");
  else if (gimp_item_is_group (GIMP_ITEM (drawable)))
    problem = _ ("A layer group cannot be denoised. Choose one of the layers in it.");
  else if (gimp_item_get_lock_content (GIMP_ITEM (drawable)))
    problem = _ ("The pixels of this layer are locked. Unlock them first.");
  else if (gimp_drawable_is_indexed (drawable))
    problem = _ ("An image with a palette cannot be denoised. Convert it with Image > Mode > RGB first.");
  if (problem == NULL)
    return TRUE;
  g_set_error_literal (error, AE_ERROR, AE_ERROR_ARGUMENT, problem);
  return FALSE;
}

gboolean
ae_apply_region (GimpDrawable *drawable, GeglRectangle *region)
{
  return gimp_drawable_mask_intersect (drawable, &region->x, &region->y, &region->width, &region->height);
}

AeSessionOptions
ae_apply_session_options (void)
{
  AeSessionOptions options = { 0 };

  g_object_get (gegl_config (), "threads", &options.threads, NULL);
  return options;
}

typedef struct
{
  gint64 begin;   /* microseconds */
  gint64 written; /* the last text */
  gboolean timed; /* the text names a time */
  int done, n;    /* drawables */
} Progress;

static void
show_time_left (Progress *progress, double fraction)
{
  gint64 now = g_get_monotonic_time ();
  double seconds;

  /* The first steps say little, and the text should be calm. */
  if (now - progress->begin < 2 * G_USEC_PER_SEC || now - progress->written < G_USEC_PER_SEC
      || fraction < 0.01)
    return;
  seconds = (double)(now - progress->begin) / G_USEC_PER_SEC * (1.0 - fraction) / fraction;
  if (!progress->timed && seconds < 3.0)
    return;
  progress->written = now;
  progress->timed = TRUE;
  if (seconds >= 90.0)
    gimp_progress_set_text_printf (_ ("Denoising: about %d min left"), (int)(seconds / 60.0 + 0.5));
  else
    gimp_progress_set_text_printf (_ ("Denoising: about %d s left"), (int)seconds + 1);
}

/* The session calls at most ten times a second: each is a round trip to
 * GIMP.  Cancel ends the process from outside, hence never FALSE. */
static gboolean
show_progress (double fraction, gpointer data)
{
  Progress *progress = data;
  double all = (progress->done + fraction) / progress->n;

  gimp_progress_update (all);
  show_time_left (progress, all);
  return TRUE;
}

static AeSession *
load (const AeDenoiseParams *params, GError **error)
{
  g_autoptr (AeCatalogue) catalogue = ae_catalogue_new ();
  g_autoptr (AeModel) model = ae_catalogue_load (catalogue, params->model, "denoise", error);
  AeSessionOptions options = ae_apply_session_options ();

  return model != NULL ? ae_session_new (model, &options, error) : NULL;
}

/* Into the shadow of the drawable; *region is empty if nothing is selected. */
static gboolean
denoise_one (AeSession *session, GimpDrawable *drawable, const AeDenoiseParams *params, Progress *progress,
             GeglRectangle *region, GError **error)
{
  GeglBuffer *source, *shadow;
  gboolean good;

  if (!ae_apply_region (drawable, region))
    {
      *region = (GeglRectangle){ 0 };
      return TRUE;
    }
  source = gimp_drawable_get_buffer (drawable);
  shadow = gimp_drawable_get_shadow_buffer (drawable);
  good = ae_denoise_buffer (session, source, region, shadow, params, show_progress, progress, error);
  g_object_unref (source);
  /* What was written is sent to GIMP when the last reference goes. */
  g_object_unref (shadow);
  return good;
}

/* Only now does anything change: Cancel during the work leaves no open group of undo. */
static void
merge (GimpDrawable **drawables, const GeglRectangle *regions, int n)
{
  GimpImage *image = gimp_item_get_image (GIMP_ITEM (drawables[0]));

  if (n > 1)
    gimp_image_undo_group_start (image);
  for (int i = 0; i < n; i++)
    if (regions[i].width > 0)
      {
        gimp_drawable_merge_shadow (drawables[i], TRUE);
        gimp_drawable_update (drawables[i], regions[i].x, regions[i].y, regions[i].width, regions[i].height);
      }
  if (n > 1)
    gimp_image_undo_group_end (image);
}

gboolean
ae_apply (GimpDrawable **drawables, const AeDenoiseParams *params, GError **error)
{
  int n = 0;
  g_autofree GeglRectangle *regions = NULL;
  g_autoptr (AeSession) session = NULL;
  gboolean good;

  while (drawables[n] != NULL)
    n++;
  if (n == 0)
    {
      g_set_error_literal (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("No layer was given."));
      return FALSE;
    }
  regions = g_new0 (GeglRectangle, n);
  session = load (params, error);
  good = session != NULL;
  if (good)
    {
      Progress progress = { .begin = g_get_monotonic_time (), .n = n };

      gimp_progress_init (_ ("Denoising"));
      for (; good && progress.done < n; progress.done++)
        good = denoise_one (session, drawables[progress.done], params, &progress, &regions[progress.done],
                            error);
    }
  if (good)
    merge (drawables, regions, n);
  else
    for (int i = 0; i < n; i++)
      if (regions[i].width > 0)
        gimp_drawable_free_shadow (drawables[i]);
  gimp_progress_end ();
  return good;
}
