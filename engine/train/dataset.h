/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* dataset.h - many 8-bit pictures packed in one file that is mapped for training. */

#ifndef AE_DATASET_H
#define AE_DATASET_H

#include <glib.h>

/*
 * A safetensors file with one tensor U8 [height][width][3] (R'G'B') per
 * picture, named by the picture's path below the folder it came from, and the
 * metadata
 *
 *   ae.kind    "dataset"
 *   ae.format  "1"
 *   ae.count   number of pictures
 *   ae.sha256  digest of the data section
 *
 * A dataset is constant; all functions but open and free may be called from
 * any number of threads.
 */

#define AE_DATASET_KIND "dataset"
#define AE_DATASET_FORMAT "1"

typedef struct _AeDataset AeDataset;

/* Maps the file and checks the kind and shape of everything in it (not the
 * digest, which would read it all).  Pictures are sorted by name. */
AeDataset *ae_dataset_open (const char *path, GError **error);
void ae_dataset_free (AeDataset *dataset);

int ae_dataset_n_images (const AeDataset *dataset); /* >= 1 */
/* Owned by the dataset, as are the pixels: [height][width][3]. */
const char *ae_dataset_name (const AeDataset *dataset, int i);
const guint8 *ae_dataset_image (const AeDataset *dataset, int i, int *width, int *height);
/* The recorded SHA-256 of all pixels, lower-case hex. */
const char *ae_dataset_digest (const AeDataset *dataset);
gint64 ae_dataset_n_pixels (const AeDataset *dataset); /* of all pictures */
/* Reads everything and compares it with the recorded digest. */
gboolean ae_dataset_verify (AeDataset *dataset, GError **error);

/* Collects pictures and writes them. */
typedef struct _AeDatasetWriter AeDatasetWriter;

AeDatasetWriter *ae_dataset_writer_new (void);
void ae_dataset_writer_free (AeDatasetWriter *writer);
/*
 * From now on pixels are kept in a nameless file in the folder of `path` instead
 * of in memory, for folders of any size.  A picture that cannot be written there
 * gives AE_ERROR_FILE, and the writer is of no use then; see _failed ().
 */
gboolean ae_dataset_writer_spool (AeDatasetWriter *writer, const char *path, GError **error);
gboolean ae_dataset_writer_failed (const AeDatasetWriter *writer);
/* Takes rgb (g_free ()); the name must be new, not empty and valid UTF-8. */
gboolean ae_dataset_writer_add (AeDatasetWriter *writer, const char *name, guint8 *rgb, int width, int height,
                                GError **error);
int ae_dataset_writer_n_images (const AeDatasetWriter *writer);
/* Atomically; meta: further metadata, may be NULL. */
gboolean ae_dataset_writer_save (AeDatasetWriter *writer, const char *path, GHashTable *meta, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeDataset, ae_dataset_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeDatasetWriter, ae_dataset_writer_free)

#endif
