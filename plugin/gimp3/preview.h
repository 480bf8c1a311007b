/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* preview.h - the preview in the dialog: a part of the drawable at its full size, with and without noise. */

#ifndef AE_GIMP3_PREVIEW_H
#define AE_GIMP3_PREVIEW_H

#include <ae/model.h>
#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>
#include "core/params.h"

typedef struct _AePreview AePreview;

/* Lives as long as its widget. */
AePreview *ae_preview_new (GimpDrawable *drawable);
GtkWidget *ae_preview_widget (AePreview *preview);

/* Shows what these values give.  Only another model or noise level runs the
 * network.  `model` NULL: the picture as it is, and `problem` beside it.
 * `sigma` is the noise level to be used, < 0: not known yet. */
void ae_preview_set (AePreview *preview, AeModel *model, double sigma, const AeDenoiseParams *params,
                     const char *problem);

#endif
