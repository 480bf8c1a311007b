/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* session-cache.c - keeps the session of the model that was used last. */

#include "session-cache.h"

AeSession *
ae_session_cache_get (AeSessionCache *cache, AeModel *model, GError **error)
{
  if (cache->model == model)
    return cache->session;
  ae_session_cache_clear (cache);
  cache->session = ae_session_new (model, &cache->options, error);
  if (cache->session != NULL)
    cache->model = ae_model_ref (model);
  return cache->session;
}

void
ae_session_cache_clear (AeSessionCache *cache)
{
  g_clear_pointer (&cache->session, ae_session_free);
  g_clear_pointer (&cache->model, ae_model_unref);
}
