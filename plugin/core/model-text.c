/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* model-text.c - what a dialog says about models, as markup of Pango. */

#include "model-text.h"
#include <string.h>
#include <ae/tensor-file.h>
#include "intl.h"

/* Longer ones are cut: a list has short rows, a card is for reading. */
#define DESCRIPTION_MAX 60
#define FACT_MAX 200
#define CARD_MAX 32768

/* The first line, of at most so many characters. */
static char *
shorten (const char *text, glong max)
{
  g_autofree char *line = g_strndup (text, strcspn (text, "\r\n"));
  g_autofree char *valid = g_utf8_make_valid (line, -1);
  g_autofree char *begin = NULL;

  if (g_utf8_strlen (valid, -1) <= max)
    return g_steal_pointer (&valid);
  begin = g_utf8_substring (valid, 0, max - 1);
  return g_strconcat (begin, "…", NULL);
}

/* Messages begin with the file, whose name stands beside them. */
static const char *
problem_of (const AeCatalogueEntry *entry)
{
  gsize length = strlen (entry->path);

  if (strncmp (entry->problem, entry->path, length) == 0 && strncmp (entry->problem + length, ": ", 2) == 0)
    return entry->problem + length + 2;
  return entry->problem;
}

/* Puts the words into lines of about DESCRIPTION_MAX characters: a list is as
 * wide as its widest row. */
static void
break_lines (char *text)
{
  char *space = NULL;
  glong column = 0;

  for (char *c = text; *c != 0; c = g_utf8_next_char (c), column++)
    {
      if (*c == ' ')
        space = c;
      if (column >= DESCRIPTION_MAX && space != NULL)
        {
          *space = '\n';
          column = g_utf8_pointer_to_offset (space, c);
          space = NULL;
        }
    }
}

/* In the user's language, if the model comes with the project; else as its file says. */
static const char *
description_of (const AeCatalogueEntry *entry)
{
  static const char *const ours[] = {
    N_ ("Removes noise, fast; for photographs"),
    N_ ("Removes noise, best quality; for photographs"),
    N_ ("Removes JPEG artifacts"),
    N_ ("Enlarges 2 times, faithful to every pixel"),
    N_ ("Enlarges 2 times, without noise and the marks of compression"),
    N_ ("Enlarges 3 times, faithful to every pixel"),
    N_ ("Enlarges 3 times, without noise and the marks of compression"),
    N_ ("Enlarges 4 times, faithful to every pixel"),
    N_ ("Enlarges 4 times, without noise and the marks of compression"),
    N_ ("Draws a handwritten digit that it is asked for, in a style of two numbers"),
    N_ ("Draws handwritten digits from eight numbers"),
    N_ ("Draws soft patterns like patches of photographs from 32 numbers"),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ours); i++)
    if (g_strcmp0 (entry->description, ours[i]) == 0)
      return _ (ours[i]);
  return entry->description;
}

char *
ae_model_row_markup (const AeCatalogueEntry *entry)
{
  g_autofree char *text = NULL;

  if (entry->problem != NULL)
    {
      text = shorten (problem_of (entry), FACT_MAX);
      break_lines (text);
      return g_markup_printf_escaped (_ ("<b>%s</b>  <small>cannot be used:\n%s</small>"), entry->name, text);
    }
  text = shorten (entry->description != NULL ? description_of (entry) : "", DESCRIPTION_MAX);
  return g_markup_printf_escaped ("<b>%s</b>  <small>%s</small>", entry->name, text);
}

static const char *
task_text (const char *task)
{
  if (g_strcmp0 (task, "denoise") == 0)
    return _ ("remove noise");
  if (g_strcmp0 (task, "jpeg") == 0)
    return _ ("remove JPEG artifacts");
  if (g_strcmp0 (task, "upscale") == 0)
    return _ ("enlarge");
  if (g_strcmp0 (task, "generate") == 0)
    return _ ("draw new pictures");
  return task;
}

static void
add_fact (GString *markup, const char *label, const char *text)
{
  if (text != NULL && text[0] != 0)
    {
      g_autofree char *line = shorten (text, FACT_MAX);
      g_autofree char *escaped = g_markup_printf_escaped ("<b>%s</b> %s\n", label, line);

      g_string_append (markup, escaped);
    }
}

static void
add_data (GString *markup, const char *path)
{
  g_autoptr (AeTensorFile) file = ae_tensor_file_map (path, NULL);
  const char *digest = file != NULL ? ae_tensor_file_meta (file, "ae.data") : NULL;
  g_autofree char *text = NULL;

  if (digest != NULL && digest[0] != 0)
    {
      /* Enough to compare by eye; ae-model shows all of it. */
      text = g_strdup_printf (_ ("digest %.16s…"), digest);
      add_fact (markup, _ ("Training data:"), text);
    }
  else
    add_fact (markup, _ ("Training data:"), _ ("not said by the file"));
}

static char *
read_card (const char *path)
{
  gsize stem = strlen (path) - (g_str_has_suffix (path, ".safetensors") ? strlen (".safetensors") : 0);
  g_autofree char *name = g_strdup_printf ("%.*s.md", (int)stem, path);
  g_autofree char *text = NULL;
  char *end;

  if (!g_file_get_contents (name, &text, NULL, NULL))
    return NULL;
  if (strlen (text) > CARD_MAX)
    text[CARD_MAX] = 0;
  /* The cut may have gone through a letter. */
  g_utf8_validate (text, -1, (const char **)&end);
  if (strlen (end) < 4)
    *end = 0;
  return g_utf8_make_valid (text, -1);
}

char *
ae_model_card_markup (const AeCatalogueEntry *entry)
{
  GString *markup = g_string_new (NULL);
  g_autofree char *size = g_format_size ((guint64)entry->size);
  g_autofree char *card = read_card (entry->path);
  g_autofree char *cost = NULL;

  add_fact (markup, _ ("Model:"), entry->name);
  if (entry->problem != NULL)
    add_fact (markup, _ ("Cannot be used:"), problem_of (entry));
  else
    {
      add_fact (markup, _ ("Description:"), description_of (entry));
      add_fact (markup, _ ("Task:"), task_text (entry->task));
      add_fact (markup, _ ("Version:"), entry->version != NULL ? entry->version : _ ("not said by the file"));
      add_fact (markup, _ ("License:"), entry->license != NULL ? entry->license : _ ("not said by the file"));
      add_data (markup, entry->path);
      cost = g_strdup_printf (_ ("%.0f thousand multiplications per pixel"), entry->macs / 1000.0);
      add_fact (markup, _ ("Cost:"), cost);
    }
  add_fact (markup, _ ("Size:"), size);
  add_fact (markup, _ ("File:"), entry->path);
  if (card != NULL)
    {
      g_autofree char *text = ae_markdown_to_markup (card);

      g_string_append_c (markup, '\n');
      g_string_append (markup, text);
    }
  return g_string_free (markup, FALSE);
}
