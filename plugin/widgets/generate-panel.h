/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-panel.h - what the dialog that draws consists of, but for its window and buttons. */

#ifndef AE_GENERATE_PANEL_H
#define AE_GENERATE_PANEL_H

#include <gtk/gtk.h>
#include "core/generate-params.h"

typedef struct _AeGeneratePanel AeGeneratePanel;

/* For an area of that size; gray: of a gray picture.  The user has changed
 * something.  The panel lives as long as its widget. */
AeGeneratePanel *ae_generate_panel_new (int width, int height, gboolean gray, void (*changed) (gpointer data),
                                        gpointer data);
GtkWidget *ae_generate_panel_widget (AeGeneratePanel *panel);

/* Puts values into the controls; what the model does not have (a class, so
 * many latent numbers) is left out.  Does not call `changed`. */
void ae_generate_panel_set (AeGeneratePanel *panel, const AeGenerateParams *params);
const AeGenerateParams *ae_generate_panel_params (const AeGeneratePanel *panel);
/* Whether these values can be applied; if not, the panel says why. */
gboolean ae_generate_panel_ready (const AeGeneratePanel *panel);

#endif
