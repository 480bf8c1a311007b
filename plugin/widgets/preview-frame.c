/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* preview-frame.c - what previews have in common: a split view, its controls, a line that says what happens.
 */

#include "preview-frame.h"
#include "accessible.h"
#include "core/controls.h"
#include "intl.h"
#include "toolkit.h"

struct _AePreviewFrame
{
  AePreviewFrameFuncs funcs;
  AeSplitView *view;
  GtkWidget *widget, *enabled, *split, *spinner, *icon, *label, *scale;
};

/* From the view: scrolled, zoomed or resized. */
static void
moved (gpointer data)
{
  AePreviewFrame *frame = data;
  g_autofree char *scale = g_strdup_printf ("%g %%", ae_split_view_scale (frame->view));

  gtk_label_set_text (GTK_LABEL (frame->scale), scale);
  frame->funcs.moved (frame->funcs.data);
}

/* From the view: it is about to draw. */
static void
prepare (gpointer data)
{
  const AePreviewFrame *frame = data;

  frame->funcs.prepare (frame->funcs.data);
}

static void
enabled_toggled (GtkToggleButton *button, AePreviewFrame *frame)
{
  frame->funcs.enabled (frame->funcs.data);
}

static void
split_toggled (GtkToggleButton *button, AePreviewFrame *frame)
{
  ae_split_view_set_split (frame->view, gtk_toggle_button_get_active (button));
}

static void
zoom_in (GtkButton *button, AePreviewFrame *frame)
{
  ae_split_view_zoom (frame->view, 1);
}

static void
zoom_out (GtkButton *button, AePreviewFrame *frame)
{
  ae_split_view_zoom (frame->view, -1);
}

static void
destroyed (GtkWidget *widget, AePreviewFrame *frame)
{
  g_free (frame);
}

static GtkWidget *
toggle_new (AeControl control, GCallback toggled, AePreviewFrame *frame)
{
  GtkWidget *button = gtk_check_button_new_with_mnemonic (ae_control_label (control));

  gtk_widget_set_tooltip_text (button, ae_control_tooltip (control));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  g_signal_connect (button, "toggled", toggled, frame);
  return button;
}

static GtkWidget *
zoom_button_new (const char *icon, const char *tooltip, GCallback clicked, AePreviewFrame *frame)
{
  GtkWidget *button = gtk_button_new ();

  gtk_container_add (GTK_CONTAINER (button), gtk_image_new_from_icon_name (icon, GTK_ICON_SIZE_MENU));
  gtk_button_set_relief (GTK_BUTTON (button), GTK_RELIEF_NONE);
  gtk_widget_set_tooltip_text (button, tooltip);
  ae_accessible_name (button, tooltip);
  g_signal_connect (button, "clicked", clicked, frame);
  return button;
}

static GtkWidget *
controls_new (AePreviewFrame *frame)
{
  GtkWidget *row = ae_row_new (6);

  frame->enabled = toggle_new (AE_CONTROL_PREVIEW, G_CALLBACK (enabled_toggled), frame);
  frame->split = toggle_new (AE_CONTROL_SPLIT, G_CALLBACK (split_toggled), frame);
  frame->spinner = gtk_spinner_new ();
  frame->icon = gtk_image_new_from_icon_name ("dialog-warning", GTK_ICON_SIZE_MENU);
  frame->label = gtk_label_new (NULL);
  frame->scale = gtk_label_new ("100 %");
  gtk_label_set_width_chars (GTK_LABEL (frame->scale), 6);
  gtk_label_set_ellipsize (GTK_LABEL (frame->label), PANGO_ELLIPSIZE_END);
  ae_label_align_left (frame->label);

  gtk_box_pack_start (GTK_BOX (row), frame->enabled, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), frame->split, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), frame->spinner, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), frame->icon, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), frame->label, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (row),
                      zoom_button_new ("zoom-out", _ ("Zoom out"), G_CALLBACK (zoom_out), frame), FALSE,
                      FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), frame->scale, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), zoom_button_new ("zoom-in", _ ("Zoom in"), G_CALLBACK (zoom_in), frame),
                      FALSE, FALSE, 0);
  gtk_widget_show_all (row);
  /* They have their own times. */
  gtk_widget_set_no_show_all (frame->spinner, TRUE);
  gtk_widget_set_no_show_all (frame->icon, TRUE);
  gtk_widget_hide (frame->spinner);
  gtk_widget_hide (frame->icon);
  return row;
}

AePreviewFrame *
ae_preview_frame_new (const GeglRectangle *bounds, const AePreviewFrameFuncs *funcs)
{
  AePreviewFrame *frame = g_new0 (AePreviewFrame, 1);
  const AeSplitViewFuncs view_funcs = { moved, prepare, frame };

  frame->funcs = *funcs;
  frame->view = ae_split_view_new (bounds, &view_funcs);
  frame->widget = ae_column_new (6);
  gtk_box_pack_start (GTK_BOX (frame->widget), ae_split_view_widget (frame->view), TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (frame->widget), controls_new (frame), FALSE, FALSE, 0);
  g_signal_connect (frame->widget, "destroy", G_CALLBACK (destroyed), frame);
  return frame;
}

GtkWidget *
ae_preview_frame_widget (AePreviewFrame *frame)
{
  return frame->widget;
}

AeSplitView *
ae_preview_frame_view (AePreviewFrame *frame)
{
  return frame->view;
}

gboolean
ae_preview_frame_enabled (const AePreviewFrame *frame)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (frame->enabled));
}

void
ae_preview_frame_say (AePreviewFrame *frame, const char *busy, const char *problem)
{
  const gboolean spins = busy != NULL && problem == NULL;

  gtk_label_set_text (GTK_LABEL (frame->label), problem != NULL ? problem : busy != NULL ? busy : "");
  gtk_widget_set_tooltip_text (frame->label, problem);
  gtk_widget_set_visible (frame->icon, problem != NULL);
  gtk_widget_set_visible (frame->spinner, spins);
  if (spins)
    gtk_spinner_start (GTK_SPINNER (frame->spinner));
  else
    gtk_spinner_stop (GTK_SPINNER (frame->spinner));
}
