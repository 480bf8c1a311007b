/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* denoise-dialog.c - asks the user how to denoise. */

#include "denoise-dialog.h"
#include <libgimp/gimpui.h>
#include "apply.h"
#include "config.h"
#include "intl.h"
#include "names.h"
#include "source.h"
#include "widgets/model-list.h"
#include "widgets/preview.h"

/* The values are those of `config`, which is GIMP's to keep, reset and load;
 * the widgets follow it. */
typedef struct
{
  GimpProcedureConfig *config;
  GimpDrawable *drawable;
  AePreviewSource source;
  double estimate;  /* of the noise level, < 0: not known yet */
  gboolean setting; /* widgets change by program, not by the user */
  guint idle;
  GCancellable *closed;

  GtkWidget *window, *sigma, *automatic;
  GtkSizeGroup *labels;
  AeModelList *models;
  AePreview *preview;
} Dialog;

/* Brings the widgets and the preview to the values. */
static void
show_values (Dialog *dialog)
{
  AeDenoiseParams params;
  AeOutput output;
  AeModel *model;
  g_autofree char *label = ae_estimate_label (dialog->estimate);
  g_autofree char *tooltip = ae_estimate_tooltip (dialog->estimate);
  g_autoptr (GError) error = NULL;
  double sigma;

  if (!ae_config_read (dialog->config, &params, &output, &error))
    {
      ae_preview_set (dialog->preview, NULL, -1.0, &params, error->message);
      return;
    }
  /* Used last or loaded for a layer; its list cannot be used here. */
  if (output == AE_OUTPUT_NEW_LAYER && !GIMP_IS_LAYER (dialog->drawable))
    g_object_set (dialog->config, "output", ae_output_name (AE_OUTPUT_THIS_LAYER), NULL);
  sigma = params.noise_auto ? dialog->estimate : params.sigma;

  dialog->setting = TRUE;
  ae_model_list_set (dialog->models, params.model);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (dialog->automatic), params.noise_auto);
  gtk_button_set_label (GTK_BUTTON (dialog->automatic), label);
  gtk_widget_set_tooltip_text (dialog->automatic, tooltip);
  gtk_widget_set_sensitive (dialog->automatic, ae_model_list_wants_level (dialog->models));
  gtk_widget_set_sensitive (dialog->sigma, ae_model_list_wants_level (dialog->models) && !params.noise_auto);
  if (sigma >= 0.0)
    gimp_label_spin_set_value (GIMP_LABEL_SPIN (dialog->sigma), sigma);
  dialog->setting = FALSE;

  model = ae_model_list_model (dialog->models);
  gtk_dialog_set_response_sensitive (GTK_DIALOG (dialog->window), GTK_RESPONSE_OK, model != NULL);
  ae_preview_set (dialog->preview, model, sigma, &params, ae_model_list_problem (dialog->models));
}

/* By the widgets that are bound to it, by the functions below, or by GIMP's reset. */
static void
config_changed (GimpProcedureConfig *config, GParamSpec *spec, Dialog *dialog)
{
  show_values (dialog);
}

static void
sigma_changed (GimpLabelSpin *spin, Dialog *dialog)
{
  if (!dialog->setting)
    g_object_set (dialog->config, "noise", gimp_label_spin_get_value (spin), NULL);
}

static void
automatic_toggled (GtkToggleButton *button, Dialog *dialog)
{
  /* By hand one starts from the estimate, or before it is there from the default. */
  double sigma = gimp_label_spin_get_value (GIMP_LABEL_SPIN (dialog->sigma));

  if (!dialog->setting)
    g_object_set (dialog->config, "noise", gtk_toggle_button_get_active (button) ? -1.0 : sigma, NULL);
}

static void
model_changed (gpointer data)
{
  Dialog *dialog = data;

  g_object_set (dialog->config, "model", ae_model_list_name (dialog->models), NULL);
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

/* A row of a label and what it belongs to; all labels are as wide. */
static void
add_row (Dialog *dialog, GtkWidget *box, GtkWidget *label, GtkWidget *widget, gboolean expand)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_size_group_add_widget (dialog->labels, label);
  gtk_box_pack_start (GTK_BOX (row), label, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), widget, expand, expand, 0);
  gtk_box_pack_start (GTK_BOX (box), row, FALSE, FALSE, 0);
}

static GtkWidget *
label_new (AeControl control, GtkWidget *target)
{
  GtkWidget *label = gtk_label_new_with_mnemonic (ae_control_label (control));

  gtk_label_set_mnemonic_widget (GTK_LABEL (label), target);
  return label;
}

/* GIMP's scales bring their labels along. */
static void
add_scale (Dialog *dialog, GtkWidget *box, GtkWidget *scale, AeControl control)
{
  gimp_label_spin_set_digits (GIMP_LABEL_SPIN (scale), 1);
  gimp_label_spin_set_increments (GIMP_LABEL_SPIN (scale), 1.0, 10.0);
  gtk_widget_set_tooltip_text (scale, ae_control_tooltip (control));
  gtk_size_group_add_widget (dialog->labels, gimp_labeled_get_label (GIMP_LABELED (scale)));
  gtk_box_pack_start (GTK_BOX (box), scale, FALSE, FALSE, 0);
}

static GtkWidget *
add_percent (Dialog *dialog, GtkWidget *box, const char *property, AeControl control)
{
  GtkWidget *scale = gimp_prop_scale_entry_new (G_OBJECT (dialog->config), property,
                                                ae_control_label (control), 1.0, FALSE, 0.0, 0.0);

  add_scale (dialog, box, scale, control);
  return scale;
}

static void
add_noise (Dialog *dialog, GtkWidget *box)
{
  dialog->sigma = gimp_scale_entry_new (ae_control_label (AE_CONTROL_NOISE), AE_PARAMS_SIGMA_DEFAULT, 0.0,
                                        AE_PARAMS_SIGMA_MAX, 1);
  gimp_scale_entry_set_bounds (GIMP_SCALE_ENTRY (dialog->sigma), 0.0, AE_CONTROL_NOISE_SCALE_MAX, FALSE);
  add_scale (dialog, box, dialog->sigma, AE_CONTROL_NOISE);
  g_signal_connect (dialog->sigma, "value-changed", G_CALLBACK (sigma_changed), dialog);

  dialog->automatic = gtk_check_button_new_with_mnemonic (ae_control_label (AE_CONTROL_AUTO));
  add_row (dialog, box, gtk_label_new (NULL), dialog->automatic, FALSE);
  g_signal_connect (dialog->automatic, "toggled", G_CALLBACK (automatic_toggled), dialog);
}

static void
add_output (Dialog *dialog, GtkWidget *box)
{
  GtkWidget *combo = gimp_prop_choice_combo_box_new (G_OBJECT (dialog->config), "output");

  gtk_widget_set_tooltip_text (combo, ae_control_tooltip (AE_CONTROL_OUTPUT));
  gtk_widget_set_sensitive (combo, GIMP_IS_LAYER (dialog->drawable));
  add_row (dialog, box, label_new (AE_CONTROL_OUTPUT, combo), combo, TRUE);
}

static void
build (Dialog *dialog, GimpProcedure *procedure)
{
  AeSessionOptions options = ae_apply_session_options ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *gray;

  dialog->window = gimp_procedure_dialog_new (procedure, dialog->config, _ ("Denoise (Autoencoder)"));
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (dialog->window))), box, TRUE, TRUE,
                      0);

  dialog->preview = ae_preview_new (&dialog->source, &options);
  gtk_widget_set_margin_bottom (ae_preview_widget (dialog->preview), 6);
  gtk_box_pack_start (GTK_BOX (box), ae_preview_widget (dialog->preview), TRUE, TRUE, 0);
  dialog->models = ae_model_list_new ("denoise", model_changed, dialog);
  add_row (dialog, box, label_new (AE_CONTROL_MODEL, ae_model_list_combo (dialog->models)),
           ae_model_list_widget (dialog->models), TRUE);
  add_noise (dialog, box);
  add_percent (dialog, box, "strength", AE_CONTROL_STRENGTH);
  add_percent (dialog, box, "detail", AE_CONTROL_DETAIL);
  gray = add_percent (dialog, box, "color-noise", AE_CONTROL_COLOR_NOISE);
  gtk_widget_set_sensitive (gray, !gimp_drawable_is_gray (dialog->drawable));
  add_output (dialog, box);
  gtk_widget_show_all (box);
}

gboolean
ae_denoise_dialog_run (GimpProcedure *procedure, GimpProcedureConfig *config, GimpDrawable *drawable)
{
  Dialog dialog = { .config = config, .drawable = drawable, .estimate = -1.0 };
  gboolean good;

  gimp_ui_init (AE_PROGRAM);
  dialog.labels = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  dialog.source = ae_source_of (drawable);
  dialog.closed = g_cancellable_new ();
  build (&dialog, procedure);
  show_values (&dialog);
  g_signal_connect (config, "notify", G_CALLBACK (config_changed), &dialog);
  dialog.idle = g_idle_add_full (G_PRIORITY_LOW, estimate, &dialog, NULL);

  good = gimp_procedure_dialog_run (GIMP_PROCEDURE_DIALOG (dialog.window));

  g_clear_handle_id (&dialog.idle, g_source_remove);
  g_cancellable_cancel (dialog.closed);
  g_object_unref (dialog.closed);
  g_signal_handlers_disconnect_by_data (config, &dialog);
  gtk_widget_destroy (dialog.window);
  g_object_unref (dialog.labels);
  return good;
}
