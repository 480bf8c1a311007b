/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* filter-upscale.c - ae-filter upscale. */

#include "ae-filter.h"

#include <math.h>
#include <string.h>

#include <gegl.h>

#include <ae/error.h>
#include <ae/session.h>

#include "filter-batch.h"

#include "core/buffer-filter.h"
#include "core/upscale.h"
#include "src/intl.h"

typedef struct
{
  AeFilterOptions common;
  char *scale_text, *size_text, *robust_text; /* as typed */
  gboolean wrap;
  int scale;         /* 0: by the size */
  int width, height; /* 0: as the other one says */
  double robust;
  AeModel *models[AE_UPSCALE_TIMES_MAX + 1]; /* by factor, as they are needed */
} Upscale;

/* A number from 1 on at the beginning of a text; 0: there is none. */
static int
leading_number (const char *text, const char **end)
{
  const guint64 value = g_ascii_isdigit (*text) ? g_ascii_strtoull (text, (char **)end, 10) : 0;

  if (!g_ascii_isdigit (*text))
    *end = text;
  return value > AE_UPSCALE_SIZE_MAX ? -1 : (int)value;
}

/* 1920x1080, 1920x or x1080 */
static gboolean
parse_size (Upscale *u, GError **error)
{
  const char *text = u->size_text, *end;

  if (!text)
    return TRUE;
  u->width = leading_number (text, &end);
  if (*end == 'x')
    {
      u->height = leading_number (end + 1, &end);
      if (*end == 0 && u->width >= 0 && u->height >= 0 && (u->width > 0 || u->height > 0))
        return TRUE;
    }
  g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
               _ ("--size is \"%s\", expected WIDTHxHEIGHT, WIDTHx or xHEIGHT, each 1 to %d"), text,
               AE_UPSCALE_SIZE_MAX);
  return FALSE;
}

static gboolean
check (Upscale *u, GError **error)
{
  if (!u->scale_text == !u->size_text)
    {
      g_set_error_literal (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("expected either --scale or --size"));
      return FALSE;
    }
  return ae_filter_parse_int ("--scale", u->scale_text, 2, AE_UPSCALE_TIMES_MAX, &u->scale, error)
         && parse_size (u, error) && ae_filter_parse_percent ("--robust", u->robust_text, &u->robust, error)
         && ae_filter_options_check (&u->common, error);
}

/* One side from the other, in the proportions of the picture. */
static int
in_proportion (int other, int side, int other_side)
{
  return (int)CLAMP ((gint64)floor ((double)other * side / other_side + 0.5), 1, G_MAXINT);
}

static void
result_size (const Upscale *u, const GeglRectangle *picture, int *width, int *height)
{
  /* extents have at most 2^29 pixels in a direction */
  *width = u->scale ? picture->width * u->scale : u->width;
  *height = u->scale ? picture->height * u->scale : u->height;
  if (*width == 0)
    *width = in_proportion (*height, picture->width, picture->height);
  if (*height == 0)
    *height = in_proportion (*width, picture->height, picture->width);
}

static AeModel *
model_for (Upscale *u, int factor, GError **error)
{
  if (!u->models[factor])
    {
      g_autoptr (AeCatalogue) catalogue = ae_catalogue_new ();

      u->models[factor] = ae_upscale_load_model (catalogue, u->common.model, factor, u->robust, error);
    }
  return u->models[factor];
}

/* An AeFilterFunc. */
static gboolean
upscale (const char *name, AeFilePicture *picture, const AeFileTarget *target, AeProgress *progress,
         gpointer data, GError **error)
{
  Upscale *u = data;
  const GeglRectangle *extent = gegl_buffer_get_extent (picture->buffer);
  const Babl *format = gegl_buffer_get_format (picture->buffer);
  g_autoptr (AeSession) session = NULL;
  g_autoptr (GeglBuffer) result = NULL;
  AeModel *model;
  int width, height;

  result_size (u, extent, &width, &height);
  if (!ae_upscale_check_size (extent->width, extent->height, width, height, error)
      || !ae_buffer_format_check (format, error))
    {
      g_prefix_error (error, "%s: ", name);
      return FALSE;
    }
  if (!ae_file_target_check_size (target, width, height, error))
    return FALSE;
  model = model_for (u, ae_upscale_factor (extent->width, extent->height, width, height), error);
  if (!model)
    return FALSE;
  session = ae_filter_session (&u->common, model, 0, error);
  if (!session)
    return FALSE;
  result = gegl_buffer_new (GEGL_RECTANGLE (0, 0, width, height), format);
  if (!ae_upscale_buffer (session, picture->buffer, u->wrap, width, height, result, ae_progress_update,
                          progress, error))
    return FALSE;
  g_object_unref (picture->buffer);
  picture->buffer = g_steal_pointer (&result);
  return TRUE;
}

int
ae_filter_upscale_main (int argc, char **argv)
{
  Upscale u = { .common = { .memory = 1024, .quality = 95 } };
  const GOptionEntry entries[] = {
    { "scale", 's', 0, G_OPTION_ARG_STRING, &u.scale_text, _ ("How many times to enlarge"), "2|3|4" },
    { "size", 0, 0, G_OPTION_ARG_STRING, &u.size_text,
      _ ("Instead, the size of the result in pixels; one side may be left out"), _ ("WIDTHxHEIGHT") },
    { "robust", 'r', 0, G_OPTION_ARG_STRING, &u.robust_text,
      _ ("Percent of robustness against noise, blur and compression (0)"), "0..100" },
    { "wrap", 'w', 0, G_OPTION_ARG_NONE, &u.wrap, _ ("The picture is a texture that repeats"), NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  int status = 1;

  if (ae_filter_options_parse (&u.common, argc, argv, "upscale",
                               _ ("Enlarges pictures. Bit depth, alpha and color profile stay.\n"
                                  "PNG, JPEG, TIFF, WebP, OpenEXR, PNM and Radiance files."),
                               entries))
    {
      g_object_set (gegl_config (), "use-opencl", FALSE, NULL);
      gegl_init (NULL, NULL);
      /* a model that is not there is missed once, not for each picture */
      if (check (&u, &error) && (!u.scale || model_for (&u, u.scale, &error)))
        status = ae_filter_batch (&u.common, _ ("Upscaling"), _ ("upscaled"), upscale, &u);
      else
        ae_filter_complain (error->message);
      for (gsize i = 0; i < G_N_ELEMENTS (u.models); i++)
        ae_model_unref (u.models[i]);
      gegl_exit ();
    }
  g_free (u.scale_text);
  g_free (u.size_text);
  g_free (u.robust_text);
  ae_filter_options_clear (&u.common);
  return status;
}
