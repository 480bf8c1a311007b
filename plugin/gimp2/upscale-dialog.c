/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-dialog.c - asks the user how to enlarge. */

#include "upscale-dialog.h"
#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>
#include "apply.h"
#include "intl.h"
#include "names.h"
#include "source.h"
#include "widgets/upscale-panel.h"

#define RESPONSE_RESET 1

typedef struct
{
  GtkWidget *window;
  AeUpscalePanel *panel;
} Dialog;

static void
update_button (gpointer data)
{
  const Dialog *dialog = data;

  gtk_dialog_set_response_sensitive (GTK_DIALOG (dialog->window), GTK_RESPONSE_OK,
                                     ae_upscale_panel_ready (dialog->panel));
}

/* The first layer with pixels among these and the children of groups; < 0: none. */
static gint32
first_layer (int n, const gint32 *layers)
{
  gint32 found = -1;

  for (int i = 0; i < n && found < 0; i++)
    if (gimp_item_is_group (layers[i]))
      {
        int n_children;
        g_autofree gint32 *children = gimp_item_get_children (layers[i], &n_children);

        found = first_layer (n_children, children);
      }
    else
      found = layers[i];
  return found;
}

/* Of another drawable than a layer the preview shows a layer of the image. */
static AeUpscaleSubject
subject_of (gint32 image, gint32 drawable)
{
  AeUpscaleSubject subject
    = { .image_width = gimp_image_width (image), .image_height = gimp_image_height (image) };
  gint32 layer = drawable;

  subject.alone = gimp_item_is_layer (drawable) && !gimp_item_is_group (drawable);
  if (!subject.alone)
    {
      int n;
      g_autofree gint32 *layers = gimp_image_get_layers (image, &n);

      layer = first_layer (n, layers);
    }
  if (layer < 0)
    return subject;
  subject.layer = (GeglRectangle){ 0, 0, gimp_drawable_width (layer), gimp_drawable_height (layer) };
  gimp_drawable_offsets (layer, &subject.layer.x, &subject.layer.y);
  subject.preview = ae_source_of (layer);
  return subject;
}

static void
build (Dialog *dialog, gint32 image, gint32 drawable)
{
  const AeSessionOptions options = ae_apply_session_options ();
  const AeUpscaleSubject subject = subject_of (image, drawable);
  GtkWidget *box;

  dialog->window
    = gimp_dialog_new (_ ("Upscale (Autoencoder)"), AE_PROGRAM, NULL, 0, NULL, NULL, _ ("_Reset"),
                       RESPONSE_RESET, _ ("_Cancel"), GTK_RESPONSE_CANCEL, _ ("_OK"), GTK_RESPONSE_OK, NULL);
  gtk_dialog_set_alternative_button_order (GTK_DIALOG (dialog->window), RESPONSE_RESET, GTK_RESPONSE_OK,
                                           GTK_RESPONSE_CANCEL, -1);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog->window), GTK_RESPONSE_OK);
  gimp_window_set_transient (GTK_WINDOW (dialog->window));
  dialog->panel = ae_upscale_panel_new (&subject, &options, update_button, dialog);
  box = ae_upscale_panel_widget (dialog->panel);
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (dialog->window))), box, TRUE, TRUE,
                      0);
  gtk_widget_show_all (box);
}

gboolean
ae_upscale_dialog_run (gint32 image, gint32 drawable, AeUpscaleParams *params)
{
  Dialog dialog = { 0 };
  int response;

  gimp_ui_init (AE_PROGRAM, TRUE);
  build (&dialog, image, drawable);
  ae_upscale_panel_set (dialog.panel, params);
  update_button (&dialog);
  gtk_widget_show (dialog.window);
  while ((response = gimp_dialog_run (GIMP_DIALOG (dialog.window))) == RESPONSE_RESET)
    {
      ae_upscale_params_init (params);
      ae_upscale_panel_set (dialog.panel, params);
      update_button (&dialog);
    }
  *params = *ae_upscale_panel_params (dialog.panel);
  gtk_widget_destroy (dialog.window);
  return response == GTK_RESPONSE_OK;
}
