/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* intl.h - marks strings for translation. */

#ifndef AE_WIDGETS_INTL_H
#define AE_WIDGETS_INTL_H

#include <libintl.h>

#define _(text) gettext (text)

#endif
