/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* init.h - first values of parameters. */

#ifndef AE_INIT_H
#define AE_INIT_H

#include <ae/graph.h>
#include <ae/model.h>

/*
 * He initialisation (He et al. 2015), with two exceptions that make the
 * network start as the identity: the last convolution before the sum with the
 * picture is zero, and the last of each residual block is a tenth of it.
 * params: all values in the order of ae_graph_param ().
 */
void ae_init_params (const AeGraph *graph, guint64 seed, float *params);

/*
 * Copies every parameter that the model has under the same name with the same
 * kernel.  Where the new one is larger, the old values fill its first rows and
 * columns, old outputs get nothing from new inputs, and the rest keeps its
 * value: a network that has grown in width alone begins as the same function,
 * and all of it learns (as Net2WiderNet, Chen et al. 2016, but with new channels
 * of their own instead of doubled ones).  Sums of convolutions that are one in
 * the model are unfolded (fold.h).  Returns the number of parameters taken.
 */
int ae_init_from_model (const AeGraph *graph, const AeModel *model, float *params);

#endif
