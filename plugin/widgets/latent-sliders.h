/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* latent-sliders.h - a slider for each of the first latent numbers of a model. */

#ifndef AE_LATENT_SLIDERS_H
#define AE_LATENT_SLIDERS_H

#include <gtk/gtk.h>

#define AE_LATENT_SLIDERS 8

typedef struct _AeLatentSliders AeLatentSliders;

/* The user has moved slider `axis`. */
typedef void (*AeLatentSliderMoved) (int axis, double value, gpointer data);

/* Lives as long as its widget. */
AeLatentSliders *ae_latent_sliders_new (AeLatentSliderMoved moved, gpointer data);
GtkWidget *ae_latent_sliders_widget (AeLatentSliders *sliders);

/* Shows `n` of them, at most AE_LATENT_SLIDERS, with these values.  Does not call `moved`. */
void ae_latent_sliders_set (AeLatentSliders *sliders, int n, const float *values);

#endif
