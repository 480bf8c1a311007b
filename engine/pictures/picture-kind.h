/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* picture-kind.h - what kind of picture a file is, and whether all of it is there. */

#ifndef AE_PICTURE_KIND_H
#define AE_PICTURE_KIND_H

#include <glib.h>

typedef enum
{
  AE_PICTURE_PNG,
  AE_PICTURE_JPEG,
  AE_PICTURE_TIFF,
  AE_PICTURE_WEBP,
  AE_PICTURE_EXR,
  AE_PICTURE_PNM,
  AE_PICTURE_RADIANCE,
  AE_PICTURE_UNKNOWN
} AePictureKind;

/* "PNG" and so on, as in messages. */
const char *ae_picture_kind_name (AePictureKind kind);

/* By the ending of the name; AE_PICTURE_UNKNOWN if pictures cannot be written as that. */
AePictureKind ae_picture_kind_for_name (const char *path);

/* By the first bytes, never by the name.  AE_ERROR_FILE if the file cannot be
 * read, AE_ERROR_FORMAT if it is empty or not a picture. */
gboolean ae_picture_identify (const char *path, AePictureKind *kind, GError **error);

/* Whether the file is as long as its header says: decoders and encoders are
 * silent about what is missing from PNM, WebP, Radiance and (encoders) PNG files.
 * AE_ERROR_FORMAT if it is shorter; always TRUE for the other kinds, and for a
 * header that makes no sense, which the decoder will tell. */
gboolean ae_picture_check_length (const char *path, AePictureKind kind, GError **error);

#endif
