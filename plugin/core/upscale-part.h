/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-part.h - a part of an enlarged picture, for previews: by the network, and as GIMP enlarges. */

#ifndef AE_UPSCALE_PART_H
#define AE_UPSCALE_PART_H

#include <ae/session.h>
#include <gegl.h>
#include <glib.h>

/* What a part of the result is made of: independent of the picture, so that it can be computed in another
 * thread while the picture is painted on. */
typedef struct
{
  AeModel *model;
  GeglBuffer *source; /* has the extent of the picture, but of its pixels only those that are needed */
  gboolean wrap;
  int width, height;  /* of the whole result */
  GeglRectangle area; /* the part, inside it */
} AeUpscalePart;

/* Copies what is needed of `picture`.  Free with ae_upscale_part_free (). */
AeUpscalePart *ae_upscale_part_new (AeModel *model, GeglBuffer *picture, gboolean wrap, int width, int height,
                                    const GeglRectangle *area);
void ae_upscale_part_free (AeUpscalePart *part);

/* The part, with the same bits as in the whole; its extent is the area, its
 * format the picture's.  Errors of ae_upscale_buffer (). */
GeglBuffer *ae_upscale_part_run (const AeUpscalePart *part, AeSession *session, AeProgressFunc progress,
                                 gpointer data, GError **error);

/* The same area as GIMP's own scaling makes it, with cubic interpolation.  Its
 * extent is the area, its format the picture's.  On the main thread. */
GeglBuffer *ae_upscale_cubic (GeglBuffer *picture, int width, int height, const GeglRectangle *area);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeUpscalePart, ae_upscale_part_free)

#endif
