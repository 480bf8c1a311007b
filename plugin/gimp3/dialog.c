/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* dialog.c - asks the user for the values of a run. */

#include "dialog.h"
#include <libgimp/gimpui.h>
#include "core/catalogue.h"
#include "core/noise-estimate.h"
#include "apply.h"
#include "config.h"
#include "intl.h"
#include "model-list.h"
#include "names.h"
#include "preview.h"

/* The scale ends before what models are trained for; the number beside it takes more. */
#define SIGMA_SCALE_MAX 60.0

/* The values are those of `config`, which is GIMP's to keep, reset and load;
 * the widgets follow it. */
typedef struct
{
  GimpProcedureConfig *config;
  GimpDrawable *drawable;
  AeCatalogue *catalogue;
  AeModel *model;
  char *model_name; /* that `model` was loaded for; NULL: none yet */
  char *problem;    /* why there is no model */
  double estimate;  /* of the noise level, < 0: not known yet */
  gboolean setting; /* widgets change by program, not by the user */
  guint idle;

  GtkWidget *window, *list, *sigma, *automatic;
  AePreview *preview;
} Dialog;

static void
load_model (Dialog *dialog, const char *name)
{
  g_autoptr (GError) error = NULL;

  if (g_strcmp0 (name, dialog->model_name) == 0)
    return;
  g_free (dialog->model_name);
  dialog->model_name = g_strdup (name);
  g_clear_pointer (&dialog->model, ae_model_unref);
  g_clear_pointer (&dialog->problem, g_free);
  dialog->model = ae_catalogue_load (dialog->catalogue, name, "denoise", &error);
  if (dialog->model == NULL)
    dialog->problem = g_strdup (error->message);
  gtk_dialog_set_response_sensitive (GTK_DIALOG (dialog->window), GTK_RESPONSE_OK, dialog->model != NULL);
}

/* The default model has a row of its own name. */
static void
show_model (Dialog *dialog, const char *name)
{
  const AeCatalogueEntry *entry = name[0] == 0 ? ae_catalogue_default (dialog->catalogue, "denoise") : NULL;

  ae_model_list_set (dialog->list, entry != NULL ? entry->name : name);
}

/* Brings the widgets and the preview to the values. */
static void
show_values (Dialog *dialog)
{
  AeDenoiseParams params;
  g_autofree char *label = NULL;
  g_autoptr (GError) error = NULL;
  double sigma;

  if (!ae_config_read (dialog->config, &params, &error))
    {
      ae_preview_set (dialog->preview, NULL, -1.0, &params, error->message);
      return;
    }
  sigma = params.noise_auto ? dialog->estimate : params.sigma;
  load_model (dialog, params.model);

  dialog->setting = TRUE;
  show_model (dialog, params.model);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (dialog->automatic), params.noise_auto);
  if (params.noise_auto && dialog->estimate >= 0.0)
    label = g_strdup_printf (_ ("_Automatic: estimated as %.1f"), dialog->estimate);
  gtk_button_set_label (GTK_BUTTON (dialog->automatic), label != NULL ? label : _ ("_Automatic"));
  gtk_widget_set_sensitive (dialog->sigma, !params.noise_auto);
  if (sigma >= 0.0)
    gimp_label_spin_set_value (GIMP_LABEL_SPIN (dialog->sigma), sigma);
  dialog->setting = FALSE;

  ae_preview_set (dialog->preview, dialog->model, sigma, &params, dialog->problem);
}

/* By the scales that are bound to it, by the functions below, or by GIMP's reset. */
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
  /* By hand one starts from the estimate. */
  double sigma = gimp_label_spin_get_value (GIMP_LABEL_SPIN (dialog->sigma));

  if (!dialog->setting)
    g_object_set (dialog->config, "noise", gtk_toggle_button_get_active (button) ? -1.0 : sigma, NULL);
}

static void
model_changed (GtkComboBox *combo, Dialog *dialog)
{
  g_autofree char *name = ae_model_list_get (GTK_WIDGET (combo));

  if (!dialog->setting && name != NULL)
    g_object_set (dialog->config, "model", name, NULL);
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
  return G_SOURCE_REMOVE;
}

/* A scale for a property of the config, its label as wide as the others. */
static GtkWidget *
scale_new (Dialog *dialog, GtkWidget *box, GtkSizeGroup *labels, const char *property, const char *tooltip)
{
  GtkWidget *scale
    = gimp_prop_scale_entry_new (G_OBJECT (dialog->config), property, NULL, 1.0, FALSE, 0.0, 0.0);

  gimp_label_spin_set_digits (GIMP_LABEL_SPIN (scale), 1);
  gimp_label_spin_set_increments (GIMP_LABEL_SPIN (scale), 1.0, 10.0);
  gtk_widget_set_tooltip_text (scale, tooltip);
  gtk_size_group_add_widget (labels, gimp_labeled_get_label (GIMP_LABELED (scale)));
  gtk_box_pack_start (GTK_BOX (box), scale, FALSE, FALSE, 0);
  return scale;
}

static void
add_model (Dialog *dialog, GtkWidget *box, GtkSizeGroup *labels)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new_with_mnemonic (_ ("_Model:"));

  dialog->list = ae_model_list_new (dialog->catalogue);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), dialog->list);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_size_group_add_widget (labels, label);
  gtk_box_pack_start (GTK_BOX (row), label, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), dialog->list, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (box), row, FALSE, FALSE, 0);
  g_signal_connect (dialog->list, "changed", G_CALLBACK (model_changed), dialog);
}

static void
add_noise (Dialog *dialog, GtkWidget *box, GtkSizeGroup *labels)
{
  GtkWidget *row, *space;

  dialog->sigma = gimp_scale_entry_new (_ ("_Noise level:"), 0.0, 0.0, AE_PARAMS_SIGMA_MAX, 1);
  gimp_scale_entry_set_bounds (GIMP_SCALE_ENTRY (dialog->sigma), 0.0, SIGMA_SCALE_MAX, FALSE);
  gimp_label_spin_set_increments (GIMP_LABEL_SPIN (dialog->sigma), 1.0, 10.0);
  gtk_widget_set_tooltip_text (dialog->sigma,
                               _ ("How much noise to take out: its standard deviation, in steps of 8 bits"));
  gtk_size_group_add_widget (labels, gimp_labeled_get_label (GIMP_LABELED (dialog->sigma)));
  gtk_box_pack_start (GTK_BOX (box), dialog->sigma, FALSE, FALSE, 0);
  g_signal_connect (dialog->sigma, "value-changed", G_CALLBACK (sigma_changed), dialog);

  dialog->automatic = gtk_check_button_new_with_mnemonic (_ ("_Automatic"));
  gtk_widget_set_tooltip_text (dialog->automatic, _ ("Estimate the noise level from what is to be denoised"));
  row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  space = gtk_label_new (NULL);
  gtk_size_group_add_widget (labels, space);
  gtk_box_pack_start (GTK_BOX (row), space, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), dialog->automatic, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), row, FALSE, FALSE, 0);
  g_signal_connect (dialog->automatic, "toggled", G_CALLBACK (automatic_toggled), dialog);
}

static void
build (Dialog *dialog, GimpProcedure *procedure)
{
  g_autoptr (GtkSizeGroup) labels = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  GtkWidget *box, *color_noise;

  dialog->window = gimp_procedure_dialog_new (procedure, dialog->config, _ ("Denoise (Autoencoder)"));
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (dialog->window))), box, TRUE, TRUE,
                      0);

  dialog->preview = ae_preview_new (dialog->drawable);
  gtk_widget_set_margin_bottom (ae_preview_widget (dialog->preview), 6);
  gtk_box_pack_start (GTK_BOX (box), ae_preview_widget (dialog->preview), TRUE, TRUE, 0);
  add_model (dialog, box, labels);
  add_noise (dialog, box, labels);
  scale_new (dialog, box, labels, "strength",
             _ ("How much of the change to apply: 0 leaves the picture as it is, 100 applies all of it"));
  scale_new (dialog, box, labels, "detail",
             _ ("How much of the fine structure that was taken for noise to put back"));
  color_noise = scale_new (dialog, box, labels, "color-noise",
                           _ ("How much of the color noise to take out; brightness does not depend on it"));
  gtk_widget_set_sensitive (color_noise, !gimp_drawable_is_gray (dialog->drawable));
  gtk_widget_show_all (box);
}

gboolean
ae_dialog_run (GimpProcedure *procedure, GimpProcedureConfig *config, GimpDrawable *drawable)
{
  Dialog dialog = { .config = config, .drawable = drawable, .estimate = -1.0 };
  gboolean good;

  gimp_ui_init (AE_PROGRAM);
  dialog.catalogue = ae_catalogue_new ();
  build (&dialog, procedure);
  show_values (&dialog);
  g_signal_connect (config, "notify", G_CALLBACK (config_changed), &dialog);
  dialog.idle = g_idle_add_full (G_PRIORITY_LOW, estimate, &dialog, NULL);

  good = gimp_procedure_dialog_run (GIMP_PROCEDURE_DIALOG (dialog.window));

  g_clear_handle_id (&dialog.idle, g_source_remove);
  g_signal_handlers_disconnect_by_data (config, &dialog);
  gtk_widget_destroy (dialog.window);
  g_clear_pointer (&dialog.model, ae_model_unref);
  g_free (dialog.model_name);
  g_free (dialog.problem);
  ae_catalogue_free (dialog.catalogue);
  return good;
}
