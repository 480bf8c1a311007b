/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* noise-private.h - the parts of the noise estimate. */

#ifndef AE_NOISE_PRIVATE_H
#define AE_NOISE_PRIVATE_H

#include <glib.h>

/* A sample of a picture.  All results are standard deviations in 8-bit steps. */
typedef struct
{
  const float *planes;   /* [channels][height][width] */
  const guint8 *bad;     /* [height][width]: pixels that may not be used (transparent, not finite) */
  const guint8 *clipped; /* [height][width]: channels of the pixel that are at the end of the range */
  int channels, width, height;
  int block; /* the sample consists of squares of that size, which are not neighbors; 0: one picture */
} AeNoiseSample;

/* Whether a window of that size lies within one square of the sample. */
static inline gboolean
ae_noise_within_block (const AeNoiseSample *s, int x, int y, int size)
{
  return s->block == 0 || (x % s->block + size <= s->block && y % s->block + size <= s->block);
}

/*
 * What is equally strong in all directions of the space of patches: noise that
 * is independent from pixel to pixel.  Also right in textured pictures; blind
 * to noise that has been smoothed, and too high for sharp pictures without noise.
 * -1 if there are too few pixels.
 */
double ae_noise_white (const AeNoiseSample *sample);

/*
 * What the flattest places vary by more than white noise of that strength
 * makes them, after brightness, as far as it has no direction: noise that has
 * been smoothed.  white: is lowered to the strongest that these places leave
 * room for.  0 if there are too few pixels, and `white` stays.
 */
double ae_noise_flat (const AeNoiseSample *sample, double *white);

/*
 * What compression to JPEG has changed, as far as it shows in steps between
 * blocks, wherever these begin (at the same places modulo AE_NOISE_BLOCK in all
 * squares of a sample); 0 for pictures that have not been compressed, or have
 * been scaled after it, and for those that are too small to tell.
 */
#define AE_NOISE_BLOCK 8
double ae_noise_blocks (const AeNoiseSample *sample);

#endif
