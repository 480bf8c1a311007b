/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* fit.h - a training run. */

#ifndef AE_FIT_H
#define AE_FIT_H

#include <ae/model.h>
#include "dataset.h"
#include "recipe.h"

#include <signal.h>

typedef struct
{
  const char *folder; /* of the run: log.jsonl, checkpoints, <name>.safetensors; must exist */
  gboolean
    resume; /* go on from the newest checkpoint in it, which must have been made with the same recipe */
  const char *init;  /* model to start from, or NULL */
  int threads;       /* 0: as many as the CPU has; does not change the result */
  gint64 stop_after; /* steps of this call, 0: to the end of the recipe (tests) */
  gboolean quiet;
  const volatile sig_atomic_t *stop; /* finish the step and save as soon as it is not 0; may be NULL */
} AeFitOptions;

/*
 * Trains to the end of the recipe's schedule, or until it is told to stop; in
 * both cases the state is saved and <folder>/<name>.safetensors holds the
 * averaged weights, sums of convolutions folded (fold.h).  AE_ERROR_DIVERGED if the loss explodes (watch.h):
 * nothing is saved then and the message names the last good checkpoint.
 */
gboolean ae_fit (const AeRecipe *recipe, const AeDataset *data, const AeFitOptions *options, GError **error);

/* A model with the recipe's description, from parameters in the order of ae_graph_param (). */
AeModel *ae_fit_model (const AeRecipe *recipe, const char *data_digest, const float *params, gint64 step);

#endif
