/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* denoise.c - the procedures that denoise: arguments, run modes. */

#include <string.h>
#include <ae/error.h>
#include "core/controls.h"
#include "core/params.h"
#include "apply.h"
#include "denoise-dialog.h"
#include "intl.h"
#include "last-values.h"
#include "names.h"
#include "procedure.h"

enum
{
  ARG_RUN_MODE,
  ARG_IMAGE,
  ARG_DRAWABLE,
  ARG_MODEL,
  ARG_NOISE,
  ARG_STRENGTH,
  ARG_DETAIL,
  ARG_COLOR_NOISE,
  N_ARGS
};

static const GimpParamDef arguments[N_ARGS] = {
  { GIMP_PDB_INT32, (gchar *)"run-mode",
    (gchar *)"The run mode { RUN-INTERACTIVE (0), RUN-NONINTERACTIVE (1), RUN-WITH-LAST-VALS (2) }" },
  { GIMP_PDB_IMAGE, (gchar *)"image", (gchar *)"Input image" },
  { GIMP_PDB_DRAWABLE, (gchar *)"drawable", (gchar *)"Layer, mask or channel to denoise" },
  { GIMP_PDB_STRING, (gchar *)"model",
    (gchar *)"Name of a model or path of a model file (\"\" for the default)" },
  { GIMP_PDB_FLOAT, (gchar *)"noise",
    (gchar *)"Noise level: standard deviation in 8-bit steps, 0 to 75 (negative to estimate it)" },
  { GIMP_PDB_FLOAT, (gchar *)"strength",
    (gchar *)"Strength in percent: 0 leaves the picture as it is, 100 gives what the network makes of it" },
  { GIMP_PDB_FLOAT, (gchar *)"detail",
    (gchar *)"Percent of the structure that the network took out to put back, usually 0" },
  { GIMP_PDB_FLOAT, (gchar *)"color-noise",
    (gchar *)"Percent of the change of color, at equal luminance, to apply, usually 100" },
};

#define HELP                                                                                                 \
  "Runs a trained network over the drawable, which takes out noise and keeps detail. Only "                  \
  "what is selected changes; transparency does not. Model files are looked for in the "                      \
  "folder of the installation and in the user's folder gimp-autoencoder/models."
#define AUTHORS "The GIMP Autoencoder authors"
#define LICENSE "The GIMP Autoencoder authors, GPL-3.0-or-later"

static void
install (const char *name)
{
  gimp_install_procedure (name, N_ ("Remove noise with a neural network"), HELP, AUTHORS, LICENSE, "2026",
                          N_ ("Denoise (_Autoencoder)..."), "RGB*, GRAY*", GIMP_PLUGIN, N_ARGS, 0, arguments,
                          NULL);
  gimp_plugin_menu_register (name, "<Image>/Filters/Enhance");
}

static void
install_new_layer (const char *name)
{
  static const GimpParamDef results[]
    = { { GIMP_PDB_LAYER, (gchar *)"layer", (gchar *)"The new layer, above the one that was given" } };

  gimp_install_procedure (name, "Remove noise with a neural network, into a new layer",
                          HELP " The layer stays as it is; a copy of it, denoised, is put above it.", AUTHORS,
                          LICENSE, "2026", NULL, "RGB*, GRAY*", GIMP_PLUGIN, N_ARGS, 1, arguments, results);
}

/* The values of a non-interactive call, checked. */
static gboolean
read_arguments (AeDenoiseParams *params, int n_args, const GimpParam *args, GError **error)
{
  if (n_args != N_ARGS)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("%d arguments instead of %d"), n_args, N_ARGS);
      return FALSE;
    }
  if (!ae_denoise_params_set_model (params, args[ARG_MODEL].data.d_string, error))
    return FALSE;
  params->noise_auto = args[ARG_NOISE].data.d_float < 0.0;
  if (!params->noise_auto)
    params->sigma = args[ARG_NOISE].data.d_float;
  params->strength = args[ARG_STRENGTH].data.d_float;
  params->detail = args[ARG_DETAIL].data.d_float;
  params->color_noise = args[ARG_COLOR_NOISE].data.d_float;
  return ae_denoise_params_check (params, error);
}

/* `params` and `output` hold what to begin with. */
static GimpPDBStatusType
ask (GimpRunMode mode, int n_args, const GimpParam *args, AeDenoiseParams *params, AeOutput *output,
     GError **error)
{
  gint32 drawable = args[ARG_DRAWABLE].data.d_drawable;

  if (mode == GIMP_RUN_NONINTERACTIVE)
    return read_arguments (params, n_args, args, error) ? GIMP_PDB_SUCCESS : GIMP_PDB_CALLING_ERROR;
  ae_last_values_get (params, output);
  if (mode == GIMP_RUN_WITH_LAST_VALS)
    return GIMP_PDB_SUCCESS;
  if (!ae_denoise_dialog_run (drawable, params, output))
    return GIMP_PDB_CANCEL;
  /* Before the run: Cancel ends the process in the middle of it. */
  ae_last_values_set (params, *output);
  return GIMP_PDB_SUCCESS;
}

static GimpPDBStatusType
run (const char *name, int n_args, const GimpParam *args, GimpParam *result, GError **error)
{
  gboolean always_new = strcmp (name, AE_DENOISE_NEW_LAYER) == 0;
  AeOutput output = AE_OUTPUT_THIS_LAYER;
  AeDenoiseParams params;
  GimpRunMode mode;
  GimpPDBStatusType status;
  gint32 drawable;

  if (n_args <= ARG_DRAWABLE)
    return GIMP_PDB_CALLING_ERROR;
  mode = (GimpRunMode)args[ARG_RUN_MODE].data.d_int32;
  drawable = args[ARG_DRAWABLE].data.d_drawable;
  if (!ae_apply_possible (drawable, error))
    return GIMP_PDB_EXECUTION_ERROR;
  ae_denoise_params_init (&params);
  status = ask (mode, n_args, args, &params, &output, error);
  if (status != GIMP_PDB_SUCCESS)
    return status;

  if (always_new)
    output = AE_OUTPUT_NEW_LAYER;
  if (!ae_apply (&drawable, &params, output, error))
    return GIMP_PDB_EXECUTION_ERROR;
  if (mode != GIMP_RUN_NONINTERACTIVE)
    gimp_displays_flush ();
  if (always_new)
    {
      result->type = GIMP_PDB_LAYER;
      result->data.d_layer = drawable;
    }
  return GIMP_PDB_SUCCESS;
}

const AeProcedure ae_denoise = { AE_DENOISE, install, run, FALSE };
const AeProcedure ae_denoise_new_layer = { AE_DENOISE_NEW_LAYER, install_new_layer, run, TRUE };
