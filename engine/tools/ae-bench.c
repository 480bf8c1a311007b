/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* ae-bench.c - command line of the benchmarks: picks the subcommand. */

#include "bench.h"

#include <stdlib.h>
#include <string.h>

static const struct
{
  const char *name;
  int (*run) (int argc, char **argv);
  const char *help;
} commands[] = {
  { "kernels", bench_kernels, "speed of single kernels, as GFLOP/s and share of the CPU's peak" },
  { "network", bench_network, "speed of whole models, and of each of their steps" },
};

static void
usage (void (*print) (const char *format, ...))
{
  print ("Usage: ae-bench COMMAND [OPTION...]\n\nCommands (each has --help):\n");
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    print ("  %-10s %s\n", commands[i].name, commands[i].help);
}

int
main (int argc, char **argv)
{
  g_set_prgname ("ae-bench");
  if (argc >= 2 && (!strcmp (argv[1], "--help") || !strcmp (argv[1], "-h")))
    {
      usage (g_print);
      return EXIT_SUCCESS;
    }
  if (argc >= 2)
    for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
      if (!strcmp (argv[1], commands[i].name))
        return commands[i].run (argc - 1, argv + 1);
  if (argc >= 2)
    g_printerr ("ae-bench: unknown command \"%s\"\n", argv[1]);
  usage (g_printerr);
  return EXIT_FAILURE;
}
