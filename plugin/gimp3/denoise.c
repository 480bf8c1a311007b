/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* denoise.c - the procedure that denoises: registration, run modes. */

#include <gegl.h>
#include "core/params.h"
#include "apply.h"
#include "config.h"
#include "denoise-dialog.h"
#include "intl.h"
#include "names.h"
#include "procedure.h"

static GimpPDBStatusType
denoise (GimpProcedure *procedure, GimpRunMode mode, GimpDrawable **drawables, GimpProcedureConfig *config,
         GError **error)
{
  AeDenoiseParams params;
  AeOutput output;

  if (!ae_apply_all_possible (drawables, error))
    return GIMP_PDB_EXECUTION_ERROR;
  if (mode == GIMP_RUN_INTERACTIVE && drawables[0] != NULL
      && !ae_denoise_dialog_run (procedure, config, drawables[0]))
    return GIMP_PDB_CANCEL;
  if (!ae_config_read (config, &params, &output, error))
    return GIMP_PDB_CALLING_ERROR;
  if (!ae_apply (drawables, &params, output, error))
    return GIMP_PDB_EXECUTION_ERROR;
  if (mode != GIMP_RUN_NONINTERACTIVE)
    gimp_displays_flush ();
  return GIMP_PDB_SUCCESS;
}

static GimpValueArray *
run (GimpProcedure *procedure, GimpRunMode mode, GimpImage *image, GimpDrawable **drawables,
     GimpProcedureConfig *config, gpointer data)
{
  GError *error = NULL;
  GimpPDBStatusType status;

  gegl_init (NULL, NULL);
  status = denoise (procedure, mode, drawables, config, &error);
  return gimp_procedure_new_return_values (procedure, status, error);
}

static GimpProcedure *
create (GimpPlugIn *plug_in, const char *name)
{
  GimpProcedure *procedure;

  procedure = gimp_image_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN, run, NULL, NULL);
  gimp_procedure_set_image_types (procedure, "RGB*, GRAY*");
  gimp_procedure_set_sensitivity_mask (procedure, GIMP_PROCEDURE_SENSITIVE_DRAWABLE
                                                    | GIMP_PROCEDURE_SENSITIVE_DRAWABLES);
  gimp_procedure_set_menu_label (procedure, _ ("Denoise (_Autoencoder)..."));
  gimp_procedure_add_menu_path (procedure, "<Image>/Filters/Enhance");
  gimp_procedure_set_documentation (
    procedure, _ ("Remove noise with a neural network"),
    "Runs a trained network over the drawables, which takes out noise and keeps detail. Only "
    "what is selected changes; transparency does not. Model files are looked for in the "
    "folder of the installation and in the user's folder gimp-autoencoder/models.",
    name);
  gimp_procedure_set_attribution (procedure, "The GIMP Autoencoder authors",
                                  "The GIMP Autoencoder authors, GPL-3.0-or-later", "2026");
  ae_config_declare (procedure);
  return procedure;
}

const AeProcedure ae_denoise = { AE_DENOISE, create };
