/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* pairs.c - names of pictures of which there is a clean and a noisy photograph. */

#include "pairs.h"

#include <string.h>

char *
ae_pair_clean_path (const char *path, const char *noisy, const char *clean)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  int last = (int)g_strv_length (parts) - 1;
  char *dot;
  g_autofree char *ending = g_strconcat ("_", noisy, NULL), *stem = NULL;

  for (int i = last - 1; i >= 0; i--)
    if (strcmp (parts[i], noisy) == 0)
      {
        g_free (parts[i]);
        parts[i] = g_strdup (clean);
        return g_strjoinv ("/", parts);
      }
  if (last < 0 || !(dot = strrchr (parts[last], '.')))
    return NULL;
  stem = g_strndup (path, strlen (path) - strlen (dot));
  if (!g_str_has_suffix (stem, ending))
    return NULL;
  stem[strlen (stem) - strlen (noisy)] = 0;
  return g_strconcat (stem, clean, dot, NULL);
}
