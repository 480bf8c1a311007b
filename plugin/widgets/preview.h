/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* preview.h - the preview of denoising: a part of the layer with and without noise, and the controls for it.
 */

#ifndef AE_PREVIEW_H
#define AE_PREVIEW_H

#include <ae/model.h>
#include <ae/session.h>
#include <gegl.h>
#include <gtk/gtk.h>
#include "core/params.h"
#include "preview-source.h"

/* The noise level of what is to be denoised, in 8-bit steps; 0 where it cannot be told. */
typedef void (*AePreviewEstimated) (double sigma, gpointer data);
/* Estimates it beside the main loop and calls back from there; never after `cancellable` was cancelled. */
void ae_preview_source_estimate (const AePreviewSource *source, GCancellable *cancellable,
                                 AePreviewEstimated estimated, gpointer data);

typedef struct _AePreview AePreview;

/* Lives as long as its widget. */
AePreview *ae_preview_new (const AePreviewSource *source, const AeSessionOptions *options);
GtkWidget *ae_preview_widget (AePreview *preview);

/* Shows what these values give.  Only another model or noise level runs the
 * network.  `model` NULL: the picture as it is, and `problem` beside it.
 * `sigma` is the noise level to be used, < 0: not known yet. */
void ae_preview_set (AePreview *preview, AeModel *model, double sigma, const AeDenoiseParams *params,
                     const char *problem);

#endif
