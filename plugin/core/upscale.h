/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale.h - enlarges a GeglBuffer to any size. */

#ifndef AE_UPSCALE_H
#define AE_UPSCALE_H

#include <ae/session.h>
#include <gegl.h>
#include <glib.h>
#include "catalogue.h"

#define AE_UPSCALE_TIMES_MAX 4        /* in each direction */
#define AE_UPSCALE_SIZE_MAX (1 << 19) /* pixels in each direction: the limit of GIMP */

/*
 * Whether a picture can be enlarged to that size: larger in one direction at
 * least, at most AE_UPSCALE_TIMES_MAX times as large and AE_UPSCALE_SIZE_MAX
 * in each.  AE_ERROR_ARGUMENT or AE_ERROR_LIMIT with the sizes.
 */
gboolean ae_upscale_check_size (int width, int height, int to_width, int to_height, GError **error);

/* How many times a network must enlarge for that size, 2..4: what it gives
 * beyond the size is taken away again by antialiased resampling. */
int ae_upscale_factor (int width, int height, int to_width, int to_height);

/* Where GIMP puts an edge of a layer when it scales an image by `factor`. */
int ae_upscale_edge (int edge, double factor);

/*
 * Loads the model for a factor.  `model`: NULL or "": the installed upscale-xN
 * with the smallest N that is enough; else as for ae_catalogue_load ().
 * `robust`: 0..100, how far to go from these weights, which are faithful to
 * every pixel, to those of the model of the same name with "-robust" behind it,
 * which take noise, blur and the marks of compression away.  Errors: those of
 * ae_catalogue_load () and ae_model_mix ().  Free with ae_model_unref ().
 */
AeModel *ae_upscale_load_model (const AeCatalogue *catalogue, const char *model, int factor, double robust,
                                GError **error);

/*
 * Enlarges `src` to width x height.  dst has any extent within 0, 0, width x
 * height: the part of the result that is computed, with the same bits as in the
 * whole (for previews, or the whole).
 *
 * Formats as for denoising (buffer-filter.h), of either buffer.  Values stay in
 * the primaries of the picture's space.  The network sees colors clamped to
 * 0..1; what lies beyond is enlarged bicubically and added.  Alpha is enlarged
 * bicubically by itself; pixels with alpha 0 have the colors of their visible
 * neighbors before anything is enlarged, so that no fringe appears.  `wrap`:
 * the picture continues at its opposite side beyond each border, as a texture
 * does; else it is mirrored there.
 *
 * Where the session's model enlarges more than is needed, its result is made
 * smaller with an antialiased cubic, piece by piece: with all that is kept of it
 * meanwhile the memory stays within the session's limit.
 *
 * On the caller's thread, one call at a time for each session.  progress: see
 * ae/session.h; may be NULL.  Errors: AE_ERROR_ARGUMENT (model of another task
 * or that enlarges too little, sizes), AE_ERROR_UNSUPPORTED (format),
 * AE_ERROR_CANCELLED, those of the session.  `dst` may then be partly written.
 */
gboolean ae_upscale_buffer (AeSession *session, GeglBuffer *src, gboolean wrap, int width, int height,
                            GeglBuffer *dst, AeProgressFunc progress, gpointer data, GError **error);

/* What of a picture of that extent a part of the result is made of, or a little
 * more; may lie beyond its borders: that is mirrored, or from the opposite side. */
GeglRectangle ae_upscale_source (const AeModel *model, const GeglRectangle *extent, int width, int height,
                                 const GeglRectangle *part);

/* Why there is nothing that enlarges so many times, to be shown to the user, if
 * `model` is what the user chose ("": the model that fits); NULL: there is. */
char *ae_upscale_model_problem (const AeCatalogue *catalogue, const char *model, int factor);
/* The installed model that is taken for a factor if none is named, or NULL. */
const AeCatalogueEntry *ae_upscale_default_model (const AeCatalogue *catalogue, int factor);
/* Why only 0 is possible for `robust` with that model, to be shown; NULL: any value is. */
char *ae_upscale_robust_problem (const AeCatalogue *catalogue, const char *model, int factor);
/* Whether a model is the robust end of another one, which is installed too. */
gboolean ae_upscale_is_robust_end (const AeCatalogue *catalogue, const AeCatalogueEntry *entry);

/* Enlarges several buffers, the layers of an image, each with the weights that its size needs. */
typedef struct _AeUpscaler AeUpscaler;

/* model, robust: as for ae_upscale_load_model (); wrap: as above; options may be NULL. */
AeUpscaler *ae_upscaler_new (const char *model, double robust, gboolean wrap,
                             const AeSessionOptions *options);
void ae_upscaler_free (AeUpscaler *upscaler);

/* A buffer of width x height in the format of `src`, or NULL with an error.  Where ae_upscale_check_size ()
 * finds nothing to enlarge the network does not run: NULL without an error. */
GeglBuffer *ae_upscaler_run (AeUpscaler *upscaler, GeglBuffer *src, int width, int height,
                             AeProgressFunc progress, gpointer data, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeUpscaler, ae_upscaler_free)

#endif
