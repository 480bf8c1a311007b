/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* model-list.c - chooses a model: of the list, or a file from elsewhere; shows its card. */

#include "model-list.h"
#include <string.h>
#include "core/catalogue.h"
#include "core/controls.h"
#include "core/model-text.h"
#include "core/upscale.h"
#include "intl.h"
#include "model-card.h"
#include "toolkit.h"

enum
{
  COLUMN_ENTRY, /* const AeCatalogueEntry *; NULL: not a model */
  COLUMN_NAME,  /* by which it is chosen; NULL: not a model */
  COLUMN_MARKUP,
  COLUMN_USABLE,
  N_COLUMNS
};

struct _AeModelList
{
  AeCatalogue *catalogue;
  GPtrArray *others; /* AeCatalogueEntry, of files from elsewhere */
  char *task;
  AeModelListChanged changed;
  gpointer data;

  GtkWidget *widget, *combo, *card;
  GtkListStore *rows; /* models, a line, "Other…" */
  gboolean setting;   /* the row changes by program */
  gboolean automatic; /* there is a row for "" */

  char *name;
  AeModel *model;
  char *problem;
};

static gboolean
suits (const AeModelList *list, const AeCatalogueEntry *entry)
{
  return entry->problem == NULL && ae_task_suits (entry->task, list->task);
}

/* Models of the catalogue go by their names, others by their paths. */
static const char *
name_of (const AeModelList *list, const AeCatalogueEntry *entry)
{
  return ae_catalogue_find (list->catalogue, entry->name) == entry ? entry->name : entry->path;
}

static const AeCatalogueEntry *
chosen_entry (AeModelList *list)
{
  const AeCatalogueEntry *entry = NULL;
  GtkTreeIter iter;

  if (gtk_combo_box_get_active_iter (GTK_COMBO_BOX (list->combo), &iter))
    gtk_tree_model_get (GTK_TREE_MODEL (list->rows), &iter, COLUMN_ENTRY, &entry, -1);
  return entry;
}

/* Finds the row of a name; FALSE: there is none. */
static gboolean
find_row (AeModelList *list, const char *name, GtkTreeIter *iter)
{
  GtkTreeModel *rows = GTK_TREE_MODEL (list->rows);

  for (gboolean more = gtk_tree_model_get_iter_first (rows, iter); more;
       more = gtk_tree_model_iter_next (rows, iter))
    {
      g_autofree char *row_name = NULL;

      gtk_tree_model_get (rows, iter, COLUMN_NAME, &row_name, -1);
      if (g_strcmp0 (row_name, name) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
add_row (AeModelList *list, const AeCatalogueEntry *entry, int place)
{
  g_autofree char *markup = ae_model_row_markup (entry);

  gtk_list_store_insert_with_values (list->rows, NULL, place, COLUMN_ENTRY, entry, COLUMN_NAME,
                                     name_of (list, entry), COLUMN_MARKUP, markup, COLUMN_USABLE,
                                     entry->problem == NULL, -1);
}

/* A file from elsewhere comes before the line and "Other…". */
static void
add_other (AeModelList *list, const char *path)
{
  AeCatalogueEntry *entry = ae_catalogue_entry_new (path);

  g_ptr_array_add (list->others, entry);
  add_row (list, entry, gtk_tree_model_iter_n_children (GTK_TREE_MODEL (list->rows), NULL) - 2);
}

static void
choose_row (AeModelList *list, GtkTreeIter *iter)
{
  list->setting = TRUE;
  gtk_combo_box_set_active_iter (GTK_COMBO_BOX (list->combo), iter);
  list->setting = FALSE;
  gtk_widget_set_sensitive (list->card, chosen_entry (list) != NULL);
}

static void
load (AeModelList *list, const char *name)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&list->model, ae_model_unref);
  g_clear_pointer (&list->problem, g_free);
  g_free (list->name);
  list->name = g_strdup (name);
  if (name[0] == 0 && list->automatic)
    return;
  list->model = ae_catalogue_load (list->catalogue, name, list->task, &error);
  if (list->model == NULL)
    list->problem = g_strdup (error->message);
}

void
ae_model_list_set (AeModelList *list, const char *name)
{
  const AeCatalogueEntry *entry
    = name[0] == 0 && !list->automatic ? ae_catalogue_default (list->catalogue, list->task) : NULL;
  const char *row = entry != NULL ? entry->name : name;
  GtkTreeIter iter;

  if (g_strcmp0 (name, list->name) == 0)
    return;
  load (list, name);
  if (!find_row (list, row, &iter) && g_path_is_absolute (row))
    add_other (list, row);
  choose_row (list, find_row (list, row, &iter) ? &iter : NULL);
}

void
ae_model_list_set_automatic (AeModelList *list, const char *name)
{
  const AeCatalogueEntry *entry = name != NULL ? ae_catalogue_find (list->catalogue, name) : NULL;
  g_autofree char *model = entry != NULL ? ae_model_row_markup (entry) : NULL;
  g_autofree char *markup = entry != NULL ? g_strdup_printf (_ ("Automatic: %s"), model)
                                          : g_markup_escape_text (_ ("Automatic: none is installed"), -1);
  GtkTreeIter iter;

  if (!list->automatic)
    gtk_list_store_insert_with_values (list->rows, NULL, 0, COLUMN_NAME, "", COLUMN_USABLE, TRUE, -1);
  list->automatic = TRUE;
  if (find_row (list, "", &iter))
    gtk_list_store_set (list->rows, &iter, COLUMN_ENTRY, entry, COLUMN_MARKUP, markup, -1);
  gtk_widget_set_sensitive (list->card, chosen_entry (list) != NULL);
}

static GtkWindow *
window_of (const AeModelList *list)
{
  GtkWidget *top = gtk_widget_get_toplevel (list->widget);

  return GTK_IS_WINDOW (top) ? GTK_WINDOW (top) : NULL;
}

static char *
ask_for_file (const AeModelList *list)
{
  GtkWidget *chooser
    = gtk_file_chooser_dialog_new (_ ("Choose a Model"), window_of (list), GTK_FILE_CHOOSER_ACTION_OPEN,
                                   _ ("_Cancel"), GTK_RESPONSE_CANCEL, _ ("_Open"), GTK_RESPONSE_OK, NULL);
  GtkFileFilter *models = gtk_file_filter_new ();
  g_autofree char *folder = ae_catalogue_user_folder ();
  char *path = NULL;

  gtk_file_filter_set_name (models, _ ("Models (*.safetensors)"));
  gtk_file_filter_add_pattern (models, "*.safetensors");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), models);
  gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (chooser), folder);
  gtk_dialog_set_default_response (GTK_DIALOG (chooser), GTK_RESPONSE_OK);
  if (gtk_dialog_run (GTK_DIALOG (chooser)) == GTK_RESPONSE_OK)
    path = gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (chooser));
  gtk_widget_destroy (chooser);
  return path;
}

static void
complain (const AeModelList *list, const char *text)
{
  GtkWidget *message = gtk_message_dialog_new (window_of (list), GTK_DIALOG_MODAL, GTK_MESSAGE_ERROR,
                                               GTK_BUTTONS_CLOSE, "%s", _ ("This file cannot be used."));

  gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (message), "%s", text);
  gtk_dialog_run (GTK_DIALOG (message));
  gtk_widget_destroy (message);
}

/* The name by which a file is taken; NULL: the user was told why not. */
static char *
accept (const AeModelList *list, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AeModel) model = NULL;

  for (guint i = 0; i < ae_catalogue_n_entries (list->catalogue); i++)
    {
      const AeCatalogueEntry *entry = ae_catalogue_nth (list->catalogue, i);

      if (suits (list, entry) && strcmp (entry->path, path) == 0)
        return g_strdup (entry->name);
    }
  if (!g_utf8_validate (path, -1, NULL))
    {
      complain (list, _ ("The name of the file is not valid text."));
      return NULL;
    }
  model = ae_catalogue_load (list->catalogue, path, list->task, &error);
  if (model == NULL)
    {
      complain (list, error->message);
      return NULL;
    }
  return g_strdup (path);
}

/* The row "Other…" is an action: what was chosen before comes back if the user
 * changes their mind. */
static void
choose_other (AeModelList *list)
{
  g_autofree char *before = g_steal_pointer (&list->name);
  g_autofree char *path = ask_for_file (list);
  g_autofree char *name = path != NULL ? accept (list, path) : NULL;

  ae_model_list_set (list, name != NULL ? name : before != NULL ? before : "");
  if (name != NULL)
    list->changed (list->data);
}

static void
row_changed (GtkComboBox *combo, AeModelList *list)
{
  g_autofree char *name = NULL;
  GtkTreeIter iter;

  if (list->setting || !gtk_combo_box_get_active_iter (combo, &iter))
    return;
  gtk_tree_model_get (GTK_TREE_MODEL (list->rows), &iter, COLUMN_NAME, &name, -1);
  if (name == NULL)
    {
      choose_other (list);
      return;
    }
  ae_model_list_set (list, name);
  list->changed (list->data);
}

static void
show_card (GtkButton *button, AeModelList *list)
{
  const AeCatalogueEntry *entry = chosen_entry (list);

  if (entry != NULL)
    ae_model_card_run (entry, window_of (list));
}

static gboolean
is_line (GtkTreeModel *rows, GtkTreeIter *iter, gpointer data)
{
  g_autofree char *markup = NULL;

  gtk_tree_model_get (rows, iter, COLUMN_MARKUP, &markup, -1);
  return markup == NULL;
}

static void
fill (AeModelList *list)
{
  g_autofree char *other = g_markup_escape_text (_ ("Other…"), -1);

  for (guint i = 0; i < ae_catalogue_n_entries (list->catalogue); i++)
    {
      const AeCatalogueEntry *entry = ae_catalogue_nth (list->catalogue, i);

      /* The robust end of a model is not one of its own. */
      if (suits (list, entry) && !ae_upscale_is_robust_end (list->catalogue, entry))
        add_row (list, entry, -1);
    }
  /* Broken files are shown too: whoever put one there wants to know why. */
  for (guint i = 0; i < ae_catalogue_n_entries (list->catalogue); i++)
    {
      const AeCatalogueEntry *entry = ae_catalogue_nth (list->catalogue, i);

      if (entry->problem != NULL)
        add_row (list, entry, -1);
    }
  gtk_list_store_insert_with_values (list->rows, NULL, -1, COLUMN_USABLE, TRUE, -1);
  gtk_list_store_insert_with_values (list->rows, NULL, -1, COLUMN_MARKUP, other, COLUMN_USABLE, TRUE, -1);
}

static void
destroyed (GtkWidget *widget, AeModelList *list)
{
  g_clear_pointer (&list->model, ae_model_unref);
  g_ptr_array_unref (list->others);
  ae_catalogue_free (list->catalogue);
  g_object_unref (list->rows);
  g_free (list->task);
  g_free (list->name);
  g_free (list->problem);
  g_free (list);
}

static GtkWidget *
combo_new (GtkTreeModel *rows)
{
  GtkWidget *combo = gtk_combo_box_new_with_model (rows);
  GtkCellRenderer *cell = gtk_cell_renderer_text_new ();

  gtk_cell_layout_pack_start (GTK_CELL_LAYOUT (combo), cell, TRUE);
  gtk_cell_layout_set_attributes (GTK_CELL_LAYOUT (combo), cell, "markup", COLUMN_MARKUP, "sensitive",
                                  COLUMN_USABLE, NULL);
  gtk_combo_box_set_row_separator_func (GTK_COMBO_BOX (combo), is_line, NULL, NULL);
  gtk_widget_set_tooltip_text (combo, ae_control_tooltip (AE_CONTROL_MODEL));
  return combo;
}

AeModelList *
ae_model_list_new (const char *task, AeModelListChanged changed, gpointer data)
{
  AeModelList *list = g_new0 (AeModelList, 1);

  list->catalogue = ae_catalogue_new ();
  list->others = g_ptr_array_new_with_free_func ((GDestroyNotify)ae_catalogue_entry_free);
  list->task = g_strdup (task);
  list->changed = changed;
  list->data = data;
  list->rows = gtk_list_store_new (N_COLUMNS, G_TYPE_POINTER, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_BOOLEAN);
  fill (list);

  list->combo = combo_new (GTK_TREE_MODEL (list->rows));
  list->card = gtk_button_new_with_mnemonic (ae_control_label (AE_CONTROL_CARD));
  gtk_widget_set_tooltip_text (list->card, ae_control_tooltip (AE_CONTROL_CARD));
  list->widget = ae_row_new (6);
  gtk_box_pack_start (GTK_BOX (list->widget), list->combo, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (list->widget), list->card, FALSE, FALSE, 0);
  g_signal_connect (list->combo, "changed", G_CALLBACK (row_changed), list);
  g_signal_connect (list->card, "clicked", G_CALLBACK (show_card), list);
  g_signal_connect (list->widget, "destroy", G_CALLBACK (destroyed), list);
  return list;
}

GtkWidget *
ae_model_list_widget (AeModelList *list)
{
  return list->widget;
}

GtkWidget *
ae_model_list_combo (AeModelList *list)
{
  return list->combo;
}

const char *
ae_model_list_name (const AeModelList *list)
{
  return list->name != NULL ? list->name : "";
}

AeModel *
ae_model_list_model (const AeModelList *list)
{
  return list->model;
}

const char *
ae_model_list_problem (const AeModelList *list)
{
  return list->problem;
}

gboolean
ae_model_list_wants_level (const AeModelList *list)
{
  return list->model == NULL || ae_graph_find_input (ae_model_graph (list->model), AE_PLANES_SIGMA) >= 0;
}
