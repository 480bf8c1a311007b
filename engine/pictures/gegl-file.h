/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* gegl-file.h - picture files through GEGL's operations. */

#ifndef AE_GEGL_FILE_H
#define AE_GEGL_FILE_H

#include <gegl.h>
#include <glib.h>

#include "picture-kind.h"

/*
 * GEGL's operations for files say what is wrong in warnings only, and the
 * libraries below them write to stderr.  Both are caught while an operation
 * runs, by a log handler and by making stderr a file: not for use from two
 * threads at a time.  gegl_init () is up to the caller.
 */

/* The picture, or NULL with AE_ERROR_FORMAT or AE_ERROR_UNSUPPORTED (no such
 * loader here).  Not for JPEG: GEGL's loader ends the process at a damaged one. */
GeglBuffer *ae_gegl_load (const char *path, AePictureKind kind, GError **error);

/* Writes a file of the bits per component that the buffer has, WebP with
 * `quality`.  `name`: of the file in messages.  AE_ERROR_FILE if not all of it
 * has been written. */
gboolean ae_gegl_save (const char *path, const char *name, AePictureKind kind, GeglBuffer *buffer,
                       int quality, GError **error);

#endif
