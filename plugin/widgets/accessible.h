/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* accessible.h - what screen readers say of widgets that have no label of their own. */

#ifndef AE_WIDGETS_ACCESSIBLE_H
#define AE_WIDGETS_ACCESSIBLE_H

#include <gtk/gtk.h>

/* The name is the label of a control without its mnemonic.  (Where a label has the
 * widget for its mnemonic, GTK knows the name.) */
void ae_accessible_name (GtkWidget *widget, const char *label);

#endif
