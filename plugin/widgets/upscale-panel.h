/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-panel.h - what the dialog for enlarging consists of, but for its window and buttons. */

#ifndef AE_UPSCALE_PANEL_H
#define AE_UPSCALE_PANEL_H

#include <ae/session.h>
#include <gtk/gtk.h>
#include "core/upscale-params.h"
#include "preview-source.h"

/* What is to be enlarged. */
typedef struct
{
  int image_width, image_height;
  gboolean alone;          /* AE_UPSCALE_LAYER is possible, for the layer below */
  GeglRectangle layer;     /* place and size of the layer that the preview shows; empty: none */
  AePreviewSource preview; /* its pixels */
} AeUpscaleSubject;

typedef struct _AeUpscalePanel AeUpscalePanel;

/* The user has changed something.  The panel lives as long as its widget. */
AeUpscalePanel *ae_upscale_panel_new (const AeUpscaleSubject *subject, const AeSessionOptions *options,
                                      void (*changed) (gpointer data), gpointer data);
GtkWidget *ae_upscale_panel_widget (AeUpscalePanel *panel);

/* Puts values into the controls; what is not possible here becomes what is
 * (another target, no robust weights).  Does not call `changed`. */
void ae_upscale_panel_set (AeUpscalePanel *panel, const AeUpscaleParams *params);
const AeUpscaleParams *ae_upscale_panel_params (const AeUpscalePanel *panel);
/* Whether these values can be applied; if not, the panel says why. */
gboolean ae_upscale_panel_ready (const AeUpscalePanel *panel);

#endif
