/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* whole-fit.c - the loop of a training run with examples. */

#include "fit-state.h"
#include "record.h"
#include "reduce.h"
#include "whole-private.h"

#include <ae/error.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

typedef struct
{
  AeFitState run;
  const AeIdx *data, *validation;
  int groups;
  AeNet **nets;    /* per thread */
  float **targets; /* per thread */
  float *gathered; /* [groups][n_gathered] */
  double *losses;  /* [batch] */
  int *order;      /* of the examples in `epoch` */
  gint64 epoch, steps;
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
  AeRandom random = ae_random (f->run.recipe->seed, (guint64)epoch, AE_RANDOM_ORDER);

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
  gint64 per_epoch = (f->data->n + f->run.recipe->batch - 1) / f->run.recipe->batch;
  gint64 in_epoch = f->run.step % per_epoch;

  *place = in_epoch * f->run.recipe->batch;
  return (int)MIN (f->run.recipe->batch, f->data->n - *place);
}

static void
run_group (Fit *f, int group, int thread, gint64 place, int batch)
{
  const AeRecipe *r = f->run.recipe;
  AeNet *net = f->nets[thread];
  const AeBuffer *out = ae_net_output (net);
  float *gathered = f->gathered + (gsize)group * f->run.backprop->n_gathered;
  double values = (double)out->block * out->channels;
  float scale = (float)(1 / (batch * (f->variational ? 1.0 : values)));

  memset (gathered, 0, sizeof (float) * f->run.backprop->n_gathered);
  net->kl = scale * (float)r->kl;
  for (int i = group; i < batch; i += f->groups)
    {
      guint64 index = (guint64)f->run.step * (guint64)r->batch + (guint64)i;

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
  const AeRecipe *r = f->run.recipe;
  gsize n = f->run.backprop->n_gathered;
  gint64 place, per_epoch = (f->data->n + r->batch - 1) / r->batch;
  double loss = 0;
  int batch;

  begin_epoch (f, f->run.step / per_epoch);
  batch = batch_of (f, &place);
  ae_backprop_set_params (f->run.backprop, f->run.optimizer->params);
#pragma omp parallel num_threads(f->run.threads)
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
  ae_backprop_unpack (f->run.backprop, f->gathered, f->run.optimizer->grads);
  for (int i = 0; i < batch; i++)
    loss += f->losses[i] / batch;
  *norm = ae_optimizer_step (f->run.optimizer, &r->optimizer, f->run.step + 1,
                             ae_schedule_rate (&r->schedule, f->run.step, f->steps), f->run.threads);
  f->run.step++;
  return loss;
}

static gboolean
validate (Fit *f, GError **error)
{
  if (!f->validation)
    return TRUE;
  if (!ae_whole_score (f->run.recipe, f->validation, f->run.optimizer->ema, f->run.threads, &f->score, error))
    return FALSE;
  ae_log_numbers (f->run.log, "validation", "step", (double)f->run.step, "loss", f->score.loss, "kl",
                  f->score.kl, "psnr", f->score.psnr, "accuracy", f->score.accuracy, NULL);
  return TRUE;
}

static void
report (Fit *f, AeFitInterval *last, double norm)
{
  gint64 now = g_get_monotonic_time (), n = MAX (1, f->run.step - last->step);
  double per_step = MAX ((double)(now - last->time), 1) / G_USEC_PER_SEC / (double)n;
  AeLogProgress p = { f->run.step,
                      f->steps,
                      last->loss / (double)n,
                      f->score.psnr,
                      f->run.recipe->batch / per_step,
                      per_step * (double)(f->steps - f->run.step) };

  ae_log_progress (f->run.log, &p);
  ae_log_numbers (f->run.log, "step", "step", (double)f->run.step, "loss", p.loss, "norm", norm, "rate",
                  (double)ae_schedule_rate (&f->run.recipe->schedule, f->run.step, f->steps),
                  "crops_per_second", p.crops_per_second, "seconds", per_step * (double)n, NULL);
  *last = (AeFitInterval){ now, f->run.step, 0 };
}

static gboolean
loop (Fit *f, GError **error)
{
  gint64 saved = g_get_monotonic_time ();
  gint64 end
    = f->run.options->stop_after ? MIN (f->steps, f->run.step + f->run.options->stop_after) : f->steps;
  AeFitInterval last = { saved, f->run.step, 0 };

  while (f->run.step < end && !(f->run.options->stop && *f->run.options->stop))
    {
      double norm, loss = train_step (f, &norm);

      if (!ae_fit_state_watch (&f->run, loss, norm, error))
        return FALSE;
      last.loss += loss;
      if (f->run.step % f->run.recipe->validate_every == 0 && !validate (f, error))
        return FALSE;
      if (g_get_monotonic_time () - last.time > 10 * G_USEC_PER_SEC || f->run.step == end)
        report (f, &last, norm);
      if (g_get_monotonic_time () - saved >= f->run.recipe->checkpoint_every * G_USEC_PER_SEC)
        {
          if (!ae_fit_state_save (&f->run, error))
            return FALSE;
          saved = g_get_monotonic_time ();
        }
    }
  return TRUE;
}

/* After the last step, unless that has done so; not where a run is only interrupted. */
static gboolean
validate_end (Fit *f, GError **error)
{
  return f->run.step < f->steps || f->run.step % f->run.recipe->validate_every == 0 || validate (f, error);
}

static gboolean
allocate (Fit *f, GError **error)
{
  const AeRecipe *r = f->run.recipe;

  f->targets = g_new0 (float *, f->run.threads);
  f->losses = g_new0 (double, r->batch);
  f->order = g_new0 (int, f->data->n);
  f->gathered = g_aligned_alloc0 (f->run.backprop->n_gathered * (gsize)f->groups, sizeof (float), 64);
  f->nets = ae_nets_new (f->run.backprop, f->run.threads, 0, 0);
  if (!f->nets)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_MEMORY, "not enough memory for the network of %s", r->path);
      return FALSE;
    }
  for (int t = 0; t < f->run.threads; t++)
    f->targets[t]
      = g_new (float, ae_net_output (f->nets[t])->block *(gsize)ae_net_output (f->nets[t])->channels);
  return TRUE;
}

static void
release (Fit *f)
{
  ae_nets_free (f->nets, f->run.threads);
  for (int t = 0; f->targets && t < f->run.threads; t++)
    g_free (f->targets[t]);
  g_free (f->targets);
  g_free (f->losses);
  g_free (f->order);
  g_aligned_free (f->gathered);
  ae_fit_state_clear (&f->run);
}

gboolean
ae_whole_fit (const AeRecipe *r, const AeIdx *data, const AeIdx *validation, const AeFitOptions *options,
              GError **error)
{
  Fit f = { .data = data,
            .validation = validation,
            .groups = MIN (AE_FIT_GROUPS_MAX, r->batch),
            .epoch = -1,
            .steps = r->steps ? r->steps : r->epochs * ((data->n + r->batch - 1) / r->batch),
            .variational = ae_whole_is_variational (r->graph) };
  gboolean ok;

  if (ae_reduce_size () > 1)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_UNSUPPORTED,
                   "%s: a network with a fixed size of picture is trained by one process", r->path);
      return FALSE;
    }
  ok = ae_fit_state_init (&f.run, r, data->digest, options, TRUE, f.groups, error) && allocate (&f, error)
       && ae_fit_state_start (&f.run, error) && ae_record_recipe (options->folder, r, error);
  if (ok)
    {
      g_autoptr (GError) why = NULL;

      ae_fit_state_log_start (&f.run, 1);
      ok = loop (&f, &why) && ae_fit_state_save (&f.run, &why) && validate_end (&f, &why);
      ae_fit_state_log_end (&f.run, why);
      if (!ok)
        g_propagate_error (error, g_steal_pointer (&why));
    }
  release (&f);
  return ok;
}
