/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-apply.c - fills a drawable of GIMP with a drawing of a model. */

#include "generate-apply.h"
#include <libgimp/gimp.h>
#include "apply.h"
#include "core/generate-buffer.h"
#include "core/time-left.h"
#include "intl.h"

/* Cancel ends the process from outside, hence never FALSE. */
static gboolean
show_progress (double fraction, gpointer data)
{
  g_autofree char *text = ae_time_left_text (data, _ ("Generating"), fraction, g_get_monotonic_time ());

  gimp_progress_update (fraction);
  if (text != NULL)
    gimp_progress_set_text (text);
  return TRUE;
}

gboolean
ae_generate_apply (gint32 drawable, const AeGenerateParams *params, GError **error)
{
  GeglRectangle region;
  GeglBuffer *shadow;
  AeTimeLeft left;
  gboolean good;

  if (!ae_apply_region (drawable, &region))
    return TRUE;
  gimp_progress_init (_ ("Generating"));
  ae_time_left_init (&left, g_get_monotonic_time ());
  shadow = gimp_drawable_get_shadow_buffer (drawable);
  good = ae_generate_fill (params, &region, shadow, show_progress, &left, error);
  /* What was written to a shadow is sent to GIMP when the last reference goes. */
  g_object_unref (shadow);
  if (good)
    {
      /* where the selection is partial, GIMP mixes */
      gimp_drawable_merge_shadow (drawable, TRUE);
      gimp_drawable_update (drawable, region.x, region.y, region.width, region.height);
    }
  else
    gimp_drawable_free_shadow (drawable);
  gimp_progress_end ();
  return good;
}
