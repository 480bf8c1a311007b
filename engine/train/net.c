/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* net.c - forward and backward pass of one picture. */

#include "net.h"

#include <math.h>
#include <string.h>

/* Memory: values, gradients, scratch, each on a cache line. */
AeNet *
ae_net_new (const AeBackprop *bp, int width, int height)
{
  const AeProgram *program = bp->program;
  AeNet *net = g_new0 (AeNet, 1);
  size_t total = bp->scratch, at = 0;

  net->backprop = bp;
  net->values = g_new0 (AeBuffer, program->n_values);
  net->grads = g_new0 (AeBuffer, program->n_values);
  net->written = g_new0 (gboolean, program->n_values);
  net->pending = g_new0 (AePending, ae_graph_n_nodes (program->graph));
  ae_program_layout (program, width, height, net->values);
  memcpy (net->grads, net->values, sizeof (AeBuffer) * (size_t)program->n_values);
  for (int i = 0; i < program->n_values; i++)
    total += net->values[i].image * (bp->needs_grad[i] ? 2 : 1);
  if (posix_memalign ((void **)&net->memory, 64, total * sizeof (float)) != 0)
    {
      net->memory = NULL;
      ae_net_free (net);
      return NULL;
    }
  /* zero: the borders of the gradients stay so */
  memset (net->memory, 0, total * sizeof (float));
  for (int i = 0; i < program->n_values; i++)
    {
      ae_buffer_place (&net->values[i], net->memory + at);
      at += net->values[i].image;
    }
  for (int i = 0; i < program->n_values; i++)
    if (bp->needs_grad[i])
      {
        ae_buffer_place (&net->grads[i], net->memory + at);
        at += net->grads[i].image;
      }
  net->scratch = net->memory + at;
  for (int s = 0; s < program->n_steps; s++)
    if (program->steps[s].kind == AE_STEP_NODE && program->steps[s].node->op == AE_OP_DENSE)
      {
        AePending *p = &net->pending[program->steps[s].index];

        p->src = g_aligned_alloc0 (net->values[program->steps[s].src[0]].image * AE_NET_PENDING,
                                   sizeof (float), 64);
        p->ddst
          = g_aligned_alloc0 (net->values[program->steps[s].dst].image * AE_NET_PENDING, sizeof (float), 64);
      }
  return net;
}

void
ae_net_free (AeNet *net)
{
  if (!net)
    return;
  for (int i = 0; i < ae_graph_n_nodes (net->backprop->program->graph); i++)
    {
      g_aligned_free (net->pending[i].src);
      g_aligned_free (net->pending[i].ddst);
    }
  g_free (net->pending);
  free (net->memory);
  g_free (net->values);
  g_free (net->grads);
  g_free (net->written);
  g_free (net);
}

AeNet **
ae_nets_new (const AeBackprop *bp, int n, int width, int height)
{
  AeNet **nets = g_new0 (AeNet *, n);

  for (int i = 0; i < n; i++)
    if (!(nets[i] = ae_net_new (bp, width, height)))
      {
        ae_nets_free (nets, n);
        return NULL;
      }
  return nets;
}

void
ae_nets_free (AeNet **nets, int n)
{
  for (int i = 0; nets && i < n; i++)
    ae_net_free (nets[i]);
  g_free (nets);
}

AeBuffer *
ae_net_input (AeNet *net, AePlanes planes)
{
  const AeProgram *program = net->backprop->program;
  int node = ae_graph_find_input (program->graph, planes);

  return node < 0 ? NULL : &net->values[program->input_values[node]];
}

const AeBuffer *
ae_net_output (const AeNet *net)
{
  return &net->values[net->backprop->program->output];
}

AeBuffer *
ae_net_output_grad (AeNet *net)
{
  return &net->grads[net->backprop->program->output];
}

void
ae_net_fill (AeNet *net, const float *input, const float *sigma)
{
  AeBuffer *rgb = ae_net_input (net, AE_PLANES_RGB);
  AeBuffer *level = ae_net_input (net, AE_PLANES_SIGMA);

  memcpy (rgb->data, input, sizeof (float) * 3 * rgb->block);
  if (level)
    memcpy (level->data, sigma, sizeof (float) * level->block);
}

void
ae_net_forward (AeNet *net)
{
  const AeProgram *program = net->backprop->program;

  for (int s = 0; s < program->n_steps; s++)
    ae_program_run_step (program, s, net->values, 0, 0, net->values[program->steps[s].dst].height,
                         net->scratch);
}

/* z = m + exp (v / 2) e */
static void
draw (AeNet *net, const AeStep *step, AeRandom *random)
{
  const AeBuffer *z = &net->values[step->dst];
  const float *m = net->values[step->src[0]].data, *v = net->values[step->src[1]].data;

  ae_random_normal (random, z->data, (gsize)z->channels);
  for (int i = 0; i < z->channels; i++)
    z->data[i] = m[i] + expf (v[i] / 2) * z->data[i];
}

static gboolean
is_sample (const AeStep *step)
{
  return step->kind == AE_STEP_NODE && step->node->op == AE_OP_SAMPLE;
}

void
ae_net_forward_drawn (AeNet *net, AeRandom *random)
{
  const AeProgram *program = net->backprop->program;

  for (int s = 0; s < program->n_steps; s++)
    if (is_sample (&program->steps[s]))
      draw (net, &program->steps[s], random);
    else
      ae_program_run_step (program, s, net->values, 0, 0, net->values[program->steps[s].dst].height,
                           net->scratch);
}

double
ae_net_kl (const AeNet *net)
{
  const AeProgram *program = net->backprop->program;
  double sum = 0;

  for (int s = 0; s < program->n_steps; s++)
    if (is_sample (&program->steps[s]))
      {
        const float *m = net->values[program->steps[s].src[0]].data;
        const float *v = net->values[program->steps[s].src[1]].data;

        for (int i = 0; i < net->values[program->steps[s].dst].channels; i++)
          sum += (exp ((double)v[i]) + (double)m[i] * m[i] - 1 - v[i]) / 2;
      }
  return sum;
}

/* Calls f on each run of pixels of a block and row that lie one after the other; borders are inside a run. */
static size_t
run_length (const AeBuffer *b)
{
  return (size_t)(b->height - 1) * b->row + (size_t)b->width * (size_t)b->vl;
}

/* d becomes the gradient before the activation whose result is y. */
static void
act_backward (const AeKernels *k, const AeNode *node, const AePacked *packed, const AeBuffer *d,
              const AeBuffer *y, float *dslope)
{
  for (int b = 0; b < ae_buffer_blocks (d); b++)
    {
      float *dp = ae_buffer_at (d, 0, b, 0, 0);
      const float *yp = ae_buffer_at (y, 0, b, 0, 0);

      if (node->act == AE_GRAPH_ACT_RELU || node->act == AE_GRAPH_ACT_LEAKY)
        {
          k->relu_grad (dp, dp, yp, node->act == AE_GRAPH_ACT_RELU ? 0 : node->slope, run_length (d));
          continue;
        }
      for (int row = 0; row < d->height; row++, dp += d->row, yp += y->row)
        for (int i = 0; i < d->width * d->vl; i++)
          {
            int channel = b * d->vl + i % d->vl;

            if (channel >= d->channels)
              continue;
            if (node->act == AE_GRAPH_ACT_SIGMOID)
              dp[i] *= yp[i] * (1 - yp[i]);
            else if (yp[i] * packed->slope[channel] < 0 || (packed->slope[channel] > 0 && yp[i] < 0))
              {
                dslope[channel] += dp[i] * yp[i] / packed->slope[channel];
                dp[i] *= packed->slope[channel];
              }
          }
    }
}

/* The gradient to which a source's share is to be written or, if it holds a sum, added. */
static const AeBuffer *
grad_of (AeNet *net, int value, gboolean *add)
{
  *add = net->written[value];
  net->written[value] = TRUE;
  return &net->grads[value];
}

static void
add_pending (AeNet *net, const AeStep *step, float *gathered)
{
  const AeBackprop *bp = net->backprop;
  const AeBuffer *d = &net->grads[step->dst];
  AePending *p = &net->pending[step->index];
  size_t vl = (size_t)d->vl;
  AeConvGrad g = {
    .dw = gathered + bp->at[step->index].weights,
    .dw_row = (size_t)ae_buffer_blocks (d) * vl,
    .ddst = p->ddst,
    .ddst_block = AE_NET_PENDING * vl,
    .ddst_step = 1,
    .src = p->src,
    .src_block = AE_NET_PENDING * vl,
    .src_step = 1,
    .in_channels = net->values[step->src[0]].channels,
    .out_blocks = ae_buffer_blocks (d),
    .taps = 1,
    .width = p->n,
    .height = 1,
  };

  if (p->n)
    bp->program->kernels->conv_grad (&g);
  p->n = 0;
}

/* Blocks of a vector to their place among those of other pictures. */
static void
put_pending (float *to, const AeBuffer *vector, int n)
{
  for (int b = 0; b < ae_buffer_blocks (vector); b++)
    memcpy (to + (b * AE_NET_PENDING + n) * vector->vl, ae_buffer_at (vector, 0, b, 0, 0),
            sizeof (float) * (size_t)vector->vl);
}

static void
conv_backward (AeNet *net, const AeStep *step, float *gathered)
{
  const AeBackprop *bp = net->backprop;
  const AeKernels *k = bp->program->kernels;
  const AeNode *node = step->node;
  const AeGradAt *at = &bp->at[step->index];
  const AeBuffer *d = &net->grads[step->dst];
  const AeBuffer *src = &net->values[step->src[0]];
  size_t padded = (size_t)ae_buffer_blocks (d) * (size_t)d->vl;
  int stride = node->stride, kernel = node->kernel;
  int margin = kernel == 3 ? 1 : 0;
  gboolean add;
  const AeBuffer *dsrc;
  AeConvGrad g = {
    .dw = gathered + at->weights,
    .dw_row = padded,
    .ddst = ae_buffer_at (d, 0, 0, 0, 0),
    .ddst_row = d->row,
    .ddst_block = d->block,
    .ddst_step = 1,
    .src = ae_buffer_at (src, 0, 0, 0, 0),
    .src_row = src->row * (size_t)stride,
    .src_block = src->block,
    .src_step = stride,
    .in_channels = src->channels,
    .out_blocks = ae_buffer_blocks (d),
    .taps = kernel * kernel,
    .width = d->width,
    .height = d->height,
  };

  for (int t = 0; t < g.taps; t++)
    g.tap[t] = (t / kernel - margin) * (ptrdiff_t)src->row + (t % kernel - margin) * (ptrdiff_t)src->vl;
  if (bp->transposed[step->index].winograd)
    k->conv_grad_winograd (&g, net->scratch);
  else
    k->conv_grad (&g);
  if (!bp->needs_grad[step->src[0]])
    return;

  dsrc = grad_of (net, step->src[0], &add);
  if (kernel == 2)
    for (int t = 0; t < 4; t++)
      {
        float *to = ae_buffer_at (dsrc, 0, 0, t / 2, t % 2);
        AeConv c = {
          .dst = to,
          .dst_row = dsrc->row * 2,
          .dst_block = dsrc->block,
          .dst_step = 2,
          .src = g.ddst,
          .src_row = d->row,
          .src_block = d->block,
          .src_step = 1,
          .weights
          = bp->transposed[step->index].weights + (size_t)t * bp->transposed[step->index].weights_set,
          .add = add ? to : NULL,
          .in_channels = d->channels,
          .out_blocks = ae_buffer_blocks (dsrc),
          .taps = 1,
          .width = d->width,
          .height = d->height,
        };
        k->conv (&c);
      }
  else
    {
      float *to = ae_buffer_at (dsrc, 0, 0, 0, 0);
      AeConv c = {
        .dst = to,
        .dst_row = dsrc->row,
        .dst_block = dsrc->block,
        .dst_step = 1,
        .src = g.ddst,
        .src_row = d->row,
        .src_block = d->block,
        .src_step = 1,
        .weights = bp->transposed[step->index].weights,
        .add = add ? to : NULL,
        .in_channels = d->channels,
        .out_blocks = ae_buffer_blocks (dsrc),
        .taps = g.taps,
        .width = d->width,
        .height = d->height,
      };
      for (int t = 0; t < c.taps; t++)
        c.tap[t] = (t / kernel - margin) * (ptrdiff_t)d->row + (t % kernel - margin) * (ptrdiff_t)d->vl;
      if (bp->transposed[step->index].winograd)
        k->conv_winograd (&c, 0, net->scratch);
      else
        k->conv (&c);
    }
}

/* A convolution of one pixel, but for the order in which pictures are added. */
static void
dense_backward (AeNet *net, const AeStep *step, float *gathered)
{
  const AeBackprop *bp = net->backprop;
  const AeBuffer *d = &net->grads[step->dst];
  AePending *p = &net->pending[step->index];
  gboolean add;
  const AeBuffer *dsrc;

  put_pending (p->src, &net->values[step->src[0]], p->n);
  put_pending (p->ddst, d, p->n);
  if (++p->n == AE_NET_PENDING)
    add_pending (net, step, gathered);
  if (!bp->needs_grad[step->src[0]])
    return;
  dsrc = grad_of (net, step->src[0], &add);
  AeConv c = {
    .dst = dsrc->data,
    .dst_block = dsrc->block,
    .dst_step = 1,
    .src = d->data,
    .src_block = d->block,
    .src_step = 1,
    .weights = bp->transposed[step->index].weights,
    .add = add ? dsrc->data : NULL,
    .in_channels = d->channels,
    .out_blocks = ae_buffer_blocks (dsrc),
    .taps = 1,
    .width = 1,
    .height = 1,
  };
  bp->program->kernels->conv (&c);
}

static void
conv_transpose_backward (AeNet *net, const AeStep *step, float *gathered)
{
  const AeBackprop *bp = net->backprop;
  const AeKernels *k = bp->program->kernels;
  const AeGradAt *at = &bp->at[step->index];
  const AeBuffer *d = &net->grads[step->dst];
  const AeBuffer *src = &net->values[step->src[0]];
  gboolean add;
  const AeBuffer *dsrc;

  for (int t = 0; t < 4; t++)
    {
      AeConvGrad g = {
        .dw = gathered + at->weights + (size_t)t * at->weights_set,
        .dw_row = (size_t)ae_buffer_blocks (d) * (size_t)d->vl,
        .ddst = ae_buffer_at (d, 0, 0, t / 2, t % 2),
        .ddst_row = d->row * 2,
        .ddst_block = d->block,
        .ddst_step = 2,
        .src = ae_buffer_at (src, 0, 0, 0, 0),
        .src_row = src->row,
        .src_block = src->block,
        .src_step = 1,
        .in_channels = src->channels,
        .out_blocks = ae_buffer_blocks (d),
        .taps = 1,
        .width = src->width,
        .height = src->height,
      };
      k->conv_grad (&g);
    }
  if (!bp->needs_grad[step->src[0]])
    return;
  dsrc = grad_of (net, step->src[0], &add);
  AeConv c = {
    .dst = ae_buffer_at (dsrc, 0, 0, 0, 0),
    .dst_row = dsrc->row,
    .dst_block = dsrc->block,
    .dst_step = 1,
    .src = ae_buffer_at (d, 0, 0, 0, 0),
    .src_row = d->row * 2,
    .src_block = d->block,
    .src_step = 2,
    .weights = bp->transposed[step->index].weights,
    .add = add ? ae_buffer_at (dsrc, 0, 0, 0, 0) : NULL,
    .in_channels = d->channels,
    .out_blocks = ae_buffer_blocks (dsrc),
    .taps = 4,
    .width = dsrc->width,
    .height = dsrc->height,
  };
  for (int t = 0; t < 4; t++)
    c.tap[t] = (t / 2) * (ptrdiff_t)d->row + (t % 2) * (ptrdiff_t)d->vl;
  k->conv (&c);
}

static void
add_backward (AeNet *net, const AeStep *step)
{
  const AeKernels *k = net->backprop->program->kernels;
  const AeBuffer *d = &net->grads[step->dst];

  for (int s = 0; s < step->n_src; s++)
    {
      gboolean add;
      const AeBuffer *to;

      if (!net->backprop->needs_grad[step->src[s]])
        continue;
      to = grad_of (net, step->src[s], &add);
      for (int b = 0; b < ae_buffer_blocks (d); b++)
        {
          float *tp = ae_buffer_at (to, 0, b, 0, 0);
          const float *dp = ae_buffer_at (d, 0, b, 0, 0);

          if (add)
            k->add (tp, tp, dp, run_length (d));
          else
            memcpy (tp, dp, run_length (d) * sizeof (float));
        }
    }
}

static inline float *
at_channel (const AeBuffer *b, int c, int y, int x)
{
  return ae_buffer_at (b, 0, c / b->vl, y, x) + c % b->vl;
}

/* The rarer operations, pixel by pixel: `share` gives source pixel and weight. */
static void
concat_backward (AeNet *net, const AeStep *step)
{
  const AeBuffer *d = &net->grads[step->dst];
  int first = 0;

  for (int s = 0; s < step->n_src; s++)
    {
      int channels = net->values[step->src[s]].channels;

      if (net->backprop->needs_grad[step->src[s]])
        {
          gboolean add;
          const AeBuffer *to = grad_of (net, step->src[s], &add);

          for (int c = 0; c < channels; c++)
            for (int y = 0; y < d->height; y++)
              {
                const float *from = at_channel (d, first + c, y, 0);
                float *tp = at_channel (to, c, y, 0);

                for (int x = 0; x < d->width; x++)
                  tp[x * to->vl] = (add ? tp[x * to->vl] : 0) + from[x * d->vl];
              }
        }
      first += channels;
    }
}

static void
clear_grad (const AeBuffer *b)
{
  for (int i = 0; i < ae_buffer_blocks (b); i++)
    memset (ae_buffer_at (b, 0, i, 0, 0), 0, run_length (b) * sizeof (float));
}

/* Both are blocked: lanes of one pixel lie together. */
static void
avg_pool_backward (const AeBuffer *d, const AeBuffer *to)
{
  for (int b = 0; b < ae_buffer_blocks (d); b++)
    for (int y = 0; y < 2 * d->height; y++)
      for (int x = 0; x < 2 * d->width; x++)
        {
          const float *g = ae_buffer_at (d, 0, b, y / 2, x / 2);
          float *t = ae_buffer_at (to, 0, b, y, x);

          for (int lane = 0; lane < d->vl; lane++)
            t[lane] += g[lane] / 4;
        }
}

/* To the first of the largest of four.  Beyond an odd edge lie zeros, as in the border of a value. */
static void
max_pool_backward (const AeBuffer *d, const AeBuffer *src, const AeBuffer *to)
{
  for (int b = 0; b < ae_buffer_blocks (d); b++)
    for (int y = 0; y < d->height; y++)
      for (int x = 0; x < d->width; x++)
        {
          const float *g = ae_buffer_at (d, 0, b, y, x);
          const float *s[4];
          int best[AE_VL_MAX] = { 0 };

          for (int t = 0; t < 4; t++)
            s[t] = ae_buffer_at (src, 0, b, 2 * y + t / 2, 2 * x + t % 2);
          for (int lane = 0; lane < d->vl; lane++)
            {
              float most = s[0][lane];

              for (int t = 1; t < 4; t++)
                {
                  best[lane] = s[t][lane] > most ? t : best[lane];
                  most = s[t][lane] > most ? s[t][lane] : most;
                }
            }
          for (int t = 0; t < 4; t++)
            if (2 * y + t / 2 < src->height && 2 * x + t % 2 < src->width)
              {
                float *p = ae_buffer_at (to, 0, b, 2 * y + t / 2, 2 * x + t % 2);

                for (int lane = 0; lane < d->vl; lane++)
                  p[lane] += best[lane] == t ? g[lane] : 0;
              }
        }
}

static void
up_backward (const AeBuffer *d, const AeBuffer *to)
{
  for (int b = 0; b < ae_buffer_blocks (d); b++)
    for (int y = 0; y < d->height; y++)
      for (int x = 0; x < d->width; x++)
        {
          const float *g = ae_buffer_at (d, 0, b, y, x);
          float *t = ae_buffer_at (to, 0, b, y / 2, x / 2);

          for (int lane = 0; lane < d->vl; lane++)
            t[lane] += g[lane];
        }
}

/* Pixel (y, x) of channel c * f * f + dy * f + dx of the small picture is pixel (y * f + dy, x * f + dx) of
 * channel c of the large one. */
static void
shuffle_backward (const AeBuffer *d, const AeBuffer *to, int f, gboolean d_is_small)
{
  const AeBuffer *small = d_is_small ? d : to;

  for (int c = 0; c < small->channels; c++)
    for (int y = 0; y < small->height; y++)
      for (int x = 0; x < small->width; x++)
        {
          int dy = c % (f * f) / f, dx = c % f;
          float *s = at_channel (small, c, y, x);
          float *l = at_channel (d_is_small ? to : d, c / (f * f), y * f + dy, x * f + dx);

          if (d_is_small)
            *l += *s;
          else
            *s += *l;
        }
}

static void
bicubic_backward (const AeBuffer *d, const AeBuffer *to, int f)
{
  for (int c = 0; c < d->channels; c++)
    for (int y = 0; y < d->height; y++)
      for (int x = 0; x < d->width; x++)
        {
          float ay = ((float)(y % f) + 0.5f) / (float)f - 0.5f,
                ax = ((float)(x % f) + 0.5f) / (float)f - 0.5f;
          int fy = (int)floorf (ay) - 1, fx = (int)floorf (ax) - 1;

          for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++)
              *at_channel (to, c, CLAMP (y / f + fy + i, 0, to->height - 1),
                           CLAMP (x / f + fx + j, 0, to->width - 1))
                += ae_bicubic_weight (ay - (float)(fy + i)) * ae_bicubic_weight (ax - (float)(fx + j))
                   * *at_channel (d, c, y, x);
        }
}

static void
crop_backward (const AeBuffer *d, const AeBuffer *to, int border)
{
  for (int c = 0; c < d->channels; c++)
    for (int y = 0; y < d->height; y++)
      for (int x = 0; x < d->width; x++)
        *at_channel (to, c, y + border, x + border) += *at_channel (d, c, y, x);
}

/* Values lie one after the other in both. */
static void
reshape_backward (const AeBuffer *d, const AeBuffer *to)
{
  for (int i = 0; i < d->channels * d->width * d->height; i++)
    to->data[i] += d->data[i];
}

/* dz / dm = 1, dz / dv = exp (v / 2) e / 2 = (z - m) / 2; and the divergence. */
static void
sample_backward (AeNet *net, const AeStep *step)
{
  const float *d = net->grads[step->dst].data, *z = net->values[step->dst].data;
  const float *m = net->values[step->src[0]].data, *v = net->values[step->src[1]].data;

  for (int s = 0; s < 2; s++)
    {
      gboolean add;
      float *to;

      if (!net->backprop->needs_grad[step->src[s]])
        continue;
      to = grad_of (net, step->src[s], &add)->data;
      for (int i = 0; i < net->values[step->dst].channels; i++)
        {
          float g
            = s == 0 ? d[i] + net->kl * m[i] : d[i] * (z[i] - m[i]) / 2 + net->kl * (expf (v[i]) - 1) / 2;

          to[i] = add ? to[i] + g : g;
        }
    }
}

/* Layout conversions: the same pixels in another order. */
static void
convert_backward (const AeBuffer *d, const AeBuffer *to)
{
  for (int c = 0; c < d->channels; c++)
    for (int y = 0; y < d->height; y++)
      for (int x = 0; x < d->width; x++)
        *at_channel (to, c, y, x) += *at_channel (d, c, y, x);
}

static void
other_backward (AeNet *net, const AeStep *step)
{
  const AeKernels *k = net->backprop->program->kernels;
  const AeBuffer *d = &net->grads[step->dst];
  const AeBuffer *to;
  gboolean add;

  if (!net->backprop->needs_grad[step->src[0]])
    return;
  to = grad_of (net, step->src[0], &add);
  if (step->kind == AE_STEP_NODE && step->node->op == AE_OP_PIXEL_SHUFFLE && !add)
    {
      k->pixel_unshuffle (ae_buffer_at (to, 0, 0, 0, 0), to->row, to->block, ae_buffer_at (d, 0, 0, 0, 0),
                          d->row, d->block, step->node->factor, d->channels, to->width, to->height);
      return;
    }
  if (!add)
    clear_grad (to);
  if (step->kind != AE_STEP_NODE)
    convert_backward (d, to);
  else
    switch (step->node->op)
      {
      case AE_OP_MAX_POOL:
        max_pool_backward (d, &net->values[step->src[0]], to);
        break;
      case AE_OP_AVG_POOL:
        avg_pool_backward (d, to);
        break;
      case AE_OP_UP:
        up_backward (d, to);
        break;
      case AE_OP_PIXEL_SHUFFLE:
        shuffle_backward (d, to, step->node->factor, FALSE);
        break;
      case AE_OP_PIXEL_UNSHUFFLE:
        shuffle_backward (d, to, step->node->factor, TRUE);
        break;
      case AE_OP_BICUBIC:
        bicubic_backward (d, to, step->node->factor);
        break;
      case AE_OP_ACT:
        convert_backward (d, to);
        break;
      case AE_OP_CROP:
        crop_backward (d, to, step->node->border);
        break;
      case AE_OP_RESHAPE:
        reshape_backward (d, to);
        break;
      default:
        g_assert_not_reached ();
      }
}

void
ae_net_backward (AeNet *net, float *gathered)
{
  const AeBackprop *bp = net->backprop;
  const AeProgram *program = bp->program;

  memset (net->written, 0, sizeof (gboolean) * (size_t)program->n_values);
  net->written[program->output] = TRUE;
  for (int s = program->n_steps - 1; s >= 0; s--)
    {
      const AeStep *step = &program->steps[s];
      const AeBuffer *d = &net->grads[step->dst];
      const AeGradAt *at = &bp->at[step->index];

      if (!bp->needs_grad[step->dst] || !net->written[step->dst])
        continue;
      if (step->kind == AE_STEP_NODE && step->node->act != AE_GRAPH_ACT_NONE)
        act_backward (program->kernels, step->node, &program->packed[step->index], d, &net->values[step->dst],
                      at->slope == G_MAXSIZE ? NULL : gathered + at->slope);
      if (step->kind == AE_STEP_NODE && at->bias != G_MAXSIZE)
        program->kernels->channel_sum (gathered + at->bias, ae_buffer_at (d, 0, 0, 0, 0), d->row, d->block,
                                       ae_buffer_blocks (d), d->width, d->height);
      if (step->kind == AE_STEP_NODE && step->node->op == AE_OP_CONV)
        conv_backward (net, step, gathered);
      else if (step->kind == AE_STEP_NODE && step->node->op == AE_OP_CONV_TRANSPOSE)
        conv_transpose_backward (net, step, gathered);
      else if (step->kind == AE_STEP_NODE && step->node->op == AE_OP_DENSE)
        dense_backward (net, step, gathered);
      else if (is_sample (step))
        sample_backward (net, step);
      else if (step->kind == AE_STEP_NODE && step->node->op == AE_OP_ADD)
        add_backward (net, step);
      else if (step->kind == AE_STEP_NODE && step->node->op == AE_OP_CONCAT)
        concat_backward (net, step);
      else
        other_backward (net, step);
    }
}

void
ae_net_finish (AeNet *net, float *gathered)
{
  const AeProgram *program = net->backprop->program;

  for (int s = 0; s < program->n_steps; s++)
    if (program->steps[s].kind == AE_STEP_NODE && net->pending[program->steps[s].index].src)
      add_pending (net, &program->steps[s], gathered);
}
