/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* onednn-network.h - a model as a list of oneDNN primitives, run one after the other over a whole picture. */

#ifndef AE_ONEDNN_NETWORK_H
#define AE_ONEDNN_NETWORK_H

#include <ae/model.h>

typedef struct _OnednnNetwork OnednnNetwork;

typedef struct
{
  gboolean bf16; /* values between the steps and weights are bf16 */
  gboolean
    blocked; /* values lie in blocks of channels, as the engine has them; else as oneDNN likes it best */
} OnednnOptions;

/*
 * Made as one who knows oneDNN would: oneDNN chooses algorithms, weights are reordered once, activations and
 * additions are post-operations of the convolution before them where it can, buffers are used again.  Beyond
 * the borders of the picture lie zeros.
 *
 * Threads are those of OpenMP.  Fails with AE_ERROR_ARGUMENT for operations
 * that the networks of models/ do not have, and where oneDNN refuses.
 */
OnednnNetwork *onednn_network_new (AeModel *model, int width, int height, const OnednnOptions *options,
                                   GError **error);
void onednn_network_free (OnednnNetwork *network);

/* picture: float [channels][height][width].  To be called before each run, which may overwrite it. */
void onednn_network_fill (OnednnNetwork *network, const float *picture, float sigma);
gboolean onednn_network_run (OnednnNetwork *network, GError **error);
/* The result of the last run, planar. */
const float *onednn_network_result (const OnednnNetwork *network);

int onednn_network_n_steps (const OnednnNetwork *network);
/* Node, implementation as oneDNN names it, and seconds of the last run; owned by the network. */
void onednn_network_step (const OnednnNetwork *network, int i, const char **node, const char **implementation,
                          double *seconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OnednnNetwork, onednn_network_free)

#endif
