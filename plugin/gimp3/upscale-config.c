/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-config.c - the arguments of the upscaling procedure as values of the core. */

#include "upscale-config.h"
#include "core/upscale-controls.h"
#include "core/upscale.h"

static GimpChoice *
target_choice (void)
{
  GimpChoice *targets = gimp_choice_new ();

  for (int i = 0; i < AE_N_UPSCALE_TARGETS; i++)
    gimp_choice_add (targets, ae_upscale_target_name ((AeUpscaleTarget)i), i,
                     ae_upscale_target_label ((AeUpscaleTarget)i), NULL);
  return targets;
}

static GimpChoice *
size_choice (void)
{
  GimpChoice *sizes = gimp_choice_new ();

  for (int i = 0; i < AE_N_UPSCALE_SIZES; i++)
    gimp_choice_add (sizes, ae_upscale_size_name ((AeUpscaleSize)i), i,
                     ae_upscale_size_label ((AeUpscaleSize)i), NULL);
  return sizes;
}

static void
declare_number (GimpProcedure *procedure, const char *name, AeUpscaleControl control, double least,
                double most, double value)
{
  gimp_procedure_add_double_argument (procedure, name, ae_upscale_control_label (control),
                                      ae_upscale_control_tooltip (control), least, most, value,
                                      G_PARAM_READWRITE);
}

void
ae_upscale_config_declare (GimpProcedure *procedure)
{
  AeUpscaleParams params;

  ae_upscale_params_init (&params);
  gimp_procedure_add_choice_argument (
    procedure, "target", ae_upscale_control_label (AE_UPSCALE_CONTROL_TARGET),
    ae_upscale_control_tooltip (AE_UPSCALE_CONTROL_TARGET), target_choice (),
    ae_upscale_target_name (params.target), G_PARAM_READWRITE);
  gimp_procedure_add_choice_argument (procedure, "size", ae_upscale_control_label (AE_UPSCALE_CONTROL_SIZE),
                                      ae_upscale_control_tooltip (AE_UPSCALE_CONTROL_SIZE), size_choice (),
                                      ae_upscale_size_name (params.size), G_PARAM_READWRITE);
  declare_number (procedure, "width", AE_UPSCALE_CONTROL_WIDTH, 1, AE_UPSCALE_SIZE_MAX, params.width);
  declare_number (procedure, "height", AE_UPSCALE_CONTROL_HEIGHT, 1, AE_UPSCALE_SIZE_MAX, params.height);
  declare_number (procedure, "robust", AE_UPSCALE_CONTROL_ROBUST, 0, 100, params.robust);
  gimp_procedure_add_boolean_argument (procedure, "wrap", ae_upscale_control_label (AE_UPSCALE_CONTROL_WRAP),
                                       ae_upscale_control_tooltip (AE_UPSCALE_CONTROL_WRAP), params.wrap,
                                       G_PARAM_READWRITE);
  gimp_procedure_add_string_argument (procedure, "model", ae_upscale_control_label (AE_UPSCALE_CONTROL_MODEL),
                                      "Name of a model or path of a model file (empty for the one that fits)",
                                      params.model, G_PARAM_READWRITE);
}

gboolean
ae_upscale_config_read (GimpProcedureConfig *config, AeUpscaleParams *params, GError **error)
{
  g_autofree char *model = NULL;

  ae_upscale_params_init (params);
  g_object_get (config, "width", &params->width, "height", &params->height, "robust", &params->robust, "wrap",
                &params->wrap, "model", &model, NULL);
  params->target = (AeUpscaleTarget)gimp_procedure_config_get_choice_id (config, "target");
  params->size = (AeUpscaleSize)gimp_procedure_config_get_choice_id (config, "size");
  return ae_params_set_model (params->model, model, error) && ae_upscale_params_check (params, error);
}

void
ae_upscale_config_write (GimpProcedureConfig *config, const AeUpscaleParams *params)
{
  g_object_set (config, "target", ae_upscale_target_name (params->target), "size",
                ae_upscale_size_name (params->size), "width", params->width, "height", params->height,
                "robust", params->robust, "wrap", params->wrap, "model", params->model, NULL);
}
