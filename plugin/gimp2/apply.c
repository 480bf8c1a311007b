/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* apply.c - denoises a drawable of GIMP. */

#include "apply.h"
#include <libgimp/gimp.h>
#include <ae/error.h>
#include "core/buffer-filter.h"
#include "core/catalogue.h"
#include "intl.h"
#include "progress.h"

gboolean
ae_apply_locked (gint32 item, gboolean (*lock) (gint32 item))
{
  while (item != -1 && !lock (item))
    item = gimp_item_is_layer_mask (item) ? gimp_layer_from_mask (item) : gimp_item_get_parent (item);
  return item != -1;
}

gboolean
ae_apply_possible (gint32 drawable, GError **error)
{
  const char *problem = NULL;

  if (!gimp_item_is_valid (drawable) || !gimp_item_is_drawable (drawable))
    problem = _ ("This is not a layer, mask or channel.");
  else if (gimp_item_is_group (drawable))
    problem = _ ("A layer group cannot be processed as a whole. Choose one of the layers in it.");
  else if (ae_apply_locked (drawable, gimp_item_get_lock_content))
    problem = _ ("The pixels of this layer are locked. Unlock them first.");
  else if (gimp_drawable_is_indexed (drawable))
    problem = _ ("An image with a palette cannot be processed. Convert it with Image > Mode > RGB first.");
  if (problem == NULL)
    return TRUE;
  g_set_error_literal (error, AE_ERROR, AE_ERROR_ARGUMENT, problem);
  return FALSE;
}

gboolean
ae_apply_region (gint32 drawable, GeglRectangle *region)
{
  return gimp_drawable_mask_intersect (drawable, &region->x, &region->y, &region->width, &region->height);
}

gboolean
ae_apply_refused (GError **error)
{
  g_set_error_literal (error, AE_ERROR, AE_ERROR_UNSUPPORTED, gimp_get_pdb_error ());
  return FALSE;
}

gboolean
ae_apply_merge (gint32 drawable, const GeglRectangle *region, GError **error)
{
  if (!gimp_drawable_merge_shadow (drawable, TRUE))
    return ae_apply_refused (error);
  gimp_drawable_update (drawable, region->x, region->y, region->width, region->height);
  return TRUE;
}

AeSessionOptions
ae_apply_session_options (void)
{
  AeSessionOptions options = { 0 };

  g_object_get (gegl_config (), "threads", &options.threads, NULL);
  return options;
}

static gboolean
denoise (GeglBuffer *source, const GeglRectangle *region, GeglBuffer *result, const AeDenoiseParams *params,
         GError **error)
{
  g_autoptr (AeCatalogue) catalogue = ae_catalogue_new ();
  g_autoptr (AeModel) model = ae_catalogue_load (catalogue, params->model, "denoise", error);
  g_autoptr (AeSession) session = NULL;
  AeSessionOptions options = ae_apply_session_options ();
  AeGimpProgress progress;

  ae_gimp_progress_begin (&progress, _ ("Denoising"));
  if (model == NULL)
    return FALSE;
  session = ae_session_new (model, &options, error);
  if (session == NULL)
    return FALSE;
  return ae_denoise_buffer (session, source, region, result, params, ae_gimp_progress_show, &progress, error);
}

/* A copy of the layer above it, with the result where something is selected.
 * Only now does anything change: Cancel during the work leaves no open group of undo. */
static gboolean
merge_new (gint32 *layer, GeglBuffer *result, const GeglRectangle *region, GError **error)
{
  gint32 image = gimp_item_get_image (*layer);
  gint32 copy;
  GeglBuffer *shadow;
  gboolean good = TRUE;
  g_autofree char *old_name = gimp_item_get_name (*layer);
  g_autofree char *name = ae_output_layer_name (old_name);

  gimp_image_undo_group_start (image);
  copy = gimp_layer_copy (*layer);
  gimp_item_set_name (copy, name);
  gimp_image_insert_layer (image, copy, gimp_item_get_parent (*layer),
                           gimp_image_get_item_position (image, *layer));
  if (region->width > 0)
    {
      shadow = gimp_drawable_get_shadow_buffer (copy);
      gegl_buffer_copy (result, region, GEGL_ABYSS_NONE, shadow, region);
      g_object_unref (shadow);
      good = ae_apply_merge (copy, region, error);
    }
  if (good)
    *layer = copy;
  else
    gimp_image_remove_layer (image, copy);
  gimp_image_undo_group_end (image);
  return good;
}

gboolean
ae_apply (gint32 *drawable, const AeDenoiseParams *params, AeOutput output, GError **error)
{
  gboolean copy = output == AE_OUTPUT_NEW_LAYER;
  GeglRectangle region = { 0 };
  GeglBuffer *source, *result;
  gboolean good = TRUE;

  /* It was so before the dialog, which leaves all of GIMP to the user. */
  if (!ae_apply_possible (*drawable, error))
    return FALSE;
  if (copy && (!gimp_item_is_layer (*drawable) || gimp_layer_is_floating_sel (*drawable)))
    {
      g_set_error_literal (error, AE_ERROR, AE_ERROR_ARGUMENT,
                           _ ("Only of a layer the result can be a new layer."));
      return FALSE;
    }
  if (!ae_apply_region (*drawable, &region))
    return !copy || merge_new (drawable, NULL, GEGL_RECTANGLE (0, 0, 0, 0), error);

  source = gimp_drawable_get_buffer (*drawable);
  result = copy ? gegl_buffer_new (&region, gegl_buffer_get_format (source))
                : gimp_drawable_get_shadow_buffer (*drawable);
  good = denoise (source, &region, result, params, error);
  g_object_unref (source);
  if (copy && good)
    good = merge_new (drawable, result, &region, error);
  /* What was written to a shadow is sent to GIMP when the last reference goes. */
  g_object_unref (result);
  if (!copy && good)
    good = ae_apply_merge (*drawable, &region, error);
  if (!copy && !good)
    gimp_drawable_free_shadow (*drawable);
  gimp_progress_end ();
  return good;
}
