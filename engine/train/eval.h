/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* eval.h - measures a model on one picture, by the protocols of published results. */

#ifndef AE_EVAL_H
#define AE_EVAL_H

#include <glib.h>
#include <ae/session.h>

/* dB and 0..1; see metrics.h for when they are infinite or NAN. */
typedef struct
{
  double psnr, ssim;
} AeScore;

typedef struct
{
  int width, height; /* of what was compared, before cropping */
  AeScore before;    /* noisy, compressed, or enlarged bicubically */
  AeScore after;     /* what the model made of it */
  double seconds;    /* in the model */
} AeEvalResult;

/*
 * Pictures are 8-bit R'G'B' [height][width][3].  The session's model must take
 * R'G'B'.  The result of the model is clamped and rounded to 8 bit before it
 * is compared.  Errors are those of ae_session_run () and AE_ERROR_ARGUMENT
 * for a model or picture that does not fit the protocol.
 */

/*
 * Gaussian noise of standard deviation sigma (8-bit steps) as other programs
 * make it: the values of numpy.random.normal () after numpy.random.seed (0)
 * for each picture, in the order row, column, channel.
 * clip FALSE: the network gets the sum as it is, neither clamped nor rounded,
 * and PSNR before is that of the sum; SSIM before is that of its 8-bit version.
 * clip TRUE: the sum is clamped and rounded to 8 bit first, as a file would be.
 * PSNR and SSIM over R'G'B'.
 */
gboolean ae_eval_gaussian (AeSession *session, const guint8 *clean, int width, int height, double sigma,
                           gboolean clip, AeEvalResult *result, GError **error);

/* A noisy picture and its reference.  PSNR and SSIM over R'G'B'. */
gboolean ae_eval_pair (AeSession *session, const guint8 *clean, const guint8 *noisy, int width, int height,
                       double sigma, AeEvalResult *result, GError **error);

/*
 * For models that repair JPEG: luminance alone is compressed with that quality
 * (1 to 100) as a gray picture, as published results are; the network gets it
 * as three equal channels, and the mean of its three is compared.  Luminance is
 * Y as of metrics.h, or the picture itself where its channels are equal.
 * PSNR and SSIM of luminance.
 */
gboolean ae_eval_jpeg (AeSession *session, const guint8 *picture, int width, int height, int quality,
                       AeEvalResult *result, GError **error);

/*
 * For models that enlarge: the picture is cropped to a multiple of the factor,
 * made small bicubically (ae/resize.h), rounded to 8 bit, and enlarged by the
 * model.  PSNR and SSIM on Y, `factor` pixels at each border left out.
 */
gboolean ae_eval_upscale (AeSession *session, const guint8 *picture, int width, int height, double sigma,
                          AeEvalResult *result, GError **error);

#endif
