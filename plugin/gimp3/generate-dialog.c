/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-dialog.c - asks the user what to draw. */

#include "generate-dialog.h"
#include <libgimp/gimpui.h>
#include "apply.h"
#include "generate-config.h"
#include "intl.h"
#include "names.h"
#include "widgets/generate-panel.h"

/* The values are those of `config`, which is GIMP's to keep, reset and load. */
typedef struct
{
  GimpProcedureConfig *config;
  gboolean writing; /* the panel's values go into it */
  GtkWidget *window;
  AeGeneratePanel *panel;
} Dialog;

static void
update_button (const Dialog *dialog)
{
  gtk_dialog_set_response_sensitive (GTK_DIALOG (dialog->window), GTK_RESPONSE_OK,
                                     ae_generate_panel_ready (dialog->panel));
}

/* By the user. */
static void
panel_changed (gpointer data)
{
  Dialog *dialog = data;

  dialog->writing = TRUE;
  ae_generate_config_write (dialog->config, ae_generate_panel_params (dialog->panel));
  dialog->writing = FALSE;
  update_button (dialog);
}

static void
show_values (Dialog *dialog)
{
  AeGenerateParams params;

  if (ae_generate_config_read (dialog->config, &params, NULL))
    ae_generate_panel_set (dialog->panel, &params);
  update_button (dialog);
}

/* By GIMP's reset, for example. */
static void
config_changed (GimpProcedureConfig *config, GParamSpec *spec, Dialog *dialog)
{
  if (!dialog->writing)
    show_values (dialog);
}

static void
build (Dialog *dialog, GimpProcedure *procedure, GimpDrawable *drawable)
{
  GeglRectangle region;
  GtkWidget *box;

  if (!ae_apply_region (drawable, &region))
    region = (GeglRectangle){ 0, 0, gimp_drawable_get_width (drawable), gimp_drawable_get_height (drawable) };
  dialog->window = gimp_procedure_dialog_new (procedure, dialog->config, _ ("Generate (Autoencoder)"));
  dialog->panel = ae_generate_panel_new (region.width, region.height, gimp_drawable_is_gray (drawable),
                                         panel_changed, dialog);
  box = ae_generate_panel_widget (dialog->panel);
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (dialog->window))), box, TRUE, TRUE,
                      0);
  gtk_widget_show_all (box);
}

gboolean
ae_generate_dialog_run (GimpProcedure *procedure, GimpProcedureConfig *config, GimpDrawable *drawable)
{
  Dialog dialog = { .config = config };
  gboolean good;

  gimp_ui_init (AE_PROGRAM);
  build (&dialog, procedure, drawable);
  show_values (&dialog);
  g_signal_connect (config, "notify", G_CALLBACK (config_changed), &dialog);
  good = gimp_procedure_dialog_run (GIMP_PROCEDURE_DIALOG (dialog.window));
  g_signal_handlers_disconnect_by_data (config, &dialog);
  /* What the model does not have, the panel has left out. */
  panel_changed (&dialog);
  gtk_widget_destroy (dialog.window);
  return good;
}
