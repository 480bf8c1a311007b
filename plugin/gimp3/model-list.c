/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* model-list.c - the list from which the user chooses a model. */

#include "model-list.h"
#include <string.h>
#include "intl.h"

enum
{
  COLUMN_NAME,
  COLUMN_MARKUP,
  COLUMN_USABLE,
  COLUMN_TOOLTIP,
  N_COLUMNS
};

/* Messages begin with the file, whose name stands beside them here. */
static const char *
without_path (const AeCatalogueEntry *entry)
{
  gsize length = strlen (entry->path);

  if (strncmp (entry->problem, entry->path, length) == 0 && strncmp (entry->problem + length, ": ", 2) == 0)
    return entry->problem + length + 2;
  return entry->problem;
}

static void
add_row (GtkListStore *store, const AeCatalogueEntry *entry, const char *unusable)
{
  const char *text = entry->problem != NULL       ? without_path (entry)
                     : entry->description != NULL ? entry->description
                                                  : "";
  g_autofree char *line = g_strndup (text, strcspn (text, "\n"));
  g_autofree char *markup = g_markup_printf_escaped ("<b>%s</b>  <small>%s</small>", entry->name, line);
  g_autofree char *tooltip = g_strdup_printf (_ ("%s\nVersion %s, license %s\n%s"), text,
                                              entry->version != NULL ? entry->version : "?",
                                              entry->license != NULL ? entry->license : "?", entry->path);
  g_autofree char *all
    = unusable[0] != 0 ? g_strdup_printf (_ ("%s\n\nOther files that cannot be used:%s"), tooltip, unusable)
                       : g_strdup (tooltip);

  gtk_list_store_insert_with_values (store, NULL, -1, COLUMN_NAME, entry->name, COLUMN_MARKUP, markup,
                                     COLUMN_USABLE, entry->problem == NULL, COLUMN_TOOLTIP, all, -1);
}

/* The version, license and place of the chosen model. */
static void
show_tooltip (GtkComboBox *combo, gpointer data)
{
  GtkTreeIter iter;
  g_autofree char *tooltip = NULL;

  if (gtk_combo_box_get_active_iter (combo, &iter))
    gtk_tree_model_get (gtk_combo_box_get_model (combo), &iter, COLUMN_TOOLTIP, &tooltip, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (combo), tooltip);
}

GtkWidget *
ae_model_list_new (const AeCatalogue *catalogue)
{
  GtkListStore *store
    = gtk_list_store_new (N_COLUMNS, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_BOOLEAN, G_TYPE_STRING);
  GtkWidget *combo = gtk_combo_box_new_with_model (GTK_TREE_MODEL (store));
  GtkCellRenderer *cell = gtk_cell_renderer_text_new ();
  GString *unusable = g_string_new (NULL);

  /* Broken files are shown too: whoever put one there wants to know why. */
  for (guint i = 0; i < ae_catalogue_n_entries (catalogue); i++)
    {
      const AeCatalogueEntry *entry = ae_catalogue_nth (catalogue, i);

      if (entry->problem != NULL)
        g_string_append_printf (unusable, "\n%s: %s", entry->path, without_path (entry));
    }
  for (guint i = 0; i < ae_catalogue_n_entries (catalogue); i++)
    {
      const AeCatalogueEntry *entry = ae_catalogue_nth (catalogue, i);

      if (entry->problem != NULL || g_strcmp0 (entry->task, "denoise") == 0)
        add_row (store, entry, unusable->str);
    }
  g_string_free (unusable, TRUE);
  g_object_unref (store);
  g_object_set (cell, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  gtk_cell_layout_pack_start (GTK_CELL_LAYOUT (combo), cell, TRUE);
  gtk_cell_layout_set_attributes (GTK_CELL_LAYOUT (combo), cell, "markup", COLUMN_MARKUP, "sensitive",
                                  COLUMN_USABLE, NULL);
  g_signal_connect (combo, "changed", G_CALLBACK (show_tooltip), NULL);
  return combo;
}

void
ae_model_list_set (GtkWidget *list, const char *name)
{
  GtkTreeModel *rows = gtk_combo_box_get_model (GTK_COMBO_BOX (list));
  GtkTreeIter iter;

  for (gboolean more = gtk_tree_model_get_iter_first (rows, &iter); more;
       more = gtk_tree_model_iter_next (rows, &iter))
    {
      g_autofree char *other = NULL;

      gtk_tree_model_get (rows, &iter, COLUMN_NAME, &other, -1);
      if (g_strcmp0 (other, name) == 0)
        {
          gtk_combo_box_set_active_iter (GTK_COMBO_BOX (list), &iter);
          return;
        }
    }
  gtk_combo_box_set_active (GTK_COMBO_BOX (list), -1);
}

char *
ae_model_list_get (GtkWidget *list)
{
  GtkTreeIter iter;
  char *name = NULL;

  if (gtk_combo_box_get_active_iter (GTK_COMBO_BOX (list), &iter))
    gtk_tree_model_get (gtk_combo_box_get_model (GTK_COMBO_BOX (list)), &iter, COLUMN_NAME, &name, -1);
  return name;
}
