/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* last-values.c - the values that were used last, in this run of GIMP or an earlier one. */

#include "last-values.h"
#include <string.h>
#include <libgimp/gimp.h>
#include "names.h"

#define GROUP "denoise"
#define UPSCALE_GROUP "upscale"
#define GENERATE_GROUP "generate"

/* As GIMP keeps them. */
typedef struct
{
  AeDenoiseParams params;
  AeOutput output;
} Kept;

static char *
file_name (void)
{
  return g_build_filename (gimp_directory (), AE_PROGRAM ".ini", NULL);
}

static void
read_number (GKeyFile *file, const char *key, double *value)
{
  g_autoptr (GError) error = NULL;
  double read = g_key_file_get_double (file, GROUP, key, &error);

  if (error == NULL)
    *value = read;
}

static gboolean
read_file (AeDenoiseParams *params, AeOutput *output)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *name = file_name ();
  g_autofree char *model = NULL;
  g_autofree char *target = NULL;
  g_autoptr (GError) error = NULL;
  gboolean automatic;

  if (!g_key_file_load_from_file (file, name, G_KEY_FILE_NONE, NULL))
    return FALSE;
  model = g_key_file_get_string (file, GROUP, "model", NULL);
  if (!ae_denoise_params_set_model (params, model, NULL))
    return FALSE;
  automatic = g_key_file_get_boolean (file, GROUP, "noise-auto", &error);
  if (error == NULL)
    params->noise_auto = automatic;
  read_number (file, "sigma", &params->sigma);
  read_number (file, "strength", &params->strength);
  read_number (file, "detail", &params->detail);
  read_number (file, "color-noise", &params->color_noise);
  target = g_key_file_get_string (file, GROUP, "output", NULL);
  if (target != NULL)
    ae_output_parse (target, output);
  return ae_denoise_params_check (params, NULL);
}

void
ae_last_values_get (AeDenoiseParams *params, AeOutput *output)
{
  Kept kept;

  if (gimp_get_data_size (AE_DENOISE) == (gint)sizeof kept && gimp_get_data (AE_DENOISE, &kept)
      && memchr (kept.params.model, 0, sizeof kept.params.model) != NULL
      && ae_denoise_params_check (&kept.params, NULL) && kept.output < AE_N_OUTPUTS)
    {
      *params = kept.params;
      *output = kept.output;
      return;
    }
  ae_denoise_params_init (params);
  *output = AE_OUTPUT_THIS_LAYER;
  if (!read_file (params, output))
    ae_denoise_params_init (params);
}

void
ae_last_values_set (const AeDenoiseParams *params, AeOutput output)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *name = file_name ();
  Kept kept;

  memset (&kept, 0, sizeof kept);
  kept.params = *params;
  kept.output = output;
  gimp_set_data (AE_DENOISE, &kept, sizeof kept);

  /* the values of other procedures stay */
  g_key_file_load_from_file (file, name, G_KEY_FILE_KEEP_COMMENTS, NULL);
  g_key_file_set_string (file, GROUP, "model", params->model);
  g_key_file_set_boolean (file, GROUP, "noise-auto", params->noise_auto);
  g_key_file_set_double (file, GROUP, "sigma", params->sigma);
  g_key_file_set_double (file, GROUP, "strength", params->strength);
  g_key_file_set_double (file, GROUP, "detail", params->detail);
  g_key_file_set_double (file, GROUP, "color-noise", params->color_noise);
  g_key_file_set_string (file, GROUP, "output", ae_output_name (output));
  /* To remember is a courtesy: a folder that cannot be written is no reason to complain. */
  g_key_file_save_to_file (file, name, NULL);
}

void
ae_last_upscale_get (AeUpscaleParams *params)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *name = file_name ();

  if (gimp_get_data_size (AE_UPSCALE) == (gint)sizeof *params && gimp_get_data (AE_UPSCALE, params)
      && ae_upscale_params_check (params, NULL))
    return;
  ae_upscale_params_init (params);
  if (g_key_file_load_from_file (file, name, G_KEY_FILE_NONE, NULL))
    ae_upscale_params_read (params, file, UPSCALE_GROUP);
  if (!ae_upscale_params_check (params, NULL))
    ae_upscale_params_init (params);
}

void
ae_last_upscale_set (const AeUpscaleParams *params)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *name = file_name ();

  gimp_set_data (AE_UPSCALE, params, sizeof *params);
  g_key_file_load_from_file (file, name, G_KEY_FILE_KEEP_COMMENTS, NULL);
  ae_upscale_params_write (params, file, UPSCALE_GROUP);
  g_key_file_save_to_file (file, name, NULL);
}

void
ae_last_generate_get (AeGenerateParams *params)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *name = file_name ();

  if (gimp_get_data_size (AE_GENERATE) == (gint)sizeof *params && gimp_get_data (AE_GENERATE, params)
      && ae_generate_params_check (params, NULL))
    return;
  ae_generate_params_init (params);
  if (g_key_file_load_from_file (file, name, G_KEY_FILE_NONE, NULL))
    ae_generate_params_read (params, file, GENERATE_GROUP);
  if (!ae_generate_params_check (params, NULL))
    ae_generate_params_init (params);
}

void
ae_last_generate_set (const AeGenerateParams *params)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *name = file_name ();

  gimp_set_data (AE_GENERATE, params, sizeof *params);
  g_key_file_load_from_file (file, name, G_KEY_FILE_KEEP_COMMENTS, NULL);
  ae_generate_params_write (params, file, GENERATE_GROUP);
  g_key_file_save_to_file (file, name, NULL);
}
