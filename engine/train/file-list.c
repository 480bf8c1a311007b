/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* file-list.c - walks a folder tree. */

#include "file-list.h"

#include <string.h>

#include <ae/error.h>

#define DEPTH_MAX 32

static gboolean
walk (const char *folder, const char *prefix, int depth, GPtrArray *files, GError **error)
{
  g_autoptr (GDir) dir = NULL;
  GError *failed = NULL;
  const char *name;

  if (depth > DEPTH_MAX)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_LIMIT, "%s: more than %d folders within each other", folder,
                   DEPTH_MAX);
      return FALSE;
    }
  dir = g_dir_open (folder, 0, &failed);
  if (!dir)
    {
      g_set_error_literal (error, AE_ERROR, AE_ERROR_FILE, failed->message);
      g_error_free (failed);
      return FALSE;
    }
  while ((name = g_dir_read_name (dir)))
    {
      if (name[0] == '.')
        continue;
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *relative = *prefix ? g_strconcat (prefix, "/", name, NULL) : g_strdup (name);
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        {
          if (!walk (path, relative, depth + 1, files, error))
            return FALSE;
        }
      else if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        g_ptr_array_add (files, g_steal_pointer (&relative));
    }
  return TRUE;
}

static int
by_bytes (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
ae_file_list (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);

  if (!walk (folder, "", 1, files, error))
    return NULL;
  g_ptr_array_sort (files, by_bytes);
  return g_steal_pointer (&files);
}
