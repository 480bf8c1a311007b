/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* make-model.c - writes small models whose results can be told in advance, for tests of programs. */

#include <ae/model.h>
#include <stdio.h>
#include <string.h>

/*
 *   make-model KIND FILE
 *
 *   identity   the result is the picture
 *   half       the result is half the picture
 *   mean       every pixel is the mean of its channels
 *   sigma      every channel is the noise level / 255
 *   jpeg       half the picture, to repair JPEG
 *   upscale    twice the size, each pixel a square (of no use to denoise)
 *   twice      twice the size, bicubic
 *   twice-dark the same, half as bright
 *   four       four times the size, bicubic
 */
#define BICUBIC(factor)                                                                                      \
  "x = input channels=3 planes=rgb\nc = conv x out=3 kernel=1\nb = bicubic c factor=" factor "\noutput b\n"

static const struct
{
  const char *kind, *task, *graph;
  float params[12];
} models[] = {
  { "identity",
    "denoise",
    "x = input channels=3 planes=rgb\nc = conv x out=3 kernel=1\noutput c\n",
    { 1, 0, 0, 0, 1, 0, 0, 0, 1 } },
  { "half",
    "denoise",
    "x = input channels=3 planes=rgb\nc = conv x out=3 kernel=1\noutput c\n",
    { 0.5f, 0, 0, 0, 0.5f, 0, 0, 0, 0.5f } },
  { "mean",
    "denoise",
    "x = input channels=3 planes=rgb\nc = conv x out=3 kernel=1 bias=0\noutput c\n",
    { 1 / 3.f, 1 / 3.f, 1 / 3.f, 1 / 3.f, 1 / 3.f, 1 / 3.f, 1 / 3.f, 1 / 3.f, 1 / 3.f } },
  { "sigma",
    "denoise",
    "x = input channels=3 planes=rgb\ns = input channels=1 planes=sigma\nc = concat x s\n"
    "d = conv c out=3 kernel=1 bias=0\noutput d\n",
    { 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1 } },
  { "jpeg",
    "jpeg",
    "x = input channels=3 planes=rgb\nc = conv x out=3 kernel=1\noutput c\n",
    { 0.5f, 0, 0, 0, 0.5f, 0, 0, 0, 0.5f } },
  { "upscale", "upscale", "x = input channels=3 planes=rgb\nu = up x factor=2\noutput u\n", { 0 } },
  { "twice", "upscale", BICUBIC ("2"), { 1, 0, 0, 0, 1, 0, 0, 0, 1 } },
  { "twice-dark", "upscale", BICUBIC ("2"), { 0.5f, 0, 0, 0, 0.5f, 0, 0, 0, 0.5f } },
  { "four", "upscale", BICUBIC ("4"), { 1, 0, 0, 0, 1, 0, 0, 0, 1 } },
};

int
main (int argc, char **argv)
{
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; argc == 3 && i < G_N_ELEMENTS (models); i++)
    if (strcmp (argv[1], models[i].kind) == 0)
      {
        g_autoptr (AeGraph) graph = ae_graph_parse (models[i].graph, models[i].kind, &error);
        g_autoptr (AeModel) model = NULL;

        if (graph)
          {
            g_hash_table_insert (meta, (gpointer) "ae.task", (gpointer)models[i].task);
            g_hash_table_insert (meta, (gpointer) "ae.name", (gpointer)models[i].kind);
            g_hash_table_insert (meta, (gpointer) "ae.license", (gpointer) "CC0-1.0");
            model = ae_model_new (graph, models[i].params, meta);
            if (ae_model_save (model, argv[2], AE_DTYPE_F32, &error))
              return 0;
          }
        fprintf (stderr, "make-model: %s\n", error->message);
        return 1;
      }
  fputs ("make-model: expected KIND FILE\n", stderr);
  return 1;
}
