/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale.c - the procedure that enlarges: registration, run modes. */

#include <gegl.h>
#include "intl.h"
#include "names.h"
#include "procedure.h"
#include "upscale-apply.h"
#include "upscale-config.h"
#include "upscale-dialog.h"

static GimpPDBStatusType
upscale (GimpProcedure *procedure, GimpRunMode mode, GimpImage **image, GimpDrawable **drawables,
         GimpProcedureConfig *config, GError **error)
{
  /* a layer alone, or nothing that could be enlarged by itself */
  GimpLayer *layer = drawables[0] != NULL && drawables[1] == NULL && GIMP_IS_LAYER (drawables[0])
                         && !gimp_item_is_group (GIMP_ITEM (drawables[0]))
                       ? GIMP_LAYER (drawables[0])
                       : NULL;
  AeUpscaleParams params;

  if (mode == GIMP_RUN_INTERACTIVE && !ae_upscale_dialog_run (procedure, config, *image, layer))
    return GIMP_PDB_CANCEL;
  if (!ae_upscale_config_read (config, &params, error))
    return GIMP_PDB_CALLING_ERROR;
  if (!ae_upscale_apply (image, layer, &params, error))
    return GIMP_PDB_EXECUTION_ERROR;
  if (mode != GIMP_RUN_NONINTERACTIVE)
    {
      if (params.target == AE_UPSCALE_NEW_IMAGE)
        gimp_display_new (*image);
      gimp_displays_flush ();
    }
  return GIMP_PDB_SUCCESS;
}

static GimpValueArray *
run (GimpProcedure *procedure, GimpRunMode mode, GimpImage *image, GimpDrawable **drawables,
     GimpProcedureConfig *config, gpointer data)
{
  GError *error = NULL;
  GimpPDBStatusType status;
  GimpValueArray *values;

  gegl_init (NULL, NULL);
  status = upscale (procedure, mode, &image, drawables, config, &error);
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
  gimp_procedure_set_sensitivity_mask (procedure, GIMP_PROCEDURE_SENSITIVE_DRAWABLE
                                                    | GIMP_PROCEDURE_SENSITIVE_DRAWABLES
                                                    | GIMP_PROCEDURE_SENSITIVE_NO_DRAWABLES);
  gimp_procedure_set_menu_label (procedure, _ ("Upscale (_Autoencoder)..."));
  gimp_procedure_add_menu_path (procedure, "<Image>/Filters/Enhance");
  gimp_procedure_set_documentation (
    procedure, _ ("Enlarge with a neural network"),
    "Enlarges a layer, or an image with all that is in it, up to four times. Layers are enlarged by a "
    "trained network, transparency by itself; masks, channels, paths, guides and selection go along. "
    "Models upscale-x2, upscale-x3 and upscale-x4 are looked for in the folder of the installation "
    "and in the user's folder gimp-autoencoder/models.",
    name);
  gimp_procedure_set_attribution (procedure, "The GIMP Autoencoder authors",
                                  "The GIMP Autoencoder authors, GPL-3.0-or-later", "2026");
  ae_upscale_config_declare (procedure);
  gimp_procedure_add_image_return_value (
    procedure, "enlarged", "Image", "The image that was enlarged, or the new one", FALSE, G_PARAM_READWRITE);
  return procedure;
}

const AeProcedure ae_upscale = { AE_UPSCALE, create };
