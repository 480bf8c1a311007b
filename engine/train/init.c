/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* init.c - first values of parameters. */

#include "init.h"
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

      if (param->rank == 4)
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

static int
find_param (const AeGraph *graph, const char *name)
{
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    if (strcmp (ae_graph_param (graph, i)->name, name) == 0)
      return i;
  return -1;
}

int
ae_init_from_model (const AeGraph *graph, const AeModel *model, float *params)
{
  int taken = 0;

  for (int i = 0; i < ae_graph_n_params (graph); i++)
    {
      const AeParam *to = ae_graph_param (graph, i);
      int at = find_param (ae_model_graph (model), to->name);

      if (at >= 0 && ae_graph_param (ae_model_graph (model), at)->rank == to->rank)
        {
          const AeParam *from = ae_graph_param (ae_model_graph (model), at);
          const float *values = ae_model_param (model, at);
          gint64 d[4], fd[4] = { 1, 1, 1, 1 }, td[4] = { 1, 1, 1, 1 };

          memcpy (fd, from->dims, sizeof (gint64) * (gsize)from->rank);
          memcpy (td, to->dims, sizeof (gint64) * (gsize)to->rank);
          for (int r = 0; r < 4; r++)
            d[r] = MIN (fd[r], td[r]);
          for (gint64 a = 0; a < d[0]; a++)
            for (gint64 b = 0; b < d[1]; b++)
              for (gint64 c = 0; c < d[2]; c++)
                for (gint64 e = 0; e < d[3]; e++)
                  params[((a * td[1] + b) * td[2] + c) * td[3] + e]
                    = values[((a * fd[1] + b) * fd[2] + c) * fd[3] + e];
          taken++;
        }
      params += to->count;
    }
  return taken;
}
