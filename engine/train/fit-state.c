/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* fit-state.c - what every training run has, whatever it trains on: parameters, log, checkpoints. */

#include "fit-state.h"
#include "fold.h"
#include "build-info.h"
#include "init.h"
#include "machine.h"

#include <ae/error.h>
#include <string.h>

#define SMALLEST_MATRIX 8 /* rows and columns */

AeModel *
ae_fit_model (const AeRecipe *recipe, const char *data_digest, const float *params, gint64 step)
{
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *steps = g_strdup_printf ("%" G_GINT64_FORMAT, step);

  g_hash_table_insert (meta, (gpointer) "ae.task", recipe->task);
  g_hash_table_insert (meta, (gpointer) "ae.name", recipe->name);
  g_hash_table_insert (meta, (gpointer) "ae.version", recipe->version);
  g_hash_table_insert (meta, (gpointer) "ae.license", recipe->license);
  g_hash_table_insert (meta, (gpointer) "ae.description", recipe->description);
  g_hash_table_insert (meta, (gpointer) "ae.recipe", recipe->text);
  g_hash_table_insert (meta, (gpointer) "ae.data", (gpointer)data_digest);
  g_hash_table_insert (meta, (gpointer) "ae.steps", steps);
  g_hash_table_insert (meta, (gpointer) "ae.commit", (gpointer)AE_COMMIT);
  return ae_model_new (recipe->graph, params, meta);
}

/* Weights decay; biases and slopes, which cannot grow a network's response, do not. */
static void
choose_decay (const AeGraph *graph, float *decay)
{
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    {
      const AeParam *param = ae_graph_param (graph, i);

      for (gsize j = 0; j < param->count; j++)
        *decay++ = param->rank > 1 ? 1 : 0;
    }
}

/* Weights of convolutions and dense operations but small ones, such as those of the last, to three channels.
 */
static void
choose_matrices (const AeGraph *graph, AeOptimizer *optimizer)
{
  gsize offset = 0;

  for (int i = 0; i < ae_graph_n_params (graph); i++)
    {
      const AeParam *param = ae_graph_param (graph, i);
      int rows = (int)param->dims[0], cols = (int)param->count / rows;

      if (param->rank > 1 && MIN (rows, cols) >= SMALLEST_MATRIX)
        ae_optimizer_add_matrix (optimizer, offset, rows, cols);
      offset += param->count;
    }
}

gboolean
ae_fit_state_init (AeFitState *s, const AeRecipe *recipe, const char *data_digest,
                   const AeFitOptions *options, gboolean keeps_log, int groups, GError **error)
{
  int threads = options->threads > 0 ? options->threads : (int)g_get_num_processors ();

  *s = (AeFitState){ .recipe = recipe, .options = options, .threads = MAX (1, MIN (threads, groups)) };
  s->key = (AeCheckpointKey){ recipe->text, ae_graph_text (recipe->graph), data_digest };
  if (keeps_log && !(s->log = ae_log_open (options->folder, options->quiet, error)))
    return FALSE;
  s->backprop = ae_backprop_new (recipe->graph, ae_kernels_get ());
  s->optimizer = ae_optimizer_new (s->backprop->n_params);
  choose_decay (recipe->graph, s->optimizer->decay);
  choose_matrices (recipe->graph, s->optimizer);
  return TRUE;
}

void
ae_fit_state_clear (AeFitState *s)
{
  ae_optimizer_free (s->optimizer);
  ae_backprop_free (s->backprop);
  ae_log_close (s->log);
  g_free (s->last_checkpoint);
}

/* Tells how much of the model was of use: a network that has another name for everything learns anew. */
static gboolean
start_from_model (AeFitState *s, GError **error)
{
  const char *path = s->options->init;
  const AeGraph *graph = s->recipe->graph;
  g_autoptr (AeModel) model = ae_model_load (path, error);
  g_autofree char *name = g_path_get_basename (path), *taken_text = NULL, *of_text = NULL;
  int taken, of = ae_graph_n_params (graph);

  if (!model)
    return FALSE;
  taken = ae_init_from_model (graph, model, s->optimizer->params);
  if (taken == 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: no parameter has the name of one of this network",
                   path);
      return FALSE;
    }
  taken_text = g_strdup_printf ("%d", taken);
  of_text = g_strdup_printf ("%d", of);
  ae_log_texts (s->log, "init", "model", name, "taken", taken_text, "of", of_text, NULL);
  if (s->log && !s->options->quiet)
    g_printerr ("%s: %d of %d parameters are taken from it\n", path, taken, of);
  return TRUE;
}

gboolean
ae_fit_state_start (AeFitState *s, GError **error)
{
  g_autofree char *newest = ae_checkpoint_newest (s->options->folder);

  if (s->log)
    ae_checkpoint_clean (s->options->folder);
  if (newest && !s->options->resume)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: there is a run already; --resume goes on with it",
                   newest);
      return FALSE;
    }
  if (newest)
    {
      s->last_checkpoint = g_steal_pointer (&newest);
      return ae_checkpoint_load (s->last_checkpoint, s->optimizer, &s->step, &s->key, error);
    }
  ae_init_params (s->recipe->graph, s->recipe->seed, s->optimizer->params);
  if (s->options->init && !start_from_model (s, error))
    return FALSE;
  memcpy (s->optimizer->ema, s->optimizer->params, sizeof (float) * s->optimizer->n);
  return TRUE;
}

void
ae_fit_state_log_start (const AeFitState *s, int n_processes)
{
  g_autofree char *threads = g_strdup_printf ("%d", s->threads);
  g_autofree char *step = g_strdup_printf ("%" G_GINT64_FORMAT, s->step);
  g_autofree char *processes = g_strdup_printf ("%d", n_processes);
  g_autofree char *cpus = g_strdup_printf ("%u", g_get_num_processors ());
  g_autofree char *cpu = ae_machine_cpu (), *software = ae_machine_software ();
  /* names without folders: logs are published with the weights */
  g_autofree char *recipe = g_path_get_basename (s->recipe->path);
  /* that of a run that goes on was not used */
  g_autofree char *init
    = s->options->init && !s->last_checkpoint ? g_path_get_basename (s->options->init) : g_strdup ("");

  ae_log_texts (s->log, "start", "recipe", recipe, "version", AE_VERSION, "commit", AE_COMMIT, "cpu", cpu,
                "cpus", cpus, "kernels", s->backprop->program->kernels->name, "threads", threads, "processes",
                processes, "software", software, "data", s->key.data, "init", init, "step", step, NULL);
}

void
ae_fit_state_log_end (const AeFitState *s, const GError *why)
{
  ae_log_texts (s->log, "end", "result", why ? why->message : "saved", NULL);
}

gboolean
ae_fit_state_watch (AeFitState *s, double loss, double norm, GError **error)
{
  if (ae_watch_step (&s->watch, loss, norm))
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_DIVERGED,
               "training diverged at step %" G_GINT64_FORMAT "; last good checkpoint: %s", s->step,
               s->last_checkpoint ? s->last_checkpoint : "none");
  return FALSE;
}

gboolean
ae_fit_state_save_model (const AeFitState *s, const char *name, GError **error)
{
  g_autofree char *file = g_strdup_printf ("%s.safetensors", name);
  g_autofree char *path = g_build_filename (s->options->folder, file, NULL);
  g_autoptr (AeModel) trained = ae_fit_model (s->recipe, s->key.data, s->optimizer->ema, s->step);
  g_autoptr (AeModel) model = ae_fold_model (trained, error);

  return model && ae_model_save (model, path, AE_DTYPE_F32, error);
}

gboolean
ae_fit_state_save (AeFitState *s, GError **error)
{
  if (!ae_checkpoint_save (s->options->folder, s->optimizer, s->step, &s->key, s->recipe->checkpoints, error)
      || !ae_fit_state_save_model (s, s->recipe->name, error))
    return FALSE;
  g_free (s->last_checkpoint);
  s->last_checkpoint = ae_checkpoint_newest (s->options->folder);
  return TRUE;
}
