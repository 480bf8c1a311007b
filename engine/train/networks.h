/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* networks.h - writes the graph text of the network families that recipes name. */

#ifndef AE_NETWORKS_H
#define AE_NETWORKS_H

#include <glib.h>

/*
 * unet: residual U-Net for tasks that keep the size.  The picture and its
 * sigma plane, unshuffled by `unshuffle` (1: not at all); at each width
 * `blocks` residual blocks (3x3 - ReLU - 3x3, added) on the way down and as
 * many on the way up; 2x2 stride-2 convolutions between the levels; skips and
 * the picture itself are added.  After DRUNet (Zhang et al. 2021, Plug-and-Play
 * Image Restoration with Deep Denoiser Prior) and FFDNet (Zhang et al. 2018).
 */
typedef struct
{
  int unshuffle; /* 1, 2, 4 */
  const int *widths;
  int n_widths;
  int blocks; /* per level and direction */
  gboolean bias;
  gboolean sigma; /* with a sigma plane */
} AeUnet;

char *ae_network_unet (const AeUnet *unet);

/*
 * residual: enlarges by `scale` (2, 3, 4).  3x3, `blocks` residual blocks
 * (3x3 - ReLU - 3x3, added), 3x3, the result of the first convolution added;
 * 3x3 to 3 * scale^2 channels, shuffled to the large picture; the picture
 * enlarged bicubically added.  After EDSR (Lim et al. 2017).
 */
typedef struct
{
  int scale;
  int width, blocks;
  gboolean bias;
} AeResidual;

char *ae_network_residual (const AeResidual *residual);

#endif
