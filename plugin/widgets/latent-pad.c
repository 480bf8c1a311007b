/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* latent-pad.c - a square in which a point is moved: two numbers at once. */

#include "latent-pad.h"
#include <gdk/gdkkeysyms.h>
#include "core/generate-controls.h"
#include "toolkit.h"

#define SIDE 168
#define RADIUS 5
#define STEP 0.1
#define FAR_STEP 0.5

struct _AeLatentPad
{
  GtkWidget *area;
  AeLatentPadMoved moved;
  gpointer data;
  double x, y;
  gboolean dragging;
};

/* Between numbers and pixels along an axis of `size` pixels, which keeps the point off the border. */
static double
place_of (double value, int size)
{
  return (CLAMP (value, -AE_LATENT_RANGE, AE_LATENT_RANGE) / AE_LATENT_RANGE + 1) / 2 * (size - 2 * RADIUS)
         + RADIUS;
}

static double
value_of (double place, int size)
{
  const double value = ((place - RADIUS) / (size - 2 * RADIUS) * 2 - 1) * AE_LATENT_RANGE;

  return CLAMP (value, -AE_LATENT_RANGE, AE_LATENT_RANGE);
}

/* The square in the middle of what the widget was given. */
static int
square_in (int width, int height, int *left, int *top)
{
  const int side = MIN (width, height);

  *left = (width - side) / 2;
  *top = (height - side) / 2;
  return side;
}

static void
draw (cairo_t *cairo, int width, int height, gpointer data)
{
  const AeLatentPad *pad = data;
  int left, top;
  const int side = square_in (width, height, &left, &top);
  const double x = place_of (pad->x, side), y = side - place_of (pad->y, side);

  cairo_translate (cairo, left, top);
  cairo_rectangle (cairo, 0, 0, side, side);
  cairo_clip (cairo);
  cairo_set_source_rgb (cairo, 0.16, 0.16, 0.16);
  cairo_paint (cairo);
  cairo_set_line_width (cairo, 1);
  cairo_set_source_rgb (cairo, 0.4, 0.4, 0.4);
  /* where 39, 86 and 99 % of random samples lie */
  for (int deviations = 1; deviations <= 3; deviations++)
    {
      cairo_arc (cairo, side / 2.0, side / 2.0, place_of (deviations, side) - side / 2.0, 0, 2 * G_PI);
      cairo_stroke (cairo);
    }
  cairo_move_to (cairo, x, 0);
  cairo_line_to (cairo, x, side);
  cairo_move_to (cairo, 0, y);
  cairo_line_to (cairo, side, y);
  cairo_stroke (cairo);
  cairo_arc (cairo, x, y, RADIUS, 0, 2 * G_PI);
  cairo_set_source_rgb (cairo, 1, 1, 1);
  cairo_fill (cairo);
  if (!gtk_widget_has_focus (pad->area))
    return;
  cairo_set_source_rgb (cairo, 0.35, 0.6, 0.95);
  cairo_set_line_width (cairo, 2);
  cairo_rectangle (cairo, 1, 1, side - 2, side - 2);
  cairo_stroke (cairo);
}

static void
move (AeLatentPad *pad, double x, double y)
{
  ae_latent_pad_set (pad, CLAMP (x, -AE_LATENT_RANGE, AE_LATENT_RANGE),
                     CLAMP (y, -AE_LATENT_RANGE, AE_LATENT_RANGE));
  pad->moved (pad->x, pad->y, pad->data);
}

static void
move_to_pointer (AeLatentPad *pad, double x, double y)
{
  GtkAllocation size;
  int left, top, side;

  gtk_widget_get_allocation (pad->area, &size);
  side = square_in (size.width, size.height, &left, &top);
  move (pad, value_of (x - left, side), -value_of (y - top, side));
}

static gboolean
button_pressed (GtkWidget *widget, GdkEventButton *event, AeLatentPad *pad)
{
  if (event->button != 1)
    return FALSE;
  gtk_widget_grab_focus (widget);
  pad->dragging = TRUE;
  move_to_pointer (pad, event->x, event->y);
  return TRUE;
}

static gboolean
button_released (GtkWidget *widget, GdkEventButton *event, AeLatentPad *pad)
{
  if (event->button == 1)
    pad->dragging = FALSE;
  return event->button == 1;
}

static gboolean
pointer_moved (GtkWidget *widget, GdkEventMotion *event, AeLatentPad *pad)
{
  if (pad->dragging)
    move_to_pointer (pad, event->x, event->y);
  return pad->dragging;
}

static gboolean
key_pressed (GtkWidget *widget, GdkEventKey *event, AeLatentPad *pad)
{
  const double step = event->state & GDK_SHIFT_MASK ? FAR_STEP : STEP;

  if (event->state & (GDK_MOD1_MASK | GDK_CONTROL_MASK))
    return FALSE;
  switch (event->keyval)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      move (pad, pad->x - step, pad->y);
      return TRUE;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      move (pad, pad->x + step, pad->y);
      return TRUE;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      move (pad, pad->x, pad->y + step);
      return TRUE;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      move (pad, pad->x, pad->y - step);
      return TRUE;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      move (pad, 0, 0);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
focus_changed (GtkWidget *widget, GdkEventFocus *event, gpointer data)
{
  gtk_widget_queue_draw (widget);
  return FALSE;
}

static void
finalized (gpointer data, GObject *widget)
{
  g_free (data);
}

AeLatentPad *
ae_latent_pad_new (AeLatentPadMoved moved, gpointer data)
{
  AeLatentPad *pad = g_new0 (AeLatentPad, 1);

  pad->moved = moved;
  pad->data = data;
  pad->area = gtk_drawing_area_new ();
  gtk_widget_set_size_request (pad->area, SIDE, SIDE);
  gtk_widget_set_can_focus (pad->area, TRUE);
  gtk_widget_set_tooltip_text (pad->area, ae_generate_control_tooltip (AE_GENERATE_CONTROL_PAD));
  gtk_widget_add_events (pad->area, GDK_BUTTON_PRESS_MASK | GDK_BUTTON_RELEASE_MASK | GDK_BUTTON1_MOTION_MASK
                                      | GDK_KEY_PRESS_MASK | GDK_FOCUS_CHANGE_MASK);
  ae_draw_connect (pad->area, draw, pad);
  g_signal_connect (pad->area, "button-press-event", G_CALLBACK (button_pressed), pad);
  g_signal_connect (pad->area, "button-release-event", G_CALLBACK (button_released), pad);
  g_signal_connect (pad->area, "motion-notify-event", G_CALLBACK (pointer_moved), pad);
  g_signal_connect (pad->area, "key-press-event", G_CALLBACK (key_pressed), pad);
  g_signal_connect_after (pad->area, "focus-in-event", G_CALLBACK (focus_changed), NULL);
  g_signal_connect_after (pad->area, "focus-out-event", G_CALLBACK (focus_changed), NULL);
  g_object_weak_ref (G_OBJECT (pad->area), finalized, pad);
  return pad;
}

GtkWidget *
ae_latent_pad_widget (AeLatentPad *pad)
{
  return pad->area;
}

void
ae_latent_pad_set (AeLatentPad *pad, double x, double y)
{
  pad->x = x;
  pad->y = y;
  gtk_widget_queue_draw (pad->area);
}
