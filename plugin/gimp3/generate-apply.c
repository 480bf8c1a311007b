/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-apply.c - fills drawables of GIMP with a drawing of a model. */

#include "generate-apply.h"
#include "apply.h"
#include "core/generate-buffer.h"
#include "intl.h"
#include "progress.h"

static gboolean
fill_shadow (GimpDrawable *drawable, const AeGenerateParams *params, AeGimpProgress *progress, GError **error)
{
  GeglRectangle region;
  GeglBuffer *shadow;
  gboolean good;

  if (!ae_apply_region (drawable, &region))
    return TRUE;
  shadow = gimp_drawable_get_shadow_buffer (drawable);
  good = ae_generate_fill (params, &region, shadow, ae_gimp_progress_show, progress, error);
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
  AeGimpProgress progress;
  gboolean good = TRUE;

  if (drawables[0] == NULL)
    return TRUE;
  ae_gimp_progress_begin (&progress, _ ("Generating"), drawables);
  for (; good && progress.done < progress.n; progress.done++)
    good = fill_shadow (drawables[progress.done], params, &progress, error);
  if (good)
    merge (drawables, progress.n);
  for (int i = 0; !good && i < progress.done; i++)
    gimp_drawable_free_shadow (drawables[i]);
  gimp_progress_end ();
  return good;
}
