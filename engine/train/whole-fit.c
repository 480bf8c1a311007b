/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* whole-fit.c - the loop of a training run with examples. */

#include "build-info.h"
#include "checkpoint.h"
#include "init.h"
#include "log.h"
#include "reduce.h"
#include "whole-private.h"

#include <ae/error.h>
#include <math.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

/* Sums of a step are made in so many groups, each in order, whatever the number of threads. */
#define GROUPS_MAX 8

typedef struct
{
  const AeRecipe *recipe;
  const AeIdx *data, *validation;
  const AeFitOptions *options;
  AeCheckpointKey key;
  AeBackprop *backprop;
  AeOptimizer *optimizer;
  AeLog *log;
  int threads, groups;
  AeNet **nets;    /* per thread */
  float **targets; /* per thread */
  float *gathered; /* [groups][n_gathered] */
  double *losses;  /* [batch] */
  int *order;      /* of the examples in `epoch` */
  gint64 epoch, step, steps;
  gboolean variational;
  AeWholeScore score; /* of the latest validation */
} Fit;

/* Examples seen before a step; the order of an epoch depends on seed and epoch alone. */
static int
example_at (const Fit *f, gint64 place)
{
  return f->order[place % f->data->n];
}

static void
begin_epoch (Fit *f, gint64 epoch)
{
  AeRandom random = ae_random (f->recipe->seed, (guint64)epoch, AE_RANDOM_ORDER);

  if (epoch == f->epoch)
    return;
  f->epoch = epoch;
  for (int i = 0; i < f->data->n; i++)
    f->order[i] = i;
  for (int i = f->data->n - 1; i > 0; i--)
    {
      int j = ae_random_int (&random, i + 1), t = f->order[i];

      f->order[i] = f->order[j];
      f->order[j] = t;
    }
}

/* The examples of a step: those from `place` on, fewer than a batch at the end of an epoch. */
static int
batch_of (const Fit *f, gint64 *place)
{
  gint64 per_epoch = (f->data->n + f->recipe->batch - 1) / f->recipe->batch;
  gint64 in_epoch = f->step % per_epoch;

  *place = in_epoch * f->recipe->batch;
  return (int)MIN (f->recipe->batch, f->data->n - *place);
}

static void
run_group (Fit *f, int group, int thread, gint64 place, int batch)
{
  const AeRecipe *r = f->recipe;
  AeNet *net = f->nets[thread];
  const AeBuffer *out = ae_net_output (net);
  float *gathered = f->gathered + (gsize)group * f->backprop->n_gathered;
  double values = (double)out->block * out->channels;
  float scale = (float)(1 / (batch * (f->variational ? 1.0 : values)));

  memset (gathered, 0, sizeof (float) * f->backprop->n_gathered);
  net->kl = scale * (float)r->kl;
  for (int i = group; i < batch; i += f->groups)
    {
      guint64 index = (guint64)f->step * (guint64)r->batch + (guint64)i;

      ae_example_forward (net, r, f->data, example_at (f, place + i),
                          ae_random (r->seed, index, AE_RANDOM_NOISE),
                          ae_random (r->seed, index, AE_RANDOM_LATENT), f->targets[thread]);
      f->losses[i] = ae_loss ((AeLoss)r->loss, out->data, f->targets[thread], ae_net_output_grad (net)->data,
                              scale, out->channels, out->width, out->height);
      f->losses[i] = f->variational ? f->losses[i] + r->kl * ae_net_kl (net) : f->losses[i] / values;
      ae_net_backward (net, gathered);
    }
  ae_net_finish (net, gathered);
}

/* One step of the optimizer.  Returns the mean loss. */
static double
train_step (Fit *f, double *norm)
{
  const AeRecipe *r = f->recipe;
  gsize n = f->backprop->n_gathered;
  gint64 place, per_epoch = (f->data->n + r->batch - 1) / r->batch;
  double loss = 0;
  int batch;

  begin_epoch (f, f->step / per_epoch);
  batch = batch_of (f, &place);
  ae_backprop_set_params (f->backprop, f->optimizer->params);
#pragma omp parallel num_threads(f->threads)
  {
#ifdef _OPENMP
    int t = omp_get_thread_num ();
#else
    int t = 0;
#endif

#pragma omp for schedule(dynamic, 1)
    for (int g = 0; g < f->groups; g++)
      run_group (f, g, t, place, batch);
#pragma omp for schedule(static)
    for (gsize i = 0; i < n; i++)
      for (int g = 1; g < f->groups; g++)
        f->gathered[i] += f->gathered[(gsize)g * n + i];
  }
  ae_backprop_unpack (f->backprop, f->gathered, f->optimizer->grads);
  for (int i = 0; i < batch; i++)
    loss += f->losses[i] / batch;
  *norm = ae_optimizer_step (f->optimizer, &r->optimizer, f->step + 1,
                             ae_schedule_rate (&r->schedule, f->step, f->steps), f->threads);
  f->step++;
  return loss;
}

static gboolean
save_model (Fit *f, const char *name, GError **error)
{
  g_autofree char *file = g_strdup_printf ("%s.safetensors", name);
  g_autofree char *path = g_build_filename (f->options->folder, file, NULL);
  g_autoptr (AeModel) model = ae_fit_model (f->recipe, f->data->digest, f->optimizer->ema, f->step);

  return ae_model_save (model, path, AE_DTYPE_F32, error);
}

static gboolean
save (Fit *f, GError **error)
{
  return ae_checkpoint_save (f->options->folder, f->optimizer, f->step, &f->key, f->recipe->checkpoints,
                             error)
         && save_model (f, f->recipe->name, error);
}

static gboolean
validate (Fit *f, GError **error)
{
  if (!f->validation)
    return TRUE;
  f->score = ae_whole_score (f->recipe, f->validation, f->optimizer->ema, f->threads);
  ae_log_numbers (f->log, "validation", "step", (double)f->step, "loss", f->score.loss, "kl", f->score.kl,
                  "psnr", f->score.psnr, "accuracy", f->score.accuracy, NULL);
  return TRUE;
}

/* What happened since the last line of the log. */
typedef struct
{
  gint64 time, step;
  double loss; /* sum */
} Interval;

static void
report (Fit *f, Interval *last, double norm)
{
  gint64 now = g_get_monotonic_time (), n = MAX (1, f->step - last->step);
  double per_step = MAX ((double)(now - last->time), 1) / G_USEC_PER_SEC / (double)n;
  AeLogProgress p = { f->step,
                      f->steps,
                      last->loss / (double)n,
                      f->score.psnr,
                      f->recipe->batch / per_step,
                      per_step * (double)(f->steps - f->step) };

  ae_log_progress (f->log, &p);
  ae_log_numbers (f->log, "step", "step", (double)f->step, "loss", p.loss, "norm", norm, "rate",
                  (double)ae_schedule_rate (&f->recipe->schedule, f->step, f->steps), "crops_per_second",
                  p.crops_per_second, "seconds", per_step * (double)n, NULL);
  *last = (Interval){ now, f->step, 0 };
}

static gboolean
loop (Fit *f, GError **error)
{
  gint64 saved = g_get_monotonic_time (), validated = -1;
  gint64 end = f->options->stop_after ? MIN (f->steps, f->step + f->options->stop_after) : f->steps;
  Interval last = { saved, f->step, 0 };

  while (f->step < end && !(f->options->stop && *f->options->stop))
    {
      double norm, loss = train_step (f, &norm);

      if (!isfinite (loss) || !isfinite (norm))
        {
          g_set_error (error, AE_ERROR, AE_ERROR_DIVERGED, "training diverged at step %" G_GINT64_FORMAT,
                       f->step);
          return FALSE;
        }
      last.loss += loss;
      if (f->step % f->recipe->validate_every == 0)
        {
          if (!validate (f, error))
            return FALSE;
          validated = f->step;
        }
      if (g_get_monotonic_time () - last.time > 10 * G_USEC_PER_SEC || f->step == end)
        report (f, &last, norm);
      if (g_get_monotonic_time () - saved >= f->recipe->checkpoint_every * G_USEC_PER_SEC)
        {
          if (!save (f, error))
            return FALSE;
          saved = g_get_monotonic_time ();
        }
    }
  return validated == f->step || validate (f, error);
}

static gboolean
start (Fit *f, GError **error)
{
  g_autofree char *newest = ae_checkpoint_newest (f->options->folder);

  ae_checkpoint_clean (f->options->folder);
  if (newest && !f->options->resume)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: there is a run already; --resume goes on with it",
                   newest);
      return FALSE;
    }
  if (newest)
    return ae_checkpoint_load (newest, f->optimizer, &f->step, &f->key, error);
  ae_init_params (f->recipe->graph, f->recipe->seed, f->optimizer->params);
  if (f->options->init)
    {
      g_autoptr (AeModel) model = ae_model_load (f->options->init, error);

      if (!model)
        return FALSE;
      if (ae_init_from_model (f->recipe->graph, model, f->optimizer->params) == 0)
        {
          g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                       "%s: no parameter has the name of one of this network", f->options->init);
          return FALSE;
        }
    }
  memcpy (f->optimizer->ema, f->optimizer->params, sizeof (float) * f->optimizer->n);
  return TRUE;
}

/* Weights decay, biases and slopes do not. */
static void
choose_decay (const AeGraph *graph, float *decay)
{
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    for (gsize j = 0; j < ae_graph_param (graph, i)->count; j++)
      *decay++ = ae_graph_param (graph, i)->rank > 1 ? 1 : 0;
}

static gboolean
allocate (Fit *f, GError **error)
{
  const AeRecipe *r = f->recipe;

  f->groups = MIN (GROUPS_MAX, r->batch);
  f->threads = f->options->threads > 0 ? f->options->threads : (int)g_get_num_processors ();
  f->threads = MIN (f->threads, f->groups);
  f->backprop = ae_backprop_new (r->graph, ae_kernels_get ());
  f->optimizer = ae_optimizer_new (f->backprop->n_params);
  choose_decay (r->graph, f->optimizer->decay);
  f->nets = g_new0 (AeNet *, f->threads);
  f->targets = g_new0 (float *, f->threads);
  f->losses = g_new0 (double, r->batch);
  f->order = g_new0 (int, f->data->n);
  f->gathered = g_aligned_alloc0 (f->backprop->n_gathered * (gsize)f->groups, sizeof (float), 64);
  for (int t = 0; t < f->threads; t++)
    {
      f->nets[t] = ae_net_new (f->backprop, 0, 0);
      if (!f->nets[t])
        {
          g_set_error (error, AE_ERROR, AE_ERROR_MEMORY, "not enough memory for the network of %s", r->path);
          return FALSE;
        }
      f->targets[t]
        = g_new (float, ae_net_output (f->nets[t])->block *(gsize)ae_net_output (f->nets[t])->channels);
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
  g_free (f->order);
  g_aligned_free (f->gathered);
  ae_optimizer_free (f->optimizer);
  ae_backprop_free (f->backprop);
  ae_log_close (f->log);
}

gboolean
ae_whole_fit (const AeRecipe *r, const AeIdx *data, const AeIdx *validation, const AeFitOptions *options,
              GError **error)
{
  Fit f = { .recipe = r,
            .data = data,
            .validation = validation,
            .options = options,
            .key = { r->text, ae_graph_text (r->graph), data->digest },
            .epoch = -1,
            .steps = r->steps ? r->steps : r->epochs * ((data->n + r->batch - 1) / r->batch),
            .variational = ae_whole_is_variational (r->graph) };
  g_autofree char *step = NULL;
  gboolean ok;

  if (ae_reduce_size () > 1)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_UNSUPPORTED,
                   "%s: a network with a fixed size of picture is trained by one process", r->path);
      return FALSE;
    }
  f.log = ae_log_open (options->folder, options->quiet, error);
  if (!f.log)
    return FALSE;
  ok = allocate (&f, error) && start (&f, error);
  if (ok)
    {
      step = g_strdup_printf ("%" G_GINT64_FORMAT, f.step);
      ae_log_texts (f.log, "start", "recipe", r->path, "version", AE_VERSION, "commit", AE_COMMIT, "kernels",
                    f.backprop->program->kernels->name, "data", f.key.data, "init",
                    options->init ? options->init : "", "step", step, NULL);
      ok = loop (&f, error) && save (&f, error);
      ae_log_texts (f.log, "end", "result", ok ? "saved" : "failed", NULL);
    }
  release (&f);
  return ok;
}
