/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* init.c - first values of parameters. */

#include "init.h"
#include "fold.h"
#include "random.h"

#include <math.h>
#include <string.h>

/* What is added to the result of this convolution: nothing (1), a block's input, or the picture at the end
 * (0). */
static float
residual_gain (const AeGraph *graph, int index)
{
  int result = index;

  for (int i = index + 1; i < ae_graph_n_nodes (graph); i++)
    {
      const AeNode *node = ae_graph_node (graph, i);

      for (int s = 0; s < node->n_src; s++)
        if (node->src[s] == result)
          {
            if (node->op == AE_OP_PIXEL_SHUFFLE)
              result = i;
            else if (node->op == AE_OP_ADD)
              return i == ae_graph_output (graph) ? 0.0f : 0.1f;
            else
              return 1;
          }
    }
  return 1;
}

void
ae_init_params (const AeGraph *graph, guint64 seed, float *params)
{
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    {
      const AeParam *param = ae_graph_param (graph, i);
      const AeNode *node = ae_graph_node (graph, param->node);

      if (param->rank >= 2)
        {
          AeRandom random = ae_random (seed, (guint64)i, AE_RANDOM_INIT);
          int in = ae_graph_node (graph, node->src[0])->channels;
          int fan_in = node->op == AE_OP_CONV ? in * node->kernel * node->kernel : in;
          float gain = node->act == AE_GRAPH_ACT_NONE ? 1 : sqrtf (2);

          if (node->op == AE_OP_CONV && node->act == AE_GRAPH_ACT_NONE && node->stride == 1)
            gain *= residual_gain (graph, param->node);
          ae_random_normal (&random, params, param->count);
          for (gsize j = 0; j < param->count; j++)
            params[j] *= gain / sqrtf ((float)fan_in);
        }
      else
        for (gsize j = 0; j < param->count; j++)
          params[j] = g_str_has_suffix (param->name, ".slope") ? 0.25f : 0;
      params += param->count;
    }
}

static gboolean
same_kernel (const AeParam *a, const AeParam *b)
{
  return a->rank == b->rank && (a->rank < 4 || (a->dims[2] == b->dims[2] && a->dims[3] == b->dims[3]));
}

/* Copies what both have of a tensor; `inputs`: which dimension counts input channels. */
static void
copy_tensor (const AeParam *from, const float *values, const AeParam *to, int inputs, float *params)
{
  gint64 f[4] = { 1, 1, 1, 1 }, t[4] = { 1, 1, 1, 1 };

  memcpy (f, from->dims, sizeof (gint64) * (gsize)from->rank);
  memcpy (t, to->dims, sizeof (gint64) * (gsize)to->rank);
  for (gint64 a = 0; a < t[0]; a++)
    for (gint64 b = 0; b < t[1]; b++)
      for (gint64 c = 0; c < t[2]; c++)
        for (gint64 e = 0; e < t[3]; e++)
          {
            float *value = &params[((a * t[1] + b) * t[2] + c) * t[3] + e];
            gboolean old_input = inputs == 0 ? a < f[0] : b < f[1];
            gboolean old_output = inputs == 0 ? b < f[1] : a < f[0];

            if (a < f[0] && b < f[1])
              *value = values[((a * f[1] + b) * f[2] + c) * f[3] + e];
            else if (to->rank == 4 && old_output && !old_input)
              *value = 0;
          }
}

int
ae_init_from_model (const AeGraph *graph, const AeModel *model, float *params)
{
  float *first = params;
  int taken = 0;

  for (int i = 0; i < ae_graph_n_params (graph); i++)
    {
      const AeParam *to = ae_graph_param (graph, i), *from;
      int at = ae_graph_find_param (ae_model_graph (model), to->name);

      from = at >= 0 ? ae_graph_param (ae_model_graph (model), at) : NULL;
      if (from && same_kernel (from, to))
        {
          int inputs = ae_graph_node (graph, to->node)->op == AE_OP_CONV_TRANSPOSE ? 0 : 1;

          copy_tensor (from, ae_model_param (model, at), to, inputs, params);
          taken++;
        }
      params += to->count;
    }
  return taken + ae_unfold_params (graph, model, first);
}
