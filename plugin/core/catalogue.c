/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* catalogue.c - finds models in folders and loads them by name. */

#include "catalogue.h"

#include <ae/error.h>
#include <ae/tensor-file.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>
#include "intl.h"

#define ENDING ".safetensors"
#define SUBFOLDER "gimp-autoencoder"
#define DEFAULT_DENOISE "denoise-fast"

struct _AeCatalogue
{
  GPtrArray *entries; /* AeCatalogueEntry, by name */
};

/* An entry owns its strings. */
void
ae_catalogue_entry_free (AeCatalogueEntry *e)
{
  if (!e)
    return;
  g_free ((char *)e->name);
  g_free ((char *)e->path);
  g_free ((char *)e->problem);
  g_free ((char *)e->task);
  g_free ((char *)e->version);
  g_free ((char *)e->license);
  g_free ((char *)e->description);
  g_free (e);
}

/* Text of a file may hold anything. */
static char *
meta_text (const AeTensorFile *file, const char *key)
{
  const char *text = ae_tensor_file_meta (file, key);

  return text ? g_utf8_make_valid (text, -1) : NULL;
}

static gboolean
check_tensors (const AeTensorFile *file, const AeGraph *graph, const char *path, GError **error)
{
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    {
      const AeParam *param = ae_graph_param (graph, i);
      const AeTensor *tensor = ae_tensor_file_find (file, param->name);

      if (!tensor)
        {
          g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, _ ("%s: the tensor %s is missing"), path,
                       param->name);
          return FALSE;
        }
      for (int d = 0; d < MAX (param->rank, tensor->rank); d++)
        if (param->rank != tensor->rank || param->dims[d] != tensor->dims[d])
          {
            g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                         _ ("%s: the tensor %s has not the shape of the graph"), path, param->name);
            return FALSE;
          }
    }
  return TRUE;
}

static gboolean
read_header (AeCatalogueEntry *e, GError **error)
{
  GStatBuf status;
  const char *version, *text;

  if (g_stat (e->path, &status) == 0)
    e->size = (gint64)status.st_size;
  if (e->size > (gint64)AE_MODEL_BYTES_MAX)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_LIMIT, _ ("%s: %" PRId64 " bytes, a model has at most %u"),
                   e->path, e->size, AE_MODEL_BYTES_MAX);
      return FALSE;
    }

  g_autoptr (AeTensorFile) file = ae_tensor_file_map (e->path, error);
  if (!file)
    return FALSE;
  version = ae_tensor_file_meta (file, "ae.format");
  text = ae_tensor_file_meta (file, "ae.graph");
  e->task = meta_text (file, "ae.task");
  if (!version || strcmp (version, "1") != 0 || !text || !e->task)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                   version && strcmp (version, "1") != 0
                     ? _ ("%s: model of another format version than 1")
                     : _ ("%s: not a model of this program (ae.format, ae.task or ae.graph is missing)"),
                   e->path);
      return FALSE;
    }

  g_autoptr (AeGraph) graph = ae_graph_parse (text, e->path, error);
  if (!graph || !check_tensors (file, graph, e->path, error))
    return FALSE;
  e->version = meta_text (file, "ae.version");
  e->license = meta_text (file, "ae.license");
  e->description = meta_text (file, "ae.description");
  e->scale = ae_graph_scale (graph);
  e->macs = ae_graph_macs (graph);
  return TRUE;
}

AeCatalogueEntry *
ae_catalogue_entry_new (const char *path)
{
  AeCatalogueEntry *e = g_new0 (AeCatalogueEntry, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_path_get_basename (path);

  if (g_str_has_suffix (file, ENDING))
    file[strlen (file) - strlen (ENDING)] = 0;
  e->name = g_filename_display_name (file);
  e->path = g_strdup (path);
  if (!read_header (e, &error))
    {
      g_clear_pointer ((char **)&e->task, g_free);
      e->problem = g_utf8_make_valid (error->message, -1);
    }
  return e;
}

static void
scan_folder (AeCatalogue *catalogue, const char *folder, gboolean user)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *file;

  while (dir && (file = g_dir_read_name (dir)))
    {
      g_autofree char *stem = NULL, *name = NULL, *path = NULL;
      AeCatalogueEntry *e;

      if (file[0] == '.' || !g_str_has_suffix (file, ENDING))
        continue;
      stem = g_strndup (file, strlen (file) - strlen (ENDING));
      name = g_filename_display_name (stem);
      if (ae_catalogue_find (catalogue, name))
        continue; /* an earlier folder has it */
      path = g_build_filename (folder, file, NULL);
      e = ae_catalogue_entry_new (path);
      e->user = user;
      g_ptr_array_add (catalogue->entries, e);
    }
}

static gint
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(AeCatalogueEntry *const *)a)->name, (*(AeCatalogueEntry *const *)b)->name);
}

AeCatalogue *
ae_catalogue_new_for_folders (const char *const *folders, const char *user_folder)
{
  AeCatalogue *catalogue = g_new0 (AeCatalogue, 1);

  catalogue->entries = g_ptr_array_new_with_free_func ((GDestroyNotify)ae_catalogue_entry_free);
  for (; *folders; folders++)
    if (**folders)
      scan_folder (catalogue, *folders, g_strcmp0 (*folders, user_folder) == 0);
  g_ptr_array_sort (catalogue->entries, by_name);
  return catalogue;
}

char *
ae_catalogue_user_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), SUBFOLDER, "models", NULL);
}

AeCatalogue *
ae_catalogue_new (void)
{
  const char *path = g_getenv ("AE_MODEL_PATH");
  g_autofree char *user = ae_catalogue_user_folder ();
  g_auto (GStrv) more = g_strsplit (path ? path : "", G_SEARCHPATH_SEPARATOR_S, -1);
  g_autoptr (GPtrArray) folders = g_ptr_array_new ();

  g_ptr_array_add (folders, user);
  for (char **folder = more; *folder; folder++)
    g_ptr_array_add (folders, *folder);
  g_ptr_array_add (folders, (gpointer)AE_MODEL_DIR);
  g_ptr_array_add (folders, NULL);
  return ae_catalogue_new_for_folders ((const char *const *)folders->pdata, user);
}

void
ae_catalogue_free (AeCatalogue *catalogue)
{
  if (!catalogue)
    return;
  g_ptr_array_unref (catalogue->entries);
  g_free (catalogue);
}

guint
ae_catalogue_n_entries (const AeCatalogue *catalogue)
{
  return catalogue->entries->len;
}

const AeCatalogueEntry *
ae_catalogue_nth (const AeCatalogue *catalogue, guint n)
{
  return g_ptr_array_index (catalogue->entries, n);
}

const AeCatalogueEntry *
ae_catalogue_find (const AeCatalogue *catalogue, const char *name)
{
  for (guint i = 0; i < catalogue->entries->len; i++)
    {
      const AeCatalogueEntry *e = ae_catalogue_nth (catalogue, i);

      if (strcmp (e->name, name) == 0)
        return e;
    }
  return NULL;
}

gboolean
ae_task_suits (const char *task, const char *wanted)
{
  return g_strcmp0 (task, wanted) == 0
         || (g_strcmp0 (task, "jpeg") == 0 && g_strcmp0 (wanted, "denoise") == 0);
}

const AeCatalogueEntry *
ae_catalogue_default (const AeCatalogue *catalogue, const char *task)
{
  const AeCatalogueEntry *first = NULL;

  for (guint i = 0; i < catalogue->entries->len; i++)
    {
      const AeCatalogueEntry *e = ae_catalogue_nth (catalogue, i);

      if (e->problem || strcmp (e->task, task) != 0)
        continue;
      if (strcmp (task, "denoise") == 0 && strcmp (e->name, DEFAULT_DENOISE) == 0)
        return e;
      if (!first)
        first = e;
    }
  return first;
}

/* "a, b, c" of the usable models of a task. */
static char *
names_of (const AeCatalogue *catalogue, const char *task)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < catalogue->entries->len; i++)
    {
      const AeCatalogueEntry *e = ae_catalogue_nth (catalogue, i);

      if (!e->problem && (!task || ae_task_suits (e->task, task)))
        g_string_append_printf (names, "%s%s", names->len ? ", " : "", e->name);
    }
  if (names->len == 0)
    g_string_append (names, _ ("none"));
  return g_string_free (names, FALSE);
}

AeModel *
ae_catalogue_load (const AeCatalogue *catalogue, const char *model, const char *task, GError **error)
{
  const AeCatalogueEntry *e = NULL;
  const char *path = model, *found;
  AeModel *loaded;

  if (!model || !*model)
    {
      e = task ? ae_catalogue_default (catalogue, task) : NULL;
      if (!e)
        {
          g_set_error (
            error, AE_ERROR, AE_ERROR_ARGUMENT,
            _ ("no model for the task \"%s\" is installed; models are looked for in "
               "$XDG_DATA_HOME/gimp-autoencoder/models, in the folders of AE_MODEL_PATH and in %s"),
            task ? task : "", AE_MODEL_DIR);
          return NULL;
        }
    }
  else if (!strchr (model, G_DIR_SEPARATOR) && !g_str_has_suffix (model, ENDING))
    {
      e = ae_catalogue_find (catalogue, model);
      if (!e && !g_file_test (model, G_FILE_TEST_EXISTS))
        {
          g_autofree char *names = names_of (catalogue, task);

          g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                       _ ("there is no model named \"%s\"; installed: %s"), model, names);
          return NULL;
        }
    }
  if (e)
    path = e->path;
  loaded = ae_model_load (path, error);
  if (!loaded)
    return NULL;
  found = ae_model_meta (loaded, "ae.task");
  if (task && !ae_task_suits (found, task))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                   _ ("%s: the model is for the task \"%s\", expected \"%s\""), path, found ? found : "",
                   task);
      ae_model_unref (loaded);
      return NULL;
    }
  return loaded;
}
