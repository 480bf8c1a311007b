/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* make-model.c - writes the model that the tests of the plug-in use instead of a trained one. */

#include <stdio.h>
#include <string.h>
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

static int
save (const char *name, const char *task, const char *text, const float *values, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AeGraph) graph = ae_graph_parse (text, path, &error);
  g_autoptr (AeModel) model = NULL;
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree float *zeros = NULL;
  gsize n = 0;

  set (meta, "ae.task", task);
  set (meta, "ae.name", name);
  set (meta, "ae.version", "1");
  set (meta, "ae.license", "CC0-1.0");
  set (meta, "ae.description",
       values != NULL ? "Mean of 3 by 3 pixels, for tests" : "Nothing, slowly, for tests");

  for (int i = 0; graph != NULL && i < ae_graph_n_params (graph); i++)
    n += ae_graph_param (graph, i)->count;
  zeros = g_new0 (float, n);
  if (graph != NULL)
    model = ae_model_new (graph, values != NULL ? values : zeros, meta);
  if (model == NULL || !ae_model_save (model, path, AE_DTYPE_F32, &error))
    {
      fprintf (stderr, "make-model: %s\n", error != NULL ? error->message : "no model");
      return 1;
    }
  return 0;
}

/* Work for a long time on any machine, for a test that cancels it. */
static int
make_slow (const char *name, const char *path, gboolean upscale)
{
  g_autoptr (GString) text = g_string_new ("x = input channels=3 planes=rgb\na0 = conv x out=128 kernel=3\n");

  for (int i = 1; i < 40; i++)
    g_string_append_printf (text, "a%d = conv a%d out=128 kernel=3 act=relu\n", i, i - 1);
  g_string_append (text, upscale ? "b = conv a39 out=12 kernel=3\ny = pixel_shuffle b factor=2\noutput y\n"
                                 : "b = conv a39 out=3 kernel=3\ny = add x b\noutput y\n");
  return save (name, upscale ? "upscale" : "denoise", text->str, NULL, path);
}

int
main (int argc, char **argv)
{
  float weights[3][4][3][3] = { 0 };

  if (argc == 4 && strcmp (argv[1], "--slow") == 0)
    return make_slow (argv[2], argv[3], FALSE);
  if (argc == 4 && strcmp (argv[1], "--slow-upscale") == 0)
    return make_slow (argv[2], argv[3], TRUE);
  if (argc != 3)
    {
      fprintf (stderr, "usage: make-model [--slow|--slow-upscale] NAME FILE\n");
      return 2;
    }
  for (int o = 0; o < 3; o++)
    {
      for (int tap = 0; tap < 9; tap++)
        weights[o][o][tap / 3][tap % 3] = 1.0f / 9.0f;
      weights[o][3][1][1] = 0.5f;
    }
  return save (argv[1], "denoise", graph_text, &weights[0][0][0][0], argv[2]);
}
