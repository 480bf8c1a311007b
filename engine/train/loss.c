/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* loss.c - distances and their gradients. */

#include "loss.h"

#include <glib.h>
#include <math.h>

#define SSIM_SHARE 0.84
#define BCE_EDGE 1e-7f
#define PSNR_LEAST 1e-5

static double
distances (AeLoss loss, const float *result, const float *target, float *gradient, float scale, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    {
      float d = result[i] - target[i];

      switch (loss)
        {
        case AE_LOSS_L1:
        case AE_LOSS_MS_SSIM: /* that part of it */
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
        case AE_LOSS_BCE:
          {
            float r = result[i] < BCE_EDGE ? BCE_EDGE : result[i] > 1 - BCE_EDGE ? 1 - BCE_EDGE : result[i];

            sum -= target[i] * log ((double)r) + (1 - target[i]) * log1p (-(double)r);
            gradient[i] = scale * (r - target[i]) / (r * (1 - r));
            break;
          }
        case AE_LOSS_PSNR:
          break;
        }
    }
  return sum;
}

/* n times the loss of the whole. */
static double
negative_psnr (const float *result, const float *target, float *gradient, float scale, size_t n)
{
  double sum = 0, mean;
  float factor;

  for (size_t i = 0; i < n; i++)
    {
      double d = (double)result[i] - target[i];

      sum += d * d;
    }
  mean = sum / (double)n + PSNR_LEAST;
  factor = (float)(20 / G_LN10 * scale / mean);
  for (size_t i = 0; i < n; i++)
    gradient[i] = factor * (result[i] - target[i]);
  return (double)n * 10 * log10 (mean);
}

double
ae_loss (AeLoss loss, const float *result, const float *target, float *gradient, float scale, int channels,
         int width, int height)
{
  size_t n = (size_t)channels * (size_t)width * (size_t)height;
  double l1, similarity, share = (double)n * SSIM_SHARE;

  if (loss == AE_LOSS_PSNR)
    return negative_psnr (result, target, gradient, scale, n);
  if (loss != AE_LOSS_MS_SSIM)
    return distances (loss, result, target, gradient, scale, n);
  l1 = distances (loss, result, target, gradient, (float)(1 - SSIM_SHARE) * scale, n);
  similarity = ae_ms_ssim (result, target, gradient, -share * (double)scale, channels, width, height);
  return (1 - SSIM_SHARE) * l1 + share * (1 - similarity);
}
