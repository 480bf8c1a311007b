/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* machine.c - what a run says of the machine it runs on. */

#include "machine.h"

#include <string.h>

#include <glib.h>

#ifdef __clang__
#define COMPILER __VERSION__
#else
#define COMPILER "GCC " __VERSION__
#endif

/* The value of the first line "key : value" of /proc/cpuinfo with that key. */
static char *
cpu_info (const char *text, const char *key)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (int i = 0; lines[i]; i++)
    {
      const char *colon = strchr (lines[i], ':');

      if (colon && g_str_has_prefix (lines[i], key))
        return g_strstrip (g_strdup (colon + 1));
    }
  return NULL;
}

char *
ae_machine_cpu (void)
{
  g_autofree char *text = NULL, *name = NULL;

  if (g_file_get_contents ("/proc/cpuinfo", &text, NULL, NULL))
    {
      name = cpu_info (text, "model name");
      if (!name)
        name = cpu_info (text, "Model");
    }
  return name ? g_utf8_make_valid (name, -1) : g_strdup ("unknown");
}

char *
ae_machine_software (void)
{
  return g_strdup_printf ("%s, GLib %u.%u.%u", COMPILER, glib_major_version, glib_minor_version,
                          glib_micro_version);
}
