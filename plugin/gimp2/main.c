/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* main.c - what GIMP 2.10 sees of the plug-in: registration, and the procedure's run. */

#include <locale.h>
#include <string.h>
#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>
#include <ae/error.h>
#include "core/params.h"
#include "apply.h"
#include "dialog.h"
#include "intl.h"
#include "last-values.h"
#include "names.h"

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

static void
query (void)
{
  static const GimpParamDef args[N_ARGS] = {
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

  gimp_plugin_domain_register (GETTEXT_PACKAGE, LOCALEDIR);
  gimp_install_procedure (
    AE_PROCEDURE, N_ ("Remove noise with a neural network"),
    "Runs a trained network over the drawable, which takes out noise and keeps detail. Only "
    "what is selected changes; transparency does not. Model files are looked for in the "
    "folder of the installation and in the user's folder gimp-autoencoder/models.",
    "The GIMP Autoencoder authors", "The GIMP Autoencoder authors, GPL-3.0-or-later", "2026",
    N_ ("Denoise (_Autoencoder)..."), "RGB*, GRAY*", GIMP_PLUGIN, G_N_ELEMENTS (args), 0, args, NULL);
  gimp_plugin_menu_register (AE_PROCEDURE, "<Image>/Filters/Enhance");
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

static GimpPDBStatusType
denoise (GimpRunMode mode, int n_args, const GimpParam *args, GError **error)
{
  gint32 drawable = args[ARG_DRAWABLE].data.d_drawable;
  AeDenoiseParams params;

  if (!ae_apply_possible (drawable, error))
    return GIMP_PDB_EXECUTION_ERROR;

  ae_denoise_params_init (&params);
  switch (mode)
    {
    case GIMP_RUN_INTERACTIVE:
      ae_last_values_get (&params);
      if (!ae_dialog_run (drawable, &params))
        return GIMP_PDB_CANCEL;
      break;
    case GIMP_RUN_NONINTERACTIVE:
      if (!read_arguments (&params, n_args, args, error))
        return GIMP_PDB_CALLING_ERROR;
      break;
    case GIMP_RUN_WITH_LAST_VALS:
      ae_last_values_get (&params);
      break;
    }

  /* Before the run: Cancel ends the process in the middle of it. */
  if (mode == GIMP_RUN_INTERACTIVE)
    ae_last_values_set (&params);
  if (!ae_apply (drawable, &params, error))
    return GIMP_PDB_EXECUTION_ERROR;
  if (mode != GIMP_RUN_NONINTERACTIVE)
    gimp_displays_flush ();
  return GIMP_PDB_SUCCESS;
}

static void
run (const gchar *name, gint n_params, const GimpParam *params, gint *n_return_vals, GimpParam **return_vals)
{
  /* GIMP reads them after this function has returned. */
  static GimpParam values[2];
  static char *message = NULL;
  g_autoptr (GError) error = NULL;

  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  gegl_init (NULL, NULL);

  values[0].type = GIMP_PDB_STATUS;
  if (strcmp (name, AE_PROCEDURE) != 0 || n_params <= ARG_DRAWABLE)
    values[0].data.d_status = GIMP_PDB_CALLING_ERROR;
  else
    values[0].data.d_status
      = denoise ((GimpRunMode)params[ARG_RUN_MODE].data.d_int32, n_params, params, &error);
  *return_vals = values;
  *n_return_vals = 1;
  if (error != NULL)
    {
      g_free (message);
      message = g_strdup (error->message);
      values[1].type = GIMP_PDB_STRING;
      values[1].data.d_string = message;
      *n_return_vals = 2;
    }
}

const GimpPlugInInfo PLUG_IN_INFO = { NULL, NULL, query, run };

MAIN ()
