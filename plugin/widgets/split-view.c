/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* split-view.c - shows two versions of a picture on both sides of a line that can be dragged. */

#include "split-view.h"
#include <gdk/gdkkeysyms.h>
#include <math.h>
#include "accessible.h"
#include "core/controls.h"
#include "core/view.h"
#include "intl.h"
#include "toolkit.h"

/* Pixels of the screen for one press of a key or turn of the wheel. */
#define STEP 32.0
/* Squares under transparent pixels, as GIMP has them. */
#define CHECK 8
/* Noise is judged over more than the 200 pixels of GIMP's own previews. */
#define WIDTH 440
#define HEIGHT 320

typedef struct
{
  GeglRectangle rect;
  cairo_surface_t *surface; /* NULL: none */
} Version;

typedef enum
{
  DRAG_NOTHING,
  DRAG_SPLIT,
  DRAG_PICTURE
} Drag;

struct _AeSplitView
{
  AeSplitViewFuncs funcs;
  AeView view;
  Version before, after;
  cairo_surface_t *mask; /* of `after`; NULL: all of it is seen */
  gboolean split;
  cairo_pattern_t *checks;

  GtkWidget *widget, *area;
  GtkAdjustment *across, *down;
  gboolean setting; /* the adjustments change by program */
  Drag drag;
  double last_x, last_y; /* of the pointer while it drags */
};

static cairo_pattern_t *
checks_new (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 2 * CHECK, 2 * CHECK);
  cairo_t *cairo = cairo_create (surface);
  cairo_pattern_t *pattern;

  cairo_set_source_rgb (cairo, 0.6, 0.6, 0.6);
  cairo_paint (cairo);
  cairo_set_source_rgb (cairo, 0.4, 0.4, 0.4);
  cairo_rectangle (cairo, 0, 0, CHECK, CHECK);
  cairo_rectangle (cairo, CHECK, CHECK, CHECK, CHECK);
  cairo_fill (cairo);
  cairo_destroy (cairo);
  pattern = cairo_pattern_create_for_surface (surface);
  cairo_pattern_set_extend (pattern, CAIRO_EXTEND_REPEAT);
  cairo_surface_destroy (surface);
  return pattern;
}

static cairo_pattern_t *
pattern_new (const AeSplitView *view, cairo_surface_t *surface, const GeglRectangle *rect)
{
  cairo_pattern_t *pattern = cairo_pattern_create_for_surface (surface);
  cairo_matrix_t matrix;

  cairo_matrix_init_scale (&matrix, (double)cairo_image_surface_get_width (surface) / rect->width,
                           (double)cairo_image_surface_get_height (surface) / rect->height);
  cairo_matrix_translate (&matrix, -rect->x, -rect->y);
  cairo_pattern_set_matrix (pattern, &matrix);
  cairo_pattern_set_filter (pattern, view->view.zoom < 0 ? CAIRO_FILTER_GOOD : CAIRO_FILTER_NEAREST);
  return pattern;
}

/* In the picture's coordinates.  It replaces what is there, also where it is transparent. */
static void
paint_version (const AeSplitView *view, cairo_t *cairo, const Version *version, cairo_surface_t *mask)
{
  cairo_pattern_t *pattern;

  if (version->surface == NULL)
    return;
  pattern = pattern_new (view, version->surface, &version->rect);
  cairo_save (cairo);
  cairo_rectangle (cairo, version->rect.x, version->rect.y, version->rect.width, version->rect.height);
  cairo_clip (cairo);
  cairo_set_operator (cairo, CAIRO_OPERATOR_SOURCE);
  cairo_set_source (cairo, pattern);
  if (mask != NULL)
    {
      cairo_pattern_t *where = pattern_new (view, mask, &version->rect);

      cairo_mask (cairo, where);
      cairo_pattern_destroy (where);
    }
  else
    cairo_paint (cairo);
  cairo_restore (cairo);
  cairo_pattern_destroy (pattern);
}

static void
paint_picture (AeSplitView *view, cairo_t *cairo, double split_x)
{
  const GeglRectangle *bounds = &view->view.bounds;
  double scale = ae_view_scale (&view->view);
  double x, y;

  ae_view_origin (&view->view, &x, &y);
  cairo_save (cairo);
  cairo_rectangle (cairo, x + bounds->x * scale, y + bounds->y * scale, bounds->width * scale,
                   bounds->height * scale);
  cairo_clip (cairo);
  cairo_set_source (cairo, view->checks);
  cairo_paint (cairo);
  cairo_push_group (cairo);
  cairo_save (cairo);
  cairo_translate (cairo, x, y);
  cairo_scale (cairo, scale, scale);
  paint_version (view, cairo, &view->before, NULL);
  cairo_restore (cairo);
  cairo_rectangle (cairo, split_x, 0, view->view.width, view->view.height);
  cairo_clip (cairo);
  cairo_translate (cairo, x, y);
  cairo_scale (cairo, scale, scale);
  paint_version (view, cairo, &view->after, view->mask);
  cairo_pop_group_to_source (cairo);
  cairo_paint (cairo);
  cairo_restore (cairo);
}

/* A word at one side of the line, on a ground that makes it readable on any picture. */
static void
paint_word (AeSplitView *view, cairo_t *cairo, const char *word, double split_x, gboolean left)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (view->area, word);
  int width, height;
  double x;

  pango_layout_get_pixel_size (layout, &width, &height);
  x = left ? split_x - width - 10 : split_x + 10;
  cairo_save (cairo);
  cairo_set_source_rgba (cairo, 0, 0, 0, 0.5);
  cairo_rectangle (cairo, x - 4, 4, width + 8, height + 4);
  cairo_fill (cairo);
  cairo_set_source_rgb (cairo, 1, 1, 1);
  cairo_move_to (cairo, x, 6);
  pango_cairo_show_layout (cairo, layout);
  cairo_restore (cairo);
  g_object_unref (layout);
}

/* White within black: seen on any picture. */
static void
paint_line (cairo_t *cairo, double x, double height)
{
  for (int i = 0; i < 2; i++)
    {
      double gray = i;
      double half = i == 0 ? 1.5 : 0.5;

      cairo_set_source_rgb (cairo, gray, gray, gray);
      cairo_rectangle (cairo, x - half, 0, 2 * half, height);
      cairo_fill (cairo);
      cairo_arc (cairo, x, height / 2, 5 + half, 0, 2 * G_PI);
      cairo_fill (cairo);
    }
}

static void
draw (cairo_t *cairo, int width, int height, gpointer data)
{
  AeSplitView *view = data;
  gboolean split;
  double split_x;

  view->funcs.prepare (view->funcs.data);
  split = view->split && view->after.surface != NULL;
  split_x = split ? ae_view_split_x (&view->view) : 0.0;
  paint_picture (view, cairo, split_x);
  if (split)
    {
      paint_line (cairo, split_x, height);
      paint_word (view, cairo, _ ("Before"), split_x, TRUE);
      paint_word (view, cairo, _ ("After"), split_x, FALSE);
    }
  if (gtk_widget_has_focus (view->area))
    {
      cairo_set_source_rgba (cairo, 1, 1, 1, 0.8);
      cairo_set_line_width (cairo, 1);
      cairo_rectangle (cairo, 0.5, 0.5, width - 1, height - 1);
      cairo_stroke (cairo);
    }
}

static void
show_place (AeSplitView *view)
{
  const AeView *v = &view->view;
  double wide = MIN (ae_view_page_width (v), v->bounds.width);
  double high = MIN (ae_view_page_height (v), v->bounds.height);

  view->setting = TRUE;
  gtk_adjustment_configure (view->across, MAX (v->left, v->bounds.x), v->bounds.x,
                            v->bounds.x + v->bounds.width, STEP / ae_view_scale (v), wide * 0.9, wide);
  gtk_adjustment_configure (view->down, MAX (v->top, v->bounds.y), v->bounds.y,
                            v->bounds.y + v->bounds.height, STEP / ae_view_scale (v), high * 0.9, high);
  view->setting = FALSE;
}

static void
moved (AeSplitView *view)
{
  show_place (view);
  view->funcs.moved (view->funcs.data);
  ae_split_view_redraw (view);
}

static void
scroll (AeSplitView *view, double x, double y)
{
  ae_view_scroll (&view->view, x, y);
  moved (view);
}

static void
zoom_at (AeSplitView *view, int steps, double x, double y)
{
  if (ae_view_zoom (&view->view, steps, x, y))
    moved (view);
}

static void
move_split (AeSplitView *view, double x)
{
  ae_view_set_split_x (&view->view, x);
  ae_split_view_redraw (view);
}

static void
adjustment_changed (GtkAdjustment *adjustment, AeSplitView *view)
{
  double scale = ae_view_scale (&view->view);

  if (!view->setting)
    scroll (view,
            (gtk_adjustment_get_value (view->across) - MAX (view->view.left, view->view.bounds.x)) * scale,
            (gtk_adjustment_get_value (view->down) - MAX (view->view.top, view->view.bounds.y)) * scale);
}

static void
allocated (GtkWidget *widget, GtkAllocation *allocation, AeSplitView *view)
{
  if (allocation->width == view->view.width && allocation->height == view->view.height)
    return;
  ae_view_resize (&view->view, allocation->width, allocation->height);
  moved (view);
}

static gboolean
takes_split (const AeSplitView *view, double x)
{
  return view->split && view->after.surface != NULL && ae_view_on_split (&view->view, x);
}

static gboolean
button_pressed (GtkWidget *widget, GdkEventButton *event, AeSplitView *view)
{
  gtk_widget_grab_focus (widget);
  if (event->button != 1 && event->button != 2)
    return FALSE;
  view->drag = event->button == 1 && takes_split (view, event->x) ? DRAG_SPLIT : DRAG_PICTURE;
  view->last_x = event->x;
  view->last_y = event->y;
  if (view->drag == DRAG_PICTURE)
    ae_pointer_set (widget, GDK_FLEUR);
  return TRUE;
}

static void
show_pointer (AeSplitView *view, double x)
{
  ae_pointer_set (view->area, takes_split (view, x) ? GDK_SB_H_DOUBLE_ARROW : GDK_HAND1);
}

static gboolean
button_released (GtkWidget *widget, GdkEventButton *event, AeSplitView *view)
{
  view->drag = DRAG_NOTHING;
  show_pointer (view, event->x);
  return TRUE;
}

static gboolean
pointer_moved (GtkWidget *widget, GdkEventMotion *event, AeSplitView *view)
{
  switch (view->drag)
    {
    case DRAG_NOTHING:
      show_pointer (view, event->x);
      break;
    case DRAG_SPLIT:
      move_split (view, event->x);
      break;
    case DRAG_PICTURE:
      scroll (view, view->last_x - event->x, view->last_y - event->y);
      view->last_x = event->x;
      view->last_y = event->y;
      break;
    }
  return TRUE;
}

/* As in GIMP's windows: with Ctrl it zooms, with Shift it scrolls sideways. */
static gboolean
wheel_turned (GtkWidget *widget, GdkEventScroll *event, AeSplitView *view)
{
  int up = event->direction == GDK_SCROLL_UP ? 1 : event->direction == GDK_SCROLL_DOWN ? -1 : 0;
  int left = event->direction == GDK_SCROLL_LEFT ? 1 : event->direction == GDK_SCROLL_RIGHT ? -1 : 0;

  if (event->state & GDK_CONTROL_MASK)
    zoom_at (view, up, event->x, event->y);
  else if (event->state & GDK_SHIFT_MASK)
    scroll (view, -STEP * up, 0);
  else
    scroll (view, -STEP * left, -STEP * up);
  return TRUE;
}

static gboolean
arrow_pressed (AeSplitView *view, double x, double y, gboolean control)
{
  if (!control)
    scroll (view, STEP * x, STEP * y);
  else if (x != 0)
    move_split (view, ae_view_split_x (&view->view) + STEP / 4 * x);
  return TRUE;
}

static gboolean
key_pressed (GtkWidget *widget, GdkEventKey *event, AeSplitView *view)
{
  gboolean control = (event->state & GDK_CONTROL_MASK) != 0;

  if (event->state & GDK_MOD1_MASK)
    return FALSE;
  switch (event->keyval)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      return arrow_pressed (view, -1, 0, control);
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      return arrow_pressed (view, 1, 0, control);
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      return arrow_pressed (view, 0, -1, control);
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      return arrow_pressed (view, 0, 1, control);
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      ae_split_view_zoom (view, 1);
      return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      ae_split_view_zoom (view, -1);
      return TRUE;
    case GDK_KEY_1:
      ae_split_view_zoom (view, -view->view.zoom);
      return TRUE;
    default:
      return FALSE;
    }
}

static void
clear (Version *version)
{
  g_clear_pointer (&version->surface, cairo_surface_destroy);
}

static void
destroyed (GtkWidget *widget, AeSplitView *view)
{
  clear (&view->before);
  clear (&view->after);
  g_clear_pointer (&view->mask, cairo_surface_destroy);
  cairo_pattern_destroy (view->checks);
  g_object_unref (view->across);
  g_object_unref (view->down);
  g_free (view);
}

static GtkAdjustment *
adjustment_new (AeSplitView *view)
{
  GtkAdjustment *adjustment = g_object_ref_sink (GTK_ADJUSTMENT (gtk_adjustment_new (0, 0, 1, 1, 1, 1)));

  g_signal_connect (adjustment, "value-changed", G_CALLBACK (adjustment_changed), view);
  return adjustment;
}

AeSplitView *
ae_split_view_new (const GeglRectangle *bounds, const AeSplitViewFuncs *funcs)
{
  AeSplitView *view = g_new0 (AeSplitView, 1);
  GtkWidget *row = ae_row_new (0);

  view->funcs = *funcs;
  view->split = TRUE;
  view->checks = checks_new ();
  ae_view_init (&view->view, bounds);
  view->across = adjustment_new (view);
  view->down = adjustment_new (view);

  view->area = gtk_drawing_area_new ();
  gtk_widget_set_size_request (view->area, WIDTH, HEIGHT);
  gtk_widget_set_can_focus (view->area, TRUE);
  ae_accessible_name (view->area, ae_control_label (AE_CONTROL_PREVIEW));
  gtk_widget_add_events (view->area, GDK_BUTTON_PRESS_MASK | GDK_BUTTON_RELEASE_MASK | GDK_POINTER_MOTION_MASK
                                       | GDK_SCROLL_MASK | GDK_KEY_PRESS_MASK | GDK_FOCUS_CHANGE_MASK);
  ae_draw_connect (view->area, draw, view);
  g_signal_connect (view->area, "size-allocate", G_CALLBACK (allocated), view);
  g_signal_connect (view->area, "button-press-event", G_CALLBACK (button_pressed), view);
  g_signal_connect (view->area, "button-release-event", G_CALLBACK (button_released), view);
  g_signal_connect (view->area, "motion-notify-event", G_CALLBACK (pointer_moved), view);
  g_signal_connect (view->area, "scroll-event", G_CALLBACK (wheel_turned), view);
  g_signal_connect (view->area, "key-press-event", G_CALLBACK (key_pressed), view);

  view->widget = ae_column_new (0);
  gtk_box_pack_start (GTK_BOX (row), view->area, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (row), ae_scrollbar_new (GTK_ORIENTATION_VERTICAL, view->down), FALSE, FALSE,
                      0);
  gtk_box_pack_start (GTK_BOX (view->widget), row, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (view->widget), ae_scrollbar_new (GTK_ORIENTATION_HORIZONTAL, view->across),
                      FALSE, FALSE, 0);
  g_signal_connect (view->widget, "destroy", G_CALLBACK (destroyed), view);
  return view;
}

GtkWidget *
ae_split_view_widget (AeSplitView *view)
{
  return view->widget;
}

void
ae_split_view_set_bounds (AeSplitView *view, const GeglRectangle *bounds)
{
  clear (&view->before);
  clear (&view->after);
  g_clear_pointer (&view->mask, cairo_surface_destroy);
  ae_view_set_bounds (&view->view, bounds);
  moved (view);
}

GeglRectangle
ae_split_view_area (const AeSplitView *view)
{
  return ae_view_area (&view->view);
}

void
ae_split_view_set_before (AeSplitView *view, const GeglRectangle *rect, cairo_surface_t *surface)
{
  clear (&view->before);
  if (surface != NULL)
    view->before = (Version){ *rect, surface };
}

void
ae_split_view_set_after (AeSplitView *view, const GeglRectangle *rect, cairo_surface_t *surface,
                         cairo_surface_t *mask)
{
  clear (&view->after);
  g_clear_pointer (&view->mask, cairo_surface_destroy);
  if (surface != NULL)
    view->after = (Version){ *rect, surface };
  view->mask = mask;
}

void
ae_split_view_set_split (AeSplitView *view, gboolean split)
{
  view->split = split;
  ae_split_view_redraw (view);
}

void
ae_split_view_look_at (AeSplitView *view, double x, double y)
{
  ae_view_look_at (&view->view, x, y);
  moved (view);
}

void
ae_split_view_zoom (AeSplitView *view, int steps)
{
  zoom_at (view, steps, view->view.width / 2.0, view->view.height / 2.0);
}

double
ae_split_view_scale (const AeSplitView *view)
{
  return 100.0 * ae_view_scale (&view->view);
}

void
ae_split_view_redraw (AeSplitView *view)
{
  gtk_widget_queue_draw (view->area);
}
