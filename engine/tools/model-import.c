/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* model-import.c - ae-model import: makes a model of weights that were trained elsewhere. */

#include "model-import.h"

#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>

#include <ae/error.h>
#include <ae/model.h>
#include <ae/tensor-file.h>

typedef struct
{
  char *graph, *task, *name, *version, *license, *description, *prefix;
  gboolean half;
} Options;

static void
options_clear (Options *o)
{
  char *texts[] = { o->graph, o->task, o->name, o->version, o->license, o->description, o->prefix };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
}

/* The tensors whose names begin with the prefix, without it. */
static GArray *
take_tensors (const AeTensorFile *state, const char *prefix)
{
  GArray *tensors = g_array_new (FALSE, FALSE, sizeof (AeTensor));

  for (guint i = 0; i < ae_tensor_file_n_tensors (state); i++)
    {
      AeTensor tensor = *ae_tensor_file_nth (state, i);

      if (!g_str_has_prefix (tensor.name, prefix))
        continue;
      tensor.name += strlen (prefix);
      g_array_append_val (tensors, tensor);
    }
  return tensors;
}

static GHashTable *
make_meta (const Options *o, const char *graph)
{
  const char *const meta[][2] = {
    { "ae.format", "1" },
    { "ae.graph", graph },
    { "ae.task", o->task },
    { "ae.name", o->name },
    { "ae.version", o->version ? o->version : "1" },
    { "ae.license", o->license },
    { "ae.description", o->description },
  };
  GHashTable *table = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize i = 0; i < G_N_ELEMENTS (meta); i++)
    if (meta[i][1])
      g_hash_table_insert (table, (gpointer)meta[i][0], (gpointer)meta[i][1]);
  return table;
}

/* Tensors and metadata as the bytes of a file. */
static GBytes *
pack (const GArray *tensors, GHashTable *meta, GError **error)
{
  g_autofree char *path = NULL, *content = NULL;
  gsize size;
  int fd = g_file_open_tmp ("ae-model-XXXXXX", &path, error);
  gboolean ok;

  if (fd < 0)
    return NULL;
  g_close (fd, NULL);
  ok = ae_tensor_file_save (path, (const AeTensor *)(const void *)tensors->data, tensors->len, meta,
                            "ae.sha256", error)
       && g_file_get_contents (path, &content, &size, error);
  g_unlink (path);
  return ok ? g_bytes_new_take (g_steal_pointer (&content), size) : NULL;
}

/* The model goes through all checks that one from a file goes through, before anything is written. */
static gboolean
import (const Options *o, const char *state_path, const char *out, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) local = NULL;
  g_autoptr (AeTensorFile) state = ae_tensor_file_load (state_path, AE_MODEL_BYTES_MAX, error);
  g_autoptr (AeGraph) graph = NULL;
  g_autoptr (GArray) tensors = NULL;
  g_autoptr (GHashTable) meta = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (AeModel) model = NULL;

  if (!state)
    return FALSE;
  if (!g_file_get_contents (o->graph, &text, NULL, &local))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: cannot be read: %s", o->graph, local->message);
      return FALSE;
    }
  graph = ae_graph_parse (text, o->graph, error);
  if (!graph)
    return FALSE;
  tensors = take_tensors (state, o->prefix ? o->prefix : "");
  meta = make_meta (o, text);
  bytes = pack (tensors, meta, error);
  model = bytes ? ae_model_load_bytes (bytes, state_path, error) : NULL;
  return model && ae_model_save (model, out, o->half ? AE_DTYPE_F16 : AE_DTYPE_F32, error);
}

int
ae_model_import_main (int argc, char **argv)
{
  Options o = { NULL };
  const GOptionEntry entries[] = {
    { "graph", 'g', 0, G_OPTION_ARG_FILENAME, &o.graph, "Text of the network's graph", "FILE" },
    { "task", 't', 0, G_OPTION_ARG_STRING, &o.task, "denoise, upscale, …", "TASK" },
    { "name", 'n', 0, G_OPTION_ARG_STRING, &o.name, "Name of the model", "NAME" },
    { "license", 'l', 0, G_OPTION_ARG_STRING, &o.license, "SPDX expression for the weights", "LICENSE" },
    { "model-version", 0, 0, G_OPTION_ARG_STRING, &o.version, "Version of the model (1)", "TEXT" },
    { "description", 'd', 0, G_OPTION_ARG_STRING, &o.description, "What it does", "TEXT" },
    { "prefix", 'p', 0, G_OPTION_ARG_STRING, &o.prefix,
      "Take only tensors whose names begin so, and take this away", "TEXT" },
    { "half", 0, 0, G_OPTION_ARG_NONE, &o.half, "Store the weights as 16-bit floats", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("STATE.safetensors OUT.safetensors");
  g_autoptr (GError) error = NULL;
  int status = 1;

  g_set_prgname ("ae-model import");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (
    context, "Makes a model of weights in safetensors, such as a state dict of PyTorch, and\n"
             "the text of a graph whose operations have the names of the modules.");
  if (!g_option_context_parse (context, &argc, &argv, &error))
    fprintf (stderr, "ae-model: %s\n", error->message);
  else if (argc != 3 || !o.graph || !o.task || !o.name)
    fputs ("ae-model: expected import --graph FILE --task TASK --name NAME STATE OUT; ae-model import --help "
           "tells "
           "more\n",
           stderr);
  else if (!import (&o, argv[1], argv[2], &error))
    fprintf (stderr, "ae-model: %s\n", error->message);
  else
    status = 0;
  options_clear (&o);
  return status;
}
