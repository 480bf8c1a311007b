/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* make-picture.c - models and pictures for the test of the gegl command, and a comparison.
 *
 *   make-picture models FOLDER                     the models of live.h
 *   make-picture noisy FORMAT WIDTH HEIGHT FILE    FORMAT as of babl; 8 or 16 bits, PNG
 *   make-picture denoised IN FILE SIGMA            what plugin/core makes of it with live_model (1)
 *   make-picture same A B                          every pixel has the same values
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "live.h"

static GeglBuffer *
load (const char *path)
{
  GeglBuffer *buffer = NULL;
  GeglNode *graph = gegl_node_new ();
  GeglNode *source = gegl_node_new_child (graph, "operation", "gegl:png-load", "path", path, NULL);
  GeglNode *sink
    = gegl_node_new_child (graph, "operation", "gegl:buffer-sink", "buffer", &buffer, "format", NULL, NULL);

  gegl_node_link (source, sink);
  gegl_node_process (sink);
  g_object_unref (graph);
  if (!buffer || gegl_buffer_get_width (buffer) < 1)
    {
      fprintf (stderr, "%s cannot be read\n", path);
      exit (2);
    }
  return buffer;
}

static void
save (GeglBuffer *buffer, const char *path)
{
  const Babl *format = gegl_buffer_get_format (buffer);
  const int bits = 8 * babl_format_get_bytes_per_pixel (format) / babl_format_get_n_components (format);
  GeglNode *graph = gegl_node_new ();
  GeglNode *source = gegl_node_new_child (graph, "operation", "gegl:buffer-source", "buffer", buffer, NULL);
  GeglNode *sink
    = gegl_node_new_child (graph, "operation", "gegl:png-save", "path", path, "bitdepth", bits, NULL);

  gegl_node_link (source, sink);
  gegl_node_process (sink);
  g_object_unref (graph);
}

static int
compare (GeglBuffer *a, GeglBuffer *b)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (a);
  int differences;

  if (!gegl_rectangle_equal (extent, gegl_buffer_get_extent (b)))
    {
      fprintf (stderr, "another size\n");
      return 1;
    }
  differences = live_differences (a, b, extent);
  if (differences)
    fprintf (stderr, "%s against %s: %d pixels differ\n", babl_get_name (gegl_buffer_get_format (a)),
             babl_get_name (gegl_buffer_get_format (b)), differences);
  return differences != 0;
}

int
main (int argc, char **argv)
{
  int result = 0;

  if (argc == 3 && !strcmp (argv[1], "models"))
    {
      live_models (argv[2]);
      return 0;
    }
  live_gegl_init ();
  if (argc == 6 && !strcmp (argv[1], "noisy"))
    {
      const GeglRectangle extent = { 0, 0, atoi (argv[3]), atoi (argv[4]) };
      GeglBuffer *picture = live_picture (&extent, argv[2], NULL, 3);

      save (picture, argv[5]);
      g_object_unref (picture);
    }
  else if (argc == 5 && !strcmp (argv[1], "denoised"))
    {
      GeglBuffer *picture = load (argv[2]), *expected;
      AeDenoiseParams params;

      ae_denoise_params_init (&params);
      params.noise_auto = !strcmp (argv[4], "auto");
      params.sigma = g_ascii_strtod (argv[4], NULL);
      expected = live_expected (picture, &params);
      save (expected, argv[3]);
      g_object_unref (expected);
      g_object_unref (picture);
    }
  else if (argc == 4 && !strcmp (argv[1], "same"))
    {
      GeglBuffer *a = load (argv[2]), *b = load (argv[3]);

      result = compare (a, b);
      g_object_unref (a);
      g_object_unref (b);
    }
  else
    {
      fprintf (stderr, "usage: see the source\n");
      result = 2;
    }
  gegl_exit ();
  return result;
}
