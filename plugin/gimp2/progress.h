/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* progress.h - shows in GIMP how far the work is, with the time left. */

#ifndef AE_GIMP2_PROGRESS_H
#define AE_GIMP2_PROGRESS_H

#include <glib.h>
#include "core/time-left.h"

typedef struct
{
  const char *label; /* translated: what is done */
  AeTimeLeft left;
} AeGimpProgress;

void ae_gimp_progress_begin (AeGimpProgress *progress, const char *label);

/* An AeProgressFunc; data: an AeGimpProgress.  Each call is a round trip to
 * GIMP.  Cancel ends the process from outside, hence never FALSE. */
gboolean ae_gimp_progress_show (double fraction, gpointer data);

#endif
