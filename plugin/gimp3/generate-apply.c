/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-apply.c - fills drawables of GIMP with a drawing of a model. */

#include "generate-apply.h"
#include "apply.h"
#include "core/generate-buffer.h"
#include "core/time-left.h"
#include "intl.h"

typedef struct
{
  AeTimeLeft left;
  int done, n; /* drawables */
} Progress;

/* Cancel ends the process from outside, hence never FALSE. */
static gboolean
show_progress (double fraction, gpointer data)
{
  Progress *progress = data;
  double all = (progress->done + fraction) / progress->n;
  g_autofree char *text = ae_time_left_text (&progress->left, _ ("Generating"), all, g_get_monotonic_time ());

  gimp_progress_update (all);
  if (text != NULL)
    gimp_progress_set_text (text);
  return TRUE;
}

static gboolean
fill_shadow (GimpDrawable *drawable, const AeGenerateParams *params, Progress *progress, GError **error)
{
  GeglRectangle region;
  GeglBuffer *shadow;
  gboolean good;

  if (!ae_apply_region (drawable, &region))
    return TRUE;
  shadow = gimp_drawable_get_shadow_buffer (drawable);
  good = ae_generate_fill (params, &region, shadow, show_progress, progress, error);
  /* What was written to a shadow is sent to GIMP when the last reference goes. */
  g_object_unref (shadow);
  return good;
}

/* Only now does anything change: Cancel during the work leaves no open group of undo. */
static void
merge (GimpDrawable **drawables, int n)
{
  GimpImage *image = gimp_item_get_image (GIMP_ITEM (drawables[0]));
  GeglRectangle region;

  if (n > 1)
    gimp_image_undo_group_start (image);
  for (int i = 0; i < n; i++)
    if (ae_apply_region (drawables[i], &region))
      {
        /* where the selection is partial, GIMP mixes */
        gimp_drawable_merge_shadow (drawables[i], TRUE);
        gimp_drawable_update (drawables[i], region.x, region.y, region.width, region.height);
      }
  if (n > 1)
    gimp_image_undo_group_end (image);
}

gboolean
ae_generate_apply (GimpDrawable **drawables, const AeGenerateParams *params, GError **error)
{
  Progress progress = { 0 };
  gboolean good = TRUE;

  while (drawables[progress.n] != NULL)
    progress.n++;
  if (progress.n == 0)
    return TRUE;
  gimp_progress_init (_ ("Generating"));
  ae_time_left_init (&progress.left, g_get_monotonic_time ());
  for (; good && progress.done < progress.n; progress.done++)
    good = fill_shadow (drawables[progress.done], params, &progress, error);
  if (good)
    merge (drawables, progress.n);
  for (int i = 0; !good && i < progress.done; i++)
    gimp_drawable_free_shadow (drawables[i]);
  gimp_progress_end ();
  return good;
}
