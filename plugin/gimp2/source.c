/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* source.c - a drawable of GIMP as the preview wants it. */

#include "source.h"
#include <libgimp/gimp.h>
#include "apply.h"

static GeglBuffer *
open_layer (gpointer data)
{
  gint32 drawable = GPOINTER_TO_INT (data);

  return gimp_item_is_valid (drawable) ? gimp_drawable_get_buffer (drawable) : NULL;
}

static GeglBuffer *
open_selection (int *x, int *y, gpointer data)
{
  gint32 drawable = GPOINTER_TO_INT (data);
  gint32 image = gimp_item_is_valid (drawable) ? gimp_item_get_image (drawable) : -1;
  gint32 selection = image >= 0 ? gimp_image_get_selection (image) : -1;

  if (selection < 0 || drawable == selection || gimp_selection_is_empty (image))
    return NULL;
  gimp_drawable_offsets (drawable, x, y);
  return gimp_drawable_get_buffer (selection);
}

AePreviewSource
ae_source_of (gint32 drawable)
{
  AePreviewSource source = {
    .bounds = { 0, 0, gimp_drawable_width (drawable), gimp_drawable_height (drawable) },
    .open_layer = open_layer,
    .open_selection = open_selection,
    .data = GINT_TO_POINTER (drawable),
  };

  if (!ae_apply_region (drawable, &source.region))
    source.region = source.bounds;
  return source;
}
