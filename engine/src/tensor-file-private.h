/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* tensor-file-private.h - limits of the container and what its header says. */

#ifndef AE_TENSOR_FILE_PRIVATE_H
#define AE_TENSOR_FILE_PRIVATE_H

#include <ae/tensor-file.h>

#define AE_TENSOR_HEADER_MAX ((gsize)8 << 20)
#define AE_TENSORS_MAX 65536
#define AE_TENSOR_META_MAX 1024 /* keys of the metadata */
#define AE_TENSOR_NAME_MAX 255
#define AE_TENSOR_META_KEY "__metadata__"

/* What the header says of a tensor. */
typedef struct
{
  char *name;
  AeDType dtype;
  int rank;
  gint64 dims[AE_TENSOR_RANK_MAX];
  guint64 begin, end; /* in the data section */
} AeTensorEntry;

/* Reads the JSON header: a strict subset, see tensor-file-header.c.  Fills
 * `entries` (AeTensorEntry, with a clear function) and `meta` (string ->
 * string).  Offsets are not checked here. */
gboolean ae_tensor_header_read (const char *text, gsize size, const char *name, GArray *entries,
                                GHashTable *meta, GError **error);

/* Adds data of any size to a checksum: GLib counts wrong where it gets 8 GiB at once. */
void ae_checksum_update (GChecksum *sum, gconstpointer data, gsize size);
/* The keys of a table of strings in order; g_strfreev (). */
char **ae_sorted_keys (GHashTable *table);

/* Bytes of a tensor; FALSE if that overflows. */
gboolean ae_tensor_bytes (AeDType dtype, int rank, const gint64 *dims, guint64 *bytes);
gsize ae_dtype_size (AeDType dtype);
const char *ae_dtype_name (AeDType dtype); /* as in the file */

#endif
