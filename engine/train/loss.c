/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* loss.c - distances and their gradients. */

#include "loss.h"

#include <math.h>

double
ae_loss (AeLoss loss, const float *result, const float *target, float *gradient, float scale, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    {
      float d = result[i] - target[i];

      switch (loss)
        {
        case AE_LOSS_L1:
          sum += fabsf (d);
          gradient[i] = d > 0 ? scale : d < 0 ? -scale : 0;
          break;
        case AE_LOSS_MSE:
          sum += (double)d * d;
          gradient[i] = 2 * scale * d;
          break;
        case AE_LOSS_CHARBONNIER:
          {
            float r = sqrtf (d * d + 1e-6f);

            sum += r;
            gradient[i] = scale * d / r;
            break;
          }
        }
    }
  return sum;
}
