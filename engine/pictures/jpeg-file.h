/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* jpeg-file.h - JPEG files as buffers and back. */

#ifndef AE_JPEG_FILE_H
#define AE_JPEG_FILE_H

#include <gegl.h>
#include <glib.h>

/* GEGL's operations end the process at a damaged file and lose Exif; these do not. */

/* The picture, or NULL with AE_ERROR_FILE, AE_ERROR_FORMAT, AE_ERROR_LIMIT (more than `pixels_max`) or
 * AE_ERROR_UNSUPPORTED (four components).  Segments APP1 and APP2 are appended to `segments`, and the buffer
 * has the space of the profile among them; NULL: neither is of interest. */
GeglBuffer *ae_jpeg_load (const char *path, guint64 pixels_max, GByteArray *segments, GError **error);

/* Writes 8-bit gray or RGB; transparent pixels come on white.  `segments`
 * (may be NULL) are written as they are; without them, the color profile of
 * the buffer's space unless it is sRGB.  `name`: of the file in messages. */
gboolean ae_jpeg_save (const char *path, const char *name, GeglBuffer *buffer, const GByteArray *segments,
                       int quality, GError **error);

#endif
