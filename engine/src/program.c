/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* program.c - turns a graph into steps on planar and blocked values. */

#include "program.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  AeProgram *program;
  GArray *values;        /* AeValue */
  GArray *steps;         /* AeStep */
  int *planar, *blocked; /* value of each node in that layout, or -1 */
  int *uses;             /* of each node's result */
  int *fused_into;       /* the add that a node's step is emitted with, or -1 */
} Builder;

static int
new_value (Builder *b, int node, gboolean blocked)
{
  const AeNode *n = ae_graph_node (b->program->graph, node);
  AeValue value = { .channels = n->channels,
                    .up = n->up,
                    .down = n->down,
                    .width = n->width,
                    .height = n->height,
                    .vector = blocked && n->vector,
                    .blocked = blocked,
                    .input = n->op == AE_OP_INPUT && !blocked,
                    .node = node };

  g_array_append_val (b->values, value);
  (blocked ? b->blocked : b->planar)[node] = (int)b->values->len - 1;
  return (int)b->values->len - 1;
}

/* The value of a node in the layout wanted, converted where need be. */
static int
value_of (Builder *b, int node, gboolean blocked)
{
  int have = (blocked ? b->blocked : b->planar)[node];

  if (have < 0)
    {
      AeStep step = { .kind = blocked ? AE_STEP_PACK : AE_STEP_UNPACK, .n_src = 1, .add = -1 };

      step.src[0] = (blocked ? b->planar : b->blocked)[node];
      have = step.dst = new_value (b, node, blocked);
      g_array_append_val (b->steps, step);
    }
  return have;
}

/* Whether the result of the node is planar, given its sources. */
static gboolean
is_planar (Builder *b, int index)
{
  const AeNode *node = ae_graph_node (b->program->graph, index);

  switch (node->op)
    {
    case AE_OP_CONV:
      return b->program->packed[index].planar;
    case AE_OP_INPUT:
    case AE_OP_PIXEL_SHUFFLE:
    case AE_OP_BICUBIC:
      return TRUE;
    case AE_OP_ADD:
    case AE_OP_CONCAT:
    case AE_OP_ACT:
    case AE_OP_CROP:
      for (int i = 0; i < node->n_src; i++)
        if (b->planar[node->src[i]] < 0)
          return FALSE;
      return TRUE;
    case AE_OP_RESHAPE:
      return !node->vector;
    default:
      return FALSE;
    }
}

static gboolean
wants_planar_source (Builder *b, const AeNode *node)
{
  return node->op == AE_OP_PIXEL_UNSHUFFLE || node->op == AE_OP_BICUBIC
         || (node->op == AE_OP_RESHAPE && !ae_graph_node (b->program->graph, node->src[0])->vector);
}

static void
emit_node (Builder *b, int index, int dst_node, int add_node)
{
  const AeNode *node = ae_graph_node (b->program->graph, index);
  gboolean planar = is_planar (b, index);
  gboolean elementwise
    = node->op == AE_OP_ADD || node->op == AE_OP_CONCAT || node->op == AE_OP_ACT || node->op == AE_OP_CROP;
  AeStep step = { .kind = AE_STEP_NODE, .node = node, .index = index, .n_src = node->n_src, .add = -1 };

  for (int i = 0; i < node->n_src; i++)
    step.src[i] = value_of (b, node->src[i], !(wants_planar_source (b, node) || (elementwise && planar)));
  if (add_node >= 0)
    step.add = value_of (b, add_node, !planar);
  step.dst = new_value (b, dst_node, !planar);
  g_array_append_val (b->steps, step);
}

/* The source of an add whose own step can do the sum, or -1. */
static int
fusible_source (Builder *b, const AeNode *add)
{
  for (int i = 1; i >= 0; i--)
    {
      int source = add->src[i];
      AeOp op = ae_graph_node (b->program->graph, source)->op;

      if (b->uses[source] == 1 && add->src[0] != add->src[1]
          && (op == AE_OP_CONV || op == AE_OP_CONV_TRANSPOSE || op == AE_OP_PIXEL_SHUFFLE))
        return source;
    }
  return -1;
}

static void
mark_fusion (Builder *b)
{
  const AeGraph *graph = b->program->graph;

  for (int i = 0; i < ae_graph_n_nodes (graph); i++)
    {
      const AeNode *node = ae_graph_node (graph, i);
      int source;

      if (node->op != AE_OP_ADD)
        continue;
      source = fusible_source (b, node);
      if (source >= 0)
        b->fused_into[source] = i;
    }
}

/* The last convolution, if it has so few channels that lanes would stay empty. */
static void
mark_planar (Builder *b)
{
  AeGraph *graph = b->program->graph;
  int last = ae_graph_output (graph);
  const AeNode *node;

  for (int i = 0; i < ae_graph_n_nodes (graph); i++)
    if (b->fused_into[i] == last)
      {
        last = i;
        break;
      }
  node = ae_graph_node (graph, last);
  b->program->packed[last].planar = node->op == AE_OP_CONV && node->stride == 1
                                    && node->act == AE_GRAPH_ACT_NONE && node->channels <= AE_PLANAR_MAX;
}

/* Convolutions with so many channels that the transforms are worth it. */
static gboolean
is_winograd (const AeKernels *k, const AeNode *node, int in)
{
  return k->conv_winograd && node->op == AE_OP_CONV && node->kernel == 3 && node->stride == 1
         && node->act != AE_GRAPH_ACT_SIGMOID && MIN (in, node->channels) >= k->winograd_channels;
}

static void
pack_alloc (AeProgram *program, int node_index)
{
  const AeNode *node = ae_graph_node (program->graph, node_index);
  AePacked *packed = &program->packed[node_index];
  int in = node->n_src ? ae_graph_node (program->graph, node->src[0])->channels : 0;
  int vl = program->kernels->vl;
  size_t padded = (size_t)((node->channels + vl - 1) / vl * vl);

  if (packed->planar)
    {
      size_t blocks = (size_t)((in + vl - 1) / vl * vl);

      packed->weights = g_aligned_alloc0 (blocks * (size_t)(node->channels * node->kernel * node->kernel),
                                          sizeof (float), 64);
      packed->bias = node->bias ? g_aligned_alloc0 (padded, sizeof (float), 64) : NULL;
    }
  else if (node->op == AE_OP_CONV || node->op == AE_OP_CONV_TRANSPOSE || node->op == AE_OP_DENSE)
    {
      gboolean transposed = node->op == AE_OP_CONV_TRANSPOSE;
      int taps = transposed ? 1 : node->kernel * node->kernel;
      size_t sets = transposed ? 4 : 1;

      packed->weights_set
        = packed->winograd ? ae_winograd_packed_size (program->kernels, in, node->channels)
                           : ae_whole_lines (program->kernels->conv_packed_size (in, node->channels, taps));
      packed->weights = g_aligned_alloc0 (packed->weights_set * sets, sizeof (float), 64);
      if (node->bias)
        packed->bias = g_aligned_alloc0 (padded, sizeof (float), 64);
    }
  if (node->act == AE_GRAPH_ACT_PRELU || node->act == AE_GRAPH_ACT_LEAKY)
    {
      packed->slope = g_aligned_alloc0 (padded, sizeof (float), 64);
      packed->slope[0] = node->slope;
    }
}

static void
mark_winograd (AeProgram *program)
{
  const AeKernels *k = program->kernels;

  for (int i = 0; i < ae_graph_n_nodes (program->graph); i++)
    {
      const AeNode *node = ae_graph_node (program->graph, i);
      int in = node->n_src ? ae_graph_node (program->graph, node->src[0])->channels : 0;

      if (program->packed[i].planar || !is_winograd (k, node, in))
        continue;
      program->packed[i].winograd = TRUE;
      program->scratch = MAX (
        program->scratch, ae_whole_lines (k->winograd_scratch (in, (node->channels + k->vl - 1) / k->vl)));
    }
}

AeProgram *
ae_program_new (AeGraph *graph, const AeKernels *kernels, AeProgramFlags flags)
{
  int n = ae_graph_n_nodes (graph);
  AeProgram *program = g_new0 (AeProgram, 1);
  Builder b = { program,
                g_array_new (FALSE, TRUE, sizeof (AeValue)),
                g_array_new (FALSE, TRUE, sizeof (AeStep)),
                g_new (int, n),
                g_new (int, n),
                g_new0 (int, n),
                g_new (int, n) };

  program->graph = ae_graph_ref (graph);
  program->kernels = kernels;
  program->input_values = g_new (int, n);
  program->packed = g_new0 (AePacked, n);
  for (int i = 0; i < n; i++)
    {
      const AeNode *node = ae_graph_node (graph, i);

      b.planar[i] = b.blocked[i] = b.fused_into[i] = program->input_values[i] = -1;
      for (int s = 0; s < node->n_src; s++)
        b.uses[node->src[s]]++;
    }
  b.uses[ae_graph_output (graph)]++;
  if (flags & AE_PROGRAM_FUSED)
    {
      mark_fusion (&b);
      mark_planar (&b);
    }
  if (flags & AE_PROGRAM_WINOGRAD)
    mark_winograd (program);
  for (int i = 0; i < n; i++)
    pack_alloc (program, i);

  for (int i = 0; i < n; i++)
    {
      const AeNode *node = ae_graph_node (graph, i);
      int fused = -1;

      if (node->op == AE_OP_INPUT)
        {
          program->input_values[i] = new_value (&b, i, FALSE);
          continue;
        }
      if (b.fused_into[i] >= 0)
        continue; /* emitted with its add */
      if (node->op == AE_OP_ADD)
        for (int s = 0; s < 2; s++)
          if (b.fused_into[node->src[s]] == i)
            fused = s;
      if (fused >= 0)
        emit_node (&b, node->src[fused], i, node->src[1 - fused]);
      else
        emit_node (&b, i, i, -1);
    }
  program->output = value_of (&b, ae_graph_output (graph), FALSE);

  program->n_values = (int)b.values->len;
  program->n_steps = (int)b.steps->len;
  program->values = (AeValue *)(void *)g_array_free (b.values, FALSE);
  program->steps = (AeStep *)(void *)g_array_free (b.steps, FALSE);
  g_free (b.planar);
  g_free (b.blocked);
  g_free (b.uses);
  g_free (b.fused_into);
  return program;
}

gboolean
ae_program_can_be_fast (const AeProgram *program)
{
  for (int i = 0; i < program->n_steps; i++)
    {
      const AeStep *step = &program->steps[i];

      if (step->kind == AE_STEP_NODE && program->values[step->dst].blocked)
        switch (step->node->op)
          {
          case AE_OP_CONCAT:
          case AE_OP_ACT:
          case AE_OP_DENSE:
          case AE_OP_RESHAPE:
          case AE_OP_SAMPLE:
            return FALSE;
          default:
            break;
          }
    }
  return TRUE;
}

void
ae_program_free (AeProgram *program)
{
  if (!program)
    return;
  for (int i = 0; i < ae_graph_n_nodes (program->graph); i++)
    {
      g_aligned_free (program->packed[i].weights);
      g_aligned_free (program->packed[i].bias);
      g_aligned_free (program->packed[i].slope);
    }
  g_free (program->packed);
  g_free (program->input_values);
  g_free (program->values);
  g_free (program->steps);
  ae_graph_unref (program->graph);
  g_free (program);
}

void
ae_packed_set_conv (AePacked *packed, const AeKernels *k, const float *w, ptrdiff_t so, ptrdiff_t si,
                    ptrdiff_t st, int in_channels, int out_channels, int taps)
{
  if (packed->winograd)
    {
      g_autofree float *room = g_new (float, 3 * (gsize)in_channels * (gsize)out_channels);

      ae_winograd_pack (k, packed->weights, w, so, si, st, in_channels, out_channels, room);
    }
  else
    k->conv_pack (packed->weights, w, so, si, st, in_channels, out_channels, taps);
}

void
ae_program_set_params (AeProgram *program, const float *params)
{
  const AeKernels *k = program->kernels;

  for (int i = 0; i < ae_graph_n_params (program->graph); i++)
    {
      const AeParam *param = ae_graph_param (program->graph, i);
      const AeNode *node = ae_graph_node (program->graph, param->node);
      AePacked *packed = &program->packed[param->node];
      int taps = node->kernel * node->kernel;

      if (param->rank == 4 && packed->planar)
        k->conv_planar_pack (packed->weights, params, (int)param->dims[1], node->channels, taps);
      else if (param->rank >= 2 && node->op != AE_OP_CONV_TRANSPOSE)
        ae_packed_set_conv (packed, k, params, param->dims[1] * taps, taps, 1, (int)param->dims[1],
                            node->channels, taps);
      else if (param->rank == 4)
        for (int t = 0; t < 4; t++)
          k->conv_pack (packed->weights + (size_t)t * packed->weights_set, params + t, 4,
                        (ptrdiff_t)node->channels * 4, 0, (int)param->dims[0], node->channels, 1);
      else
        memcpy (g_str_has_suffix (param->name, ".slope") ? packed->slope : packed->bias, params,
                param->count * sizeof (float));
      params += param->count;
    }
}

void
ae_program_layout (const AeProgram *program, int width, int height, AeBuffer *buffers)
{
  for (int i = 0; i < program->n_values; i++)
    {
      const AeValue *v = &program->values[i];

      if (v->vector)
        ae_buffer_layout_vector (&buffers[i], v->channels, program->kernels->vl);
      else
        ae_buffer_layout (&buffers[i], v->blocked, v->channels, v->width ? v->width : width * v->up / v->down,
                          v->width ? v->height : height * v->up / v->down, program->kernels);
    }
}

int
ae_program_group (const AeProgram *program, int step)
{
  const AeStep *s = &program->steps[step];

  return s->kind == AE_STEP_NODE && program->packed[s->index].winograd ? AE_WINOGRAD : 1;
}

void
ae_program_run_step (const AeProgram *program, int step, const AeBuffer *buffers, int image, int y0, int y1,
                     float *scratch)
{
  const AeStep *s = &program->steps[step];

  ae_step_run (program->kernels, s, &program->packed[s->index], buffers, image, y0, y1, scratch);
}
