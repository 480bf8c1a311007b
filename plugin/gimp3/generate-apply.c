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
static gboolean
merge (GimpDrawable **drawables, int n, GError **error)
{
  GimpImage *image = gimp_item_get_image (GIMP_ITEM (drawables[0]));
  GeglRectangle region;
  gboolean good = TRUE;

  if (n > 1)
    gimp_image_undo_group_start (image);
  for (int i = 0; good && i < n; i++)
    if (ae_apply_region (drawables[i], &region))
      good = ae_apply_merge (drawables[i], &region, error);
  if (n > 1)
    gimp_image_undo_group_end (image);
  return good;
}

gboolean
ae_generate_apply (GimpDrawable **drawables, const AeGenerateParams *params, GError **error)
{
  AeGimpProgress progress;
  gboolean good = TRUE;

  if (drawables[0] == NULL)
    return TRUE;
  if (!ae_apply_all_possible (drawables, error))
    return FALSE;
  ae_gimp_progress_begin (&progress, _ ("Generating"), drawables);
  for (; good && progress.done < progress.n; progress.done++)
    good = fill_shadow (drawables[progress.done], params, &progress, error);
  good = good && merge (drawables, progress.n, error);
  for (int i = 0; !good && i < progress.done; i++)
    gimp_drawable_free_shadow (drawables[i]);
  gimp_progress_end ();
  return good;
}
