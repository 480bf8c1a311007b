/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* loss.h - distances between a result and what it should be, with their gradients. */

#ifndef AE_LOSS_H
#define AE_LOSS_H

#include <stddef.h>

typedef enum
{
  AE_LOSS_L1,
  AE_LOSS_MSE,
  AE_LOSS_CHARBONNIER, /* sqrt (d^2 + 1e-6), Charbonnier et al. 1994 */
  AE_LOSS_MS_SSIM,     /* 0.84 (1 - MS-SSIM) + 0.16 |d|, after Zhao et al. 2017 */
  AE_LOSS_BCE,         /* binary cross-entropy -t log r - (1 - t) log (1 - r), r kept within 1e-7..1 - 1e-7 */
  AE_LOSS_PSNR /* 10 log10 (mean of d^2 + 1e-5), -PSNR but for what is better than 50 dB; after Chen et
                * al. 2021 (HINet) */
} AeLoss;

/* Smallest side that AE_LOSS_MS_SSIM can judge: that of its window. */
#define AE_LOSS_MS_SSIM_MIN 11

/*
 * result, target, gradient: [channels][height][width].  Returns the loss summed
 * over all values (its mean times their number, where it is not made of
 * values); gradient receives scale * d sum / d result.  Thread-safe.
 */
double ae_loss (AeLoss loss, const float *result, const float *target, float *gradient, float scale,
                int channels, int width, int height);

/*
 * Mean over the channels of the multi-scale structural similarity (Wang,
 * Simoncelli, Bovik 2003): Gaussian window of 11 x 11 pixels and deviation 1.5
 * where it lies within the picture, K1 = 0.01, K2 = 0.03, range 1; at most 5
 * scales, each half of the one before (2 x 2 means), and no more than leave a
 * side of 11 pixels; the published exponents of the scales there are, divided
 * by their sum.  A scale whose mean contrast term is below 1e-4 counts as
 * 1e-4 and has no gradient.  If gradient is not NULL, gradient_scale * d
 * result is added to it.
 */
double ae_ms_ssim (const float *result, const float *target, float *gradient, double gradient_scale,
                   int channels, int width, int height);

#endif
