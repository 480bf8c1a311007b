/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* markdown.c - the Markdown of model cards as markup of Pango. */

#include "model-text.h"
#include <string.h>

/* Text with its code spans and emphases, whose signs are left out. */
static void
add_text (GString *markup, const char *text)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  g_autofree char *escaped = NULL;

  for (; *text != 0; text++)
    if (text[0] == '*' && text[1] == '*')
      text++;
    else if (*text != '`')
      g_string_append_c (plain, *text);
  escaped = g_markup_escape_text (plain->str, (gssize)plain->len);
  g_string_append (markup, escaped);
}

/* "| a | b | c |" as "a: b · c"; nothing for the line under a heading. */
static void
add_table_row (GString *markup, const char *line)
{
  g_auto (GStrv) cells = g_strsplit (line + 1, "|", -1);
  guint n = g_strv_length (cells), shown = 0;

  if (strspn (line, "|-: ") == strlen (line))
    return;
  for (guint i = 0; i < n; i++)
    {
      const char *cell = g_strstrip (cells[i]);

      if (cell[0] == 0)
        continue;
      g_string_append (markup, shown == 0 ? "• " : shown == 1 ? ": " : " · ");
      add_text (markup, cell);
      shown++;
    }
  g_string_append_c (markup, '\n');
}

static void
add_line (GString *markup, const char *line)
{
  gsize depth = strspn (line, "#");

  if (depth > 0 && line[depth] == ' ')
    {
      g_string_append (markup, "<b>");
      add_text (markup, line + depth + 1);
      g_string_append (markup, "</b>\n");
    }
  else if (line[0] == '|')
    add_table_row (markup, line);
  else if (g_str_has_prefix (line, "- ") || g_str_has_prefix (line, "* "))
    {
      g_string_append (markup, "• ");
      add_text (markup, line + 2);
      g_string_append_c (markup, '\n');
    }
  else
    {
      add_text (markup, line);
      g_string_append_c (markup, '\n');
    }
}

char *
ae_markdown_to_markup (const char *text)
{
  GString *markup = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      g_strchomp (*line);
      add_line (markup, *line);
    }
  return g_string_free (markup, FALSE);
}
