/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* net.h - forward and backward pass of one picture; each worker of a training step owns one. */

#ifndef AE_NET_H
#define AE_NET_H

#include "backprop.h"
#include "random.h"

/* Pictures whose gradient of a dense operation's weights is added in one go: these weights are many and each
 * is used once a picture. */
#define AE_NET_PENDING 16

typedef struct
{
  float *src, *ddst; /* [blocks][AE_NET_PENDING][VL]; NULL where the node is not dense */
  int n;
} AePending;

typedef struct
{
  const AeBackprop *backprop;
  AeBuffer *values;  /* of the program */
  AeBuffer *grads;   /* the same layout; data NULL where no gradient is needed */
  gboolean *written; /* per value: its gradient holds a sum already */
  float *memory;
  float *scratch;     /* of backprop, part of memory */
  AePending *pending; /* per node */
  float kl;           /* weight of ae_net_kl () in the gradient, 0 at first */
} AeNet;

/* width, height: multiples of the graph's alignment.  NULL if memory is short. */
AeNet *ae_net_new (const AeBackprop *backprop, int width, int height);
/* n of them, one for each thread; NULL if memory is short.  Freed with the same n. */
AeNet **ae_nets_new (const AeBackprop *backprop, int n, int width, int height);
void ae_nets_free (AeNet **nets, int n);
void ae_net_free (AeNet *net);

/* Buffer of an input node (planar), to be filled before ae_net_forward (); NULL if the graph has none. */
AeBuffer *ae_net_input (AeNet *net, AePlanes planes);
const AeBuffer *ae_net_output (const AeNet *net); /* planar */
AeBuffer *ae_net_output_grad (AeNet *net);        /* to be filled before ae_net_backward () */

/* Fills the inputs there are: input [3][height][width], sigma [height][width]. */
void ae_net_fill (AeNet *net, const float *input, const float *sigma);
void ae_net_forward (AeNet *net);
/* The same, but `sample` operations draw (ae_net_forward () takes their means). */
void ae_net_forward_drawn (AeNet *net, AeRandom *random);
/*
 * Kullback-Leibler divergence of what the `sample` operations draw from, to
 * the standard normal: the sum of (exp (v) + m^2 - 1 - v) / 2 over their
 * values (Kingma, Welling 2014, appendix B).
 */
double ae_net_kl (const AeNet *net);
/* Adds the gradients of all parameters to gathered, float [n_gathered]; those of dense operations are whole
 * after ae_net_finish () with the same `gathered`. */
void ae_net_backward (AeNet *net, float *gathered);
void ae_net_finish (AeNet *net, float *gathered);

#endif
