/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* export.c - models from checkpoints, and the skeleton of their cards. */

#include "export.h"
#include "fit.h"
#include "fold.h"

#include <ae/error.h>
#include <string.h>

static AeModel *
model_of_checkpoint (const char *path, AeTensorFile *file, GError **error)
{
  const AeTensor *ema = ae_tensor_file_find (file, "ema");
  const char *text = ae_tensor_file_meta (file, "ae.recipe"), *graph = ae_tensor_file_meta (file, "ae.graph");
  const char *data = ae_tensor_file_meta (file, "ae.data"), *step = ae_tensor_file_meta (file, "ae.step");
  g_autoptr (AeRecipe) recipe = NULL;
  gsize n;

  if (!text || !graph || !data || !step
      || g_strcmp0 (ae_tensor_file_meta (file, "ae.sha256"), ae_tensor_file_digest (file)) != 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, "%s: damaged checkpoint", path);
      return NULL;
    }
  recipe = ae_recipe_parse (text, path, error);
  if (!recipe)
    return NULL;
  if (strcmp (ae_graph_text (recipe->graph), graph) != 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                   "%s: another version made this checkpoint: its recipe means another network now", path);
      return NULL;
    }
  n = ae_graph_n_values (recipe->graph);
  if (!ema || ema->dtype != AE_DTYPE_F32 || ema->bytes != n * sizeof (float))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                   "%s: tensor ema is missing or has another size than %zu values", path, n);
      return NULL;
    }
  return ae_fit_model (recipe, data, ema->data, g_ascii_strtoll (step, NULL, 10));
}

AeModel *
ae_export_load (const char *path, GError **error)
{
  g_autoptr (AeTensorFile) file = ae_tensor_file_load (path, G_MAXUINT32, error);
  g_autoptr (AeModel) model = NULL;

  if (!file)
    return NULL;
  if (g_strcmp0 (ae_tensor_file_meta (file, "ae.kind"), "checkpoint") == 0)
    model = model_of_checkpoint (path, file, error);
  else
    model = ae_model_load (path, error);
  return model ? ae_fold_model (model, error) : NULL;
}

static void
put_row (GString *card, const char *name, const char *value)
{
  if (value && *value)
    g_string_append_printf (card, "| %s | %s |\n", name, value);
}

static const char *
or_else (const char *text, const char *other)
{
  return text && *text ? text : other;
}

char *
ae_export_card (const AeModel *model, const char *name)
{
  const AeGraph *graph = ae_model_graph (model);
  const char *recipe = ae_model_meta (model, "ae.recipe"), *steps = ae_model_meta (model, "ae.steps");
  GString *card = g_string_new (NULL);
  g_autofree char *parameters = g_strdup_printf ("%zu", ae_model_n_values (model));
  g_autofree char *cost = g_strdup_printf ("%.1f kMAC per pixel; halo %d pixels", ae_graph_macs (graph) / 1e3,
                                           ae_graph_halo (graph));

  g_string_append_printf (
    card, "# %s\n\n%s. Version %s.\n\n| | |\n| --- | --- |\n",
    or_else (ae_model_meta (model, "ae.name"), name),
    or_else (ae_model_meta (model, "ae.description"), "TODO: what it does, in one sentence"),
    or_else (ae_model_meta (model, "ae.version"), "1"));
  put_row (card, "task", ae_model_meta (model, "ae.task"));
  put_row (card, "network", "TODO: family, widths, what it was derived from");
  put_row (card, "parameters", parameters);
  put_row (card, "cost", cost);
  put_row (card, "license", or_else (ae_model_meta (model, "ae.license"), "TODO"));
  put_row (card, "steps", steps);
  put_row (card, "training data (SHA-256)", ae_model_meta (model, "ae.data"));
  put_row (card, "made by commit", ae_model_meta (model, "ae.commit"));
  g_string_append_printf (
    card,
    "\n## How it was made\n\nTODO: how long, on which machine, from which weights.\n"
    "\n## Data\n\nTODO: which pictures, by whom, under which licenses; which of them were kept "
    "for validation.\n"
    "\n## Measured\n\nTODO: figures of `ae-train eval %s FOLDER` on pictures that it has not "
    "seen, with the command and what others reach.\n"
    "\n## Limits\n\nTODO: what it is not good for.\n",
    name);
  if (recipe && *recipe)
    g_string_append_printf (card, "\n## Recipe\n\n```ini\n%s%s```\n", recipe,
                            g_str_has_suffix (recipe, "\n") ? "" : "\n");
  return g_string_free (card, FALSE);
}
