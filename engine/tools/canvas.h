/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* canvas.h - sheets of pictures and labels, drawn with Cairo and written as PNG or SVG. */

#ifndef AE_CANVAS_H
#define AE_CANVAS_H

#include <glib.h>

typedef struct _AeCanvas AeCanvas;

/* White; AE_ERROR_LIMIT where it would have more than 32767 pixels in a direction. */
AeCanvas *ae_canvas_new (int width, int height, GError **error);
/* The same, but what is drawn stays what it is: SVG of width x height points. */
AeCanvas *ae_canvas_new_svg (int width, int height, GError **error);
void ae_canvas_free (AeCanvas *canvas);

/* 8-bit R'G'B' [height][width][3], each pixel as a square of `zoom` pixels; what lies outside is cut off. */
void ae_canvas_picture (AeCanvas *canvas, int x, int y, const guint8 *rgb, int width, int height, int zoom);

/* Sans serif, its base line at y; `gray` 0 is black. */
void ae_canvas_text (AeCanvas *canvas, int x, int y, int size, double gray, const char *text);

/* A disk; rgb: 8-bit R'G'B'. */
void ae_canvas_dot (AeCanvas *canvas, double x, double y, double radius, const guint8 *rgb);

/* Writes PNG, or SVG; nothing can be drawn any more then. */
gboolean ae_canvas_save (AeCanvas *canvas, const char *path, GError **error);
/* A whole PNG file in memory, of a canvas of pixels. */
GByteArray *ae_canvas_png (AeCanvas *canvas);

/* R'G'B' 0..1, [3][height][width] -> [height][width][3], clamped and rounded; g_free (). */
guint8 *ae_canvas_bytes (const float *planes, int width, int height);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeCanvas, ae_canvas_free)

#endif
