/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* catalogs.c - where the translations are. */

#include <ae/catalogs.h>
#include <glib.h>
#include <libintl.h>

const char *
ae_catalogs_bind (void)
{
  const char *folder = g_getenv ("AE_LOCALE_PATH");

  if (folder == NULL || folder[0] == 0)
    folder = LOCALEDIR;
  bindtextdomain (GETTEXT_PACKAGE, folder);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  return folder;
}
