/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* optimizer.c - AdamW and RMSprop with global-norm clipping and an exponential moving average. */

#include "optimizer.h"

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
  return o;
}

void
ae_optimizer_free (AeOptimizer *o)
{
  if (o)
    g_aligned_free (o->params);
  g_free (o);
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

double
ae_optimizer_step (AeOptimizer *o, const AeOptimizerOptions *options, gint64 step, float rate, int threads)
{
  double length = norm (o, threads);
  float scale = options->clip > 0 && length > options->clip ? (float)(options->clip / length) : 1;
  gboolean adam = options->kind == AE_OPTIMIZER_ADAMW;
  float correct1 = adam ? 1 - powf (options->beta1, (float)step) : 1;
  float correct2 = adam ? 1 - powf (options->beta2, (float)step) : 1;
  float decay = MIN (options->ema, (float)(1 + step) / (float)(10 + step));
  float b1 = adam ? options->beta1 : 0, b2 = options->beta2;

  if (!isfinite (length))
    return length;
#pragma omp parallel for num_threads(threads) schedule(static)
  for (size_t i = 0; i < o->n; i++)
    {
      float g = o->grads[i] * scale;

      o->m[i] = b1 * o->m[i] + (1 - b1) * g;
      o->v[i] = b2 * o->v[i] + (1 - b2) * g * g;
      o->params[i] -= rate
                      * (o->m[i] / correct1 / (sqrtf (o->v[i] / correct2) + options->epsilon)
                         + options->weight_decay * o->decay[i] * o->params[i]);
      o->ema[i] = decay * o->ema[i] + (1 - decay) * o->params[i];
    }
  return length;
}
