/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-model.c - finds the weights for a factor, and those between faithful and robust. */

#include "upscale.h"

#include <ae/error.h>
#include <string.h>

#define ENDING ".safetensors"

/* The installed model that is enough for a factor; if there is none, the name that it would have. */
static char *
default_name (const AeCatalogue *catalogue, int factor)
{
  for (int n = factor; n <= AE_UPSCALE_TIMES_MAX; n++)
    {
      g_autofree char *name = g_strdup_printf ("upscale-x%d", n);
      const AeCatalogueEntry *entry = ae_catalogue_find (catalogue, name);

      if (entry && !entry->problem)
        return g_steal_pointer (&name);
    }
  return g_strdup_printf ("upscale-x%d", factor);
}

/* NAME-robust, or FOLDER/NAME-robust.safetensors. */
static char *
robust_name (const char *model)
{
  g_autofree char *stem = NULL;

  if (!g_str_has_suffix (model, ENDING))
    return g_strconcat (model, "-robust", NULL);
  stem = g_strndup (model, strlen (model) - strlen (ENDING));
  return g_strconcat (stem, "-robust" ENDING, NULL);
}

AeModel *
ae_upscale_load_model (const AeCatalogue *catalogue, const char *model, int factor, double robust,
                       GError **error)
{
  g_autofree char *name = model && *model ? g_strdup (model) : default_name (catalogue, factor);
  g_autofree char *other_name = robust_name (name);
  g_autoptr (AeModel) faithful = NULL, other = NULL;

  if (!(robust >= 0 && robust <= 100))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "robust is %g, expected 0 to 100", robust);
      return NULL;
    }
  faithful = ae_catalogue_load (catalogue, name, "upscale", error);
  if (!faithful || robust <= 0)
    return g_steal_pointer (&faithful);
  other = ae_catalogue_load (catalogue, other_name, "upscale", error);
  return other ? ae_model_mix (faithful, other, robust / 100, error) : NULL;
}
