/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-models.c - shipped models: load, give what their definition says with all kernels, and denoise. */

#include <ae/session.h>
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/kernels.h"

#include "../grad/reference.h"

/* From AE_TEST_MODELS, paths with ':' between them. */
static char **models;

static AeModel *
load (const char *path)
{
  GError *error = NULL;
  AeModel *model = ae_model_load (path, &error);

  ck_assert_msg (model != NULL, "%s", error ? error->message : "");
  return model;
}

typedef struct
{
  int width, height, channels, out_channels, scale;
  float *planes, *result;
} Picture;

static gboolean
read_planes (const AeRect *rect, float *planes, gpointer data, GError **error)
{
  const Picture *p = data;

  for (int c = 0; c < p->channels; c++)
    for (int y = 0; y < rect->height; y++, planes += rect->width)
      memcpy (planes, p->planes + (c * p->height + rect->y + y) * p->width + rect->x,
              (gsize)rect->width * sizeof (float));
  return TRUE;
}

static gboolean
write_planes (const AeRect *rect, const float *planes, gpointer data, GError **error)
{
  Picture *p = data;

  for (int c = 0; c < p->out_channels; c++)
    for (int y = 0; y < rect->height; y++, planes += rect->width)
      memcpy (p->result + (c * p->height * p->scale + rect->y + y) * p->width * p->scale + rect->x, planes,
              (gsize)rect->width * sizeof (float));
  return TRUE;
}

/* Smooth colors, a disk, stripes of growing frequency. */
static float
clean (int c, int x, int y, int size)
{
  double u = (double)x / size, v = (double)y / size;
  double value = 0.35 + 0.25 * sin (3 * u + c) * cos (2 * v - c);

  if (hypot (u - 0.6, v - 0.4) < 0.22)
    value += 0.3 - 0.1 * c;
  if (v > 0.75)
    value += 0.1 * sin (20 * u * u * 6.28);
  return (float)CLAMP (value, 0, 1);
}

static double
gaussian (GRand *random)
{
  return sqrt (-2 * log (1 - g_rand_double (random))) * cos (2 * G_PI * g_rand_double (random));
}

static Picture
picture_new (const AeModel *model, int size, double sigma)
{
  const AeGraph *graph = ae_model_graph (model);
  Picture p = { .width = size,
                .height = size,
                .channels = ae_graph_find_input (graph, AE_PLANES_RGB) >= 0 ? 3 : 1,
                .out_channels = ae_graph_node (graph, ae_graph_output (graph))->channels,
                .scale = ae_graph_scale (graph) };
  GRand *random = g_rand_new_with_seed (1);
  float *to;

  to = p.planes = g_new (float, p.channels *size *size);
  for (int c = 0; c < p.channels; c++)
    for (int y = 0; y < size; y++)
      for (int x = 0; x < size; x++)
        *to++ = (float)CLAMP (clean (c, x, y, size) + sigma / 255 * gaussian (random), 0, 1);
  p.result = g_new0 (float, p.out_channels *size *size *p.scale *p.scale);
  g_rand_free (random);
  return p;
}

static void
picture_clear (Picture *p)
{
  g_free (p->planes);
  g_free (p->result);
}

static void
run (AeModel *model, Picture *p, float sigma, int threads, int tile)
{
  AeSessionOptions options = { .threads = threads, .tile = tile };
  AeRun what = { .width = p->width,
                 .height = p->height,
                 .sigma = sigma,
                 .read = read_planes,
                 .write = write_planes,
                 .data = p };
  GError *error = NULL;
  AeSession *session = ae_session_new (model, &options, &error);

  ck_assert_msg (session && ae_session_run (session, &what, &error), "%s", error ? error->message : "");
  ae_session_free (session);
}

/* The network in double precision on the picture and its mirrored margin. */
static double *
defined (const AeModel *model, const Picture *p, double sigma)
{
  const AeGraph *graph = ae_model_graph (model);
  const int around = ae_graph_margin (graph), side = p->width + 2 * around, n = ae_graph_n_nodes (graph);
  double **inputs = g_new0 (double *, n), *params = g_new (double, ae_model_n_values (model) + 1);
  double *to = params, *result;

  for (int i = 0; i < ae_graph_n_params (graph); i++)
    for (gsize j = 0; j < ae_graph_param (graph, i)->count; j++)
      *to++ = (double)ae_model_param (model, i)[j];
  for (int i = 0; i < n; i++)
    {
      const AeNode *node = ae_graph_node (graph, i);

      if (node->op != AE_OP_INPUT)
        continue;
      to = inputs[i] = g_new (double, node->channels *side *side);
      for (int c = 0; c < node->channels; c++)
        for (int y = 0; y < side; y++)
          for (int x = 0; x < side; x++)
            *to++ = node->planes == AE_PLANES_SIGMA
                      ? sigma / 255
                      : (double)p->planes[(c * p->height + ae_mirror (y - around, p->height)) * p->width
                                          + ae_mirror (x - around, p->width)];
    }
  result = reference_run (graph, params, inputs, side, side);
  for (int i = 0; i < n; i++)
    g_free (inputs[i]);
  g_free (inputs);
  g_free (params);
  return result;
}

START_TEST (test_definition)
{
  AeModel *model = load (models[_i]);
  const AeGraph *graph = ae_model_graph (model);
  Picture p = picture_new (model, ae_graph_alignment (graph), 25);
  double *want = defined (model, &p, 25);
  const int size = p.width * p.scale, around = ae_graph_margin (graph) * p.scale, side = size + 2 * around;
  const AeKernels *k;

  for (int t = 0; (k = ae_kernels_nth (t)); t++)
    {
      g_setenv ("AE_CPU", k->name, TRUE);
      run (model, &p, 25, 2, 0);
      for (int c = 0; c < p.out_channels; c++)
        for (int y = 0; y < size; y++)
          for (int x = 0; x < size; x++)
            {
              double got = (double)p.result[(c * size + y) * size + x];
              double expected
                = want[((gsize)c * (gsize)side + (gsize)(y + around)) * (gsize)side + (gsize)(x + around)];

              /* a tenth of a step of 16 bits would be 1.5e-6: sums of 1000 products are not that exact */
              ck_assert_msg (fabs (got - expected) < 2e-5,
                             "%s, kernels %s: %d at %d,%d is %.8f, expected %.8f", models[_i], k->name, c, x,
                             y, got, expected);
            }
    }
  g_free (want);
  picture_clear (&p);
  ae_model_unref (model);
}
END_TEST

static double
psnr (const Picture *p, const float *planes)
{
  double sum = 0;

  for (int c = 0; c < p->channels; c++)
    for (int y = 0; y < p->height; y++)
      for (int x = 0; x < p->width; x++)
        {
          double d = (double)planes[(c * p->height + y) * p->width + x] - clean (c, x, y, p->width);

          sum += d * d;
        }
  return -10 * log10 (sum / (p->channels * p->width * p->height));
}

/* On a picture that no recipe has seen, the noise goes; tiles and threads change nothing. */
START_TEST (test_denoises)
{
  AeModel *model = load (models[_i]);
  const char *task = ae_model_meta (model, "ae.task");
  AeSession *session = ae_session_new (model, NULL, NULL);
  int least = ae_session_least_tile (session);

  for (int sigma = 15; task && strcmp (task, "denoise") == 0 && sigma <= 50; sigma += 35)
    {
      Picture p = picture_new (model, 128, sigma), tiled = picture_new (model, 128, sigma);
      double before = psnr (&p, p.planes), after;

      run (model, &p, (float)sigma, 1, 0);
      after = psnr (&p, p.result);
      ck_assert_msg (after > before + 5, "%s, noise level %d: %.2f dB before, %.2f dB after", models[_i],
                     sigma, before, after);
      run (model, &tiled, (float)sigma, 2, least + 48);
      ck_assert (memcmp (p.result, tiled.result, sizeof (float) * (gsize)(p.out_channels * 128 * 128)) == 0);
      picture_clear (&p);
      picture_clear (&tiled);
    }
  ae_session_free (session);
  ae_model_unref (model);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("models");
  TCase *tcase = tcase_create ("shipped");
  SRunner *runner = srunner_create (suite);
  const char *list = g_getenv ("AE_TEST_MODELS");
  int failed;

  if (!list || !*list)
    {
      g_printerr ("AE_TEST_MODELS names no models\n");
      return EXIT_FAILURE;
    }
  models = g_strsplit (list, ":", -1);
  tcase_set_timeout (tcase, 600);
  tcase_add_loop_test (tcase, test_definition, 0, (int)g_strv_length (models));
  tcase_add_loop_test (tcase, test_denoises, 0, (int)g_strv_length (models));
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  g_strfreev (models);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
