/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate.c - the procedure that draws: registration, run modes. */

#include <gegl.h>
#include "apply.h"
#include "generate-apply.h"
#include "generate-config.h"
#include "generate-dialog.h"
#include "intl.h"
#include "names.h"
#include "procedure.h"

static GimpPDBStatusType
generate (GimpProcedure *procedure, GimpRunMode mode, GimpDrawable **drawables, GimpProcedureConfig *config,
          GError **error)
{
  AeGenerateParams params;

  if (!ae_apply_all_possible (drawables, error))
    return GIMP_PDB_EXECUTION_ERROR;
  if (mode == GIMP_RUN_INTERACTIVE && drawables[0] != NULL
      && !ae_generate_dialog_run (procedure, config, drawables[0]))
    return GIMP_PDB_CANCEL;
  if (!ae_generate_config_read (config, &params, error))
    return GIMP_PDB_CALLING_ERROR;
  if (!ae_generate_apply (drawables, &params, error))
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
  status = generate (procedure, mode, drawables, config, &error);
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
  gimp_procedure_set_menu_label (procedure, _ ("Generate (_Autoencoder)..."));
  gimp_procedure_add_menu_path (procedure, "<Image>/Filters/Render");
  gimp_procedure_set_documentation (
    procedure, _ ("Draw with a generative neural network"),
    "Fills the drawables, or what is selected of them, with what a generative model (the decoder of a "
    "variational autoencoder) makes of a few latent numbers: one sample as large as the area, or a grid "
    "of samples that fade into each other. The same values give the same pixels.",
    name);
  gimp_procedure_set_attribution (procedure, "The GIMP Autoencoder authors",
                                  "The GIMP Autoencoder authors, GPL-3.0-or-later", "2026");
  ae_generate_config_declare (procedure);
  return procedure;
}

const AeProcedure ae_generate = { AE_GENERATE, create };
