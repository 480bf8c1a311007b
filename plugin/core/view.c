/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* view.c - which part of a picture a preview shows, how large, and where it is split. */

#include "view.h"
#include <math.h>

/* One coordinate: inside the picture, or the picture in the middle. */
static double
keep_inside (double first, double page, int begin, int size)
{
  if (page >= size)
    return begin - (page - size) / 2;
  return CLAMP (first, begin, begin + size - page);
}

static void
settle (AeView *view)
{
  view->left = keep_inside (view->left, ae_view_page_width (view), view->bounds.x, view->bounds.width);
  view->top = keep_inside (view->top, ae_view_page_height (view), view->bounds.y, view->bounds.height);
}

void
ae_view_init (AeView *view, const GeglRectangle *bounds)
{
  *view = (AeView){ .bounds = *bounds, .width = 1, .height = 1, .split = 0.5 };
  ae_view_look_at (view, bounds->x + bounds->width / 2.0, bounds->y + bounds->height / 2.0);
}

double
ae_view_scale (const AeView *view)
{
  return ldexp (1.0, view->zoom);
}

double
ae_view_page_width (const AeView *view)
{
  return view->width / ae_view_scale (view);
}

double
ae_view_page_height (const AeView *view)
{
  return view->height / ae_view_scale (view);
}

void
ae_view_look_at (AeView *view, double x, double y)
{
  view->left = x - ae_view_page_width (view) / 2;
  view->top = y - ae_view_page_height (view) / 2;
  settle (view);
}

void
ae_view_set_bounds (AeView *view, const GeglRectangle *bounds)
{
  const GeglRectangle old = view->bounds;
  double x = (view->left + ae_view_page_width (view) / 2 - old.x) / MAX (old.width, 1);
  double y = (view->top + ae_view_page_height (view) / 2 - old.y) / MAX (old.height, 1);

  view->bounds = *bounds;
  ae_view_look_at (view, bounds->x + x * bounds->width, bounds->y + y * bounds->height);
}

void
ae_view_resize (AeView *view, int width, int height)
{
  double x = view->left + ae_view_page_width (view) / 2;
  double y = view->top + ae_view_page_height (view) / 2;

  view->width = MAX (width, 1);
  view->height = MAX (height, 1);
  ae_view_look_at (view, x, y);
}

void
ae_view_scroll (AeView *view, double x, double y)
{
  view->left += x / ae_view_scale (view);
  view->top += y / ae_view_scale (view);
  settle (view);
}

gboolean
ae_view_zoom (AeView *view, int steps, double x, double y)
{
  int zoom = CLAMP (view->zoom + steps, AE_VIEW_ZOOM_MIN, AE_VIEW_ZOOM_MAX);
  double at_x = view->left + x / ae_view_scale (view);
  double at_y = view->top + y / ae_view_scale (view);

  if (zoom == view->zoom)
    return FALSE;
  view->zoom = zoom;
  view->left = at_x - x / ae_view_scale (view);
  view->top = at_y - y / ae_view_scale (view);
  settle (view);
  return TRUE;
}

void
ae_view_origin (const AeView *view, double *x, double *y)
{
  *x = floor (0.5 - view->left * ae_view_scale (view));
  *y = floor (0.5 - view->top * ae_view_scale (view));
}

GeglRectangle
ae_view_area (const AeView *view)
{
  double scale = ae_view_scale (view);
  double x, y;
  int left, top;
  GeglRectangle area;

  ae_view_origin (view, &x, &y);
  left = (int)floor (-x / scale);
  top = (int)floor (-y / scale);
  gegl_rectangle_set (&area, left, top, (guint)((int)ceil ((view->width - x) / scale) - left),
                      (guint)((int)ceil ((view->height - y) / scale) - top));
  gegl_rectangle_intersect (&area, &area, &view->bounds);
  return area;
}

double
ae_view_split_x (const AeView *view)
{
  return floor (view->split * view->width + 0.5);
}

gboolean
ae_view_on_split (const AeView *view, double x)
{
  return fabs (x - ae_view_split_x (view)) <= AE_VIEW_SPLIT_REACH;
}

void
ae_view_set_split_x (AeView *view, double x)
{
  view->split = CLAMP (x / view->width, 0.0, 1.0);
}
