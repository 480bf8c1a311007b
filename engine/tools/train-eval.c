/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* train-eval.c - ae-train eval: measures a model on the pictures of folders. */

#include "ae-train.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include <ae/error.h>
#include <ae/session.h>

#include "core/noise-estimate.h"
#include "eval-report.h"
#include "train/file-list.h"
#include "train/images.h"
#include "train/pairs.h"

typedef enum
{
  PROTOCOL_GAUSSIAN,
  PROTOCOL_PAIRS,
  PROTOCOL_JPEG,
  PROTOCOL_UPSCALE
} Protocol;

typedef struct
{
  char *sigma, *quality, *precision;
  char *pairs;
  gboolean clip, json;
  int threads, limit;
  /* from these and the model */
  Protocol protocol;
  GArray *levels;     /* of double: noise levels, NaN: estimated from each picture; or qualities */
  char *noisy, *mean; /* a pair is NAME_<noisy>.* and NAME_<mean>.* or in such folders; NULL: none */
} Options;

static void
options_clear (Options *options)
{
  g_free (options->sigma);
  g_free (options->quality);
  g_free (options->precision);
  g_free (options->pairs);
  g_free (options->noisy);
  g_free (options->mean);
  g_array_unref (options->levels);
}

static gboolean
parse_sigmas (Options *options, const char *text, GError **error)
{
  g_auto (GStrv) items = g_strsplit (text, ",", -1);

  for (char **item = items; *item; item++)
    {
      char *end;
      const double value = g_ascii_strtod (*item, &end);
      if (end == *item || *end || !(value >= 0.0 && value <= 255.0))
        {
          g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                       "--sigma %s: “%s” is not a noise level, expected numbers from 0 to 255 with commas "
                       "between them",
                       text, *item);
          return FALSE;
        }
      g_array_append_val (options->levels, value);
    }
  if (options->levels->len > 0)
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "--sigma: expected at least one noise level");
  return FALSE;
}

static gboolean
parse_qualities (Options *options, const char *text, GError **error)
{
  g_auto (GStrv) items = g_strsplit (text, ",", -1);

  for (char **item = items; *item; item++)
    {
      gint64 quality;
      double value;

      if (!g_ascii_string_to_signed (*item, 10, 1, 100, &quality, NULL))
        {
          g_set_error (
            error, AE_ERROR, AE_ERROR_ARGUMENT,
            "--quality %s: “%s” is not a quality, expected whole numbers from 1 to 100 with commas "
            "between them",
            text, *item);
          return FALSE;
        }
      value = (double)quality;
      g_array_append_val (options->levels, value);
    }
  if (options->levels->len > 0)
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "--quality: expected at least one quality");
  return FALSE;
}

static gboolean
parse_pairs (Options *options, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (options->pairs, ",", -1);

  if (g_strv_length (parts) != 2 || !*parts[0] || !*parts[1] || g_str_equal (parts[0], parts[1]))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                   "--pairs %s: expected two words with a comma between them, as in --pairs real,mean",
                   options->pairs);
      return FALSE;
    }
  options->noisy = g_strdup (parts[0]);
  options->mean = g_strdup (parts[1]);
  return TRUE;
}

/* What the model is for decides how it is measured. */
static void
choose_protocol (Options *options, const AeModel *model)
{
  if (ae_graph_scale (ae_model_graph (model)) > 1)
    options->protocol = PROTOCOL_UPSCALE;
  else if (options->pairs)
    options->protocol = PROTOCOL_PAIRS;
  else if (g_strcmp0 (ae_model_meta (model, "ae.task"), "jpeg") == 0)
    options->protocol = PROTOCOL_JPEG;
  else
    options->protocol = PROTOCOL_GAUSSIAN;
}

/* An option that is there, but has no meaning. */
static gboolean
refuse (gboolean given, const char *option, const char *why, GError **error)
{
  if (!given)
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "--%s does not apply: %s", option, why);
  return FALSE;
}

static gboolean
check_levels (Options *options, GError **error)
{
  const char *sigma = options->sigma;
  const double estimated = NAN;

  if (options->protocol == PROTOCOL_JPEG)
    return parse_qualities (options, options->quality ? options->quality : "10,20,30,40", error);
  if (options->protocol == PROTOCOL_PAIRS && (!sigma || g_str_equal (sigma, "auto")))
    {
      g_array_append_val (options->levels, estimated);
      return TRUE;
    }
  if (g_strcmp0 (sigma, "auto") == 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                   "--sigma auto applies to --pairs: where noise is added its level is known");
      return FALSE;
    }
  if (!sigma)
    sigma = options->protocol == PROTOCOL_UPSCALE ? "0" : "25";
  return parse_sigmas (options, sigma, error);
}

static gboolean
check_options (Options *options, const AeModel *model, GError **error)
{
  static const char enlarges[] = "the model enlarges and is measured on its own small pictures";

  if (options->threads < 0 || options->limit < 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "--%s is negative",
                   options->threads < 0 ? "threads" : "limit");
      return FALSE;
    }
  if (options->pairs && !parse_pairs (options, error))
    return FALSE;
  choose_protocol (options, model);
  if (options->protocol == PROTOCOL_UPSCALE
      && (!refuse (options->pairs != NULL, "pairs", enlarges, error)
          || !refuse (options->clip, "clip", enlarges, error)))
    return FALSE;
  if (options->protocol == PROTOCOL_PAIRS
      && !refuse (options->clip, "clip", "no noise is added to --pairs", error))
    return FALSE;
  if (options->protocol == PROTOCOL_JPEG
      && (!refuse (options->sigma != NULL, "sigma", "the model repairs JPEG, --quality does", error)
          || !refuse (options->clip, "clip", "the model repairs JPEG, which is 8 bit", error)))
    return FALSE;
  if (options->protocol != PROTOCOL_JPEG
      && !refuse (options->quality != NULL, "quality",
                  "nothing is compressed but for models that repair JPEG", error))
    return FALSE;
  return check_levels (options, error);
}

static gboolean
has_picture_name (const char *name)
{
  static const char *const endings[]
    = { "jpg", "jpeg", "png", "tif", "tiff", "webp", "ppm", "pgm", "exr", "hdr" };
  const char *dot = strrchr (name, '.');

  for (gsize i = 0; dot && i < G_N_ELEMENTS (endings); i++)
    if (g_ascii_strcasecmp (dot + 1, endings[i]) == 0)
      return TRUE;
  return FALSE;
}

/* The path of the picture that a noisy one of `folder` is compared with; NULL if `name` is not that of one.
 */
static char *
reference_path (const Options *options, const char *folder, const char *name)
{
  g_autofree char *reference = ae_pair_clean_path (*name ? name : folder, options->noisy, options->mean);

  return reference && *name ? g_build_filename (folder, reference, NULL) : g_steal_pointer (&reference);
}

/* The pictures of a folder that are to be measured; a file stands for itself. */
static GPtrArray *
list_pictures (const Options *options, const char *folder, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) files = NULL;

  if (g_file_test (folder, G_FILE_TEST_IS_REGULAR))
    {
      g_ptr_array_add (found, g_strdup (""));
      return g_steal_pointer (&found);
    }
  files = ae_file_list (folder, error);
  if (!files)
    return NULL;
  for (guint i = 0; i < files->len; i++)
    {
      const char *name = g_ptr_array_index (files, i);
      g_autofree char *reference = options->pairs ? reference_path (options, folder, name) : NULL;
      if (has_picture_name (name) && (!options->pairs || reference)
          && (options->limit == 0 || found->len < (guint)options->limit))
        g_ptr_array_add (found, g_strdup (name));
    }
  if (found->len > 0)
    return g_steal_pointer (&found);
  if (options->pairs)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                 "%s: there is no picture whose name ends with _%s, or in a folder named %s", folder,
                 options->noisy, options->noisy);
  else
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: there is no picture in it", folder);
  return NULL;
}

/* What the plug-in would estimate. */
static double
estimate_sigma (const guint8 *rgb, int width, int height)
{
  const gsize n = (gsize)width * (gsize)height;
  g_autofree float *planes = g_new (float, n * 3);

  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < 3; c++)
      planes[c * n + i] = (float)rgb[i * 3 + c] / 255;
  return ae_noise_estimate (planes, NULL, 3, width, height);
}

static gboolean
measure_pair (AeSession *session, const char *path, const char *reference, const guint8 *noisy, int width,
              int height, double sigma, AeEvalResult *result, GError **error)
{
  g_autofree guint8 *clean = NULL;
  int clean_width, clean_height;

  if (!ae_image_load_rgb8 (reference, &clean, &clean_width, &clean_height, error))
    return FALSE;
  if (clean_width != width || clean_height != height)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: %d × %d pixels, expected %d × %d as in %s",
                   reference, clean_width, clean_height, width, height, path);
      return FALSE;
    }
  return ae_eval_pair (session, clean, noisy, width, height,
                       isnan (sigma) ? estimate_sigma (noisy, width, height) : sigma, result, error);
}

static gboolean
measure (const Options *options, AeSession *session, const char *folder, const char *name, double level,
         AeEvalResult *result, GError **error)
{
  g_autofree char *path = *name ? g_build_filename (folder, name, NULL) : g_strdup (folder);
  g_autofree char *reference = options->pairs ? reference_path (options, folder, name) : NULL;
  g_autofree guint8 *rgb = NULL;
  int width, height;
  gboolean ok = FALSE;

  if (options->pairs && !reference)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: the name does not end with _%s", path,
                   options->noisy);
      return FALSE;
    }
  if (!ae_image_load_rgb8 (path, &rgb, &width, &height, error))
    return FALSE;
  switch (options->protocol)
    {
    case PROTOCOL_PAIRS:
      ok = measure_pair (session, path, reference, rgb, width, height, level, result, error);
      break;
    case PROTOCOL_JPEG:
      ok = ae_eval_jpeg (session, rgb, width, height, (int)level, result, error);
      break;
    case PROTOCOL_UPSCALE:
      ok = ae_eval_upscale (session, rgb, width, height, level, result, error);
      break;
    case PROTOCOL_GAUSSIAN:
      ok = ae_eval_gaussian (session, rgb, width, height, level, options->clip, result, error);
      break;
    }
  if (!ok && error && *error && !strstr ((*error)->message, path))
    g_prefix_error (error, "%s: ", path);
  return ok;
}

static gboolean
measure_folder (const Options *options, AeSession *session, const char *folder, double level,
                AeEvalReport *report, GError **error)
{
  g_autoptr (GPtrArray) names = list_pictures (options, folder, error);
  const gboolean progress = options->json && isatty (STDERR_FILENO);
  const char *quantity = options->protocol == PROTOCOL_JPEG ? "quality" : "sigma";

  if (!names)
    return FALSE;
  ae_eval_report_begin (report, folder, quantity, level);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *base = g_path_get_basename (folder);
      AeEvalResult result;

      if (!measure (options, session, folder, name, level, &result, error))
        return FALSE;
      ae_eval_report_row (report, *name ? name : base, &result);
      if (progress)
        fprintf (stderr, "\r%s, %s %g: %u of %u%s", folder, quantity, level, i + 1, names->len,
                 i + 1 == names->len ? "\n" : "");
    }
  ae_eval_report_end (report);
  return TRUE;
}

static const char *
protocol_name (const Options *options)
{
  switch (options->protocol)
    {
    case PROTOCOL_PAIRS:
      return "pairs";
    case PROTOCOL_JPEG:
      return "jpeg";
    case PROTOCOL_UPSCALE:
      return "upscale";
    case PROTOCOL_GAUSSIAN:
      break;
    }
  return options->clip ? "gaussian-8bit" : "gaussian";
}

static gboolean
eval (Options *options, const char *path, char **folders, int n_folders, GError **error)
{
  g_autoptr (AeModel) model = ae_model_load (path, error);
  g_autoptr (AeSession) session = NULL;
  g_autoptr (AeEvalReport) report = NULL;
  AeSessionOptions session_options = { 0 };

  if (!model)
    return FALSE;
  if (!check_options (options, model, error))
    return FALSE;
  session_options.threads = options->threads;
  if (options->precision && !ae_precision_parse (options->precision, &session_options.precision))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "--precision %s: expected exact or fast",
                   options->precision);
      return FALSE;
    }
  session = ae_session_new (model, &session_options, error);
  if (!session)
    return FALSE;

  report = ae_eval_report_new (options->json, path, model, protocol_name (options),
                               options->protocol == PROTOCOL_UPSCALE ? "bicubic"
                               : options->protocol == PROTOCOL_JPEG  ? "JPEG"
                                                                     : "noisy");
  for (int i = 0; i < n_folders; i++)
    for (guint k = 0; k < options->levels->len; k++)
      if (!measure_folder (options, session, folders[i], g_array_index (options->levels, double, k), report,
                           error))
        return FALSE;
  ae_eval_report_finish (report);
  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_FILE, "standard output: %s", g_strerror (errno));
  return FALSE;
}

static int
failed (const GError *error)
{
  fprintf (stderr, "ae-train eval: %s\n", error->message);
  return 1;
}

int
ae_train_eval_main (int argc, char **argv)
{
  Options options = { .levels = g_array_new (FALSE, FALSE, sizeof (double)) };
  const GOptionEntry entries[] = {
    { "sigma", 's', 0, G_OPTION_ARG_STRING, &options.sigma,
      "Noise levels in 8-bit steps, or auto for --pairs (25; auto for --pairs; 0 for models that enlarge)",
      "S[,S…]" },
    { "quality", 'q', 0, G_OPTION_ARG_STRING, &options.quality,
      "Qualities of JPEG for models that repair it (10,20,30,40)", "Q[,Q…]" },
    { "clip", 0, 0, G_OPTION_ARG_NONE, &options.clip, "Clamp and round the noisy picture to 8 bit", NULL },
    { "pairs", 0, 0, G_OPTION_ARG_STRING, &options.pairs,
      "Real noise: NAME_A.* is noisy and NAME_B.* its reference, or A/NAME and B/NAME", "A,B" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print one JSON object", NULL },
    { "precision", 0, 0, G_OPTION_ARG_STRING, &options.precision,
      "exact, or fast: bf16 where the CPU has it (exact)", "NAME" },
    { "threads", 't', 0, G_OPTION_ARG_INT, &options.threads, "Threads (all)", "N" },
    { "limit", 0, 0, G_OPTION_ARG_INT, &options.limit, "Only the first N pictures of each folder", "N" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("MODEL FOLDER…");
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_set_prgname ("ae-train eval");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (
    context, "Measures PSNR and SSIM of a model on the pictures below folders.\n\n"
             "Gaussian noise is that of published results: values of numpy.random.normal ()\n"
             "after numpy.random.seed (0) for each picture, neither clamped nor rounded\n"
             "(but see --clip); the result is clamped and rounded to 8 bit. PSNR and SSIM are\n"
             "those of R'G'B'.\n\n"
             "Models that repair JPEG get luminance compressed as a gray picture.\n\n"
             "Models that enlarge get pictures made small bicubically; PSNR and SSIM are those\n"
             "of Y without a border as wide as the factor.");
  if (!g_option_context_parse (context, &argc, &argv, &error))
    status = failed (error);
  else if (argc < 3)
    {
      fputs ("ae-train eval: expected MODEL and at least one FOLDER (--help explains)\n", stderr);
      status = 1;
    }
  else if (!eval (&options, argv[1], argv + 2, argc - 2, &error))
    status = failed (error);
  options_clear (&options);
  return status;
}
