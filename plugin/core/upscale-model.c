/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-model.c - finds the weights for a factor, and those between faithful and robust. */

#include "upscale.h"

#include <ae/error.h>
#include <string.h>
#include "intl.h"

#define ENDING ".safetensors"

#define ROBUST "-robust"

const AeCatalogueEntry *
ae_upscale_default_model (const AeCatalogue *catalogue, int factor)
{
  for (int n = factor; n <= AE_UPSCALE_TIMES_MAX; n++)
    {
      g_autofree char *name = g_strdup_printf ("upscale-x%d", n);
      const AeCatalogueEntry *entry = ae_catalogue_find (catalogue, name);

      if (entry && !entry->problem)
        return entry;
    }
  return NULL;
}

/* The installed model that is enough for a factor; if there is none, the name that it would have. */
static char *
default_name (const AeCatalogue *catalogue, int factor)
{
  const AeCatalogueEntry *entry = ae_upscale_default_model (catalogue, factor);

  return entry ? g_strdup (entry->name) : g_strdup_printf ("upscale-x%d", factor);
}

/* NAME-robust, or FOLDER/NAME-robust.safetensors. */
static char *
robust_name (const char *model)
{
  g_autofree char *stem = NULL;

  if (!g_str_has_suffix (model, ENDING))
    return g_strconcat (model, ROBUST, NULL);
  stem = g_strndup (model, strlen (model) - strlen (ENDING));
  return g_strconcat (stem, ROBUST ENDING, NULL);
}

/* What is known of a model by its name or path, see ae_catalogue_load ().  Free the copy. */
static const AeCatalogueEntry *
look_up (const AeCatalogue *catalogue, const char *model, AeCatalogueEntry **copy)
{
  const AeCatalogueEntry *entry = ae_catalogue_find (catalogue, model);

  *copy = entry ? NULL : ae_catalogue_entry_new (model);
  return entry ? entry : *copy;
}

char *
ae_upscale_model_problem (const AeCatalogue *catalogue, const char *model, int factor)
{
  g_autoptr (AeCatalogueEntry) copy = NULL;
  const AeCatalogueEntry *entry;

  if (*model)
    {
      entry = look_up (catalogue, model, &copy);
      if (entry->problem)
        return g_strdup (entry->problem);
      if (entry->scale < factor)
        return g_strdup_printf (_ ("The model %s enlarges %d times at most. Choose a smaller size or another "
                                   "model."),
                                entry->name, entry->scale);
      return NULL;
    }
  if (!ae_upscale_default_model (catalogue, factor))
    {
      g_autofree char *folder = ae_catalogue_user_folder ();

      return g_strdup_printf (
        _ ("No model that enlarges %d times is installed. Put a file upscale-x%d.safetensors "
           "into %s, or choose another model."),
        factor, factor, folder);
    }
  return NULL;
}

char *
ae_upscale_robust_problem (const AeCatalogue *catalogue, const char *model, int factor)
{
  g_autofree char *name = *model ? g_strdup (model) : default_name (catalogue, factor);
  g_autofree char *other = robust_name (name);
  g_autoptr (AeCatalogueEntry) copy = NULL;
  const AeCatalogueEntry *entry = look_up (catalogue, other, &copy);
  g_autofree char *base = g_path_get_basename (other);

  if (!entry->problem && g_strcmp0 (entry->task, "upscale") == 0)
    return NULL;
  return g_strdup_printf (_ ("There are no robust weights for this model (%s)."), base);
}

gboolean
ae_upscale_is_robust_end (const AeCatalogue *catalogue, const AeCatalogueEntry *entry)
{
  g_autofree char *stem = NULL;
  const AeCatalogueEntry *other;

  if (!g_str_has_suffix (entry->name, ROBUST))
    return FALSE;
  stem = g_strndup (entry->name, strlen (entry->name) - strlen (ROBUST));
  other = ae_catalogue_find (catalogue, stem);
  return other && !other->problem && g_strcmp0 (other->task, "upscale") == 0;
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
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("robust is %g, expected 0 to 100"), robust);
      return NULL;
    }
  faithful = ae_catalogue_load (catalogue, name, "upscale", error);
  if (!faithful || robust <= 0)
    return g_steal_pointer (&faithful);
  other = ae_catalogue_load (catalogue, other_name, "upscale", error);
  return other ? ae_model_mix (faithful, other, robust / 100, error) : NULL;
}
