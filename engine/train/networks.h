/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* networks.h - writes the graph text of the network families that recipes name. */

#ifndef AE_NETWORKS_H
#define AE_NETWORKS_H

#include <glib.h>

/*
 * unet: residual U-Net.  The picture and its sigma plane, unshuffled by
 * `unshuffle` (1: not at all); at each width `blocks` residual blocks (3x3 -
 * ReLU - 3x3, added) on the way down and as many on the way up; 2x2 stride-2
 * convolutions between the levels; skips and the picture itself are added.
 * After DRUNet (Zhang et al. 2021, Plug-and-Play Image Restoration with Deep
 * Denoiser Prior) and FFDNet (Zhang et al. 2018).  With a scale above 1 (and
 * unshuffle 1) it works at the size of the small picture and ends as the
 * networks below do.
 */
typedef struct
{
  int unshuffle; /* 1, 2, 4 */
  const int *widths;
  int n_widths;
  int blocks; /* per level and direction */
  gboolean bias;
  gboolean sigma; /* with a sigma plane */
  int scale;      /* 1 to 4 */
} AeUnet;

char *ae_network_unet (const AeUnet *unet);

/*
 * Networks that enlarge by `scale` (2, 3, 4).  They work at the size of the
 * small picture and end with 3x3 to 3 * scale^2 channels, shuffled to the
 * large picture; the picture enlarged bicubically is added.
 */
typedef struct
{
  int scale;
  int width, blocks;
  gboolean bias;
} AeEnlarger;

/*
 * residual: 3x3, `blocks` residual blocks (3x3 - ReLU - 3x3, added), 3x3, the
 * result of the first convolution added.  After EDSR (Lim et al. 2017).
 */
char *ae_network_residual (const AeEnlarger *residual);

/*
 * plain: a chain of 1 + `blocks` times 3x3 - PReLU without any skip, the shape
 * of SRVGG (Wang et al. 2021, Real-ESRGAN) and of merged re-parameterized
 * networks such as RepVGG (Ding et al. 2021).  It is trained as it runs, as one
 * convolution a layer, without parallel branches to be merged afterwards.
 */
char *ae_network_plain (const AeEnlarger *plain);

/*
 * reparameterized: the plain chain, but each convolution after the first
 * trains as a sum of 3x3, 1x1 and its input, which is one convolution again
 * when it runs (fold.h).  After RepVGG, and ECBSR (Zhang et al. 2021).
 */
char *ae_network_reparameterized (const AeEnlarger *reparameterized);

#endif
