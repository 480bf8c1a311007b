/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* latent.c - what a model makes of many examples. */

#include "latent.h"

#include <math.h>
#include <string.h>

AeLatent *
ae_latent_new (AeCodec *codec, const AeRecipe *recipe, const AeIdx *data)
{
  AeLatent *l = g_new0 (AeLatent, 1);
  gsize n = (gsize)data->n, n_input = ae_codec_picture_size (codec), n_result = ae_codec_result_size (codec);

  l->codec = codec;
  l->data = data;
  l->channels = data->channels;
  l->width = data->width;
  l->height = data->height;
  ae_graph_is_fixed (recipe->graph, &l->in_width, &l->in_height);
  l->dim = ae_codec_latent_size (codec);
  l->variational = ae_graph_node (recipe->graph, ae_graph_latent (recipe->graph))->op == AE_OP_SAMPLE;
  l->inputs = g_new (float, n *n_input);
  l->targets = g_new (float, n *n_result);
  l->results = g_new (float, n *n_result);
  l->latents = g_new (float, n * l->dim);
  for (gsize i = 0; i < n; i++)
    {
      int label = data->labels ? data->labels[i] : -1;
      float *input = l->inputs + i * n_input, *latent = l->latents + i * l->dim;

      ae_whole_example (recipe, data, (int)i, input, l->targets + i * n_result);
      ae_codec_encode (codec, input, label, latent);
      ae_codec_decode (codec, latent, label, l->results + i * n_result);
    }
  if (l->dim >= 2)
    l->axes = ae_pca_new (l->latents, data->n, (int)l->dim, 2);
  return l;
}

void
ae_latent_free (AeLatent *l)
{
  if (!l)
    return;
  g_free (l->inputs);
  g_free (l->targets);
  g_free (l->results);
  g_free (l->latents);
  ae_pca_free (l->axes);
  g_free (l);
}

void
ae_latent_place (const AeLatent *l, const float *values, double *x, double *y)
{
  double at[2];

  if (l->dim == 2)
    {
      *x = (double)values[0];
      *y = (double)values[1];
      return;
    }
  ae_pca_project (l->axes, values, at);
  *x = at[0] / MAX (l->axes->deviation[0], 1e-12);
  *y = at[1] / MAX (l->axes->deviation[1], 1e-12);
}

void
ae_latent_at (const AeLatent *l, double x, double y, float *values)
{
  if (l->dim == 2)
    {
      values[0] = (float)x;
      values[1] = (float)y;
      return;
    }
  for (gsize i = 0; i < l->dim; i++)
    values[i] = (float)(l->axes->mean[i] + x * l->axes->deviation[0] * l->axes->components[i]
                        + y * l->axes->deviation[1] * l->axes->components[l->dim + i]);
}

void
ae_latent_neighbors (const AeLatent *l, int i, int count, int *neighbors)
{
  g_autofree double *distances = g_new (double, count);
  int have = 0;

  for (int j = 0; j < l->data->n; j++)
    {
      double sum = 0;
      int at;

      for (gsize k = 0; k < l->dim; k++)
        {
          double d = (double)l->latents[(gsize)i * l->dim + k] - (double)l->latents[(gsize)j * l->dim + k];

          sum += d * d;
        }
      if (j == i || (have == count && sum >= distances[count - 1]))
        continue;
      have = MIN (have + 1, count);
      for (at = have - 1; at > 0 && distances[at - 1] > sum; at--)
        {
          distances[at] = distances[at - 1];
          neighbors[at] = neighbors[at - 1];
        }
      distances[at] = sum;
      neighbors[at] = j;
    }
}
