/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* tensor-file.h - named tensors in a safetensors file: models, checkpoints, packed training data. */

#ifndef AE_TENSOR_FILE_H
#define AE_TENSOR_FILE_H

#include <glib.h>

/*
 * The format is https://github.com/huggingface/safetensors: eight bytes with
 * the length of a JSON header, the header, the data.  Little-endian only.
 * Everything is checked before it is used (see DESIGN of the format in
 * engine/README.md); each error names the file, the tensor, what was found
 * and what was expected.
 */

#define AE_TENSOR_RANK_MAX 4

typedef enum
{
  AE_DTYPE_F32,
  AE_DTYPE_F16,
  AE_DTYPE_U8,
  AE_DTYPE_U64
} AeDType;

typedef struct
{
  const char *name;
  AeDType dtype;
  int rank;
  gint64 dims[AE_TENSOR_RANK_MAX]; /* outermost first; 1 beyond rank */
  gsize bytes;
  const void *data; /* owned by the file; may be unaligned only for U8 */
} AeTensor;

typedef struct _AeTensorFile AeTensorFile;

/* Reads the whole file into memory.  Files larger than max_bytes are refused. */
AeTensorFile *ae_tensor_file_load (const char *path, guint64 max_bytes, GError **error);
/* The same from memory; `name` is used in messages. */
AeTensorFile *ae_tensor_file_load_bytes (GBytes *bytes, const char *name, GError **error);
/* Maps the file; for packed training data, which the trainer owns. */
AeTensorFile *ae_tensor_file_map (const char *path, GError **error);
void ae_tensor_file_free (AeTensorFile *file);

guint ae_tensor_file_n_tensors (const AeTensorFile *file);
const AeTensor *ae_tensor_file_nth (const AeTensorFile *file, guint n);           /* in file order */
const AeTensor *ae_tensor_file_find (const AeTensorFile *file, const char *name); /* NULL if absent */
/* Value of a key of __metadata__, or NULL. */
const char *ae_tensor_file_meta (const AeTensorFile *file, const char *key);
/* All keys, sorted; free with g_strfreev (). */
char **ae_tensor_file_meta_keys (const AeTensorFile *file);
/* SHA-256 of the data section as lower-case hex; owned by the file. */
const char *ae_tensor_file_digest (AeTensorFile *file);

/*
 * Writes a file atomically: a temporary file beside it, fsync, rename.  On
 * error nothing is left and an older file at `path` is untouched.  Tensors are
 * written in the order given; F16 tensors are given as F16 bits.  `meta`:
 * string -> string, may be NULL.  If `digest_key` is not NULL, the SHA-256 of
 * the data section is added to the metadata under that key.
 */
gboolean ae_tensor_file_save (const char *path, const AeTensor *tensors, guint n_tensors, GHashTable *meta,
                              const char *digest_key, GError **error);

/* IEEE 754 binary16, round to nearest even. */
guint16 ae_half_from_float (float value);
float ae_half_to_float (guint16 half);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeTensorFile, ae_tensor_file_free)

#endif
