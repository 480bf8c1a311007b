/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* split-view.h - shows two versions of a picture on both sides of a line that can be dragged; scrolls and
 * zooms. */

#ifndef AE_SPLIT_VIEW_H
#define AE_SPLIT_VIEW_H

#include <gegl.h>
#include <gtk/gtk.h>

typedef struct _AeSplitView AeSplitView;

typedef struct
{
  /* Another part can be seen: ae_split_view_area (). */
  void (*moved) (gpointer data);
  /* Something is about to be drawn: the last moment to set the versions, so
   * that many changes in a row cost one conversion. */
  void (*prepare) (gpointer data);
  gpointer data;
} AeSplitViewFuncs;

/* Shows the middle of `bounds` at its real size.  Lives as long as its widget. */
AeSplitView *ae_split_view_new (const GeglRectangle *bounds, const AeSplitViewFuncs *funcs);
GtkWidget *ae_split_view_widget (AeSplitView *view);

/* The picture has another size: what was in the middle stays there; the versions are forgotten. */
void ae_split_view_set_bounds (AeSplitView *view, const GeglRectangle *bounds);

/* What can be seen, in the picture's coordinates. */
GeglRectangle ae_split_view_area (const AeSplitView *view);

/* The versions: a surface that covers `rect` of the picture, with any number
 * of pixels; the view takes over the reference.  NULL: none.  `mask` (A8, may
 * be NULL) says where the second one is seen, over the first. */
void ae_split_view_set_before (AeSplitView *view, const GeglRectangle *rect, cairo_surface_t *surface);
void ae_split_view_set_after (AeSplitView *view, const GeglRectangle *rect, cairo_surface_t *surface,
                              cairo_surface_t *mask);

/* FALSE: the second version everywhere. */
void ae_split_view_set_split (AeSplitView *view, gboolean split);
/* To bring a point of the picture to the middle. */
void ae_split_view_look_at (AeSplitView *view, double x, double y);
void ae_split_view_zoom (AeSplitView *view, int steps);
/* In percent. */
double ae_split_view_scale (const AeSplitView *view);

void ae_split_view_redraw (AeSplitView *view);

#endif
