/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* make-model.c - writes the model that the tests of the plug-in use instead of a trained one. */

#include <stdio.h>
#include <ae/model.h>

/* The mean of 3 x 3 pixels plus half the noise level: picture.c can predict
 * every pixel, and a result shows which noise level was used. */
static const char graph_text[] = "x = input channels=3 planes=rgb\n"
                                 "s = input channels=1 planes=sigma\n"
                                 "c = concat x s\n"
                                 "y = conv c out=3 kernel=3 bias=0\n"
                                 "output y\n";

static void
set (GHashTable *meta, const char *key, const char *value)
{
  g_hash_table_insert (meta, (gpointer)key, (gpointer)value);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AeGraph) graph = NULL;
  g_autoptr (AeModel) model = NULL;
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  float weights[3][4][3][3] = { 0 };

  if (argc != 3)
    {
      fprintf (stderr, "usage: make-model NAME FILE\n");
      return 2;
    }
  for (int o = 0; o < 3; o++)
    {
      for (int tap = 0; tap < 9; tap++)
        weights[o][o][tap / 3][tap % 3] = 1.0f / 9.0f;
      weights[o][3][1][1] = 0.5f;
    }
  set (meta, "ae.task", "denoise");
  set (meta, "ae.name", argv[1]);
  set (meta, "ae.version", "1");
  set (meta, "ae.license", "CC0-1.0");
  set (meta, "ae.description", "Mean of 3 by 3 pixels, for tests");

  graph = ae_graph_parse (graph_text, argv[2], &error);
  if (graph != NULL)
    model = ae_model_new (graph, &weights[0][0][0][0], meta);
  if (model == NULL || !ae_model_save (model, argv[2], AE_DTYPE_F32, &error))
    {
      fprintf (stderr, "make-model: %s\n", error != NULL ? error->message : "no model");
      return 1;
    }
  return 0;
}
