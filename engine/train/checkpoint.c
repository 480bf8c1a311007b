/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* checkpoint.c - writes and reads the state of a run. */

#include "checkpoint.h"

#include <ae/error.h>
#include <ae/tensor-file.h>
#include <glib/gstdio.h>
#include <string.h>

#define PREFIX "checkpoint-"
#define SUFFIX ".safetensors"

/* The step in the name of a checkpoint, or -1. */
static gint64
step_of_name (const char *name)
{
  char *end;
  gint64 step;

  if (!g_str_has_prefix (name, PREFIX))
    return -1;
  step = g_ascii_strtoll (name + strlen (PREFIX), &end, 10);
  return strcmp (end, SUFFIX) == 0 ? step : -1;
}

static gint
compare_steps (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return x < y ? 1 : x > y ? -1 : 0;
}

/* Steps of all checkpoints in a folder, newest first. */
static GArray *
list_steps (const char *folder)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (gint64));
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      gint64 step = step_of_name (name);

      if (step >= 0)
        g_array_append_val (steps, step);
    }
  if (dir)
    g_dir_close (dir);
  g_array_sort (steps, compare_steps);
  return steps;
}

static char *
path_of_step (const char *folder, gint64 step)
{
  g_autofree char *name = g_strdup_printf (PREFIX "%" G_GINT64_FORMAT SUFFIX, step);

  return g_build_filename (folder, name, NULL);
}

char *
ae_checkpoint_newest (const char *folder)
{
  g_autoptr (GArray) steps = list_steps (folder);

  return steps->len ? path_of_step (folder, g_array_index (steps, gint64, 0)) : NULL;
}

gboolean
ae_checkpoint_save (const char *folder, const AeOptimizer *o, gint64 step, const AeCheckpointKey *key,
                    int keep, GError **error)
{
  static const char *const names[] = { "params", "m", "v", "ema" };
  const float *data[] = { o->params, o->m, o->v, o->ema };
  AeTensor tensors[G_N_ELEMENTS (names)];
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *path = path_of_step (folder, step);
  g_autofree char *step_text = g_strdup_printf ("%" G_GINT64_FORMAT, step);
  g_autoptr (GArray) steps = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    tensors[i] = (AeTensor){
      .name = names[i],
      .dtype = AE_DTYPE_F32,
      .rank = 1,
      .dims = { (gint64)o->n, 1, 1, 1 },
      .bytes = o->n * sizeof (float),
      .data = data[i],
    };
  g_hash_table_insert (meta, (gpointer) "ae.kind", (gpointer) "checkpoint");
  g_hash_table_insert (meta, (gpointer) "ae.step", step_text);
  g_hash_table_insert (meta, (gpointer) "ae.recipe", (gpointer)key->recipe);
  g_hash_table_insert (meta, (gpointer) "ae.graph", (gpointer)key->graph);
  g_hash_table_insert (meta, (gpointer) "ae.data", (gpointer)key->data);
  if (!ae_tensor_file_save (path, tensors, G_N_ELEMENTS (tensors), meta, "ae.sha256", error))
    return FALSE;
  steps = list_steps (folder);
  for (guint i = (guint)keep; i < steps->len; i++)
    {
      g_autofree char *old = path_of_step (folder, g_array_index (steps, gint64, i));

      g_unlink (old);
    }
  return TRUE;
}

void
ae_checkpoint_clean (const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    if (name[0] == '.' && strstr (name, SUFFIX "."))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);

        g_unlink (path);
      }
  if (dir)
    g_dir_close (dir);
}

static gboolean
agrees (AeTensorFile *file, const char *path, const char *meta, const char *expected, const char *what,
        GError **error)
{
  const char *value = ae_tensor_file_meta (file, meta);

  if (value && strcmp (value, expected) == 0)
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
               "%s: was made with another %s; use a new run folder, or --init to start from its weights",
               path, what);
  return FALSE;
}

gboolean
ae_checkpoint_load (const char *path, AeOptimizer *o, gint64 *step, const AeCheckpointKey *key,
                    GError **error)
{
  static const char *const names[] = { "params", "m", "v", "ema" };
  float *data[] = { o->params, o->m, o->v, o->ema };
  g_autoptr (AeTensorFile) file = ae_tensor_file_load (path, G_MAXUINT32, error);
  const char *kind, *text;

  if (!file)
    return FALSE;
  kind = ae_tensor_file_meta (file, "ae.kind");
  if (g_strcmp0 (kind, "checkpoint") != 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, "%s: not a checkpoint", path);
      return FALSE;
    }
  if (!agrees (file, path, "ae.recipe", key->recipe, "recipe", error)
      || !agrees (file, path, "ae.graph", key->graph, "network", error)
      || !agrees (file, path, "ae.data", key->data, "set of training pictures", error)
      || !agrees (file, path, "ae.sha256", ae_tensor_file_digest (file), "digest than its data has", error))
    return FALSE;
  text = ae_tensor_file_meta (file, "ae.step");
  *step = text ? g_ascii_strtoll (text, NULL, 10) : 0;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const AeTensor *t = ae_tensor_file_find (file, names[i]);

      if (!t || t->dtype != AE_DTYPE_F32 || t->bytes != o->n * sizeof (float))
        {
          g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                       "%s: tensor %s is missing or has another size than %zu values", path, names[i], o->n);
          return FALSE;
        }
      memcpy (data[i], t->data, t->bytes);
    }
  return TRUE;
}
