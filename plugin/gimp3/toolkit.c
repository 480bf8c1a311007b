/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* toolkit.c - GTK 3 for the shared widgets. */

#include "widgets/toolkit.h"

GtkWidget *
ae_row_new (int spacing)
{
  return gtk_box_new (GTK_ORIENTATION_HORIZONTAL, spacing);
}

GtkWidget *
ae_column_new (int spacing)
{
  return gtk_box_new (GTK_ORIENTATION_VERTICAL, spacing);
}

GtkWidget *
ae_scrollbar_new (GtkOrientation orientation, GtkAdjustment *adjustment)
{
  return gtk_scrollbar_new (orientation, adjustment);
}

void
ae_label_align_left (GtkWidget *label)
{
  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
}

GtkWidget *
ae_scale_new (GtkAdjustment *adjustment)
{
  return gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, adjustment);
}

typedef struct
{
  AeDrawFunc draw;
  gpointer data;
} Drawing;

static gboolean
drawn (GtkWidget *widget, cairo_t *cairo, Drawing *drawing)
{
  drawing->draw (cairo, gtk_widget_get_allocated_width (widget), gtk_widget_get_allocated_height (widget),
                 drawing->data);
  return TRUE;
}

static void
free_drawing (gpointer drawing, GClosure *closure)
{
  g_free (drawing);
}

void
ae_draw_connect (GtkWidget *widget, AeDrawFunc draw, gpointer data)
{
  Drawing *drawing = g_new (Drawing, 1);

  *drawing = (Drawing){ draw, data };
  g_signal_connect_data (widget, "draw", G_CALLBACK (drawn), drawing, free_drawing, 0);
}

void
ae_pointer_set (GtkWidget *widget, GdkCursorType type)
{
  GdkCursor *cursor = gdk_cursor_new_for_display (gtk_widget_get_display (widget), type);

  gdk_window_set_cursor (gtk_widget_get_window (widget), cursor);
  g_object_unref (cursor);
}
