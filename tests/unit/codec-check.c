/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* codec-check.c - models of a fixed size of picture: made up, and against their definition. */

#include "codec-check.h"

#include <check.h>
#include <math.h>

#include "../grad/reference.h"

AeModel *
make_model (const char *text, float strength)
{
  GError *error = NULL;
  AeGraph *graph = ae_graph_parse (text, "made up", &error);
  gsize n = 0;
  float *params;
  AeModel *model;

  ck_assert_msg (graph != NULL, "%s", error ? error->message : "");
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    n += ae_graph_param (graph, i)->count;
  params = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    params[i] = strength * sinf ((float)(i * i % 1009));
  model = ae_model_new (graph, params, NULL);
  g_free (params);
  ae_graph_unref (graph);
  return model;
}

static float
made_up (gsize i)
{
  return (float)(i * 7 % 11) / 11;
}

/* The result of the definition; g_free (). */
static double *
defined (const AeModel *model, gsize n_picture, int label)
{
  AeGraph *graph = ae_model_graph (model);
  double **inputs = g_new0 (double *, ae_graph_n_nodes (graph));
  double *params = g_new (double, ae_model_n_values (model)), *result;
  int width, height, classes = ae_graph_find_input (graph, AE_PLANES_LABEL);

  ck_assert (ae_graph_is_fixed (graph, &width, &height));
  inputs[ae_graph_picture (graph)] = g_new (double, n_picture);
  for (gsize i = 0; i < n_picture; i++)
    inputs[ae_graph_picture (graph)][i] = (double)made_up (i);
  if (classes >= 0)
    {
      inputs[classes] = g_new0 (double, ae_graph_node (graph, classes)->channels);
      if (label >= 0)
        inputs[classes][label] = 1;
    }
  for (gsize i = 0; i < ae_model_n_values (model); i++)
    params[i] = (double)ae_model_param (model, 0)[i];
  result = reference_run (graph, params, inputs, width, height);
  for (int i = 0; i < ae_graph_n_nodes (graph); i++)
    g_free (inputs[i]);
  g_free (inputs);
  g_free (params);
  return result;
}

void
check_codec (AeModel *model, int label, double tolerance, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AeCodec) codec = ae_codec_new (model, &error);

  ck_assert_msg (codec != NULL, "%s: %s", name, error ? error->message : "");

  gsize n = ae_codec_picture_size (codec), n_result = ae_codec_result_size (codec);
  gsize n_latent = ae_codec_latent_size (codec);
  g_autofree float *picture = g_new (float, n), *whole = g_new (float, n_result);
  g_autofree float *halves = g_new (float, n_result), *latent = g_new (float, n_latent);
  g_autofree double *expected = defined (model, n, label);

  for (gsize i = 0; i < n; i++)
    picture[i] = made_up (i);
  ae_codec_run (codec, picture, label, whole);
  for (gsize i = 0; i < n_result; i++)
    ck_assert_msg (fabs ((double)whole[i] - expected[i]) < tolerance, "%s: value %zu is %.8f, expected %.8f",
                   name, i, (double)whole[i], expected[i]);
  if (n_latent == 0)
    return;
  ae_codec_encode (codec, picture, label, latent);
  /* what the encoder has left behind must not matter */
  for (gsize i = 0; i < n; i++)
    picture[i] = 0.5f;
  ae_codec_run (codec, picture, -1, halves);
  ae_codec_decode (codec, latent, label, halves);
  for (gsize i = 0; i < n_result; i++)
    ck_assert_msg (whole[i] == halves[i], "%s: value %zu: whole %g, in halves %g", name, i, (double)whole[i],
                   (double)halves[i]);
}
