/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* onednn-network.c - a model as a list of oneDNN primitives, run one after the other over a whole picture. */

#include "onednn-network.h"

#include <ae/error.h>
#include <dnnl.h>
#include <math.h>
#include <string.h>

enum
{
  ARGS_MAX = 5
};

/* Memory that values use one after the other. */
typedef struct
{
  float *data;
  gsize size;
  gboolean used;
} Buffer;

/* What a node computes. */
typedef struct
{
  dnnl_memory_desc_t layout;
  dnnl_memory_t memory; /* NULL: not computed yet */
  int buffer;           /* that holds it, -1: it is part of another value */
  int uses;             /* by nodes that are still to come */
} Value;

typedef struct
{
  int node;
  char *implementation;
  dnnl_primitive_t primitive; /* NULL: bicubic () */
  int n_args;
  dnnl_exec_arg_t args[ARGS_MAX];
  double seconds;
} Step;

struct _OnednnNetwork
{
  AeModel *model;
  AeGraph *graph;
  int width, height;
  dnnl_data_type_t type; /* of values between the steps, and of weights */
  dnnl_format_tag_t tag; /* of the former */
  dnnl_engine_t engine;
  dnnl_stream_t stream;
  Value *values;       /* by node */
  int *sum_of;         /* by node: the addition that its step does too, or -1 */
  GArray *buffers;     /* Buffer */
  GArray *steps;       /* Step */
  GPtrArray *memories; /* dnnl_memory_t: all of them */
  GError *error;
};

static gboolean fail (OnednnNetwork *n, int node, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
fail (OnednnNetwork *n, int node, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  if (!n->error)
    g_set_error (&n->error, AE_ERROR, AE_ERROR_ARGUMENT, "oneDNN, node %s: %s",
                 node < 0 ? "none" : ae_graph_node (n->graph, node)->name, what);
  return FALSE;
}

static gboolean
ok (OnednnNetwork *n, int node, dnnl_status_t status, const char *what)
{
  return status == dnnl_success || fail (n, node, "%s gives status %d, expected 0", what, status);
}

/* Buffers and values */

static int
take_buffer (OnednnNetwork *n, gsize size)
{
  Buffer fresh = { .size = size, .used = TRUE };
  int best = -1;

  for (guint i = 0; i < n->buffers->len; i++)
    {
      const Buffer *b = &g_array_index (n->buffers, Buffer, i);

      if (!b->used && b->size >= size && b->size <= 2 * size
          && (best < 0 || b->size < g_array_index (n->buffers, Buffer, best).size))
        best = (int)i;
    }
  if (best >= 0)
    {
      g_array_index (n->buffers, Buffer, best).used = TRUE;
      return best;
    }
  fresh.data = g_aligned_alloc0 (size, 1, 64);
  g_array_append_val (n->buffers, fresh);
  return (int)n->buffers->len - 1;
}

static gboolean
new_memory (OnednnNetwork *n, int node, const dnnl_memory_desc_t *layout, void *data, dnnl_memory_t *memory)
{
  if (!ok (n, node, dnnl_memory_create (memory, layout, n->engine, data), "dnnl_memory_create"))
    return FALSE;
  g_ptr_array_add (n->memories, *memory);
  return TRUE;
}

static gboolean
new_value (OnednnNetwork *n, int node, const dnnl_memory_desc_t *layout, Value *value)
{
  value->layout = *layout;
  value->buffer = take_buffer (n, dnnl_memory_desc_get_size (layout));
  return new_memory (n, node, layout, g_array_index (n->buffers, Buffer, value->buffer).data, &value->memory);
}

static void
release (OnednnNetwork *n, const Value *value)
{
  if (value->buffer >= 0)
    g_array_index (n->buffers, Buffer, value->buffer).used = FALSE;
}

static void
used_once (OnednnNetwork *n, int node)
{
  if (--n->values[node].uses == 0)
    release (n, &n->values[node]);
}

static dnnl_memory_desc_t
layout_of (const OnednnNetwork *n, int node, dnnl_data_type_t type, dnnl_format_tag_t tag)
{
  const AeNode *a = ae_graph_node (n->graph, node);
  const dnnl_dims_t dims = { 1, a->channels, n->height * a->up / a->down, n->width * a->up / a->down };
  dnnl_memory_desc_t layout;

  dnnl_memory_desc_init_by_tag (&layout, 4, dims, type, tag);
  return layout;
}

static void *
data_of (dnnl_memory_t memory)
{
  void *data = NULL;

  dnnl_memory_get_data_handle (memory, &data);
  return data;
}

/* Steps */

static gboolean
add_step (OnednnNetwork *n, int node, dnnl_primitive_desc_t description, const dnnl_exec_arg_t *args,
          int n_args)
{
  Step step = { .node = node, .n_args = n_args };
  const char *implementation = "";
  gboolean good = ok (n, node, dnnl_primitive_create (&step.primitive, description), "dnnl_primitive_create");

  dnnl_primitive_desc_query (description, dnnl_query_impl_info_str, 0, &implementation);
  step.implementation = g_strdup (implementation);
  memcpy (step.args, args, (gsize)n_args * sizeof *args);
  dnnl_primitive_desc_destroy (description);
  g_array_append_val (n->steps, step);
  return good;
}

static dnnl_primitive_attr_t
attributes (AeGraphAct act, float slope, gboolean sum)
{
  dnnl_primitive_attr_t result;
  dnnl_post_ops_t post;

  dnnl_primitive_attr_create (&result);
  dnnl_post_ops_create (&post);
  if (act == AE_GRAPH_ACT_RELU || act == AE_GRAPH_ACT_LEAKY)
    dnnl_post_ops_append_eltwise (post, 1, dnnl_eltwise_relu, act == AE_GRAPH_ACT_LEAKY ? slope : 0, 0);
  if (sum)
    dnnl_post_ops_append_sum (post, 1);
  dnnl_primitive_attr_set_post_ops (result, post);
  dnnl_post_ops_destroy (post);
  return result;
}

static gboolean
add_reorder (OnednnNetwork *n, int node, const dnnl_memory_desc_t *from, dnnl_memory_t src,
             const dnnl_memory_desc_t *to, dnnl_memory_t dst, gboolean sum)
{
  dnnl_primitive_attr_t attr = attributes (AE_GRAPH_ACT_NONE, 0, sum);
  const dnnl_exec_arg_t args[] = { { DNNL_ARG_FROM, src }, { DNNL_ARG_TO, dst } };
  dnnl_primitive_desc_t description;
  dnnl_status_t status
    = dnnl_reorder_primitive_desc_create (&description, from, n->engine, to, n->engine, attr);

  dnnl_primitive_attr_destroy (attr);
  return ok (n, node, status, "dnnl_reorder_primitive_desc_create")
         && add_step (n, node, description, args, 2);
}

/* The value of a node in a layout: itself or a copy, which the caller releases if it is one. */
static gboolean
in_layout (OnednnNetwork *n, int node, const dnnl_memory_desc_t *layout, Value *value, gboolean *copied)
{
  const Value *have = &n->values[node];

  *copied = !dnnl_memory_desc_equal (&have->layout, layout);
  if (!*copied)
    {
      *value = *have;
      return TRUE;
    }
  return new_value (n, node, layout, value)
         && add_reorder (n, node, &have->layout, have->memory, layout, value->memory, FALSE);
}

/* A parameter as oneDNN wants it; reordered now, once. */
static gboolean
weights_in (OnednnNetwork *n, int node, const char *what, const dnnl_memory_desc_t *from,
            const dnnl_memory_desc_t *to, dnnl_memory_t *result)
{
  g_autofree char *name = g_strdup_printf ("%s.%s", ae_graph_node (n->graph, node)->name, what);
  const guint first = n->steps->len;
  const int at = ae_graph_find_param (n->graph, name);
  const float *values = NULL;
  dnnl_memory_t src = NULL;
  Step *step;
  gboolean good;

  if (at >= 0)
    values = ae_model_param (n->model, at);
  else
    return fail (n, node, "no parameter %s", name);
  good = new_memory (n, node, from, (void *)values, &src)
         && new_memory (n, node, to, DNNL_MEMORY_ALLOCATE, result)
         && add_reorder (n, node, from, src, to, *result, FALSE);
  if (good)
    {
      step = &g_array_index (n->steps, Step, first);
      good = ok (n, node, dnnl_primitive_execute (step->primitive, n->stream, step->n_args, step->args),
                 "dnnl_primitive_execute")
             && ok (n, node, dnnl_stream_wait (n->stream), "dnnl_stream_wait");
    }
  if (n->steps->len > first)
    {
      step = &g_array_index (n->steps, Step, first);
      dnnl_primitive_destroy (step->primitive);
      g_free (step->implementation);
      g_array_set_size (n->steps, first);
    }
  return good;
}

/* Operations */

/* The addend of the addition that this step does too, or -1. */
static int
addend_of (const OnednnNetwork *n, int node)
{
  const AeNode *sum = n->sum_of[node] < 0 ? NULL : ae_graph_node (n->graph, n->sum_of[node]);

  return !sum ? -1 : sum->src[0] == node ? sum->src[1] : sum->src[0];
}

/* A sum takes the place of its addend. */
static void
set_sum (OnednnNetwork *n, int node, int addend)
{
  Value *sum = &n->values[n->sum_of[node]];
  int uses = sum->uses;

  *sum = n->values[addend];
  sum->uses = uses;
  n->values[addend].buffer = -1;
}

static gboolean
describe_conv (OnednnNetwork *n, int node, const dnnl_memory_desc_t *weights, const dnnl_memory_desc_t *bias,
               const dnnl_memory_desc_t *dst, dnnl_primitive_desc_t *description)
{
  const AeNode *a = ae_graph_node (n->graph, node);
  const dnnl_dims_t strides = { a->stride, a->stride };
  const dnnl_dims_t padding = { a->kernel == 3, a->kernel == 3 };
  const gboolean planar = ae_graph_node (n->graph, a->src[0])->op == AE_OP_INPUT
                          || ae_graph_node (n->graph, a->src[0])->op == AE_OP_CONCAT;
  const dnnl_memory_desc_t src = layout_of (n, a->src[0], n->type, planar ? dnnl_format_tag_any : n->tag);
  dnnl_primitive_attr_t attr = attributes (a->act, a->slope, n->sum_of[node] >= 0);
  dnnl_convolution_desc_t conv;
  dnnl_deconvolution_desc_t deconv;
  dnnl_status_t status;
  const void *operation = &conv;

  if (a->op == AE_OP_CONV)
    status
      = dnnl_convolution_forward_desc_init (&conv, dnnl_forward_inference, dnnl_convolution_auto, &src,
                                            weights, a->bias ? bias : NULL, dst, strides, padding, padding);
  else
    {
      status = dnnl_deconvolution_forward_desc_init (&deconv, dnnl_forward_inference,
                                                     dnnl_deconvolution_direct, &src, weights,
                                                     a->bias ? bias : NULL, dst, strides, padding, padding);
      operation = &deconv;
    }
  if (status == dnnl_success)
    status = dnnl_primitive_desc_create (description, operation, attr, n->engine, NULL);
  dnnl_primitive_attr_destroy (attr);
  return ok (n, node, status, "dnnl_primitive_desc_create for a convolution");
}

/* In place.  A step of its own: as a part of a convolution it makes oneDNN 2.6 take its reference code. */
static gboolean
add_prelu (OnednnNetwork *n, int node)
{
  const AeNode *a = ae_graph_node (n->graph, node);
  const Value *value = &n->values[node];
  const dnnl_dims_t dims = { 1, a->channels, 1, 1 };
  dnnl_memory_desc_t given, slopes;
  dnnl_prelu_desc_t prelu;
  dnnl_primitive_desc_t description = NULL;
  dnnl_exec_arg_t args[]
    = { { DNNL_ARG_SRC, value->memory }, { DNNL_ARG_DST, value->memory }, { DNNL_ARG_WEIGHTS, NULL } };

  dnnl_memory_desc_init_by_tag (&given, 4, dims, dnnl_f32, dnnl_nchw);
  dnnl_memory_desc_init_by_tag (&slopes, 4, dims, n->type, dnnl_format_tag_any);
  if (!ok (n, node, dnnl_prelu_forward_desc_init (&prelu, dnnl_forward_inference, &value->layout, &slopes),
           "dnnl_prelu_forward_desc_init")
      || !ok (n, node, dnnl_primitive_desc_create (&description, &prelu, NULL, n->engine, NULL),
              "dnnl_primitive_desc_create for a PReLU"))
    return FALSE;
  return weights_in (n, node, "slope", &given,
                     dnnl_primitive_desc_query_md (description, dnnl_query_weights_md, 0), &args[2].memory)
         && add_step (n, node, description, args, 3);
}

static gboolean
add_conv (OnednnNetwork *n, int node)
{
  const AeNode *a = ae_graph_node (n->graph, node);
  const int in = ae_graph_node (n->graph, a->src[0])->channels, addend = addend_of (n, node);
  const dnnl_dims_t dims = { a->channels, in, a->kernel, a->kernel };
  dnnl_memory_desc_t weights, given, bias, dst;
  dnnl_primitive_desc_t description = NULL;
  dnnl_exec_arg_t args[ARGS_MAX];
  int n_args = 3;
  gboolean copied;
  Value src;

  if (a->act == AE_GRAPH_ACT_SIGMOID)
    return fail (n, node, "this activation is not part of the comparison");
  dnnl_memory_desc_init_by_tag (&given, 4, dims, dnnl_f32, a->op == AE_OP_CONV ? dnnl_oihw : dnnl_iohw);
  dnnl_memory_desc_init_by_tag (&weights, 4, dims, n->type, dnnl_format_tag_any);
  dnnl_memory_desc_init_by_tag (&bias, 1, dims, dnnl_f32, dnnl_a);
  dst = addend >= 0 ? n->values[addend].layout : layout_of (n, node, n->type, n->tag);
  if (!describe_conv (n, node, &weights, &bias, &dst, &description))
    return FALSE;
  weights = *dnnl_primitive_desc_query_md (description, dnnl_query_weights_md, 0);
  dst = *dnnl_primitive_desc_query_md (description, dnnl_query_dst_md, 0);
  if (!in_layout (n, a->src[0], dnnl_primitive_desc_query_md (description, dnnl_query_src_md, 0), &src,
                  &copied)
      || !weights_in (n, node, "weight", &given, &weights, &args[1].memory)
      || (a->bias && !weights_in (n, node, "bias", &bias, &bias, &args[3].memory)))
    return FALSE;
  if (addend >= 0)
    set_sum (n, node, addend);
  else if (!new_value (n, node, &dst, &n->values[node]))
    return FALSE;
  args[0] = (dnnl_exec_arg_t){ DNNL_ARG_SRC, src.memory };
  args[1].arg = DNNL_ARG_WEIGHTS;
  args[2] = (dnnl_exec_arg_t){ DNNL_ARG_DST, n->values[addend >= 0 ? n->sum_of[node] : node].memory };
  if (a->bias)
    args[n_args++].arg = DNNL_ARG_BIAS;
  if (copied)
    release (n, &src);
  return add_step (n, node, description, args, n_args)
         && (a->act != AE_GRAPH_ACT_PRELU || add_prelu (n, node));
}

/* Channels c * r * r + dy * r + dx become pixels, or the other way round: a reorder of five dimensions. */
static gboolean
add_shuffle (OnednnNetwork *n, int node)
{
  const AeNode *a = ae_graph_node (n->graph, node), *from = ae_graph_node (n->graph, a->src[0]);
  const gboolean grows = a->op == AE_OP_PIXEL_SHUFFLE;
  const AeNode *small = grows ? from : a;
  const dnnl_dim_t r = a->factor, w = n->width * small->up / small->down,
                   h = n->height * small->up / small->down;
  const dnnl_dims_t dims = { small->channels / (r * r), r, r, h, w };
  const dnnl_dims_t apart = { r * r * h * w, r * h * w, h * w, w, 1 };
  const dnnl_dims_t together = { r * r * h * w, r * w, 1, r * r * w, r };
  const dnnl_memory_desc_t plain = layout_of (n, a->src[0], dnnl_f32, dnnl_nchw);
  const dnnl_memory_desc_t result = layout_of (n, node, dnnl_f32, dnnl_nchw);
  const int addend = addend_of (n, node);
  dnnl_memory_desc_t src, dst;
  gboolean copied;
  Value value;

  dnnl_memory_desc_init_by_strides (&src, 5, dims, dnnl_f32, grows ? apart : together);
  dnnl_memory_desc_init_by_strides (&dst, 5, dims, dnnl_f32, grows ? together : apart);
  if (!in_layout (n, a->src[0], &plain, &value, &copied))
    return FALSE;
  if (addend >= 0)
    set_sum (n, node, addend);
  else if (!new_value (n, node, &result, &n->values[node]))
    return FALSE;
  if (copied)
    release (n, &value);
  return add_reorder (n, node, &src, value.memory, &dst,
                      n->values[addend >= 0 ? n->sum_of[node] : node].memory, addend >= 0);
}

static gboolean
add_bicubic (OnednnNetwork *n, int node)
{
  const AeNode *a = ae_graph_node (n->graph, node);
  const dnnl_memory_desc_t result = layout_of (n, node, dnnl_f32, dnnl_nchw);
  Step step = { .node = node, .implementation = g_strdup ("plain C: oneDNN has none") };

  g_array_append_val (n->steps, step);
  return ae_graph_node (n->graph, a->src[0])->op == AE_OP_INPUT
           ? new_value (n, node, &result, &n->values[node])
           : fail (n, node, "bicubic of anything but the picture is not part of the comparison");
}

/* The sum of two values of one layout takes the place of the second. */
static gboolean
add_binary (OnednnNetwork *n, int node, const Value *from, const Value *to)
{
  const dnnl_exec_arg_t args[]
    = { { DNNL_ARG_SRC_0, from->memory }, { DNNL_ARG_SRC_1, to->memory }, { DNNL_ARG_DST, to->memory } };
  dnnl_binary_desc_t binary;
  dnnl_primitive_desc_t description;

  return ok (n, node,
             dnnl_binary_desc_init (&binary, dnnl_binary_add, &from->layout, &to->layout, &to->layout),
             "dnnl_binary_desc_init")
         && ok (n, node, dnnl_primitive_desc_create (&description, &binary, NULL, n->engine, NULL),
                "dnnl_primitive_desc_create for an addition")
         && add_step (n, node, description, args, 3);
}

/* An addition that no other step does: onto the operand that nobody else needs, a picture if there is one. */
static gboolean
add_sum (OnednnNetwork *n, int node)
{
  const AeNode *a = ae_graph_node (n->graph, node);
  const int onto
    = n->values[a->src[1]].uses > 1 || ae_graph_node (n->graph, a->src[0])->op == AE_OP_INPUT ? 0 : 1;
  const Value *from = &n->values[a->src[!onto]];
  Value *to = &n->values[a->src[onto]], *sum = &n->values[node];
  int uses = sum->uses;

  if (to->uses > 1)
    return fail (n, node, "an addition of two values that are needed again is not part of the comparison");
  if (!(dnnl_memory_desc_equal (&from->layout, &to->layout)
          ? add_binary (n, node, from, to)
          : add_reorder (n, node, &from->layout, from->memory, &to->layout, to->memory, TRUE)))
    return FALSE;
  *sum = *to;
  sum->uses = uses;
  to->buffer = -1;
  return TRUE;
}

/* Inputs that are concatenated lie beside each other from the beginning: nothing is copied. */
static gboolean
place_inputs (OnednnNetwork *n)
{
  for (int i = 0; i < ae_graph_n_nodes (n->graph); i++)
    {
      const AeNode *a = ae_graph_node (n->graph, i);
      dnnl_memory_desc_t layout = layout_of (n, i, dnnl_f32, dnnl_nchw);
      float *data;

      if (a->op == AE_OP_CONCAT)
        {
          if (!new_value (n, i, &layout, &n->values[i]))
            return FALSE;
          data = data_of (n->values[i].memory);
          for (int s = 0; s < a->n_src; s++)
            {
              Value *part = &n->values[a->src[s]];

              if (ae_graph_node (n->graph, a->src[s])->op != AE_OP_INPUT || part->memory)
                return fail (n, i, "to concatenate anything but inputs is not part of the comparison");
              part->layout = layout_of (n, a->src[s], dnnl_f32, dnnl_nchw);
              if (!new_memory (n, i, &part->layout, data, &part->memory))
                return FALSE;
              data += dnnl_memory_desc_get_size (&part->layout) / sizeof (float);
            }
          n->values[i].uses++; /* the inputs are needed to the end */
        }
    }
  for (int i = 0; i < ae_graph_n_nodes (n->graph); i++)
    if (ae_graph_node (n->graph, i)->op == AE_OP_INPUT && !n->values[i].memory)
      {
        dnnl_memory_desc_t layout = layout_of (n, i, dnnl_f32, dnnl_nchw);

        if (!new_value (n, i, &layout, &n->values[i]))
          return FALSE;
      }
  return TRUE;
}

/* Whether the step of a node can do the addition that follows it: nobody else wants its own result, nobody
 * wants the other operand any more, which is there already and not what the step reads. */
static gboolean
can_sum (const OnednnNetwork *n, int node, int sum)
{
  const AeNode *a = ae_graph_node (n->graph, node), *s = ae_graph_node (n->graph, sum);
  const int other = s->src[0] == node ? s->src[1] : s->src[0];
  const AeOp op = ae_graph_node (n->graph, other)->op;

  if (n->values[node].uses != 1 || n->values[other].uses != 1 || !n->values[other].memory
      || other == a->src[0])
    return FALSE;
  /* Convolutions would be slow if they had to write planes.  Transposed ones are
   * many times slower with a post-operation than without. */
  if (a->op == AE_OP_CONV)
    return a->act != AE_GRAPH_ACT_PRELU && op != AE_OP_INPUT && op != AE_OP_BICUBIC;
  return a->op == AE_OP_PIXEL_SHUFFLE && op == AE_OP_BICUBIC;
}

static gboolean
add_node (OnednnNetwork *n, int i)
{
  const AeNode *a = ae_graph_node (n->graph, i);

  for (int j = i + 1; j < ae_graph_n_nodes (n->graph); j++)
    {
      const AeNode *s = ae_graph_node (n->graph, j);

      if (s->op == AE_OP_ADD && (s->src[0] == i || s->src[1] == i) && can_sum (n, i, j))
        n->sum_of[i] = j;
    }
  switch (a->op)
    {
    case AE_OP_CONV:
    case AE_OP_CONV_TRANSPOSE:
      return add_conv (n, i);
    case AE_OP_PIXEL_SHUFFLE:
    case AE_OP_PIXEL_UNSHUFFLE:
      return add_shuffle (n, i);
    case AE_OP_ADD:
      return n->values[i].memory || add_sum (n, i);
    case AE_OP_INPUT:
    case AE_OP_CONCAT:
    case AE_OP_BICUBIC:
      return TRUE;
    default:
      return fail (n, i, "%s is not part of the comparison", ae_op_name (a->op));
    }
}

static gboolean
build (OnednnNetwork *n)
{
  const int n_nodes = ae_graph_n_nodes (n->graph), output = ae_graph_output (n->graph);
  const dnnl_memory_desc_t plain = layout_of (n, output, dnnl_f32, dnnl_nchw);
  gboolean copied;
  Value result;

  if (!ok (n, -1, dnnl_engine_create (&n->engine, dnnl_cpu, 0), "dnnl_engine_create")
      || !ok (n, -1, dnnl_stream_create (&n->stream, n->engine, dnnl_stream_default_flags),
              "dnnl_stream_create"))
    return FALSE;
  for (int i = 0; i < n_nodes; i++)
    {
      const AeNode *a = ae_graph_node (n->graph, i);

      for (int s = 0; s < a->n_src; s++)
        n->values[a->src[s]].uses++;
      n->values[i].buffer = n->sum_of[i] = -1;
    }
  n->values[output].uses++;
  if (!place_inputs (n))
    return FALSE;
  for (int i = 0; i < n_nodes; i++) /* early, so that others can be added onto it */
    if (ae_graph_node (n->graph, i)->op == AE_OP_BICUBIC && !add_bicubic (n, i))
      return FALSE;
  for (int i = 0; i < n_nodes; i++)
    {
      const AeNode *a = ae_graph_node (n->graph, i);

      if (!add_node (n, i))
        return FALSE;
      for (int s = 0; s < a->n_src; s++)
        used_once (n, a->src[s]);
    }
  if (!in_layout (n, output, &plain, &result, &copied))
    return FALSE;
  n->values[output] = result;
  return TRUE;
}

OnednnNetwork *
onednn_network_new (AeModel *model, int width, int height, const OnednnOptions *options, GError **error)
{
  OnednnNetwork *n = g_new0 (OnednnNetwork, 1);

  n->model = ae_model_ref (model);
  n->graph = ae_model_graph (model);
  n->width = width;
  n->height = height;
  n->type = options->bf16 ? dnnl_bf16 : dnnl_f32;
  n->tag = !options->blocked                                           ? dnnl_format_tag_any
           : dnnl_get_effective_cpu_isa () >= dnnl_cpu_isa_avx512_core ? dnnl_nChw16c
                                                                       : dnnl_nChw8c;
  n->values = g_new0 (Value, ae_graph_n_nodes (n->graph));
  n->sum_of = g_new0 (int, ae_graph_n_nodes (n->graph));
  n->buffers = g_array_new (FALSE, FALSE, sizeof (Buffer));
  n->steps = g_array_new (FALSE, FALSE, sizeof (Step));
  n->memories = g_ptr_array_new ();
  if (build (n))
    return n;
  g_propagate_error (error, g_steal_pointer (&n->error));
  onednn_network_free (n);
  return NULL;
}

void
onednn_network_free (OnednnNetwork *n)
{
  for (guint i = 0; i < n->steps->len; i++)
    {
      Step *step = &g_array_index (n->steps, Step, i);

      if (step->primitive)
        dnnl_primitive_destroy (step->primitive);
      g_free (step->implementation);
    }
  for (guint i = 0; i < n->memories->len; i++)
    dnnl_memory_destroy (g_ptr_array_index (n->memories, i));
  for (guint i = 0; i < n->buffers->len; i++)
    g_aligned_free (g_array_index (n->buffers, Buffer, i).data);
  g_array_unref (n->steps);
  g_array_unref (n->buffers);
  g_ptr_array_unref (n->memories);
  if (n->stream)
    dnnl_stream_destroy (n->stream);
  if (n->engine)
    dnnl_engine_destroy (n->engine);
  g_clear_error (&n->error);
  g_free (n->values);
  g_free (n->sum_of);
  ae_model_unref (n->model);
  g_free (n);
}

void
onednn_network_fill (OnednnNetwork *n, const float *picture, float sigma)
{
  const int picture_node = ae_graph_picture (n->graph),
            sigma_node = ae_graph_find_input (n->graph, AE_PLANES_SIGMA);
  const gsize pixels = (gsize)n->width * (gsize)n->height;
  float *plane;

  memcpy (data_of (n->values[picture_node].memory), picture,
          pixels * (gsize)ae_graph_node (n->graph, picture_node)->channels * sizeof (float));
  if (sigma_node < 0)
    return;
  plane = data_of (n->values[sigma_node].memory);
  for (gsize i = 0; i < pixels; i++)
    plane[i] = sigma / 255;
}

/* Weights of the four pixels around place `at` of a row that is enlarged, and the first of them. */
static int
cubic_weights (int at, int factor, float *weights)
{
  const float place = ((float)at + 0.5f) / (float)factor - 0.5f;
  const int first = (int)floorf (place) - 1;

  for (int k = 0; k < 4; k++)
    {
      float d = fabsf (place - (float)(first + k));

      weights[k] = d < 1 ? (1.5f * d - 2.5f) * d * d + 1 : ((-0.5f * d + 2.5f) * d - 4) * d + 2;
    }
  return first;
}

/* As in graph.h: a = -0.5, borders repeated.  A row is enlarged upwards first, then sideways. */
static void
bicubic (const OnednnNetwork *n, int node)
{
  const AeNode *a = ae_graph_node (n->graph, node);
  const float *src = data_of (n->values[a->src[0]].memory);
  float *dst = data_of (n->values[node].memory);
  const int factor = a->factor, width = n->width * factor, rows = a->channels * n->height * factor;

#pragma omp parallel for
  for (int row = 0; row < rows; row++)
    {
      const float *plane = src + (gsize)(row / (n->height * factor)) * (gsize)n->width * (gsize)n->height;
      float *out = dst + (gsize)row * (gsize)width;
      g_autofree float *line = g_new (float, n->width + 6);
      float w[4];
      int first = cubic_weights (row % (n->height * factor), factor, w);

      for (int x = -3; x < n->width + 3; x++)
        {
          float sum = 0;

          for (int k = 0; k < 4; k++)
            sum += w[k]
                   * plane[(gsize)CLAMP (first + k, 0, n->height - 1) * (gsize)n->width
                           + (gsize)CLAMP (x, 0, n->width - 1)];
          line[x + 3] = sum;
        }
      for (int dx = 0; dx < factor; dx++)
        {
          int begin = cubic_weights (dx, factor, w) + 3;

          for (int x = 0; x < n->width; x++)
            out[x * factor + dx] = w[0] * line[begin + x] + w[1] * line[begin + x + 1]
                                   + w[2] * line[begin + x + 2] + w[3] * line[begin + x + 3];
        }
    }
}

gboolean
onednn_network_run (OnednnNetwork *n, GError **error)
{
  for (guint i = 0; i < n->steps->len; i++)
    {
      Step *step = &g_array_index (n->steps, Step, i);
      gint64 begin = g_get_monotonic_time ();

      if (!step->primitive)
        bicubic (n, step->node);
      else if (!ok (n, step->node,
                    dnnl_primitive_execute (step->primitive, n->stream, step->n_args, step->args),
                    "dnnl_primitive_execute")
               || !ok (n, step->node, dnnl_stream_wait (n->stream), "dnnl_stream_wait"))
        {
          g_propagate_error (error, g_steal_pointer (&n->error));
          return FALSE;
        }
      step->seconds = 1e-6 * (double)(g_get_monotonic_time () - begin);
    }
  return TRUE;
}

const float *
onednn_network_result (const OnednnNetwork *n)
{
  return data_of (n->values[ae_graph_output (n->graph)].memory);
}

int
onednn_network_n_steps (const OnednnNetwork *n)
{
  return (int)n->steps->len;
}

void
onednn_network_step (const OnednnNetwork *n, int i, const char **node, const char **implementation,
                     double *seconds)
{
  const Step *step = &g_array_index (n->steps, Step, i);

  *node = ae_graph_node (n->graph, step->node)->name;
  *implementation = step->implementation;
  *seconds = step->seconds;
}
