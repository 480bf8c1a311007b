/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* intl.h - marks the texts of the core for translation. */

#ifndef AE_CORE_INTL_H
#define AE_CORE_INTL_H

#include <glib.h>

#define _(text) g_dgettext (GETTEXT_PACKAGE, text)
#define N_(text) (text)

#endif
