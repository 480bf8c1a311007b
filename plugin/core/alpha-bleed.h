/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* alpha-bleed.h - gives transparent pixels the colors of their visible neighbours. */

#ifndef AE_ALPHA_BLEED_H
#define AE_ALPHA_BLEED_H

#include <glib.h>

/* A filled pixel depends on pixels at most this far away. */
#define AE_ALPHA_BLEED_RADIUS 16

/*
 * pixels: float [height][width][channels], the last channel is alpha.  Pixels
 * with alpha 0 (or less, or NaN) get the mean of those of their eight
 * neighbours that have a color, ring by ring up to AE_ALPHA_BLEED_RADIUS, the
 * rest middle gray.  Alpha stays as it is.  A pure function of the
 * pixels within the radius: the same for any cut of a picture.
 */
void ae_alpha_bleed (float *pixels, int channels, int width, int height);

#endif
