/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* checkpoint.h - the state of a training run in a file, enough to go on as if nothing had happened. */

#ifndef AE_CHECKPOINT_H
#define AE_CHECKPOINT_H

#include "optimizer.h"

/* What must agree for a run to be continued. */
typedef struct
{
  const char *recipe; /* text */
  const char *graph;  /* text */
  const char *data;   /* digest of the training data */
} AeCheckpointKey;

/* Writes <folder>/checkpoint-<step>.safetensors atomically and removes all but the newest `keep`. */
gboolean ae_checkpoint_save (const char *folder, const AeOptimizer *optimizer, gint64 step,
                             const AeCheckpointKey *key, int keep, GError **error);

/* Removes what a run that was killed while it saved has left in its folder. */
void ae_checkpoint_clean (const char *folder);

/* Path of the newest checkpoint in a folder, or NULL. */
char *ae_checkpoint_newest (const char *folder);

/* Reads one into the optimizer; another recipe, graph or data is refused with AE_ERROR_ARGUMENT. */
gboolean ae_checkpoint_load (const char *path, AeOptimizer *optimizer, gint64 *step,
                             const AeCheckpointKey *key, GError **error);

#endif
