/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* config.c - the arguments of the procedure as values of the core. */

#include "config.h"

/* Percent. */
static void
declare_percent (GimpProcedure *procedure, const char *name, AeControl control, double value)
{
  gimp_procedure_add_double_argument (procedure, name, ae_control_label (control),
                                      ae_control_tooltip (control), 0.0, 100.0, value, G_PARAM_READWRITE);
}

static GimpChoice *
output_choice (void)
{
  GimpChoice *outputs = gimp_choice_new ();

  for (int i = 0; i < AE_N_OUTPUTS; i++)
    gimp_choice_add (outputs, ae_output_name ((AeOutput)i), i, ae_output_label ((AeOutput)i), NULL);
  return outputs;
}

void
ae_config_declare (GimpProcedure *procedure)
{
  gimp_procedure_add_string_argument (procedure, "model", ae_control_label (AE_CONTROL_MODEL),
                                      "Name of a model or path of a model file (\"\" for the default)", "",
                                      G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (procedure, "noise", ae_control_label (AE_CONTROL_NOISE),
                                      "Standard deviation of the noise in 8-bit steps (-1 to estimate it)",
                                      -1.0, AE_PARAMS_SIGMA_MAX, -1.0, G_PARAM_READWRITE);
  declare_percent (procedure, "strength", AE_CONTROL_STRENGTH, 100.0);
  declare_percent (procedure, "detail", AE_CONTROL_DETAIL, 0.0);
  declare_percent (procedure, "color-noise", AE_CONTROL_COLOR_NOISE, 100.0);
  gimp_procedure_add_choice_argument (procedure, "output", ae_control_label (AE_CONTROL_OUTPUT),
                                      ae_control_tooltip (AE_CONTROL_OUTPUT), output_choice (),
                                      ae_output_name (AE_OUTPUT_THIS_LAYER), G_PARAM_READWRITE);
}

gboolean
ae_config_read (GimpProcedureConfig *config, AeDenoiseParams *params, AeOutput *output, GError **error)
{
  g_autofree char *model = NULL;
  double noise;

  ae_denoise_params_init (params);
  g_object_get (config, "model", &model, "noise", &noise, "strength", &params->strength, "detail",
                &params->detail, "color-noise", &params->color_noise, NULL);
  *output = (AeOutput)gimp_procedure_config_get_choice_id (config, "output");
  if (!ae_denoise_params_set_model (params, model, error))
    return FALSE;
  params->noise_auto = noise < 0.0;
  if (!params->noise_auto)
    params->sigma = noise;
  return ae_denoise_params_check (params, error);
}
