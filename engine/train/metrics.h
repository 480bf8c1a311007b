/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* metrics.h - how far a picture is from its reference. */

#ifndef AE_METRICS_H
#define AE_METRICS_H

#include <glib.h>

/*
 * a and b: 8-bit R'G'B' [height][width][3] of the same size.  `crop` pixels at
 * each border are left out.  All sums are in double precision.  Thread-safe.
 *
 * PSNR: 10 log10 (255² / mean squared difference) over all values together;
 * INFINITY if the pictures are equal.
 *
 * SSIM: 11 × 11 Gaussian window of standard deviation 1.5, K1 = 0.01,
 * K2 = 0.03, L = 255, mean over the positions where the window lies within
 * the cropped picture.
 *
 * Both are NAN where nothing is left to compare: no pixel for PSNR, less than
 * 11 in a direction for SSIM.
 *
 * Y is luma of ITU-R BT.601 with 16..235, rounded to 8 bit as in published
 * results: 16 + 65.481 R' + 128.553 G' + 24.966 B', R'G'B' in 0..1.
 */
guint8 ae_metrics_y (const guint8 *rgb);

double ae_metrics_psnr_rgb (const guint8 *a, const guint8 *b, int width, int height, int crop);
double ae_metrics_psnr_y (const guint8 *a, const guint8 *b, int width, int height, int crop);
/* Mean of the SSIM of the three channels. */
double ae_metrics_ssim_rgb (const guint8 *a, const guint8 *b, int width, int height, int crop);
double ae_metrics_ssim_y (const guint8 *a, const guint8 *b, int width, int height, int crop);

#endif
