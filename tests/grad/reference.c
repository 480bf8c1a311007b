/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* reference.c - a graph computed plainly in double precision. */

#include "reference.h"

#include <math.h>
#include <string.h>

typedef struct
{
  double *data;
  int channels, width, height;
} Value;

static double *
at (const Value *v, int c, int y, int x)
{
  return v->data + ((gsize)c * (gsize)v->height + (gsize)y) * (gsize)v->width + (gsize)x;
}

static double
padded (const Value *v, int c, int y, int x)
{
  return y < 0 || y >= v->height || x < 0 || x >= v->width ? 0 : *at (v, c, y, x);
}

static double
activate (const AeNode *node, const double *slope, int c, double v)
{
  switch (node->act)
    {
    case AE_GRAPH_ACT_RELU:
      return v > 0 ? v : 0;
    case AE_GRAPH_ACT_LEAKY:
      return v > 0 ? v : (double)node->slope * v;
    case AE_GRAPH_ACT_PRELU:
      return v > 0 ? v : slope[c] * v;
    case AE_GRAPH_ACT_SIGMOID:
      return 1 / (1 + exp (-v));
    default:
      return v;
    }
}

static double
cubic (double x)
{
  x = fabs (x);
  return x < 1 ? 1.5 * x * x * x - 2.5 * x * x + 1 : x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0;
}

/* Weight of a result pixel's source, and the sum over all, op by op. */
static double
compute (const AeNode *node, const Value *src, const double *w, const double *bias, int c, int y, int x)
{
  double sum = bias ? bias[c] : 0;
  int k = node->kernel, f = node->factor;

  switch (node->op)
    {
    case AE_OP_CONV:
      for (int i = 0; i < src->channels; i++)
        for (int dy = 0; dy < k; dy++)
          for (int dx = 0; dx < k; dx++)
            sum += w[((c * src->channels + i) * k + dy) * k + dx]
                   * padded (src, i, y * node->stride + dy - (k == 3), x * node->stride + dx - (k == 3));
      return sum;
    case AE_OP_CONV_TRANSPOSE:
      for (int i = 0; i < src->channels; i++)
        sum += w[((i * node->channels + c) * 2 + y % 2) * 2 + x % 2] * *at (src, i, y / 2, x / 2);
      return sum;
    case AE_OP_PIXEL_UNSHUFFLE:
      return *at (src, c / (f * f), y * f + c % (f * f) / f, x * f + c % f);
    case AE_OP_PIXEL_SHUFFLE:
      return *at (src, c * f * f + y % f * f + x % f, y / f, x / f);
    case AE_OP_MAX_POOL:
      return fmax (fmax (padded (src, c, 2 * y, 2 * x), padded (src, c, 2 * y, 2 * x + 1)),
                   fmax (padded (src, c, 2 * y + 1, 2 * x), padded (src, c, 2 * y + 1, 2 * x + 1)));
    case AE_OP_AVG_POOL:
      return (*at (src, c, 2 * y, 2 * x) + *at (src, c, 2 * y, 2 * x + 1) + *at (src, c, 2 * y + 1, 2 * x)
              + *at (src, c, 2 * y + 1, 2 * x + 1))
             / 4;
    case AE_OP_UP:
      return *at (src, c, y / 2, x / 2);
    case AE_OP_CROP:
      return *at (src, c, y + node->border, x + node->border);
    case AE_OP_RESHAPE:
      return src->data[(c * node->height + y) * node->width + x];
    case AE_OP_DENSE:
      for (int i = 0; i < src->channels; i++)
        sum += w[c * src->channels + i] * src->data[i];
      return sum;
    case AE_OP_SAMPLE: /* of chance nothing */
      return src->data[c];
    case AE_OP_ADD:
      return *at (src, c, y, x) + *at (src + 1, c, y, x);
    case AE_OP_CONCAT:
      while (c >= src->channels)
        c -= src++->channels;
      return *at (src, c, y, x);
    case AE_OP_BICUBIC:
      {
        double sy = (y + 0.5) / f - 0.5, sx = (x + 0.5) / f - 0.5;

        for (int i = (int)floor (sy) - 1; i <= (int)floor (sy) + 2; i++)
          for (int j = (int)floor (sx) - 1; j <= (int)floor (sx) + 2; j++)
            sum += cubic (sy - i) * cubic (sx - j)
                   * *at (src, c, CLAMP (i, 0, src->height - 1), CLAMP (j, 0, src->width - 1));
        return sum;
      }
    default: /* AE_OP_ACT */
      return *at (src, c, y, x);
    }
}

double *
reference_run (const AeGraph *graph, const double *params, double *const *inputs, int width, int height)
{
  int n = ae_graph_n_nodes (graph), p = 0;
  Value *values = g_new0 (Value, n);
  double *result;

  for (int i = 0; i < n; i++)
    {
      const AeNode *node = ae_graph_node (graph, i);
      Value *v = &values[i];
      Value src[AE_GRAPH_SOURCES_MAX];
      const double *weights = NULL, *bias = NULL, *slope = NULL;

      *v = (Value){ NULL, node->channels, node->width ? node->width : width * node->up / node->down,
                    node->width ? node->height : height * node->up / node->down };
      v->data = g_new (double, (gsize)v->channels *(gsize)v->width *(gsize)v->height);
      for (int s = 0; s < node->n_src; s++)
        src[s] = values[node->src[s]];
      for (; p < ae_graph_n_params (graph) && ae_graph_param (graph, p)->node == i; p++)
        {
          const AeParam *param = ae_graph_param (graph, p);

          if (g_str_has_suffix (param->name, ".weight"))
            weights = params;
          else if (g_str_has_suffix (param->name, ".bias"))
            bias = params;
          else
            slope = params;
          params += param->count;
        }
      if (node->op == AE_OP_INPUT)
        {
          memcpy (v->data, inputs[i],
                  sizeof (double) * (gsize)v->channels * (gsize)v->width * (gsize)v->height);
          continue;
        }
      for (int c = 0; c < v->channels; c++)
        for (int y = 0; y < v->height; y++)
          for (int x = 0; x < v->width; x++)
            *at (v, c, y, x) = activate (node, slope, c, compute (node, src, weights, bias, c, y, x));
    }
  result = g_steal_pointer (&values[ae_graph_output (graph)].data);
  for (int i = 0; i < n; i++)
    g_free (values[i].data);
  g_free (values);
  return result;
}
