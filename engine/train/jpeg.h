/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* jpeg.h - what compression as JPEG leaves of a picture. */

#ifndef AE_JPEG_H
#define AE_JPEG_H

#include <glib.h>

/*
 * Compresses and decompresses a picture by libjpeg, in place: 8 bit
 * [height][width][channels], channels 1 (gray) or 3 (R'G'B').  quality: 1 to
 * 100, scaled tables of the standard.  subsample: color at half the resolution
 * in both directions (4:2:0), else 4:4:4; of no meaning for gray.  Thread-safe.
 */
void ae_jpeg_compress (guint8 *bytes, int width, int height, int channels, int quality, gboolean subsample);

#endif
