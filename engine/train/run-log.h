/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* run-log.h - reads what log.h has written. */

#ifndef AE_RUN_LOG_H
#define AE_RUN_LOG_H

#include <glib.h>

typedef struct
{
  double step, loss, norm, rate, crops_per_second;
  double data_share; /* of the threads' time that went into drawing crops, 0..1; negative: not known */
  double time;       /* seconds since 1970 */
} AeRunStep;

typedef struct
{
  double step, psnr;
} AeRunValidation;

typedef struct
{
  GArray *steps;       /* AeRunStep */
  GArray *validations; /* AeRunValidation */
  GHashTable *start;   /* texts of the latest start, but "init" of the one that began: char * -> char * */
  int starts;
} AeRunLog;

/*
 * Reads <folder>/log.jsonl.  Steps that were lost, because the run was killed
 * and went on from an earlier checkpoint, are left out; so are lines that are
 * not whole.
 */
AeRunLog *ae_run_log_load (const char *folder, GError **error);
void ae_run_log_free (AeRunLog *log);

/* Best PSNR of a validation whose model was saved, even if its step was lost later; 0 if there is none. */
double ae_run_log_best (const char *folder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeRunLog, ae_run_log_free)

#endif
