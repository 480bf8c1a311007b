/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* chain.h - GIMP's chain between two numbers. */

#ifndef AE_WIDGETS_CHAIN_H
#define AE_WIDGETS_CHAIN_H

#include <gtk/gtk.h>

/* Between two numbers in a row, closed; emits "toggled". */
GtkWidget *ae_chain_new (const char *tooltip);
gboolean ae_chain_get_active (GtkWidget *chain);

#endif
