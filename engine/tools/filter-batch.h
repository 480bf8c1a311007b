/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* filter-batch.h - what the commands of ae-filter have in common: options, files, one after the other. */

#ifndef AE_FILTER_BATCH_H
#define AE_FILTER_BATCH_H

#include <gegl.h>
#include <glib.h>

#include <ae/session.h>

#include "filter-file.h"
#include "filter-progress.h"

/* Options of every command.  Make it { .memory = 1024, .quality = 95 } before parsing. */
typedef struct
{
  char *model;
  char *threads_text, *memory_text, *quality_text, *precision_text; /* as typed */
  int threads, memory, quality;                                     /* 0: all processors; MiB; 1..100 */
  AePrecision precision;
  gboolean quiet;
  char **files; /* IN OUT, or IN... FOLDER */
} AeFilterOptions;

/*
 * Parses the command line: `own` entries (ended by one of zeros) and those of
 * all commands.  FALSE after a message.  Texts of entries are the caller's to free.
 */
gboolean ae_filter_options_parse (AeFilterOptions *options, int argc, char **argv, const char *command,
                                  const char *summary, const GOptionEntry *own);
/* From what was typed to numbers: AE_ERROR_ARGUMENT. */
gboolean ae_filter_options_check (AeFilterOptions *options, GError **error);
void ae_filter_options_clear (AeFilterOptions *options);

/* Reads a value that was typed; text NULL: it stays as it is.  AE_ERROR_ARGUMENT with option and range. */
gboolean ae_filter_parse_int (const char *option, const char *text, int min, int max, int *value,
                              GError **error);
gboolean ae_filter_parse_percent (const char *option, const char *text, double *value, GError **error);

/* A session within the memory limit, of which `reserve` bytes are for other things than tiles. */
AeSession *ae_filter_session (const AeFilterOptions *options, AeModel *model, guint64 reserve,
                              GError **error);

/* Puts the result in place of picture->buffer.  `name`: of the file that it came from. */
typedef gboolean (*AeFilterFunc) (const char *name, AeFilePicture *picture, const AeFileTarget *target,
                                  AeProgress *progress, gpointer data, GError **error);

/*
 * Filters one file into another, or several into a folder, where they keep
 * their names.  Of several, those that fail are named and left out, and a line
 * at the end counts them.  what: "Denoising", for the progress; done:
 * "denoised", for that line.  Returns the exit status.
 */
int ae_filter_batch (const AeFilterOptions *options, const char *what, const char *done, AeFilterFunc filter,
                     gpointer data);

#endif
