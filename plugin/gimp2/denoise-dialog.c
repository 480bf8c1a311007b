/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* denoise-dialog.c - asks the user how to denoise. */

#include "denoise-dialog.h"
#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>
#include "apply.h"
#include "intl.h"
#include "names.h"
#include "source.h"
#include "widgets/model-list.h"
#include "widgets/preview.h"

#define RESPONSE_RESET 1

/* Columns of the table. */
#define COLUMNS 3

typedef struct
{
  gint32 drawable;
  AeDenoiseParams *params;
  AeOutput *target;
  AePreviewSource source;
  double estimate;  /* of the noise level, < 0: not known yet */
  gboolean setting; /* widgets change by program, not by the user */
  guint idle;
  GCancellable *closed;

  GtkWidget *window, *automatic, *output;
  GtkObject *sigma, *strength, *detail, *color_noise; /* adjustments of gimp_scale_entry_new () */
  AeModelList *models;
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
  AeModel *model = ae_model_list_model (dialog->models);
  gboolean level = ae_model_list_wants_level (dialog->models);

  gtk_widget_set_sensitive (dialog->automatic, level);
  gimp_scale_entry_set_sensitive (dialog->sigma, level && !dialog->params->noise_auto);
  gtk_dialog_set_response_sensitive (GTK_DIALOG (dialog->window), GTK_RESPONSE_OK, model != NULL);
  ae_preview_set (dialog->preview, model, sigma_in_use (dialog), dialog->params,
                  ae_model_list_problem (dialog->models));
}

/* Puts the values into the widgets. */
static void
show_values (Dialog *dialog)
{
  const AeDenoiseParams *params = dialog->params;
  g_autofree char *label = ae_estimate_label (dialog->estimate);
  g_autofree char *tooltip = ae_estimate_tooltip (dialog->estimate);

  dialog->setting = TRUE;
  ae_model_list_set (dialog->models, params->model);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (dialog->automatic), params->noise_auto);
  gtk_button_set_label (GTK_BUTTON (dialog->automatic), label);
  gtk_widget_set_tooltip_text (dialog->automatic, tooltip);
  if (sigma_in_use (dialog) >= 0.0)
    gtk_adjustment_set_value (GTK_ADJUSTMENT (dialog->sigma), sigma_in_use (dialog));
  gtk_adjustment_set_value (GTK_ADJUSTMENT (dialog->strength), params->strength);
  gtk_adjustment_set_value (GTK_ADJUSTMENT (dialog->detail), params->detail);
  gtk_adjustment_set_value (GTK_ADJUSTMENT (dialog->color_noise), params->color_noise);
  gtk_combo_box_set_active (GTK_COMBO_BOX (dialog->output), (int)*dialog->target);
  dialog->setting = FALSE;
  update_preview (dialog);
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
  /* By hand one starts from the estimate, or before it is there from what was set last. */
  if (!dialog->params->noise_auto && dialog->estimate >= 0.0)
    dialog->params->sigma = gtk_adjustment_get_value (GTK_ADJUSTMENT (dialog->sigma));
  show_values (dialog);
}

static void
model_changed (gpointer data)
{
  Dialog *dialog = data;

  ae_denoise_params_set_model (dialog->params, ae_model_list_name (dialog->models), NULL);
  update_preview (dialog);
}

static void
output_changed (GtkComboBox *combo, Dialog *dialog)
{
  if (!dialog->setting)
    *dialog->target = (AeOutput)gtk_combo_box_get_active (combo);
}

static void
estimated (double sigma, gpointer data)
{
  Dialog *dialog = data;

  dialog->estimate = sigma;
  show_values (dialog);
}

/* Once the window is there. */
static gboolean
estimate (gpointer data)
{
  Dialog *dialog = data;

  dialog->idle = 0;
  ae_preview_source_estimate (&dialog->source, dialog->closed, estimated, dialog);
  return G_SOURCE_REMOVE;
}

static GtkObject *
scale_new (Dialog *dialog, GtkWidget *table, int row, AeControl control, double upper, double upper_typed)
{
  GtkObject *adjustment = gimp_scale_entry_new (GTK_TABLE (table), 0, row, ae_control_label (control), 200, 6,
                                                0.0, 0.0, upper, 1.0, 10.0, 1, upper == upper_typed, 0.0,
                                                upper_typed, ae_control_tooltip (control), NULL);

  g_signal_connect (adjustment, "value-changed", G_CALLBACK (value_changed), dialog);
  return adjustment;
}

/* A label and what it belongs to, over the other columns. */
static void
attach (GtkWidget *table, int row, AeControl control, GtkWidget *widget, GtkWidget *target)
{
  GtkWidget *label = gimp_table_attach_aligned (GTK_TABLE (table), 0, row, ae_control_label (control), 0.0,
                                                0.5, widget, COLUMNS - 1, FALSE);

  gtk_label_set_mnemonic_widget (GTK_LABEL (label), target);
}

static void
add_output (Dialog *dialog, GtkWidget *table, int row)
{
  dialog->output = gtk_combo_box_text_new ();
  for (int i = 0; i < AE_N_OUTPUTS; i++)
    gtk_combo_box_text_append_text (GTK_COMBO_BOX_TEXT (dialog->output), ae_output_label ((AeOutput)i));
  gtk_widget_set_tooltip_text (dialog->output, ae_control_tooltip (AE_CONTROL_OUTPUT));
  gtk_widget_set_sensitive (dialog->output, gimp_item_is_layer (dialog->drawable));
  attach (table, row, AE_CONTROL_OUTPUT, dialog->output, dialog->output);
  g_signal_connect (dialog->output, "changed", G_CALLBACK (output_changed), dialog);
}

static GtkWidget *
table_new (Dialog *dialog)
{
  GtkWidget *table = gtk_table_new (7, COLUMNS, FALSE);

  gtk_table_set_col_spacings (GTK_TABLE (table), 6);
  gtk_table_set_row_spacings (GTK_TABLE (table), 6);

  dialog->models = ae_model_list_new ("denoise", model_changed, dialog);
  attach (table, 0, AE_CONTROL_MODEL, ae_model_list_widget (dialog->models),
          ae_model_list_combo (dialog->models));
  dialog->sigma
    = scale_new (dialog, table, 1, AE_CONTROL_NOISE, AE_CONTROL_NOISE_SCALE_MAX, AE_PARAMS_SIGMA_MAX);
  dialog->automatic = gtk_check_button_new_with_mnemonic (ae_control_label (AE_CONTROL_AUTO));
  gtk_table_attach (GTK_TABLE (table), dialog->automatic, 1, COLUMNS, 2, 3, GTK_FILL, GTK_FILL, 0, 0);
  g_signal_connect (dialog->automatic, "toggled", G_CALLBACK (automatic_toggled), dialog);
  dialog->strength = scale_new (dialog, table, 3, AE_CONTROL_STRENGTH, 100.0, 100.0);
  dialog->detail = scale_new (dialog, table, 4, AE_CONTROL_DETAIL, 100.0, 100.0);
  dialog->color_noise = scale_new (dialog, table, 5, AE_CONTROL_COLOR_NOISE, 100.0, 100.0);
  gimp_scale_entry_set_sensitive (dialog->color_noise, !gimp_drawable_is_gray (dialog->drawable));
  add_output (dialog, table, 6);
  return table;
}

static void
build (Dialog *dialog)
{
  AeSessionOptions options = ae_apply_session_options ();
  GtkWidget *box = gtk_vbox_new (FALSE, 12);

  dialog->window
    = gimp_dialog_new (_ ("Denoise (Autoencoder)"), AE_PROGRAM, NULL, 0, NULL, NULL, _ ("_Reset"),
                       RESPONSE_RESET, _ ("_Cancel"), GTK_RESPONSE_CANCEL, _ ("_OK"), GTK_RESPONSE_OK, NULL);
  gtk_dialog_set_alternative_button_order (GTK_DIALOG (dialog->window), RESPONSE_RESET, GTK_RESPONSE_OK,
                                           GTK_RESPONSE_CANCEL, -1);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog->window), GTK_RESPONSE_OK);
  gimp_window_set_transient (GTK_WINDOW (dialog->window));
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (dialog->window))), box, TRUE, TRUE,
                      0);
  dialog->preview = ae_preview_new (&dialog->source, &options);
  gtk_box_pack_start (GTK_BOX (box), ae_preview_widget (dialog->preview), TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (box), table_new (dialog), FALSE, FALSE, 0);
  gtk_widget_show_all (box);
}

gboolean
ae_denoise_dialog_run (gint32 drawable, AeDenoiseParams *params, AeOutput *output)
{
  Dialog dialog = { .drawable = drawable, .params = params, .target = output, .estimate = -1.0 };
  int response;

  gimp_ui_init (AE_PROGRAM, TRUE);
  if (!gimp_item_is_layer (drawable))
    *output = AE_OUTPUT_THIS_LAYER;
  dialog.source = ae_source_of (drawable);
  dialog.closed = g_cancellable_new ();
  build (&dialog);
  show_values (&dialog);
  if (ae_model_list_model (dialog.models) == NULL)
    {
      /* The model of the last time may have been deleted since. */
      ae_denoise_params_set_model (params, NULL, NULL);
      show_values (&dialog);
    }
  dialog.idle = g_idle_add_full (G_PRIORITY_LOW, estimate, &dialog, NULL);
  gtk_widget_show (dialog.window);

  while ((response = gimp_dialog_run (GIMP_DIALOG (dialog.window))) == RESPONSE_RESET)
    {
      ae_denoise_params_init (params);
      *output = AE_OUTPUT_THIS_LAYER;
      show_values (&dialog);
    }

  g_clear_handle_id (&dialog.idle, g_source_remove);
  g_cancellable_cancel (dialog.closed);
  g_object_unref (dialog.closed);
  gtk_widget_destroy (dialog.window);
  return response == GTK_RESPONSE_OK;
}
