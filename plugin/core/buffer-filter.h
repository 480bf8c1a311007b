/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* buffer-filter.h - runs a session over a GeglBuffer. */

#ifndef AE_BUFFER_FILTER_H
#define AE_BUFFER_FILTER_H

#include <ae/session.h>
#include <gegl.h>
#include <glib.h>
#include "params.h"

/*
 * Pixels are fetched in the buffer's own format and converted by encoding
 * only: values stay in the primaries of the picture's space, linear values get
 * the sRGB curve for the network.  Formats: RGB and gray, with and without
 * alpha (also premultiplied), gamma-encoded and linear, 8, 16 and 32 bits,
 * half, float and double.  Others (indexed, CMYK, Lab …) give
 * AE_ERROR_UNSUPPORTED with a message that names the format.
 *
 * Alpha is copied.  Pixels with alpha 0 are copied; for the network they get
 * colors of their visible neighbours, so that no fringe appears.  A pixel that
 * the network does not change keeps its bits.  Gray is given to a network for
 * colors as three equal planes and the mean of its result is taken; colors
 * are given to a network for gray as luminance and the change is added to all three.
 *
 * Every function works on the caller's thread (the network uses the threads of
 * its session); one call at a time for each session.  Buffers may be used by
 * nobody else meanwhile.  gegl_init () must have been called.
 */

/* Says whether pictures in that format can be filtered: AE_ERROR_UNSUPPORTED if not. */
gboolean ae_buffer_format_check (const Babl *format, GError **error);

/*
 * Denoises the pixels of `src` inside `roi` (NULL: its extent; cut to it) and
 * writes them at the same place into `dst`, which has another storage than
 * `src` and usually its format.  Pixels outside `roi` but inside the extent are
 * read as context: a part gives the same pixels as the same part of the whole.
 * Nothing is written outside `roi`.
 *
 * With strength 0 or an empty `roi` the pixels are copied and the network does
 * not run.  With `noise_auto` the level is estimated from `roi` first.
 * `params->model` is not looked at: the session has the model.
 * Scratch memory: the session's limit plus a few MB; whole-picture floats only
 * for detail > 0.
 *
 * progress: see ae/session.h; may be NULL.  Errors: AE_ERROR_ARGUMENT (model
 * of another task, bad parameters), AE_ERROR_UNSUPPORTED, AE_ERROR_CANCELLED,
 * those of the session.  `dst` may then be partly written.
 */
gboolean ae_denoise_buffer (AeSession *session, GeglBuffer *src, const GeglRectangle *roi, GeglBuffer *dst,
                            const AeDenoiseParams *params, AeProgressFunc progress, gpointer data,
                            GError **error);

/* The same, but empties `src` as it goes, to save the memory of one of the two
 * pictures; `src` has no defined content afterwards. */
gboolean ae_denoise_buffer_consume (AeSession *session, GeglBuffer *src, GeglBuffer *dst,
                                    const AeDenoiseParams *params, AeProgressFunc progress, gpointer data,
                                    GError **error);

/*
 * A rectangle of a picture with the network's result for it, so that strength,
 * detail and color noise can be changed without running the network again:
 * for previews.
 */
typedef struct _AePatch AePatch;

/* `roi` is cut to the extent of `src`; NULL with AE_ERROR_ARGUMENT if nothing is left.
 * `sigma`: noise level in 8-bit steps.  `src` is not needed afterwards. */
AePatch *ae_patch_new (AeSession *session, GeglBuffer *src, const GeglRectangle *roi, double sigma,
                       AeProgressFunc progress, gpointer data, GError **error);
void ae_patch_free (AePatch *patch);

/* The rectangle that was cut, in the coordinates of the buffer. */
const GeglRectangle *ae_patch_rect (const AePatch *patch);
double ae_patch_sigma (const AePatch *patch);

/*
 * Writes the pixels of the patch blended by `params` (strength, detail, color
 * noise) to `pixels` in `format` (converted by encoding only), rows of
 * `rowstride` bytes (0: without gaps).  `params` NULL: the picture as it was.
 */
void ae_patch_render (const AePatch *patch, const AeDenoiseParams *params, const Babl *format,
                      gpointer pixels, int rowstride);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AePatch, ae_patch_free)

#endif
