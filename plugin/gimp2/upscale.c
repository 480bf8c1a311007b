/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale.c - the procedure that enlarges: arguments. */

#include <ae/error.h>
#include "intl.h"
#include "last-values.h"
#include "names.h"
#include "procedure.h"
#include "upscale-apply.h"
#include "upscale-dialog.h"

enum
{
  ARG_RUN_MODE,
  ARG_IMAGE,
  ARG_DRAWABLE,
  ARG_TARGET,
  ARG_SIZE,
  ARG_WIDTH,
  ARG_HEIGHT,
  ARG_ROBUST,
  ARG_WRAP,
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
    { GIMP_PDB_DRAWABLE, (gchar *)"drawable", (gchar *)"Layer to enlarge, if the target is 0" },
    { GIMP_PDB_INT32, (gchar *)"target", (gchar *)"What to enlarge { LAYER (0), IMAGE (1), NEW-IMAGE (2) }" },
    { GIMP_PDB_INT32, (gchar *)"size",
      (gchar *)"How large it becomes { X2 (0), X3 (1), X4 (2), PIXELS (3), PERCENT (4) }" },
    { GIMP_PDB_FLOAT, (gchar *)"width",
      (gchar *)"New width of the layer or the image, if the size is in pixels or percent" },
    { GIMP_PDB_FLOAT, (gchar *)"height", (gchar *)"New height" },
    { GIMP_PDB_FLOAT, (gchar *)"robust",
      (gchar *)"0: faithful to every pixel, to 100: robust against noise, blur and compression" },
    { GIMP_PDB_INT32, (gchar *)"wrap", (gchar *)"Whether it is a texture that repeats { FALSE, TRUE }" },
    { GIMP_PDB_STRING, (gchar *)"model",
      (gchar *)"Name of a model or path of a model file (\"\" for the one that fits)" },
  };
  static const GimpParamDef results[]
    = { { GIMP_PDB_IMAGE, (gchar *)"image", (gchar *)"The image that was enlarged, or the new one" } };

  gimp_install_procedure (
    name, N_ ("Enlarge with a neural network"),
    "Enlarges a layer, or an image with all that is in it, up to four times. Layers are enlarged by a "
    "trained network, transparency by itself; masks, channels, paths, guides and selection go along. "
    "Models upscale-x2, upscale-x3 and upscale-x4 are looked for in the folder of the installation "
    "and in the user's folder gimp-autoencoder/models.",
    "The GIMP Autoencoder authors", "The GIMP Autoencoder authors, GPL-3.0-or-later", "2026",
    N_ ("Upscale (_Autoencoder)..."), "RGB*, GRAY*", GIMP_PLUGIN, N_ARGS, G_N_ELEMENTS (results), arguments,
    results);
  gimp_plugin_menu_register (name, "<Image>/Filters/Enhance");
}

/* The values of a non-interactive call, checked. */
static gboolean
read_arguments (AeUpscaleParams *params, int n_args, const GimpParam *args, GError **error)
{
  if (n_args != N_ARGS)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("%d arguments instead of %d"), n_args, N_ARGS);
      return FALSE;
    }
  params->target = (AeUpscaleTarget)args[ARG_TARGET].data.d_int32;
  params->size = (AeUpscaleSize)args[ARG_SIZE].data.d_int32;
  params->width = args[ARG_WIDTH].data.d_float;
  params->height = args[ARG_HEIGHT].data.d_float;
  params->robust = args[ARG_ROBUST].data.d_float;
  params->wrap = args[ARG_WRAP].data.d_int32 != 0;
  return ae_params_set_model (params->model, args[ARG_MODEL].data.d_string, error)
         && ae_upscale_params_check (params, error);
}

/* `params` hold what to begin with. */
static GimpPDBStatusType
ask (int n_args, const GimpParam *args, AeUpscaleParams *params, GError **error)
{
  const GimpRunMode mode = (GimpRunMode)args[ARG_RUN_MODE].data.d_int32;

  if (mode == GIMP_RUN_NONINTERACTIVE)
    return read_arguments (params, n_args, args, error) ? GIMP_PDB_SUCCESS : GIMP_PDB_CALLING_ERROR;
  ae_last_upscale_get (params);
  if (mode == GIMP_RUN_WITH_LAST_VALS)
    return GIMP_PDB_SUCCESS;
  if (!ae_upscale_dialog_run (args[ARG_IMAGE].data.d_image, args[ARG_DRAWABLE].data.d_drawable, params))
    return GIMP_PDB_CANCEL;
  /* Before the run: Cancel ends the process in the middle of it. */
  ae_last_upscale_set (params);
  return GIMP_PDB_SUCCESS;
}

static GimpPDBStatusType
run (const char *name, int n_args, const GimpParam *args, GimpParam *result, GError **error)
{
  AeUpscaleParams params;
  GimpPDBStatusType status;
  gint32 image;

  if (n_args <= ARG_DRAWABLE)
    return GIMP_PDB_CALLING_ERROR;
  ae_upscale_params_init (&params);
  status = ask (n_args, args, &params, error);
  if (status != GIMP_PDB_SUCCESS)
    return status;
  image = args[ARG_IMAGE].data.d_image;
  if (!ae_upscale_apply (&image, args[ARG_DRAWABLE].data.d_drawable, &params, error))
    return GIMP_PDB_EXECUTION_ERROR;
  if (args[ARG_RUN_MODE].data.d_int32 != GIMP_RUN_NONINTERACTIVE)
    {
      if (params.target == AE_UPSCALE_NEW_IMAGE)
        gimp_display_new (image);
      gimp_displays_flush ();
    }
  result->type = GIMP_PDB_IMAGE;
  result->data.d_image = image;
  return GIMP_PDB_SUCCESS;
}

const AeProcedure ae_upscale = { AE_UPSCALE, install, run, TRUE };
