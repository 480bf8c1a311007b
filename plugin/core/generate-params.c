/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-params.c - defaults and validation of what a user can set for drawing with a generative model. */

#include "generate-params.h"

#include <ae/error.h>
#include <string.h>
#include "intl.h"

static const char *const fill_names[AE_N_GENERATE_FILLS] = { "sample", "grid" };

void
ae_generate_params_init (AeGenerateParams *params)
{
  memset (params, 0, sizeof *params);
  params->cell = 128;
  params->overlap = 50;
  params->variety = 50;
  params->label = AE_GENERATE_ANY_CLASS;
}

static gboolean
check_number (const char *what, double value, double min, double max, GError **error)
{
  if (value >= min && value <= max) /* FALSE for NaN */
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("%s is %g, expected %g to %g"), what, value, min, max);
  return FALSE;
}

static gboolean
check_latent (const AeGenerateParams *params, GError **error)
{
  if (!check_number (_ ("the number of latent values"), params->n_latent, 0, AE_GENERATE_LATENT_MAX, error))
    return FALSE;
  for (int i = 0; i < params->n_latent; i++)
    if (!check_number (_ ("a latent value"), params->latent[i], -AE_GENERATE_LATENT_LIMIT,
                       AE_GENERATE_LATENT_LIMIT, error))
      return FALSE;
  return TRUE;
}

gboolean
ae_generate_params_check (const AeGenerateParams *params, GError **error)
{
  return ae_params_check_model (params->model, error)
         && check_number ("fill", (int)params->fill, 0, AE_N_GENERATE_FILLS - 1, error)
         && check_number (_ ("the cell size"), params->cell, AE_GENERATE_CELL_MIN, AE_GENERATE_CELL_MAX,
                          error)
         && ae_params_check_range (_ ("the overlap"), params->overlap, 100, error)
         && ae_params_check_range (_ ("the variety"), params->variety, 100, error)
         && ae_params_check_range (_ ("the seed"), params->seed, G_MAXINT, error)
         && check_number (_ ("the class"), params->label, AE_GENERATE_ANY_CLASS, AE_GENERATE_CLASS_MAX, error)
         && check_latent (params, error);
}

gboolean
ae_generate_params_parse_latent (AeGenerateParams *params, const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (text ? text : "", ", ", -1);
  AeGenerateParams parsed = *params;

  parsed.n_latent = 0;
  memset (parsed.latent, 0, sizeof parsed.latent);
  for (char **word = words; *word; word++)
    {
      char *end;
      double value = g_ascii_strtod (*word, &end);

      if (!**word)
        continue;
      if (*end || parsed.n_latent == AE_GENERATE_LATENT_MAX)
        {
          g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                       _ ("the latent values are \"%s\", expected at most %d numbers"), text,
                       AE_GENERATE_LATENT_MAX);
          return FALSE;
        }
      parsed.latent[parsed.n_latent++] = value;
    }
  if (!check_latent (&parsed, error))
    return FALSE;
  *params = parsed;
  return TRUE;
}

char *
ae_generate_params_latent_text (const AeGenerateParams *params)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  for (int i = 0; i < params->n_latent; i++)
    g_string_append_printf (text, "%s%s", i ? "," : "",
                            g_ascii_dtostr (number, sizeof number, params->latent[i]));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

const char *
ae_generate_fill_name (AeGenerateFill fill)
{
  return fill_names[fill];
}

static void
read_number (GKeyFile *file, const char *group, const char *key, double *value)
{
  g_autoptr (GError) error = NULL;
  const double read = g_key_file_get_double (file, group, key, &error);

  if (!error)
    *value = read;
}

static void
read_whole (GKeyFile *file, const char *group, const char *key, int *value)
{
  g_autoptr (GError) error = NULL;
  const int read = g_key_file_get_integer (file, group, key, &error);

  if (!error)
    *value = read;
}

void
ae_generate_params_read (AeGenerateParams *params, GKeyFile *file, const char *group)
{
  g_autofree char *model = g_key_file_get_string (file, group, "model", NULL);
  g_autofree char *fill = g_key_file_get_string (file, group, "fill", NULL);
  g_autofree char *latent = g_key_file_get_string (file, group, "latent", NULL);

  if (model)
    ae_params_set_model (params->model, model, NULL);
  for (int i = 0; i < AE_N_GENERATE_FILLS; i++)
    if (g_strcmp0 (fill, fill_names[i]) == 0)
      params->fill = (AeGenerateFill)i;
  read_whole (file, group, "cell", &params->cell);
  read_number (file, group, "overlap", &params->overlap);
  read_number (file, group, "variety", &params->variety);
  read_whole (file, group, "seed", &params->seed);
  read_whole (file, group, "class", &params->label);
  if (latent)
    ae_generate_params_parse_latent (params, latent, NULL);
}

void
ae_generate_params_write (const AeGenerateParams *params, GKeyFile *file, const char *group)
{
  g_autofree char *latent = ae_generate_params_latent_text (params);

  g_key_file_set_string (file, group, "model", params->model);
  g_key_file_set_string (file, group, "fill", ae_generate_fill_name (params->fill));
  g_key_file_set_integer (file, group, "cell", params->cell);
  g_key_file_set_double (file, group, "overlap", params->overlap);
  g_key_file_set_double (file, group, "variety", params->variety);
  g_key_file_set_integer (file, group, "seed", params->seed);
  g_key_file_set_integer (file, group, "class", params->label);
  g_key_file_set_string (file, group, "latent", latent);
}
