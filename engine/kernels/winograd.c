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

void
ae_winograd_weights (float *transformed, const float *w, int point, size_t n)
{
  const double *g = points[point];

  for (size_t i = 0; i < 3 * n; i++, w += 3)
    transformed[i] = (float)(g[0] * (double)w[0] + g[1] * (double)w[1] + g[2] * (double)w[2]);
}
