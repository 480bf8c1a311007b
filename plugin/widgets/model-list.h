/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* model-list.h - chooses a model: of the list, or a file from elsewhere; shows its card. */

#ifndef AE_MODEL_LIST_H
#define AE_MODEL_LIST_H

#include <ae/model.h>
#include <gtk/gtk.h>

typedef struct _AeModelList AeModelList;

/* The user has chosen another model. */
typedef void (*AeModelListChanged) (gpointer data);

/* Models for that task, greyed out the files that cannot be used.  Lives as
 * long as its widget.  Nothing is chosen yet. */
AeModelList *ae_model_list_new (const char *task, AeModelListChanged changed, gpointer data);
GtkWidget *ae_model_list_widget (AeModelList *list);
/* Adds a first row for the name "": automatic, which stands for that model of
 * the catalogue now (NULL: for none).  It is not loaded by the list. */
void ae_model_list_set_automatic (AeModelList *list, const char *name);
/* What a label's mnemonic should lead to. */
GtkWidget *ae_model_list_combo (AeModelList *list);

/* Chooses and loads a model by its name in the catalogue or the path of a file,
 * "" for the default; does not call `changed`. */
void ae_model_list_set (AeModelList *list, const char *name);

/* The name or path; "" before anything is chosen. */
const char *ae_model_list_name (const AeModelList *list);
/* The chosen model, owned by the list, or NULL and why it could not be loaded;
 * NULL for the automatic one. */
AeModel *ae_model_list_model (const AeModelList *list);
const char *ae_model_list_problem (const AeModelList *list);
/* Whether the chosen model wants to be told the noise level; what repairs JPEG does not. */
gboolean ae_model_list_wants_level (const AeModelList *list);

#endif
