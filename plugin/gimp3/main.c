/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* main.c - what GIMP 3 sees of the plug-in: registration, and the procedure's run. */

#include <locale.h>
#include <string.h>
#include <libgimp/gimp.h>
#include "core/params.h"
#include "apply.h"
#include "config.h"
#include "dialog.h"
#include "intl.h"
#include "names.h"

#define AE_TYPE_DENOISE_PLUG_IN (ae_denoise_plug_in_get_type ())
G_DECLARE_FINAL_TYPE (AeDenoisePlugIn, ae_denoise_plug_in, AE, DENOISE_PLUG_IN, GimpPlugIn)

struct _AeDenoisePlugIn
{
  GimpPlugIn parent_instance;
};

G_DEFINE_TYPE (AeDenoisePlugIn, ae_denoise_plug_in, GIMP_TYPE_PLUG_IN)

static GimpPDBStatusType
denoise (GimpProcedure *procedure, GimpRunMode mode, GimpDrawable **drawables, GimpProcedureConfig *config,
         GError **error)
{
  AeDenoiseParams params;

  for (int i = 0; drawables[i] != NULL; i++)
    if (!ae_apply_possible (drawables[i], error))
      return GIMP_PDB_EXECUTION_ERROR;
  if (mode == GIMP_RUN_INTERACTIVE && drawables[0] != NULL
      && !ae_dialog_run (procedure, config, drawables[0]))
    return GIMP_PDB_CANCEL;
  if (!ae_config_read (config, &params, error))
    return GIMP_PDB_CALLING_ERROR;
  if (!ae_apply (drawables, &params, error))
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

static GList *
query_procedures (GimpPlugIn *plug_in)
{
  return g_list_append (NULL, g_strdup (AE_PROCEDURE));
}

static GimpProcedure *
create_procedure (GimpPlugIn *plug_in, const char *name)
{
  GimpProcedure *procedure;

  if (strcmp (name, AE_PROCEDURE) != 0)
    return NULL;
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

/* FALSE: GIMP would look for the translations beside the plug-in; they are
 * where those of other programs are. */
static gboolean
set_i18n (GimpPlugIn *plug_in, const char *procedure, char **domain, char **folder)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  return FALSE;
}

static void
ae_denoise_plug_in_class_init (AeDenoisePlugInClass *klass)
{
  GimpPlugInClass *plug_in_class = GIMP_PLUG_IN_CLASS (klass);

  plug_in_class->query_procedures = query_procedures;
  plug_in_class->create_procedure = create_procedure;
  plug_in_class->set_i18n = set_i18n;
}

static void
ae_denoise_plug_in_init (AeDenoisePlugIn *plug_in)
{
}

GIMP_MAIN (AE_TYPE_DENOISE_PLUG_IN)
