/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* fold.h - one convolution instead of a sum of several on the same input. */

#ifndef AE_FOLD_H
#define AE_FOLD_H

#include <ae/graph.h>
#include <ae/model.h>

/*
 * Networks learn more as sums than as the single convolution that these are
 * (Ding et al. 2021, RepVGG: Making VGG-style ConvNets Great Again):
 *
 *   a = conv x out=8 kernel=3
 *   b = conv x out=8 kernel=1 bias=0
 *   s = add a b
 *   t = add s x
 *   y = act t act=prelu
 *
 * is y = conv x out=8 kernel=3 act=prelu.  A sum is folded if all its parts are
 * convolutions (stride 1, no activation) of one result or that result itself,
 * at least one is a convolution, and nothing else reads a part.  An activation
 * that alone reads the sum is taken in, and the convolution has its name, else
 * that of the sum.
 */

/* The same function with each such sum folded; the model itself, referenced, if there is none.
 * AE_ERROR_FORMAT, which does not happen to a graph that was parsed, else. */
AeModel *ae_fold_model (AeModel *model, GError **error);

/*
 * The other way, to train on: where the model has the one convolution of a sum
 * of `graph`, the first of the sum's widest parts becomes what is missing from
 * the others, which keep their values.  params: all values in the order of
 * ae_graph_param ().  Returns the number of parameters taken from the model.
 */
int ae_unfold_params (const AeGraph *graph, const AeModel *model, float *params);

#endif
