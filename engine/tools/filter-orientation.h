/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* filter-orientation.h - pictures that were stored as the camera was held, with a note how to turn them. */

#ifndef AE_FILTER_ORIENTATION_H
#define AE_FILTER_ORIENTATION_H

#include <gegl.h>
#include <glib.h>

/* The tag Orientation in the first directory of a TIFF structure, which Exif
 * data are, too (TIFF 6.0, section 2, and Exif 2.32, 4.6.4): 1 to 8, 1 (upright)
 * where there is none or the structure makes no sense. */
int ae_orientation_of_tiff (const guint8 *data, gsize size);
/* The same of the segments APP1 and APP2 of a JPEG file, and of chunks of a PNG file. */
int ae_orientation_of_segments (const GByteArray *segments);
int ae_orientation_of_chunks (const GByteArray *chunks);
/* The same of a TIFF or WebP file; 1 if it cannot be read. */
int ae_orientation_of_file (const char *path);

/* A new buffer with the pixels as they are to be seen, to the bit. */
GeglBuffer *ae_orientation_apply (GeglBuffer *buffer, int orientation);

#endif
