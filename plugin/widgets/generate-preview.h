/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-preview.h - shows a drawing before it is made. */

#ifndef AE_GENERATE_PREVIEW_H
#define AE_GENERATE_PREVIEW_H

#include <ae/model.h>
#include <gtk/gtk.h>
#include "core/generate-params.h"

typedef struct _AeGeneratePreview AeGeneratePreview;

/* For an area of that size; gray: of a gray picture.  Lives as long as its widget. */
AeGeneratePreview *ae_generate_preview_new (int width, int height, gboolean gray);
GtkWidget *ae_generate_preview_widget (AeGeneratePreview *preview);

/* What to draw, soon and beside the main loop; model NULL: nothing. */
void ae_generate_preview_set (AeGeneratePreview *preview, AeModel *model, const AeGenerateParams *params);

#endif
