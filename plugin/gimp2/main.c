/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* main.c - where GIMP 2.10 enters the plug-in. */

#include <string.h>
#include <gegl.h>
#include <libgimp/gimp.h>
#include <ae/catalogs.h>
#include "intl.h"
#include "procedure.h"

static const AeProcedure *const procedures[]
  = { &ae_denoise, &ae_denoise_new_layer, &ae_upscale, &ae_generate };

static void
query (void)
{
  gimp_plugin_domain_register (GETTEXT_PACKAGE, ae_catalogs_bind ());
  for (gsize i = 0; i < G_N_ELEMENTS (procedures); i++)
    procedures[i]->install (procedures[i]->name);
}

static const AeProcedure *
find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (procedures); i++)
    if (strcmp (name, procedures[i]->name) == 0)
      return procedures[i];
  return NULL;
}

static void
run (const gchar *name, gint n_params, const GimpParam *params, gint *n_return_vals, GimpParam **return_vals)
{
  /* GIMP reads them after this function has returned. */
  static GimpParam values[2];
  static char *message = NULL;
  const AeProcedure *procedure = find (name);
  g_autoptr (GError) error = NULL;
  GimpPDBStatusType status = GIMP_PDB_CALLING_ERROR;

  ae_catalogs_bind ();
  textdomain (GETTEXT_PACKAGE);
  gegl_init (NULL, NULL);

  if (procedure != NULL)
    status = procedure->run (name, n_params, params, &values[1], &error);
  values[0].type = GIMP_PDB_STATUS;
  values[0].data.d_status = status;
  *return_vals = values;
  *n_return_vals = procedure != NULL && procedure->has_result && status == GIMP_PDB_SUCCESS ? 2 : 1;
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
