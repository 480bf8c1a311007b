/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* params.c - defaults and validation of what a user can set. */

#include "params.h"

#include <ae/error.h>
#include <math.h>
#include <string.h>
#include "intl.h"

void
ae_denoise_params_init (AeDenoiseParams *params)
{
  memset (params, 0, sizeof *params);
  params->noise_auto = TRUE;
  params->sigma = AE_PARAMS_SIGMA_DEFAULT;
  params->strength = 100;
  params->color_noise = 100;
}

gboolean
ae_params_check_range (const char *what, double value, double max, GError **error)
{
  if (value >= 0 && value <= max) /* FALSE for NaN */
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("%s is %g, expected 0 to %g"), what, value, max);
  return FALSE;
}

gboolean
ae_params_check_model (const char *model, GError **error)
{
  if (memchr (model, 0, AE_PARAMS_MODEL_MAX) && g_utf8_validate (model, -1, NULL))
    return TRUE;
  g_set_error_literal (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("the name of the model is not valid text"));
  return FALSE;
}

gboolean
ae_params_set_model (char *model, const char *name, GError **error)
{
  if (!name)
    name = "";
  if (strlen (name) >= AE_PARAMS_MODEL_MAX)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                   _ ("the name of the model has %zu bytes, at most %d are possible"), strlen (name),
                   AE_PARAMS_MODEL_MAX - 1);
      return FALSE;
    }
  /* all bytes, so that equal parameters are equal bytes */
  memset (model, 0, AE_PARAMS_MODEL_MAX);
  memcpy (model, name, strlen (name));
  return TRUE;
}

gboolean
ae_denoise_params_check (const AeDenoiseParams *params, GError **error)
{
  return ae_params_check_model (params->model, error)
         && (params->noise_auto
             || ae_params_check_range (_ ("the noise level"), params->sigma, AE_PARAMS_SIGMA_MAX, error))
         && ae_params_check_range (_ ("the strength"), params->strength, 100, error)
         && ae_params_check_range (_ ("the detail recovery"), params->detail, 100, error)
         && ae_params_check_range (_ ("the color noise"), params->color_noise, 100, error);
}

gboolean
ae_denoise_params_set_model (AeDenoiseParams *params, const char *model, GError **error)
{
  return ae_params_set_model (params->model, model, error);
}

gboolean
ae_denoise_params_parse_noise (AeDenoiseParams *params, const char *text, GError **error)
{
  char *end;
  double value;

  if (g_ascii_strcasecmp (text, "auto") == 0)
    {
      params->noise_auto = TRUE;
      return TRUE;
    }
  value = g_ascii_strtod (text, &end);
  if (end == text || *end || !(value >= 0 && value <= AE_PARAMS_SIGMA_MAX))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                   _ ("the noise level is \"%s\", expected auto or 0 to %g"), text, AE_PARAMS_SIGMA_MAX);
      return FALSE;
    }
  params->noise_auto = FALSE;
  params->sigma = value;
  return TRUE;
}
