/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-apply.c - fills a drawable of GIMP with a drawing of a model. */

#include "generate-apply.h"
#include <libgimp/gimp.h>
#include "apply.h"
#include "core/generate-buffer.h"
#include "intl.h"
#include "progress.h"

gboolean
ae_generate_apply (gint32 drawable, const AeGenerateParams *params, GError **error)
{
  GeglRectangle region;
  GeglBuffer *shadow;
  AeGimpProgress progress;
  gboolean good;

  /* It was so before the dialog, which leaves all of GIMP to the user. */
  if (!ae_apply_possible (drawable, error))
    return FALSE;
  if (!ae_apply_region (drawable, &region))
    return TRUE;
  ae_gimp_progress_begin (&progress, _ ("Generating"));
  shadow = gimp_drawable_get_shadow_buffer (drawable);
  good = ae_generate_fill (params, &region, shadow, ae_gimp_progress_show, &progress, error);
  /* What was written to a shadow is sent to GIMP when the last reference goes. */
  g_object_unref (shadow);
  good = good && ae_apply_merge (drawable, &region, error);
  if (!good)
    gimp_drawable_free_shadow (drawable);
  gimp_progress_end ();
  return good;
}
