/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* accessible.c - what screen readers say of widgets that have no label of their own. */

#include "accessible.h"

void
ae_accessible_name (GtkWidget *widget, const char *label)
{
  g_auto (GStrv) parts = g_strsplit (label, "_", -1);
  g_autofree char *name = g_strjoinv (NULL, parts);

  atk_object_set_name (gtk_widget_get_accessible (widget), name);
}
