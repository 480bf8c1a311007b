/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* filter-batch.c - what the commands of ae-filter have in common: options, files, one after the other. */

#include "filter-batch.h"

#include <string.h>

#include <glib/gstdio.h>

#include <ae/error.h>

#include "ae-filter.h"

#include "src/intl.h"

#define THREADS_MAX 1024
#define MEMORY_MIN 32 /* MiB */
#define MEMORY_MAX (1 << 20)
/* Of the memory limit, what is left for rows in conversion. */
#define RESERVE_MIB 12

gboolean
ae_filter_parse_percent (const char *option, const char *text, double *value, GError **error)
{
  char *end;
  double v;

  if (!text)
    return TRUE;
  v = g_ascii_strtod (text, &end);
  if (end != text && *end == 0 && v >= 0 && v <= 100)
    {
      *value = v;
      return TRUE;
    }
  g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("%s is \"%s\", expected 0 to 100"), option, text);
  return FALSE;
}

gboolean
ae_filter_parse_int (const char *option, const char *text, int min, int max, int *value, GError **error)
{
  gint64 v;

  if (!text)
    return TRUE;
  if (g_ascii_string_to_signed (text, 10, min, max, &v, NULL))
    {
      *value = (int)v;
      return TRUE;
    }
  g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("%s is \"%s\", expected %d to %d"), option, text, min,
               max);
  return FALSE;
}

gboolean
ae_filter_options_parse (AeFilterOptions *o, int argc, char **argv, const char *command, const char *summary,
                         const GOptionEntry *own)
{
  const GOptionEntry entries[] = {
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &o->model, _ ("Name of an installed model or a file"),
      _ ("NAME|FILE") },
    { "quality", 'q', 0, G_OPTION_ARG_STRING, &o->quality_text, _ ("Quality of JPEG and WebP files (95)"),
      "1..100" },
    { "threads", 't', 0, G_OPTION_ARG_STRING, &o->threads_text, _ ("Number of threads (all processors)"),
      "N" },
    { "max-memory", 0, 0, G_OPTION_ARG_STRING, &o->memory_text,
      _ ("Memory to use above that for loading and saving the picture (1024)"), "MiB" },
    { "precision", 'p', 0, G_OPTION_ARG_STRING, &o->precision_text,
      _ ("Compute exactly or, where the CPU has bf16, fast (exact)"), "exact|fast" },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &o->quiet, _ ("Write nothing but errors"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->files, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("IN OUT | IN... FOLDER"));
  g_autofree char *name = g_strdup_printf ("ae-filter %s", command), *message = NULL;
  g_autoptr (GError) error = NULL;

  g_set_prgname (name);
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, own, NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    message = g_strdup (error->message);
  else if (!o->files || g_strv_length (o->files) < 2)
    message = g_strdup_printf (_ ("expected two files, IN and OUT; %s --help tells more"), name);
  else
    return TRUE;
  ae_filter_complain (message);
  return FALSE;
}

static gboolean
parse_precision (const char *text, AePrecision *precision, GError **error)
{
  if (!text || ae_precision_parse (text, precision))
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("--precision is \"%s\", expected exact or fast"), text);
  return FALSE;
}

gboolean
ae_filter_options_check (AeFilterOptions *o, GError **error)
{
  return ae_filter_parse_int ("--quality", o->quality_text, 1, 100, &o->quality, error)
         && ae_filter_parse_int ("--threads", o->threads_text, 1, THREADS_MAX, &o->threads, error)
         && ae_filter_parse_int ("--max-memory", o->memory_text, MEMORY_MIN, MEMORY_MAX, &o->memory, error)
         && parse_precision (o->precision_text, &o->precision, error);
}

void
ae_filter_options_clear (AeFilterOptions *o)
{
  g_free (o->model);
  g_free (o->threads_text);
  g_free (o->memory_text);
  g_free (o->quality_text);
  g_free (o->precision_text);
  g_strfreev (o->files);
}

AeSession *
ae_filter_session (const AeFilterOptions *o, AeModel *model, guint64 reserve, GError **error)
{
  const guint64 limit = (guint64)o->memory << 20;
  const AeSessionOptions options
    = { .threads = o->threads,
        .max_memory = limit - MIN (reserve + ((guint64)RESERVE_MIB << 20), limit / 2),
        .precision = o->precision };

  return ae_session_new (model, &options, error);
}

static gboolean
was_cancelled (GError **error)
{
  if (!ae_progress_signal ())
    return FALSE;
  g_set_error_literal (error, AE_ERROR, AE_ERROR_CANCELLED, _ ("cancelled"));
  return TRUE;
}

typedef struct
{
  const AeFilterOptions *options;
  AeFilterFunc filter;
  gpointer data;
  AeProgress progress;
  const char *folder;  /* of the results; NULL: one picture */
  GHashTable *written; /* names in that folder */
} Batch;

static gboolean
filter_file (Batch *b, const char *in, const char *out, GError **error)
{
  AeFileTarget target = { 0 };
  AeFilePicture picture = { 0 };
  gboolean ok;

  if (!ae_file_target_open (&target, out, error))
    return FALSE;
  ae_progress_catch_signals (target.temporary);
  ok = ae_file_load (in, &picture, error) && !was_cancelled (error)
       && b->filter (in, &picture, &target, &b->progress, b->data, error) && !was_cancelled (error)
       && ae_file_target_save (&target, &picture, b->options->quality, error) && !was_cancelled (error)
       && ae_file_target_commit (&target, error);
  ae_file_picture_clear (&picture);
  ae_progress_catch_signals (NULL);
  ae_file_target_clear (&target);
  return ok;
}

static gboolean
is_same_file (const char *a, const char *b)
{
  GStatBuf sa, sb;

  return g_stat (a, &sa) == 0 && g_stat (b, &sb) == 0 && sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

/* Into the folder, under the same name: nothing that is needed is replaced. */
static gboolean
filter_into_folder (Batch *b, const char *in, GError **error)
{
  g_autofree char *base = g_path_get_basename (in), *out = g_build_filename (b->folder, base, NULL);

  if (is_same_file (in, out))
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("%s: the result would take the place of the picture"),
                 in);
  else if (g_hash_table_contains (b->written, base))
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("%s: there is a result with that name already"), in);
  else if (filter_file (b, in, out, error))
    {
      g_hash_table_add (b->written, g_steal_pointer (&base));
      return TRUE;
    }
  return FALSE;
}

int
ae_filter_batch (const AeFilterOptions *o, const char *what, const char *done, AeFilterFunc filter,
                 gpointer data)
{
  const int n = (int)g_strv_length (o->files) - 1;
  const char *last = o->files[n];
  g_autoptr (GHashTable) written = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Batch b = { .options = o, .filter = filter, .data = data, .written = written };
  int failed = 0;

  if (g_file_test (last, G_FILE_TEST_IS_DIR))
    b.folder = last;
  else if (n > 1)
    {
      g_autofree char *message
        = g_strdup_printf (_ ("%s: expected a folder for the results of %d pictures, or "
                              "two files, IN and OUT"),
                           last, n);

      return ae_filter_complain (message);
    }
  ae_progress_init (&b.progress, what, n, o->quiet);
  for (int i = 0; i < n && !ae_progress_signal (); i++)
    {
      g_autoptr (GError) error = NULL;
      const char *in = o->files[i];

      ae_progress_begin (&b.progress, i);
      if (!(b.folder ? filter_into_folder (&b, in, &error) : filter_file (&b, in, last, &error)))
        {
          g_autofree char *message = NULL;

          ae_progress_end (&b.progress);
          failed++;
          /* of several pictures a message must tell which one */
          message = n > 1 && !strstr (error->message, in) ? g_strdup_printf ("%s: %s", in, error->message)
                                                          : g_strdup (error->message);
          ae_filter_complain (message);
        }
    }
  ae_progress_end (&b.progress);
  if (ae_progress_signal ())
    return 128 + ae_progress_signal ();
  if (failed && n > 1)
    {
      g_autofree char *message = g_strdup_printf (_ ("%d of %d pictures could not be %s"), failed, n, done);

      ae_filter_complain (message);
    }
  return failed ? 1 : 0;
}
