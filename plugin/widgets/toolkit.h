/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* toolkit.h - what GTK 2 and GTK 3 call differently.  All other code of this folder uses only what they have
 * in common, and each front end is built with it and with a toolkit.c of its own. */

#ifndef AE_WIDGETS_TOOLKIT_H
#define AE_WIDGETS_TOOLKIT_H

#include <gtk/gtk.h>

GtkWidget *ae_row_new (int spacing);
GtkWidget *ae_column_new (int spacing);
GtkWidget *ae_scrollbar_new (GtkOrientation orientation, GtkAdjustment *adjustment);
void ae_label_align_left (GtkWidget *label);
GtkWidget *ae_scale_new (GtkAdjustment *adjustment); /* horizontal */

/* Called to draw a widget, whose corner is at (0, 0). */
typedef void (*AeDrawFunc) (cairo_t *cairo, int width, int height, gpointer data);
void ae_draw_connect (GtkWidget *widget, AeDrawFunc draw, gpointer data);

/* The pointer over a widget that is on the screen. */
void ae_pointer_set (GtkWidget *widget, GdkCursorType type);

#endif
