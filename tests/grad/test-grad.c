/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-grad.c - every backward pass against finite differences of a double-precision reference. */

#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "reference.h"
#include "train/init.h"
#include "train/net.h"
#include "train/networks.h"
#include "train/random.h"

#define RGB "x = input channels=3 planes=rgb\n"

typedef struct
{
  const char *name, *graph;
  int width, height;
} Case;

static const Case cases[] = {
  { "conv 3x3", RGB "c = conv x out=5 kernel=3\noutput c\n", 7, 5 },
  { "conv 3x3, blocked source", RGB "a = conv x out=18 kernel=3\nc = conv a out=17 kernel=3\noutput c\n", 9,
    6 },
  { "conv 1x1", RGB "a = conv x out=4 kernel=1\nc = conv a out=20 kernel=1 bias=0\noutput c\n", 3, 3 },
  { "conv stride 2",
    RGB "a = conv x out=17 kernel=3\nc = conv a out=6 kernel=2 stride=2\nd = up c factor=2\noutput d\n", 10,
    6 },
  { "conv_transpose",
    RGB "a = conv x out=19 kernel=3\nb = conv a out=18 kernel=2 stride=2\n"
        "c = conv_transpose b out=5 kernel=2 stride=2\noutput c\n",
    6, 8 },
  { "relu", RGB "a = conv x out=9 kernel=3 act=relu\nc = conv a out=3 kernel=3\noutput c\n", 6, 5 },
  { "leaky", RGB "a = conv x out=9 kernel=3 act=leaky slope=0.2\nc = conv a out=3 kernel=3\noutput c\n", 6,
    5 },
  { "prelu", RGB "a = conv x out=18 kernel=3 act=prelu\nc = conv a out=3 kernel=3\noutput c\n", 6, 5 },
  { "sigmoid", RGB "a = conv x out=9 kernel=3 act=sigmoid\nc = conv a out=3 kernel=3\noutput c\n", 6, 5 },
  { "act", RGB "a = conv x out=9 kernel=3\nb = act a act=relu\nc = conv b out=3 kernel=3\noutput c\n", 6, 5 },
  { "unshuffle and shuffle",
    RGB "a = conv x out=3 kernel=3\nb = pixel_unshuffle a factor=2\nc = conv b out=12 kernel=3\n"
        "d = pixel_shuffle c factor=2\noutput d\n",
    6, 8 },
  { "shuffle 3", RGB "a = conv x out=18 kernel=3\nb = pixel_shuffle a factor=3\noutput b\n", 4, 3 },
  { "shuffle used twice",
    RGB
    "a = conv x out=12 kernel=3\nb = pixel_shuffle a factor=2\nc = pixel_unshuffle b factor=2\nd = add a c\n"
    "output d\n",
    4, 3 },
  { "max_pool",
    RGB "a = conv x out=5 kernel=3\nb = max_pool a factor=2\nc = conv b out=2 kernel=3\nd = up c "
        "factor=2\noutput d\n",
    8, 6 },
  { "avg_pool",
    RGB "a = conv x out=17 kernel=3\nb = avg_pool a factor=2\nc = conv b out=2 kernel=3\nd = up c "
        "factor=2\noutput d\n",
    8, 6 },
  { "up", RGB "a = conv x out=17 kernel=3\nb = up a factor=2\nc = conv b out=2 kernel=3\noutput c\n", 5, 4 },
  { "add", RGB "a = conv x out=6 kernel=3\nb = conv x out=6 kernel=1\nc = add a b\noutput c\n", 5, 4 },
  { "add to itself's source",
    RGB "a = conv x out=18 kernel=3\nb = conv a out=18 kernel=3 act=relu\nc = conv b out=18 kernel=3\nd = "
        "add c a\n"
        "output d\n",
    5, 4 },
  { "concat",
    RGB "a = conv x out=5 kernel=3\nb = conv x out=18 kernel=1\nc = concat a b\nd = conv c out=3 "
        "kernel=3\noutput d\n",
    5, 4 },
  { "concat of whole blocks",
    RGB "a = conv x out=16 kernel=3\nb = conv x out=32 kernel=1\nc = concat a b\nd = conv c out=3 "
        "kernel=3\noutput d\n",
    5, 4 },
  { "bicubic", RGB "a = conv x out=3 kernel=3\nb = bicubic a factor=2\noutput b\n", 5, 4 },
  { "max_pool of odd size",
    "x = input channels=1 planes=y width=7 height=5\na = conv x out=5 kernel=3\nb = max_pool a\n"
    "c = up b\nd = conv c out=2 kernel=3\ne = crop d border=1\nf = reshape e\ng = dense f out=3\n"
    "output g\n",
    7, 5 },
  { "crop",
    "x = input channels=3 planes=rgb width=6 height=5\na = conv x out=17 kernel=3 act=relu\n"
    "b = crop a border=1\nc = conv b out=4 kernel=3\nd = reshape c\ne = dense d out=90\n"
    "f = reshape e channels=3 width=6 height=5\ng = add f x\noutput g\n",
    6, 5 },
  { "dense",
    "x = input channels=1 planes=y width=4 height=3\na = reshape x\nb = dense a out=37 act=relu\n"
    "c = dense b out=18 act=sigmoid\nd = dense b out=18 act=prelu\ne = add c d\n"
    "f = dense e out=12 bias=0\ng = reshape f channels=1 width=4 height=3\noutput g\n",
    4, 3 },
  { "reshape",
    "x = input channels=3 planes=rgb width=4 height=4\na = conv x out=5 kernel=3 act=relu\nb = reshape a\n"
    "c = dense b out=20\nd = reshape c channels=5 width=2 height=2\ne = up d\n"
    "f = reshape e channels=20 width=2 height=2\ng = conv f out=12 kernel=3\nh = pixel_shuffle g factor=2\n"
    "output h\n",
    4, 4 },
  { "sample and label",
    "x = input channels=1 planes=y width=4 height=4\nl = input channels=10 planes=label\na = reshape x\n"
    "b = concat a l\nc = dense b out=19 act=leaky\nm = dense c out=3\nv = dense c out=3\n"
    "z = sample m v\ny = concat z l\nd = dense y out=16 act=sigmoid\n"
    "e = reshape d channels=1 width=4 height=4\noutput e\n",
    4, 4 },
  { "bicubic residual",
    RGB "a = conv x out=27 kernel=3\nb = pixel_shuffle a factor=3\nc = bicubic x factor=3\nd = add b "
        "c\noutput d\n",
    5, 4 },
};

/* Convolutions named w… have enough channels for Winograd's algorithm; widths are not whole groups. */
static const Case winograd_cases[] = {
  { "Winograd",
    RGB "a = conv x out=40 kernel=3\nw = conv a out=35 kernel=3 act=relu\nw2 = conv w out=35 kernel=3 "
        "act=prelu\nb = add w w2\nw3 = conv b out=24 kernel=3 bias=0\nc = conv w3 out=3 kernel=3\noutput c\n",
    11, 6 },
  { "Winograd, smaller than a group",
    RGB "a = conv x out=24 kernel=3\nw = conv a out=70 kernel=3\noutput w\n", 2, 3 },
  { "Winograd, larger than what is computed at once",
    RGB "a = conv x out=24 kernel=1\nw = conv a out=24 kernel=3 act=leaky slope=0.2\nb = conv w out=3 "
        "kernel=1\noutput "
        "b\n",
    205, 5 },
};

static double
uniform (AeRandom *random)
{
  return 2 * (double)ae_random_uniform (random) - 1;
}

/* The sum of the result weighted by `direction`. */
static double
reference_loss (const AeGraph *graph, const double *params, double **inputs, int width, int height,
                const double *direction, gsize n)
{
  double *result = reference_run (graph, params, inputs, width, height);
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += result[i] * direction[i];
  g_free (result);
  return sum;
}

static void
check_graph (const char *name, const char *text, int width, int height, const AeKernels *kernels)
{
  GError *error = NULL;
  AeGraph *graph = ae_graph_parse (text, name, &error);
  ck_assert_msg (graph != NULL, "%s", error ? error->message : "");

  AeBackprop *bp = ae_backprop_new (graph, kernels);
  AeNet *net = ae_net_new (bp, width, height);
  AeRandom random = ae_random (7, 0, AE_RANDOM_INIT);
  float *params = g_new (float, bp->n_params), *grads = g_new0 (float, bp->n_params);
  double *dparams = g_new (double, bp->n_params);
  float *gathered = g_aligned_alloc0 (bp->n_gathered, sizeof (float), 64);
  double **inputs = g_new0 (double *, ae_graph_n_nodes (graph));
  const AeBuffer *out = ae_net_output (net);
  gsize n = out->block * (gsize)out->channels;
  double *direction = g_new (double, n);
  double rms = 0;

  ae_init_params (graph, 3, params);
  for (gsize i = 0; i < bp->n_params; i++)
    {
      params[i] += 0.1f * (float)uniform (&random); /* biases and the zeros too */
      dparams[i] = params[i];
    }
  for (int i = 0; i < ae_graph_n_nodes (graph); i++)
    if (ae_graph_node (graph, i)->op == AE_OP_INPUT)
      {
        AeBuffer *input = ae_net_input (net, ae_graph_node (graph, i)->planes);
        gsize m = input->block * (gsize)input->channels;

        inputs[i] = g_new (double, m);
        for (gsize j = 0; j < m; j++)
          inputs[i][j] = input->data[j] = (float)uniform (&random);
      }
  ae_backprop_set_params (bp, params);
  ae_net_forward (net);

  double *expected = reference_run (graph, dparams, inputs, width, height);
  for (gsize i = 0; i < n; i++)
    {
      ck_assert_msg (fabs (expected[i] - (double)out->data[i]) < 2e-5 * (1 + fabs (expected[i])),
                     "%s, %s: value %zu is %g, expected %g", name, kernels->name, i, (double)out->data[i],
                     expected[i]);
      direction[i] = ae_net_output_grad (net)->data[i] = (float)uniform (&random);
    }
  /* twice: gradients are added */
  ae_net_backward (net, gathered);
  for (gsize i = 0; i < n; i++)
    ae_net_output_grad (net)->data[i] = (float)direction[i];
  ae_net_backward (net, gathered);
  ae_net_finish (net, gathered);
  ae_backprop_unpack (bp, gathered, grads);

  for (gsize i = 0; i < bp->n_params; i++)
    rms += (double)grads[i] * grads[i] / 4;
  rms = sqrt (rms / (double)bp->n_params);
  gsize first = 0;
  for (int p = 0; p < ae_graph_n_params (graph); p++)
    {
      const AeParam *param = ae_graph_param (graph, p);
      gsize stride = param->count / 12 + 1;

      for (gsize i = 0; i < param->count; i += stride)
        {
          const double h = 1e-6;
          gsize at = first + i;
          double plus, minus, numeric;

          dparams[at] = (double)params[at] + h;
          plus = reference_loss (graph, dparams, inputs, width, height, direction, n);
          dparams[at] = (double)params[at] - h;
          minus = reference_loss (graph, dparams, inputs, width, height, direction, n);
          dparams[at] = params[at];
          numeric = (plus - minus) / (2 * h);
          ck_assert_msg (fabs (numeric - (double)grads[at] / 2) < 1e-4 * (rms + fabs (numeric)) + 1e-7,
                         "%s, %s: d %s[%zu] is %g, finite difference %g", name, kernels->name, param->name, i,
                         (double)grads[at] / 2, numeric);
        }
      first += param->count;
    }

  g_free (expected);
  g_free (direction);
  for (int i = 0; i < ae_graph_n_nodes (graph); i++)
    g_free (inputs[i]);
  g_free (inputs);
  g_aligned_free (gathered);
  g_free (dparams);
  g_free (grads);
  g_free (params);
  ae_net_free (net);
  ae_backprop_free (bp);
  ae_graph_unref (graph);
}

START_TEST (operation)
{
  for (int k = 0; ae_kernels_nth (k); k++)
    check_graph (cases[_i].name, cases[_i].graph, cases[_i].width, cases[_i].height, ae_kernels_nth (k));
}
END_TEST

START_TEST (winograd)
{
  const Case *c = &winograd_cases[_i];
  AeGraph *graph = ae_graph_parse (c->graph, c->name, NULL);

  for (int k = 0; ae_kernels_nth (k); k++)
    {
      const AeKernels *kernels = ae_kernels_nth (k);
      AeBackprop *bp = ae_backprop_new (graph, kernels);

      for (int i = 0; i < ae_graph_n_nodes (graph); i++)
        ck_assert_int_eq (bp->program->packed[i].winograd,
                          kernels->conv_winograd && ae_graph_node (graph, i)->name[0] == 'w');
      ae_backprop_free (bp);
      check_graph (c->name, c->graph, c->width, c->height, kernels);
    }
  ae_graph_unref (graph);
}
END_TEST

/* A variational autoencoder with its draws fixed: result and divergence, by finite differences of the
 * network itself. */
static double
drawn_loss (AeBackprop *bp, AeNet *net, const float *params, gboolean backward, float *gathered)
{
  AeRandom random = ae_random (5, 1, AE_RANDOM_LATENT);
  const AeBuffer *out = ae_net_output (net);
  double sum = 0;

  ae_backprop_set_params (bp, params);
  ae_net_forward_drawn (net, &random);
  for (gsize i = 0; i < out->block; i++)
    {
      float direction = sinf ((float)i);

      ae_net_output_grad (net)->data[i] = direction;
      sum += (double)direction * (double)out->data[i];
    }
  if (backward)
    {
      ae_net_backward (net, gathered);
      ae_net_finish (net, gathered);
    }
  return sum + (double)net->kl * ae_net_kl (net);
}

START_TEST (drawn)
{
  AeGraph *graph = ae_graph_parse ("x = input channels=1 planes=y width=4 height=4\nv = reshape x\n"
                                   "h = dense v out=7 act=sigmoid\nm = dense h out=3\ns = dense h out=3\n"
                                   "z = sample m s\nd = dense z out=16 act=sigmoid\n"
                                   "y = reshape d channels=1 width=4 height=4\noutput y\n",
                                   "drawn", NULL);
  AeBackprop *bp = ae_backprop_new (graph, ae_kernels_get ());
  AeNet *net = ae_net_new (bp, 0, 0);
  float *params = g_new (float, bp->n_params), *grads = g_new0 (float, bp->n_params);
  float *gathered = g_aligned_alloc0 (bp->n_gathered, sizeof (float), 64);

  ae_init_params (graph, 3, params);
  for (int i = 0; i < 16; i++)
    ae_net_input (net, AE_PLANES_Y)->data[i] = (float)i / 16;
  net->kl = 0.75f;
  drawn_loss (bp, net, params, TRUE, gathered);
  ck_assert_double_gt (ae_net_kl (net), 0.01);
  ae_backprop_unpack (bp, gathered, grads);
  for (gsize i = 0; i < bp->n_params; i += 3)
    {
      const float h = 1.0f / 256, value = params[i];
      double plus, minus, numeric;

      params[i] = value + h;
      plus = drawn_loss (bp, net, params, FALSE, NULL);
      params[i] = value - h;
      minus = drawn_loss (bp, net, params, FALSE, NULL);
      params[i] = value;
      numeric = (plus - minus) / (2 * (double)h);
      ck_assert_msg (fabs (numeric - (double)grads[i]) < 1e-3, "gradient %zu is %g, finite difference %g", i,
                     (double)grads[i], numeric);
    }
  g_aligned_free (gathered);
  g_free (params);
  g_free (grads);
  ae_net_free (net);
  ae_backprop_free (bp);
  ae_graph_unref (graph);
}
END_TEST

START_TEST (whole_unet)
{
  const int widths[] = { 4, 6, 5 };
  const AeUnet unet = { 1 + _i, widths, 3, 1, TRUE, TRUE };
  char *text = ae_network_unet (&unet);

  for (int k = 0; ae_kernels_nth (k); k++)
    check_graph ("U-Net", text, 8 * (1 + _i), 16, ae_kernels_nth (k));
  g_free (text);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("gradients");
  TCase *tcase = tcase_create ("gradients");
  SRunner *runner;
  int failed;

  tcase_set_timeout (tcase, 120);
  tcase_add_loop_test (tcase, operation, 0, G_N_ELEMENTS (cases));
  tcase_add_loop_test (tcase, winograd, 0, G_N_ELEMENTS (winograd_cases));
  tcase_add_loop_test (tcase, whole_unet, 0, 2);
  tcase_add_test (tcase, drawn);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
