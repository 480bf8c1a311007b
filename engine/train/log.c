/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* log.c - JSON lines and progress. */

#include "log.h"

#include <ae/error.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

struct _AeLog
{
  FILE *file;
  char *path;
  gboolean quiet, terminal;
  gboolean unfinished; /* a line of progress has no end yet */
  gboolean failed;     /* and has been told */
};

/* A run that was killed may have left half a line. */
static void
end_last_line (FILE *file, const char *path)
{
  FILE *old = fopen (path, "r");

  if (old && fseek (old, -1, SEEK_END) == 0 && fgetc (old) != '\n')
    fputc ('\n', file);
  if (old)
    fclose (old);
}

AeLog *
ae_log_open (const char *folder, gboolean quiet, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "log.jsonl", NULL);
  FILE *file = fopen (path, "a");
  AeLog *log;

  if (!file)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: cannot be written: %s", path, g_strerror (errno));
      return NULL;
    }
  if (flock (fileno (file), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: another ae-train works in this folder", folder);
      fclose (file);
      return NULL;
    }
  log = g_new0 (AeLog, 1);
  log->file = file;
  log->path = g_strdup (path);
  end_last_line (file, path);
  log->quiet = quiet;
  log->terminal = isatty (STDERR_FILENO);
  return log;
}

void
ae_log_close (AeLog *log)
{
  if (!log)
    return;
  if (log->unfinished)
    fputc ('\n', stderr);
  fclose (log->file);
  g_free (log->path);
  g_free (log);
}

static void
end (AeLog *log)
{
  fputs ("}\n", log->file);
  if (fflush (log->file) == 0 && !ferror (log->file))
    return;
  if (!log->failed)
    fprintf (stderr, "%s: cannot write: %s\n", log->path, g_strerror (errno));
  log->failed = TRUE;
  clearerr (log->file);
}

static void
begin (AeLog *log, const char *event)
{
  fprintf (log->file, "{\"event\":\"%s\",\"time\":%.3f", event, (double)g_get_real_time () / 1e6);
}

void
ae_log_numbers (AeLog *log, const char *event, ...)
{
  va_list args;
  const char *name;

  if (!log)
    return;
  begin (log, event);
  va_start (args, event);
  while ((name = va_arg (args, const char *)))
    {
      double value = va_arg (args, double);
      char text[G_ASCII_DTOSTR_BUF_SIZE];

      /* JSON has no NaN */
      fprintf (log->file, ",\"%s\":%s", name,
               isfinite (value) ? g_ascii_formatd (text, sizeof text, "%.9g", value) : "null");
    }
  va_end (args);
  end (log);
}

static void
put_string (FILE *file, const char *text)
{
  fputc ('"', file);
  for (const char *c = text; *c; c++)
    if (*c == '"' || *c == '\\')
      fprintf (file, "\\%c", *c);
    else if ((unsigned char)*c < 0x20)
      fprintf (file, "\\u%04x", (unsigned)*c);
    else
      fputc (*c, file);
  fputc ('"', file);
}

void
ae_log_texts (AeLog *log, const char *event, ...)
{
  va_list args;
  const char *name;

  if (!log)
    return;
  begin (log, event);
  va_start (args, event);
  while ((name = va_arg (args, const char *)))
    {
      fprintf (log->file, ",\"%s\":", name);
      put_string (log->file, va_arg (args, const char *));
    }
  va_end (args);
  end (log);
}

void
ae_log_progress (AeLog *log, const AeLogProgress *p)
{
  long left = (long)p->seconds_left;
  char psnr[32] = "";

  if (!log || log->quiet)
    return;
  if (p->psnr > 0)
    g_snprintf (psnr, sizeof psnr, "  psnr %.2f", p->psnr);
  fprintf (stderr,
           "%sstep %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT
           "  loss %.5f%s  %.1f crops/s  %ld:%02ld:%02ld left%s",
           log->terminal ? "\r" : "", p->step, p->steps, p->loss, psnr, p->crops_per_second, left / 3600,
           left / 60 % 60, left % 60, log->terminal ? "\033[K" : "\n");
  log->unfinished = log->terminal;
}
