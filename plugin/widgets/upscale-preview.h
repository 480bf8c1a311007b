/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-preview.h - the preview of enlarging: a part of the enlarged layer as GIMP's cubic interpolation
 * and as the network makes it. */

#ifndef AE_UPSCALE_PREVIEW_H
#define AE_UPSCALE_PREVIEW_H

#include <ae/session.h>
#include <gegl.h>
#include <gtk/gtk.h>
#include "core/catalogue.h"
#include "core/upscale-params.h"
#include "preview-source.h"

typedef struct _AeUpscalePreview AeUpscalePreview;

/* source: `region` and `open_selection` are not used.  The catalogue has to
 * outlive the widget; the preview lives as long as its widget. */
AeUpscalePreview *ae_upscale_preview_new (const AePreviewSource *source, const AeCatalogue *catalogue,
                                          const AeSessionOptions *options);
GtkWidget *ae_upscale_preview_widget (AeUpscalePreview *preview);

/*
 * Shows the layer at width x height pixels, by the weights for a factor that
 * `params` (model, robust, wrap) ask for; they are loaded when they are needed.
 * `problem`: why that is not possible, shown instead of the result; else NULL.
 */
void ae_upscale_preview_set (AeUpscalePreview *preview, const AeUpscaleParams *params, int factor, int width,
                             int height, const char *problem);

#endif
