/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* toolkit.c - GTK 2 for the shared widgets. */

#include "widgets/toolkit.h"

GtkWidget *
ae_row_new (int spacing)
{
  return gtk_hbox_new (FALSE, spacing);
}

GtkWidget *
ae_column_new (int spacing)
{
  return gtk_vbox_new (FALSE, spacing);
}

GtkWidget *
ae_scrollbar_new (GtkOrientation orientation, GtkAdjustment *adjustment)
{
  return orientation == GTK_ORIENTATION_HORIZONTAL ? gtk_hscrollbar_new (adjustment)
                                                   : gtk_vscrollbar_new (adjustment);
}

void
ae_label_align_left (GtkWidget *label)
{
  gtk_misc_set_alignment (GTK_MISC (label), 0.0, 0.5);
}

GtkWidget *
ae_scale_new (GtkAdjustment *adjustment)
{
  return gtk_hscale_new (adjustment);
}

typedef struct
{
  AeDrawFunc draw;
  gpointer data;
} Drawing;

static gboolean
exposed (GtkWidget *widget, GdkEventExpose *event, Drawing *drawing)
{
  cairo_t *cairo = gdk_cairo_create (gtk_widget_get_window (widget));
  GtkAllocation size;

  gtk_widget_get_allocation (widget, &size);
  gdk_cairo_region (cairo, event->region);
  cairo_clip (cairo);
  drawing->draw (cairo, size.width, size.height, drawing->data);
  cairo_destroy (cairo);
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
  g_signal_connect_data (widget, "expose-event", G_CALLBACK (exposed), drawing, free_drawing, 0);
}

void
ae_pointer_set (GtkWidget *widget, GdkCursorType type)
{
  GdkCursor *cursor = gdk_cursor_new_for_display (gtk_widget_get_display (widget), type);

  gdk_window_set_cursor (gtk_widget_get_window (widget), cursor);
  gdk_cursor_unref (cursor);
}
