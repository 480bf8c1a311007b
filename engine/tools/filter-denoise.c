/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* filter-denoise.c - ae-filter denoise. */

#include "ae-filter.h"

#include <stdio.h>

#include <gegl.h>

#include <ae/error.h>
#include <ae/session.h>

#include "filter-batch.h"

#include "core/buffer-filter.h"
#include "core/catalogue.h"
#include "core/noise-estimate.h"
#include "core/params.h"
#include "src/intl.h"

/* As many rows as a row of tiles has within usual limits. */
#define TILE_ROWS 1024

typedef struct
{
  AeFilterOptions common;
  AeDenoiseParams params;
  char *noise, *strength, *detail, *color_noise; /* as typed */
  AeModel *model;
} Denoise;

static gboolean
check (Denoise *d, GError **error)
{
  return (!d->noise || ae_denoise_params_parse_noise (&d->params, d->noise, error))
         && ae_filter_parse_percent ("--strength", d->strength, &d->params.strength, error)
         && ae_filter_parse_percent ("--detail", d->detail, &d->params.detail, error)
         && ae_filter_parse_percent ("--color-noise", d->color_noise, &d->params.color_noise, error)
         && ae_filter_options_check (&d->common, error);
}

static AeModel *
load_model (const Denoise *d, GError **error)
{
  g_autoptr (AeCatalogue) catalogue = ae_catalogue_new ();

  return ae_catalogue_load (catalogue, d->common.model, "denoise", error);
}

/* While the result grows and the picture is emptied, a row of tiles is there twice. */
static guint64
row_of_tiles (GeglBuffer *picture)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (picture);

  return (guint64)extent->width * (guint64)MIN (extent->height, TILE_ROWS)
         * (guint64)babl_format_get_bytes_per_pixel (gegl_buffer_get_format (picture));
}

/* What repairs JPEG does not. */
static gboolean
takes_level (const AeModel *model)
{
  return ae_graph_find_input (ae_model_graph (model), AE_PLANES_SIGMA) >= 0;
}

/* An AeFilterFunc. */
static gboolean
denoise (const char *name, AeFilePicture *picture, const AeFileTarget *target, AeProgress *progress,
         gpointer data, GError **error)
{
  const Denoise *d = data;
  AeDenoiseParams params = d->params;
  g_autoptr (AeSession) session = NULL;
  g_autoptr (GeglBuffer) result = NULL;

  if (!ae_buffer_format_check (gegl_buffer_get_format (picture->buffer), error))
    {
      g_prefix_error (error, "%s: ", name);
      return FALSE;
    }
  if (params.noise_auto && params.strength > 0)
    {
      if (!ae_noise_estimate_buffer (picture->buffer, NULL, &params.sigma, error))
        return FALSE;
      params.noise_auto = FALSE;
      if (!d->common.quiet && takes_level (d->model))
        {
          if (progress->count > 1)
            printf ("%s: ", name);
          printf (_ ("Estimated noise level: %.1f\n"), params.sigma);
          fflush (stdout);
        }
    }
  session = ae_filter_session (&d->common, d->model, row_of_tiles (picture->buffer), error);
  if (!session)
    return FALSE;
  result
    = gegl_buffer_new (gegl_buffer_get_extent (picture->buffer), gegl_buffer_get_format (picture->buffer));
  if (!ae_denoise_buffer_consume (session, picture->buffer, result, &params, ae_progress_update, progress,
                                  error))
    return FALSE;
  g_object_unref (picture->buffer);
  picture->buffer = g_steal_pointer (&result);
  return TRUE;
}

int
ae_filter_denoise_main (int argc, char **argv)
{
  Denoise d = { .common = { .memory = 1024, .quality = 95 } };
  const GOptionEntry entries[] = {
    { "noise", 'n', 0, G_OPTION_ARG_STRING, &d.noise, _ ("Noise level in steps of 8 bits (auto)"),
      "auto|0..75" },
    { "strength", 's', 0, G_OPTION_ARG_STRING, &d.strength, _ ("Percent of the change to apply (100)"),
      "0..100" },
    { "detail", 0, 0, G_OPTION_ARG_STRING, &d.detail, _ ("Percent of the detail to put back (0)"), "0..100" },
    { "color-noise", 0, 0, G_OPTION_ARG_STRING, &d.color_noise,
      _ ("Percent of the change of color to apply (100)"), "0..100" },
    { NULL },
  };
  char **texts[] = { &d.noise, &d.strength, &d.detail, &d.color_noise };
  g_autoptr (GError) error = NULL;
  int status = 1;

  ae_denoise_params_init (&d.params);
  if (ae_filter_options_parse (
        &d.common, argc, argv, "denoise",
        _ ("Takes the noise out of pictures. Bit depth, alpha and color profile stay.\n"
           "PNG, JPEG, TIFF, WebP, OpenEXR, PNM and Radiance files."),
        entries))
    {
      g_object_set (gegl_config (), "use-opencl", FALSE, NULL);
      gegl_init (NULL, NULL);
      if (check (&d, &error) && (d.model = load_model (&d, &error)))
        status = ae_filter_batch (&d.common, _ ("Denoising"), _ ("denoised"), denoise, &d);
      else
        ae_filter_complain (error->message);
      ae_model_unref (d.model);
      gegl_exit ();
    }
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (*texts[i]);
  ae_filter_options_clear (&d.common);
  return status;
}
