/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* filter-file.h - picture files as buffers in the format that is stored in them, and back. */

#ifndef AE_FILTER_FILE_H
#define AE_FILTER_FILE_H

#include <gegl.h>
#include <glib.h>

#include "pictures/picture-kind.h"

/* A picture and what its file says beside the pixels. */
typedef struct
{
  AePictureKind kind;
  GeglBuffer *buffer;
  /* JPEG: the segments APP1 (Exif, XMP) and APP2 (color profile); PNG: the chunks about color, resolution,
   * Exif and text.  As they stand in the file, one after the other. */
  GByteArray *extra;
  int orientation; /* how the picture is to be turned, as in Exif: 1 (it is upright) to 8 */
} AeFilePicture;

/*
 * Reads a picture, whatever its name: the first bytes decide.  Values stay as
 * stored: no profile is applied.  AE_ERROR_FILE if the file cannot be read,
 * AE_ERROR_FORMAT if it is not a picture or damaged.
 */
gboolean ae_file_load (const char *path, AeFilePicture *picture, GError **error);
void ae_file_picture_clear (AeFilePicture *picture);

/* A file that takes the place of another at the end, or leaves no trace. */
typedef struct
{
  char *path;      /* that is wanted */
  char *temporary; /* beside it; NULL if there is none */
  AePictureKind kind;
} AeFileTarget;

/* Makes the temporary file, so that a folder that cannot be written to is
 * found before the work is done.  AE_ERROR_ARGUMENT for endings that are not
 * known, AE_ERROR_FILE with the cause. */
gboolean ae_file_target_open (AeFileTarget *target, const char *path, GError **error);
/* Whether that kind of file can hold so many pixels: AE_ERROR_LIMIT with the limit. */
gboolean ae_file_target_check_size (const AeFileTarget *target, int width, int height, GError **error);
/* Writes the picture: as many bits as its format has (JPEG and WebP: 8), and
 * what `extra` holds if the kind of file is still the same; else it is turned
 * as `orientation` says. */
gboolean ae_file_target_save (AeFileTarget *target, const AeFilePicture *picture, int quality,
                              GError **error);
/* Puts the file in its place. */
gboolean ae_file_target_commit (AeFileTarget *target, GError **error);
/* Removes the temporary file if it is still there. */
void ae_file_target_clear (AeFileTarget *target);

#endif
