/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* fuzz-model.c - property: any bytes are a model or an error, and a model is what its graph says. */

#include "fuzz.h"

#include <ae/error.h>
#include <ae/model.h>
#include <math.h>
#include <string.h>

static void
check_model (AeModel *model)
{
  AeGraph *graph = ae_model_graph (model);
  g_auto (GStrv) keys = ae_model_meta_keys (model);
  gsize n = 0;

  FUZZ_CHECK (ae_model_meta (model, "ae.task") != NULL);
  FUZZ_CHECK (g_strv_length (keys) >= 4);
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    {
      const AeParam *param = ae_graph_param (graph, i);

      for (gsize v = 0; v < param->count; v++)
        FUZZ_CHECK (isfinite (ae_model_param (model, i)[v]));
      n += param->count;
    }
  FUZZ_CHECK (n == ae_model_n_values (model));
}

/* Returns the SHA-256 that a damaged file should name, or NULL if it is damaged in another way. */
static AeModel *
load (const uint8_t *data, size_t size, char **digest)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  AeModel *model = ae_model_load_bytes (bytes, "fuzz", &error);
  const char *mark = "damaged: the SHA-256 of the data is '", *found;

  FUZZ_CHECK ((model == NULL) == (error != NULL));
  FUZZ_CHECK (error == NULL || error->domain == AE_ERROR);
  FUZZ_CHECK (error == NULL || g_utf8_validate (error->message, -1, NULL));
  FUZZ_CHECK (error == NULL || strchr (error->message, '\n') == NULL);
  found = error ? strstr (error->message, mark) : NULL;
  *digest = found ? g_strndup (found + strlen (mark), 64) : NULL;
  return model;
}

/* Writes the digest where the file has one: else chance would never get past
 * that check.  FALSE if there is no place for it. */
static gboolean
repair (uint8_t *data, size_t size, const char *digest)
{
  static const char key[] = "\"ae.sha256\":\"";
  uint8_t *found = memmem (data, size, key, strlen (key));

  if (found == NULL || (size_t)(data + size - found) < strlen (key) + 64
      || memcmp (found + strlen (key), digest, 64) == 0)
    return FALSE;
  memcpy (found + strlen (key), digest, 64);
  return TRUE;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *digest = NULL, *again = NULL;
  AeModel *model = load (data, size, &digest);

  if (model == NULL && digest)
    {
      g_autofree uint8_t *copy = g_memdup2 (data, size);

      if (repair (copy, size, digest))
        model = load (copy, size, &again);
    }
  if (model)
    check_model (model);
  ae_model_unref (model);
  return 0;
}
