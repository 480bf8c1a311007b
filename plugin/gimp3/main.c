/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* main.c - where GIMP 3 enters the plug-in. */

#include <locale.h>
#include <string.h>
#include <libgimp/gimp.h>
#include <ae/catalogs.h>
#include "intl.h"
#include "procedure.h"

static const AeProcedure *const procedures[] = { &ae_denoise, &ae_upscale, &ae_generate };

#define AE_TYPE_PLUG_IN (ae_plug_in_get_type ())
G_DECLARE_FINAL_TYPE (AePlugIn, ae_plug_in, AE, PLUG_IN, GimpPlugIn)

struct _AePlugIn
{
  GimpPlugIn parent_instance;
};

G_DEFINE_TYPE (AePlugIn, ae_plug_in, GIMP_TYPE_PLUG_IN)

static GList *
query_procedures (GimpPlugIn *plug_in)
{
  GList *names = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (procedures); i++)
    names = g_list_append (names, g_strdup (procedures[i]->name));
  return names;
}

static GimpProcedure *
create_procedure (GimpPlugIn *plug_in, const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (procedures); i++)
    if (strcmp (name, procedures[i]->name) == 0)
      return procedures[i]->create (plug_in, name);
  return NULL;
}

/* FALSE: GIMP would look for the translations beside the plug-in; they are
 * where those of other programs are. */
static gboolean
set_i18n (GimpPlugIn *plug_in, const char *procedure, char **domain, char **folder)
{
  setlocale (LC_ALL, "");
  ae_catalogs_bind ();
  textdomain (GETTEXT_PACKAGE);
  return FALSE;
}

static void
ae_plug_in_class_init (AePlugInClass *klass)
{
  GimpPlugInClass *plug_in_class = GIMP_PLUG_IN_CLASS (klass);

  plug_in_class->query_procedures = query_procedures;
  plug_in_class->create_procedure = create_procedure;
  plug_in_class->set_i18n = set_i18n;
}

static void
ae_plug_in_init (AePlugIn *plug_in)
{
}

GIMP_MAIN (AE_TYPE_PLUG_IN)
