/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* filter-denoise.c - ae-filter denoise. */

#include "ae-filter.h"

#include <stdio.h>
#include <string.h>

#include <gegl.h>

#include <ae/error.h>
#include <ae/session.h>

#include "filter-file.h"
#include "filter-progress.h"

#include "core/buffer-filter.h"
#include "core/catalogue.h"
#include "core/noise-estimate.h"
#include "core/params.h"

#define THREADS_MAX 1024
#define MEMORY_MIN 32 /* MiB */
#define MEMORY_MAX (1 << 20)
/* Of the memory limit, what is left for rows in conversion. */
#define RESERVE_MIB 12
/* More rows than a row of tiles has within usual limits. */
#define TILE_ROWS 1024

typedef struct
{
  AeDenoiseParams params;
  char *noise, *model, *strength, *detail, *color_noise; /* as typed */
  char *threads_text, *memory_text, *quality_text;
  int threads, memory, quality; /* 0, 0, 95 */
  gboolean quiet;
  char **files;
} Options;

static gboolean
parse_percent (const char *option, const char *text, double *value, GError **error)
{
  char *end;
  double v;

  if (!text)
    return TRUE;
  v = g_ascii_strtod (text, &end);
  if (end != text && *end == 0 && v >= 0 && v <= 100)
    {
      *value = v;
      return TRUE;
    }
  g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s is \"%s\", expected 0 to 100", option, text);
  return FALSE;
}

static gboolean
parse_int (const char *option, const char *text, int min, int max, int *value, GError **error)
{
  gint64 v;

  if (!text)
    return TRUE;
  if (g_ascii_string_to_signed (text, 10, min, max, &v, NULL))
    {
      *value = (int)v;
      return TRUE;
    }
  g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s is \"%s\", expected %d to %d", option, text, min, max);
  return FALSE;
}

/* The options but not yet what they stand for; FALSE with *status set if there is nothing more to do. */
static gboolean
parse (int argc, char **argv, Options *o, int *status)
{
  const GOptionEntry entries[] = {
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &o->model, "Name of an installed model or a file",
      "NAME|FILE" },
    { "noise", 'n', 0, G_OPTION_ARG_STRING, &o->noise, "Noise level in steps of 8 bits (auto)",
      "auto|0..75" },
    { "strength", 's', 0, G_OPTION_ARG_STRING, &o->strength, "Percent of the change to apply (100)",
      "0..100" },
    { "detail", 0, 0, G_OPTION_ARG_STRING, &o->detail, "Percent of the detail to put back (0)", "0..100" },
    { "color-noise", 0, 0, G_OPTION_ARG_STRING, &o->color_noise,
      "Percent of the change of color to apply (100)", "0..100" },
    { "quality", 'q', 0, G_OPTION_ARG_STRING, &o->quality_text, "Quality of JPEG and WebP files (95)",
      "1..100" },
    { "threads", 't', 0, G_OPTION_ARG_STRING, &o->threads_text, "Number of threads (all processors)", "N" },
    { "max-memory", 0, 0, G_OPTION_ARG_STRING, &o->memory_text,
      "Memory to use above that for loading and saving the picture (1024)", "MiB" },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &o->quiet, "Write nothing but errors", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->files, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("IN OUT");
  g_autoptr (GError) error = NULL;

  g_set_prgname ("ae-filter denoise");
  g_option_context_set_summary (context,
                                "Takes the noise out of a picture. Bit depth, alpha and color profile stay.\n"
                                "PNG, JPEG, TIFF, WebP, OpenEXR, PNM and Radiance files.");
  g_option_context_add_main_entries (context, entries, NULL);
  *status = 1;
  if (!g_option_context_parse (context, &argc, &argv, &error))
    ae_filter_complain (error->message);
  else if (!o->files || g_strv_length (o->files) != 2)
    ae_filter_complain ("expected two files, IN and OUT; ae-filter denoise --help tells more");
  else
    return TRUE;
  return FALSE;
}

static gboolean
check (Options *o, GError **error)
{
  return (!o->noise || ae_denoise_params_parse_noise (&o->params, o->noise, error))
         && parse_percent ("--strength", o->strength, &o->params.strength, error)
         && parse_percent ("--detail", o->detail, &o->params.detail, error)
         && parse_percent ("--color-noise", o->color_noise, &o->params.color_noise, error)
         && parse_int ("--quality", o->quality_text, 1, 100, &o->quality, error)
         && parse_int ("--threads", o->threads_text, 1, THREADS_MAX, &o->threads, error)
         && parse_int ("--max-memory", o->memory_text, MEMORY_MIN, MEMORY_MAX, &o->memory, error);
}

static AeModel *
load_model (const Options *o, GError **error)
{
  g_autoptr (AeCatalogue) catalogue = ae_catalogue_new ();

  return ae_catalogue_load (catalogue, o->model, "denoise", error);
}

/* The memory limit holds for everything beside the picture itself: while the result grows and the picture is
 * emptied, a row of tiles is there twice. */
static AeSession *
make_session (const Options *o, AeModel *model, GeglBuffer *picture, GError **error)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (picture);
  const guint64 limit = (guint64)o->memory << 20;
  const guint64 rows = (guint64)extent->width * (guint64)MIN (extent->height, TILE_ROWS)
                       * (guint64)babl_format_get_bytes_per_pixel (gegl_buffer_get_format (picture));
  const AeSessionOptions options
    = { .threads = o->threads, .max_memory = limit - MIN (rows + ((guint64)RESERVE_MIB << 20), limit / 2) };

  return ae_session_new (model, &options, error);
}

static gboolean
was_cancelled (GError **error)
{
  if (!ae_progress_signal ())
    return FALSE;
  g_set_error_literal (error, AE_ERROR, AE_ERROR_CANCELLED, "cancelled");
  return TRUE;
}

/* From the picture that was read to the one that will be written, in place of it. */
static gboolean
denoise (const Options *o, AeModel *model, AeFilePicture *picture, GError **error)
{
  AeDenoiseParams params = o->params;
  g_autoptr (AeSession) session = NULL;
  g_autoptr (GeglBuffer) result = NULL;
  AeProgress progress;
  gboolean ok;

  if (!ae_buffer_format_check (gegl_buffer_get_format (picture->buffer), error))
    {
      g_prefix_error (error, "%s: ", o->files[0]);
      return FALSE;
    }
  if (params.noise_auto && params.strength > 0)
    {
      if (!ae_noise_estimate_buffer (picture->buffer, NULL, &params.sigma, error))
        return FALSE;
      params.noise_auto = FALSE;
      if (!o->quiet)
        {
          printf ("Estimated noise level: %.1f\n", params.sigma);
          fflush (stdout);
        }
    }
  session = make_session (o, model, picture->buffer, error);
  if (!session)
    return FALSE;
  result
    = gegl_buffer_new (gegl_buffer_get_extent (picture->buffer), gegl_buffer_get_format (picture->buffer));
  ae_progress_init (&progress, "Denoising", o->quiet);
  ok = ae_denoise_buffer_consume (session, picture->buffer, result, &params, ae_progress_update, &progress,
                                  error);
  ae_progress_end (&progress);
  if (ok)
    {
      g_object_unref (picture->buffer);
      picture->buffer = g_steal_pointer (&result);
    }
  return ok;
}

static gboolean
run (const Options *o, AeFileTarget *target, GError **error)
{
  g_autoptr (AeModel) model = load_model (o, error);
  AeFilePicture picture = { 0 };
  gboolean ok;

  if (!model || !ae_file_target_open (target, o->files[1], error))
    return FALSE;
  ae_progress_catch_signals (target->temporary);
  ok = ae_file_load (o->files[0], &picture, error) && !was_cancelled (error)
       && denoise (o, model, &picture, error) && !was_cancelled (error)
       && ae_file_target_save (target, &picture, o->quality, error) && !was_cancelled (error)
       && ae_file_target_commit (target, error);
  ae_file_picture_clear (&picture);
  return ok;
}

static void
clear (Options *o)
{
  char *texts[] = { o->noise,       o->model,        o->strength,    o->detail,
                    o->color_noise, o->threads_text, o->memory_text, o->quality_text };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_strfreev (o->files);
}

int
ae_filter_denoise_main (int argc, char **argv)
{
  Options o = { .memory = 1024, .quality = 95 };
  AeFileTarget target = { 0 };
  g_autoptr (GError) error = NULL;
  int status;

  ae_denoise_params_init (&o.params);
  if (parse (argc, argv, &o, &status))
    {
      g_object_set (gegl_config (), "use-opencl", FALSE, NULL);
      gegl_init (NULL, NULL);
      status = 0;
      if (!check (&o, &error) || !run (&o, &target, &error))
        {
          status = ae_filter_complain (error->message);
          if (ae_progress_signal ())
            status = 128 + ae_progress_signal ();
        }
      ae_progress_catch_signals (NULL);
      ae_file_target_clear (&target);
      gegl_exit ();
    }
  clear (&o);
  return status;
}
