/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* filter-png.h - the chunks of PNG files that are not pixels. */

#ifndef AE_FILTER_PNG_H
#define AE_FILTER_PNG_H

#include <glib.h>

/* Appends the chunks about color, resolution, Exif and text, as they stand in
 * the file, to `chunks`.  Chunks that cannot be read are left out: whoever
 * decodes the picture will say what is wrong. */
void ae_png_read_chunks (const char *path, GByteArray *chunks);

/* Writes the file anew with these chunks instead of those of the same kind. */
gboolean ae_png_replace_chunks (const char *path, const GByteArray *chunks, GError **error);

/* GEGL writes the inverse of gamma for spaces without a profile: a value above 1 cannot be meant and is
 * removed. */
gboolean ae_png_drop_wrong_gamma (const char *path, GError **error);

#endif
