/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* argb.h - pixels as a screen wants them. */

#ifndef AE_ARGB_H
#define AE_ARGB_H

#include <gegl.h>
#include <glib.h>

/* Cairo's CAIRO_FORMAT_ARGB32: 8 bits each, colors multiplied by alpha.
 * rgba: [n][4], not multiplied. */
void ae_argb_pack (const guint8 *rgba, guint32 *argb, gsize n);

/* A rectangle of a buffer, converted by encoding only as the result is, so
 * that nothing but the noise differs.  argb: [height][width].  FALSE: not a
 * format of RGB or gray. */
gboolean ae_argb_read (GeglBuffer *buffer, const GeglRectangle *rect, guint32 *argb);

#endif
