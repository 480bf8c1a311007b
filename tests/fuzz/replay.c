/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* replay.c - runs a fuzz target over the files of a folder, without a fuzzer; prints TAP. */

#include "fuzz.h"

#include <glib.h>

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

int
main (int argc, char **argv)
{
  GDir *dir = argc == 2 ? g_dir_open (argv[1], 0, NULL) : NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (dir == NULL)
    {
      fputs ("Usage: replay FOLDER\n", stderr);
      return 1;
    }
  while ((name = g_dir_read_name (dir)))
    g_ptr_array_add (names, g_strdup (name));
  g_dir_close (dir);
  g_ptr_array_sort (names, compare_names);
  printf ("1..%u\n", names->len);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (argv[1], g_ptr_array_index (names, i), NULL), *data = NULL;
      gsize size;

      if (!g_file_get_contents (path, &data, &size, NULL))
        {
          printf ("not ok %u - %s: cannot be read\n", i + 1, path);
          return 1;
        }
      LLVMFuzzerTestOneInput ((const uint8_t *)data, size);
      printf ("ok %u - %s\n", i + 1, (const char *)g_ptr_array_index (names, i));
      fflush (stdout);
    }
  return names->len == 0;
}
