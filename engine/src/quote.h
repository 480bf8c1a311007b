/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* quote.h - text from a file, made fit to stand in a message. */

#ifndef AE_QUOTE_H
#define AE_QUOTE_H

#include <glib.h>

/* 'text' in quotation marks, on one line, without control characters, at most
 * 64 characters of it.  text: UTF-8.  Free with g_free (). */
char *ae_quote (const char *text);

#endif
