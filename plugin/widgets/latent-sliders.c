/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* latent-sliders.c - a slider for each of the first latent numbers of a model. */

#include "latent-sliders.h"
#include "accessible.h"
#include "intl.h"
#include "latent-pad.h"
#include "toolkit.h"

#define SLIDER_WIDTH 130

struct _AeLatentSliders
{
  GtkWidget *widget, *rows[AE_LATENT_SLIDERS];
  GtkAdjustment *values[AE_LATENT_SLIDERS];
  AeLatentSliderMoved moved;
  gpointer data;
  gboolean setting;
};

static void
value_changed (GtkAdjustment *adjustment, AeLatentSliders *sliders)
{
  for (int i = 0; i < AE_LATENT_SLIDERS && !sliders->setting; i++)
    if (sliders->values[i] == adjustment)
      sliders->moved (i, gtk_adjustment_get_value (adjustment), sliders->data);
}

static GtkWidget *
row_new (AeLatentSliders *sliders, int i, GtkSizeGroup *labels)
{
  /* Translators: %d counts the latent numbers of a model. */
  g_autofree char *name = g_strdup_printf (_ ("Latent number %d"), i + 1);
  g_autofree char *number = g_strdup_printf ("%d", i + 1);
  GtkWidget *row = ae_row_new (6), *label = gtk_label_new (number), *scale, *spin;

  sliders->values[i]
    = GTK_ADJUSTMENT (gtk_adjustment_new (0, -AE_LATENT_RANGE, AE_LATENT_RANGE, 0.1, 0.5, 0));
  scale = ae_scale_new (sliders->values[i]);
  spin = gtk_spin_button_new (sliders->values[i], 0.1, 2);
  gtk_scale_set_draw_value (GTK_SCALE (scale), FALSE);
  gtk_widget_set_size_request (scale, SLIDER_WIDTH, -1);
  gtk_entry_set_activates_default (GTK_ENTRY (spin), TRUE);
  gtk_widget_set_tooltip_text (scale, name);
  gtk_widget_set_tooltip_text (spin, name);
  ae_accessible_name (scale, name);
  ae_accessible_name (spin, name);
  gtk_size_group_add_widget (labels, label);
  gtk_box_pack_start (GTK_BOX (row), label, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), scale, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (row), spin, FALSE, FALSE, 0);
  g_signal_connect (sliders->values[i], "value-changed", G_CALLBACK (value_changed), sliders);
  gtk_widget_show_all (row);
  /* It comes and goes with the model. */
  gtk_widget_set_no_show_all (row, TRUE);
  gtk_widget_hide (row);
  return row;
}

static void
destroyed (GtkWidget *widget, AeLatentSliders *sliders)
{
  sliders->setting = TRUE;
}

static void
finalized (gpointer data, GObject *widget)
{
  g_free (data);
}

AeLatentSliders *
ae_latent_sliders_new (AeLatentSliderMoved moved, gpointer data)
{
  AeLatentSliders *sliders = g_new0 (AeLatentSliders, 1);
  GtkSizeGroup *labels = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);

  sliders->moved = moved;
  sliders->data = data;
  sliders->setting = TRUE;
  sliders->widget = ae_column_new (2);
  for (int i = 0; i < AE_LATENT_SLIDERS; i++)
    {
      sliders->rows[i] = row_new (sliders, i, labels);
      gtk_box_pack_start (GTK_BOX (sliders->widget), sliders->rows[i], FALSE, FALSE, 0);
    }
  g_object_unref (labels);
  g_signal_connect (sliders->widget, "destroy", G_CALLBACK (destroyed), sliders);
  g_object_weak_ref (G_OBJECT (sliders->widget), finalized, sliders);
  sliders->setting = FALSE;
  return sliders;
}

GtkWidget *
ae_latent_sliders_widget (AeLatentSliders *sliders)
{
  return sliders->widget;
}

void
ae_latent_sliders_set (AeLatentSliders *sliders, int n, const float *values)
{
  sliders->setting = TRUE;
  for (int i = 0; i < AE_LATENT_SLIDERS; i++)
    {
      gtk_widget_set_visible (sliders->rows[i], i < n);
      if (i < n)
        gtk_adjustment_set_value (sliders->values[i], (double)values[i]);
    }
  sliders->setting = FALSE;
}
