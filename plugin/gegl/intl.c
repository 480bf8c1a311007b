/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* intl.c - translates the texts of the operation. */

#include "intl.h"

#include <glib.h>
#include <libintl.h>

const char *
ae_live_text (const char *text)
{
  static gsize bound;

  if (g_once_init_enter (&bound))
    {
      bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
      bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
      g_once_init_leave (&bound, 1);
    }
  return dgettext (GETTEXT_PACKAGE, text);
}
