/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* dataset.c - reads and writes packed training pictures. */

#include "dataset.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <ae/error.h>
#include <ae/tensor-file.h>

struct _AeDataset
{
  char *path;
  AeTensorFile *file;
  GPtrArray *images; /* of const AeTensor, sorted by name */
  char *digest;      /* as recorded */
  gint64 n_pixels;
};

static int
by_name (gconstpointer a, gconstpointer b)
{
  const AeTensor *const *x = a;
  const AeTensor *const *y = b;

  return strcmp ((*x)->name, (*y)->name);
}

static gboolean
check_tensor (const char *path, const AeTensor *tensor, GError **error)
{
  if (tensor->dtype != AE_DTYPE_U8 || tensor->rank != 3 || tensor->dims[2] != 3)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                   "%s: tensor “%s” is not a picture: expected U8 [height][width][3]", path, tensor->name);
      return FALSE;
    }
  if (tensor->dims[0] < 1 || tensor->dims[1] < 1 || tensor->dims[0] > G_MAXINT / 4
      || tensor->dims[1] > G_MAXINT / 4)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_LIMIT,
                   "%s: picture “%s” has %" G_GINT64_FORMAT " × %" G_GINT64_FORMAT
                   " pixels, expected 1 to %d in each direction",
                   path, tensor->name, tensor->dims[1], tensor->dims[0], G_MAXINT / 4);
      return FALSE;
    }
  return TRUE;
}

AeDataset *
ae_dataset_open (const char *path, GError **error)
{
  g_autoptr (AeDataset) dataset = g_new0 (AeDataset, 1);
  const char *kind, *format, *digest;

  dataset->path = g_strdup (path);
  dataset->images = g_ptr_array_new ();
  dataset->file = ae_tensor_file_map (path, error);
  if (!dataset->file)
    return NULL;

  kind = ae_tensor_file_meta (dataset->file, "ae.kind");
  format = ae_tensor_file_meta (dataset->file, "ae.format");
  digest = ae_tensor_file_meta (dataset->file, "ae.sha256");
  if (g_strcmp0 (kind, AE_DATASET_KIND) != 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                   "%s: not a dataset: ae.kind is “%s”, expected “" AE_DATASET_KIND
                   "” (“ae-train prepare” makes one)",
                   path, kind ? kind : "");
      return NULL;
    }
  if (g_strcmp0 (format, AE_DATASET_FORMAT) != 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                   "%s: format “%s” of a dataset is unknown, expected “" AE_DATASET_FORMAT "”", path,
                   format ? format : "");
      return NULL;
    }
  if (!digest || strlen (digest) != 64)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, "%s: ae.sha256 is not a digest of 64 digits", path);
      return NULL;
    }
  dataset->digest = g_strdup (digest);

  for (guint i = 0; i < ae_tensor_file_n_tensors (dataset->file); i++)
    {
      const AeTensor *tensor = ae_tensor_file_nth (dataset->file, i);
      if (!check_tensor (path, tensor, error))
        return NULL;
      dataset->n_pixels += tensor->dims[0] * tensor->dims[1];
      g_ptr_array_add (dataset->images, (gpointer)tensor);
    }
  if (dataset->images->len == 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, "%s: a dataset without pictures", path);
      return NULL;
    }
  g_ptr_array_sort (dataset->images, by_name);
  return g_steal_pointer (&dataset);
}

void
ae_dataset_free (AeDataset *dataset)
{
  if (!dataset)
    return;
  g_ptr_array_free (dataset->images, TRUE);
  ae_tensor_file_free (dataset->file);
  g_free (dataset->digest);
  g_free (dataset->path);
  g_free (dataset);
}

int
ae_dataset_n_images (const AeDataset *dataset)
{
  return (int)dataset->images->len;
}

static const AeTensor *
nth (const AeDataset *dataset, int i)
{
  g_assert (i >= 0 && (guint)i < dataset->images->len);
  return g_ptr_array_index (dataset->images, (guint)i);
}

const char *
ae_dataset_name (const AeDataset *dataset, int i)
{
  return nth (dataset, i)->name;
}

const guint8 *
ae_dataset_image (const AeDataset *dataset, int i, int *width, int *height)
{
  const AeTensor *tensor = nth (dataset, i);

  *height = (int)tensor->dims[0];
  *width = (int)tensor->dims[1];
  return tensor->data;
}

const char *
ae_dataset_digest (const AeDataset *dataset)
{
  return dataset->digest;
}

gint64
ae_dataset_n_pixels (const AeDataset *dataset)
{
  return dataset->n_pixels;
}

gboolean
ae_dataset_verify (AeDataset *dataset, GError **error)
{
  const char *found = ae_tensor_file_digest (dataset->file);

  if (g_str_equal (found, dataset->digest))
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
               "%s: wrong digest: the pictures have SHA-256 %s, expected %s", dataset->path, found,
               dataset->digest);
  return FALSE;
}

struct _AeDatasetWriter
{
  GArray *tensors; /* of AeTensor; names and data owned, but data of a spool are NULL until it is mapped */
  GHashTable *names;
  FILE *spool; /* pixels one after the other, or NULL */
  char *spool_path;
  GMappedFile *mapped; /* all of it */
  gboolean failed;
};

AeDatasetWriter *
ae_dataset_writer_new (void)
{
  AeDatasetWriter *writer = g_new0 (AeDatasetWriter, 1);

  writer->tensors = g_array_new (FALSE, FALSE, sizeof (AeTensor));
  writer->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return writer;
}

void
ae_dataset_writer_free (AeDatasetWriter *writer)
{
  if (!writer)
    return;
  for (guint i = 0; i < writer->tensors->len && !writer->spool; i++)
    g_free (
      (gpointer)g_array_index (writer->tensors, AeTensor, i).data); /* names belong to the set of names */
  g_array_free (writer->tensors, TRUE);
  g_hash_table_unref (writer->names);
  g_clear_pointer (&writer->mapped, g_mapped_file_unref);
  if (writer->spool)
    fclose (writer->spool);
  g_free (writer->spool_path);
  g_free (writer);
}

gboolean
ae_dataset_writer_spool (AeDatasetWriter *writer, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path),
                  *name = g_build_filename (folder, ".ae-pixels-XXXXXX", NULL);
  int fd = g_mkstemp (name);

  g_assert (writer->tensors->len == 0);
  if (fd >= 0)
    {
      g_unlink (name);
      writer->spool = fdopen (fd, "w+b");
    }
  if (!writer->spool)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: no file can be made in its folder: %s", path,
                   g_strerror (errno));
      return FALSE;
    }
  writer->spool_path = g_strdup (path);
  return TRUE;
}

gboolean
ae_dataset_writer_failed (const AeDatasetWriter *writer)
{
  return writer->failed;
}

static gboolean
spool_failed (AeDatasetWriter *writer, GError **error)
{
  writer->failed = TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: cannot write pixels: %s", writer->spool_path,
               g_strerror (errno));
  return FALSE;
}

/* Gives the tensors their data. */
static gboolean
map_spool (AeDatasetWriter *writer, GError **error)
{
  const char *data;
  gsize at = 0;

  if (fflush (writer->spool) != 0)
    return spool_failed (writer, error);
  g_clear_pointer (&writer->mapped, g_mapped_file_unref);
  writer->mapped = g_mapped_file_new_from_fd (fileno (writer->spool), FALSE, NULL);
  if (!writer->mapped)
    return spool_failed (writer, error);
  data = g_mapped_file_get_contents (writer->mapped);
  for (guint i = 0; i < writer->tensors->len; i++)
    {
      AeTensor *tensor = &g_array_index (writer->tensors, AeTensor, i);

      tensor->data = data + at;
      at += tensor->bytes;
    }
  return TRUE;
}

gboolean
ae_dataset_writer_add (AeDatasetWriter *writer, const char *name, guint8 *rgb, int width, int height,
                       GError **error)
{
  AeTensor tensor = { .dtype = AE_DTYPE_U8, .rank = 3, .dims = { height, width, 3, 1 }, .data = rgb };
  char *copy;

  if (!*name || !g_utf8_validate (name, -1, NULL))
    {
      g_autofree char *shown = g_utf8_make_valid (name, -1);
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "“%s” is not a name for a picture: expected UTF-8",
                   shown);
      g_free (rgb);
      return FALSE;
    }
  if (g_hash_table_contains (writer->names, name))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "a picture with the name “%s” is there already", name);
      g_free (rgb);
      return FALSE;
    }
  tensor.bytes = (gsize)width * (gsize)height * 3;
  if (writer->spool)
    {
      size_t written = fwrite (rgb, 1, tensor.bytes, writer->spool);

      g_free (rgb);
      tensor.data = NULL;
      if (written != tensor.bytes)
        return spool_failed (writer, error);
    }
  copy = g_strdup (name);
  g_hash_table_add (writer->names, copy);
  tensor.name = copy;
  g_array_append_val (writer->tensors, tensor);
  return TRUE;
}

int
ae_dataset_writer_n_images (const AeDatasetWriter *writer)
{
  return (int)writer->tensors->len;
}

gboolean
ae_dataset_writer_save (AeDatasetWriter *writer, const char *path, GHashTable *meta, GError **error)
{
  g_autoptr (GHashTable) all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer key, value;

  if (writer->tensors->len == 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: a dataset needs at least one picture", path);
      return FALSE;
    }
  if (writer->spool && !map_spool (writer, error))
    return FALSE;
  if (meta)
    {
      g_hash_table_iter_init (&iter, meta);
      while (g_hash_table_iter_next (&iter, &key, &value))
        g_hash_table_replace (all, g_strdup (key), g_strdup (value));
    }
  g_hash_table_replace (all, g_strdup ("ae.kind"), g_strdup (AE_DATASET_KIND));
  g_hash_table_replace (all, g_strdup ("ae.format"), g_strdup (AE_DATASET_FORMAT));
  g_hash_table_replace (all, g_strdup ("ae.count"), g_strdup_printf ("%u", writer->tensors->len));
  return ae_tensor_file_save (path, (const AeTensor *)(gpointer)writer->tensors->data, writer->tensors->len,
                              all, "ae.sha256", error);
}
