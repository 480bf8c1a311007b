/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* tensor-file-write.c - writes safetensors files, whole or not at all. */

#include <ae/error.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "intl.h"
#include "quote.h"
#include "tensor-file-private.h"

static void
append_string (GString *json, const char *string)
{
  g_string_append_c (json, '"');
  for (const char *c = string; *c; c++)
    if (*c == '"' || *c == '\\')
      g_string_append_printf (json, "\\%c", *c);
    else if (*c == '\n')
      g_string_append (json, "\\n");
    else if ((guchar)*c < 0x20)
      g_string_append_printf (json, "\\u%04x", (guint)*c);
    else
      g_string_append_c (json, *c);
  g_string_append_c (json, '"');
}

static gboolean
check_string (const char *string, const char *what, GError **error)
{
  if (g_utf8_validate (string, -1, NULL))
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("%s is not valid UTF-8"), what);
  return FALSE;
}

/* Keys in order, so that equal content makes equal files. */
static gboolean
append_meta (GString *json, GHashTable *meta, GError **error)
{
  g_auto (GStrv) keys = ae_sorted_keys (meta);

  if (g_hash_table_size (meta) > AE_TENSOR_META_MAX)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_LIMIT, _ ("more than %d keys of metadata"), AE_TENSOR_META_MAX);
      return FALSE;
    }
  append_string (json, AE_TENSOR_META_KEY);
  g_string_append (json, ":{");
  for (int i = 0; keys[i]; i++)
    {
      const char *value = g_hash_table_lookup (meta, keys[i]);

      if (!check_string (keys[i], _ ("a metadata key"), error) || !check_string (value, keys[i], error))
        return FALSE;
      if (i > 0)
        g_string_append_c (json, ',');
      append_string (json, keys[i]);
      g_string_append_c (json, ':');
      append_string (json, value);
    }
  g_string_append_c (json, '}');
  return TRUE;
}

/* As the reader wants it. */
static gboolean
is_name (const char *name)
{
  if (name[0] == '\0' || strlen (name) > AE_TENSOR_NAME_MAX || g_str_equal (name, AE_TENSOR_META_KEY))
    return FALSE;
  for (const char *c = name; *c; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}

static gboolean
check_tensor (const AeTensor *tensor, GHashTable *names, GError **error)
{
  guint64 bytes = 0;
  gboolean good = tensor->rank >= 0 && tensor->rank <= AE_TENSOR_RANK_MAX;

  for (int d = 0; good && d < tensor->rank; d++)
    good = tensor->dims[d] >= 1;
  if (!good || !ae_tensor_bytes (tensor->dtype, tensor->rank, tensor->dims, &bytes) || bytes != tensor->bytes)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                 _ ("tensor '%s': its shape and its %zu bytes do not agree"), tensor->name, tensor->bytes);
  else if (!check_string (tensor->name, _ ("a tensor's name"), error))
    return FALSE;
  else if (!is_name (tensor->name))
    {
      g_autofree char *shown = ae_quote (tensor->name);

      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("%s cannot be the name of a tensor"), shown);
    }
  else if (!g_hash_table_add (names, (gpointer)tensor->name))
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("tensor '%s' is given twice"), tensor->name);
  else
    return TRUE;
  return FALSE;
}

static gboolean
append_tensors (GString *json, const AeTensor *tensors, guint n_tensors, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  guint64 at = 0;

  if (n_tensors > AE_TENSORS_MAX)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_LIMIT, _ ("%u tensors, more than %d"), n_tensors,
                   AE_TENSORS_MAX);
      return FALSE;
    }
  for (guint i = 0; i < n_tensors; i++)
    {
      const AeTensor *t = &tensors[i];

      if (!check_tensor (t, names, error))
        return FALSE;
      if (json->len > 1)
        g_string_append_c (json, ',');
      append_string (json, t->name);
      g_string_append_printf (json, ":{\"dtype\":\"%s\",\"shape\":[", ae_dtype_name (t->dtype));
      for (int d = 0; d < t->rank; d++)
        g_string_append_printf (json, "%s%" G_GINT64_FORMAT, d ? "," : "", t->dims[d]);
      g_string_append_printf (json, "],\"data_offsets\":[%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT "]}", at,
                              at + t->bytes);
      at += t->bytes;
    }
  return TRUE;
}

static char *
digest_of (const AeTensor *tensors, guint n_tensors)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < n_tensors; i++)
    ae_checksum_update (sum, tensors[i].data, tensors[i].bytes);
  return g_strdup (g_checksum_get_string (sum));
}

/* The length and the header, padded so that the data begins at a multiple of 8. */
static GString *
make_header (const AeTensor *tensors, guint n_tensors, GHashTable *meta, const char *digest_key,
             GError **error)
{
  g_autoptr (GString) json = g_string_new ("{");
  g_autoptr (GHashTable) all = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, NULL);
  g_autofree char *digest = digest_key ? digest_of (tensors, n_tensors) : NULL;
  GHashTableIter iter;
  gpointer key, value;
  guint64 length;

  if (meta)
    {
      g_hash_table_iter_init (&iter, meta);
      while (g_hash_table_iter_next (&iter, &key, &value))
        g_hash_table_insert (all, key, value);
    }
  if (digest_key)
    g_hash_table_insert (all, (gpointer)digest_key, digest);
  if (g_hash_table_size (all) && !append_meta (json, all, error))
    return NULL;
  if (!append_tensors (json, tensors, n_tensors, error))
    return NULL;
  g_string_append_c (json, '}');
  while (json->len % 8)
    g_string_append_c (json, ' ');
  if (json->len > AE_TENSOR_HEADER_MAX)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_LIMIT, _ ("a header of %zu bytes, more than %zu"), json->len,
                   AE_TENSOR_HEADER_MAX);
      return NULL;
    }
  length = json->len;
  g_string_prepend_len (json, (const char *)&length, sizeof length);
  return g_steal_pointer (&json);
}

static gboolean
write_all (int fd, const void *data, gsize size)
{
  for (gsize at = 0; at < size;)
    {
      gssize n = write (fd, (const char *)data + at, MIN (size - at, (gsize)1 << 30));

      if (n >= 0)
        at += (gsize)n;
      else if (errno != EINTR)
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_content (int fd, const GString *header, const AeTensor *tensors, guint n_tensors)
{
  if (!write_all (fd, header->str, header->len))
    return FALSE;
  for (guint i = 0; i < n_tensors; i++)
    if (!write_all (fd, tensors[i].data, tensors[i].bytes))
      return FALSE;
  return fsync (fd) == 0;
}

/* Makes the new name durable; a file system that cannot do it has done its best. */
static void
sync_folder (const char *folder)
{
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd >= 0)
    {
      fsync (fd);
      close (fd);
    }
}

gboolean
ae_tensor_file_save (const char *path, const AeTensor *tensors, guint n_tensors, GHashTable *meta,
                     const char *digest_key, GError **error)
{
  g_autofree char *name = g_filename_display_name (path), *folder = g_path_get_dirname (path);
  g_autofree char *base = g_path_get_basename (path), *temporary = NULL;
  g_autoptr (GString) header = make_header (tensors, n_tensors, meta, digest_key, error);
  int fd, saved = 0;

  if (header == NULL)
    {
      g_prefix_error (error, "%s: ", name);
      return FALSE;
    }
  temporary = g_strdup_printf ("%s%c.%.200s.XXXXXX", folder, G_DIR_SEPARATOR, base);
  fd = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, 0666);
  if (fd < 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, _ ("%s: cannot write in folder %s: %s"), name, folder,
                   g_strerror (errno));
      return FALSE;
    }
  if (!write_content (fd, header, tensors, n_tensors))
    saved = errno;
  if (close (fd) < 0 && saved == 0)
    saved = errno;
  if (saved == 0 && g_rename (temporary, path) < 0)
    saved = errno;
  if (saved)
    {
      g_unlink (temporary);
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, _ ("%s: cannot write: %s"), name, g_strerror (saved));
      return FALSE;
    }
  sync_folder (folder);
  return TRUE;
}
