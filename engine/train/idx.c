/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* idx.c - reads IDX files. */

#include "idx.h"

#include <ae/error.h>
#include <gio/gio.h>
#include <string.h>

static gboolean
is_gzip (const guint8 *bytes, gsize n)
{
  return n >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

/* All bytes of a file, unpacked. */
static GByteArray *
read_all (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) local = NULL;
  g_autoptr (GInputStream) raw = G_INPUT_STREAM (g_file_read (file, NULL, &local));
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 buffer[65536];
  gssize n = 0;

  if (raw)
    {
      stream = g_buffered_input_stream_new (raw);
      n = g_buffered_input_stream_fill (G_BUFFERED_INPUT_STREAM (stream), 2, NULL, &local);
    }
  if (n > 0)
    {
      gsize have;
      const guint8 *begin = g_buffered_input_stream_peek_buffer (G_BUFFERED_INPUT_STREAM (stream), &have);

      if (is_gzip (begin, have))
        {
          g_autoptr (GZlibDecompressor) unpack = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
          GInputStream *packed = stream;

          stream = g_converter_input_stream_new (packed, G_CONVERTER (unpack));
          g_object_unref (packed);
        }
      while ((n = g_input_stream_read (stream, buffer, sizeof buffer, NULL, &local)) > 0)
        {
          if (bytes->len + (gsize)n > AE_IDX_BYTES_MAX)
            {
              g_set_error (error, AE_ERROR, AE_ERROR_LIMIT, "%s: more than %" G_GSIZE_FORMAT " bytes", path,
                           AE_IDX_BYTES_MAX);
              return NULL;
            }
          g_byte_array_append (bytes, buffer, (guint)n);
        }
    }
  if (local)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: cannot be read: %s", path, local->message);
      return NULL;
    }
  return g_steal_pointer (&bytes);
}

/* Checks a file of `rank` dimensions; *values are its bytes after the header. */
static gboolean
parse (const GByteArray *bytes, const char *path, int rank, guint32 *sizes, const guint8 **values,
       GError **error)
{
  gsize header = 4 + 4 * (gsize)rank, total = 1;

  if (bytes->len < header || bytes->data[0] || bytes->data[1] || bytes->data[2] != 8
      || bytes->data[3] != rank)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                   "%s: not an IDX file of bytes with %d dimension%s (it begins with %02x %02x %02x %02x, "
                   "expected 00 00 08 %02x)",
                   path, rank, rank == 1 ? "" : "s", bytes->len > 0 ? bytes->data[0] : 0,
                   bytes->len > 1 ? bytes->data[1] : 0, bytes->len > 2 ? bytes->data[2] : 0,
                   bytes->len > 3 ? bytes->data[3] : 0, (guint)rank);
      return FALSE;
    }
  for (int i = 0; i < rank; i++)
    {
      const guint8 *b = bytes->data + 4 + 4 * i;

      sizes[i] = (guint32)b[0] << 24 | (guint32)b[1] << 16 | (guint32)b[2] << 8 | b[3];
      if (sizes[i] < 1 || sizes[i] > AE_IDX_BYTES_MAX / total)
        {
          g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                       "%s: dimension %d is %u, expected 1 to %" G_GSIZE_FORMAT, path, i + 1, sizes[i],
                       AE_IDX_BYTES_MAX / total);
          return FALSE;
        }
      total *= sizes[i];
    }
  if (bytes->len - header != total)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                   "%s: %" G_GSIZE_FORMAT " bytes after the header, expected %" G_GSIZE_FORMAT, path,
                   bytes->len - header, total);
      return FALSE;
    }
  *values = bytes->data + header;
  return TRUE;
}

/* sizes: number, channels, height, width. */
static GByteArray *
read_pictures (const char *path, guint32 *sizes, const guint8 **values, GError **error)
{
  g_autoptr (GByteArray) bytes = read_all (path, error);
  gboolean color = bytes && bytes->len > 3 && bytes->data[3] == 4;

  if (!bytes || !parse (bytes, path, color ? 4 : 3, sizes, values, error))
    return NULL;
  if (!color)
    {
      sizes[3] = sizes[2];
      sizes[2] = sizes[1];
      sizes[1] = 1;
    }
  else if (sizes[1] != 3)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, "%s: dimension 2 of 4 is %u, expected 3 (R'G'B')", path,
                   sizes[1]);
      return NULL;
    }
  return g_steal_pointer (&bytes);
}

/* The name of the labels that belong to pictures, if that file is there. */
static char *
find_labels (const char *images)
{
  g_autofree char *folder = g_path_get_dirname (images);
  g_autofree char *name = g_path_get_basename (images);
  const char *at = strstr (name, "images-idx3");
  g_autofree char *labels = NULL;
  char *path;

  if (!at)
    return NULL;
  labels = g_strdup_printf ("%.*slabels-idx1%s", (int)(at - name), name, at + strlen ("images-idx3"));
  path = g_build_filename (folder, labels, NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    g_clear_pointer (&path, g_free);
  return path;
}

static gboolean
read_labels (AeIdx *idx, const char *path, GError **error)
{
  const guint8 *values;
  guint32 n;
  g_autoptr (GByteArray) bytes = read_all (path, error);

  if (!bytes || !parse (bytes, path, 1, &n, &values, error))
    return FALSE;
  if ((int)n != idx->n)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, "%s: %u labels for %d pictures", path, n, idx->n);
      return FALSE;
    }
  idx->labels = g_memdup2 (values, n);
  for (int i = 0; i < idx->n; i++)
    idx->n_classes = MAX (idx->n_classes, idx->labels[i] + 1);
  return TRUE;
}

AeIdx *
ae_idx_load (const char *images, const char *labels, GError **error)
{
  g_autoptr (AeIdx) idx = g_new0 (AeIdx, 1);
  g_autofree char *found = labels ? NULL : find_labels (images);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GByteArray) bytes = NULL;
  const guint8 *values;
  guint32 sizes[4];
  gsize n;

  bytes = read_pictures (images, sizes, &values, error);
  if (!bytes)
    return NULL;
  if (sizes[2] > 4096 || sizes[3] > 4096)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_LIMIT, "%s: pictures of %u x %u pixels, expected at most 4096",
                   images, sizes[3], sizes[2]);
      return NULL;
    }
  idx->n = (int)sizes[0];
  idx->channels = (int)sizes[1];
  idx->height = (int)sizes[2];
  idx->width = (int)sizes[3];
  n = (gsize)idx->n * ae_idx_size (idx);
  idx->pixels = g_memdup2 (values, n);
  if ((labels || found) && !read_labels (idx, labels ? labels : found, error))
    return NULL;
  g_checksum_update (sum, idx->pixels, (gssize)n);
  if (idx->labels)
    g_checksum_update (sum, idx->labels, idx->n);
  idx->digest = g_strdup (g_checksum_get_string (sum));
  return g_steal_pointer (&idx);
}

void
ae_idx_free (AeIdx *idx)
{
  if (!idx)
    return;
  g_free (idx->pixels);
  g_free (idx->labels);
  g_free (idx->digest);
  g_free (idx);
}

gsize
ae_idx_size (const AeIdx *idx)
{
  return (gsize)idx->channels * (gsize)idx->height * (gsize)idx->width;
}

gboolean
ae_idx_save (const guint8 *pixels, int n, int channels, int width, int height, const char *path,
             GError **error)
{
  const int sizes[4] = { n, channels, height, width };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError) local = NULL;
  const guint8 magic[4] = { 0, 0, 8, channels == 1 ? 3 : 4 };

  g_byte_array_append (bytes, magic, sizeof magic);
  for (int i = 0; i < 4; i++)
    {
      guint32 size = GUINT32_TO_BE ((guint32)sizes[i]);

      if (i != 1 || channels != 1)
        g_byte_array_append (bytes, (const guint8 *)&size, sizeof size);
    }
  g_byte_array_append (bytes, pixels, (guint)((gsize)n * (gsize)channels * (gsize)width * (gsize)height));
  if (g_file_set_contents (path, (const char *)bytes->data, (gssize)bytes->len, &local))
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: cannot be written: %s", path, local->message);
  return FALSE;
}
