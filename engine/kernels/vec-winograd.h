/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* vec-winograd.h - source rows transformed for Winograd's F(4, 3), for a convolution and for its gradient. */

#ifndef AE_KERNELS_VEC_WINOGRAD_H
#define AE_KERNELS_VEC_WINOGRAD_H

#include "vec.h"

#include <string.h>

enum
{
  M = AE_WINOGRAD,
  POINTS = AE_WINOGRAD_POINTS
};

/* Of the pixels s[0], s[PX]... */
AE_INLINE void
transform_source (float *v, size_t point, const float *s)
{
  Vec d0 = load_pixel (s), d1 = load_pixel (s + PX), d2 = load_pixel (s + 2 * PX),
      d3 = load_pixel (s + 3 * PX), d4 = load_pixel (s + 4 * PX), d5 = load_pixel (s + 5 * PX);
  Vec a = d4 - 4 * d2, b = d3 - 4 * d1, c = d4 - d2, e = 2 * (d3 - d1);

  store_pixel (v, 4 * d0 - 5 * d2 + d4);
  store_pixel (v + point, a + b);
  store_pixel (v + 2 * point, a - b);
  store_pixel (v + 3 * point, c + e);
  store_pixel (v + 4 * point, c - e);
  store_pixel (v + 5 * point, 4 * d1 - 5 * d3 + d5);
}

/* Groups of a row of one block, `width` pixels and the border at either end; x: of the first result of the
 * first group, which may lie before the row.  Beyond the border there is zero. */
AE_INLINE void
transform_source_row (float *v, size_t point, const float *row, int width, int x, int groups)
{
  for (int g = 0; g < groups; g++)
    {
      int first = x + g * M - 1;

      if (first >= -1 && first + POINTS <= width + 1)
        transform_source (v + g * PX, point, row + (ptrdiff_t)first * PX);
      else
        {
          float s[POINTS * PX] __attribute__ ((aligned (64))) = { 0 };

          for (int i = 0; i < POINTS; i++)
            if (first + i >= -1 && first + i <= width)
              memcpy (s + i * PX, row + (ptrdiff_t)(first + i) * PX, PX * sizeof (float));
          transform_source (v + g * PX, point, s);
        }
    }
}

#endif
