/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* filter-progress.h - how far ae-filter is, and whether the user wants it to stop. */

#ifndef AE_FILTER_PROGRESS_H
#define AE_FILTER_PROGRESS_H

#include <glib.h>

typedef struct
{
  const char *what; /* "Denoising" */
  gboolean quiet;
  gboolean terminal; /* a line that changes; else a line every tenth */
  gint64 begin;      /* microseconds */
  int shown;         /* percent, -1: nothing yet */
  int index, count;  /* the picture at hand, and how many there are */
} AeProgress;

/* From here on SIGINT, SIGTERM and SIGHUP make ae_progress_update () return
 * FALSE; a second one ends the process at once, after removing `file` (must
 * stay valid; NULL: none). */
void ae_progress_catch_signals (const char *file);
/* The number of the signal that came, or 0. */
int ae_progress_signal (void);

/* One line for `count` pictures. */
void ae_progress_init (AeProgress *progress, const char *what, int count, gboolean quiet);
/* Picture `index` begins. */
void ae_progress_begin (AeProgress *progress, int index);
/* An AeProgressFunc for the picture at hand; data: the AeProgress. */
gboolean ae_progress_update (double fraction, gpointer data);
/* Leaves the terminal's line empty. */
void ae_progress_end (AeProgress *progress);

#endif
