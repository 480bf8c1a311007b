/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* train-export.c - ae-train export: a model or checkpoint as a file for others, and the begin of its card. */

#include "ae-train.h"

#include <stdio.h>

#include <ae/error.h>
#include <ae/model.h>

#include "train/export.h"

/* A card that somebody has written is not replaced. */
static gboolean
check_card (const char *card, GError **error)
{
  if (!g_file_test (card, G_FILE_TEST_EXISTS))
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: is there already", card);
  return FALSE;
}

static gboolean
write_card (const AeModel *model, const char *out, const char *card, GError **error)
{
  g_autofree char *name = g_path_get_basename (out), *text = ae_export_card (model, name);
  g_autoptr (GError) local = NULL;

  if (g_file_set_contents (card, text, -1, &local))
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: cannot be written: %s", card, local->message);
  return FALSE;
}

static gboolean export(const char *path, const char *out, gboolean half, const char *card, GError **error)
{
  g_autoptr (AeModel) model = NULL;

  if (card && !check_card (card, error))
    return FALSE;
  model = ae_export_load (path, error);
  return model && ae_model_save (model, out, half ? AE_DTYPE_F16 : AE_DTYPE_F32, error)
         && (!card || write_card (model, out, card, error));
}

int
ae_train_export_main (int argc, char **argv)
{
  gboolean half = FALSE;
  g_autofree char *card = NULL;
  const GOptionEntry entries[] = {
    { "half", 0, 0, G_OPTION_ARG_NONE, &half, "Store the weights as 16-bit floats", NULL },
    { "card", 0, 0, G_OPTION_ARG_FILENAME, &card, "Begin a model card, in Markdown, in FILE", "FILE" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("MODEL OUT");
  g_autoptr (GError) error = NULL;

  g_set_prgname ("ae-train export");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (context, "Writes a model, or what a checkpoint makes, as a model file OUT.");
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      fprintf (stderr, "ae-train export: %s\n", error->message);
      return 1;
    }
  if (argc != 3)
    {
      fprintf (stderr, "ae-train export: expected MODEL and OUT, found %d arguments (--help explains)\n",
               argc - 1);
      return 1;
    }
  if (!export(argv[1], argv[2], half, card, &error))
    {
      fprintf (stderr, "ae-train export: %s\n", error->message);
      return 1;
    }
  return 0;
}
