/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* winograd.c - weights of Winograd's F(4, 3) from those of a 3x3 convolution. */

#include "kernels.h"

/* Each row of a kernel is a polynomial; these are its values at 0, 1, -1, 2, -2 and infinity, divided so that
 * the other transforms need whole numbers alone. */
static const double points[AE_WINOGRAD_POINTS][3] = { { 1.0 / 4, 0, 0 },
                                                      { -1.0 / 6, -1.0 / 6, -1.0 / 6 },
                                                      { -1.0 / 6, 1.0 / 6, -1.0 / 6 },
                                                      { 1.0 / 24, 1.0 / 12, 1.0 / 6 },
                                                      { 1.0 / 24, -1.0 / 12, 1.0 / 6 },
                                                      { 0, 0, 1 } };

static size_t
set_size (const AeKernels *k, int in_channels, int out_channels)
{
  return (k->conv_packed_size (in_channels, out_channels, 3) + 15) & ~(size_t)15;
}

size_t
ae_winograd_packed_size (const AeKernels *k, int in_channels, int out_channels)
{
  return AE_WINOGRAD_POINTS * set_size (k, in_channels, out_channels);
}

void
ae_winograd_pack (const AeKernels *k, float *packed, const float *w, ptrdiff_t so, ptrdiff_t si, ptrdiff_t st,
                  int in_channels, int out_channels, float *room)
{
  for (int point = 0; point < AE_WINOGRAD_POINTS; point++)
    {
      const double *g = points[point];
      float *value = room;

      for (int o = 0; o < out_channels; o++)
        for (int i = 0; i < in_channels; i++)
          for (int row = 0; row < 3; row++)
            {
              const float *t = w + o * so + i * si + 3 * row * st;

              *value++ = (float)(g[0] * (double)t[0] + g[1] * (double)t[st] + g[2] * (double)t[2 * st]);
            }
      k->conv_pack (packed, room, (ptrdiff_t)in_channels * 3, 3, 1, in_channels, out_channels, 3);
      packed += set_size (k, in_channels, out_channels);
    }
}

void
ae_winograd_gradient (float dw[3], const float *sums, size_t set)
{
  for (int tap = 0; tap < 3; tap++)
    {
      double sum = 0;

      for (int point = 0; point < AE_WINOGRAD_POINTS; point++)
        sum += points[point][tap] * (double)sums[(size_t)point * set];
      dw[tap] = (float)sum;
    }
}
