/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* idx.h - small pictures with their classes, in the IDX format of MNIST. */

#ifndef AE_IDX_H
#define AE_IDX_H

#include <glib.h>

/*
 * IDX (LeCun, Cortes: "The MNIST database"): big-endian, 0 0 8 <dimensions>,
 * a size of 4 bytes for each dimension, then bytes.  Gray pictures have three
 * dimensions (number, height, width), R'G'B' pictures four (number, 3, height,
 * width), labels one.  Files may be compressed with gzip.  Constant once read; any number of threads may use
 * it.
 */

#define AE_IDX_BYTES_MAX ((gsize)1 << 30) /* unpacked */

typedef struct
{
  int n, channels, width, height; /* channels: 1 or 3 */
  guint8 *pixels;                 /* [n][channels][height][width], 0 black */
  guint8 *labels;                 /* [n] or NULL */
  int n_classes;                  /* 1 + the largest label; 0 without labels */
  char *digest;                   /* SHA-256 of pixels, then labels, lower-case hex */
} AeIdx;

/*
 * Reads the file of the pictures.  labels: the file of their classes; NULL: the
 * file beside it whose name has "labels-idx1" for "images-idx3", if there is one.
 */
AeIdx *ae_idx_load (const char *images, const char *labels, GError **error);
/* Writes pictures [n][channels][height][width], not packed, atomically. */
gboolean ae_idx_save (const guint8 *pixels, int n, int channels, int width, int height, const char *path,
                      GError **error);
/* Values of one picture. */
gsize ae_idx_size (const AeIdx *idx);
void ae_idx_free (AeIdx *idx);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeIdx, ae_idx_free)

#endif
