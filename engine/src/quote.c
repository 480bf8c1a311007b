/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* quote.c - text from a file, made fit to stand in a message. */

#include "quote.h"

#define CHARACTERS_MAX 64

char *
ae_quote (const char *text)
{
  GString *quoted = g_string_new ("'");
  int n = 0;

  for (const char *c = text; *c; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (n++ == CHARACTERS_MAX)
        {
          g_string_append (quoted, "…");
          break;
        }
      if (g_unichar_iscntrl (character))
        g_string_append_printf (quoted, "\\u%04x", character);
      else
        g_string_append_unichar (quoted, character);
    }
  g_string_append_c (quoted, '\'');
  return g_string_free (quoted, FALSE);
}
