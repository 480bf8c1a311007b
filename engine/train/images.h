/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* images.h - decodes picture files into the values that are stored in them. */

#ifndef AE_IMAGES_H
#define AE_IMAGES_H

#include <glib.h>

/*
 * JPEG, PNG, TIFF, WebP, PNM, OpenEXR and Radiance files, told apart by their
 * first bytes, never by their name.  What is returned are the stored R'G'B'
 * values: no color profile is applied, an orientation tag is not obeyed,
 * linear files get the tone curve of their own color space.  Gray becomes
 * three equal planes.  Alpha is left out, colors under it stay as they are.
 *
 * A file that is missing, empty, truncated, damaged or of another kind gives
 * AE_ERROR_FILE or AE_ERROR_FORMAT with a message that names the file; nothing
 * is returned then.  GEGL is started at need.  Not for use from two threads
 * at a time: warnings of the decoders are caught by a log handler.
 */

#define AE_IMAGE_PIXELS_MAX (1 << 28)

/* rgb: [height][width][3], g_free ().  16-bit and float values are rounded, out of range ones clamped. */
gboolean ae_image_load_rgb8 (const char *path, guint8 **rgb, int *width, int *height, GError **error);

/* planes: [3][height][width], 1.0 = white, g_free ().  Floats are not clamped, NaN and infinity become 0. */
gboolean ae_image_load_rgb (const char *path, float **planes, int *width, int *height, GError **error);

#endif
