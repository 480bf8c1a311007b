/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* chain.c - GIMP's chain between two numbers, which both versions have. */

#include "chain.h"
#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>
#include "accessible.h"

GtkWidget *
ae_chain_new (const char *tooltip)
{
  GtkWidget *chain = gimp_chain_button_new (GIMP_CHAIN_TOP);

  gimp_chain_button_set_active (GIMP_CHAIN_BUTTON (chain), TRUE);
  gtk_widget_set_tooltip_text (chain, tooltip);
#if GIMP_CHECK_VERSION(2, 99, 0)
  ae_accessible_name (gimp_chain_button_get_button (GIMP_CHAIN_BUTTON (chain)), tooltip);
#else
  ae_accessible_name (GIMP_CHAIN_BUTTON (chain)->button, tooltip);
#endif
  return chain;
}

gboolean
ae_chain_get_active (GtkWidget *chain)
{
  return gimp_chain_button_get_active (GIMP_CHAIN_BUTTON (chain));
}
