/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-panel.c - what the dialog that draws consists of, but for its window and buttons. */

#include "generate-panel.h"
#include "accessible.h"
#include "core/generate-controls.h"
#include "core/generate.h"
#include "generate-preview.h"
#include "intl.h"
#include "latent-pad.h"
#include "latent-sliders.h"
#include "model-list.h"
#include "toolkit.h"

#define PROBLEM_CHARS 56

struct _AeGeneratePanel
{
  void (*changed) (gpointer data);
  gpointer data;
  AeGenerateParams params;
  gboolean ready;
  gboolean setting; /* controls change by program, not by the user */

  AeModel *model;                       /* for which the next ones are; not owned, to compare with */
  int n_latent, n_classes;              /* 0: none */
  float latent[AE_GENERATE_LATENT_MAX]; /* in use: given or drawn */
  int axes[2];                          /* of the pad */

  GtkWidget *widget, *pad_column, *axes_row, *axis[2], *fill, *cell_row, *overlap_row, *variety_row,
    *class_row, *label, *problem;
  GtkAdjustment *cell, *overlap, *variety, *seed;
  AeModelList *models;
  AeLatentPad *pad;
  AeLatentSliders *sliders;
  AeGeneratePreview *preview;
};

static void
fill_classes (AeGeneratePanel *panel)
{
  GtkComboBoxText *combo = GTK_COMBO_BOX_TEXT (panel->label);

  gtk_list_store_clear (GTK_LIST_STORE (gtk_combo_box_get_model (GTK_COMBO_BOX (combo))));
  /* Translators: any kind of picture. */
  gtk_combo_box_text_append_text (combo, _ ("Any"));
  for (int i = 0; i < panel->n_classes; i++)
    {
      g_autofree char *number = g_strdup_printf ("%d", i);

      gtk_combo_box_text_append_text (combo, number);
    }
}

/* What the values mean for the model: its latent numbers and classes. */
static void
look_at_model (AeGeneratePanel *panel)
{
  AeModel *model = ae_model_list_model (panel->models);
  AeGenerateParams *params = &panel->params;
  g_autoptr (AeCodec) codec = model != NULL ? ae_codec_new (model, NULL) : NULL;
  const gsize n = codec != NULL ? ae_codec_latent_size (codec) : 0;
  g_autofree float *all = g_new0 (float, MAX (n, 1));

  panel->n_latent = (int)MIN (n, AE_GENERATE_LATENT_MAX);
  panel->n_classes = codec != NULL ? ae_codec_n_classes (codec) : 0;
  params->n_latent = MIN (params->n_latent, panel->n_latent);
  for (int i = params->n_latent; i < AE_GENERATE_LATENT_MAX; i++)
    params->latent[i] = 0;
  params->label = params->label < panel->n_classes ? params->label : AE_GENERATE_ANY_CLASS;
  if (n > 0)
    ae_generate_latent (codec, params, all);
  for (int i = 0; i < panel->n_latent; i++)
    panel->latent[i] = all[i];
  for (int i = 0; i < 2; i++)
    panel->axes[i] = CLAMP (panel->axes[i], 0, MAX (panel->n_latent - 1, 0));
  if (model == panel->model && model != NULL)
    return;
  panel->model = model;
  fill_classes (panel);
  for (int i = 0; i < 2; i++)
    gtk_spin_button_set_range (GTK_SPIN_BUTTON (panel->axis[i]), 1, MAX (panel->n_latent, 1));
}

static void
show_latent (AeGeneratePanel *panel)
{
  gtk_widget_set_sensitive (panel->pad_column, panel->n_latent > 0);
  gtk_widget_set_sensitive (panel->axes_row, panel->n_latent > 2);
  for (int i = 0; i < 2; i++)
    gtk_spin_button_set_value (GTK_SPIN_BUTTON (panel->axis[i]), panel->axes[i] + 1);
  ae_latent_pad_set (panel->pad, (double)panel->latent[panel->axes[0]],
                     (double)panel->latent[panel->axes[1]]);
  ae_latent_sliders_set (panel->sliders, panel->n_latent, panel->latent);
}

/* Says why these values cannot be applied. */
static void
check (AeGeneratePanel *panel)
{
  AeModel *model = ae_model_list_model (panel->models);
  g_autoptr (GError) error = NULL;
  g_autoptr (AeGenerator) generator
    = model != NULL ? ae_generator_new (model, &panel->params, 1, 1, 1, &error) : NULL;

  panel->ready = generator != NULL;
  gtk_label_set_text (GTK_LABEL (panel->problem), model == NULL   ? ae_model_list_problem (panel->models)
                                                  : error != NULL ? error->message
                                                                  : "");
  ae_generate_preview_set (panel->preview, panel->ready ? model : NULL, &panel->params);
}

/* Brings the controls and the preview to the values. */
static void
show_values (AeGeneratePanel *panel)
{
  const AeGenerateParams *params = &panel->params;
  const gboolean grid = params->fill == AE_GENERATE_GRID;

  panel->setting = TRUE;
  ae_model_list_set (panel->models, params->model);
  look_at_model (panel);
  show_latent (panel);
  gtk_combo_box_set_active (GTK_COMBO_BOX (panel->fill), (int)params->fill);
  gtk_adjustment_set_value (panel->cell, params->cell);
  gtk_adjustment_set_value (panel->overlap, params->overlap);
  gtk_adjustment_set_value (panel->variety, params->variety);
  gtk_adjustment_set_value (panel->seed, params->seed);
  gtk_combo_box_set_active (GTK_COMBO_BOX (panel->label), params->label + 1);
  gtk_widget_set_sensitive (panel->cell_row, grid);
  gtk_widget_set_sensitive (panel->overlap_row, grid);
  gtk_widget_set_sensitive (panel->variety_row, grid);
  gtk_widget_set_sensitive (panel->class_row, panel->n_classes > 0);
  panel->setting = FALSE;
  check (panel);
}

static void
values_changed (AeGeneratePanel *panel)
{
  show_values (panel);
  panel->changed (panel->data);
}

/* Those before it are given from now on, too: a seed would draw them. */
static void
give_latent (AeGeneratePanel *panel, int axis, double value)
{
  AeGenerateParams *params = &panel->params;

  for (; params->n_latent <= axis; params->n_latent++)
    params->latent[params->n_latent]
      = CLAMP ((double)panel->latent[params->n_latent], -AE_GENERATE_LATENT_LIMIT, AE_GENERATE_LATENT_LIMIT);
  params->latent[axis] = value;
}

static void
pad_moved (double x, double y, gpointer data)
{
  AeGeneratePanel *panel = data;

  give_latent (panel, panel->axes[0], x);
  if (panel->axes[1] != panel->axes[0])
    give_latent (panel, panel->axes[1], y);
  values_changed (panel);
}

static void
slider_moved (int axis, double value, gpointer data)
{
  AeGeneratePanel *panel = data;

  give_latent (panel, axis, value);
  values_changed (panel);
}

static void
axis_changed (GtkSpinButton *spin, AeGeneratePanel *panel)
{
  if (panel->setting)
    return;
  panel->axes[GTK_WIDGET (spin) == panel->axis[1]] = gtk_spin_button_get_value_as_int (spin) - 1;
  show_values (panel);
}

static void
number_changed (GtkAdjustment *adjustment, AeGeneratePanel *panel)
{
  AeGenerateParams *params = &panel->params;

  if (panel->setting)
    return;
  params->cell = (int)gtk_adjustment_get_value (panel->cell);
  params->overlap = gtk_adjustment_get_value (panel->overlap);
  params->variety = gtk_adjustment_get_value (panel->variety);
  params->seed = (int)gtk_adjustment_get_value (panel->seed);
  values_changed (panel);
}

static void
choice_changed (GtkComboBox *combo, AeGeneratePanel *panel)
{
  if (panel->setting || gtk_combo_box_get_active (combo) < 0)
    return;
  panel->params.fill = (AeGenerateFill)gtk_combo_box_get_active (GTK_COMBO_BOX (panel->fill));
  panel->params.label
    = MAX (gtk_combo_box_get_active (GTK_COMBO_BOX (panel->label)) - 1, AE_GENERATE_ANY_CLASS);
  values_changed (panel);
}

static void
draw_seed (GtkButton *button, AeGeneratePanel *panel)
{
  panel->params.seed = g_random_int_range (0, G_MAXINT);
  panel->params.n_latent = 0;
  values_changed (panel);
}

static void
model_changed (gpointer data)
{
  AeGeneratePanel *panel = data;

  ae_params_set_model (panel->params.model, ae_model_list_name (panel->models), NULL);
  /* the numbers of another model mean nothing */
  panel->params.n_latent = 0;
  panel->axes[0] = 0;
  panel->axes[1] = 1;
  values_changed (panel);
}

/* A row: a label, all of them as wide, and what it belongs to. */
static GtkWidget *
add_row (AeGeneratePanel *panel, GtkSizeGroup *labels, AeGenerateControl control, GtkWidget *widget,
         GtkWidget *target)
{
  GtkWidget *row = ae_row_new (6);
  GtkWidget *label = gtk_label_new_with_mnemonic (ae_generate_control_label (control));

  gtk_widget_set_tooltip_text (target, ae_generate_control_tooltip (control));
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), target);
  ae_label_align_left (label);
  gtk_size_group_add_widget (labels, label);
  gtk_box_pack_start (GTK_BOX (row), label, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), widget, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (panel->widget), row, FALSE, FALSE, 0);
  return row;
}

static GtkAdjustment *
number_new (AeGeneratePanel *panel, double least, double most, double step)
{
  GtkAdjustment *number = GTK_ADJUSTMENT (gtk_adjustment_new (least, least, most, step, 10 * step, 0));

  g_signal_connect (number, "value-changed", G_CALLBACK (number_changed), panel);
  return number;
}

static GtkWidget *
spin_new (GtkAdjustment *number)
{
  GtkWidget *spin = gtk_spin_button_new (number, 1, 0);

  gtk_entry_set_activates_default (GTK_ENTRY (spin), TRUE);
  return spin;
}

static GtkWidget *
add_scale (AeGeneratePanel *panel, GtkSizeGroup *labels, AeGenerateControl control, GtkAdjustment *number)
{
  GtkWidget *row = ae_row_new (6), *scale = ae_scale_new (number), *spin = spin_new (number);

  gtk_scale_set_draw_value (GTK_SCALE (scale), FALSE);
  gtk_widget_set_tooltip_text (spin, ae_generate_control_tooltip (control));
  ae_accessible_name (spin, ae_generate_control_label (control));
  gtk_box_pack_start (GTK_BOX (row), scale, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (row), spin, FALSE, FALSE, 0);
  return add_row (panel, labels, control, row, scale);
}

static GtkWidget *
choice_new (AeGeneratePanel *panel)
{
  GtkWidget *combo = gtk_combo_box_text_new ();

  g_signal_connect (combo, "changed", G_CALLBACK (choice_changed), panel);
  return combo;
}

static void
add_seed (AeGeneratePanel *panel, GtkSizeGroup *labels)
{
  GtkWidget *row = ae_row_new (6), *spin, *button;

  panel->seed = number_new (panel, 0, G_MAXINT, 1);
  spin = spin_new (panel->seed);
  button = gtk_button_new_with_mnemonic (ae_generate_control_label (AE_GENERATE_CONTROL_NEW_SEED));
  gtk_widget_set_tooltip_text (button, ae_generate_control_tooltip (AE_GENERATE_CONTROL_NEW_SEED));
  g_signal_connect (button, "clicked", G_CALLBACK (draw_seed), panel);
  gtk_box_pack_start (GTK_BOX (row), spin, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (row), button, FALSE, FALSE, 0);
  add_row (panel, labels, AE_GENERATE_CONTROL_SEED, row, spin);
}

static void
add_controls (AeGeneratePanel *panel)
{
  GtkSizeGroup *labels = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);

  panel->models = ae_model_list_new ("generate", model_changed, panel);
  add_row (panel, labels, AE_GENERATE_CONTROL_MODEL, ae_model_list_widget (panel->models),
           ae_model_list_combo (panel->models));
  panel->fill = choice_new (panel);
  for (int i = 0; i < AE_N_GENERATE_FILLS; i++)
    gtk_combo_box_text_append_text (GTK_COMBO_BOX_TEXT (panel->fill),
                                    ae_generate_fill_label ((AeGenerateFill)i));
  add_row (panel, labels, AE_GENERATE_CONTROL_FILL, panel->fill, panel->fill);
  panel->cell = number_new (panel, AE_GENERATE_CELL_MIN, AE_GENERATE_CELL_MAX, 1);
  panel->cell_row = add_scale (panel, labels, AE_GENERATE_CONTROL_CELL, panel->cell);
  panel->overlap = number_new (panel, 0, 100, 1);
  panel->overlap_row = add_scale (panel, labels, AE_GENERATE_CONTROL_OVERLAP, panel->overlap);
  panel->variety = number_new (panel, 0, 100, 1);
  panel->variety_row = add_scale (panel, labels, AE_GENERATE_CONTROL_VARIETY, panel->variety);
  panel->label = choice_new (panel);
  panel->class_row = add_row (panel, labels, AE_GENERATE_CONTROL_CLASS, panel->label, panel->label);
  add_seed (panel, labels);
  g_object_unref (labels);
}

static GtkWidget *
axes_new (AeGeneratePanel *panel)
{
  GtkWidget *row = ae_row_new (6);
  GtkWidget *label = gtk_label_new_with_mnemonic (ae_generate_control_label (AE_GENERATE_CONTROL_AXES));

  gtk_box_pack_start (GTK_BOX (row), label, FALSE, FALSE, 0);
  for (int i = 0; i < 2; i++)
    {
      panel->axis[i] = gtk_spin_button_new_with_range (1, 2, 1);
      gtk_widget_set_tooltip_text (panel->axis[i], ae_generate_control_tooltip (AE_GENERATE_CONTROL_AXES));
      ae_accessible_name (panel->axis[i], ae_generate_control_label (AE_GENERATE_CONTROL_AXES));
      g_signal_connect (panel->axis[i], "value-changed", G_CALLBACK (axis_changed), panel);
      gtk_box_pack_start (GTK_BOX (row), panel->axis[i], TRUE, TRUE, 0);
    }
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), panel->axis[0]);
  return row;
}

/* Preview, pad and sliders, side by side. */
static void
add_pictures (AeGeneratePanel *panel, int width, int height, gboolean gray)
{
  GtkWidget *row = ae_row_new (12);
  GtkWidget *label = gtk_label_new_with_mnemonic (ae_generate_control_label (AE_GENERATE_CONTROL_PAD));

  panel->preview = ae_generate_preview_new (width, height, gray);
  panel->pad = ae_latent_pad_new (pad_moved, panel);
  panel->sliders = ae_latent_sliders_new (slider_moved, panel);
  panel->axes_row = axes_new (panel);
  panel->pad_column = ae_column_new (6);
  ae_label_align_left (label);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), ae_latent_pad_widget (panel->pad));
  gtk_box_pack_start (GTK_BOX (panel->pad_column), label, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (panel->pad_column), ae_latent_pad_widget (panel->pad), FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (panel->pad_column), panel->axes_row, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), ae_generate_preview_widget (panel->preview), TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (row), panel->pad_column, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), ae_latent_sliders_widget (panel->sliders), FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (panel->widget), row, TRUE, TRUE, 0);
}

static void
destroyed (GtkWidget *widget, AeGeneratePanel *panel)
{
  panel->setting = TRUE;
}

/* After all of its widgets. */
static void
finalized (gpointer data, GObject *widget)
{
  g_free (data);
}

AeGeneratePanel *
ae_generate_panel_new (int width, int height, gboolean gray, void (*changed) (gpointer data), gpointer data)
{
  AeGeneratePanel *panel = g_new0 (AeGeneratePanel, 1);

  panel->changed = changed;
  panel->data = data;
  panel->axes[1] = 1;
  panel->setting = TRUE; /* controls say that they change while they are made */
  ae_generate_params_init (&panel->params);
  panel->widget = ae_column_new (6);
  add_pictures (panel, width, height, gray);
  add_controls (panel);
  panel->problem = gtk_label_new (NULL);
  ae_label_align_left (panel->problem);
  gtk_label_set_line_wrap (GTK_LABEL (panel->problem), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (panel->problem), PROBLEM_CHARS);
  gtk_box_pack_start (GTK_BOX (panel->widget), panel->problem, FALSE, FALSE, 0);
  g_signal_connect (panel->widget, "destroy", G_CALLBACK (destroyed), panel);
  g_object_weak_ref (G_OBJECT (panel->widget), finalized, panel);
  panel->setting = FALSE;
  return panel;
}

GtkWidget *
ae_generate_panel_widget (AeGeneratePanel *panel)
{
  return panel->widget;
}

void
ae_generate_panel_set (AeGeneratePanel *panel, const AeGenerateParams *params)
{
  panel->params = *params;
  show_values (panel);
}

const AeGenerateParams *
ae_generate_panel_params (const AeGeneratePanel *panel)
{
  return &panel->params;
}

gboolean
ae_generate_panel_ready (const AeGeneratePanel *panel)
{
  return panel->ready;
}
