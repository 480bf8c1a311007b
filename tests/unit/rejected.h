/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* rejected.h - helpers for inputs that must be refused. */

#ifndef AE_TEST_REJECTED_H
#define AE_TEST_REJECTED_H

#include <ae/error.h>
#include <check.h>
#include <string.h>

/* The error that is expected: its code and a part of its message, which is one line; clears it. */
static inline void
check_error (GError **error, int code, const char *part, const char *id)
{
  ck_assert_msg (*error != NULL, "%s: no error, expected \"%s\"", id, part);
  ck_assert_msg (strstr ((*error)->message, part) != NULL, "%s: \"%s\", expected \"%s\"", id,
                 (*error)->message, part);
  ck_assert_msg (g_error_matches (*error, AE_ERROR, code), "%s: \"%s\" has code %d, expected %d", id,
                 (*error)->message, (*error)->code, code);
  ck_assert_msg (strchr ((*error)->message, '\n') == NULL, "%s: more than one line", id);
  ck_assert_msg (g_utf8_validate ((*error)->message, -1, NULL), "%s: not UTF-8", id);
  g_clear_error (error);
}

/* With AE_SEEDS=FOLDER in the environment the tests write each input there:
 * that is how the seeds in tests/fuzz are made. */
static inline void
write_seed (const char *id, const char *suffix, gconstpointer data, gsize size)
{
  const char *folder = g_getenv ("AE_SEEDS");

  if (folder)
    {
      g_autofree char *name = g_strconcat (folder, "/", id, suffix, NULL);

      ck_assert (g_file_set_contents (name, data, (gssize)size, NULL));
    }
}

#endif
