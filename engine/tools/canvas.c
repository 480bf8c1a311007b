/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* canvas.c - sheets of pictures and labels, drawn with Cairo and written as PNG or SVG. */

#include "canvas.h"

#include <math.h>

#include <cairo-svg.h>
#include <cairo.h>

#include <ae/error.h>

#define SIDE_MAX 32767

struct _AeCanvas
{
  cairo_surface_t *surface;
  cairo_t *cairo;
  GByteArray *svg; /* grows while it is drawn; NULL: pixels */
};

static cairo_status_t
append (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

/* svg: takes the file; NULL for a canvas of pixels. */
static AeCanvas *
new_canvas (int width, int height, GByteArray *svg, GError **error)
{
  AeCanvas *canvas;
  cairo_surface_t *surface = NULL;

  if (width >= 1 && height >= 1 && width <= SIDE_MAX && height <= SIDE_MAX)
    surface = svg ? cairo_svg_surface_create_for_stream (append, svg, width, height)
                  : cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  if (!surface || cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_LIMIT,
                   "a sheet of %d × %d pixels cannot be drawn, expected 1 to %d in each direction", width,
                   height, SIDE_MAX);
      if (surface)
        cairo_surface_destroy (surface);
      if (svg)
        g_byte_array_unref (svg);
      return NULL;
    }
  canvas = g_new0 (AeCanvas, 1);
  canvas->surface = surface;
  canvas->svg = svg;
  canvas->cairo = cairo_create (surface);
  cairo_set_source_rgb (canvas->cairo, 1, 1, 1);
  cairo_paint (canvas->cairo);
  cairo_select_font_face (canvas->cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  return canvas;
}

AeCanvas *
ae_canvas_new (int width, int height, GError **error)
{
  return new_canvas (width, height, NULL, error);
}

AeCanvas *
ae_canvas_new_svg (int width, int height, GError **error)
{
  return new_canvas (width, height, g_byte_array_new (), error);
}

void
ae_canvas_free (AeCanvas *canvas)
{
  if (!canvas)
    return;
  cairo_destroy (canvas->cairo);
  cairo_surface_destroy (canvas->surface);
  if (canvas->svg)
    g_byte_array_unref (canvas->svg);
  g_free (canvas);
}

void
ae_canvas_picture (AeCanvas *canvas, int x, int y, const guint8 *rgb, int width, int height, int zoom)
{
  cairo_surface_t *picture = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  int stride = cairo_image_surface_get_stride (picture);
  guint8 *data = cairo_image_surface_get_data (picture);

  for (int row = 0; data && row < height; row++)
    {
      guint32 *to = (guint32 *)(void *)(data + (gsize)row * (gsize)stride);

      for (int i = 0; i < width; i++, rgb += 3)
        to[i] = (guint32)rgb[0] << 16 | (guint32)rgb[1] << 8 | rgb[2];
    }
  cairo_surface_mark_dirty (picture);
  cairo_save (canvas->cairo);
  cairo_translate (canvas->cairo, x, y);
  cairo_scale (canvas->cairo, zoom, zoom);
  cairo_set_source_surface (canvas->cairo, picture, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (canvas->cairo), CAIRO_FILTER_NEAREST);
  cairo_paint (canvas->cairo);
  cairo_restore (canvas->cairo);
  cairo_surface_destroy (picture);
}

void
ae_canvas_text (AeCanvas *canvas, int x, int y, int size, double gray, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1); /* Cairo wants no other */

  cairo_set_source_rgb (canvas->cairo, gray, gray, gray);
  cairo_set_font_size (canvas->cairo, size);
  cairo_move_to (canvas->cairo, x, y);
  cairo_show_text (canvas->cairo, valid);
}

void
ae_canvas_dot (AeCanvas *canvas, double x, double y, double radius, const guint8 *rgb)
{
  cairo_set_source_rgb (canvas->cairo, rgb[0] / 255.0, rgb[1] / 255.0, rgb[2] / 255.0);
  cairo_new_sub_path (canvas->cairo);
  cairo_arc (canvas->cairo, x, y, radius, 0, 2 * G_PI);
  cairo_fill (canvas->cairo);
}

GByteArray *
ae_canvas_png (AeCanvas *canvas)
{
  GByteArray *bytes = g_byte_array_new ();

  cairo_surface_write_to_png_stream (canvas->surface, append, bytes);
  return bytes;
}

gboolean
ae_canvas_save (AeCanvas *canvas, const char *path, GError **error)
{
  g_autoptr (GByteArray) bytes = canvas->svg ? g_byte_array_ref (canvas->svg) : ae_canvas_png (canvas);
  g_autoptr (GError) local = NULL;

  if (canvas->svg)
    cairo_surface_finish (canvas->surface); /* writes the rest */
  if (g_file_set_contents (path, (const char *)bytes->data, (gssize)bytes->len, &local))
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: cannot be written: %s", path, local->message);
  return FALSE;
}

guint8 *
ae_canvas_bytes (const float *planes, int width, int height)
{
  gsize plane = (gsize)width * (gsize)height;
  guint8 *rgb = g_malloc (3 * plane);

  for (gsize i = 0; i < plane; i++)
    for (gsize c = 0; c < 3; c++)
      rgb[3 * i + c] = (guint8)lrintf (CLAMP (planes[c * plane + i], 0, 1) * 255);
  return rgb;
}
