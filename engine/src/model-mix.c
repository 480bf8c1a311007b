/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* model-mix.c - a model between two others. */

#include <ae/error.h>
#include <ae/model.h>
#include <string.h>

#include "intl.h"
#include "quote.h"

static gboolean
check (const AeModel *a, const AeModel *b, double share, GError **error)
{
  const char *name_a = ae_model_meta (a, "ae.name"), *name_b = ae_model_meta (b, "ae.name");
  g_autofree char *shown_a = ae_quote (name_a ? name_a : ""), *shown_b = ae_quote (name_b ? name_b : "");

  if (!(share >= 0 && share <= 1))
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("share of the model %s: %g, expected 0 to 1"),
                 shown_b, share);
  else if (g_strcmp0 (ae_model_meta (a, "ae.task"), ae_model_meta (b, "ae.task")) != 0)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                 _ ("the models %s and %s cannot be mixed: their tasks are not the same"), shown_a, shown_b);
  else if (strcmp (ae_graph_text (ae_model_graph (a)), ae_graph_text (ae_model_graph (b))) != 0)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                 _ ("the models %s and %s cannot be mixed: their graphs are not the same"), shown_a, shown_b);
  else
    return TRUE;
  return FALSE;
}

/* ae_model_new () sets digest, format and graph. */
static GHashTable *
meta_of (const AeModel *model)
{
  GHashTable *meta = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) keys = ae_model_meta_keys (model);

  for (int i = 0; keys[i]; i++)
    if (strcmp (keys[i], "ae.recipe") != 0)
      g_hash_table_insert (meta, g_strdup (keys[i]), g_strdup (ae_model_meta (model, keys[i])));
  return meta;
}

AeModel *
ae_model_mix (AeModel *a, AeModel *b, double share, GError **error)
{
  const AeGraph *graph = ae_model_graph (a);
  g_autofree float *values = NULL;
  g_autoptr (GHashTable) meta = NULL;
  gsize n = 0;

  if (!check (a, b, share, error))
    return NULL;
  if (share <= 0 || share >= 1)
    return ae_model_ref (share <= 0 ? a : b);
  values = g_new (float, ae_model_n_values (a) + 1);
  for (int p = 0; p < ae_graph_n_params (graph); p++)
    {
      const float *from_a = ae_model_param (a, p), *from_b = ae_model_param (b, p);

      for (gsize i = 0; i < ae_graph_param (graph, p)->count; i++)
        values[n++] = (float)((1 - share) * (double)from_a[i] + share * (double)from_b[i]);
    }
  meta = meta_of (a);
  return ae_model_new (ae_model_graph (a), values, meta);
}
