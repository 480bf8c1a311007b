/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* catalogs.h - where the translations are. */

#ifndef AE_CATALOGS_H
#define AE_CATALOGS_H

/*
 * Tells gettext the folder <folder>/<language>/LC_MESSAGES of our catalogs and
 * returns <folder>: that of the environment variable AE_LOCALE_PATH, as
 * for a program that is not installed, or that of the installation.  Constant
 * string.  To be called before the first translated text, after setlocale ();
 * a program that calls neither gets the messages of the engine in English.
 */
const char *ae_catalogs_bind (void);

#endif
