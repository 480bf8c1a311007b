/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* degrade-private.h - the steps that degrade.c chains. */

#ifndef AE_DEGRADE_PRIVATE_H
#define AE_DEGRADE_PRIVATE_H

#include "degrade.h"

typedef struct
{
  float *rgb;         /* [3][height][width] */
  const float *clean; /* what it was before the first step; NULL where the noise level is nominal */
  int width, height;
  AeRandom *random;
} AePicture;

/* param: values drawn for the parameters of the step, in their order. */
void ae_degrade_poisson (const AePicture *picture, const float *param);
void ae_degrade_bayer (const AePicture *picture, const float *param);
void ae_degrade_correlated (const AePicture *picture, const float *param);
void ae_degrade_blur (const AePicture *picture, const float *param);
void ae_degrade_reduce (const AePicture *picture, const float *param);
void ae_degrade_jpeg (const AePicture *picture, const float *param);

/* Gaussian blur of one plane, mirrored at its borders. */
void ae_degrade_blur_plane (float *plane, int width, int height, float radius);

/* Adds noise in Y'CbCr (BT.601), [3][pixels], to rgb. */
void ae_degrade_add_ycc (float *rgb, const float *ycc, size_t pixels);

/* The sRGB curve, one value. */
float ae_srgb_to_linear (float value);
float ae_srgb_from_linear (float value);

#endif
