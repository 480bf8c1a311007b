/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* intl.h - marks the messages of the engine for translation. */

#ifndef AE_SRC_INTL_H
#define AE_SRC_INTL_H

#include <glib.h>

/* From the catalogs of the project, whatever the program's own are; without
 * ae_catalogs_bind () or a catalog the text itself.  Numbers of 64 bits in a
 * text are PRIu64: xgettext does not know GLib's macros. */
#define _(text) g_dgettext (GETTEXT_PACKAGE, text)
#define N_(text) (text)

#endif
