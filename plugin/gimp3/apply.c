/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* apply.c - denoises drawables of GIMP. */

#include "apply.h"
#include <ae/error.h>
#include "core/buffer-filter.h"
#include "core/catalogue.h"
#include "intl.h"
#include "progress.h"

gboolean
ae_apply_locked (GimpItem *item, gboolean (*lock) (GimpItem *item))
{
  while (item != NULL && !lock (item))
    item = GIMP_IS_LAYER_MASK (item) ? GIMP_ITEM (gimp_layer_from_mask (GIMP_LAYER_MASK (item)))
                                     : gimp_item_get_parent (item);
  return item != NULL;
}

gboolean
ae_apply_possible (GimpDrawable *drawable, GError **error)
{
  const char *problem = NULL;

  if (!gimp_item_is_valid (GIMP_ITEM (drawable)))
    problem = _ ("This is not a layer, mask or channel.");
  else if (gimp_item_is_group (GIMP_ITEM (drawable)))
    problem = _ ("A layer group cannot be processed as a whole. Choose one of the layers in it.");
  else if (ae_apply_locked (GIMP_ITEM (drawable), gimp_item_get_lock_content))
    problem = _ ("The pixels of this layer are locked. Unlock them first.");
  else if (gimp_drawable_is_indexed (drawable))
    problem = _ ("An image with a palette cannot be processed. Convert it with Image > Mode > RGB first.");
  if (problem == NULL)
    return TRUE;
  g_set_error_literal (error, AE_ERROR, AE_ERROR_ARGUMENT, problem);
  return FALSE;
}

gboolean
ae_apply_all_possible (GimpDrawable **drawables, GError **error)
{
  for (int i = 0; drawables[i] != NULL; i++)
    if (!ae_apply_possible (drawables[i], error))
      return FALSE;
  return TRUE;
}

gboolean
ae_apply_region (GimpDrawable *drawable, GeglRectangle *region)
{
  return gimp_drawable_mask_intersect (drawable, &region->x, &region->y, &region->width, &region->height);
}

gboolean
ae_apply_refused (GError **error)
{
  g_set_error_literal (error, AE_ERROR, AE_ERROR_UNSUPPORTED, gimp_pdb_get_last_error (gimp_get_pdb ()));
  return FALSE;
}

gboolean
ae_apply_merge (GimpDrawable *drawable, const GeglRectangle *region, GError **error)
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

static AeSession *
load (const AeDenoiseParams *params, GError **error)
{
  g_autoptr (AeCatalogue) catalogue = ae_catalogue_new ();
  g_autoptr (AeModel) model = ae_catalogue_load (catalogue, params->model, "denoise", error);
  AeSessionOptions options = ae_apply_session_options ();

  return model != NULL ? ae_session_new (model, &options, error) : NULL;
}

/* What became of one drawable. */
typedef struct
{
  GimpDrawable *drawable;
  GeglRectangle region; /* empty if nothing is selected */
  GeglBuffer *result;   /* for a new layer; NULL: in the drawable's shadow */
} Work;

static gboolean
denoise_one (AeSession *session, Work *work, const AeDenoiseParams *params, gboolean copy,
             AeGimpProgress *progress, GError **error)
{
  GeglBuffer *source, *result;
  gboolean good;

  if (!ae_apply_region (work->drawable, &work->region))
    {
      work->region = (GeglRectangle){ 0 };
      return TRUE;
    }
  source = gimp_drawable_get_buffer (work->drawable);
  result = copy ? gegl_buffer_new (&work->region, gegl_buffer_get_format (source))
                : gimp_drawable_get_shadow_buffer (work->drawable);
  good = ae_denoise_buffer (session, source, &work->region, result, params, ae_gimp_progress_show, progress,
                            error);
  g_object_unref (source);
  if (copy)
    work->result = result;
  else
    /* What was written is sent to GIMP when the last reference goes. */
    g_object_unref (result);
  return good;
}

/* A copy of the layer above it, with the result where something is selected. */
static gboolean
merge_new (const Work *work, GError **error)
{
  GimpLayer *layer = GIMP_LAYER (work->drawable);
  GimpImage *image = gimp_item_get_image (GIMP_ITEM (layer));
  GimpLayer *copy = gimp_layer_copy (layer);
  g_autofree char *old_name = gimp_item_get_name (GIMP_ITEM (layer));
  g_autofree char *name = ae_output_layer_name (old_name);
  gboolean good = TRUE;

  gimp_item_set_name (GIMP_ITEM (copy), name);
  gimp_image_insert_layer (image, copy, GIMP_LAYER (gimp_item_get_parent (GIMP_ITEM (layer))),
                           gimp_image_get_item_position (image, GIMP_ITEM (layer)));
  if (work->result != NULL)
    {
      GeglBuffer *shadow = gimp_drawable_get_shadow_buffer (GIMP_DRAWABLE (copy));

      gegl_buffer_copy (work->result, &work->region, GEGL_ABYSS_NONE, shadow, &work->region);
      g_object_unref (shadow);
      good = ae_apply_merge (GIMP_DRAWABLE (copy), &work->region, error);
    }
  if (!good)
    gimp_image_remove_layer (image, copy);
  return good;
}

/* Only now does anything change: Cancel during the work leaves no open group of undo. */
static gboolean
merge_all (const Work *works, int n, gboolean copy, GError **error)
{
  GimpImage *image = gimp_item_get_image (GIMP_ITEM (works[0].drawable));
  gboolean group = n > 1 || copy;
  gboolean good = TRUE;

  if (group)
    gimp_image_undo_group_start (image);
  for (int i = 0; good && i < n; i++)
    if (copy)
      good = merge_new (&works[i], error);
    else if (works[i].region.width > 0)
      good = ae_apply_merge (works[i].drawable, &works[i].region, error);
  if (group)
    gimp_image_undo_group_end (image);
  return good;
}

static void
clear (Work *works, int n, gboolean merged)
{
  for (int i = 0; i < n; i++)
    {
      if (!merged && works[i].result == NULL && works[i].region.width > 0)
        gimp_drawable_free_shadow (works[i].drawable);
      g_clear_object (&works[i].result);
    }
}

static gboolean
check_output (GimpDrawable **drawables, AeOutput output, GError **error)
{
  const char *problem = NULL;

  if (drawables[0] == NULL)
    problem = _ ("No layer was given.");
  for (int i = 0; drawables[i] != NULL && output == AE_OUTPUT_NEW_LAYER; i++)
    if (!GIMP_IS_LAYER (drawables[i]) || gimp_layer_is_floating_sel (GIMP_LAYER (drawables[i])))
      problem = _ ("Only of a layer the result can be a new layer.");
  if (problem == NULL)
    return TRUE;
  g_set_error_literal (error, AE_ERROR, AE_ERROR_ARGUMENT, problem);
  return FALSE;
}

gboolean
ae_apply (GimpDrawable **drawables, const AeDenoiseParams *params, AeOutput output, GError **error)
{
  AeGimpProgress progress;
  gboolean copy = output == AE_OUTPUT_NEW_LAYER;
  g_autofree Work *works = NULL;
  g_autoptr (AeSession) session = NULL;
  gboolean good = TRUE;

  if (!ae_apply_all_possible (drawables, error) || !check_output (drawables, output, error))
    return FALSE;
  session = load (params, error);
  if (session == NULL)
    return FALSE;
  ae_gimp_progress_begin (&progress, _ ("Denoising"), drawables);
  works = g_new0 (Work, progress.n);
  for (; good && progress.done < progress.n; progress.done++)
    {
      works[progress.done].drawable = drawables[progress.done];
      good = denoise_one (session, &works[progress.done], params, copy, &progress, error);
    }
  good = good && merge_all (works, progress.n, copy, error);
  clear (works, progress.n, good);
  gimp_progress_end ();
  return good;
}
