/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* optimizer.c - AdamW, RMSprop and Muon with global-norm clipping and an exponential moving average. */

#include "optimizer.h"
#include "muon.h"

#include <math.h>
#include <stdlib.h>

#define CHUNK 65536 /* sums over chunks are added in order, whoever computed them */

AeOptimizer *
ae_optimizer_new (size_t n)
{
  AeOptimizer *o = g_new0 (AeOptimizer, 1);
  size_t stride = (n + 15) & ~(size_t)15;

  o->n = n;
  o->params = g_aligned_alloc0 (stride * 6, sizeof (float), 64);
  o->grads = o->params + stride;
  o->m = o->grads + stride;
  o->v = o->m + stride;
  o->ema = o->v + stride;
  o->decay = o->ema + stride;
  for (size_t i = 0; i < n; i++)
    o->decay[i] = 1;
  o->matrices = g_array_new (FALSE, FALSE, sizeof (AeMatrix));
  return o;
}

void
ae_optimizer_free (AeOptimizer *o)
{
  if (o)
    {
      g_aligned_free (o->params);
      g_array_unref (o->matrices);
    }
  g_free (o);
}

void
ae_optimizer_add_matrix (AeOptimizer *o, size_t offset, int rows, int cols)
{
  AeMatrix matrix = { offset, rows, cols };

  g_array_append_val (o->matrices, matrix);
}

static double
norm (const AeOptimizer *o, int threads)
{
  size_t chunks = (o->n + CHUNK - 1) / CHUNK;
  double *sums = g_new0 (double, chunks);
  double total = 0;

#pragma omp parallel for num_threads(threads) schedule(static)
  for (size_t c = 0; c < chunks; c++)
    for (size_t i = c * CHUNK; i < MIN (o->n, (c + 1) * CHUNK); i++)
      sums[c] += (double)o->grads[i] * o->grads[i];
  for (size_t c = 0; c < chunks; c++)
    total += sums[c];
  g_free (sums);
  return sqrt (total);
}

/* Factors of one step. */
typedef struct
{
  float scale, rate, beta1, beta2, correct1, correct2, epsilon, weight_decay, ema;
} Step;

static void
move (AeOptimizer *o, const Step *s, size_t i, float direction)
{
  o->params[i] -= s->rate * (direction + s->weight_decay * o->decay[i] * o->params[i]);
  o->ema[i] = s->ema * o->ema[i] + (1 - s->ema) * o->params[i];
}

/* AdamW, or RMSprop by other factors. */
static void
step_elements (AeOptimizer *o, const Step *s, size_t begin, size_t end, int threads)
{
#pragma omp parallel for num_threads(threads) schedule(static)
  for (size_t i = begin; i < end; i++)
    {
      float g = o->grads[i] * s->scale;

      o->m[i] = s->beta1 * o->m[i] + (1 - s->beta1) * g;
      o->v[i] = s->beta2 * o->v[i] + (1 - s->beta2) * g * g;
      move (o, s, i, o->m[i] / s->correct1 / (sqrtf (o->v[i] / s->correct2) + s->epsilon));
    }
}

static void
step_matrix (AeOptimizer *o, const Step *s, const AeMatrix *matrix)
{
  size_t n = (size_t)matrix->rows * (size_t)matrix->cols, begin = matrix->offset;
  float *direction = &o->grads[begin];
  float length = 0.2f * sqrtf ((float)MAX (matrix->rows, matrix->cols));
  float *scratch = g_aligned_alloc (ae_muon_scratch (matrix->rows, matrix->cols), sizeof (float), 64);

  for (size_t i = begin; i < begin + n; i++)
    {
      float g = o->grads[i] * s->scale;

      o->m[i] = s->beta1 * o->m[i] + (1 - s->beta1) * g;
      o->grads[i] = s->beta1 * o->m[i] + (1 - s->beta1) * g;
    }
  ae_muon_orthogonalize (ae_kernels_get (), direction, matrix->rows, matrix->cols, scratch);
  for (size_t i = begin; i < begin + n; i++)
    move (o, s, i, length * o->grads[i]);
  g_aligned_free (scratch);
}

static void
step_muon (AeOptimizer *o, const Step *s, int threads)
{
  const AeMatrix *matrices = (const AeMatrix *)(void *)o->matrices->data;
  size_t end = 0;

#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
  for (guint i = 0; i < o->matrices->len; i++)
    step_matrix (o, s, &matrices[i]);
  for (guint i = 0; i < o->matrices->len; i++)
    {
      step_elements (o, s, end, matrices[i].offset, threads);
      end = matrices[i].offset + (size_t)matrices[i].rows * (size_t)matrices[i].cols;
    }
  step_elements (o, s, end, o->n, threads);
}

double
ae_optimizer_step (AeOptimizer *o, const AeOptimizerOptions *options, gint64 step, float rate, int threads)
{
  double length = norm (o, threads);
  gboolean means = options->kind != AE_OPTIMIZER_RMSPROP;
  Step s = {
    .scale = options->clip > 0 && length > options->clip ? (float)(options->clip / length) : 1,
    .rate = rate,
    .beta1 = means ? options->beta1 : 0,
    .beta2 = options->beta2,
    .correct1 = means ? 1 - powf (options->beta1, (float)step) : 1,
    .correct2 = means ? 1 - powf (options->beta2, (float)step) : 1,
    .epsilon = options->epsilon,
    .weight_decay = options->weight_decay,
    .ema = MIN (options->ema, (float)(1 + step) / (float)(10 + step)),
  };

  if (!isfinite (length))
    return length;
  if (options->kind == AE_OPTIMIZER_MUON)
    step_muon (o, &s, threads);
  else
    step_elements (o, &s, 0, o->n, threads);
  return length;
}
