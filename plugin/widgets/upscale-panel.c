/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-panel.c - what the dialog for enlarging consists of, but for its window and buttons. */

#include "upscale-panel.h"
#include "accessible.h"
#include "chain.h"
#include "core/catalogue.h"
#include "core/upscale-controls.h"
#include "core/upscale-jobs.h"
#include "core/upscale.h"
#include "intl.h"
#include "model-list.h"
#include "toolkit.h"
#include "upscale-preview.h"

/* Of a line. */
#define RESULT_CHARS 56

enum
{
  CHOICE_LABEL,
  CHOICE_POSSIBLE,
  N_CHOICE_COLUMNS
};

struct _AeUpscalePanel
{
  AeUpscaleSubject subject;
  AeCatalogue *catalogue;
  void (*changed) (gpointer data);
  gpointer data;
  AeUpscaleParams params;
  gboolean ready;
  gboolean setting; /* controls change by program, not by the user */

  GtkWidget *widget, *target, *size, *width, *height, *chain, *unit, *result, *robust_row, *reason,
    *reason_row, *wrap;
  GtkAdjustment *robust;
  AeModelList *models;
  AeUpscalePreview *preview;
};

/* The size now of what the values enlarge. */
static void
size_now (const AeUpscalePanel *panel, int *width, int *height)
{
  const gboolean alone = panel->params.target == AE_UPSCALE_LAYER;

  *width = alone ? panel->subject.layer.width : panel->subject.image_width;
  *height = alone ? panel->subject.layer.height : panel->subject.image_height;
}

/* The smallest factor of a network that is enough for the values; 0: they are not possible. */
static int
factor_of (const AeUpscaleParams *params, int width, int height)
{
  int to_width, to_height;

  return ae_upscale_params_size (params, width, height, &to_width, &to_height, NULL)
           ? ae_upscale_factor (width, height, to_width, to_height)
           : 0;
}

/* Why the values cannot be applied, or NULL; else the sizes afterwards too. */
static char *
problem_of (const AeUpscalePanel *panel, int *to_width, int *to_height, int *factor)
{
  g_autoptr (GError) error = NULL;
  int width, height;

  *factor = 2;
  size_now (panel, &width, &height);
  if (!ae_upscale_params_size (&panel->params, width, height, to_width, to_height, &error))
    {
      *to_width = *to_height = 0;
      return g_strdup (error->message);
    }
  *factor = ae_upscale_factor (width, height, *to_width, *to_height);
  return ae_upscale_model_problem (panel->catalogue, panel->params.model, *factor);
}

/* The size of the layer in the preview, once the whole has that size. */
static void
layer_size (const AeUpscalePanel *panel, int *to_width, int *to_height)
{
  const AeUpscaleSubject *subject = &panel->subject;
  g_autoptr (AeUpscaleJobs) jobs = NULL;

  if (panel->params.target == AE_UPSCALE_LAYER || *to_width == 0)
    return;
  jobs = ae_upscale_jobs_new (subject->image_width, subject->image_height, *to_width, *to_height);
  ae_upscale_jobs_add (jobs, NULL, &subject->layer);
  *to_width = ae_upscale_jobs_nth (jobs, 0)->width;
  *to_height = ae_upscale_jobs_nth (jobs, 0)->height;
  if (!ae_upscale_check_size (subject->layer.width, subject->layer.height, *to_width, *to_height, NULL))
    *to_width = *to_height = 0;
}

/* What the values give, or why they give nothing: there is room for it here. */
static void
show_result (AeUpscalePanel *panel, int to_width, int to_height, const char *problem)
{
  g_autofree char *text = NULL;
  int width, height;

  size_now (panel, &width, &height);
  if (problem == NULL)
    text = g_strdup_printf (_ ("%d × %d pixels become %d × %d"), width, height, to_width, to_height);
  gtk_label_set_text (GTK_LABEL (panel->result), problem != NULL ? problem : text);
}

static void
show_preview (AeUpscalePanel *panel)
{
  int width, height, factor;
  g_autofree char *problem = problem_of (panel, &width, &height, &factor);

  panel->ready = problem == NULL;
  show_result (panel, width, height, problem);
  if (gegl_rectangle_is_empty (&panel->subject.layer))
    width = height = 0;
  else
    layer_size (panel, &width, &height);
  ae_upscale_preview_set (panel->preview, &panel->params, factor, width, height, problem);
}

/* Greys out what no model reaches. */
static void
show_sizes (AeUpscalePanel *panel)
{
  GtkTreeModel *rows = gtk_combo_box_get_model (GTK_COMBO_BOX (panel->size));
  GtkTreeIter iter;

  for (int i = 0; i <= AE_UPSCALE_FOUR_TIMES; i++)
    if (gtk_tree_model_iter_nth_child (rows, &iter, NULL, i))
      {
        const int factor = ae_upscale_size_factor ((AeUpscaleSize)i);
        g_autofree char *problem = ae_upscale_model_problem (panel->catalogue, panel->params.model, factor);
        g_autofree char *label = problem == NULL ? g_strdup (ae_upscale_size_label ((AeUpscaleSize)i))
                                                 : g_strdup_printf (_ ("%s (no model for it)"),
                                                                    ae_upscale_size_label ((AeUpscaleSize)i));

        gtk_list_store_set (GTK_LIST_STORE (rows), &iter, CHOICE_LABEL, label, CHOICE_POSSIBLE,
                            problem == NULL, -1);
      }
}

/* Width and height in the unit of the values. */
static void
show_lengths (AeUpscalePanel *panel)
{
  const gboolean percent = panel->params.size == AE_UPSCALE_PERCENT;
  const gboolean own = ae_upscale_size_factor (panel->params.size) == 0;
  int width, height, to_width, to_height;

  size_now (panel, &width, &height);
  if (!ae_upscale_params_size (&panel->params, width, height, &to_width, &to_height, NULL))
    {
      to_width = width;
      to_height = height;
    }
  gtk_label_set_text (GTK_LABEL (panel->unit), percent ? "%" : _ ("pixels"));
  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (panel->width), percent ? 1 : 0);
  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (panel->height), percent ? 1 : 0);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (panel->width), own ? panel->params.width : to_width);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (panel->height), own ? panel->params.height : to_height);
  gtk_widget_set_sensitive (panel->width, own);
  gtk_widget_set_sensitive (panel->height, own);
  gtk_widget_set_sensitive (panel->chain, own);
}

static void
show_robust (AeUpscalePanel *panel, const char *reason)
{
  gtk_adjustment_set_value (panel->robust, panel->params.robust);
  gtk_widget_set_sensitive (panel->robust_row, reason == NULL);
  gtk_label_set_text (GTK_LABEL (panel->reason), reason != NULL ? reason : "");
  gtk_widget_set_visible (panel->reason_row, reason != NULL);
}

/* Brings the controls and the preview to the values. */
static void
show_values (AeUpscalePanel *panel)
{
  AeUpscaleParams *params = &panel->params;
  const AeCatalogueEntry *fits;
  g_autofree char *reason = NULL;
  int width, height, factor;

  if (!panel->subject.alone && params->target == AE_UPSCALE_LAYER)
    params->target = AE_UPSCALE_IMAGE;
  size_now (panel, &width, &height);
  factor = MAX (factor_of (params, width, height), 2);
  reason = ae_upscale_robust_problem (panel->catalogue, params->model, factor);
  if (reason != NULL)
    params->robust = 0;
  fits = ae_upscale_default_model (panel->catalogue, factor);

  panel->setting = TRUE;
  ae_model_list_set_automatic (panel->models, fits != NULL ? fits->name : NULL);
  ae_model_list_set (panel->models, params->model);
  gtk_combo_box_set_active (GTK_COMBO_BOX (panel->target), (int)params->target);
  show_sizes (panel);
  gtk_combo_box_set_active (GTK_COMBO_BOX (panel->size), (int)params->size);
  show_lengths (panel);
  show_robust (panel, reason);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (panel->wrap), params->wrap);
  panel->setting = FALSE;
  show_preview (panel);
}

static void
values_changed (AeUpscalePanel *panel)
{
  show_values (panel);
  panel->changed (panel->data);
}

/* Another unit, or another thing with another size: the width and height that mean the same. */
static void
convert_lengths (AeUpscalePanel *panel, double x_factor, double y_factor)
{
  AeUpscaleParams *params = &panel->params;
  int width, height;

  size_now (panel, &width, &height);
  params->width = params->size == AE_UPSCALE_PIXELS ? width * x_factor : 100 * x_factor;
  params->height = params->size == AE_UPSCALE_PIXELS ? height * y_factor : 100 * y_factor;
}

static void
factors_now (const AeUpscalePanel *panel, double *x_factor, double *y_factor)
{
  int width, height, to_width, to_height;

  size_now (panel, &width, &height);
  *x_factor = *y_factor = 2;
  if (!ae_upscale_params_size (&panel->params, width, height, &to_width, &to_height, NULL))
    return;
  *x_factor = (double)to_width / width;
  *y_factor = (double)to_height / height;
}

static void
target_changed (GtkComboBox *combo, AeUpscalePanel *panel)
{
  double x_factor, y_factor;

  if (panel->setting || gtk_combo_box_get_active (combo) < 0)
    return;
  factors_now (panel, &x_factor, &y_factor);
  panel->params.target = (AeUpscaleTarget)gtk_combo_box_get_active (combo);
  convert_lengths (panel, x_factor, y_factor);
  values_changed (panel);
}

static void
size_changed (GtkComboBox *combo, AeUpscalePanel *panel)
{
  double x_factor, y_factor;

  if (panel->setting || gtk_combo_box_get_active (combo) < 0)
    return;
  factors_now (panel, &x_factor, &y_factor);
  panel->params.size = (AeUpscaleSize)gtk_combo_box_get_active (combo);
  convert_lengths (panel, x_factor, y_factor);
  values_changed (panel);
}

/* The other one follows in proportion if they are chained. */
static void
length_changed (GtkSpinButton *spin, AeUpscalePanel *panel)
{
  AeUpscaleParams *params = &panel->params;
  const double value = gtk_spin_button_get_value (spin);
  const gboolean is_width = GTK_WIDGET (spin) == panel->width, chained = ae_chain_get_active (panel->chain);
  int width, height;
  double ratio;

  if (panel->setting)
    return;
  size_now (panel, &width, &height);
  ratio = params->size == AE_UPSCALE_PERCENT ? 1 : (double)height / width;
  if (is_width)
    params->width = value;
  else
    params->height = value;
  if (chained && is_width)
    params->height = value * ratio;
  else if (chained)
    params->width = value / ratio;
  values_changed (panel);
}

static void
chain_toggled (GtkWidget *chain, AeUpscalePanel *panel)
{
  if (!panel->setting && ae_chain_get_active (chain))
    length_changed (GTK_SPIN_BUTTON (panel->width), panel);
}

static void
robust_changed (GtkAdjustment *adjustment, AeUpscalePanel *panel)
{
  if (panel->setting)
    return;
  panel->params.robust = gtk_adjustment_get_value (adjustment);
  values_changed (panel);
}

static void
wrap_toggled (GtkToggleButton *button, AeUpscalePanel *panel)
{
  if (panel->setting)
    return;
  panel->params.wrap = gtk_toggle_button_get_active (button);
  values_changed (panel);
}

static void
model_changed (gpointer data)
{
  AeUpscalePanel *panel = data;

  ae_params_set_model (panel->params.model, ae_model_list_name (panel->models), NULL);
  values_changed (panel);
}

static GtkWidget *
choice_new (AeUpscaleControl control, GCallback when_changed, AeUpscalePanel *panel)
{
  GtkListStore *rows = gtk_list_store_new (N_CHOICE_COLUMNS, G_TYPE_STRING, G_TYPE_BOOLEAN);
  GtkWidget *combo = gtk_combo_box_new_with_model (GTK_TREE_MODEL (rows));
  GtkCellRenderer *cell = gtk_cell_renderer_text_new ();

  gtk_cell_layout_pack_start (GTK_CELL_LAYOUT (combo), cell, TRUE);
  gtk_cell_layout_set_attributes (GTK_CELL_LAYOUT (combo), cell, "text", CHOICE_LABEL, "sensitive",
                                  CHOICE_POSSIBLE, NULL);
  gtk_widget_set_tooltip_text (combo, ae_upscale_control_tooltip (control));
  g_signal_connect (combo, "changed", when_changed, panel);
  g_object_unref (rows);
  return combo;
}

static void
add_choice (GtkWidget *combo, const char *label, gboolean possible)
{
  gtk_list_store_insert_with_values (GTK_LIST_STORE (gtk_combo_box_get_model (GTK_COMBO_BOX (combo))), NULL,
                                     -1, CHOICE_LABEL, label, CHOICE_POSSIBLE, possible, -1);
}

/* A row: a label, all of them as wide, and what it belongs to. */
static GtkWidget *
add_row (AeUpscalePanel *panel, GtkSizeGroup *labels, const char *text, GtkWidget *widget, GtkWidget *target)
{
  GtkWidget *row = ae_row_new (6);
  GtkWidget *label = gtk_label_new_with_mnemonic (text);

  if (target != NULL)
    gtk_label_set_mnemonic_widget (GTK_LABEL (label), target);
  ae_label_align_left (label);
  gtk_size_group_add_widget (labels, label);
  gtk_box_pack_start (GTK_BOX (row), label, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), widget, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (panel->widget), row, FALSE, FALSE, 0);
  return row;
}

static GtkWidget *
length_new (AeUpscaleControl control, AeUpscalePanel *panel)
{
  GtkWidget *spin = gtk_spin_button_new_with_range (1, AE_UPSCALE_SIZE_MAX, 1);

  gtk_spin_button_set_increments (GTK_SPIN_BUTTON (spin), 1, 10);
  gtk_entry_set_activates_default (GTK_ENTRY (spin), TRUE);
  gtk_widget_set_tooltip_text (spin, ae_upscale_control_tooltip (control));
  g_signal_connect (spin, "value-changed", G_CALLBACK (length_changed), panel);
  return spin;
}

static void
add_lengths (AeUpscalePanel *panel, GtkSizeGroup *labels)
{
  GtkWidget *row = ae_row_new (6);
  GtkWidget *label = gtk_label_new_with_mnemonic (ae_upscale_control_label (AE_UPSCALE_CONTROL_HEIGHT));

  panel->width = length_new (AE_UPSCALE_CONTROL_WIDTH, panel);
  panel->height = length_new (AE_UPSCALE_CONTROL_HEIGHT, panel);
  panel->chain = ae_chain_new (_ ("Keep the proportions"));
  panel->unit = gtk_label_new (NULL);
  panel->result = gtk_label_new (NULL);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), panel->height);
  ae_label_align_left (panel->unit);
  ae_label_align_left (panel->result);
  gtk_label_set_line_wrap (GTK_LABEL (panel->result), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (panel->result), RESULT_CHARS);
  gtk_label_set_max_width_chars (GTK_LABEL (panel->result), RESULT_CHARS);
  g_signal_connect (panel->chain, "toggled", G_CALLBACK (chain_toggled), panel);
  gtk_box_pack_start (GTK_BOX (row), panel->width, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), panel->chain, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), label, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), panel->height, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), panel->unit, FALSE, FALSE, 0);
  add_row (panel, labels, ae_upscale_control_label (AE_UPSCALE_CONTROL_WIDTH), row, panel->width);
  add_row (panel, labels, "", panel->result, NULL);
}

static void
add_robust (AeUpscalePanel *panel, GtkSizeGroup *labels)
{
  const char *tooltip = ae_upscale_control_tooltip (AE_UPSCALE_CONTROL_ROBUST);
  GtkWidget *row = ae_row_new (6);
  GtkWidget *scale, *spin;

  panel->robust = GTK_ADJUSTMENT (gtk_adjustment_new (0, 0, 100, 1, 10, 0));
  scale = ae_scale_new (panel->robust);
  spin = gtk_spin_button_new (panel->robust, 1, 0);
  gtk_scale_set_draw_value (GTK_SCALE (scale), FALSE);
  gtk_entry_set_activates_default (GTK_ENTRY (spin), TRUE);
  gtk_widget_set_tooltip_text (scale, tooltip);
  gtk_widget_set_tooltip_text (spin, tooltip);
  ae_accessible_name (spin, ae_upscale_control_label (AE_UPSCALE_CONTROL_ROBUST));
  g_signal_connect (panel->robust, "value-changed", G_CALLBACK (robust_changed), panel);
  gtk_box_pack_start (GTK_BOX (row), scale, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (row), spin, FALSE, FALSE, 0);
  panel->robust_row
    = add_row (panel, labels, ae_upscale_control_label (AE_UPSCALE_CONTROL_ROBUST), row, scale);
  panel->reason = gtk_label_new (NULL);
  ae_label_align_left (panel->reason);
  panel->reason_row = add_row (panel, labels, "", panel->reason, NULL);
  /* It comes and goes. */
  gtk_widget_show_all (panel->reason_row);
  gtk_widget_set_no_show_all (panel->reason_row, TRUE);
  gtk_widget_hide (panel->reason_row);
}

static void
add_controls (AeUpscalePanel *panel)
{
  GtkSizeGroup *labels = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);

  panel->models = ae_model_list_new ("upscale", model_changed, panel);
  gtk_widget_set_tooltip_text (ae_model_list_combo (panel->models),
                               ae_upscale_control_tooltip (AE_UPSCALE_CONTROL_MODEL));
  add_row (panel, labels, ae_upscale_control_label (AE_UPSCALE_CONTROL_MODEL),
           ae_model_list_widget (panel->models), ae_model_list_combo (panel->models));
  panel->target = choice_new (AE_UPSCALE_CONTROL_TARGET, G_CALLBACK (target_changed), panel);
  for (int i = 0; i < AE_N_UPSCALE_TARGETS; i++)
    add_choice (panel->target, ae_upscale_target_label ((AeUpscaleTarget)i),
                i != AE_UPSCALE_LAYER || panel->subject.alone);
  add_row (panel, labels, ae_upscale_control_label (AE_UPSCALE_CONTROL_TARGET), panel->target, panel->target);
  panel->size = choice_new (AE_UPSCALE_CONTROL_SIZE, G_CALLBACK (size_changed), panel);
  for (int i = 0; i < AE_N_UPSCALE_SIZES; i++)
    add_choice (panel->size, ae_upscale_size_label ((AeUpscaleSize)i), TRUE);
  add_row (panel, labels, ae_upscale_control_label (AE_UPSCALE_CONTROL_SIZE), panel->size, panel->size);
  add_lengths (panel, labels);
  add_robust (panel, labels);
  panel->wrap = gtk_check_button_new_with_mnemonic (ae_upscale_control_label (AE_UPSCALE_CONTROL_WRAP));
  gtk_widget_set_tooltip_text (panel->wrap, ae_upscale_control_tooltip (AE_UPSCALE_CONTROL_WRAP));
  g_signal_connect (panel->wrap, "toggled", G_CALLBACK (wrap_toggled), panel);
  add_row (panel, labels, "", panel->wrap, NULL);
  g_object_unref (labels);
}

static void
destroyed (GtkWidget *widget, AeUpscalePanel *panel)
{
  panel->setting = TRUE;
}

/* After all of its widgets. */
static void
finalized (gpointer data, GObject *widget)
{
  AeUpscalePanel *panel = data;

  ae_catalogue_free (panel->catalogue);
  g_free (panel);
}

AeUpscalePanel *
ae_upscale_panel_new (const AeUpscaleSubject *subject, const AeSessionOptions *options,
                      void (*changed) (gpointer data), gpointer data)
{
  AeUpscalePanel *panel = g_new0 (AeUpscalePanel, 1);

  panel->subject = *subject;
  panel->catalogue = ae_catalogue_new ();
  panel->changed = changed;
  panel->data = data;
  ae_upscale_params_init (&panel->params);
  panel->widget = ae_column_new (6);
  panel->preview = ae_upscale_preview_new (&subject->preview, panel->catalogue, options);
  gtk_box_pack_start (GTK_BOX (panel->widget), ae_upscale_preview_widget (panel->preview), TRUE, TRUE, 0);
  add_controls (panel);
  g_signal_connect (panel->widget, "destroy", G_CALLBACK (destroyed), panel);
  g_object_weak_ref (G_OBJECT (panel->widget), finalized, panel);
  return panel;
}

GtkWidget *
ae_upscale_panel_widget (AeUpscalePanel *panel)
{
  return panel->widget;
}

void
ae_upscale_panel_set (AeUpscalePanel *panel, const AeUpscaleParams *params)
{
  panel->params = *params;
  show_values (panel);
}

const AeUpscaleParams *
ae_upscale_panel_params (const AeUpscalePanel *panel)
{
  return &panel->params;
}

gboolean
ae_upscale_panel_ready (const AeUpscalePanel *panel)
{
  return panel->ready;
}
