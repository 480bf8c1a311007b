/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* blend.h - mixes the network's result with the picture it came from. */

#ifndef AE_BLEND_H
#define AE_BLEND_H

#include <glib.h>
#include "params.h"

/*
 * All planes are float [channels][height][width], 1 (gray) or 3 channels, in
 * R'G'B'; all functions are pure and may be called from any thread.
 */

typedef struct
{
  float strength;    /* 0..1 */
  float detail;      /* 0..1 */
  float color_noise; /* 0..1 */
  float sigma;       /* noise level that the network was told, 0..1 (8-bit steps / 255); for detail */
} AeBlend;

/* `sigma`: the noise level used, in 8-bit steps (the estimate if it was "auto"). */
void ae_blend_init (AeBlend *blend, const AeDenoiseParams *params, double sigma);

/* Pixels around a rectangle that its result depends on: 0 unless detail is put back. */
int ae_blend_margin (const AeBlend *blend);

/*
 * result = picture + strength * (change of luminance + color_noise * change of color + detail).
 * `picture` values that are not finite count as 0.  `result` may be `network`
 * but not `picture`.  With strength 1, detail 0 and color_noise 1 the result
 * is `network`, bit by bit; with strength 0 it is the picture.
 * Values within ae_blend_margin () of the border are as good as the mirrored
 * picture allows.
 */
void ae_blend_apply (const AeBlend *blend, const float *picture, const float *network, float *result,
                     int channels, int width, int height);

/*
 * The same in two steps, for who blends again and again.  The first does not
 * depend on strength, detail and color noise: `change` [height][width] is that
 * of the luminance, `structure` what of it stands out from noise of `sigma`
 * (0..1, as in AeBlend; `structure` NULL: not wanted, which allows no detail).
 * The second takes n = width * height pixels.
 */
void ae_blend_analyze (const float *picture, const float *network, int channels, int width, int height,
                       float sigma, float *change, float *structure);
void ae_blend_mix (const AeBlend *blend, const float *picture, const float *network, const float *change,
                   const float *structure, float *result, int channels, gsize n);

#endif
