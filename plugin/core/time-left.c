/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* time-left.c - how long a run will still take, calmly. */

#include "time-left.h"
#include "intl.h"

void
ae_time_left_init (AeTimeLeft *left, gint64 now)
{
  *left = (AeTimeLeft){ .begin = now };
}

char *
ae_time_left_text (AeTimeLeft *left, const char *what, double fraction, gint64 now)
{
  double seconds;

  /* The first steps say little, and the text should be calm. */
  if (now - left->begin < 2 * G_USEC_PER_SEC || now - left->written < G_USEC_PER_SEC || fraction < 0.01)
    return NULL;
  seconds = (double)(now - left->begin) / G_USEC_PER_SEC * (1.0 - fraction) / fraction;
  if (!left->timed && seconds < 3.0)
    return NULL;
  left->written = now;
  left->timed = TRUE;
  if (seconds >= 90.0)
    /* Translators: what is done, as "Denoising" */
    return g_strdup_printf (_ ("%s: about %d min left"), what, (int)(seconds / 60.0 + 0.5));
  return g_strdup_printf (_ ("%s: about %d s left"), what, (int)seconds + 1);
}
