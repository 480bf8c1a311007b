/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* progress.h - shows in GIMP how far the work is, with the time left. */

#ifndef AE_GIMP3_PROGRESS_H
#define AE_GIMP3_PROGRESS_H

#include <libgimp/gimp.h>
#include "core/time-left.h"

typedef struct
{
  const char *label; /* translated: what is done */
  AeTimeLeft left;
  int done, n; /* drawables */
} AeGimpProgress;

/* Of drawables, ended by NULL, one after the other: the caller counts `done`.  NULL: of all at once. */
void ae_gimp_progress_begin (AeGimpProgress *progress, const char *label, GimpDrawable **drawables);

/* An AeProgressFunc; data: an AeGimpProgress.  Each call is a round trip to
 * GIMP.  Cancel ends the process from outside, hence never FALSE. */
gboolean ae_gimp_progress_show (double fraction, gpointer data);

#endif
