/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* fit.c - the loop of a training run. */

#include "fit-state.h"
#include "net.h"
#include "record.h"
#include "reduce.h"
#include "run-log.h"
#include "sample.h"
#include "validate.h"

#include <ae/error.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

typedef struct
{
  AeFitState run;
  const AeDataset *data;
  AeSampler *sampler;
  int rank, size; /* of the processes that train together */
  int groups;
  int own_groups;  /* of this process: rank, rank + size, … */
  int crop;        /* of the step at hand */
  AeNet **nets;    /* per thread */
  float **targets; /* per thread, [3][crop][crop] at the scale of the network, then input and sigma */
  double *drawing; /* per thread: seconds spent in drawing crops since the last line of the log */
  float *gathered; /* [own_groups][n_gathered] */
  double *losses;  /* [batch], then whether a process has been told to stop */
  gboolean stop;
  double psnr, best_psnr;
} Fit;

/* Values of one channel of a result. */
static gsize
result_plane (const Fit *f)
{
  gsize side = (gsize)f->crop * (gsize)ae_graph_scale (f->run.recipe->graph);

  return side * side;
}

/* Forward and backward pass of the pictures of one of the own groups. */
static void
run_group (Fit *f, int own, int thread)
{
  const AeRecipe *r = f->run.recipe;
  AeNet *net = f->nets[thread];
  gsize plane = (gsize)f->crop * (gsize)f->crop, target_plane = result_plane (f);
  int side = f->crop * ae_graph_scale (r->graph);
  float *gathered = f->gathered + (gsize)own * f->run.backprop->n_gathered;
  float *target = f->targets[thread], *input = target + 3 * target_plane, *sigma = input + 3 * plane;
  float scale = 1 / ((float)r->batch * 3 * (float)target_plane);

  memset (gathered, 0, sizeof (float) * f->run.backprop->n_gathered);
  for (int i = f->rank + own * f->size; i < r->batch; i += f->groups)
    {
      guint64 index = (guint64)f->run.step * (guint64)r->batch + (guint64)i;
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
  const AeRecipe *r = f->run.recipe;
  gsize n = f->run.backprop->n_gathered;
  float rate = ae_schedule_rate (&r->schedule, f->run.step, r->steps);
  double loss = 0;

  ae_backprop_set_params (f->run.backprop, f->run.optimizer->params);
  memset (f->losses, 0, sizeof (double) * (gsize)(r->batch + 1));
#pragma omp parallel num_threads(f->run.threads)
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
  ae_backprop_unpack (f->run.backprop, f->gathered, f->run.optimizer->grads);
  f->losses[r->batch] = f->run.options->stop && *f->run.options->stop;
  ae_reduce_floats (f->run.optimizer->grads, f->run.optimizer->n);
  ae_reduce_doubles (f->losses, (gsize)(r->batch + 1));
  f->stop = f->losses[r->batch] > 0;
  for (int i = 0; i < r->batch; i++)
    loss += f->losses[i];
  loss /= (double)r->batch * 3 * (double)result_plane (f);
  f->run.step++;
  *norm = ae_optimizer_step (f->run.optimizer, &r->optimizer, f->run.step, rate, f->run.threads);
  return loss;
}

static gboolean
start (Fit *f, GError **error)
{
  const char *folder = f->run.options->folder;
  g_autofree char *pictures = g_build_filename (folder, AE_RECORD_FOLDER, NULL);

  if (!ae_fit_state_start (&f->run, error))
    return FALSE;
  if (f->run.last_checkpoint)
    f->best_psnr = ae_run_log_best (folder);
  if (f->rank > 0)
    return TRUE;
  ae_checkpoint_clean (pictures);
  return (f->run.last_checkpoint && ae_record_is_begun (folder))
         || ae_record_begin (folder, f->run.recipe, f->sampler, error);
}

static void
allocate (Fit *f)
{
  const AeRecipe *r = f->run.recipe;

  f->targets = g_new0 (float *, f->run.threads);
  f->losses = g_new0 (double, r->batch + 1);
  f->drawing = g_new0 (double, f->run.threads);
  /* zeros if there is no group for this process */
  f->gathered
    = g_aligned_alloc0 (f->run.backprop->n_gathered * (gsize)MAX (1, f->own_groups), sizeof (float), 64);
}

/* Makes the networks of the threads fit the crops of the step at hand. */
static gboolean
fit_crop (Fit *f, GError **error)
{
  int crop = ae_recipe_crop (f->run.recipe, f->run.step);

  if (crop == f->crop)
    return TRUE;
  f->crop = crop;
  ae_nets_free (f->nets, f->run.threads);
  f->nets = ae_nets_new (f->run.backprop, f->run.threads, crop, crop);
  if (!f->nets)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_MEMORY, "not enough memory for crops of %d pixels", crop);
      return FALSE;
    }
  for (int t = 0; t < f->run.threads; t++)
    {
      g_free (f->targets[t]);
      f->targets[t] = g_new0 (float, 3 * result_plane (f) + 4 * (gsize)crop * (gsize)crop);
    }
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
  g_free (f->drawing);
  g_aligned_free (f->gathered);
  ae_sampler_free (f->sampler);
  ae_fit_state_clear (&f->run);
}

/* Pictures for the report are not worth ending a run for. */
static void
keep_strips (Fit *f, AeStrip *strips)
{
  g_autoptr (GError) error = NULL;

  if (!ae_record_strips (f->run.options->folder, f->run.step, strips, &error))
    g_printerr ("%s\n", error->message);
}

static gboolean
validate (Fit *f, GError **error)
{
  AeStrip strips[AE_RECORD_STRIPS] = { { NULL, 0 } };
  gboolean keep = ae_record_wants (f->run.recipe, f->run.step);

  if (f->rank > 0 || ae_sampler_n_validation (f->sampler) == 0)
    return TRUE;
  if (!ae_validate (f->sampler, f->run.recipe->graph, f->run.backprop->program->kernels,
                    f->run.optimizer->ema, f->run.threads, &f->psnr, keep ? strips : NULL, error))
    return FALSE;
  if (keep)
    keep_strips (f, strips);
  if (f->psnr > f->best_psnr)
    {
      if (!ae_fit_state_save_model (&f->run, "best", error))
        return FALSE;
      f->best_psnr = f->psnr;
    }
  /* after the model: what stands in the log is saved */
  ae_log_numbers (f->run.log, "validation", "step", (double)f->run.step, "psnr", f->psnr, NULL);
  return TRUE;
}

static void
report (Fit *f, AeFitInterval *last, double norm)
{
  const AeRecipe *r = f->run.recipe;
  gint64 now = g_get_monotonic_time ();
  double seconds = MAX ((double)(now - last->time), 1) / G_USEC_PER_SEC;
  double steps = (double)MAX (1, f->run.step - last->step), per_step = seconds / steps;
  double drawing = 0;
  AeLogProgress p = { f->run.step,         r->steps,
                      last->loss / steps,  f->psnr,
                      r->batch / per_step, per_step * (double)(r->steps - f->run.step) };

  for (int t = 0; t < f->run.threads; t++)
    {
      drawing += f->drawing[t];
      f->drawing[t] = 0;
    }
  ae_log_progress (f->run.log, &p);
  ae_log_numbers (f->run.log, "step", "step", (double)f->run.step, "loss", p.loss, "norm", norm, "rate",
                  (double)ae_schedule_rate (&r->schedule, f->run.step, r->steps), "crops_per_second",
                  p.crops_per_second, "seconds", seconds, "data_seconds", drawing, "data_share",
                  drawing / (seconds * f->run.threads), NULL);
  *last = (AeFitInterval){ now, f->run.step, 0 };
}

static gboolean
save (Fit *f, GError **error)
{
  return f->rank > 0 || ae_fit_state_save (&f->run, error);
}

static gboolean
loop (Fit *f, GError **error)
{
  const AeRecipe *r = f->run.recipe;
  gint64 saved = g_get_monotonic_time ();
  gint64 end
    = f->run.options->stop_after ? MIN (r->steps, f->run.step + f->run.options->stop_after) : r->steps;
  AeFitInterval last = { saved, f->run.step, 0 };

  while (f->run.step < end && !f->stop)
    {
      double norm, loss;
      gint64 now;

      if (!fit_crop (f, error))
        return FALSE;
      loss = train_step (f, &norm);
      now = g_get_monotonic_time ();

      if (!ae_fit_state_watch (&f->run, loss, norm, error))
        return FALSE;
      last.loss += loss;
      if (f->run.step % r->validate_every == 0 && !validate (f, error))
        return FALSE;
      if (now - last.time > 10 * G_USEC_PER_SEC || f->run.step == end)
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

/* After the last step of the recipe, unless that has done so; not where a run is only interrupted, which must
 * not change what is the best. */
static gboolean
validate_end (Fit *f, GError **error)
{
  const AeRecipe *r = f->run.recipe;

  return f->run.step < r->steps || f->run.step % r->validate_every == 0 || validate (f, error);
}

gboolean
ae_fit (const AeRecipe *recipe, const AeDataset *data, const AeFitOptions *options, GError **error)
{
  Fit f = { .data = data, .rank = ae_reduce_rank (), .size = ae_reduce_size () };
  gboolean ok;

  f.sampler = ae_sampler_new (recipe, data, error);
  if (!f.sampler)
    return FALSE;
  f.groups = MIN (AE_FIT_GROUPS_MAX * f.size, recipe->batch);
  f.own_groups = (f.groups - f.rank + f.size - 1) / f.size;
  ok
    = ae_fit_state_init (&f.run, recipe, ae_dataset_digest (data), options, f.rank == 0, f.own_groups, error);
  if (ok)
    {
      allocate (&f);
      ok = start (&f, error);
    }
  if (ok)
    {
      g_autoptr (GError) why = NULL;

      ae_fit_state_log_start (&f.run, f.size);
      ok = loop (&f, &why) && save (&f, &why) && validate_end (&f, &why);
      ae_fit_state_log_end (&f.run, why);
      if (!ok)
        g_propagate_error (error, g_steal_pointer (&why));
    }
  release (&f);
  return ok;
}
