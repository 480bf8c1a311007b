/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* time-left.h - how long a run will still take, calmly. */

#ifndef AE_TIME_LEFT_H
#define AE_TIME_LEFT_H

#include <glib.h>

/* A plain value. */
typedef struct
{
  gint64 begin;   /* microseconds of g_get_monotonic_time () */
  gint64 written; /* the last text */
  gboolean timed; /* it named a time */
} AeTimeLeft;

void ae_time_left_init (AeTimeLeft *left, gint64 now);

/* A new text "<what>: about … left" (what: translated), or NULL while the one
 * that is shown should stay: at the beginning, for runs of a few seconds, and
 * for a second after each text.  fraction: 0..1 of the run.  Free with g_free (). */
char *ae_time_left_text (AeTimeLeft *left, const char *what, double fraction, gint64 now);

#endif
