/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* recipe-private.h - what the files that read recipes share. */

#ifndef AE_RECIPE_PRIVATE_H
#define AE_RECIPE_PRIVATE_H

#include "recipe.h"

/* Sets an error that names file and line of the key, or of the group where key is NULL.  Returns FALSE. */
gboolean ae_recipe_fail (const AeRecipe *recipe, const char *group, const char *key, GError **error,
                         const char *format, ...) G_GNUC_PRINTF (5, 6);

/* Reads the text of a key as a number from min to max. */
gboolean ae_recipe_number (const AeRecipe *recipe, const char *group, const char *key, const char *text,
                           double min, double max, double *value, GError **error);

/* Reads [network] into recipe->graph. */
gboolean ae_recipe_read_network (AeRecipe *recipe, GKeyFile *file, GError **error);

#endif
