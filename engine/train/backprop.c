/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* backprop.c - packs parameters for the backward pass and unpacks their gradients. */

#include "backprop.h"

#include <string.h>

static gboolean
has_weights (const AeNode *node)
{
  return node->op == AE_OP_CONV || node->op == AE_OP_CONV_TRANSPOSE || node->op == AE_OP_DENSE;
}

static int
in_channels (const AeGraph *graph, const AeNode *node)
{
  return ae_graph_node (graph, node->src[0])->channels;
}

static size_t
padded_channels (const AeProgram *program, const AeNode *node)
{
  int vl = program->kernels->vl;

  return (size_t)((node->channels + vl - 1) / vl * vl);
}

/* The gradient of a 2x2 convolution's source is four one-tap convolutions, one for each source pixel of a
 * window; of all others it is one convolution with the taps of the forward pass. */
static int
transposed_sets (const AeNode *node)
{
  return node->op == AE_OP_CONV && node->kernel == 2 ? 4 : 1;
}

/* What both gradients of a convolution by Winograd's algorithm need. */
static size_t
scratch_of (const AeKernels *k, int in, int out)
{
  return ae_whole_lines (MAX (k->winograd_scratch (out, (in + k->vl - 1) / k->vl),
                              k->winograd_grad_scratch (in, (out + k->vl - 1) / k->vl)));
}

static void
lay_out_node (AeBackprop *bp, int index)
{
  const AeProgram *program = bp->program;
  const AeKernels *k = program->kernels;
  const AeNode *node = ae_graph_node (program->graph, index);
  AeGradAt *at = &bp->at[index];
  size_t padded = padded_channels (program, node);

  at->weights = at->bias = at->slope = G_MAXSIZE;
  if (has_weights (node))
    {
      int in = in_channels (program->graph, node);
      int taps = node->kernel * node->kernel;
      int sets = transposed_sets (node);
      AePacked *packed = &bp->transposed[index];

      packed->winograd = program->packed[index].winograd;
      packed->weights_set = packed->winograd
                              ? ae_winograd_packed_size (k, node->channels, in)
                              : ae_whole_lines (k->conv_packed_size (node->channels, in, taps / sets));
      if (packed->winograd)
        bp->scratch = MAX (bp->scratch, scratch_of (k, in, node->channels));
      packed->weights = g_aligned_alloc0 (packed->weights_set * (size_t)sets, sizeof (float), 64);
      at->weights = bp->n_gathered;
      at->weights_set = (size_t)in * padded * (packed->winograd ? 3 : 1);
      bp->n_gathered
        += packed->winograd ? AE_WINOGRAD_POINTS * at->weights_set : (size_t)in * (size_t)taps * padded;
      if (node->bias)
        {
          at->bias = bp->n_gathered;
          bp->n_gathered += padded;
        }
    }
  if (node->act == AE_GRAPH_ACT_PRELU)
    {
      at->slope = bp->n_gathered;
      bp->n_gathered += padded;
    }
  bp->n_gathered = (bp->n_gathered + 15) & ~(size_t)15;
}

AeBackprop *
ae_backprop_new (AeGraph *graph, const AeKernels *kernels)
{
  AeBackprop *bp = g_new0 (AeBackprop, 1);
  int n = ae_graph_n_nodes (graph);

  bp->program = ae_program_new (graph, kernels, AE_PROGRAM_WINOGRAD);
  bp->scratch = bp->program->scratch;
  bp->transposed = g_new0 (AePacked, n);
  bp->at = g_new0 (AeGradAt, n);
  bp->needs_grad = g_new0 (gboolean, bp->program->n_values);
  for (int i = 0; i < n; i++)
    lay_out_node (bp, i);
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    bp->n_params += ae_graph_param (graph, i)->count;
  for (int s = 0; s < bp->program->n_steps; s++)
    {
      const AeStep *step = &bp->program->steps[s];
      gboolean needs
        = step->kind == AE_STEP_NODE && (has_weights (step->node) || step->node->act == AE_GRAPH_ACT_PRELU);

      for (int i = 0; i < step->n_src; i++)
        needs |= bp->needs_grad[step->src[i]];
      bp->needs_grad[step->dst] = needs;
    }
  return bp;
}

void
ae_backprop_free (AeBackprop *bp)
{
  if (!bp)
    return;
  for (int i = 0; i < ae_graph_n_nodes (bp->program->graph); i++)
    g_aligned_free (bp->transposed[i].weights);
  g_free (bp->transposed);
  g_free (bp->at);
  g_free (bp->needs_grad);
  ae_program_free (bp->program);
  g_free (bp);
}

void
ae_backprop_set_params (AeBackprop *bp, const float *params)
{
  const AeGraph *graph = bp->program->graph;
  const AeKernels *k = bp->program->kernels;

  ae_program_set_params (bp->program, params);
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    {
      const AeParam *param = ae_graph_param (graph, i);
      const AeNode *node = ae_graph_node (graph, param->node);
      AePacked *packed = &bp->transposed[param->node];

      if (param->rank >= 2)
        {
          int taps = node->kernel * node->kernel;
          int in = in_channels (graph, node);
          int out = node->channels;

          if (node->op == AE_OP_CONV_TRANSPOSE) /* [I][O][2][2] */
            k->conv_pack (packed->weights, params, (ptrdiff_t)out * taps, taps, 1, out, in, taps);
          else if (node->kernel == 2)
            for (int t = 0; t < taps; t++)
              k->conv_pack (packed->weights + (size_t)t * packed->weights_set, params + t, taps,
                            (ptrdiff_t)in * taps, 0, out, in, 1);
          else /* mirrored */
            ae_packed_set_conv (packed, k, params + taps - 1, taps, (ptrdiff_t)in * taps, -1, out, in, taps);
        }
      params += param->count;
    }
}

void
ae_backprop_unpack (const AeBackprop *bp, const float *gathered, float *grads)
{
  const AeGraph *graph = bp->program->graph;

  for (int i = 0; i < ae_graph_n_params (graph); i++)
    {
      const AeParam *param = ae_graph_param (graph, i);
      const AeNode *node = ae_graph_node (graph, param->node);
      const AeGradAt *at = &bp->at[param->node];

      if (param->rank >= 2)
        {
          size_t padded = padded_channels (bp->program, node);
          int taps = node->kernel * node->kernel;
          int in = in_channels (graph, node);
          gboolean transposed = node->op == AE_OP_CONV_TRANSPOSE;
          gboolean winograd = bp->transposed[param->node].winograd;

          for (int o = 0; o < node->channels; o++)
            for (int c = 0; c < in; c++)
              {
                const float *from = gathered + at->weights + o;
                float *to = grads
                            + (transposed ? (size_t)c * (size_t)node->channels + (size_t)o
                                          : (size_t)o * (size_t)in + (size_t)c)
                                * (size_t)taps;

                if (winograd)
                  for (int row = 0; row < 3; row++)
                    ae_winograd_gradient (to + 3 * row, from + (size_t)(3 * c + row) * padded,
                                          at->weights_set);
                else
                  for (int t = 0; t < taps; t++)
                    to[t] = from[transposed ? (size_t)t * at->weights_set + (size_t)c * padded
                                            : ((size_t)c * (size_t)taps + (size_t)t) * padded];
              }
        }
      else
        memcpy (grads, gathered + (g_str_has_suffix (param->name, ".slope") ? at->slope : at->bias),
                param->count * sizeof (float));
      grads += param->count;
    }
}
