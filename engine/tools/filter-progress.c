/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* filter-progress.c - how far ae-filter is, and whether the user wants it to stop. */

#include "filter-progress.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "src/intl.h"

/* A signal handler has nothing but globals. */
static volatile sig_atomic_t caught;
static const char *volatile temporary;

static void
on_signal (int number)
{
  if (caught)
    {
      const char *file = temporary;

      if (file)
        unlink (file);
      _exit (128 + number);
    }
  caught = number;
}

void
ae_progress_catch_signals (const char *file)
{
  const int signals[] = { SIGINT, SIGTERM, SIGHUP };
  struct sigaction action, old;

  temporary = file;
  memset (&action, 0, sizeof action);
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset (&action.sa_mask);
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    /* what the caller ignores (nohup) stays ignored */
    if (sigaction (signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
      sigaction (signals[i], &action, NULL);
}

int
ae_progress_signal (void)
{
  return caught;
}

void
ae_progress_init (AeProgress *progress, const char *what, int count, gboolean quiet)
{
  progress->count = count;
  progress->index = 0;
  progress->what = what;
  progress->quiet = quiet;
  progress->terminal = isatty (STDERR_FILENO);
  progress->begin = g_get_monotonic_time ();
  progress->shown = -1;
}

void
ae_progress_begin (AeProgress *progress, int index)
{
  progress->index = index;
}

/* "Denoising", or "Denoising 2 of 3," */
static void
print_what (const AeProgress *p)
{
  fputs (p->what, stderr);
  if (p->count > 1)
    fprintf (stderr, _ (" %d of %d,"), p->index + 1, p->count);
}

static void
print_time (double seconds)
{
  if (seconds >= 90)
    fprintf (stderr, _ ("%.0f min left"), ceil (seconds / 60));
  else
    fprintf (stderr, _ ("%.0f s left"), ceil (seconds));
}

gboolean
ae_progress_update (double fraction, gpointer data)
{
  AeProgress *p = data;
  const double all = (p->index + CLAMP (fraction, 0, 1)) / p->count;
  const int percent = (int)(all * 100);
  const double seconds = (double)(g_get_monotonic_time () - p->begin) / G_USEC_PER_SEC;

  if (p->quiet || percent == p->shown)
    return caught == 0;
  if (p->terminal)
    {
      fputs ("\r\033[K", stderr);
      print_what (p);
      fprintf (stderr, " %d %%", percent);
      if (seconds > 1 && all > 0.02)
        {
          fputs (", ", stderr);
          print_time (seconds / all * (1 - all));
        }
      p->shown = percent;
    }
  else if (percent / 10 > p->shown / 10)
    {
      print_what (p);
      fprintf (stderr, " %d %%\n", percent);
      p->shown = percent;
    }
  else if (p->shown < 0)
    p->shown = 0;
  fflush (stderr);
  return caught == 0;
}

void
ae_progress_end (AeProgress *p)
{
  if (!p->quiet && p->terminal && p->shown >= 0)
    {
      fputs ("\r\033[K", stderr);
      p->shown = -1;
    }
  fflush (stderr);
}
