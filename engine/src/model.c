/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* model.c - a model file, checked against its graph before anything uses it. */

#include <ae/error.h>
#include <ae/model.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "intl.h"
#include "quote.h"
#include "tensor-file-private.h"

#define FORMAT_VERSION "1"

struct _AeModel
{
  int ref_count;
  AeGraph *graph;
  GHashTable *meta;
  float *values; /* of all parameters */
  gsize n_values;
  gsize *offsets; /* of each parameter in values */
};

static gboolean G_GNUC_PRINTF (4, 5)
  fail (GError **error, const char *name, int code, const char *format, ...)
{
  va_list args;
  g_autofree char *message = NULL;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, AE_ERROR, code, "%s: %s", name, message);
  return FALSE;
}

/* "3×16×2×2" or "a single value". */
static char *
shape_text (int rank, const gint64 *dims)
{
  GString *text = g_string_new (rank ? NULL : _ ("a single value"));

  for (int d = 0; d < rank; d++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, d ? "×" : "", dims[d]);
  return g_string_free (text, FALSE);
}

static AeModel *
new_model (AeGraph *graph)
{
  AeModel *model = g_new0 (AeModel, 1);
  int n = ae_graph_n_params (graph);

  model->ref_count = 1;
  model->graph = ae_graph_ref (graph);
  model->meta = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  model->offsets = g_new (gsize, n);
  for (int i = 0; i < n; i++)
    {
      model->offsets[i] = model->n_values;
      model->n_values += ae_graph_param (graph, i)->count;
    }
  return model;
}

static void
set_meta (GHashTable *meta, const char *key, const char *value)
{
  g_hash_table_insert (meta, g_strdup (key), g_strdup (value));
}

/* Tasks and whether their result is larger than the picture. */
static gboolean
check_task (const char *task, const AeGraph *graph, const char *name, GError **error)
{
  static const struct
  {
    const char *name;
    int min_scale, max_scale;
  } tasks[] = {
    { "denoise", 1, 1 },    { "upscale", 2, 4 },  { "jpeg", 1, 1 },
    { "autoencode", 1, 1 }, { "generate", 1, 4 }, { "classify", 1, 1 },
  };
  int scale = ae_graph_scale (graph);
  g_autofree char *shown = NULL;
  const AeNode *picture = ae_graph_node (graph, ae_graph_picture (graph));
  const AeNode *output = ae_graph_node (graph, ae_graph_output (graph));

  for (gsize i = 0; i < G_N_ELEMENTS (tasks); i++)
    if (g_str_equal (task, tasks[i].name))
      {
        if (scale < tasks[i].min_scale || scale > tasks[i].max_scale)
          return fail (error, name, AE_ERROR_FORMAT, _ ("ae.task is %s, but the graph enlarges %d times"),
                       task, scale);
        if (output->vector != g_str_equal (task, "classify"))
          return fail (error, name, AE_ERROR_FORMAT,
                       output->vector ? _ ("ae.task is %s, but the output '%s' is a vector")
                                      : _ ("ae.task is %s, but the output '%s' is a picture"),
                       task, output->name);
        if (!output->vector && output->channels != picture->channels)
          return fail (error, name, AE_ERROR_FORMAT,
                       _ ("the output '%s' has %d channels and the picture '%s' %d"), output->name,
                       output->channels, picture->name, picture->channels);
        return TRUE;
      }
  shown = ae_quote (task);
  return fail (error, name, AE_ERROR_UNSUPPORTED,
               _ ("ae.task is %s, expected denoise, upscale, jpeg, autoencode, generate or classify"), shown);
}

static gboolean
check_finite (const float *values, gsize n, const char *tensor, const char *name, GError **error)
{
  for (gsize i = 0; i < n; i++)
    if (!isfinite (values[i]))
      return fail (error, name, AE_ERROR_FORMAT,
                   isnan (values[i]) ? _ ("tensor '%s': value %zu is NaN, expected finite weights")
                                     : _ ("tensor '%s': value %zu is infinite, expected finite weights"),
                   tensor, i);
  return TRUE;
}

static gboolean
check_tensor (const AeParam *param, const AeTensor *tensor, const char *name, GError **error)
{
  if (tensor == NULL)
    return fail (error, name, AE_ERROR_FORMAT, _ ("tensor '%s' is missing"), param->name);
  if (tensor->dtype != AE_DTYPE_F32 && tensor->dtype != AE_DTYPE_F16)
    return fail (error, name, AE_ERROR_FORMAT, _ ("tensor '%s': dtype %s, expected F32 or F16"), param->name,
                 ae_dtype_name (tensor->dtype));
  if (tensor->rank != param->rank || memcmp (tensor->dims, param->dims, sizeof param->dims) != 0)
    {
      g_autofree char *found = shape_text (tensor->rank, tensor->dims);
      g_autofree char *expected = shape_text (param->rank, param->dims);

      return fail (error, name, AE_ERROR_FORMAT, _ ("tensor '%s': shape %s, expected %s"), param->name, found,
                   expected);
    }
  return TRUE;
}

/* Each parameter has its tensor and each tensor its parameter. */
static gboolean
check_tensors (const AeGraph *graph, const AeTensorFile *file, const char *name, GError **error)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);

  for (int i = 0; i < ae_graph_n_params (graph); i++)
    {
      const AeParam *param = ae_graph_param (graph, i);

      if (!check_tensor (param, ae_tensor_file_find (file, param->name), name, error))
        return FALSE;
      g_hash_table_add (wanted, (gpointer)param->name);
    }
  for (guint i = 0; i < ae_tensor_file_n_tensors (file); i++)
    {
      const char *tensor = ae_tensor_file_nth (file, i)->name;

      if (!g_hash_table_contains (wanted, tensor))
        return fail (error, name, AE_ERROR_FORMAT, _ ("tensor '%s' is not used by the graph"), tensor);
    }
  return TRUE;
}

/* The checks come first: so no more memory is asked for than the file has values. */
static gboolean
take_tensors (AeModel *model, const AeTensorFile *file, const char *name, GError **error)
{
  if (!check_tensors (model->graph, file, name, error))
    return FALSE;
  model->values = g_try_new (float, MAX (model->n_values, 1));
  if (model->values == NULL)
    return fail (error, name, AE_ERROR_MEMORY, _ ("no memory for %zu weights"), model->n_values);
  for (int i = 0; i < ae_graph_n_params (model->graph); i++)
    {
      const AeParam *param = ae_graph_param (model->graph, i);
      const AeTensor *tensor = ae_tensor_file_find (file, param->name);
      float *values = model->values + model->offsets[i];

      if (tensor->dtype == AE_DTYPE_F32)
        memcpy (values, tensor->data, tensor->bytes);
      else
        for (gsize v = 0; v < param->count; v++)
          values[v] = ae_half_to_float (((const guint16 *)tensor->data)[v]);
      if (!check_finite (values, param->count, param->name, name, error))
        return FALSE;
    }
  return TRUE;
}

static const char *
need_meta (const AeTensorFile *file, const char *key, const char *name, GError **error)
{
  const char *value = ae_tensor_file_meta (file, key);

  if (value == NULL)
    fail (error, name, AE_ERROR_FORMAT, _ ("this is not a model: its metadata has no '%s'"), key);
  return value;
}

static AeModel *
model_from_file (AeTensorFile *file, const char *name, GError **error)
{
  const char *version, *task, *text, *digest;
  g_autofree char *graph_name = g_strconcat (name, ": ae.graph", NULL);
  g_autoptr (AeGraph) graph = NULL;
  g_autoptr (AeModel) model = NULL;
  g_auto (GStrv) keys = NULL;

  if ((version = need_meta (file, "ae.format", name, error)) == NULL)
    return NULL;
  if (!g_str_equal (version, FORMAT_VERSION))
    {
      g_autofree char *shown = ae_quote (version);

      fail (error, name, AE_ERROR_UNSUPPORTED, _ ("ae.format is %s, expected '%s'"), shown, FORMAT_VERSION);
      return NULL;
    }
  if ((digest = need_meta (file, "ae.sha256", name, error)) == NULL
      || (task = need_meta (file, "ae.task", name, error)) == NULL
      || (text = need_meta (file, "ae.graph", name, error)) == NULL)
    return NULL;
  if (!g_str_equal (digest, ae_tensor_file_digest (file)))
    {
      g_autofree char *shown = ae_quote (digest);

      fail (error, name, AE_ERROR_FORMAT, _ ("damaged: the SHA-256 of the data is '%s', but ae.sha256 is %s"),
            ae_tensor_file_digest (file), shown);
      return NULL;
    }
  graph = ae_graph_parse (text, graph_name, error);
  if (graph == NULL || !check_task (task, graph, name, error))
    return NULL;
  model = new_model (graph);
  if (!take_tensors (model, file, name, error))
    return NULL;
  keys = ae_tensor_file_meta_keys (file);
  for (int i = 0; keys[i]; i++)
    set_meta (model->meta, keys[i], ae_tensor_file_meta (file, keys[i]));
  return g_steal_pointer (&model);
}

AeModel *
ae_model_load (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autoptr (AeTensorFile) file = ae_tensor_file_load (path, AE_MODEL_BYTES_MAX, error);

  return file ? model_from_file (file, name, error) : NULL;
}

AeModel *
ae_model_load_bytes (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (AeTensorFile) file = NULL;

  if (name == NULL)
    name = _ ("model");
  if (g_bytes_get_size (bytes) > AE_MODEL_BYTES_MAX)
    {
      fail (error, name, AE_ERROR_LIMIT, _ ("%zu bytes, more than the limit of %u"), g_bytes_get_size (bytes),
            AE_MODEL_BYTES_MAX);
      return NULL;
    }
  file = ae_tensor_file_load_bytes (bytes, name, error);
  return file ? model_from_file (file, name, error) : NULL;
}

AeModel *
ae_model_new (AeGraph *graph, const float *params, GHashTable *meta)
{
  AeModel *model = new_model (graph);
  g_autofree char *digest = NULL;
  GHashTableIter iter;
  gpointer key, value;

  model->values = g_new (float, MAX (model->n_values, 1));
  if (model->n_values > 0)
    memcpy (model->values, params, model->n_values * sizeof *params);
  if (meta)
    {
      g_hash_table_iter_init (&iter, meta);
      while (g_hash_table_iter_next (&iter, &key, &value))
        set_meta (model->meta, key, value);
    }
  digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)model->values,
                                        model->n_values * sizeof *model->values);
  set_meta (model->meta, "ae.format", FORMAT_VERSION);
  set_meta (model->meta, "ae.graph", ae_graph_text (graph));
  set_meta (model->meta, "ae.sha256", digest);
  return model;
}

AeModel *
ae_model_ref (AeModel *model)
{
  g_atomic_int_inc (&model->ref_count);
  return model;
}

void
ae_model_unref (AeModel *model)
{
  if (model == NULL || !g_atomic_int_dec_and_test (&model->ref_count))
    return;
  ae_graph_unref (model->graph);
  g_hash_table_unref (model->meta);
  g_free (model->offsets);
  g_free (model->values);
  g_free (model);
}

AeGraph *
ae_model_graph (const AeModel *model)
{
  return model->graph;
}

const char *
ae_model_meta (const AeModel *model, const char *key)
{
  return g_hash_table_lookup (model->meta, key);
}

char **
ae_model_meta_keys (const AeModel *model)
{
  return ae_sorted_keys (model->meta);
}

const float *
ae_model_param (const AeModel *model, int i)
{
  g_return_val_if_fail (i >= 0 && i < ae_graph_n_params (model->graph), NULL);
  return model->values + model->offsets[i];
}

gsize
ae_model_n_values (const AeModel *model)
{
  return model->n_values;
}

const char *
ae_model_digest (const AeModel *model)
{
  return ae_model_meta (model, "ae.sha256");
}

static gboolean
make_halves (const AeModel *model, guint16 *halves, const char *name, GError **error)
{
  for (int p = 0; p < ae_graph_n_params (model->graph); p++)
    {
      const AeParam *param = ae_graph_param (model->graph, p);

      for (gsize i = 0; i < param->count; i++)
        {
          float value = ae_model_param (model, p)[i];
          guint16 half = ae_half_from_float (value);

          if ((half & 0x7c00) == 0x7c00)
            return fail (error, name, AE_ERROR_ARGUMENT,
                         _ ("tensor '%s': value %zu (%g) is too large for F16"), param->name, i,
                         (double)value);
          halves[model->offsets[p] + i] = half;
        }
    }
  return TRUE;
}

gboolean
ae_model_save (const AeModel *model, const char *path, AeDType dtype, GError **error)
{
  int n = ae_graph_n_params (model->graph);
  g_autofree char *name = g_filename_display_name (path);
  g_autofree AeTensor *tensors = g_new0 (AeTensor, MAX (n, 1));
  g_autofree guint16 *halves = NULL;
  const char *task = ae_model_meta (model, "ae.task");

  g_return_val_if_fail (dtype == AE_DTYPE_F32 || dtype == AE_DTYPE_F16, FALSE);
  /* What could not be read again is not written. */
  if (task == NULL)
    return fail (error, name, AE_ERROR_ARGUMENT, _ ("the model has no ae.task"));
  if (!check_task (task, model->graph, name, error))
    return FALSE;
  for (int i = 0; i < n; i++)
    {
      const AeParam *param = ae_graph_param (model->graph, i);

      if (!check_finite (ae_model_param (model, i), param->count, param->name, name, error))
        return FALSE;
    }
  if (dtype == AE_DTYPE_F16)
    {
      halves = g_new (guint16, MAX (model->n_values, 1));
      if (!make_halves (model, halves, name, error))
        return FALSE;
    }
  for (int i = 0; i < n; i++)
    {
      const AeParam *param = ae_graph_param (model->graph, i);

      tensors[i].name = param->name;
      tensors[i].dtype = dtype;
      tensors[i].rank = param->rank;
      memcpy (tensors[i].dims, param->dims, sizeof param->dims);
      tensors[i].bytes = param->count * ae_dtype_size (dtype);
      tensors[i].data = halves ? (gconstpointer)(halves + model->offsets[i]) : ae_model_param (model, i);
    }
  return ae_tensor_file_save (path, tensors, (guint)n, model->meta, "ae.sha256", error);
}
