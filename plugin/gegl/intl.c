/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* intl.c - translates the texts of the operation. */

#include "intl.h"

#include <glib.h>
#include <libintl.h>
#include <ae/catalogs.h>

const char *
ae_live_text (const char *text)
{
  static gsize bound;

  if (g_once_init_enter (&bound))
    {
      ae_catalogs_bind ();
      g_once_init_leave (&bound, 1);
    }
  return dgettext (GETTEXT_PACKAGE, text);
}
