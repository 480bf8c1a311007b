/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* noise-estimate.h - how noisy a picture is. */

#ifndef AE_NOISE_ESTIMATE_H
#define AE_NOISE_ESTIMATE_H

#include <gegl.h>
#include <gio/gio.h>

/*
 * Estimates the standard deviation of the noise in a picture.
 *
 * planes: float [channels][height][width] of R'G'B' (or gray) values, 0..1;
 *         1 or 3 channels; values out of range or not finite are left out.
 * mask:   [height][width], 0: leave the pixel out (transparent); NULL: all count.
 *
 * Returns sigma in steps of 8 bits, 0..75; 0 if the picture is too small or
 * too uniform to tell.  A pure function: the same result for any number of
 * threads, at any time.
 */
double ae_noise_estimate (const float *planes, const guint8 *mask, int channels, int width, int height);

/*
 * The same for a rectangle of a buffer (NULL: its extent).  Of large pictures
 * a fixed selection of blocks is read, so that the time is bounded (about a
 * quarter of a second).  Errors: AE_ERROR_UNSUPPORTED for formats that
 * ae_denoise_buffer () refuses.
 */
gboolean ae_noise_estimate_buffer (GeglBuffer *buffer, const GeglRectangle *roi, double *sigma,
                                   GError **error);

/*
 * The same without holding up the caller: the buffer is read before this
 * returns (a moment), the estimate is made on another thread, and the callback
 * runs in the caller's main context, with the error G_IO_ERROR_CANCELLED if
 * it is not wanted any more.  ae_noise_estimate_finish () tells the result.
 */
void ae_noise_estimate_async (GeglBuffer *buffer, const GeglRectangle *roi, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer data);
gboolean ae_noise_estimate_finish (GAsyncResult *result, double *sigma, GError **error);

#endif
