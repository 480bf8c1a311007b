/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* model-card.h - a window with what is known about a model. */

#ifndef AE_MODEL_CARD_H
#define AE_MODEL_CARD_H

#include <gtk/gtk.h>
#include "core/catalogue.h"

/* Shows it until the user closes it. */
void ae_model_card_run (const AeCatalogueEntry *entry, GtkWindow *parent);

#endif
