/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* source.c - a drawable of GIMP as the preview wants it. */

#include "source.h"
#include "apply.h"

static GeglBuffer *
open_layer (gpointer data)
{
  return gimp_item_is_valid (data) ? gimp_drawable_get_buffer (data) : NULL;
}

static GeglBuffer *
open_selection (int *x, int *y, gpointer data)
{
  GimpImage *image = gimp_item_is_valid (data) ? gimp_item_get_image (data) : NULL;
  GimpSelection *selection = image != NULL ? gimp_image_get_selection (image) : NULL;

  if (selection == NULL || data == selection || gimp_selection_is_empty (image))
    return NULL;
  gimp_drawable_get_offsets (data, x, y);
  return gimp_drawable_get_buffer (GIMP_DRAWABLE (selection));
}

AePreviewSource
ae_source_of (GimpDrawable *drawable)
{
  AePreviewSource source = {
    .bounds = { 0, 0, gimp_drawable_get_width (drawable), gimp_drawable_get_height (drawable) },
    .open_layer = open_layer,
    .open_selection = open_selection,
    .data = drawable,
  };

  if (!ae_apply_region (drawable, &source.region))
    source.region = source.bounds;
  return source;
}
