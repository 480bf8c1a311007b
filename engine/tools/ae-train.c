/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* ae-train.c - the trainer: finds the command and runs it. */

#include "ae-train.h"

#include <ae/catalogs.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  const char *name;
  int (*run) (int argc, char **argv);
  const char *summary;
} Command;

static const Command commands[] = {
  { "prepare", ae_train_prepare_main, "pack a folder of pictures for training" },
  { "fit", ae_train_fit_main, "train a model by a recipe" },
  { "eval", ae_train_eval_main, "measure a model on test pictures" },
  { "report", ae_train_report_main, "write a page about a run" },
  { "sample", ae_train_sample_main, "draw what the degradations make of a picture" },
  { "patches", ae_train_patches_main, "cut small gray pictures from photographs, as examples" },
  { "latent", ae_train_latent_main, "look inside a model with a fixed size of picture" },
  { "export", ae_train_export_main, "write a model as half or single precision" },
};

static void
usage (FILE *file)
{
  fputs ("Usage: ae-train COMMAND [OPTION...]\n\nCommands:\n", file);
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
    fprintf (file, "  %-10s %s\n", commands[i].name, commands[i].summary);
  fputs ("\nae-train COMMAND --help tells more.\n", file);
}

int
main (int argc, char **argv)
{
  /* Not numbers: other programs read the logs. */
  setlocale (LC_CTYPE, "");
  setlocale (LC_MESSAGES, "");
  ae_catalogs_bind ();
  if (argc < 2)
    {
      usage (stderr);
      return 1;
    }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0)
    {
      usage (stdout);
      return 0;
    }
  signal (SIGXFSZ, SIG_IGN); /* a file that grows too large is an error like others */
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
    if (strcmp (argv[1], commands[i].name) == 0)
      return commands[i].run (argc - 1, argv + 1);
  fprintf (stderr, "ae-train: unknown command \"%s\"; ae-train --help lists them\n", argv[1]);
  return 1;
}
