/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* progress.c - shows in GIMP how far the work is. */

#include "progress.h"
#include <libgimp/gimp.h>

void
ae_gimp_progress_begin (AeGimpProgress *progress, const char *label)
{
  *progress = (AeGimpProgress){ .label = label };
  gimp_progress_init (label);
  ae_time_left_init (&progress->left, g_get_monotonic_time ());
}

gboolean
ae_gimp_progress_show (double fraction, gpointer data)
{
  AeGimpProgress *progress = data;
  g_autofree char *text
    = ae_time_left_text (&progress->left, progress->label, fraction, g_get_monotonic_time ());

  gimp_progress_update (fraction);
  if (text != NULL)
    gimp_progress_set_text (text);
  return TRUE;
}
