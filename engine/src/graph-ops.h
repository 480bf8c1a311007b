/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* graph-ops.h - the rules of each operation: keys, shape, what it reads, cost, parameters. */

#ifndef AE_GRAPH_OPS_H
#define AE_GRAPH_OPS_H

#include <ae/graph.h>

/* Keys of a line, in the order of their names in graph-ops.c. */
typedef enum
{
  AE_KEY_CHANNELS,
  AE_KEY_PLANES,
  AE_KEY_OUT,
  AE_KEY_KERNEL,
  AE_KEY_STRIDE,
  AE_KEY_FACTOR,
  AE_KEY_ACT,
  AE_KEY_SLOPE,
  AE_KEY_BIAS,
  AE_KEY_WIDTH,
  AE_KEY_HEIGHT,
  AE_KEY_BORDER,
  AE_N_KEYS
} AeKey;

/* Pixels first <= i < end along one axis. */
typedef struct
{
  gint64 first, end;
} AeInterval;

/* What the sources of an operation may be. */
typedef enum
{
  AE_TAKES_MAPS,
  AE_TAKES_FIXED_MAPS, /* of a size that is known */
  AE_TAKES_VECTORS,
  AE_TAKES_ALIKE, /* maps or vectors */
  AE_TAKES_FIXED  /* the same, maps of a size that is known */
} AeTakes;

/* At most: weight, bias, slope. */
#define AE_OP_PARAMS_MAX 3

typedef struct
{
  const char *name;
  guint keys;     /* bits 1 << AeKey: allowed */
  guint required; /* the same: must be given */
  int min_src, max_src;
  AeTakes takes;
  int default_kernel, default_stride, default_factor;

  /* Checks the values of the keys and the sources, then sets channels, up and
   * down (not reduced) and, where the size is fixed, width and height.
   * node->channels holds channels= or out=, or 0.
   * Returns NULL or a message to be freed. */
  char *(*shape) (AeNode *node, const AeNode *const *src);
  /* Pixels of a source that pixels `out` of the result depend on.  NULL where sizes are fixed. */
  AeInterval (*reads) (const AeNode *node, AeInterval out);
  /* Multiply-adds per pixel of the result, all channels. */
  double (*macs) (const AeNode *node, const AeNode *const *src);
  /* Fills names' suffixes and shapes; returns how many.  NULL: none. */
  int (*params) (const AeNode *node, const AeNode *const *src, AeParam *params);
} AeOpRules;

extern const AeOpRules ae_op_rules[AE_N_OPS];
extern const char *const ae_key_names[AE_N_KEYS];
extern const char *const ae_act_names[];    /* by AeGraphAct, NULL at the end */
extern const char *const ae_planes_names[]; /* by AePlanes, NULL at the end */

#endif
