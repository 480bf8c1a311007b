/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate.c - the procedure that draws: arguments, run modes. */

#include <ae/error.h>
#include "apply.h"
#include "generate-apply.h"
#include "generate-dialog.h"
#include "intl.h"
#include "last-values.h"
#include "names.h"
#include "procedure.h"

enum
{
  ARG_RUN_MODE,
  ARG_IMAGE,
  ARG_DRAWABLE,
  ARG_FILL,
  ARG_CELL,
  ARG_OVERLAP,
  ARG_VARIETY,
  ARG_SEED,
  ARG_CLASS,
  ARG_LATENT,
  ARG_MODEL,
  N_ARGS
};

static void
install (const char *name)
{
  static const GimpParamDef arguments[N_ARGS] = {
    { GIMP_PDB_INT32, (gchar *)"run-mode",
      (gchar *)"The run mode { RUN-INTERACTIVE (0), RUN-NONINTERACTIVE (1), RUN-WITH-LAST-VALS (2) }" },
    { GIMP_PDB_IMAGE, (gchar *)"image", (gchar *)"Input image" },
    { GIMP_PDB_DRAWABLE, (gchar *)"drawable", (gchar *)"Drawable to fill, where it is selected" },
    { GIMP_PDB_INT32, (gchar *)"fill", (gchar *)"What to fill with { SAMPLE (0), GRID (1) }" },
    { GIMP_PDB_INT32, (gchar *)"cell", (gchar *)"Width of a cell of the grid in pixels, 8 to 1024" },
    { GIMP_PDB_FLOAT, (gchar *)"overlap",
      (gchar *)"How far neighboring cells fade into each other, in percent of a cell" },
    { GIMP_PDB_FLOAT, (gchar *)"variety",
      (gchar *)"How much cells differ, 0 (not at all) to 100 (each is drawn by itself)" },
    { GIMP_PDB_INT32, (gchar *)"seed",
      (gchar *)"The number from which all that is random is drawn, 0 or more" },
    { GIMP_PDB_INT32, (gchar *)"class",
      (gchar *)"What to draw with a model that knows kinds of pictures; -1 for any" },
    { GIMP_PDB_STRING, (gchar *)"latent",
      (gchar *)"Latent numbers, separated by commas; the seed draws those that are not given" },
    { GIMP_PDB_STRING, (gchar *)"model",
      (gchar *)"Name of a model or path of a model file (\"\" for the default)" },
  };

  gimp_install_procedure (
    name, N_ ("Draw with a generative neural network"),
    "Fills the drawable, or what is selected of it, with what a generative model (the decoder of a "
    "variational autoencoder) makes of a few latent numbers: one sample as large as the area, or a grid "
    "of samples that fade into each other. The same values give the same pixels.",
    "The GIMP Autoencoder authors", "The GIMP Autoencoder authors, GPL-3.0-or-later", "2026",
    N_ ("Generate (_Autoencoder)..."), "RGB*, GRAY*", GIMP_PLUGIN, N_ARGS, 0, arguments, NULL);
  gimp_plugin_menu_register (name, "<Image>/Filters/Render");
}

/* The values of a non-interactive call, checked. */
static gboolean
read_arguments (AeGenerateParams *params, int n_args, const GimpParam *args, GError **error)
{
  if (n_args != N_ARGS)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("%d arguments instead of %d"), n_args, N_ARGS);
      return FALSE;
    }
  params->fill = (AeGenerateFill)args[ARG_FILL].data.d_int32;
  params->cell = args[ARG_CELL].data.d_int32;
  params->overlap = args[ARG_OVERLAP].data.d_float;
  params->variety = args[ARG_VARIETY].data.d_float;
  params->seed = args[ARG_SEED].data.d_int32;
  params->label = args[ARG_CLASS].data.d_int32;
  return ae_generate_params_parse_latent (params, args[ARG_LATENT].data.d_string, error)
         && ae_params_set_model (params->model, args[ARG_MODEL].data.d_string, error)
         && ae_generate_params_check (params, error);
}

/* `params` hold what to begin with. */
static GimpPDBStatusType
ask (int n_args, const GimpParam *args, AeGenerateParams *params, GError **error)
{
  const GimpRunMode mode = (GimpRunMode)args[ARG_RUN_MODE].data.d_int32;

  if (mode == GIMP_RUN_NONINTERACTIVE)
    return read_arguments (params, n_args, args, error) ? GIMP_PDB_SUCCESS : GIMP_PDB_CALLING_ERROR;
  ae_last_generate_get (params);
  if (mode == GIMP_RUN_WITH_LAST_VALS)
    return GIMP_PDB_SUCCESS;
  if (!ae_generate_dialog_run (args[ARG_DRAWABLE].data.d_drawable, params))
    return GIMP_PDB_CANCEL;
  /* Before the run: Cancel ends the process in the middle of it. */
  ae_last_generate_set (params);
  return GIMP_PDB_SUCCESS;
}

static GimpPDBStatusType
run (const char *name, int n_args, const GimpParam *args, GimpParam *result, GError **error)
{
  AeGenerateParams params;
  GimpPDBStatusType status;
  gint32 drawable;

  if (n_args <= ARG_DRAWABLE)
    return GIMP_PDB_CALLING_ERROR;
  drawable = args[ARG_DRAWABLE].data.d_drawable;
  if (!ae_apply_possible (drawable, error))
    return GIMP_PDB_EXECUTION_ERROR;
  ae_generate_params_init (&params);
  status = ask (n_args, args, &params, error);
  if (status != GIMP_PDB_SUCCESS)
    return status;
  if (!ae_generate_apply (drawable, &params, error))
    return GIMP_PDB_EXECUTION_ERROR;
  if (args[ARG_RUN_MODE].data.d_int32 != GIMP_RUN_NONINTERACTIVE)
    gimp_displays_flush ();
  return GIMP_PDB_SUCCESS;
}

const AeProcedure ae_generate = { AE_GENERATE, install, run, FALSE };
