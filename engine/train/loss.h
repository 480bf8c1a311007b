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
  AE_LOSS_CHARBONNIER /* sqrt (d^2 + 1e-6), Charbonnier et al. 1994 */
} AeLoss;

/* Returns the sum over n values; gradient receives scale * d loss / d result. */
double ae_loss (AeLoss loss, const float *result, const float *target, float *gradient, float scale,
                size_t n);

#endif
