/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* latent-pad.h - a square in which a point is moved: two numbers at once. */

#ifndef AE_LATENT_PAD_H
#define AE_LATENT_PAD_H

#include <gtk/gtk.h>

/* Both numbers go from -AE_LATENT_RANGE to it, to the right and upwards. */
#define AE_LATENT_RANGE 3.0

typedef struct _AeLatentPad AeLatentPad;

/* The user has moved the point. */
typedef void (*AeLatentPadMoved) (double x, double y, gpointer data);

/* Lives as long as its widget, which takes the focus: arrow keys move the point, with Shift further, Home to
 * the middle. */
AeLatentPad *ae_latent_pad_new (AeLatentPadMoved moved, gpointer data);
GtkWidget *ae_latent_pad_widget (AeLatentPad *pad);

/* Does not call `moved`; beyond the border the point is shown at it. */
void ae_latent_pad_set (AeLatentPad *pad, double x, double y);

#endif
