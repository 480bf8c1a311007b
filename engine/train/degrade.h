/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* degrade.h - spoils clean pictures the way cameras do, so that a network can learn to undo it. */

#ifndef AE_DEGRADE_H
#define AE_DEGRADE_H

#include <glib.h>
#include "random.h"

/*
 * A degradation is a chain of steps, each with parameters of which one value
 * is drawn per picture from a range.  In a recipe:
 *
 *   [degradation camera]
 *   weight = 0.3               share of the pictures
 *   steps = gaussian;round8
 *   gaussian.sigma = 0;75      in 8-bit steps
 *
 *   step      parameters   what it does
 *   gaussian  sigma        adds normal noise, 8-bit steps, the same in all channels
 *   round8    -            clips to 0..1 and rounds to 8 bit
 */
#define AE_DEGRADE_STEPS_MAX 8
#define AE_DEGRADE_PARAMS_MAX 4

typedef enum
{
  AE_DEGRADE_GAUSSIAN,
  AE_DEGRADE_ROUND8,
  AE_N_DEGRADE_STEPS
} AeDegradeKind;

typedef struct
{
  const char *name;
  double min, max; /* allowed */
  double lo, hi;   /* default range */
} AeDegradeParamInfo;

typedef struct
{
  const char *name;
  int n_params;
  AeDegradeParamInfo params[AE_DEGRADE_PARAMS_MAX];
} AeDegradeInfo;

typedef struct
{
  AeDegradeKind kind;
  float lo[AE_DEGRADE_PARAMS_MAX], hi[AE_DEGRADE_PARAMS_MAX];
} AeDegradeStep;

typedef struct
{
  char *name;
  double weight;
  int n_steps;
  AeDegradeStep steps[AE_DEGRADE_STEPS_MAX];
} AeDegradation;

const AeDegradeInfo *ae_degrade_info (AeDegradeKind kind);
int ae_degrade_find (const char *name); /* AeDegradeKind or -1 */

/*
 * Spoils a picture in place: float [3][height][width], R'G'B' 0..1.  sigma,
 * float [height][width], receives the noise level of each pixel / 255.
 */
void ae_degrade (const AeDegradation *degradation, AeRandom *random, float *rgb, float *sigma, int width,
                 int height);

#endif
