/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-apply.h - enlarges a layer or an image of GIMP. */

#ifndef AE_GIMP3_UPSCALE_APPLY_H
#define AE_GIMP3_UPSCALE_APPLY_H

#include <libgimp/gimp.h>
#include "core/upscale-params.h"

/*
 * Enlarges as one step of undo and shows the progress.  Masks, channels, paths,
 * guides, selection and places of layers go along as in gimp_image_scale ();
 * profile, resolution and metadata stay.  *image: becomes the new image if the
 * target is one.  Nothing has changed if it fails.
 */
gboolean ae_upscale_apply (GimpImage **image, GimpLayer *layer, const AeUpscaleParams *params,
                           GError **error);

#endif
