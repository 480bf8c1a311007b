/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* fit.c - the loop of a training run. */

#include "fit.h"
#include "build-info.h"
#include "checkpoint.h"
#include "init.h"
#include "log.h"
#include "machine.h"
#include "net.h"
#include "record.h"
#include "reduce.h"
#include "run-log.h"
#include "sample.h"
#include "validate.h"
#include "watch.h"

#include <ae/error.h>
#include <math.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

/*
 * A step's pictures are divided into a fixed number of groups (per process),
 * each with sums of its own that are added in order: the result does not
 * depend on which thread does which group.
 */
#define GROUPS_MAX 8

typedef struct
{
  const AeRecipe *recipe;
  const AeDataset *data;
  const AeFitOptions *options;
  AeCheckpointKey key;
  AeSampler *sampler;
  AeBackprop *backprop;
  AeOptimizer *optimizer;
  AeLog *log;
  int rank, size; /* of the processes that train together */
  int threads, groups;
  int own_groups;  /* of this process: rank, rank + size, … */
  int crop;        /* of the step at hand */
  AeNet **nets;    /* per thread */
  float **targets; /* per thread, [3][crop][crop] at the scale of the network, then input and sigma */
  double *drawing; /* per thread: seconds spent in drawing crops since the last line of the log */
  float *gathered; /* [own_groups][n_gathered] */
  double *losses;  /* [batch], then whether a process has been told to stop */
  AeWatch watch;
  gboolean stop;
  gint64 step;
  double psnr, best_psnr;
  char *last_checkpoint;
} Fit;

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

static gboolean
save_model (Fit *f, const char *name, GError **error)
{
  g_autofree char *file = g_strdup_printf ("%s.safetensors", name);
  g_autofree char *path = g_build_filename (f->options->folder, file, NULL);
  g_autoptr (AeModel) model
    = ae_fit_model (f->recipe, ae_dataset_digest (f->data), f->optimizer->ema, f->step);

  return ae_model_save (model, path, AE_DTYPE_F32, error);
}

static gboolean
save (Fit *f, GError **error)
{
  if (f->rank > 0)
    return TRUE;
  if (!ae_checkpoint_save (f->options->folder, f->optimizer, f->step, &f->key, f->recipe->checkpoints, error)
      || !save_model (f, f->recipe->name, error))
    return FALSE;
  g_free (f->last_checkpoint);
  f->last_checkpoint = ae_checkpoint_newest (f->options->folder);
  return TRUE;
}

/* Values of one channel of a result. */
static gsize
result_plane (const Fit *f)
{
  gsize side = (gsize)f->crop * (gsize)ae_graph_scale (f->recipe->graph);

  return side * side;
}

/* Forward and backward pass of the pictures of one of the own groups. */
static void
run_group (Fit *f, int own, int thread)
{
  const AeRecipe *r = f->recipe;
  AeNet *net = f->nets[thread];
  gsize plane = (gsize)f->crop * (gsize)f->crop, target_plane = result_plane (f);
  int side = f->crop * ae_graph_scale (r->graph);
  float *gathered = f->gathered + (gsize)own * f->backprop->n_gathered;
  float *target = f->targets[thread], *input = target + 3 * target_plane, *sigma = input + 3 * plane;
  float scale = 1 / ((float)r->batch * 3 * (float)target_plane);

  memset (gathered, 0, sizeof (float) * f->backprop->n_gathered);
  for (int i = f->rank + own * f->size; i < r->batch; i += f->groups)
    {
      guint64 index = (guint64)f->step * (guint64)r->batch + (guint64)i;
      gint64 begin = g_get_monotonic_time ();

      ae_sampler_draw (f->sampler, index, f->crop, target, input, sigma);
      f->drawing[thread] += (double)(g_get_monotonic_time () - begin) / G_USEC_PER_SEC;
      ae_net_fill (net, input, sigma);
      ae_net_forward (net);
      f->losses[i] = ae_loss ((AeLoss)r->loss, ae_net_output (net)->data, target,
                              ae_net_output_grad (net)->data, scale, 3, side, side);
      ae_net_backward (net, gathered);
    }
}

/* One step of the optimizer.  Returns the mean loss; the norm of the gradient in *norm. */
static double
train_step (Fit *f, double *norm)
{
  const AeRecipe *r = f->recipe;
  gsize n = f->backprop->n_gathered;
  float rate = ae_schedule_rate (&r->schedule, f->step, r->steps);
  double loss = 0;

  ae_backprop_set_params (f->backprop, f->optimizer->params);
  memset (f->losses, 0, sizeof (double) * (gsize)(r->batch + 1));
#pragma omp parallel num_threads(f->threads)
  {
#ifdef _OPENMP
    int t = omp_get_thread_num ();
#else
    int t = 0;
#endif

#pragma omp for schedule(dynamic, 1)
    for (int g = 0; g < f->own_groups; g++)
      run_group (f, g, t);
#pragma omp for schedule(static)
    for (gsize i = 0; i < n; i++)
      for (int g = 1; g < f->own_groups; g++)
        f->gathered[i] += f->gathered[(gsize)g * n + i];
  }
  ae_backprop_unpack (f->backprop, f->gathered, f->optimizer->grads);
  f->losses[r->batch] = f->options->stop && *f->options->stop;
  ae_reduce_floats (f->optimizer->grads, f->optimizer->n);
  ae_reduce_doubles (f->losses, (gsize)(r->batch + 1));
  f->stop = f->losses[r->batch] > 0;
  for (int i = 0; i < r->batch; i++)
    loss += f->losses[i];
  loss /= (double)r->batch * 3 * (double)result_plane (f);
  f->step++;
  *norm = ae_optimizer_step (f->optimizer, &r->optimizer, f->step, rate, f->threads);
  return loss;
}

/* Tells how much of the model was of use: a network that has another name for everything learns anew. */
static gboolean
start_from_model (Fit *f, GError **error)
{
  const char *path = f->options->init;
  const AeGraph *graph = f->recipe->graph;
  g_autoptr (AeModel) model = ae_model_load (path, error);
  g_autofree char *taken_text = NULL, *of_text = NULL;
  int taken, of = ae_graph_n_params (graph);

  if (!model)
    return FALSE;
  taken = ae_init_from_model (graph, model, f->optimizer->params);
  if (taken == 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: no parameter has the name of one of this network",
                   path);
      return FALSE;
    }
  taken_text = g_strdup_printf ("%d", taken);
  of_text = g_strdup_printf ("%d", of);
  ae_log_texts (f->log, "init", "model", path, "taken", taken_text, "of", of_text, NULL);
  if (f->rank == 0 && !f->options->quiet)
    g_printerr ("%s: %d of %d parameters are taken from it\n", path, taken, of);
  return TRUE;
}

static gboolean
start (Fit *f, GError **error)
{
  const AeRecipe *r = f->recipe;
  g_autofree char *pictures = g_build_filename (f->options->folder, AE_RECORD_FOLDER, NULL);
  g_autofree char *newest = ae_checkpoint_newest (f->options->folder);

  if (f->rank == 0)
    {
      ae_checkpoint_clean (f->options->folder);
      ae_checkpoint_clean (pictures);
    }
  if (newest && !f->options->resume)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: there is a run already; --resume goes on with it",
                   newest);
      return FALSE;
    }
  if (newest)
    {
      f->last_checkpoint = g_strdup (newest);
      f->best_psnr = ae_run_log_best (f->options->folder);
      if (f->rank == 0 && !ae_record_is_begun (f->options->folder)
          && !ae_record_begin (f->options->folder, r, f->sampler, error))
        return FALSE;
      return ae_checkpoint_load (newest, f->optimizer, &f->step, &f->key, error);
    }
  ae_init_params (r->graph, r->seed, f->optimizer->params);
  if (f->options->init && !start_from_model (f, error))
    return FALSE;
  memcpy (f->optimizer->ema, f->optimizer->params, sizeof (float) * f->optimizer->n);
  return f->rank > 0 || ae_record_begin (f->options->folder, r, f->sampler, error);
}

/* Weights decay; biases and slopes, which cannot grow a network's response, do not. */
static void
choose_decay (const AeGraph *graph, float *decay)
{
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    {
      const AeParam *param = ae_graph_param (graph, i);

      for (gsize j = 0; j < param->count; j++)
        *decay++ = param->rank == 4 ? 1 : 0;
    }
}

static void
allocate (Fit *f)
{
  const AeRecipe *r = f->recipe;

  f->threads = f->options->threads > 0 ? f->options->threads : (int)g_get_num_processors ();
  f->groups = MIN (GROUPS_MAX * f->size, r->batch);
  f->own_groups = (f->groups - f->rank + f->size - 1) / f->size;
  f->threads = MAX (1, MIN (f->threads, f->own_groups));
  f->backprop = ae_backprop_new (r->graph, ae_kernels_get ());
  f->optimizer = ae_optimizer_new (f->backprop->n_params);
  choose_decay (r->graph, f->optimizer->decay);
  f->nets = g_new0 (AeNet *, f->threads);
  f->targets = g_new0 (float *, f->threads);
  f->losses = g_new0 (double, r->batch + 1);
  f->drawing = g_new0 (double, f->threads);
  /* zeros if there is no group for this process */
  f->gathered
    = g_aligned_alloc0 (f->backprop->n_gathered * (gsize)MAX (1, f->own_groups), sizeof (float), 64);
}

/* Makes the networks of the threads fit the crops of the step at hand. */
static gboolean
fit_crop (Fit *f, GError **error)
{
  int crop = ae_recipe_crop (f->recipe, f->step);

  if (crop == f->crop)
    return TRUE;
  f->crop = crop;
  for (int t = 0; t < f->threads; t++)
    {
      g_free (f->targets[t]);
      ae_net_free (f->nets[t]);
      f->targets[t] = g_new0 (float, 3 * result_plane (f) + 4 * (gsize)crop * (gsize)crop);
      f->nets[t] = ae_net_new (f->backprop, crop, crop);
      if (!f->nets[t])
        {
          g_set_error (error, AE_ERROR, AE_ERROR_MEMORY, "not enough memory for crops of %d pixels", crop);
          return FALSE;
        }
    }
  return TRUE;
}

static void
release (Fit *f)
{
  for (int t = 0; t < f->threads; t++)
    {
      ae_net_free (f->nets[t]);
      g_free (f->targets[t]);
    }
  g_free (f->nets);
  g_free (f->targets);
  g_free (f->losses);
  g_free (f->drawing);
  g_aligned_free (f->gathered);
  ae_optimizer_free (f->optimizer);
  ae_backprop_free (f->backprop);
  ae_sampler_free (f->sampler);
  ae_log_close (f->log);
  g_free (f->last_checkpoint);
}

/* Pictures for the report are not worth ending a run for. */
static void
keep_strips (Fit *f, AeStrip *strips)
{
  g_autoptr (GError) error = NULL;

  if (!ae_record_strips (f->options->folder, f->step, strips, &error))
    g_printerr ("%s\n", error->message);
}

static gboolean
validate (Fit *f, GError **error)
{
  AeStrip strips[AE_RECORD_STRIPS] = { { NULL, 0 } };
  gboolean keep = ae_record_wants (f->recipe, f->step);

  if (f->rank > 0 || ae_sampler_n_validation (f->sampler) == 0)
    return TRUE;
  f->psnr = ae_validate (f->sampler, f->recipe->graph, f->backprop->program->kernels, f->optimizer->ema,
                         f->threads, keep ? strips : NULL);
  if (keep)
    keep_strips (f, strips);
  if (f->psnr > f->best_psnr)
    {
      if (!save_model (f, "best", error))
        return FALSE;
      f->best_psnr = f->psnr;
    }
  /* after the model: what stands in the log is saved */
  ae_log_numbers (f->log, "validation", "step", (double)f->step, "psnr", f->psnr, NULL);
  return TRUE;
}

/* What happened since the last line of the log. */
typedef struct
{
  gint64 time, step;
  double loss; /* sum */
  int losses;
} Interval;

static void
report (Fit *f, Interval *last, double norm)
{
  const AeRecipe *r = f->recipe;
  gint64 now = g_get_monotonic_time ();
  double seconds = MAX ((double)(now - last->time), 1) / G_USEC_PER_SEC;
  double per_step = seconds / (double)MAX (1, f->step - last->step);
  double drawing = 0;
  AeLogProgress p = { f->step,
                      r->steps,
                      last->loss / MAX (1, last->losses),
                      f->psnr,
                      r->batch / per_step,
                      per_step * (double)(r->steps - f->step) };

  for (int t = 0; t < f->threads; t++)
    {
      drawing += f->drawing[t];
      f->drawing[t] = 0;
    }
  ae_log_progress (f->log, &p);
  ae_log_numbers (f->log, "step", "step", (double)f->step, "loss", p.loss, "norm", norm, "rate",
                  (double)ae_schedule_rate (&r->schedule, f->step, r->steps), "crops_per_second",
                  p.crops_per_second, "seconds", seconds, "data_seconds", drawing, "data_share",
                  drawing / (seconds * f->threads), NULL);
  *last = (Interval){ now, f->step, 0, 0 };
}

static gboolean
loop (Fit *f, GError **error)
{
  const AeRecipe *r = f->recipe;
  gint64 saved = g_get_monotonic_time ();
  gint64 end = f->options->stop_after ? MIN (r->steps, f->step + f->options->stop_after) : r->steps;
  Interval last = { saved, f->step, 0, 0 };

  while (f->step < end && !f->stop)
    {
      double norm, loss;
      gint64 now;

      if (!fit_crop (f, error))
        return FALSE;
      loss = train_step (f, &norm);
      now = g_get_monotonic_time ();

      if (!ae_watch_step (&f->watch, loss, norm))
        {
          g_set_error (error, AE_ERROR, AE_ERROR_DIVERGED,
                       "training diverged at step %" G_GINT64_FORMAT "; last good checkpoint: %s", f->step,
                       f->last_checkpoint ? f->last_checkpoint : "none");
          return FALSE;
        }
      last.loss += loss;
      last.losses++;
      if (f->step % r->validate_every == 0 && !validate (f, error))
        return FALSE;
      if (now - last.time > 10 * G_USEC_PER_SEC || f->step == end)
        report (f, &last, norm);
      if (now - saved >= r->checkpoint_every * G_USEC_PER_SEC)
        {
          if (!save (f, error))
            return FALSE;
          saved = now;
        }
    }
  return TRUE;
}

/* Unless the last step has done so. */
static gboolean
validate_end (Fit *f, GError **error)
{
  return (f->step > 0 && f->step % f->recipe->validate_every == 0) || validate (f, error);
}

static void
log_start (Fit *f)
{
  g_autofree char *threads = g_strdup_printf ("%d", f->threads);
  g_autofree char *step = g_strdup_printf ("%" G_GINT64_FORMAT, f->step);
  g_autofree char *processes = g_strdup_printf ("%d", f->size);
  g_autofree char *cpus = g_strdup_printf ("%u", g_get_num_processors ());
  g_autofree char *cpu = ae_machine_cpu (), *software = ae_machine_software ();

  ae_log_texts (f->log, "start", "recipe", f->recipe->path, "version", AE_VERSION, "commit", AE_COMMIT, "cpu",
                cpu, "cpus", cpus, "kernels", f->backprop->program->kernels->name, "threads", threads,
                "processes", processes, "software", software, "data", f->key.data, "init",
                f->options->init ? f->options->init : "", "step", step, NULL);
}

gboolean
ae_fit (const AeRecipe *recipe, const AeDataset *data, const AeFitOptions *options, GError **error)
{
  Fit f = {
    .recipe = recipe, .data = data, .options = options, .rank = ae_reduce_rank (), .size = ae_reduce_size ()
  };
  gboolean ok;

  f.key.recipe = recipe->text;
  f.key.graph = ae_graph_text (recipe->graph);
  f.key.data = ae_dataset_digest (data);
  f.sampler = ae_sampler_new (recipe, data, error);
  if (!f.sampler)
    return FALSE;
  if (f.rank == 0)
    f.log = ae_log_open (options->folder, options->quiet, error);
  ok = f.rank > 0 || f.log;
  if (ok)
    {
      allocate (&f);
      ok = start (&f, error);
    }
  if (ok)
    {
      g_autoptr (GError) why = NULL;

      log_start (&f);
      ok = loop (&f, &why) && validate_end (&f, &why) && save (&f, &why);
      ae_log_texts (f.log, "end", "result", ok ? "saved" : why->message, NULL);
      if (!ok)
        g_propagate_error (error, g_steal_pointer (&why));
    }
  release (&f);
  return ok;
}
