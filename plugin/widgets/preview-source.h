/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* preview-source.h - where a preview has its pixels from. */

#ifndef AE_PREVIEW_SOURCE_H
#define AE_PREVIEW_SOURCE_H

#include <gegl.h>

/* Where pixels come from.  Functions are called on the main thread whenever
 * pixels are needed: the layer may have been painted on since. */
typedef struct
{
  GeglRectangle bounds; /* of the layer, in its own coordinates */
  GeglRectangle region; /* what is to be denoised: its middle is shown first */
  /* A new reference; NULL: the layer is not there any more. */
  GeglBuffer *(*open_layer) (gpointer data);
  /* What is selected, and where the layer's corner is in it; NULL: all is. */
  GeglBuffer *(*open_selection) (int *x, int *y, gpointer data);
  gpointer data;
} AePreviewSource;

#endif
