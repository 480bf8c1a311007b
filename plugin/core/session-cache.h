/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* session-cache.h - keeps the session of the model that was used last. */

#ifndef AE_SESSION_CACHE_H
#define AE_SESSION_CACHE_H

#include <ae/session.h>
#include <glib.h>

/* Begin with zeros and the options; one thread at a time. */
typedef struct
{
  AeSessionOptions options;
  AeModel *model;
  AeSession *session; /* of that model */
} AeSessionCache;

/* Owned by the cache, until another model comes.  Errors of ae_session_new (). */
AeSession *ae_session_cache_get (AeSessionCache *cache, AeModel *model, GError **error);
void ae_session_cache_clear (AeSessionCache *cache);

#endif
