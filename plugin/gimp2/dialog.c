/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* dialog.c - asks the user for the values of a run. */

#include "dialog.h"
#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>
#include <ae/error.h>
#include "core/catalogue.h"
#include "core/noise-estimate.h"
#include "apply.h"
#include "intl.h"
#include "names.h"
#include "preview.h"

#define RESPONSE_RESET 1

/* The scale ends before what models are trained for; the number beside it takes more. */
#define SIGMA_SCALE_MAX 60.0

enum
{
  COLUMN_NAME,
  COLUMN_MARKUP,
  COLUMN_USABLE,
  COLUMN_TOOLTIP,
  N_COLUMNS
};

typedef struct
{
  gint32 drawable;
  AeDenoiseParams *params;
  AeCatalogue *catalogue;
  AeModel *model;
  char *problem;    /* why there is no model */
  double estimate;  /* of the noise level, < 0: not known yet */
  gboolean setting; /* widgets change by program, not by the user */
  guint idle;

  GtkWidget *window, *combo, *automatic;
  GtkObject *sigma, *strength, *detail, *color_noise; /* adjustments of gimp_scale_entry_new () */
  AePreview *preview;
} Dialog;

static double
sigma_in_use (const Dialog *dialog)
{
  return dialog->params->noise_auto ? dialog->estimate : dialog->params->sigma;
}

static void
update_preview (Dialog *dialog)
{
  ae_preview_set (dialog->preview, dialog->model, sigma_in_use (dialog), dialog->params, dialog->problem);
}

static void
load_model (Dialog *dialog)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&dialog->model, ae_model_unref);
  g_clear_pointer (&dialog->problem, g_free);
  dialog->model = ae_catalogue_load (dialog->catalogue, dialog->params->model, "denoise", &error);
  if (dialog->model == NULL)
    dialog->problem = g_strdup (error->message);
  gtk_dialog_set_response_sensitive (GTK_DIALOG (dialog->window), GTK_RESPONSE_OK, dialog->model != NULL);
}

/* Puts the values into the widgets. */
static void
show_values (Dialog *dialog)
{
  const AeDenoiseParams *params = dialog->params;
  g_autofree char *label = NULL;

  dialog->setting = TRUE;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (dialog->automatic), params->noise_auto);
  if (params->noise_auto && dialog->estimate >= 0.0)
    /* The scale is too pale to read then. */
    label = g_strdup_printf (_ ("_Automatic: estimated as %.1f"), dialog->estimate);
  gtk_button_set_label (GTK_BUTTON (dialog->automatic), label != NULL ? label : _ ("_Automatic"));
  gimp_scale_entry_set_sensitive (dialog->sigma, !params->noise_auto);
  if (sigma_in_use (dialog) >= 0.0)
    gtk_adjustment_set_value (GTK_ADJUSTMENT (dialog->sigma), sigma_in_use (dialog));
  gtk_adjustment_set_value (GTK_ADJUSTMENT (dialog->strength), params->strength);
  gtk_adjustment_set_value (GTK_ADJUSTMENT (dialog->detail), params->detail);
  gtk_adjustment_set_value (GTK_ADJUSTMENT (dialog->color_noise), params->color_noise);
  dialog->setting = FALSE;
}

static void
value_changed (GtkAdjustment *adjustment, Dialog *dialog)
{
  if (dialog->setting)
    return;
  if (!dialog->params->noise_auto)
    dialog->params->sigma = gtk_adjustment_get_value (GTK_ADJUSTMENT (dialog->sigma));
  dialog->params->strength = gtk_adjustment_get_value (GTK_ADJUSTMENT (dialog->strength));
  dialog->params->detail = gtk_adjustment_get_value (GTK_ADJUSTMENT (dialog->detail));
  dialog->params->color_noise = gtk_adjustment_get_value (GTK_ADJUSTMENT (dialog->color_noise));
  update_preview (dialog);
}

static void
automatic_toggled (GtkToggleButton *button, Dialog *dialog)
{
  if (dialog->setting)
    return;
  dialog->params->noise_auto = gtk_toggle_button_get_active (button);
  /* By hand one starts from the estimate. */
  if (!dialog->params->noise_auto && dialog->estimate >= 0.0)
    dialog->params->sigma = gtk_adjustment_get_value (GTK_ADJUSTMENT (dialog->sigma));
  show_values (dialog);
  update_preview (dialog);
}

static void
model_changed (GtkComboBox *combo, Dialog *dialog)
{
  GtkTreeIter iter;
  g_autofree char *name = NULL;
  g_autofree char *tooltip = NULL;

  if (!gtk_combo_box_get_active_iter (combo, &iter))
    return;
  gtk_tree_model_get (gtk_combo_box_get_model (combo), &iter, COLUMN_NAME, &name, COLUMN_TOOLTIP, &tooltip,
                      -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (combo), tooltip);
  if (dialog->setting)
    return;
  if (ae_denoise_params_set_model (dialog->params, name, NULL))
    {
      load_model (dialog);
      update_preview (dialog);
    }
}

/* Once the window is there: of a large layer this takes a moment. */
static gboolean
estimate (gpointer data)
{
  Dialog *dialog = data;
  GeglBuffer *buffer = gimp_drawable_get_buffer (dialog->drawable);
  GeglRectangle region;
  double sigma = 0.0;

  dialog->idle = 0;
  /* What cannot be estimated counts as free of noise; what is wrong with the
   * layer, the preview says. */
  if (buffer != NULL && ae_apply_region (dialog->drawable, &region)
      && !ae_noise_estimate_buffer (buffer, &region, &sigma, NULL))
    sigma = 0.0;
  g_clear_object (&buffer);
  dialog->estimate = sigma;
  show_values (dialog);
  update_preview (dialog);
  return G_SOURCE_REMOVE;
}

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

static GtkWidget *
combo_new (AeCatalogue *catalogue)
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
  return combo;
}

/* Chooses the row of the model in `params`, or of the default if it is not there. */
static void
choose_model (Dialog *dialog)
{
  const AeCatalogueEntry *entry = ae_catalogue_find (dialog->catalogue, dialog->params->model);
  GtkTreeModel *rows = gtk_combo_box_get_model (GTK_COMBO_BOX (dialog->combo));
  GtkTreeIter iter;

  if (entry == NULL || entry->problem != NULL || g_strcmp0 (entry->task, "denoise") != 0)
    {
      entry = ae_catalogue_default (dialog->catalogue, "denoise");
      ae_denoise_params_set_model (dialog->params, NULL, NULL);
    }
  dialog->setting = TRUE;
  for (gboolean more = entry != NULL && gtk_tree_model_get_iter_first (rows, &iter); more;
       more = gtk_tree_model_iter_next (rows, &iter))
    {
      g_autofree char *name = NULL;

      gtk_tree_model_get (rows, &iter, COLUMN_NAME, &name, -1);
      if (strcmp (name, entry->name) == 0)
        gtk_combo_box_set_active_iter (GTK_COMBO_BOX (dialog->combo), &iter);
    }
  dialog->setting = FALSE;
  load_model (dialog);
}

static GtkObject *
scale_new (Dialog *dialog, GtkWidget *table, int row, const char *label, double upper, double upper_typed,
           const char *tooltip)
{
  GtkObject *adjustment
    = gimp_scale_entry_new (GTK_TABLE (table), 0, row, label, 200, 6, 0.0, 0.0, upper, 1.0, 10.0, 1,
                            upper == upper_typed, 0.0, upper_typed, tooltip, NULL);

  g_signal_connect (adjustment, "value-changed", G_CALLBACK (value_changed), dialog);
  return adjustment;
}

static void
build (Dialog *dialog)
{
  GtkWidget *box, *table;

  dialog->window
    = gimp_dialog_new (_ ("Denoise (Autoencoder)"), AE_PROGRAM, NULL, 0, NULL, NULL, _ ("_Reset"),
                       RESPONSE_RESET, _ ("_Cancel"), GTK_RESPONSE_CANCEL, _ ("_OK"), GTK_RESPONSE_OK, NULL);
  gtk_dialog_set_alternative_button_order (GTK_DIALOG (dialog->window), RESPONSE_RESET, GTK_RESPONSE_OK,
                                           GTK_RESPONSE_CANCEL, -1);
  gimp_window_set_transient (GTK_WINDOW (dialog->window));

  box = gtk_vbox_new (FALSE, 12);
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (dialog->window))), box, TRUE, TRUE,
                      0);

  dialog->preview = ae_preview_new (dialog->drawable);
  gtk_box_pack_start (GTK_BOX (box), ae_preview_widget (dialog->preview), TRUE, TRUE, 0);

  table = gtk_table_new (6, 3, FALSE);
  gtk_table_set_col_spacings (GTK_TABLE (table), 6);
  gtk_table_set_row_spacings (GTK_TABLE (table), 6);
  gtk_box_pack_start (GTK_BOX (box), table, FALSE, FALSE, 0);

  dialog->combo = combo_new (dialog->catalogue);
  gimp_table_attach_aligned (GTK_TABLE (table), 0, 0, _ ("_Model:"), 0.0, 0.5, dialog->combo, 2, FALSE);
  g_signal_connect (dialog->combo, "changed", G_CALLBACK (model_changed), dialog);

  dialog->sigma = scale_new (dialog, table, 1, _ ("_Noise level:"), SIGMA_SCALE_MAX, AE_PARAMS_SIGMA_MAX,
                             _ ("How much noise to take out: its standard deviation, in steps of 8 bits"));
  dialog->automatic = gtk_check_button_new_with_mnemonic (_ ("_Automatic"));
  gimp_help_set_help_data (dialog->automatic, _ ("Estimate the noise level from what is to be denoised"),
                           NULL);
  gtk_table_attach (GTK_TABLE (table), dialog->automatic, 1, 3, 2, 3, GTK_FILL, GTK_FILL, 0, 0);
  g_signal_connect (dialog->automatic, "toggled", G_CALLBACK (automatic_toggled), dialog);
  dialog->strength
    = scale_new (dialog, table, 3, _ ("_Strength:"), 100.0, 100.0,
                 _ ("How much of the change to apply: 0 leaves the picture as it is, 100 applies all of it"));
  dialog->detail = scale_new (dialog, table, 4, _ ("_Detail:"), 100.0, 100.0,
                              _ ("How much of the fine structure that was taken for noise to put back"));
  dialog->color_noise
    = scale_new (dialog, table, 5, _ ("Co_lor noise:"), 100.0, 100.0,
                 _ ("How much of the color noise to take out; brightness does not depend on it"));
  gimp_scale_entry_set_sensitive (dialog->color_noise, !gimp_drawable_is_gray (dialog->drawable));
  gtk_widget_show_all (box);
}

gboolean
ae_dialog_run (gint32 drawable, AeDenoiseParams *params)
{
  Dialog dialog = { .drawable = drawable, .params = params, .estimate = -1.0 };
  int response;

  gimp_ui_init (AE_PROGRAM, TRUE);
  /* Noise is judged over more than GIMP's 200 pixels. */
  gtk_rc_parse_string ("style \"" AE_PROGRAM "\" { GimpPreview::size = 340 }"
                       "class \"GimpPreview\" style \"" AE_PROGRAM "\"");
  dialog.catalogue = ae_catalogue_new ();
  build (&dialog);
  choose_model (&dialog);
  show_values (&dialog);
  update_preview (&dialog);
  dialog.idle = g_idle_add_full (G_PRIORITY_LOW, estimate, &dialog, NULL);
  gtk_widget_show (dialog.window);

  while ((response = gimp_dialog_run (GIMP_DIALOG (dialog.window))) == RESPONSE_RESET)
    {
      ae_denoise_params_init (params);
      choose_model (&dialog);
      show_values (&dialog);
      update_preview (&dialog);
    }

  g_clear_handle_id (&dialog.idle, g_source_remove);
  gtk_widget_destroy (dialog.window);
  g_clear_pointer (&dialog.model, ae_model_unref);
  g_free (dialog.problem);
  ae_catalogue_free (dialog.catalogue);
  return response == GTK_RESPONSE_OK;
}
