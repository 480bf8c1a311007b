/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-graph.c - the grammar of graphs, what is derived from them, what is refused. */

#include <ae/graph.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "graphs.h"
#include "rejected.h"

#define X "x = input channels=3 planes=rgb\n"
#define F "x = input channels=1 planes=y width=8 height=8\n"

static AeGraph *
parse (const char *text)
{
  GError *error = NULL;
  AeGraph *graph = ae_graph_parse (text, "test", &error);

  ck_assert_msg (graph != NULL, "%s\n%s", error ? error->message : "", text);
  ck_assert_ptr_null (error);
  return graph;
}

static const AeNode *
find (const AeGraph *graph, const char *name)
{
  for (int i = 0; i < ae_graph_n_nodes (graph); i++)
    if (g_str_equal (ae_graph_node (graph, i)->name, name))
      return ae_graph_node (graph, i);
  ck_abort_msg ("no node %s", name);
  return NULL;
}

START_TEST (test_unet)
{
  AeGraph *graph = parse (GRAPH_PU2_UNET);
  gsize values = 0;
  double macs = 0;

  ck_assert_str_eq (ae_graph_text (graph), GRAPH_PU2_UNET);
  ck_assert_int_eq (ae_graph_n_nodes (graph), 44);
  ck_assert_int_eq (ae_graph_output (graph), 43);
  ck_assert_int_eq (ae_graph_find_input (graph, AE_PLANES_RGB), 0);
  ck_assert_int_eq (ae_graph_find_input (graph, AE_PLANES_SIGMA), 1);
  ck_assert_int_eq (ae_graph_find_input (graph, AE_PLANES_Y), -1);
  ck_assert_int_eq (find (graph, "small")->channels, 16);
  ck_assert_int_eq (find (graph, "small")->down, 2);
  ck_assert_int_eq (find (graph, "f2")->channels, 96);
  ck_assert_int_eq (find (graph, "f2")->down, 8);
  ck_assert_int_eq (find (graph, "f2")->up, 1);
  ck_assert_int_eq (find (graph, "change")->channels, 3);
  ck_assert_int_eq (find (graph, "change")->down, 1);

  for (int i = 0; i < ae_graph_n_params (graph); i++)
    values += ae_graph_param (graph, i)->count;
  /* weights and biases: head, 4 + 4 + 4 + 4 + 4 of the blocks, two down, two up, tail */
  ck_assert_uint_eq (values, (16 * 32 * 9 + 32) + 8 * (32 * 32 * 9 + 32) + 8 * (64 * 64 * 9 + 64)
                               + 4 * (96 * 96 * 9 + 96) + (32 * 64 * 4 + 64) + (64 * 96 * 4 + 96)
                               + (96 * 64 * 4 + 64) + (64 * 32 * 4 + 32) + (32 * 12 * 9 + 12));
  macs = (16 * 32 * 9 + 8 * 32 * 32 * 9 + 64 * 32 + 32 * 12 * 9) / 4.0 /* at 1/2 */
         + (32 * 64 * 4 + 8 * 64 * 64 * 9 + 96 * 64) / 16.0            /* at 1/4 */
         + (64 * 96 * 4 + 4 * 96 * 96 * 9) / 64.0;                     /* at 1/8 */
  ck_assert_double_eq_tol (ae_graph_macs (graph), macs, 1e-6);
  ae_graph_unref (graph);
}
END_TEST

START_TEST (test_params)
{
  static const struct
  {
    const char *name;
    int rank;
    gint64 dims[4];
  } expected[] = {
    { "a.weight", 4, { 8, 3, 3, 3 } },  { "a.bias", 1, { 8, 1, 1, 1 } },
    { "a.slope", 1, { 8, 1, 1, 1 } },   { "b.weight", 4, { 16, 8, 2, 2 } },
    { "c.weight", 4, { 16, 4, 2, 2 } }, { "c.bias", 1, { 4, 1, 1, 1 } },
    { "d.slope", 1, { 4, 1, 1, 1 } },   { "e.0.weight", 4, { 3, 4, 1, 1 } },
    { "e.0.bias", 1, { 3, 1, 1, 1 } },
  };
  AeGraph *graph = parse (X "a = conv x out=8 act=prelu\n"
                            "b = conv a out=16 kernel=2 stride=2 bias=0\n"
                            "c = conv_transpose b out=4 act=leaky\n"
                            "d = act c act=prelu\n"
                            "e.0 = conv d out=3 kernel=1\n"
                            "output e.0\n");

  ck_assert_int_eq (ae_graph_n_params (graph), G_N_ELEMENTS (expected));
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    {
      const AeParam *param = ae_graph_param (graph, i);
      gsize count = 1;

      ck_assert_str_eq (param->name, expected[i].name);
      ck_assert_int_eq (param->rank, expected[i].rank);
      for (int d = 0; d < 4; d++)
        {
          ck_assert_int_eq (param->dims[d], expected[i].dims[d]);
          count *= (gsize)param->dims[d];
        }
      ck_assert_uint_eq (param->count, count);
      ck_assert (g_str_has_prefix (param->name, ae_graph_node (graph, param->node)->name));
    }
  ck_assert_float_eq (find (graph, "c")->slope, 0.1f);
  ck_assert (find (graph, "a")->bias && !find (graph, "b")->bias);
  ck_assert_int_eq (find (graph, "a")->kernel, 3);
  ck_assert_int_eq (find (graph, "a")->stride, 1);
  ck_assert_int_eq (find (graph, "c")->kernel, 2);
  ck_assert_int_eq (find (graph, "c")->stride, 2);
  ae_graph_unref (graph);
}
END_TEST

START_TEST (test_layout_of_text)
{
  AeGraph *graph = parse ("# a comment: ümlaut\r\n\r\n\t x\t=  input   channels=3 # planes=y\r\n"
                          "_y.1 = conv x out=3#\n\noutput\t_y.1   # done");

  ck_assert_int_eq (ae_graph_n_nodes (graph), 2);
  ck_assert_int_eq (find (graph, "x")->planes, AE_PLANES_RGB);
  ck_assert_int_eq (find (graph, "x")->line, 3);
  ck_assert_int_eq (find (graph, "_y.1")->line, 4);
  ck_assert_ptr_eq (ae_graph_ref (graph), graph);
  ae_graph_unref (graph);
  ck_assert_int_eq (ae_graph_halo (graph), 1);
  ae_graph_unref (graph);
  ae_graph_unref (NULL);
}
END_TEST

START_TEST (test_numbers_in_any_locale)
{
  static const char *const locales[] = { "C", "de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8" };

  for (gsize i = 0; i < G_N_ELEMENTS (locales); i++)
    if (setlocale (LC_ALL, locales[i]))
      {
        AeGraph *graph = parse (X "y = conv x out=3 act=leaky slope=0.25\noutput y\n");

        ck_assert_float_eq (find (graph, "y")->slope, 0.25f);
        ae_graph_unref (graph);
      }
}
END_TEST

START_TEST (test_operations_have_names)
{
  for (int i = 0; i < AE_N_OPS; i++)
    {
      ck_assert_ptr_nonnull (ae_op_name ((AeOp)i));
      for (int j = 0; j < i; j++)
        ck_assert_str_ne (ae_op_name ((AeOp)i), ae_op_name ((AeOp)j));
    }
}
END_TEST

/* What the macs of one operation at its resolution are. */
START_TEST (test_macs)
{
  static const struct
  {
    const char *text;
    double macs;
  } cases[] = {
    { X "y = conv x out=5\noutput y\n", 3 * 5 * 9 },
    { X "y = conv x out=5 kernel=1\noutput y\n", 3 * 5 },
    { X "a = conv x out=5 kernel=2 stride=2\ny = conv_transpose a out=7\noutput y\n",
      3 * 5 * 4 / 4.0 + 5 * 7 },
    { X "y = bicubic x factor=3\noutput y\n", 16 * 3 * 9 },
    { X "a = conv_transpose x out=2\ny = conv a out=3\noutput y\n", (3 * 2 + 2 * 3 * 9) * 4 },
    { X "a = avg_pool x\ny = up a\noutput y\n", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AeGraph *graph = parse (cases[i].text);

      ck_assert_double_eq_tol (ae_graph_macs (graph), cases[i].macs, 1e-9);
      ae_graph_unref (graph);
    }
}
END_TEST

#define END(name) "output " name "\n"
#define NAME63 "n23456789012345678901234567890123456789012345678901234567890123"

static const struct
{
  const char *id, *text;
  int line; /* that the message must name */
  const char *part;
  int code;
} rejected[] = {
  { "width-alone", "x = input channels=1 planes=y width=8\n" END ("x"), 1, "width and height come together",
    AE_ERROR_GRAPH },
  { "sigma-size", X "s = input channels=1 planes=sigma width=8 height=8\n" END ("s"), 2,
    "planes=sigma has no width and height", AE_ERROR_GRAPH },
  { "size-large", "x = input channels=1 planes=y width=257 height=8\n" END ("x"), 1,
    "width=257: expected a whole number from 1 to 256", AE_ERROR_GRAPH },
  { "fixed-and-free", F "s = input channels=1 planes=sigma\ny = conv s out=1\n" END ("y"), 2,
    "'s' has no fixed size, but the picture 'x' has one", AE_ERROR_GRAPH },
  { "label-and-free", X "l = input channels=10 planes=label\nd = dense l out=3\n" END ("d"), 2,
    "'l' has a fixed size, but the picture 'x' has none", AE_ERROR_GRAPH },
  { "dense-of-map", F "y = dense x out=3\n" END ("y"), 2, "'x' is a map, dense takes vectors",
    AE_ERROR_GRAPH },
  { "conv-of-vector", F "v = reshape x\ny = conv v out=3\n" END ("y"), 3, "'v' is a vector, conv takes maps",
    AE_ERROR_GRAPH },
  { "reshape-free", X "y = reshape x\n" END ("y"), 2, "reshape is for pictures of a fixed size",
    AE_ERROR_GRAPH },
  { "crop-free", X "y = crop x border=1\n" END ("y"), 2, "crop is for pictures of a fixed size",
    AE_ERROR_GRAPH },
  { "reshape-values", F "v = reshape x\ny = reshape v channels=1 width=8 height=7\n" END ("y"), 3,
    "1 × 7 × 8 are not the 64 values of 'v'", AE_ERROR_GRAPH },
  { "reshape-part", F "v = reshape x\ny = reshape v channels=1 width=8\n" END ("y"), 3,
    "reshape needs all of channels, width and height", AE_ERROR_GRAPH },
  { "crop-all", F "y = crop x border=4\n" END ("y"), 2, "border=4 leaves nothing of the 8 × 8 pixels",
    AE_ERROR_GRAPH },
  { "sample-one", F "v = reshape x\ny = sample v\n" END ("y"), 3, "sample has 2 sources, not 1",
    AE_ERROR_GRAPH },
  { "sample-unlike", F "v = reshape x\na = dense v out=2\nb = dense v out=3\ny = sample a b\n" END ("y"), 5,
    "'a' has 2 channels and 'b' 3", AE_ERROR_GRAPH },
  { "odd-stride",
    "x = input channels=1 planes=y width=7 height=8\ny = conv x out=3 kernel=2 stride=2\n" END ("y"), 2,
    "the 7 × 8 pixels of 'x' cannot be divided by 2", AE_ERROR_GRAPH },
  { "odd-average", "x = input channels=1 planes=y width=8 height=7\ny = avg_pool x\n" END ("y"), 2,
    "the 8 × 7 pixels of 'x' cannot be divided by 2", AE_ERROR_GRAPH },
  { "output-cropped", F "y = crop x border=1\n" END ("y"), 3,
    "the output 'y' has 6 × 6 pixels, expected 1 to 4 times the picture's 8 × 8", AE_ERROR_GRAPH },
  { "vector-and-map",
    F "v = reshape x\nm = reshape v channels=64 width=1 height=1\ny = concat v m\n" END ("y"), 4,
    "'v' is a vector and 'm' is a map of 1 × 1, expected the same", AE_ERROR_GRAPH },
  { "values-many", "x = input channels=1 planes=y width=256 height=256\ny = conv x out=17\n" END ("y"), 2,
    "'y' has 17 × 256 × 256 values, more than 1048576", AE_ERROR_LIMIT },
  { "dense-many", F "v = reshape x\na = dense v out=16384\ny = dense a out=16384\n" END ("y"), 4,
    "more than 67108864 weights", AE_ERROR_LIMIT },
  { "two-labels", F "l = input channels=3 planes=label\nm = input channels=3 planes=label\n" END ("x"), 3,
    "a second input for the label, after 'l'", AE_ERROR_GRAPH },
  { "empty", "", 1, "there is no output", AE_ERROR_GRAPH },
  { "only-comment", "# nothing\n", 2, "there is no output", AE_ERROR_GRAPH },
  { "no-output", X "y = conv x out=3\n", 3, "there is no output", AE_ERROR_GRAPH },
  { "two-outputs", X "y = conv x out=3\n" END ("y") END ("y"), 4, "a second output, after line 3",
    AE_ERROR_GRAPH },
  { "output-undefined", X END ("z"), 2, "'z' is not defined before its use", AE_ERROR_GRAPH },
  { "output-without-name", X "output\n", 2, "expected 'output <name>'", AE_ERROR_GRAPH },
  { "output-two-names", X "output x x\n", 2, "expected 'output <name>'", AE_ERROR_GRAPH },
  { "output-is-input", X END ("x"), 2, "the output 'x' is an input", AE_ERROR_GRAPH },
  { "output-as-name", X "output = conv x out=3\n", 2, "'output' cannot be the name", AE_ERROR_GRAPH },
  { "no-equals", X "y conv x out=3\n", 2, "expected '<name> = <operation>", AE_ERROR_GRAPH },
  { "equals-joined", X "y= conv x out=3\n", 2, "expected '<name> = <operation>", AE_ERROR_GRAPH },
  { "no-operation", X "y =\n", 2, "expected '<name> = <operation>", AE_ERROR_GRAPH },
  { "bad-name-digit", X "1y = conv x out=3\n", 2, "'1y' is not a name", AE_ERROR_GRAPH },
  { "bad-name-sign", X "y-z = conv x out=3\n", 2, "'y-z' is not a name", AE_ERROR_GRAPH },
  { "long-name", X NAME63 "4 = conv x out=3\n", 2, "is not a name", AE_ERROR_GRAPH },
  { "not-ascii", X "ÿ = conv x out=3\n", 2, "character 0xc3 outside a comment", AE_ERROR_GRAPH },
  { "control-character", X "y\001 = conv x out=3\n", 2, "character 0x01 outside a comment", AE_ERROR_GRAPH },
  { "defined-twice", X "x = conv x out=3\n", 2, "'x' is defined a second time", AE_ERROR_GRAPH },
  { "unknown-operation", X "y = convolve x out=3\n", 2, "unknown operation 'convolve'", AE_ERROR_GRAPH },
  { "unknown-key", X "y = conv x out=3 dilation=2\n", 2, "unknown key 'dilation'", AE_ERROR_GRAPH },
  { "empty-key", X "y = conv x =3\n", 2, "unknown key ''", AE_ERROR_GRAPH },
  { "key-of-others", X "y = max_pool x out=3\n", 2, "max_pool has no key 'out'", AE_ERROR_GRAPH },
  { "key-twice", X "y = conv x out=3 out=3\n", 2, "key 'out' is given twice", AE_ERROR_GRAPH },
  { "key-missing", X "y = conv x kernel=3\n", 2, "conv needs the key 'out'", AE_ERROR_GRAPH },
  { "factor-missing", X "y = bicubic x\n", 2, "bicubic needs the key 'factor'", AE_ERROR_GRAPH },
  { "act-missing", X "y = act x\n", 2, "act needs the key 'act'", AE_ERROR_GRAPH },
  { "channels-missing", "x = input planes=rgb\n", 1, "input needs the key 'channels'", AE_ERROR_GRAPH },
  { "use-before-definition", X "y = conv z out=3\nz = conv x out=3\n", 2, "'z' is not defined before",
    AE_ERROR_GRAPH },
  { "own-source", X "y = conv y out=3\n", 2, "'y' is not defined before its use", AE_ERROR_GRAPH },
  { "source-after-key", X "y = conv out=3 x\n", 2, "'x': sources come before keys", AE_ERROR_GRAPH },
  { "no-source", X "y = conv out=3\n", 2, "conv has 1 source, not 0", AE_ERROR_GRAPH },
  { "two-sources", X "y = conv x x out=3\n", 2, "conv has 1 source, not 2", AE_ERROR_GRAPH },
  { "add-one", X "y = add x\n", 2, "add has 2 sources, not 1", AE_ERROR_GRAPH },
  { "add-three", X "y = add x x x\n", 2, "add has 2 sources, not 3", AE_ERROR_GRAPH },
  { "concat-one", X "y = concat x\n", 2, "concat has 2 to 4 sources, not 1", AE_ERROR_GRAPH },
  { "concat-five", X "y = concat x x x x x\n", 2, "concat has 2 to 4 sources, not 5", AE_ERROR_GRAPH },
  { "input-source", X "s = input x channels=1 planes=sigma\n", 2, "input has 0 sources, not 1",
    AE_ERROR_GRAPH },
  { "out-zero", X "y = conv x out=0\n", 2, "out=0: expected a whole number from 1 to 1024", AE_ERROR_GRAPH },
  { "out-large", X "y = conv x out=1025\n", 2, "out=1025: expected a whole number", AE_ERROR_GRAPH },
  { "out-overflow", X "y = conv x out=18446744073709551617\n", 2, "expected a whole number", AE_ERROR_GRAPH },
  { "out-negative", X "y = conv x out=-3\n", 2, "out=-3: expected a whole number", AE_ERROR_GRAPH },
  { "out-plus", X "y = conv x out=+3\n", 2, "out=+3: expected a whole number", AE_ERROR_GRAPH },
  { "out-hexadecimal", X "y = conv x out=0x3\n", 2, "out=0x3: expected a whole number", AE_ERROR_GRAPH },
  { "out-empty", X "y = conv x out=\n", 2, "out=: expected a whole number", AE_ERROR_GRAPH },
  { "out-fraction", X "y = conv x out=3.0\n", 2, "out=3.0: expected a whole number", AE_ERROR_GRAPH },
  { "value-with-equals", X "y = conv x out=3=3\n", 2, "out=3=3: expected a whole number", AE_ERROR_GRAPH },
  { "kernel-5", X "y = conv x out=3 kernel=5\n", 2, "kernel=5: expected a whole number from 1 to 3",
    AE_ERROR_GRAPH },
  { "kernel-3-stride-2", X "y = conv x out=3 stride=2\n", 2, "kernel=3 stride=2 is not possible",
    AE_ERROR_GRAPH },
  { "kernel-2-stride-1", X "y = conv x out=3 kernel=2\n", 2, "kernel=2 stride=1 is not possible",
    AE_ERROR_GRAPH },
  { "kernel-1-stride-2", X "y = conv x out=3 kernel=1 stride=2\n", 2, "kernel=1 stride=2 is not",
    AE_ERROR_GRAPH },
  { "transpose-kernel-3", X "y = conv_transpose x out=3 kernel=3\n", 2, "expected kernel=2 stride=2",
    AE_ERROR_GRAPH },
  { "transpose-stride-1", X "y = conv_transpose x out=3 stride=1\n", 2, "expected kernel=2 stride=2",
    AE_ERROR_GRAPH },
  { "act-unknown", X "y = conv x out=3 act=gelu\n", 2, "act=gelu: expected one of none, relu",
    AE_ERROR_GRAPH },
  { "act-none", X "y = act x act=none\n", 2, "act=none does nothing", AE_ERROR_GRAPH },
  { "slope-not-leaky", X "y = conv x out=3 act=relu slope=0.1\n", 2, "slope= is for act=leaky alone",
    AE_ERROR_GRAPH },
  { "slope-large", X "y = conv x out=3 act=leaky slope=1.5\n", 2, "slope=1.5: expected a number from 0",
    AE_ERROR_GRAPH },
  { "slope-nan", X "y = conv x out=3 act=leaky slope=nan\n", 2, "slope=nan: expected a number",
    AE_ERROR_GRAPH },
  { "slope-comma", X "y = conv x out=3 act=leaky slope=0,1\n", 2, "slope=0,1: expected a number",
    AE_ERROR_GRAPH },
  { "slope-points", X "y = conv x out=3 act=leaky slope=0.1.1\n", 2, "slope=0.1.1: expected a number",
    AE_ERROR_GRAPH },
  { "slope-empty", X "y = conv x out=3 act=leaky slope=\n", 2, "slope=: expected a number", AE_ERROR_GRAPH },
  { "bias-two", X "y = conv x out=3 bias=2\n", 2, "bias=2: expected a whole number from 0 to 1",
    AE_ERROR_GRAPH },
  { "planes-unknown", "x = input channels=3 planes=hsv\n", 1, "planes=hsv: expected one of rgb, y, sigma",
    AE_ERROR_GRAPH },
  { "planes-rgb-4", "x = input channels=4 planes=rgb\n", 1, "planes=rgb has 3 channels, not 4",
    AE_ERROR_GRAPH },
  { "planes-sigma-2", X "s = input channels=2 planes=sigma\n", 2, "planes=sigma has 1 channel, not 2",
    AE_ERROR_GRAPH },
  { "two-pictures", X "s = input channels=1 planes=y\n", 2, "a second input for the picture, after 'x'",
    AE_ERROR_GRAPH },
  { "two-sigmas", X "s = input channels=1 planes=sigma\nt = input channels=1 planes=sigma\n", 3,
    "a second input for the noise level, after 's'", AE_ERROR_GRAPH },
  { "no-picture", "s = input channels=1 planes=sigma\ny = conv s out=3\n" END ("y"), 3,
    "there is no input for the picture", AE_ERROR_GRAPH },
  { "unused", X "a = conv x out=3\ny = conv x out=3\n" END ("y"), 2, "'a' is used by nothing",
    AE_ERROR_GRAPH },
  { "unused-input", X "s = input channels=1 planes=sigma\ny = conv x out=3\n" END ("y"), 2,
    "'s' is used by nothing", AE_ERROR_GRAPH },
  { "unused-end", X "y = conv x out=3\nz = conv y out=3\n" END ("y"), 3, "'z' is used by nothing",
    AE_ERROR_GRAPH },
  { "add-channels", X "a = conv x out=4\ny = add a x\n", 3, "'a' has 4 channels and 'x' 3, expected the same",
    AE_ERROR_GRAPH },
  { "add-resolution", X "a = max_pool x\ny = add a x\n", 3,
    "'a' is at 1/2 of the picture's resolution and 'x' at 1/1", AE_ERROR_GRAPH },
  { "concat-resolution", X "a = max_pool x\ny = concat x x a\n", 3,
    "'x' is at 1/1 of the picture's resolution and 'a'", AE_ERROR_GRAPH },
  { "shuffle-indivisible", X "y = pixel_shuffle x factor=2\n", 2,
    "the 3 channels of 'x' cannot be divided by 4", AE_ERROR_GRAPH },
  { "factor-1", X "y = pixel_unshuffle x factor=1\n", 2, "factor=1: expected a whole number from 2 to 4",
    AE_ERROR_GRAPH },
  { "factor-5", X "y = bicubic x factor=5\n", 2, "factor=5: expected a whole number from 2 to 4",
    AE_ERROR_GRAPH },
  { "pool-3", X "y = max_pool x factor=3\n", 2, "factor=3 is not possible, expected 2", AE_ERROR_GRAPH },
  { "up-4", X "y = up x factor=4\n", 2, "factor=4 is not possible, expected 2", AE_ERROR_GRAPH },
  { "output-half", X "y = max_pool x\n" END ("y"), 3, "the output 'y' is at 1/2 of the picture's resolution",
    AE_ERROR_GRAPH },
  { "output-8", X "a = bicubic x factor=4\ny = up a\n" END ("y"), 4,
    "the output 'y' is at 8/1 of the picture's", AE_ERROR_GRAPH },
  { "channels-unshuffle", X "a = conv x out=256\ny = pixel_unshuffle a factor=3\n", 3,
    "'y' has 2304 channels, more than", AE_ERROR_LIMIT },
  { "channels-concat", X "a = conv x out=512\ny = concat a a a\n", 3, "'y' has 1536 channels, more than 1024",
    AE_ERROR_LIMIT },
  { "too-large", X "a = bicubic x factor=4\nb = bicubic a factor=4\nc = up b\n", 4,
    "'c' is at 32/1 of the picture's", AE_ERROR_LIMIT },
  { "too-small",
    X "a = max_pool x\nb = max_pool a\nc = max_pool b\nd = max_pool c\ne = max_pool d\nf = max_pool e\n"
      "g = max_pool f\n",
    8, "'g' is at 1/128 of the picture's", AE_ERROR_LIMIT },
};

START_TEST (test_rejected)
{
  GError *error = NULL;
  AeGraph *graph = ae_graph_parse (rejected[_i].text, "a file", &error);
  g_autofree char *place = g_strdup_printf ("a file:%d: ", rejected[_i].line);

  write_seed (rejected[_i].id, ".txt", rejected[_i].text, strlen (rejected[_i].text));
  ck_assert_msg (graph == NULL, "%s is not refused", rejected[_i].id);
  ck_assert_ptr_nonnull (error);
  ck_assert_msg (g_str_has_prefix (error->message, place), "%s: \"%s\", expected line %d", rejected[_i].id,
                 error->message, rejected[_i].line);
  check_error (&error, rejected[_i].code, rejected[_i].part, rejected[_i].id);
  ck_assert_ptr_null (ae_graph_parse (rejected[_i].text, "a file", NULL));
}
END_TEST

/* Limits that are reached by repeating a line. */

static char *
repeat (const char *head, int n, const char *line, const char *keys)
{
  GString *text = g_string_new (head);

  for (int i = 1; i <= n; i++)
    g_string_append_printf (text, "n%d = %s n%d %s\n", i, line, i - 1, keys);
  g_string_append_printf (text, "output n%d\n", n);
  return g_string_free (text, FALSE);
}

static char *
far_reaching (int n)
{
  GString *text = g_string_new ("x = input channels=3\na = max_pool x\nb = max_pool a\nc = max_pool b\n"
                                "d = max_pool c\ne = max_pool d\nn0 = max_pool e\n");

  for (int i = 1; i <= n; i++)
    g_string_append_printf (text, "n%d = conv n%d out=4\n", i, i - 1);
  g_string_append_printf (text, "u = up n%d\nv = up u\nw = up v\ny = up w\nz = up y\nr = up z\noutput r\n",
                          n);
  return g_string_free (text, FALSE);
}

static void
check_limit (const char *id, char *text, const char *part)
{
  GError *error = NULL;

  write_seed (id, ".txt", text, strlen (text));
  ck_assert_ptr_null (ae_graph_parse (text, NULL, &error));
  check_error (&error, AE_ERROR_LIMIT, part, id);
  g_free (text);
}

#define N0 "n0 = input channels=3\n"

START_TEST (test_limits)
{
  AeGraph *graph;
  char *text = repeat (N0, AE_GRAPH_OPS_MAX - 1, "act", "act=relu");

  graph = parse (text);
  ck_assert_int_eq (ae_graph_n_nodes (graph), AE_GRAPH_OPS_MAX);
  ae_graph_unref (graph);
  g_free (text);
  check_limit ("many-operations", repeat (N0, AE_GRAPH_OPS_MAX, "act", "act=relu"),
               "more than 256 operations");

  /* 1024 × 1024 × 9 values each, at 1/8 so that the cost stays low */
  text = repeat ("x = input channels=3\np = max_pool x\nq = max_pool p\nn0 = max_pool q\n", 9, "conv",
                 "out=1024");
  check_limit ("many-weights",
               g_strdup_printf ("%.*su = up n9\nv = up u\nw = up v\noutput w\n",
                                (int)(strstr (text, "output") - text), text),
               "with 'n9' the graph has more than 67108864 weights");
  g_free (text);
  check_limit ("expensive", repeat ("x = input channels=3\nn0 = bicubic x factor=4\n", 2, "conv", "out=1024"),
               "with 'n2' the graph needs more than 100000000 multiply-adds per pixel");

  /* At 1/64 each convolution reads 64 pixels further. */
  text = far_reaching (16);
  graph = parse (text);
  ck_assert_int_eq (ae_graph_halo (graph), 16 * 64);
  ck_assert_int_eq (ae_graph_alignment (graph), 64);
  ae_graph_unref (graph);
  g_free (text);
  check_limit ("far", far_reaching (17), "the result depends on 1088 pixels around it, more than 1024");

  check_limit ("alignment",
               g_strdup ("x = input channels=1 planes=y\na = pixel_unshuffle x factor=3\n"
                         "b = pixel_unshuffle a factor=3\nc = conv b out=1\nd = pixel_unshuffle c factor=3\n"
                         "e = conv d out=4\nf = pixel_shuffle e factor=2\ng = bicubic f factor=2\n"
                         "h = max_pool x\ni = max_pool h\nj = max_pool i\nk = max_pool j\n"
                         "l = bicubic k factor=4\nm = bicubic l factor=4\nn = bicubic g factor=3\n"
                         "o = bicubic n factor=3\np = bicubic o factor=3\nq = max_pool p\nr = max_pool q\n"
                         "s = add r m\noutput s\n"),
               "the alignment is 432 pixels, more than 256");
}
END_TEST

START_TEST (test_long_text)
{
  GError *error = NULL;
  g_autofree char *text = g_malloc (1000001);

  memset (text, '#', 1000000);
  text[1000000] = '\0';
  ck_assert_ptr_null (ae_graph_parse (text, "long", &error));
  check_error (&error, AE_ERROR_LIMIT, "the text of the graph is longer than", "long");
  /* a word of any length appears shortened */
  memset (text, 'w', 1000);
  text[1000] = '\0';
  ck_assert_ptr_null (ae_graph_parse (text, "long", &error));
  g_clear_error (&error);
  g_free (g_steal_pointer (&text));
  text = g_strdup_printf ("x = %01000d\n", 1);
  ck_assert_ptr_null (ae_graph_parse (text, "long", &error));
  ck_assert_uint_lt (strlen (error->message), 200);
  check_error (&error, AE_ERROR_GRAPH, "unknown operation '000", "long");
}
END_TEST

/* The lesson's networks: sizes, latent representation, cost. */
START_TEST (test_fixed_size)
{
  AeGraph *graph = parse (
    "x = input channels=1 planes=y width=28 height=28\nl = input channels=10 planes=label\n"
    "a = conv x out=4 kernel=3\nb = max_pool a\nc = max_pool b\nd = max_pool c\nv = reshape d\n"
    "vl = concat v l\nm = dense vl out=2\ns = dense vl out=2\nz = sample m s\nzl = concat z l\n"
    "w = dense zl out=49\nr = reshape w channels=1 width=7 height=7\nu = up r\ny = up u\noutput y\n");
  int width = 0, height = 0;

  ck_assert (ae_graph_is_fixed (graph, &width, &height));
  ck_assert_int_eq (width, 28);
  ck_assert_int_eq (height, 28);
  ck_assert_int_eq (find (graph, "c")->width, 7);
  ck_assert_int_eq (find (graph, "d")->height, 4); /* rounded up */
  ck_assert_int_eq (find (graph, "v")->channels, 64);
  ck_assert (find (graph, "v")->vector && !find (graph, "r")->vector);
  ck_assert_int_eq (find (graph, "vl")->channels, 74);
  /* neither m nor s, of as many values: a way leads past each */
  ck_assert_str_eq (ae_graph_node (graph, ae_graph_latent (graph))->name, "z");
  ck_assert_int_eq (ae_graph_scale (graph), 1);
  ck_assert_int_eq (ae_graph_halo (graph), 0);
  ck_assert_int_eq (ae_graph_alignment (graph), 1);
  ck_assert_double_eq_tol (ae_graph_macs (graph) * 784, 784 * 36 + 2 * 74 * 2 + 12 * 49, 1e-6);
  ae_graph_unref (graph);

  graph = parse (F "y = conv x out=1\noutput y\n");
  ck_assert_int_eq (ae_graph_latent (graph), -1);
  ae_graph_unref (graph);
  graph = parse (X "y = conv x out=3\noutput y\n");
  ck_assert (!ae_graph_is_fixed (graph, NULL, NULL));
  ck_assert_int_eq (ae_graph_latent (graph), -1);
  ae_graph_unref (graph);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("graph");
  TCase *good = tcase_create ("good"), *bad = tcase_create ("rejected");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_add_test (good, test_unet);
  tcase_add_test (good, test_params);
  tcase_add_test (good, test_layout_of_text);
  tcase_add_test (good, test_numbers_in_any_locale);
  tcase_add_test (good, test_operations_have_names);
  tcase_add_test (good, test_macs);
  tcase_add_test (good, test_fixed_size);
  suite_add_tcase (suite, good);
  tcase_add_loop_test (bad, test_rejected, 0, G_N_ELEMENTS (rejected));
  tcase_add_test (bad, test_limits);
  tcase_add_test (bad, test_long_text);
  suite_add_tcase (suite, bad);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
