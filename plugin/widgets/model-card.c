/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* model-card.c - a window with what is known about a model. */

#include "model-card.h"
#include "core/model-text.h"
#include "intl.h"
#include "toolkit.h"

#define WIDTH 560
#define HEIGHT 420

void
ae_model_card_run (const AeCatalogueEntry *entry, GtkWindow *parent)
{
  GtkWidget *window = gtk_dialog_new_with_buttons (_ ("About the Model"), parent,
                                                   GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
                                                   _ ("_Close"), GTK_RESPONSE_CLOSE, NULL);
  GtkWidget *content = gtk_dialog_get_content_area (GTK_DIALOG (window));
  GtkWidget *scrolled = gtk_scrolled_window_new (NULL, NULL);
  GtkWidget *viewport = gtk_viewport_new (NULL, NULL);
  GtkWidget *top = ae_column_new (0);
  GtkWidget *label = gtk_label_new (NULL);
  g_autofree char *markup = ae_model_card_markup (entry);

  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  ae_label_align_left (label);
  /* GTK 2 wraps a label at a width of its own choice otherwise. */
  gtk_widget_set_size_request (label, WIDTH - 60, -1);
  gtk_viewport_set_shadow_type (GTK_VIEWPORT (viewport), GTK_SHADOW_NONE);
  gtk_container_set_border_width (GTK_CONTAINER (scrolled), 12);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_box_pack_start (GTK_BOX (top), label, FALSE, FALSE, 0);
  gtk_container_add (GTK_CONTAINER (viewport), top);
  gtk_container_add (GTK_CONTAINER (scrolled), viewport);
  gtk_box_pack_start (GTK_BOX (content), scrolled, TRUE, TRUE, 0);
  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, HEIGHT);
  gtk_widget_show_all (scrolled);
  gtk_dialog_set_default_response (GTK_DIALOG (window), GTK_RESPONSE_CLOSE);
  gtk_widget_grab_focus (gtk_dialog_get_widget_for_response (GTK_DIALOG (window), GTK_RESPONSE_CLOSE));
  gtk_label_select_region (GTK_LABEL (label), 0, 0);
  gtk_dialog_run (GTK_DIALOG (window));
  gtk_widget_destroy (window);
}
