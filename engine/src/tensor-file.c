/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* tensor-file.c - reads safetensors files and checks all that they say. */

#include <ae/error.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "intl.h"
#include "tensor-file-private.h"

#if G_BYTE_ORDER != G_LITTLE_ENDIAN
#error "tensor files are little-endian, and so must the machine be"
#endif

#define LENGTH_BYTES 8 /* of the number that says how long the header is */
#define CHECKSUM_BYTES ((gsize)1 << 30)

struct _AeTensorFile
{
  GBytes *bytes;
  const guint8 *data; /* the data section */
  gsize data_size;
  GArray *tensors;    /* AeTensor */
  GPtrArray *strings; /* their names */
  GPtrArray *copies;  /* data of tensors that do not lie aligned in the file */
  GHashTable *index;  /* name -> AeTensor */
  GHashTable *meta;
  char *digest;
};

static const struct
{
  const char *name;
  gsize size;
} dtypes[] = {
  [AE_DTYPE_F32] = { "F32", 4 },
  [AE_DTYPE_F16] = { "F16", 2 },
  [AE_DTYPE_U8] = { "U8", 1 },
  [AE_DTYPE_U64] = { "U64", 8 },
};

gsize
ae_dtype_size (AeDType dtype)
{
  return dtypes[dtype].size;
}

const char *
ae_dtype_name (AeDType dtype)
{
  return dtypes[dtype].name;
}

gboolean
ae_tensor_bytes (AeDType dtype, int rank, const gint64 *dims, guint64 *bytes)
{
  *bytes = ae_dtype_size (dtype);
  for (int i = 0; i < rank; i++)
    if (!g_uint64_checked_mul (bytes, *bytes, (guint64)dims[i]))
      return FALSE;
  return *bytes <= G_MAXINT64;
}

static void
clear_entry (gpointer entry)
{
  g_free (((AeTensorEntry *)entry)->name);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const AeTensorEntry *x = a, *y = b;

  return x->begin != y->begin ? (x->begin < y->begin ? -1 : 1) : (x->end > y->end) - (x->end < y->end);
}

/* The tensors, in order, must fill the data section without holes or overlaps. */
static gboolean
check_layout (const GArray *entries, guint64 data_size, const char *name, GError **error)
{
  guint64 at = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      const AeTensorEntry *e = &g_array_index (entries, AeTensorEntry, i);
      guint64 bytes;

      if (!ae_tensor_bytes (e->dtype, e->rank, e->dims, &bytes))
        {
          g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, _ ("%s: tensor '%s': its size overflows"), name,
                       e->name);
          return FALSE;
        }
      if (e->end < e->begin || e->end - e->begin != bytes)
        {
          g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                       _ ("%s: tensor '%s': data_offsets %" PRIu64 " to %" PRIu64
                          ", but its shape needs %" PRIu64 " bytes"),
                       name, e->name, e->begin, e->end, bytes);
          return FALSE;
        }
      if (e->begin != at)
        {
          g_set_error (
            error, AE_ERROR, AE_ERROR_FORMAT,
            _ ("%s: tensor '%s' begins at byte %" PRIu64 " of the data, expected %" PRIu64 " (%s)"), name,
            e->name, e->begin, at, e->begin < at ? _ ("tensors overlap") : _ ("a hole between tensors"));
          return FALSE;
        }
      if (e->end > data_size)
        {
          g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                       _ ("%s: truncated: tensor '%s' ends at byte %" PRIu64
                          " of the data, but there are only %" PRIu64),
                       name, e->name, e->end, data_size);
          return FALSE;
        }
      at = e->end;
    }
  if (at != data_size)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                   _ ("%s: %" PRIu64 " bytes of data, but the tensors have %" PRIu64), name, data_size, at);
      return FALSE;
    }
  return TRUE;
}

static void
add_tensors (AeTensorFile *file, GArray *entries)
{
  /* Of the final size at once: the index points into it. */
  g_array_set_size (file->tensors, entries->len);
  for (guint i = 0; i < entries->len; i++)
    {
      AeTensorEntry *e = &g_array_index (entries, AeTensorEntry, i);
      AeTensor *t = &g_array_index (file->tensors, AeTensor, i);
      const guint8 *data = file->data + e->begin;

      t->name = e->name;
      t->dtype = e->dtype;
      t->rank = e->rank;
      memcpy (t->dims, e->dims, sizeof t->dims);
      t->bytes = (gsize)(e->end - e->begin);
      if (GPOINTER_TO_SIZE (data) % ae_dtype_size (e->dtype))
        {
          t->data = g_memdup2 (data, t->bytes);
          g_ptr_array_add (file->copies, (gpointer)t->data);
        }
      else
        t->data = data;
      g_ptr_array_add (file->strings, g_steal_pointer (&e->name));
      g_hash_table_insert (file->index, (gpointer)t->name, t);
    }
}

static gboolean
find_header (GBytes *bytes, const char *name, gsize *header, GError **error)
{
  gsize size;
  const guint8 *start = g_bytes_get_data (bytes, &size);
  guint64 length;

  if (size == 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, _ ("%s: the file is empty"), name);
      return FALSE;
    }
  if (size < LENGTH_BYTES + 2)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, _ ("%s: %zu bytes are too few for a safetensors file"),
                   name, size);
      return FALSE;
    }
  memcpy (&length, start, sizeof length);
  /* A file of another kind has its text here, which makes a huge number. */
  if (length > AE_TENSOR_HEADER_MAX)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                   _ ("%s: not a safetensors file (a header of %" PRIu64 " bytes, expected at most %zu)"),
                   name, length, AE_TENSOR_HEADER_MAX);
      return FALSE;
    }
  if (length > size - LENGTH_BYTES)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                   _ ("%s: truncated: a header of %" PRIu64 " bytes in a file of %zu"), name, length, size);
      return FALSE;
    }
  *header = (gsize)length;
  return TRUE;
}

AeTensorFile *
ae_tensor_file_load_bytes (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (AeTensorFile) file = g_new0 (AeTensorFile, 1);
  g_autoptr (GArray) entries = g_array_new (FALSE, TRUE, sizeof (AeTensorEntry));
  const guint8 *start;
  gsize header;

  g_array_set_clear_func (entries, clear_entry);
  if (name == NULL)
    name = _ ("tensor file");
  file->bytes = g_bytes_ref (bytes);
  file->tensors = g_array_new (FALSE, TRUE, sizeof (AeTensor));
  file->strings = g_ptr_array_new_with_free_func (g_free);
  file->copies = g_ptr_array_new_with_free_func (g_free);
  file->index = g_hash_table_new (g_str_hash, g_str_equal);
  file->meta = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!find_header (bytes, name, &header, error))
    return NULL;
  start = g_bytes_get_data (bytes, NULL);
  file->data = start + LENGTH_BYTES + header;
  file->data_size = g_bytes_get_size (bytes) - LENGTH_BYTES - header;
  if (!ae_tensor_header_read ((const char *)start + LENGTH_BYTES, header, name, entries, file->meta, error))
    return NULL;
  g_array_sort (entries, compare_entries);
  if (!check_layout (entries, file->data_size, name, error))
    return NULL;
  add_tensors (file, entries);
  return g_steal_pointer (&file);
}

/* Opens a regular file; its size in *size.  O_NONBLOCK: a pipe without a writer must not stop us. */
static int
open_regular (const char *path, const char *name, guint64 *size, GError **error)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  struct stat st;

  if (fd < 0 || fstat (fd, &st) < 0)
    g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: %s", name, g_strerror (errno));
  else if (!S_ISREG (st.st_mode))
    g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: %s", name,
                 S_ISDIR (st.st_mode) ? _ ("this is a folder, not a file") : _ ("not a regular file"));
  else
    {
      *size = (guint64)st.st_size;
      return fd;
    }
  if (fd >= 0)
    close (fd);
  return -1;
}

static gboolean
read_all (int fd, guint8 *to, gsize size, const char *name, GError **error)
{
  for (gsize at = 0; at < size;)
    {
      gssize n = read (fd, to + at, MIN (size - at, (gsize)1 << 30));

      if (n > 0)
        at += (gsize)n;
      else if (n == 0 || errno != EINTR)
        {
          g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: %s", name,
                       n == 0 ? _ ("the file became shorter while it was read") : g_strerror (errno));
          return FALSE;
        }
    }
  return TRUE;
}

AeTensorFile *
ae_tensor_file_load (const char *path, guint64 max_bytes, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autoptr (GBytes) bytes = NULL;
  guint64 size = 0;
  guint8 *memory;
  int fd = open_regular (path, name, &size, error);
  gboolean good;

  if (fd < 0)
    return NULL;
  if (size > max_bytes)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_LIMIT,
                   _ ("%s: %" PRIu64 " bytes, more than the limit of %" PRIu64), name, size, max_bytes);
      close (fd);
      return NULL;
    }
  memory = g_try_malloc (MAX (size, 1));
  if (memory == NULL)
    g_set_error (error, AE_ERROR, AE_ERROR_MEMORY, _ ("%s: no memory for %" PRIu64 " bytes"), name, size);
  good = memory && read_all (fd, memory, (gsize)size, name, error);
  close (fd);
  bytes = g_bytes_new_take (memory, memory ? (gsize)size : 0);
  return good ? ae_tensor_file_load_bytes (bytes, name, error) : NULL;
}

AeTensorFile *
ae_tensor_file_map (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autoptr (GMappedFile) map = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) cause = NULL;
  guint64 size;
  int fd = open_regular (path, name, &size, error);

  if (fd < 0)
    return NULL;
  map = g_mapped_file_new_from_fd (fd, FALSE, &cause);
  close (fd);
  if (map == NULL)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: %s", name, cause->message);
      return NULL;
    }
  bytes = g_mapped_file_get_bytes (map);
  return ae_tensor_file_load_bytes (bytes, name, error);
}

void
ae_tensor_file_free (AeTensorFile *file)
{
  if (file == NULL)
    return;
  g_array_unref (file->tensors);
  g_ptr_array_unref (file->strings);
  g_ptr_array_unref (file->copies);
  g_hash_table_unref (file->index);
  g_hash_table_unref (file->meta);
  g_bytes_unref (file->bytes);
  g_free (file->digest);
  g_free (file);
}

guint
ae_tensor_file_n_tensors (const AeTensorFile *file)
{
  return file->tensors->len;
}

const AeTensor *
ae_tensor_file_nth (const AeTensorFile *file, guint n)
{
  g_return_val_if_fail (n < file->tensors->len, NULL);
  return &g_array_index (file->tensors, AeTensor, n);
}

const AeTensor *
ae_tensor_file_find (const AeTensorFile *file, const char *name)
{
  return g_hash_table_lookup (file->index, name);
}

const char *
ae_tensor_file_meta (const AeTensorFile *file, const char *key)
{
  return g_hash_table_lookup (file->meta, key);
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

char **
ae_sorted_keys (GHashTable *table)
{
  GPtrArray *keys = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (keys, g_strdup (key));
  g_ptr_array_sort (keys, compare_strings);
  g_ptr_array_add (keys, NULL);
  return (char **)g_ptr_array_free (keys, FALSE);
}

char **
ae_tensor_file_meta_keys (const AeTensorFile *file)
{
  return ae_sorted_keys (file->meta);
}

void
ae_checksum_update (GChecksum *sum, gconstpointer data, gsize size)
{
  for (gsize at = 0; at < size; at += CHECKSUM_BYTES)
    g_checksum_update (sum, (const guchar *)data + at, (gssize)MIN (size - at, CHECKSUM_BYTES));
}

const char *
ae_tensor_file_digest (AeTensorFile *file)
{
  if (file->digest == NULL)
    {
      g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

      ae_checksum_update (sum, file->data, file->data_size);
      file->digest = g_strdup (g_checksum_get_string (sum));
    }
  return file->digest;
}
