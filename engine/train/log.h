/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* log.h - what a run reports: JSON lines in a file, progress on the terminal. */

#ifndef AE_LOG_H
#define AE_LOG_H

#include <glib.h>

typedef struct _AeLog AeLog;

/*
 * Appends to <folder>/log.jsonl, which is locked until it is closed:
 * AE_ERROR_ARGUMENT if another process has it open.  A line that cannot be
 * written is lost after one message on stderr.
 */
AeLog *ae_log_open (const char *folder, gboolean quiet, GError **error);
void ae_log_close (AeLog *log);

/* Where log is NULL nothing happens. */

/* One JSON object on a line; the arguments after `event` are pairs of a name and
 * a double, ended by NULL.  A time in seconds since 1970 is added. */
void ae_log_numbers (AeLog *log, const char *event, ...) G_GNUC_NULL_TERMINATED;
/* The same with strings. */
void ae_log_texts (AeLog *log, const char *event, ...) G_GNUC_NULL_TERMINATED;

typedef struct
{
  gint64 step, steps;
  double loss, psnr; /* psnr: of the latest validation, 0: none yet */
  double crops_per_second;
  double seconds_left;
} AeLogProgress;

/* On a terminal one line that is rewritten, else a line of its own. */
void ae_log_progress (AeLog *log, const AeLogProgress *progress);

#endif
