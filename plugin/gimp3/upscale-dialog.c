/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-dialog.c - asks the user how to enlarge. */

#include "upscale-dialog.h"
#include <libgimp/gimpui.h>
#include "apply.h"
#include "intl.h"
#include "names.h"
#include "source.h"
#include "upscale-config.h"
#include "widgets/upscale-panel.h"

/* The values are those of `config`, which is GIMP's to keep, reset and load. */
typedef struct
{
  GimpProcedureConfig *config;
  gboolean writing; /* the panel's values go into it */
  GtkWidget *window;
  AeUpscalePanel *panel;
} Dialog;

static void
update_button (const Dialog *dialog)
{
  gtk_dialog_set_response_sensitive (GTK_DIALOG (dialog->window), GTK_RESPONSE_OK,
                                     ae_upscale_panel_ready (dialog->panel));
}

static void
write_config (Dialog *dialog)
{
  dialog->writing = TRUE;
  ae_upscale_config_write (dialog->config, ae_upscale_panel_params (dialog->panel));
  dialog->writing = FALSE;
  update_button (dialog);
}

/* By the user. */
static void
panel_changed (gpointer data)
{
  write_config (data);
}

static void
show_values (Dialog *dialog)
{
  AeUpscaleParams params;

  if (ae_upscale_config_read (dialog->config, &params, NULL))
    ae_upscale_panel_set (dialog->panel, &params);
  update_button (dialog);
}

/* By GIMP's reset, for example. */
static void
config_changed (GimpProcedureConfig *config, GParamSpec *spec, Dialog *dialog)
{
  if (!dialog->writing)
    show_values (dialog);
}

/* The first layer with pixels at or below an item; NULL: none. */
static GimpLayer *
layer_in (GimpItem *item)
{
  g_autofree GimpItem **children = NULL;
  GimpLayer *found = NULL;

  if (!gimp_item_is_group (item))
    return GIMP_LAYER (item);
  children = gimp_item_get_children (item);
  for (int i = 0; children[i] != NULL && found == NULL; i++)
    found = layer_in (children[i]);
  return found;
}

static GimpLayer *
first_layer (GimpImage *image)
{
  g_autofree GimpLayer **layers = gimp_image_get_layers (image);
  GimpLayer *found = NULL;

  for (int i = 0; layers[i] != NULL && found == NULL; i++)
    found = layer_in (GIMP_ITEM (layers[i]));
  return found;
}

/* Where there is no layer alone the preview shows one of the image. */
static AeUpscaleSubject
subject_of (GimpImage *image, GimpLayer *layer)
{
  GimpDrawable *shown = layer != NULL ? GIMP_DRAWABLE (layer) : (GimpDrawable *)first_layer (image);
  AeUpscaleSubject subject = { .image_width = gimp_image_get_width (image),
                               .image_height = gimp_image_get_height (image),
                               .alone = layer != NULL };

  if (shown == NULL)
    return subject;
  subject.layer = (GeglRectangle){ 0, 0, gimp_drawable_get_width (shown), gimp_drawable_get_height (shown) };
  gimp_drawable_get_offsets (shown, &subject.layer.x, &subject.layer.y);
  subject.preview = ae_source_of (shown);
  return subject;
}

static void
build (Dialog *dialog, GimpProcedure *procedure, GimpImage *image, GimpLayer *layer)
{
  const AeSessionOptions options = ae_apply_session_options ();
  const AeUpscaleSubject subject = subject_of (image, layer);
  GtkWidget *box;

  dialog->window = gimp_procedure_dialog_new (procedure, dialog->config, _ ("Upscale (Autoencoder)"));
  dialog->panel = ae_upscale_panel_new (&subject, &options, panel_changed, dialog);
  box = ae_upscale_panel_widget (dialog->panel);
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (dialog->window))), box, TRUE, TRUE,
                      0);
  gtk_widget_show_all (box);
}

gboolean
ae_upscale_dialog_run (GimpProcedure *procedure, GimpProcedureConfig *config, GimpImage *image,
                       GimpLayer *layer)
{
  Dialog dialog = { .config = config };
  gboolean good;

  gimp_ui_init (AE_PROGRAM);
  build (&dialog, procedure, image, layer);
  show_values (&dialog);
  g_signal_connect (config, "notify", G_CALLBACK (config_changed), &dialog);
  good = gimp_procedure_dialog_run (GIMP_PROCEDURE_DIALOG (dialog.window));
  g_signal_handlers_disconnect_by_data (config, &dialog);
  /* What is not possible here, the panel has replaced. */
  write_config (&dialog);
  gtk_widget_destroy (dialog.window);
  return good;
}
