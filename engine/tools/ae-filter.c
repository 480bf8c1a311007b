/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* ae-filter.c - filters picture files: finds the command and runs it. */

#include "ae-filter.h"

#include <ae/catalogs.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "src/intl.h"

typedef struct
{
  const char *name;
  int (*run) (int argc, char **argv);
  const char *summary;
} Command;

static const Command commands[] = {
  { "denoise", ae_filter_denoise_main, N_ ("take the noise out of pictures") },
  { "upscale", ae_filter_upscale_main, N_ ("enlarge pictures") },
};

int
ae_filter_complain (const char *message)
{
  g_autofree char *valid = g_utf8_make_valid (message, -1);

  /* The message may quote a file. */
  fputs ("ae-filter: ", stderr);
  for (const char *c = valid; *c; c = g_utf8_next_char (c))
    {
      const gunichar character = g_utf8_get_char (c);

      if (g_unichar_isspace (character))
        fputc (' ', stderr);
      else if (g_unichar_iscntrl (character))
        fputc ('?', stderr);
      else
        fprintf (stderr, "%.*s", (int)(g_utf8_next_char (c) - c), c);
    }
  fputc ('\n', stderr);
  return 1;
}

static void
usage (FILE *file)
{
  fputs (_ ("Usage: ae-filter COMMAND [OPTION...] IN OUT\n       ae-filter COMMAND [OPTION...] IN... "
            "FOLDER\n\nCommands:\n"),
         file);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (file, "  %-10s %s\n", commands[i].name, _ (commands[i].summary));
  fputs (_ ("\nae-filter COMMAND --help tells more.\n"), file);
}

/* The limit of memory counts on it that what is freed goes back: glibc would keep ever larger pieces, and
 * those of the picture lie between them. */
static void
give_memory_back (void)
{
#ifdef __GLIBC__
  mallopt (M_MMAP_THRESHOLD, 1 << 20);
#endif
}

int
main (int argc, char **argv)
{
  g_autofree char *message = NULL;

  give_memory_back ();
  signal (SIGXFSZ, SIG_IGN); /* a file that grows too large is an error like others */
  setlocale (LC_ALL, "");
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
  if (strcmp (argv[1], "--version") == 0)
    {
      puts ("ae-filter " AE_VERSION);
      return 0;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (argv[1], commands[i].name) == 0)
      return commands[i].run (argc - 1, argv + 1);
  message = g_strdup_printf (_ ("unknown command \"%s\"; ae-filter --help lists them"), argv[1]);
  return ae_filter_complain (message);
}
