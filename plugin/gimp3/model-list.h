/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* model-list.h - the list from which the user chooses a model. */

#ifndef AE_GIMP3_MODEL_LIST_H
#define AE_GIMP3_MODEL_LIST_H

#include <gtk/gtk.h>
#include "core/catalogue.h"

/* Models that denoise, and, greyed out, the files that cannot be used. */
GtkWidget *ae_model_list_new (const AeCatalogue *catalogue);

/* Chooses the row of that name; no row if there is none. */
void ae_model_list_set (GtkWidget *list, const char *name);

/* Name of the chosen row, NULL if there is none.  Free with g_free (). */
char *ae_model_list_get (GtkWidget *list);

#endif
