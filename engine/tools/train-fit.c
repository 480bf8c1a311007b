/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* train-fit.c - ae-train fit: trains a model by a recipe. */

#include "ae-train.h"

#include <ae/error.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include "train/fit.h"
#include "train/reduce.h"
#include "train/whole.h"

/* A signal handler can reach nothing else. */
static volatile sig_atomic_t stop;

static void
on_signal (int number)
{
  stop = 1;
}

static int
failed (GError *error)
{
  fprintf (stderr, "ae-train: %s\n", error->message);
  g_error_free (error);
  return 1;
}

/* IDX files that fit the recipe's network. */
static gboolean
open_examples (const AeRecipe *recipe, const char *path, AeIdx **examples, GError **error)
{
  *examples = ae_idx_load (path, NULL, error);
  return *examples && ae_whole_check (recipe, *examples, path, error);
}

int
ae_train_fit_main (int argc, char **argv)
{
  char *data_path = NULL, *folder = NULL, *init = NULL, *validation_path = NULL;
  gboolean resume = FALSE, quiet = FALSE;
  int threads = 0;
  gint64 steps = 0;
  const GOptionEntry entries[] = {
    { "data", 'd', 0, G_OPTION_ARG_FILENAME, &data_path, "Pictures packed by ae-train prepare, or IDX",
      "FILE" },
    { "validation", 0, 0, G_OPTION_ARG_FILENAME, &validation_path,
      "Examples to validate with (for networks with a fixed size of picture)", "FILE" },
    { "run", 'r', 0, G_OPTION_ARG_FILENAME, &folder, "Folder of the run: log, checkpoints, model", "FOLDER" },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &resume, "Go on from the newest checkpoint of the run", NULL },
    { "init", 0, 0, G_OPTION_ARG_FILENAME, &init, "Start from the weights of a model", "MODEL" },
    { "threads", 't', 0, G_OPTION_ARG_INT, &threads, "Threads (all)", "N" },
    { "stop-after", 0, 0, G_OPTION_ARG_INT64, &steps, "Stop after this many steps and save", "N" },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "No progress", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("RECIPE");
  g_autoptr (AeRecipe) recipe = NULL;
  g_autoptr (AeDataset) data = NULL;
  g_autoptr (AeIdx) examples = NULL, validation = NULL;
  gboolean whole;
  GError *error = NULL;
  struct sigaction action = { .sa_handler = on_signal };
  int result = 0;

  g_option_context_set_summary (context,
                                "Trains a model by a recipe. SIGINT and SIGTERM finish the step and save.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return failed (error);
  if (argc != 2 || !data_path || !folder || threads < 0)
    {
      fputs ("Usage: ae-train fit --data FILE --run FOLDER [--validation FILE] [--resume] [--init MODEL]\n"
             "                    [--threads N] [--stop-after N] [--quiet] RECIPE\n",
             stderr);
      return 1;
    }
  recipe = ae_recipe_load (argv[1], &error);
  if (!recipe)
    return failed (error);
  whole = ae_graph_is_fixed (recipe->graph, NULL, NULL);
  if (whole)
    {
      if (!open_examples (recipe, data_path, &examples, &error)
          || (validation_path && !open_examples (recipe, validation_path, &validation, &error)))
        return failed (error);
    }
  else if (validation_path)
    {
      fprintf (
        stderr,
        "ae-train: --validation does not apply: %s trains on crops, and its group [validation] names the "
        "pictures\n",
        argv[1]);
      return 1;
    }
  /* the digest stands in the log, checkpoints and models: they are to tell the truth */
  else if (!(data = ae_dataset_open (data_path, &error)) || !ae_dataset_verify (data, &error))
    return failed (error);
  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      fprintf (stderr, "ae-train: %s: cannot be made\n", folder);
      return 1;
    }
  ae_reduce_begin ();
  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
  AeFitOptions options = { .folder = folder,
                           .resume = resume,
                           .init = init,
                           .threads = threads,
                           .stop_after = steps,
                           .quiet = quiet,
                           .stop = &stop };
  if (whole ? !ae_whole_fit (recipe, examples, validation, &options, &error)
            : !ae_fit (recipe, data, &options, &error))
    {
      result = failed (error);
      ae_reduce_abort ();
    }
  ae_reduce_end ();
  g_free (data_path);
  g_free (validation_path);
  g_free (folder);
  g_free (init);
  return result;
}
