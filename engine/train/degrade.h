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
 *   gaussian.sigma = 0;75      one value, or a range lo;hi
 *
 *   gaussian      normal noise, independent for each value
 *     sigma       8-bit steps, uniform
 *   poisson       photon and read noise in linear light, through the sRGB curve;
 *                 linear variance is shot * value + read^2 (Foi et al. 2008)
 *     shot        1 / photons at white, logarithmic
 *     read        linear light 0..1, logarithmic
 *   bayer         the same noise on the mosaic of a Bayer sensor: white balance
 *                 gains and a color matrix are taken off, the noise is
 *                 interpolated bilinearly (blotchy, strong in color) and put on
 *     shot, read  as above
 *     matrix      how far the color matrix is from the identity, 0..1, uniform
 *   correlated    normal noise blurred by a Gaussian, stronger in color
 *     sigma       8-bit steps of the brightness, uniform
 *     blur        standard deviation of the blur in pixels, uniform
 *     chroma      noise of the color differences relative to the brightness, uniform
 *   reduce        what a camera's noise reduction leaves of the noise so far:
 *                 little in flat places, more beside edges and in texture, with
 *                 coarse blotches; the clean picture is not touched
 *     luma        threshold for the brightness, in multiples of the noise, uniform
 *     chroma      for the color differences, uniform
 *   blur          Gaussian blur
 *     radius      standard deviation in pixels, uniform
 *   round8        clips to 0..1 and rounds to 8 bit
 *   jpeg          libjpeg, rounds to 8 bit; the grid of blocks lies anywhere
 *     quality     1..100, uniform
 *     subsample   probability of 4:2:0, else 4:4:4
 *   gray          green for all three channels, of the clean picture its luminance:
 *                 noise that is equal in all channels, as in gray pictures
 *   bicubic       makes the picture smaller by the scale of the network, as
 *                 ae/resize.h does it; for networks that enlarge, exactly once
 *
 * The sigma plane of a chain of gaussian, round8 and gray alone is the level
 * that was added.  With any other step it is measured: the standard
 * deviation, over the three channels, of what was changed.  A network can then
 * not take a noise level for that of independent noise: of noise that is
 * smooth it has to see so.  `told`, a factor drawn for each picture, makes what
 * the plane says uncertain: of noise that is hard to measure, as that in a
 * camera's JPEG, an estimate is often half of the truth, and a network that has
 * learned so looks itself.
 */
#define AE_DEGRADE_STEPS_MAX 8
#define AE_DEGRADE_PARAMS_MAX 4

typedef enum
{
  AE_DEGRADE_GAUSSIAN,
  AE_DEGRADE_POISSON,
  AE_DEGRADE_BAYER,
  AE_DEGRADE_CORRELATED,
  AE_DEGRADE_REDUCE,
  AE_DEGRADE_BLUR,
  AE_DEGRADE_ROUND8,
  AE_DEGRADE_JPEG,
  AE_DEGRADE_GRAY,
  AE_DEGRADE_BICUBIC,
  AE_N_DEGRADE_STEPS
} AeDegradeKind;

typedef struct
{
  const char *name;
  double min, max; /* allowed */
  double lo, hi;   /* default range */
  gboolean logarithmic;
} AeDegradeParamInfo;

typedef struct
{
  const char *name;
  gboolean nominal; /* the noise level is known, not measured */
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
  int scale;              /* by which the step bicubic makes pictures smaller; more than 1 if there is one */
  gboolean gray;          /* whether there is a step gray: the clean picture has to be gray, too */
  float soft_lo, soft_hi; /* range of the standard deviation of a blur of the clean picture, pixels */
  float told_lo, told_hi; /* range of the factor of the noise level in the sigma plane; (1, 1): the truth */
  int n_steps;
  AeDegradeStep steps[AE_DEGRADE_STEPS_MAX];
} AeDegradation;

const AeDegradeInfo *ae_degrade_info (AeDegradeKind kind);
int ae_degrade_find (const char *name); /* AeDegradeKind or -1 */

/* What a recipe may give as `soft` and as factor `told`. */
extern const AeDegradeParamInfo ae_degrade_soft, ae_degrade_told;

/*
 * Spoils a picture in place: float [3][height][width], R'G'B' 0..1.  sigma,
 * float [height][width], receives the noise level told of each pixel / 255.  If a
 * step is bicubic, width and height are multiples of the scale and both hold
 * the size of the small picture in the end.
 */
void ae_degrade (const AeDegradation *degradation, AeRandom *random, float *rgb, float *sigma, int width,
                 int height);

/*
 * Makes a picture, [3][height][width], the clean one of a degradation: gray
 * (luminance of BT.601) if it has that step, and as soft as it says, as the
 * pictures of cameras are before their noise is added.
 */
void ae_degrade_clean (const AeDegradation *degradation, AeRandom *random, float *rgb, int width, int height);

/* The noise level, 0..1, of spoiled against clean, [3][height][width], the standard deviation
 * of their difference around its mean in each channel. */
float ae_degrade_measure (const float *clean, const float *spoiled, int width, int height);

#endif
