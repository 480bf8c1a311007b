/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* config.c - the arguments of the procedure as values of the core. */

#include "config.h"
#include "intl.h"

void
ae_config_declare (GimpProcedure *procedure)
{
  gimp_procedure_add_string_argument (procedure, "model", _ ("_Model:"),
                                      "Name of a model or path of a model file (\"\" for the default)", "",
                                      G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (procedure, "noise", _ ("_Noise level:"),
                                      "Standard deviation of the noise in 8-bit steps (-1 to estimate it)",
                                      -1.0, AE_PARAMS_SIGMA_MAX, -1.0, G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (
    procedure, "strength", _ ("S_trength:"),
    _ ("How much of the change to apply: 0 leaves the picture as it is, 100 applies all of it"), 0.0, 100.0,
    100.0, G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (
    procedure, "detail", _ ("_Detail:"),
    _ ("How much of the fine structure that was taken for noise to put back"), 0.0, 100.0, 0.0,
    G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (
    procedure, "color-noise", _ ("Co_lor noise:"),
    _ ("How much of the color noise to take out; brightness does not depend on it"), 0.0, 100.0, 100.0,
    G_PARAM_READWRITE);
}

gboolean
ae_config_read (GimpProcedureConfig *config, AeDenoiseParams *params, GError **error)
{
  g_autofree char *model = NULL;
  double noise;

  ae_denoise_params_init (params);
  g_object_get (config, "model", &model, "noise", &noise, "strength", &params->strength, "detail",
                &params->detail, "color-noise", &params->color_noise, NULL);
  if (!ae_denoise_params_set_model (params, model, error))
    return FALSE;
  params->noise_auto = noise < 0.0;
  if (!params->noise_auto)
    params->sigma = noise;
  return ae_denoise_params_check (params, error);
}
