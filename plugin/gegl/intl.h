/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* intl.h - translates the texts of the operation. */

#ifndef AE_GEGL_INTL_H
#define AE_GEGL_INTL_H

#define _(text) ae_live_text (text)

/* From the catalogs of the project, whatever the program's own are. */
const char *ae_live_text (const char *text) __attribute__ ((format_arg (1)));

#endif
