/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale.c - the procedure that enlarges: registration, arguments. */

#include <ae/error.h>
#include "core/upscale.h"
#include "intl.h"
#include "names.h"
#include "procedure.h"
#include "upscale-apply.h"

static GimpPDBStatusType
upscale (GimpRunMode mode, GimpImage **image, GimpDrawable **drawables, GimpProcedureConfig *config,
         GError **error)
{
  AeUpscaleParams params;
  g_autofree char *model = NULL;
  GimpLayer *layer = NULL;

  if (mode != GIMP_RUN_NONINTERACTIVE)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "run-mode is %d, expected %d", (int)mode,
                   (int)GIMP_RUN_NONINTERACTIVE);
      return GIMP_PDB_CALLING_ERROR;
    }
  ae_upscale_params_init (&params);
  g_object_get (config, "width", &params.width, "height", &params.height, "robust", &params.robust, "wrap",
                &params.wrap, "model", &model, NULL);
  params.target = (AeUpscaleTarget)gimp_procedure_config_get_choice_id (config, "target");
  params.size = (AeUpscaleSize)gimp_procedure_config_get_choice_id (config, "size");
  if (!ae_params_set_model (params.model, model, error))
    return GIMP_PDB_CALLING_ERROR;
  if (params.target == AE_UPSCALE_LAYER)
    {
      if (drawables[0] == NULL || drawables[1] != NULL || !GIMP_IS_LAYER (drawables[0]))
        {
          g_set_error_literal (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("Expected one layer."));
          return GIMP_PDB_CALLING_ERROR;
        }
      layer = GIMP_LAYER (drawables[0]);
    }
  return ae_upscale_apply (image, layer, &params, error) ? GIMP_PDB_SUCCESS : GIMP_PDB_EXECUTION_ERROR;
}

static GimpValueArray *
run (GimpProcedure *procedure, GimpRunMode mode, GimpImage *image, GimpDrawable **drawables,
     GimpProcedureConfig *config, gpointer data)
{
  GError *error = NULL;
  GimpPDBStatusType status;
  GimpValueArray *values;

  gegl_init (NULL, NULL);
  status = upscale (mode, &image, drawables, config, &error);
  values = gimp_procedure_new_return_values (procedure, status, error);
  if (status == GIMP_PDB_SUCCESS)
    g_value_set_object (gimp_value_array_index (values, 1), image);
  return values;
}

static GimpProcedure *
create (GimpPlugIn *plug_in, const char *name)
{
  GimpProcedure *procedure
    = gimp_image_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN, run, NULL, NULL);

  gimp_procedure_set_image_types (procedure, "RGB*, GRAY*");
  gimp_procedure_set_sensitivity_mask (procedure, GIMP_PROCEDURE_SENSITIVE_ALWAYS);
  gimp_procedure_set_documentation (
    procedure, "Enlarge with a neural network",
    "Enlarges a layer, or an image with all that is in it, up to four times. Layers are enlarged by a "
    "trained network, transparency by itself; masks, channels, paths, guides and selection go along. "
    "Models upscale-x2, upscale-x3 and upscale-x4 are looked for in the folder of the installation "
    "and in the user's folder gimp-autoencoder/models.",
    name);
  gimp_procedure_set_attribution (procedure, "The GIMP Autoencoder authors",
                                  "The GIMP Autoencoder authors, GPL-3.0-or-later", "2026");
  gimp_procedure_add_choice_argument (
    procedure, "target", "Target", "What to enlarge",
    gimp_choice_new_with_values ("layer", AE_UPSCALE_LAYER, "This layer", NULL, "image", AE_UPSCALE_IMAGE,
                                 "The image", NULL, "new-image", AE_UPSCALE_NEW_IMAGE, "A copy of the image",
                                 NULL, NULL),
    "image", G_PARAM_READWRITE);
  gimp_procedure_add_choice_argument (
    procedure, "size", "Size", "How large it becomes",
    gimp_choice_new_with_values ("x2", AE_UPSCALE_TWICE, "x2", NULL, "x3", AE_UPSCALE_THREE_TIMES, "x3", NULL,
                                 "x4", AE_UPSCALE_FOUR_TIMES, "x4", NULL, "pixels", AE_UPSCALE_PIXELS,
                                 "pixels", NULL, "percent", AE_UPSCALE_PERCENT, "percent", NULL, NULL),
    "x2", G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (
    procedure, "width", "Width", "New width of the layer or the image, if the size is in pixels or percent",
    1, AE_UPSCALE_SIZE_MAX, 200, G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (procedure, "height", "Height", "New height", 1, AE_UPSCALE_SIZE_MAX,
                                      200, G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (
    procedure, "robust", "Robust",
    "0: faithful to every pixel, to 100: robust against noise, blur and compression", 0, 100, 0,
    G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument (procedure, "wrap", "Wrap", "Whether it is a texture that repeats",
                                       FALSE, G_PARAM_READWRITE);
  gimp_procedure_add_string_argument (procedure, "model", "Model",
                                      "Name of a model or path of a model file (empty for the one that fits)",
                                      "", G_PARAM_READWRITE);
  gimp_procedure_add_image_return_value (
    procedure, "enlarged", "Image", "The image that was enlarged, or the new one", FALSE, G_PARAM_READWRITE);
  return procedure;
}

const AeProcedure ae_upscale = { AE_UPSCALE, create };
