/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* whole.c - examples: what the network is given, what it should give, how well it does. */

#include "whole-private.h"

#include <ae/error.h>
#include <math.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

gboolean
ae_whole_check (const AeRecipe *r, const AeIdx *data, const char *path, GError **error)
{
  const AeNode *output = ae_graph_node (r->graph, ae_graph_output (r->graph));
  int label = ae_graph_find_input (r->graph, AE_PLANES_LABEL);
  int classes = output->vector ? output->channels : G_MAXINT, width, height;

  ae_graph_is_fixed (r->graph, &width, &height);
  width *= ae_graph_scale (r->graph);
  height *= ae_graph_scale (r->graph);
  if (label >= 0)
    classes = MIN (classes, ae_graph_node (r->graph, label)->channels);
  if (data->channels != ae_graph_node (r->graph, ae_graph_picture (r->graph))->channels)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: %s pictures, but the network of %s takes %s", path,
                 data->channels == 1 ? "gray" : "color", r->path,
                 data->channels == 1 ? "colors" : "gray ones");
  else if (data->width != width || data->height != height)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                 "%s: pictures of %d × %d pixels, but the network of %s wants %d × %d", path, data->width,
                 data->height, r->path, width, height);
  else if (classes < G_MAXINT && !data->labels)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                 "%s: there are no labels, but the network of %s needs them", path, r->path);
  else if (data->n_classes > classes)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                 "%s: there is a label %d, but the network of %s has %d classes", path, data->n_classes - 1,
                 r->path, classes);
  else
    return TRUE;
  return FALSE;
}

/* Means of scale x scale pixels; height: of all planes. */
static void
shrink (const float *from, int width, int height, int scale, float *to)
{
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        float sum = 0;

        for (int i = 0; i < scale * scale; i++)
          sum += from[(y * scale + i / scale) * width * scale + x * scale + i % scale];
        *to++ = sum / (float)(scale * scale);
      }
}

static void
add_noise (const AeRecipe *r, AeRandom *random, float *values, gsize n)
{
  g_autofree float *noise = g_new (float, n);

  ae_random_normal (random, noise, n);
  for (gsize i = 0; i < n; i++)
    {
      float v = values[i] + (float)r->noise_mean + (float)r->noise_deviation * noise[i];

      values[i] = CLAMP (v, 0, 1);
    }
}

static void
one_hot (float *values, int n, int at)
{
  memset (values, 0, sizeof (float) * (gsize)n);
  values[at] = 1;
}

/* input and target of an example. */
static void
make_example (const AeRecipe *r, const AeIdx *data, int index, AeRandom *noise, float *input, float *target)
{
  const AeNode *output = ae_graph_node (r->graph, ae_graph_output (r->graph));
  gsize n = ae_idx_size (data);
  const guint8 *pixels = data->pixels + (gsize)index * n;
  g_autofree float *picture = g_new (float, n);
  int width, height;

  ae_graph_is_fixed (r->graph, &width, &height);
  for (gsize i = 0; i < n; i++)
    picture[i] = (float)pixels[i] / 255;
  if (output->vector)
    one_hot (target, output->channels, data->labels[index]);
  else
    memcpy (target, picture, sizeof (float) * n);
  height *= data->channels;
  shrink (picture, width, height, data->width / width, input);
  if (r->noise_deviation > 0 || r->noise_mean != 0)
    add_noise (r, noise, input, (gsize)width * (gsize)height);
}

void
ae_whole_example (const AeRecipe *r, const AeIdx *data, int index, float *input, float *target)
{
  AeRandom noise = ae_random (r->seed, (guint64)index, AE_RANDOM_VALIDATION);

  make_example (r, data, index, &noise, input, target);
}

void
ae_example_forward (AeNet *net, const AeRecipe *r, const AeIdx *data, int index, AeRandom noise,
                    AeRandom latent, float *target)
{
  AeBuffer *label = ae_net_input (net, AE_PLANES_LABEL);

  make_example (r, data, index, &noise,
                ae_net_input (net, data->channels == 1 ? AE_PLANES_Y : AE_PLANES_RGB)->data, target);
  if (label)
    one_hot (label->data, label->channels, data->labels[index]);
  ae_net_forward_drawn (net, &latent);
}

gboolean
ae_whole_is_variational (const AeGraph *graph)
{
  for (int i = 0; i < ae_graph_n_nodes (graph); i++)
    if (ae_graph_node (graph, i)->op == AE_OP_SAMPLE)
      return TRUE;
  return FALSE;
}

/* Squared error of one result, clamped. */
static double
squares (const float *result, const float *target, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      double d = (double)CLAMP (result[i], 0, 1) - target[i];

      sum += d * d;
    }
  return sum;
}

static gsize
largest (const float *values, gsize n)
{
  gsize best = 0;

  for (gsize i = 1; i < n; i++)
    if (values[i] > values[best])
      best = i;
  return best;
}

gboolean
ae_whole_score (const AeRecipe *r, const AeIdx *data, const float *params, int threads, AeWholeScore *score,
                GError **error)
{
  AeBackprop *bp = ae_backprop_new (r->graph, ae_kernels_get ());
  gboolean variational = ae_whole_is_variational (r->graph);
  /* loss, divergence, squares, right */
  g_autofree double *sums = g_new0 (double, 4 * (gsize)data->n);
  AeNet **nets;
  gsize n = 0;

  threads = threads > 0 ? threads : (int)g_get_num_processors ();
  nets = ae_nets_new (bp, threads, 0, 0);
  if (!nets)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_MEMORY, "not enough memory for the network of %s", r->path);
      ae_backprop_free (bp);
      return FALSE;
    }
  ae_backprop_set_params (bp, params);
#pragma omp parallel num_threads(threads)
  {
#ifdef _OPENMP
    AeNet *net = nets[omp_get_thread_num ()];
#else
    AeNet *net = nets[0];
#endif
    const AeBuffer *out = ae_net_output (net);
    gsize values = out->block * (gsize)out->channels;
    float *target = g_new (float, values), *gradient = g_new (float, values);

#pragma omp for schedule(dynamic, 16)
    for (int i = 0; i < data->n; i++)
      {
        double *s = sums + 4 * i;

        ae_example_forward (net, r, data, i, ae_random (r->seed, (guint64)i, AE_RANDOM_VALIDATION),
                            ae_random (r->seed + 1, (guint64)i, AE_RANDOM_VALIDATION), target);
        s[0]
          = ae_loss ((AeLoss)r->loss, out->data, target, gradient, 1, out->channels, out->width, out->height);
        s[1] = ae_net_kl (net);
        s[0] = variational ? s[0] + r->kl * s[1] : s[0] / (double)values;
        s[2] = squares (out->data, target, values);
        s[3] = data->labels && largest (out->data, values) == data->labels[i];
      }
#pragma omp single
    n = values;
    g_free (target);
    g_free (gradient);
  }
  *score = (AeWholeScore){ 0 };
  for (int i = 0; i < data->n; i++)
    {
      score->loss += sums[4 * i] / data->n;
      score->kl += sums[4 * i + 1] / data->n;
      score->psnr += sums[4 * i + 2];
      score->accuracy += sums[4 * i + 3] / data->n;
    }
  score->psnr = 10 * log10 ((double)n * data->n / MAX (score->psnr, 1e-12));
  ae_nets_free (nets, threads);
  ae_backprop_free (bp);
  return TRUE;
}
