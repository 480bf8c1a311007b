/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* step.c - one operation on buffers: geometry here, arithmetic in the kernels. */

#include "step.h"

#include <math.h>
#include <string.h>

G_STATIC_ASSERT ((int)AE_GRAPH_ACT_NONE == (int)AE_ACT_NONE);
G_STATIC_ASSERT ((int)AE_GRAPH_ACT_SIGMOID == (int)AE_ACT_SIGMOID);

size_t
ae_buffer_layout (AeBuffer *buffer, gboolean blocked, int channels, int width, int height,
                  const AeKernels *kernels)
{
  buffer->data = NULL;
  buffer->blocked = blocked;
  buffer->vector = FALSE;
  buffer->channels = channels;
  buffer->width = width;
  buffer->height = height;
  buffer->phase = 0;
  if (blocked)
    {
      buffer->vl = kernels->vl;
      buffer->pixel = kernels->pixel;
      buffer->row = (size_t)(width + 2) * (size_t)buffer->pixel;
      buffer->block = buffer->row * (size_t)(height + 2);
    }
  else
    {
      buffer->vl = buffer->pixel = 1;
      buffer->row = (size_t)width;
      buffer->block = buffer->row * (size_t)height;
    }
  /* whole cache lines, so that each picture begins on one */
  buffer->image = ae_whole_lines (buffer->block * (size_t)ae_buffer_blocks (buffer));
  return buffer->image;
}

size_t
ae_buffer_layout_vector (AeBuffer *buffer, int channels, int vl)
{
  size_t size = ae_whole_lines ((size_t)channels);

  *buffer = (AeBuffer){ .blocked = TRUE,
                        .vector = TRUE,
                        .channels = channels,
                        .width = 1,
                        .height = 1,
                        .vl = vl,
                        .pixel = vl,
                        .row = (size_t)vl,
                        .block = (size_t)vl,
                        .image = size };
  return size;
}

void
ae_buffer_place (AeBuffer *buffer, float *memory)
{
  buffer->data = buffer->blocked && !buffer->vector ? memory + buffer->row + buffer->pixel : memory;
}

int
ae_buffer_blocks (const AeBuffer *buffer)
{
  return (buffer->channels + buffer->vl - 1) / buffer->vl;
}

void
ae_buffer_clear_border (const AeBuffer *buffer, int image, int y0, int y1)
{
  size_t pixel = (size_t)buffer->pixel * sizeof (float);

  if (!buffer->blocked || buffer->vector)
    return;
  for (int b = 0; b < ae_buffer_blocks (buffer); b++)
    {
      if (y0 == 0)
        memset (ae_buffer_at (buffer, image, b, -1, -1), 0, (size_t)(buffer->width + 2) * pixel);
      for (int y = y0; y < y1; y++)
        {
          memset (ae_buffer_at (buffer, image, b, y, -1), 0, pixel);
          memset (ae_buffer_at (buffer, image, b, y, buffer->width), 0, pixel);
        }
      if (y1 == buffer->height)
        memset (ae_buffer_at (buffer, image, b, y1, -1), 0, (size_t)(buffer->width + 2) * pixel);
    }
}

static void
run_conv (const AeKernels *k, const AeStep *step, const AePacked *packed, const AeBuffer *buffers, int image,
          int y0, int y1, float *scratch)
{
  const AeNode *node = step->node;
  const AeBuffer *dst = &buffers[step->dst];
  const AeBuffer *src = &buffers[step->src[0]];
  int stride = node->stride;
  int margin = node->kernel == 3 ? 1 : 0;
  AeConv conv = {
    .dst = ae_buffer_at (dst, image, 0, y0, 0),
    .dst_row = dst->row,
    .dst_block = dst->block,
    .dst_step = 1,
    .src = ae_buffer_at (src, image, 0, y0 * stride, 0),
    .src_row = src->row * (size_t)stride,
    .src_block = src->block,
    .src_step = stride,
    .weights = packed->weights,
    .bias = packed->bias,
    .slope = packed->slope,
    .add = step->add >= 0 ? ae_buffer_at (&buffers[step->add], image, 0, y0, 0) : NULL,
    .in_channels = src->channels,
    .out_blocks = ae_buffer_blocks (dst),
    .taps = node->kernel * node->kernel,
    .width = dst->width,
    .height = y1 - y0,
    .act = (AeAct)node->act,
  };

  for (int t = 0; t < conv.taps; t++)
    conv.tap[t] = (t / node->kernel - margin) * (ptrdiff_t)src->row
                  + (t % node->kernel - margin) * (ptrdiff_t)src->pixel;
  if (packed->winograd)
    k->conv_winograd (&conv, dst->phase, scratch);
  else
    k->conv (&conv);
}

static void
run_conv_planar (const AeKernels *k, const AeStep *step, const AePacked *packed, const AeBuffer *buffers,
                 int image, int y0, int y1)
{
  const AeNode *node = step->node;
  const AeBuffer *dst = &buffers[step->dst];
  const AeBuffer *src = &buffers[step->src[0]];
  int margin = node->kernel == 3 ? 1 : 0;
  AeConvPlanar conv = {
    .dst = ae_buffer_at (dst, image, 0, y0, 0),
    .dst_row = dst->row,
    .dst_plane = dst->block,
    .src = ae_buffer_at (src, image, 0, y0, 0),
    .src_row = src->row,
    .src_block = src->block,
    .weights = packed->weights,
    .bias = packed->bias,
    .add = step->add >= 0 ? ae_buffer_at (&buffers[step->add], image, 0, y0, 0) : NULL,
    .in_channels = src->channels,
    .out_channels = dst->channels,
    .taps = node->kernel * node->kernel,
    .width = dst->width,
    .height = y1 - y0,
  };

  for (int t = 0; t < conv.taps; t++)
    conv.tap[t] = (t / node->kernel - margin) * (ptrdiff_t)src->row
                  + (t % node->kernel - margin) * (ptrdiff_t)src->pixel;
  k->conv_planar (&conv);
}

/* One row of the source after the other, each for all that becomes of it: so it is still in the cache. */
static void
run_conv_transpose (const AeKernels *k, const AeStep *step, const AePacked *packed, const AeBuffer *buffers,
                    int image, int y0, int y1)
{
  const AeNode *node = step->node;
  const AeBuffer *dst = &buffers[step->dst];
  const AeBuffer *src = &buffers[step->src[0]];

  for (int y = y0; y < y1; y++)
    for (int dx = 0; dx < 2; dx++)
      {
        AeConv conv = {
          .dst = ae_buffer_at (dst, image, 0, y, dx),
          .dst_row = dst->row,
          .dst_block = dst->block,
          .dst_step = 2,
          .src = ae_buffer_at (src, image, 0, y / 2, 0),
          .src_row = src->row,
          .src_block = src->block,
          .src_step = 1,
          .weights = packed->weights + (size_t)(y % 2 * 2 + dx) * packed->weights_set,
          .bias = packed->bias,
          .slope = packed->slope,
          .add = step->add >= 0 ? ae_buffer_at (&buffers[step->add], image, 0, y, dx) : NULL,
          .in_channels = src->channels,
          .out_blocks = ae_buffer_blocks (dst),
          .taps = 1,
          .width = src->width,
          .height = 1,
          .act = (AeAct)node->act,
        };
        k->conv (&conv);
      }
}

static void
run_add (const AeKernels *k, const AeStep *step, const AeBuffer *buffers, int image, int y0, int y1)
{
  const AeBuffer *dst = &buffers[step->dst];

  for (int b = 0; b < ae_buffer_blocks (dst); b++)
    for (int y = y0; y < y1; y++)
      (dst->blocked ? k->add_pixels : k->add) (
        ae_buffer_at (dst, image, b, y, 0), ae_buffer_at (&buffers[step->src[0]], image, b, y, 0),
        ae_buffer_at (&buffers[step->src[1]], image, b, y, 0), (size_t)dst->width);
}

static void
run_concat (const AeStep *step, const AeBuffer *buffers, int image, int y0, int y1)
{
  const AeBuffer *dst = &buffers[step->dst];
  int at = 0; /* first channel of the source in the result */

  for (int s = 0; s < step->n_src; s++)
    {
      const AeBuffer *src = &buffers[step->src[s]];

      if (at % dst->vl == 0)
        for (int b = 0; b < ae_buffer_blocks (src); b++)
          for (int y = y0; y < y1; y++)
            memcpy (ae_buffer_at (dst, image, at / dst->vl + b, y, 0), ae_buffer_at (src, image, b, y, 0),
                    (size_t)src->width * (size_t)src->pixel * sizeof (float));
      else
        for (int c = 0; c < src->channels; c++)
          for (int y = y0; y < y1; y++)
            {
              const float *from = ae_buffer_at (src, image, c / src->vl, y, 0) + c % src->vl;
              float *to = ae_buffer_at (dst, image, (at + c) / dst->vl, y, 0) + (at + c) % dst->vl;

              for (int x = 0; x < src->width; x++)
                to[x * dst->vl] = from[x * src->vl];
            }
      at += src->channels;
    }
  /* lanes beyond the last channel, which an unaligned source may have left as they were */
  if (at % dst->vl)
    for (int y = y0; y < y1; y++)
      {
        float *to = ae_buffer_at (dst, image, at / dst->vl, y, 0);

        for (int x = 0; x < dst->width; x++)
          memset (to + x * dst->vl + at % dst->vl, 0, (size_t)(dst->vl - at % dst->vl) * sizeof (float));
      }
}

static void
run_act (const AeStep *step, const AePacked *packed, const AeBuffer *buffers, int image, int y0, int y1)
{
  const AeBuffer *dst = &buffers[step->dst];
  const AeBuffer *src = &buffers[step->src[0]];
  AeAct act = (AeAct)step->node->act;

  for (int c = 0; c < dst->channels; c++)
    {
      float slope = act == AE_ACT_LEAKY ? step->node->slope : act == AE_ACT_PRELU ? packed->slope[c] : 0;

      for (int y = y0; y < y1; y++)
        {
          const float *from = ae_buffer_at (src, image, c / src->vl, y, 0) + c % src->vl;
          float *to = ae_buffer_at (dst, image, c / dst->vl, y, 0) + c % dst->vl;

          for (int x = 0; x < dst->width; x++)
            {
              float v = from[x * src->vl];

              to[x * dst->vl] = act == AE_ACT_NONE      ? v
                                : act == AE_ACT_SIGMOID ? 1.0f / (1.0f + expf (-v))
                                                        : (v > 0 ? v : slope * v);
            }
        }
    }
  /* lanes beyond the last channel */
  for (int c = dst->channels; c % dst->vl; c++)
    for (int y = y0; y < y1; y++)
      {
        float *to = ae_buffer_at (dst, image, c / dst->vl, y, 0) + c % dst->vl;

        for (int x = 0; x < dst->width; x++)
          to[x * dst->vl] = 0;
      }
}

/* Keys' cubic convolution, a = -0.5. */
float
ae_bicubic_weight (float x)
{
  x = fabsf (x);
  if (x < 1)
    return (1.5f * x - 2.5f) * x * x + 1;
  if (x < 2)
    return ((-0.5f * x + 2.5f) * x - 4) * x + 2;
  return 0;
}

static void
run_bicubic (const AeStep *step, const AeBuffer *buffers, int image, int y0, int y1)
{
  const AeBuffer *dst = &buffers[step->dst];
  const AeBuffer *src = &buffers[step->src[0]];
  int f = step->node->factor;
  float weight[4][4]; /* of each phase */
  int first[4];       /* first source pixel relative to the phase's own */

  for (int p = 0; p < f; p++)
    {
      float at = ((float)p + 0.5f) / (float)f - 0.5f;

      first[p] = (int)floorf (at) - 1;
      for (int i = 0; i < 4; i++)
        weight[p][i] = ae_bicubic_weight (at - (float)(first[p] + i));
    }
  for (int c = 0; c < dst->channels; c++)
    for (int y = y0; y < y1; y++)
      {
        float *to = ae_buffer_at (dst, image, c, y, 0);
        const float *rows[4];
        const float *wy = weight[y % f];

        for (int i = 0; i < 4; i++)
          rows[i] = ae_buffer_at (src, image, c, CLAMP (y / f + first[y % f] + i, 0, src->height - 1), 0);
        for (int x = 0; x < dst->width; x++)
          {
            const float *wx = weight[x % f];
            float sum = 0;

            for (int i = 0; i < 4; i++)
              {
                int sx = CLAMP (x / f + first[x % f] + i, 0, src->width - 1);

                sum += wx[i]
                       * (wy[0] * rows[0][sx] + wy[1] * rows[1][sx] + wy[2] * rows[2][sx]
                          + wy[3] * rows[3][sx]);
              }
            to[x] = sum;
          }
      }
}

static void
run_crop (const AeStep *step, const AeBuffer *buffers, int image, int y0, int y1)
{
  const AeBuffer *dst = &buffers[step->dst];
  const AeBuffer *src = &buffers[step->src[0]];
  int border = step->node->border;

  for (int b = 0; b < ae_buffer_blocks (dst); b++)
    for (int y = y0; y < y1; y++)
      memcpy (ae_buffer_at (dst, image, b, y, 0), ae_buffer_at (src, image, b, y + border, border),
              (size_t)dst->width * (size_t)dst->pixel * sizeof (float));
}

/* The values of a vector or a planar map, which lie one after the other; those of a vector fill its last
 * lanes with zeros. */
static void
run_reshape (const AeStep *step, const AeBuffer *buffers, int image)
{
  const AeBuffer *dst = &buffers[step->dst];
  size_t n = (size_t)dst->channels * (size_t)dst->width * (size_t)dst->height;
  float *to = ae_buffer_at (dst, image, 0, 0, 0);

  memcpy (to, ae_buffer_at (&buffers[step->src[0]], image, 0, 0, 0), n * sizeof (float));
  if (dst->vector)
    memset (to + n, 0, (dst->image - n) * sizeof (float));
}

/* The mean: chance is the trainer's. */
static void
run_sample (const AeStep *step, const AeBuffer *buffers, int image)
{
  const AeBuffer *dst = &buffers[step->dst];

  memcpy (ae_buffer_at (dst, image, 0, 0, 0), ae_buffer_at (&buffers[step->src[0]], image, 0, 0, 0),
          dst->image * sizeof (float));
}

int
ae_step_row_multiple (const AeStep *step)
{
  if (step->kind != AE_STEP_NODE)
    return 1;
  switch (step->node->op)
    {
    case AE_OP_CONV_TRANSPOSE:
    case AE_OP_UP:
      return 2;
    case AE_OP_PIXEL_SHUFFLE:
      return step->node->factor;
    default:
      return 1;
    }
}

void
ae_step_run (const AeKernels *k, const AeStep *step, const AePacked *packed, const AeBuffer *buffers,
             int image, int y0, int y1, float *scratch)
{
  const AeBuffer *dst = &buffers[step->dst];
  const AeBuffer *src = &buffers[step->src[0]];
  float *to = ae_buffer_at (dst, image, 0, y0, 0);
  int blocks = ae_buffer_blocks (dst);

  if (y0 >= y1)
    return;
  ae_buffer_clear_border (dst, image, y0, y1);
  if (step->kind == AE_STEP_PACK)
    {
      k->pack (to, dst->row, dst->block, ae_buffer_at (src, image, 0, y0, 0), src->row, src->block,
               src->channels, src->width, y1 - y0);
      return;
    }
  if (step->kind == AE_STEP_UNPACK)
    {
      k->unpack (to, dst->row, dst->block, ae_buffer_at (src, image, 0, y0, 0), src->row, src->block,
                 src->channels, src->width, y1 - y0);
      return;
    }
  switch (step->node->op)
    {
    case AE_OP_CONV:
      if (packed->planar)
        run_conv_planar (k, step, packed, buffers, image, y0, y1);
      else
        run_conv (k, step, packed, buffers, image, y0, y1, scratch);
      break;
    case AE_OP_DENSE: /* one pixel */
      run_conv (k, step, packed, buffers, image, y0, y1, NULL);
      break;
    case AE_OP_CONV_TRANSPOSE:
      run_conv_transpose (k, step, packed, buffers, image, y0, y1);
      break;
    case AE_OP_PIXEL_UNSHUFFLE:
      k->pixel_unshuffle (to, dst->row, dst->block, ae_buffer_at (src, image, 0, y0 * step->node->factor, 0),
                          src->row, src->block, step->node->factor, src->channels, dst->width, y1 - y0);
      break;
    case AE_OP_PIXEL_SHUFFLE:
      k->pixel_shuffle (to, dst->row, dst->block, ae_buffer_at (src, image, 0, y0 / step->node->factor, 0),
                        src->row, src->block,
                        step->add >= 0 ? ae_buffer_at (&buffers[step->add], image, 0, y0, 0) : NULL,
                        step->node->factor, dst->channels, src->width, (y1 - y0) / step->node->factor);
      break;
    case AE_OP_MAX_POOL:
      k->max_pool2 (to, dst->row, dst->block, ae_buffer_at (src, image, 0, y0 * 2, 0), src->row, src->block,
                    blocks, dst->width, y1 - y0);
      break;
    case AE_OP_AVG_POOL:
      k->avg_pool2 (to, dst->row, dst->block, ae_buffer_at (src, image, 0, y0 * 2, 0), src->row, src->block,
                    blocks, dst->width, y1 - y0);
      break;
    case AE_OP_UP:
      k->up2 (to, dst->row, dst->block, ae_buffer_at (src, image, 0, y0 / 2, 0), src->row, src->block, blocks,
              dst->width, y1 - y0);
      break;
    case AE_OP_ADD:
      run_add (k, step, buffers, image, y0, y1);
      break;
    case AE_OP_CONCAT:
      run_concat (step, buffers, image, y0, y1);
      break;
    case AE_OP_ACT:
      run_act (step, packed, buffers, image, y0, y1);
      break;
    case AE_OP_BICUBIC:
      run_bicubic (step, buffers, image, y0, y1);
      break;
    case AE_OP_CROP:
      run_crop (step, buffers, image, y0, y1);
      break;
    case AE_OP_RESHAPE:
      if (y1 == dst->height) /* whole, whatever the rows */
        run_reshape (step, buffers, image);
      break;
    case AE_OP_SAMPLE:
      run_sample (step, buffers, image);
      break;
    case AE_OP_INPUT:
    case AE_N_OPS:
      break;
    }
}
