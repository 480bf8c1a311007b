/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* graph-ops.c - the registry of operations: one row each. */

#include "graph-ops.h"

#include <inttypes.h>

#include "intl.h"

const char *const ae_key_names[AE_N_KEYS] = { "channels", "planes", "out",  "kernel", "stride", "factor",
                                              "act",      "slope",  "bias", "width",  "height", "border" };
const char *const ae_act_names[] = { "none", "relu", "leaky", "prelu", "sigmoid", NULL };
const char *const ae_planes_names[] = { "rgb", "y", "sigma", "label", NULL };

static gint64
floor_div (gint64 a, gint64 b)
{
  return a / b - (a % b < 0);
}

/* Shapes */

static void
same_resolution (AeNode *node, const AeNode *src)
{
  node->up = src->up;
  node->down = src->down;
  node->width = src->width;
  node->height = src->height;
  node->vector = src->vector;
}

static void
enlarged (AeNode *node, const AeNode *src, int factor)
{
  same_resolution (node, src);
  node->up *= factor;
  node->width *= factor;
  node->height *= factor;
}

static char *
reduced (AeNode *node, const AeNode *src, int factor)
{
  same_resolution (node, src);
  node->down *= factor;
  if (node->width % factor || node->height % factor)
    return g_strdup_printf (_ ("the %d × %d pixels of '%s' cannot be divided by %d"), src->width, src->height,
                            src->name, factor);
  node->width /= factor;
  node->height /= factor;
  return NULL;
}

static char *
shape_input (AeNode *node, const AeNode *const *src)
{
  int want = node->planes == AE_PLANES_RGB ? 3 : 1;

  node->up = node->down = 1;
  if (node->planes == AE_PLANES_LABEL || node->planes == AE_PLANES_SIGMA)
    {
      if (node->width || node->height)
        return g_strdup_printf (_ ("planes=%s has no width and height"), ae_planes_names[node->planes]);
    }
  else if (!node->width != !node->height)
    return g_strdup (_ ("width and height come together"));
  if (node->planes == AE_PLANES_LABEL)
    {
      node->width = node->height = 1;
      node->vector = TRUE;
      return NULL;
    }
  if (node->channels != want)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "planes=%s has %d channel, not %d",
                                         "planes=%s has %d channels, not %d", (gulong)want),
                            ae_planes_names[node->planes], want, node->channels);
  return NULL;
}

static char *
shape_conv (AeNode *node, const AeNode *const *src)
{
  if (node->stride != (node->kernel == 2 ? 2 : 1))
    return g_strdup_printf (
      _ ("kernel=%d stride=%d is not possible, expected kernel=1 or 3 with stride=1, or kernel=2 "
         "with stride=2"),
      node->kernel, node->stride);
  return reduced (node, src[0], node->stride);
}

static char *
shape_conv_transpose (AeNode *node, const AeNode *const *src)
{
  if (node->kernel != 2 || node->stride != 2)
    return g_strdup_printf (_ ("kernel=%d stride=%d is not possible, expected kernel=2 stride=2"),
                            node->kernel, node->stride);
  enlarged (node, src[0], 2);
  return NULL;
}

static char *
shape_pixel_unshuffle (AeNode *node, const AeNode *const *src)
{
  node->channels = src[0]->channels * node->factor * node->factor;
  return reduced (node, src[0], node->factor);
}

static char *
shape_pixel_shuffle (AeNode *node, const AeNode *const *src)
{
  int area = node->factor * node->factor;

  if (src[0]->channels % area)
    return g_strdup_printf (_ ("the %d channels of '%s' cannot be divided by %d (factor=%d)"),
                            src[0]->channels, src[0]->name, area, node->factor);
  enlarged (node, src[0], node->factor);
  node->channels = src[0]->channels / area;
  return NULL;
}

static char *
factor_two (const AeNode *node)
{
  return node->factor == 2 ? NULL
                           : g_strdup_printf (_ ("factor=%d is not possible, expected 2"), node->factor);
}

static char *
shape_avg_pool (AeNode *node, const AeNode *const *src)
{
  char *message = factor_two (node);

  node->channels = src[0]->channels;
  return message ? message : reduced (node, src[0], node->factor);
}

static char *
shape_max_pool (AeNode *node, const AeNode *const *src)
{
  same_resolution (node, src[0]);
  node->down *= node->factor;
  node->width = (src[0]->width + 1) / 2;
  node->height = (src[0]->height + 1) / 2;
  node->channels = src[0]->channels;
  return factor_two (node);
}

static char *
shape_up (AeNode *node, const AeNode *const *src)
{
  enlarged (node, src[0], node->factor);
  node->channels = src[0]->channels;
  return factor_two (node);
}

static char *
shape_bicubic (AeNode *node, const AeNode *const *src)
{
  enlarged (node, src[0], node->factor);
  node->channels = src[0]->channels;
  return NULL;
}

/* What a message says of the size. */
static char *
size_text (const AeNode *node)
{
  if (node->vector || !node->width)
    return g_strdup (node->vector ? _ ("a vector") : _ ("a map of any size"));
  return g_strdup_printf (_ ("a map of %d × %d"), node->width, node->height);
}

static char *
equal_resolutions (const AeNode *node, const AeNode *const *src)
{
  for (int i = 1; i < node->n_src; i++)
    if (src[i]->up != src[0]->up || src[i]->down != src[0]->down)
      return g_strdup_printf (
        _ ("'%s' is at %d/%d of the picture's resolution and '%s' at %d/%d, expected the same"), src[0]->name,
        src[0]->up, src[0]->down, src[i]->name, src[i]->up, src[i]->down);
    else if (src[i]->vector != src[0]->vector || src[i]->width != src[0]->width
             || src[i]->height != src[0]->height)
      {
        g_autofree char *first = size_text (src[0]), *other = size_text (src[i]);

        return g_strdup_printf (_ ("'%s' is %s and '%s' is %s, expected the same"), src[0]->name, first,
                                src[i]->name, other);
      }
  return NULL;
}

static char *
shape_add (AeNode *node, const AeNode *const *src)
{
  same_resolution (node, src[0]);
  node->channels = src[0]->channels;
  if (src[1]->channels != src[0]->channels)
    return g_strdup_printf (_ ("'%s' has %d channels and '%s' %d, expected the same"), src[0]->name,
                            src[0]->channels, src[1]->name, src[1]->channels);
  return equal_resolutions (node, src);
}

static char *
shape_concat (AeNode *node, const AeNode *const *src)
{
  same_resolution (node, src[0]);
  node->channels = 0;
  for (int i = 0; i < node->n_src; i++)
    node->channels += src[i]->channels;
  return equal_resolutions (node, src);
}

static char *
shape_act (AeNode *node, const AeNode *const *src)
{
  same_resolution (node, src[0]);
  node->channels = src[0]->channels;
  return node->act == AE_GRAPH_ACT_NONE ? g_strdup (_ ("act=none does nothing")) : NULL;
}

static char *
shape_crop (AeNode *node, const AeNode *const *src)
{
  same_resolution (node, src[0]);
  node->channels = src[0]->channels;
  node->width -= 2 * node->border;
  node->height -= 2 * node->border;
  if (node->width < 1 || node->height < 1)
    return g_strdup_printf (_ ("border=%d leaves nothing of the %d × %d pixels of '%s'"), node->border,
                            src[0]->width, src[0]->height, src[0]->name);
  return NULL;
}

static char *
shape_reshape (AeNode *node, const AeNode *const *src)
{
  gint64 have = (gint64)src[0]->channels * src[0]->width * src[0]->height;

  node->up = node->down = 1;
  if (!node->channels && !node->width && !node->height)
    {
      node->channels = (int)MIN (have, G_MAXINT);
      node->width = node->height = 1;
      node->vector = TRUE;
      return NULL;
    }
  if (!node->channels || !node->width || !node->height)
    return g_strdup (_ ("reshape needs all of channels, width and height, or none"));
  if ((gint64)node->channels * node->width * node->height != have)
    return g_strdup_printf (_ ("%d × %d × %d are not the %" PRId64 " values of '%s'"), node->channels,
                            node->height, node->width, have, src[0]->name);
  return NULL;
}

static char *
shape_dense (AeNode *node, const AeNode *const *src)
{
  same_resolution (node, src[0]);
  return NULL;
}

static char *
shape_sample (AeNode *node, const AeNode *const *src)
{
  return shape_add (node, src);
}

/* What is read */

static AeInterval
reads_same (const AeNode *node, AeInterval out)
{
  return out;
}

static AeInterval
reads_conv (const AeNode *node, AeInterval out)
{
  int border = node->kernel == 3;

  return (AeInterval){ out.first * node->stride - border, out.end * node->stride + border };
}

static AeInterval
reads_larger (const AeNode *node, AeInterval out)
{
  return (AeInterval){ out.first * node->factor, out.end * node->factor };
}

static AeInterval
reads_smaller (int factor, AeInterval out)
{
  return (AeInterval){ floor_div (out.first, factor), floor_div (out.end - 1, factor) + 1 };
}

static AeInterval
reads_conv_transpose (const AeNode *node, AeInterval out)
{
  return reads_smaller (node->stride, out);
}

static AeInterval
reads_enlarged (const AeNode *node, AeInterval out)
{
  return reads_smaller (node->factor, out);
}

/* Pixel i of the result lies at (i + 1/2) / f - 1/2 of the source and reads
 * the two pixels on each side of it. */
static AeInterval
reads_bicubic (const AeNode *node, AeInterval out)
{
  gint64 f = node->factor;

  return (AeInterval){ floor_div (2 * out.first + 1 - f, 2 * f) - 1,
                       floor_div (2 * out.end - 1 - f, 2 * f) + 3 };
}

/* Cost */

static double
macs_none (const AeNode *node, const AeNode *const *src)
{
  return 0.0;
}

static double
macs_conv (const AeNode *node, const AeNode *const *src)
{
  return (double)src[0]->channels * node->channels * node->kernel * node->kernel;
}

static double
macs_dense (const AeNode *node, const AeNode *const *src)
{
  return (double)src[0]->channels * node->channels;
}

static double
macs_conv_transpose (const AeNode *node, const AeNode *const *src)
{
  return (double)src[0]->channels * node->channels;
}

static double
macs_bicubic (const AeNode *node, const AeNode *const *src)
{
  return 16.0 * node->channels;
}

/* Parameters */

static AeParam
param (const char *name, int rank, gint64 d0, gint64 d1, gint64 d2, gint64 d3)
{
  AeParam p = { .rank = rank, .dims = { d0, d1, d2, d3 } };

  g_strlcpy (p.name, name, sizeof p.name);
  return p;
}

static int
params_act (const AeNode *node, const AeNode *const *src, AeParam *params)
{
  if (node->act != AE_GRAPH_ACT_PRELU)
    return 0;
  params[0] = param ("slope", 1, node->channels, 1, 1, 1);
  return 1;
}

static int
params_conv (const AeNode *node, const AeNode *const *src, AeParam *params)
{
  gboolean transposed = node->op == AE_OP_CONV_TRANSPOSE;
  int in = src[0]->channels, n = 0;

  params[n++] = param ("weight", 4, transposed ? in : node->channels, transposed ? node->channels : in,
                       node->kernel, node->kernel);
  if (node->bias)
    params[n++] = param ("bias", 1, node->channels, 1, 1, 1);
  return n + params_act (node, src, params + n);
}

static int
params_dense (const AeNode *node, const AeNode *const *src, AeParam *params)
{
  int n = 0;

  params[n++] = param ("weight", 2, node->channels, src[0]->channels, 1, 1);
  if (node->bias)
    params[n++] = param ("bias", 1, node->channels, 1, 1, 1);
  return n + params_act (node, src, params + n);
}

/* The registry */

#define K(key) (1u << AE_KEY_##key)

// clang-format off
const AeOpRules ae_op_rules[AE_N_OPS] = {
  [AE_OP_INPUT] = { "input", K (CHANNELS) | K (PLANES) | K (WIDTH) | K (HEIGHT), K (CHANNELS), 0, 0, AE_TAKES_MAPS, 0, 0, 0,
                    shape_input, NULL, macs_none, NULL },
  [AE_OP_CONV] = { "conv", K (OUT) | K (KERNEL) | K (STRIDE) | K (ACT) | K (SLOPE) | K (BIAS), K (OUT), 1, 1, AE_TAKES_MAPS, 3, 1, 0,
                   shape_conv, reads_conv, macs_conv, params_conv },
  [AE_OP_CONV_TRANSPOSE] = { "conv_transpose", K (OUT) | K (KERNEL) | K (STRIDE) | K (ACT) | K (SLOPE) | K (BIAS),
                             K (OUT), 1, 1, AE_TAKES_MAPS, 2, 2, 0,
                             shape_conv_transpose, reads_conv_transpose, macs_conv_transpose, params_conv },
  [AE_OP_PIXEL_UNSHUFFLE] = { "pixel_unshuffle", K (FACTOR), K (FACTOR), 1, 1, AE_TAKES_MAPS, 0, 0, 0,
                              shape_pixel_unshuffle, reads_larger, macs_none, NULL },
  [AE_OP_PIXEL_SHUFFLE] = { "pixel_shuffle", K (FACTOR), K (FACTOR), 1, 1, AE_TAKES_MAPS, 0, 0, 0,
                            shape_pixel_shuffle, reads_enlarged, macs_none, NULL },
  [AE_OP_MAX_POOL] = { "max_pool", K (FACTOR), 0, 1, 1, AE_TAKES_MAPS, 0, 0, 2,
                       shape_max_pool, reads_larger, macs_none, NULL },
  [AE_OP_AVG_POOL] = { "avg_pool", K (FACTOR), 0, 1, 1, AE_TAKES_MAPS, 0, 0, 2,
                       shape_avg_pool, reads_larger, macs_none, NULL },
  [AE_OP_UP] = { "up", K (FACTOR), 0, 1, 1, AE_TAKES_MAPS, 0, 0, 2,
                 shape_up, reads_enlarged, macs_none, NULL },
  [AE_OP_ADD] = { "add", 0, 0, 2, 2, AE_TAKES_ALIKE, 0, 0, 0,
                  shape_add, reads_same, macs_none, NULL },
  [AE_OP_CONCAT] = { "concat", 0, 0, 2, AE_GRAPH_SOURCES_MAX, AE_TAKES_ALIKE, 0, 0, 0,
                     shape_concat, reads_same, macs_none, NULL },
  [AE_OP_ACT] = { "act", K (ACT) | K (SLOPE), K (ACT), 1, 1, AE_TAKES_ALIKE, 0, 0, 0,
                  shape_act, reads_same, macs_none, params_act },
  [AE_OP_BICUBIC] = { "bicubic", K (FACTOR), K (FACTOR), 1, 1, AE_TAKES_MAPS, 0, 0, 0,
                      shape_bicubic, reads_bicubic, macs_bicubic, NULL },
  [AE_OP_CROP] = { "crop", K (BORDER), K (BORDER), 1, 1, AE_TAKES_FIXED_MAPS, 0, 0, 0,
                   shape_crop, NULL, macs_none, NULL },
  [AE_OP_RESHAPE] = { "reshape", K (CHANNELS) | K (WIDTH) | K (HEIGHT), 0, 1, 1, AE_TAKES_FIXED, 0, 0, 0,
                      shape_reshape, NULL, macs_none, NULL },
  [AE_OP_DENSE] = { "dense", K (OUT) | K (ACT) | K (SLOPE) | K (BIAS), K (OUT), 1, 1, AE_TAKES_VECTORS, 1, 1, 0,
                    shape_dense, NULL, macs_dense, params_dense },
  [AE_OP_SAMPLE] = { "sample", 0, 0, 2, 2, AE_TAKES_VECTORS, 0, 0, 0,
                     shape_sample, NULL, macs_none, NULL },
};
// clang-format on
