/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* recipe-network.c - reads the network of a recipe. */

#include "recipe-private.h"
#include "networks.h"

#include <string.h>

#define GROUP "network"
#define WIDTHS_MAX 8

typedef struct
{
  int widths[WIDTHS_MAX], n_widths;
  int unshuffle, blocks, scale, bias;
} Keys;

/* A whole number, `otherwise` if the key is not there. */
static gboolean
whole (AeRecipe *r, GKeyFile *file, const char *key, int min, int max, int otherwise, int *to, GError **error)
{
  g_autofree char *text = g_key_file_get_string (file, GROUP, key, NULL);
  double value = otherwise;

  if (text && !ae_recipe_number (r, GROUP, key, g_strstrip (text), min, max, &value, error))
    return FALSE;
  if (value != (int)value)
    return ae_recipe_fail (r, GROUP, key, error, "%s is %s, expected a whole number", key, text);
  *to = (int)value;
  return TRUE;
}

static gboolean
read_widths (AeRecipe *r, GKeyFile *file, Keys *k, GError **error)
{
  g_auto (GStrv) widths = g_key_file_get_string_list (file, GROUP, "widths", NULL, NULL);
  double value;

  for (; widths && widths[k->n_widths]; k->n_widths++)
    {
      if (k->n_widths == WIDTHS_MAX)
        return ae_recipe_fail (r, GROUP, "widths", error, "widths: more than %d levels", WIDTHS_MAX);
      if (!ae_recipe_number (r, GROUP, "widths", widths[k->n_widths], 1, AE_GRAPH_CHANNELS_MAX, &value,
                             error))
        return FALSE;
      if (value != (int)value)
        return ae_recipe_fail (r, GROUP, "widths", error, "widths is %s, expected whole numbers",
                               widths[k->n_widths]);
      k->widths[k->n_widths] = (int)value;
    }
  return k->n_widths > 0 || ae_recipe_fail (r, GROUP, NULL, error, "[network] widths is missing");
}

/* Keys of one family are no use to another. */
static gboolean
refuse (AeRecipe *r, GKeyFile *file, const char *key, const char *family, GError **error)
{
  if (!g_key_file_has_key (file, GROUP, key, NULL))
    return TRUE;
  return ae_recipe_fail (r, GROUP, key, error, "%s has no meaning for the family %s", key, family);
}

static char *
read_unet (AeRecipe *r, GKeyFile *file, Keys *k, GError **error)
{
  gboolean upscale = strcmp (r->task, "upscale") == 0, denoise = strcmp (r->task, "denoise") == 0;
  AeUnet unet;

  if (!refuse (r, file, upscale ? "unshuffle" : "scale", "unet", error)
      || !whole (r, file, "blocks", 1, 64, 2, &k->blocks, error)
      || !whole (r, file, "unshuffle", 1, 4, 1, &k->unshuffle, error)
      || !whole (r, file, "scale", 2, 4, upscale ? 2 : 1, &k->scale, error))
    return NULL;
  unet = (AeUnet){ k->unshuffle, k->widths, k->n_widths, k->blocks, k->bias, denoise, k->scale };
  return ae_network_unet (&unet);
}

/* Families that enlarge and have one width. */
static char *
read_enlarger (AeRecipe *r, GKeyFile *file, const char *family, Keys *k, GError **error)
{
  AeEnlarger enlarger;

  if (!refuse (r, file, "unshuffle", family, error) || !whole (r, file, "blocks", 1, 64, 8, &k->blocks, error)
      || !whole (r, file, "scale", 2, 4, 2, &k->scale, error))
    return NULL;
  if (k->n_widths != 1)
    {
      ae_recipe_fail (r, GROUP, "widths", error, "widths: %d numbers, expected 1 for the family %s",
                      k->n_widths, family);
      return NULL;
    }
  enlarger = (AeEnlarger){ k->scale, k->widths[0], k->blocks, k->bias };
  if (strcmp (family, "plain") == 0)
    return ae_network_plain (&enlarger);
  return strcmp (family, "residual") == 0 ? ae_network_residual (&enlarger)
                                          : ae_network_reparameterized (&enlarger);
}

static char *
read_family (AeRecipe *r, GKeyFile *file, GError **error)
{
  static const char *const families[] = { "unet", "residual", "plain", "reparameterized", NULL };
  g_autofree char *family = g_key_file_get_string (file, GROUP, "family", NULL);
  Keys k = { .n_widths = 0 };

  if (!family || !g_strv_contains (families, g_strstrip (family)))
    {
      ae_recipe_fail (
        r, GROUP, family ? "family" : NULL, error,
        "[network] family is %s, expected unet, residual, plain or reparameterized (or a text under graph)",
        family ? family : "missing");
      return NULL;
    }
  if (!read_widths (r, file, &k, error) || !whole (r, file, "bias", 0, 1, 1, &k.bias, error))
    return NULL;
  return strcmp (family, "unet") == 0 ? read_unet (r, file, &k, error)
                                      : read_enlarger (r, file, family, &k, error);
}

gboolean
ae_recipe_read_network (AeRecipe *r, GKeyFile *file, GError **error)
{
  g_autofree char *text = g_key_file_get_string (file, GROUP, "graph", NULL);

  if (!text)
    text = read_family (r, file, error);
  if (!text)
    return FALSE;
  r->graph = ae_graph_parse (text, r->path, error);
  return r->graph != NULL;
}
