/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* run-model.c - runs a model on raw floats, for comparisons with other programs.
 *
 *   run-model MODEL WIDTH HEIGHT SIGMA <planes >result     float [3][height][width], [3][h * scale][w *
 * scale]
 */

#include <stdio.h>
#include <stdlib.h>

#include <ae/session.h>

typedef struct
{
  float *planes;
  int width, height;
} Canvas;

static float *
row (const Canvas *canvas, const AeRect *rect, int c, int y)
{
  return canvas->planes + ((gsize)c * (gsize)canvas->height + (gsize)(rect->y + y)) * (gsize)canvas->width
         + rect->x;
}

static Canvas source, result;

static gboolean
read_planes (const AeRect *rect, float *planes, gpointer data, GError **error)
{
  for (int c = 0; c < 3; c++)
    for (int y = 0; y < rect->height; y++)
      for (int x = 0; x < rect->width; x++)
        *planes++ = row (&source, rect, c, y)[x];
  return TRUE;
}

static gboolean
write_planes (const AeRect *rect, const float *planes, gpointer data, GError **error)
{
  for (int c = 0; c < 3; c++)
    for (int y = 0; y < rect->height; y++)
      for (int x = 0; x < rect->width; x++)
        row (&result, rect, c, y)[x] = *planes++;
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  const AeSessionOptions options = { .threads = 1 };
  AeRun run = { .read = read_planes, .write = write_planes };
  AeModel *model = argc == 5 ? ae_model_load (argv[1], &error) : NULL;
  AeSession *session = model ? ae_session_new (model, &options, &error) : NULL;
  gsize n, m;
  int scale, status = 1;

  if (session)
    {
      scale = ae_graph_scale (ae_model_graph (model));
      run.width = source.width = atoi (argv[2]);
      run.height = source.height = atoi (argv[3]);
      run.sigma = (float)g_ascii_strtod (argv[4], NULL);
      result.width = source.width * scale;
      result.height = source.height * scale;
      n = 3 * (gsize)source.width * (gsize)source.height;
      m = n * (gsize)(scale * scale);
      source.planes = g_new (float, n);
      result.planes = g_new (float, m);
      if (fread (source.planes, sizeof (float), n, stdin) == n && ae_session_run (session, &run, &error)
          && fwrite (result.planes, sizeof (float), m, stdout) == m)
        status = 0;
      g_free (source.planes);
      g_free (result.planes);
      ae_session_free (session);
    }
  if (model)
    ae_model_unref (model);
  if (status)
    fprintf (stderr, "run-model: %s\n", error ? error->message : "bad arguments or input");
  return status;
}
