/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-dialog.c - asks the user what to draw. */

#include "generate-dialog.h"
#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>
#include "apply.h"
#include "intl.h"
#include "names.h"
#include "widgets/generate-panel.h"

#define RESPONSE_RESET 1

typedef struct
{
  GtkWidget *window;
  AeGeneratePanel *panel;
} Dialog;

static void
update_button (gpointer data)
{
  const Dialog *dialog = data;

  gtk_dialog_set_response_sensitive (GTK_DIALOG (dialog->window), GTK_RESPONSE_OK,
                                     ae_generate_panel_ready (dialog->panel));
}

static void
build (Dialog *dialog, gint32 drawable)
{
  GeglRectangle region;
  GtkWidget *box;

  if (!ae_apply_region (drawable, &region))
    region = (GeglRectangle){ 0, 0, gimp_drawable_width (drawable), gimp_drawable_height (drawable) };
  dialog->window
    = gimp_dialog_new (_ ("Generate (Autoencoder)"), AE_PROGRAM, NULL, 0, NULL, NULL, _ ("_Reset"),
                       RESPONSE_RESET, _ ("_Cancel"), GTK_RESPONSE_CANCEL, _ ("_OK"), GTK_RESPONSE_OK, NULL);
  gtk_dialog_set_alternative_button_order (GTK_DIALOG (dialog->window), RESPONSE_RESET, GTK_RESPONSE_OK,
                                           GTK_RESPONSE_CANCEL, -1);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog->window), GTK_RESPONSE_OK);
  gimp_window_set_transient (GTK_WINDOW (dialog->window));
  dialog->panel = ae_generate_panel_new (region.width, region.height, gimp_drawable_is_gray (drawable),
                                         update_button, dialog);
  box = ae_generate_panel_widget (dialog->panel);
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (dialog->window))), box, TRUE, TRUE,
                      0);
  gtk_widget_show_all (box);
}

gboolean
ae_generate_dialog_run (gint32 drawable, AeGenerateParams *params)
{
  Dialog dialog = { 0 };
  int response;

  gimp_ui_init (AE_PROGRAM, TRUE);
  build (&dialog, drawable);
  ae_generate_panel_set (dialog.panel, params);
  update_button (&dialog);
  gtk_widget_show (dialog.window);
  while ((response = gimp_dialog_run (GIMP_DIALOG (dialog.window))) == RESPONSE_RESET)
    {
      ae_generate_params_init (params);
      ae_generate_panel_set (dialog.panel, params);
      update_button (&dialog);
    }
  *params = *ae_generate_panel_params (dialog.panel);
  gtk_widget_destroy (dialog.window);
  return response == GTK_RESPONSE_OK;
}
