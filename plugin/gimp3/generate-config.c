/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-config.c - the arguments of the drawing procedure as values of the core. */

#include "generate-config.h"
#include "core/generate-controls.h"

static GimpChoice *
fill_choice (void)
{
  GimpChoice *fills = gimp_choice_new ();

  for (int i = 0; i < AE_N_GENERATE_FILLS; i++)
    gimp_choice_add (fills, ae_generate_fill_name ((AeGenerateFill)i), i,
                     ae_generate_fill_label ((AeGenerateFill)i), NULL);
  return fills;
}

static void
declare_whole (GimpProcedure *procedure, const char *name, AeGenerateControl control, int least, int most,
               int value)
{
  gimp_procedure_add_int_argument (procedure, name, ae_generate_control_label (control),
                                   ae_generate_control_tooltip (control), least, most, value,
                                   G_PARAM_READWRITE);
}

static void
declare_percent (GimpProcedure *procedure, const char *name, AeGenerateControl control, double value)
{
  gimp_procedure_add_double_argument (procedure, name, ae_generate_control_label (control),
                                      ae_generate_control_tooltip (control), 0, 100, value,
                                      G_PARAM_READWRITE);
}

void
ae_generate_config_declare (GimpProcedure *procedure)
{
  AeGenerateParams params;

  ae_generate_params_init (&params);
  gimp_procedure_add_choice_argument (procedure, "fill", ae_generate_control_label (AE_GENERATE_CONTROL_FILL),
                                      ae_generate_control_tooltip (AE_GENERATE_CONTROL_FILL), fill_choice (),
                                      ae_generate_fill_name (params.fill), G_PARAM_READWRITE);
  declare_whole (procedure, "cell", AE_GENERATE_CONTROL_CELL, AE_GENERATE_CELL_MIN, AE_GENERATE_CELL_MAX,
                 params.cell);
  declare_percent (procedure, "overlap", AE_GENERATE_CONTROL_OVERLAP, params.overlap);
  declare_percent (procedure, "variety", AE_GENERATE_CONTROL_VARIETY, params.variety);
  declare_whole (procedure, "seed", AE_GENERATE_CONTROL_SEED, 0, G_MAXINT, params.seed);
  declare_whole (procedure, "class", AE_GENERATE_CONTROL_CLASS, AE_GENERATE_ANY_CLASS, AE_GENERATE_CLASS_MAX,
                 params.label);
  gimp_procedure_add_string_argument (
    procedure, "latent", ae_generate_control_label (AE_GENERATE_CONTROL_PAD),
    "Latent numbers, separated by commas; the seed draws those that are not given", "", G_PARAM_READWRITE);
  gimp_procedure_add_string_argument (
    procedure, "model", ae_generate_control_label (AE_GENERATE_CONTROL_MODEL),
    "Name of a model or path of a model file (empty for the default)", params.model, G_PARAM_READWRITE);
}

gboolean
ae_generate_config_read (GimpProcedureConfig *config, AeGenerateParams *params, GError **error)
{
  g_autofree char *model = NULL, *latent = NULL;

  ae_generate_params_init (params);
  g_object_get (config, "cell", &params->cell, "overlap", &params->overlap, "variety", &params->variety,
                "seed", &params->seed, "class", &params->label, "latent", &latent, "model", &model, NULL);
  params->fill = (AeGenerateFill)gimp_procedure_config_get_choice_id (config, "fill");
  return ae_generate_params_parse_latent (params, latent, error)
         && ae_params_set_model (params->model, model, error) && ae_generate_params_check (params, error);
}

void
ae_generate_config_write (GimpProcedureConfig *config, const AeGenerateParams *params)
{
  g_autofree char *latent = ae_generate_params_latent_text (params);

  g_object_set (config, "fill", ae_generate_fill_name (params->fill), "cell", params->cell, "overlap",
                params->overlap, "variety", params->variety, "seed", params->seed, "class", params->label,
                "latent", latent, "model", params->model, NULL);
}
