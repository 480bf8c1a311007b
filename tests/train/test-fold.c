/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-fold.c - sums of convolutions and the one convolution that they are. */

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "train/backprop.h"
#include "train/fold.h"
#include "train/init.h"
#include "train/net.h"
#include "train/networks.h"

#define SIZE 12

static AeGraph *
parse (const char *text)
{
  GError *error = NULL;
  AeGraph *graph = ae_graph_parse (text, "test", &error);

  ck_assert_msg (graph != NULL, "%s", error ? error->message : "");
  return graph;
}

/* Some value everywhere, none of them special. */
static float *
some_params (const AeGraph *graph)
{
  gsize n = ae_graph_n_values (graph);
  float *params = g_new (float, n);

  ae_init_params (graph, 3, params);
  for (gsize i = 0; i < n; i++)
    params[i] += 0.05f * sinf ((float)(i * i % 1013));
  return params;
}

static AeModel *
model_of (AeGraph *graph, const float *params)
{
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (meta, (gpointer) "ae.task", (gpointer) "upscale");
  g_hash_table_insert (meta, (gpointer) "ae.name", (gpointer) "test");
  return ae_model_new (graph, params, meta);
}

static float *
params_of (const AeModel *model)
{
  const AeGraph *graph = ae_model_graph (model);
  float *params = g_new (float, ae_model_n_values (model)), *to = params;

  for (int i = 0; i < ae_graph_n_params (graph); to += ae_graph_param (graph, i++)->count)
    memcpy (to, ae_model_param (model, i), sizeof (float) * ae_graph_param (graph, i)->count);
  return params;
}

/* The result of a network for a made-up picture. */
static float *
run (AeGraph *graph, const float *params)
{
  AeBackprop *bp = ae_backprop_new (graph, ae_kernels_get ());
  AeNet *net = ae_net_new (bp, SIZE, SIZE);
  int scale = ae_graph_scale (graph);
  gsize n
    = (gsize)ae_graph_node (graph, ae_graph_output (graph))->channels * (gsize)(SIZE * scale * SIZE * scale);
  float input[3 * SIZE * SIZE], sigma[SIZE * SIZE] = { 0 }, *result;

  for (int i = 0; i < 3 * SIZE * SIZE; i++)
    input[i] = 0.5f + 0.5f * sinf ((float)(i * i % 777));
  ae_backprop_set_params (bp, params);
  ae_net_fill (net, input, sigma);
  ae_net_forward (net);
  result = g_memdup2 (ae_net_output (net)->data, n * sizeof (float));
  ae_net_free (net);
  ae_backprop_free (bp);
  return result;
}

static void
expect_same_function (AeGraph *a, const float *a_params, AeGraph *b, const float *b_params)
{
  g_autofree float *one = run (a, a_params), *other = run (b, b_params);
  int scale = ae_graph_scale (a), channels = ae_graph_node (a, ae_graph_output (a))->channels;

  ck_assert_int_eq (scale, ae_graph_scale (b));
  for (int i = 0; i < channels * SIZE * scale * SIZE * scale; i++)
    ck_assert_msg (fabsf (one[i] - other[i]) < 2e-4f * (1 + fabsf (one[i])), "value %d: %g, %g", i,
                   (double)one[i], (double)other[i]);
}

static const struct
{
  const char *text, *folded;
} cases[] = {
  /* three by three, one by one and the picture itself, with an activation */
  { "x = input channels=3 planes=rgb\nh = conv x out=4 kernel=3 act=relu\na = conv h out=4 kernel=3\n"
    "b = conv h out=4 kernel=1 bias=0\ns = add a b\nt = add s h\ny = act t act=prelu\noutput y\n",
    "x = input channels=3 planes=rgb\nh = conv x out=4 kernel=3 act=relu\n"
    "y = conv h out=4 kernel=3 act=prelu\noutput y\n" },
  /* the bias of the narrow part alone, the picture twice, no activation, comments and blank lines stay */
  { "# begin\nx = input channels=3 planes=rgb\na = conv x out=3 kernel=3 bias=0\n\nb = conv x out=3 "
    "kernel=1\n"
    "s = add a x\nt = add b x\nu = add s t\noutput u # end\n",
    "# begin\nx = input channels=3 planes=rgb\n\nu = conv x out=3 kernel=3\noutput u # end\n" },
  /* no bias, ones alone, another activation */
  { "x = input channels=3 planes=rgb\na = conv x out=5 kernel=1 bias=0\nb = conv x out=5 kernel=1 bias=0\n"
    "s = add a b\ny = act s act=leaky slope=0.125\noutput y\n",
    "x = input channels=3 planes=rgb\ny = conv x out=5 kernel=1 act=leaky slope=0.125000000 bias=0\n"
    "output y\n" },
  /* an activation that is not alone in reading the sum stays */
  { "x = input channels=3 planes=rgb\na = conv x out=3 kernel=3\ns = add a x\nr = act s act=relu\n"
    "y = add r s\noutput y\n",
    "x = input channels=3 planes=rgb\ns = conv x out=3 kernel=3\nr = act s act=relu\ny = add r s\noutput "
    "y\n" },
  /* a sum as a part of one that does not fold */
  { "x = input channels=3 planes=rgb\nh = conv x out=3 kernel=3 act=relu\na = conv h out=3 kernel=3\n"
    "s = add a h\ny = add s x\noutput y\n",
    "x = input channels=3 planes=rgb\nh = conv x out=3 kernel=3 act=relu\ns = conv h out=3 kernel=3\n"
    "y = add s x\noutput y\n" },
};

START_TEST (folds_to_the_same_function)
{
  GError *error = NULL;
  g_autoptr (AeGraph) graph = parse (cases[_i].text);
  g_autofree float *params = some_params (graph), *folded_params = NULL;
  g_autoptr (AeModel) model = model_of (graph, params), folded = ae_fold_model (model, &error);

  ck_assert_msg (folded != NULL, "%s", error ? error->message : "");
  ck_assert_str_eq (ae_graph_text (ae_model_graph (folded)), cases[_i].folded);
  ck_assert_str_eq (ae_model_meta (folded, "ae.task"), "upscale");
  folded_params = params_of (folded);
  expect_same_function (graph, params, ae_model_graph (folded), folded_params);
}
END_TEST

static const char *const others[] = {
  /* a residual block */
  "x = input channels=3 planes=rgb\na = conv x out=3 kernel=3 act=relu\nb = conv a out=3 kernel=3\n"
  "y = add b x\noutput y\n",
  /* a part that something else reads, too */
  "x = input channels=3 planes=rgb\na = conv x out=3 kernel=3\ns = add a x\ny = concat s a\noutput y\n",
  /* an activation before the sum */
  "x = input channels=3 planes=rgb\na = conv x out=3 kernel=3 act=relu\nb = conv x out=3 kernel=3\n"
  "y = add a b\noutput y\n",
  /* no convolution */
  "x = input channels=3 planes=rgb\ny = add x x\noutput y\n",
  /* at another resolution */
  "x = input channels=3 planes=rgb\na = conv x out=3 kernel=2 stride=2\nb = conv x out=3 kernel=2 stride=2\n"
  "s = add a b\ny = up s factor=2\noutput y\n",
};

START_TEST (leaves_others_alone)
{
  GError *error = NULL;
  g_autoptr (AeGraph) graph = parse (others[_i]);
  g_autofree float *params = some_params (graph);
  g_autoptr (AeModel) model = model_of (graph, params), folded = ae_fold_model (model, &error);

  ck_assert_ptr_eq (folded, model);
}
END_TEST

/* The network of the recipes becomes the plain chain, and can be trained on from there as what it was. */
START_TEST (unfolds_to_the_same_function)
{
  GError *error = NULL;
  const AeEnlarger enlarger = { .scale = 2, .width = 6, .blocks = 3, .bias = TRUE };
  g_autofree char *text = ae_network_reparameterized (&enlarger), *plain_text = ae_network_plain (&enlarger);
  g_autoptr (AeGraph) graph = parse (text), plain = parse (plain_text);
  g_autofree float *params = some_params (graph), *folded_params = NULL, *again = NULL;
  g_autoptr (AeModel) model = model_of (graph, params), folded = ae_fold_model (model, &error);

  ck_assert_msg (folded != NULL, "%s", error ? error->message : "");
  ck_assert_str_eq (ae_graph_text (ae_model_graph (folded)), plain_text);
  folded_params = params_of (folded);
  expect_same_function (graph, params, plain, folded_params);

  again = g_new (float, ae_graph_n_values (graph));
  ae_init_params (graph, 9, again);
  ck_assert_int_eq (ae_init_from_model (graph, folded, again), ae_graph_n_params (plain));
  expect_same_function (graph, params, graph, again);

  ae_init_params (graph, 9, again); /* its own weights under its own names */
  ck_assert_int_eq (ae_init_from_model (graph, model, again), ae_graph_n_params (graph));
  ck_assert_mem_eq (again, params, sizeof (float) * ae_graph_n_values (graph));
}
END_TEST

/* Another width under the same names: nothing to unfold. */
START_TEST (unfolds_equal_shapes_alone)
{
  const AeEnlarger narrow = { .scale = 2, .width = 4, .blocks = 1 },
                   wide = { .scale = 2, .width = 6, .blocks = 1 };
  g_autofree char *narrow_text = ae_network_plain (&narrow), *wide_text = ae_network_reparameterized (&wide);
  g_autoptr (AeGraph) small = parse (narrow_text), large = parse (wide_text);
  g_autofree float *params = some_params (small), *start = some_params (large), *to = some_params (large);
  g_autoptr (AeModel) model = model_of (small, params);

  ck_assert_int_eq (ae_unfold_params (large, model, to), 0);
  ck_assert_mem_eq (to, start, sizeof (float) * ae_graph_n_values (large));
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("fold");
  TCase *tcase = tcase_create ("fold");
  SRunner *runner;
  int failed;

  tcase_add_loop_test (tcase, folds_to_the_same_function, 0, G_N_ELEMENTS (cases));
  tcase_add_loop_test (tcase, leaves_others_alone, 0, G_N_ELEMENTS (others));
  tcase_add_test (tcase, unfolds_to_the_same_function);
  tcase_add_test (tcase, unfolds_equal_shapes_alone);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
