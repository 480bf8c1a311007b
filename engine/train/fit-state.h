/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* fit-state.h - what every training run has, whatever it trains on: parameters, log, checkpoints. */

#ifndef AE_FIT_STATE_H
#define AE_FIT_STATE_H

#include "backprop.h"
#include "checkpoint.h"
#include "fit.h"
#include "log.h"
#include "optimizer.h"
#include "watch.h"

/*
 * A step's pictures are divided into a fixed number of groups (per process),
 * each with sums of its own that are added in order: the result does not
 * depend on which thread does which group.
 */
#define AE_FIT_GROUPS_MAX 8

typedef struct
{
  const AeRecipe *recipe;
  const AeFitOptions *options;
  AeCheckpointKey key;
  AeBackprop *backprop;
  AeOptimizer *optimizer;
  AeLog *log; /* NULL: another process keeps it */
  AeWatch watch;
  int threads;
  gint64 step;           /* done so far */
  char *last_checkpoint; /* path, or NULL */
} AeFitState;

/* What happened since the last line of the log about steps. */
typedef struct
{
  gint64 time, step;
  double loss; /* sum */
} AeFitInterval;

/*
 * Opens the log, if `keeps_log`, and makes parameters and optimizer.  Recipe,
 * options and digest of the data are borrowed.  Threads are at most as many as
 * there are groups.  ae_fit_state_clear () frees what there is, also after an error.
 */
gboolean ae_fit_state_init (AeFitState *state, const AeRecipe *recipe, const char *data_digest,
                            const AeFitOptions *options, gboolean keeps_log, int groups, GError **error);
void ae_fit_state_clear (AeFitState *state);

/*
 * Loads the newest checkpoint of the run's folder, or begins: with parameters
 * as they are drawn, or those of the model of options->init.
 * state->last_checkpoint tells which it was.
 */
gboolean ae_fit_state_start (AeFitState *state, GError **error);

/* The first and the last line of the log; `why` is NULL if all went well. */
void ae_fit_state_log_start (const AeFitState *state, int processes);
void ae_fit_state_log_end (const AeFitState *state, const GError *why);

/* After each step: AE_ERROR_DIVERGED, and the last good checkpoint, if loss or gradient explode. */
gboolean ae_fit_state_watch (AeFitState *state, double loss, double norm, GError **error);

/* <folder>/<name>.safetensors with the averaged weights. */
gboolean ae_fit_state_save_model (const AeFitState *state, const char *name, GError **error);

/* A checkpoint, and the model under its own name. */
gboolean ae_fit_state_save (AeFitState *state, GError **error);

#endif
