/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* file-list.h - the files below a folder, in an order that does not depend on the machine. */

#ifndef AE_FILE_LIST_H
#define AE_FILE_LIST_H

#include <glib.h>

/*
 * Paths of all regular files below `folder`, relative to it, with '/' between
 * folders, sorted by byte value.  Names that begin with a dot are left out.
 * Links are followed; more than 32 folders within each other are an error.
 * Returns an array of char * with a free function.
 */
GPtrArray *ae_file_list (const char *folder, GError **error);

#endif
