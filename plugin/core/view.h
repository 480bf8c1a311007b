/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* view.h - which part of a picture a preview shows, how large, and where it is split. */

#ifndef AE_VIEW_H
#define AE_VIEW_H

#include <gegl.h>
#include <glib.h>

/* One pixel of the screen is four of the picture at the lowest zoom, an eighth at the highest. */
#define AE_VIEW_ZOOM_MIN (-2)
#define AE_VIEW_ZOOM_MAX 3

/* So far beside the line, in pixels of the screen, it can still be taken. */
#define AE_VIEW_SPLIT_REACH 6

/* A plain value; functions keep it consistent: what is shown lies inside the
 * picture, or the picture in the middle where it is smaller than the window. */
typedef struct
{
  GeglRectangle bounds; /* the picture */
  int width, height;    /* of the window, in pixels of the screen, at least 1 */
  int zoom;             /* power of two */
  double left, top;     /* the window's corner, in the picture's coordinates */
  double split;         /* place of the line, 0 (left edge of the window) to 1 */
} AeView;

/* The middle of the picture at its real size, split in the middle. */
void ae_view_init (AeView *view, const GeglRectangle *bounds);

/* The picture has another size; what was in the middle of the window stays there. */
void ae_view_set_bounds (AeView *view, const GeglRectangle *bounds);
/* The window has another size; the picture's point in its middle stays. */
void ae_view_resize (AeView *view, int width, int height);
void ae_view_look_at (AeView *view, double x, double y);
/* In pixels of the screen. */
void ae_view_scroll (AeView *view, double x, double y);
/* Changes the zoom by steps; the picture's point at (x, y) of the window stays
 * there where the borders allow.  FALSE: it was at its end already. */
gboolean ae_view_zoom (AeView *view, int steps, double x, double y);

/* Pixels of the screen per pixel of the picture. */
double ae_view_scale (const AeView *view);
/* Size of the window in pixels of the picture. */
double ae_view_page_width (const AeView *view);
double ae_view_page_height (const AeView *view);
/* Where the picture's point (0, 0) is in the window: whole numbers, so that at
 * real size no pixel is blurred. */
void ae_view_origin (const AeView *view, double *x, double *y);
/* The pixels of the picture that can be seen, also partly. */
GeglRectangle ae_view_area (const AeView *view);

/* The line, in the window, and whether a point takes hold of it. */
double ae_view_split_x (const AeView *view);
gboolean ae_view_on_split (const AeView *view, double x);
void ae_view_set_split_x (AeView *view, double x);

#endif
