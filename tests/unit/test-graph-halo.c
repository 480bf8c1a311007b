/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-graph-halo.c - halo and alignment of graphs against a run of them in one dimension. */

/*
 * Each node becomes a row of numbers modulo a prime, each operation a sum of
 * what it reads with random factors.  So two results are equal only if all
 * that they depend on is, but for a chance of 1 in 2^31.  A run over a window
 * of an endless picture treats the window's ends as the engine does: zeros
 * for convolutions, repeated pixels for bicubic steps.
 */

#include <ae/error.h>
#include <ae/graph.h>
#include <check.h>
#include <stdlib.h>

#include "graphs.h"

#define PRIME 2147483647u

static guint64
mix (guint64 x)
{
  x = (x ^ x >> 30) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ x >> 27) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return x ^ x >> 31;
}

/* 1 .. PRIME-1 */
static guint64
number (guint64 a, guint64 b, gint64 c)
{
  return mix (mix (mix (a + 1) + b + 1) + (guint64)c) % (PRIME - 1) + 1;
}

/* Pixels of a row beyond its ends. */
typedef enum
{
  END_ZERO,
  END_REPEAT
} End;

static guint64
read_at (const guint64 *row, gint64 length, gint64 i, End end)
{
  if (i >= 0 && i < length)
    return row[i];
  return end == END_ZERO ? 0 : row[CLAMP (i, 0, length - 1)];
}

static gint64
floor_to (gint64 a, gint64 b)
{
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

static guint64
compute (const AeNode *node, int index, guint64 *const *rows, const gint64 *lengths, gint64 i)
{
  guint64 sum = 0;
  gint64 first = i;
  int taps = 1, phase = 0;
  End end = END_ZERO;

  switch (node->op)
    {
    case AE_OP_CONV:
      taps = node->kernel;
      first = node->kernel == 3 ? i - 1 : i * node->stride;
      break;
    case AE_OP_CONV_TRANSPOSE:
      first = i / 2;
      phase = (int)(i % 2);
      break;
    case AE_OP_PIXEL_SHUFFLE:
    case AE_OP_UP:
      first = i / node->factor;
      phase = node->op == AE_OP_UP ? 0 : (int)(i % node->factor);
      break;
    case AE_OP_PIXEL_UNSHUFFLE:
    case AE_OP_MAX_POOL:
    case AE_OP_AVG_POOL:
      taps = node->factor;
      first = i * node->factor;
      break;
    case AE_OP_BICUBIC: /* centre (i + 1/2) / f - 1/2, two pixels on each side */
      taps = 4;
      first = floor_to (2 * i + 1 - node->factor, 2 * node->factor) - 1;
      phase = (int)(i % node->factor);
      end = END_REPEAT;
      break;
    case AE_OP_INPUT:
    case AE_OP_ADD:
    case AE_OP_CONCAT:
    case AE_OP_ACT:
    case AE_OP_CROP: /* of fixed sizes, without tiles */
    case AE_OP_RESHAPE:
    case AE_OP_DENSE:
    case AE_OP_SAMPLE:
    case AE_N_OPS:
      break;
    }
  for (int s = 0; s < node->n_src; s++)
    for (int t = 0; t < taps; t++)
      sum += number ((guint64)index, (guint64)(s * 64 + t * 8 + phase), 0)
             * read_at (rows[node->src[s]], lengths[node->src[s]], first + t, end) % PRIME;
  return sum % PRIME;
}

/* The result's row for picture pixels first <= i < end; to be freed. */
static guint64 *
run_window (const AeGraph *graph, gint64 first, gint64 end)
{
  int n = ae_graph_n_nodes (graph), output = ae_graph_output (graph);
  guint64 **rows = g_new0 (guint64 *, n), *result;
  gint64 *lengths = g_new0 (gint64, n);

  for (int i = 0; i < n; i++)
    {
      const AeNode *node = ae_graph_node (graph, i);

      if ((end - first) * node->up % node->down)
        ck_abort_msg ("alignment %d is not one of '%s'", ae_graph_alignment (graph), node->name);
      lengths[i] = (end - first) * node->up / node->down;
      rows[i] = g_new (guint64, lengths[i]);
      for (gint64 at = 0; at < lengths[i]; at++)
        rows[i][at] = node->op == AE_OP_INPUT ? number (1000, node->planes, first + at)
                                              : compute (node, i, rows, lengths, at);
    }
  result = g_steal_pointer (&rows[output]);
  for (int i = 0; i < n; i++)
    g_free (rows[i]);
  g_free (rows);
  g_free (lengths);
  return result;
}

/* Is the result for first <= i < end the same in a window larger by `around`, as in an endless picture? */
static gboolean
window_suffices (const AeGraph *graph, gint64 first, gint64 end, gint64 around)
{
  gint64 scale = ae_graph_scale (graph), far = ae_graph_halo (graph) + 5 * ae_graph_alignment (graph);
  guint64 *endless = run_window (graph, first - far, end + far);
  guint64 *window = run_window (graph, first - around, end + around);
  gboolean equal = TRUE;

  for (gint64 i = 0; i < (end - first) * scale; i++)
    equal = equal && endless[far * scale + i] == window[around * scale + i];
  g_free (endless);
  g_free (window);
  return equal;
}

static void
check_graph (const AeGraph *graph)
{
  gint64 a = ae_graph_alignment (graph), halo = ae_graph_halo (graph);

  ck_assert_int_eq (halo % a, 0);
  ck_assert_int_ge (halo, 0);
  for (gint64 k = 1; k <= 3; k += 2)
    for (gint64 at = -2; at <= 3; at += 5)
      {
        if (!window_suffices (graph, at * a, (at + k) * a, halo))
          ck_abort_msg ("halo %d does not suffice for %d pixels (alignment %d) of\n%s", (int)halo,
                        (int)(k * a), (int)a, ae_graph_text (graph));
        if (halo && window_suffices (graph, at * a, (at + k) * a, halo - a))
          ck_abort_msg ("halo %d is larger than needed (alignment %d) by\n%s", (int)halo, (int)a,
                        ae_graph_text (graph));
      }
}

static AeGraph *
parse (const char *text)
{
  GError *error = NULL;
  AeGraph *graph = ae_graph_parse (text, "test", &error);

  ck_assert_msg (graph != NULL, "%s", error ? error->message : "");
  return graph;
}

static const struct
{
  const char *text;
  int scale, alignment, halo;
} known[] = {
  /* By hand, first pixels backwards from 0: at 1/2 five convolutions -5, at
   * 1/4 -3 and four -7, at 1/8 -4 and four -8, at 1/4 -16 and four -20, at 1/2
   * -40 and five -45, at 1 -90, which is 96 in multiples of 8. */
  { GRAPH_PU2_UNET, 1, 8, 96 },
  { GRAPH_FULL_UNET, 1, 8, 24 },
  { GRAPH_UPSCALE ("2", "12"), 2, 1, 6 },
  { GRAPH_UPSCALE ("3", "27"), 3, 1, 6 },
  { GRAPH_UPSCALE ("4", "48"), 4, 1, 6 },
  /* -1, at 3 -3 -4, at 3/4 -3 -4, at 3/2 -8 -9, at 3 -18 -19, at 1 -8. */
  { GRAPH_MIXED, 1, 4, 8 },
  { "x = input channels=1 planes=y\ny = bicubic x factor=2\noutput y\n", 2, 1, 2 },
  { "x = input channels=1 planes=y\ny = conv x out=1 kernel=1\noutput y\n", 1, 1, 0 },
  { "x = input channels=1 planes=y\np = max_pool x\ny = up p\noutput y\n", 1, 2, 0 },
};

START_TEST (test_known)
{
  AeGraph *graph = parse (known[_i].text);

  ck_assert_int_eq (ae_graph_scale (graph), known[_i].scale);
  ck_assert_int_eq (ae_graph_alignment (graph), known[_i].alignment);
  ck_assert_int_eq (ae_graph_halo (graph), known[_i].halo);
  check_graph (graph);
  ae_graph_unref (graph);
}
END_TEST

/* Random graphs: a chain through resolutions, with skips where they fit. */

typedef struct
{
  GString *text;
  guint64 seed, draws;
  int n, channels, up, down;
  struct
  {
    int channels, up, down;
  } node[128];
} Chain;

static int
draw (Chain *c, int n)
{
  return (int)(number (c->seed, c->draws++, 0) % (guint64)n);
}

static void
define (Chain *c, const char *op, const char *keys, int channels, int up, int down)
{
  g_string_append_printf (c->text, "n%d = %s n%d %s\n", c->n, op, c->n - 1, keys);
  c->channels = channels;
  c->up *= up;
  c->down *= down;
  for (int f = 2; f <= 3; f++)
    while (c->up % f == 0 && c->down % f == 0)
      {
        c->up /= f;
        c->down /= f;
      }
  c->node[c->n].channels = c->channels;
  c->node[c->n].up = c->up;
  c->node[c->n].down = c->down;
  c->n++;
}

static void
skip (Chain *c)
{
  for (int i = draw (c, c->n); i < c->n - 1; i++)
    if (c->node[i].channels == c->channels && c->node[i].up == c->up && c->node[i].down == c->down)
      {
        g_string_append_printf (c->text, "n%d = add n%d n%d\n", c->n, c->n - 1, i);
        c->node[c->n] = c->node[i];
        c->n++;
        return;
      }
}

static void
random_step (Chain *c)
{
  switch (draw (c, 14))
    {
    case 0:
      define (c, "conv", "out=2 kernel=2 stride=2", 2, 1, 2);
      break;
    case 1:
      define (c, "conv_transpose", "out=2", 2, 2, 1);
      break;
    case 2:
      define (c, "pixel_unshuffle", "factor=2", c->channels * 4, 1, 2);
      break;
    case 3:
      define (c, "pixel_unshuffle", "factor=3", c->channels * 9, 1, 3);
      break;
    case 4:
      define (c, "conv", "out=8", 8, 1, 1);
      define (c, "pixel_shuffle", "factor=2", 2, 2, 1);
      break;
    case 5:
      define (c, "max_pool", "", c->channels, 1, 2);
      break;
    case 6:
      define (c, "up", "factor=2", c->channels, 2, 1);
      break;
    case 7:
      define (c, "bicubic", "factor=2", c->channels, 2, 1);
      break;
    case 8:
      define (c, "bicubic", "factor=3", c->channels, 3, 1);
      break;
    case 9:
    case 10:
      skip (c);
      break;
    default:
      define (c, "conv", "out=2 act=relu", 2, 1, 1);
      break;
    }
}

static char *
random_graph (guint64 seed)
{
  Chain c = { g_string_new ("n0 = input channels=3\n"), seed, 0, 1, 3, 1, 1, { { 3, 1, 1 } } };
  int steps = 1 + draw (&c, 16);

  for (int i = 0; i < steps; i++)
    random_step (&c);
  define (&c, "conv", "out=2", 2, 1, 1);
  while (c.down % 2 == 0)
    define (&c, "up", "", c.channels, 2, 1);
  while (c.down % 3 == 0)
    define (&c, "bicubic", "factor=3", c.channels, 3, 1);
  while (c.up > 4)
    if (c.up % 2 == 0)
      define (&c, "conv", "out=2 kernel=2 stride=2", 2, 1, 2);
    else
      {
        define (&c, "pixel_unshuffle", "factor=3", c.channels * 9, 1, 3);
        define (&c, "conv", "out=2", 2, 1, 1);
      }
  g_string_append_printf (c.text, "output n%d\n", c.n - 1);
  return g_string_free (c.text, FALSE);
}

START_TEST (test_random)
{
  int checked = 0;

  for (guint64 seed = 0; seed < 400; seed++)
    {
      char *text = random_graph (seed);
      GError *error = NULL;
      AeGraph *graph = ae_graph_parse (text, "random", &error);

      /* Some go through resolutions that are not allowed. */
      if (graph == NULL)
        ck_assert_msg (g_error_matches (error, AE_ERROR, AE_ERROR_LIMIT), "%s\n%s", error->message, text);
      else if (ae_graph_halo (graph) <= 512)
        {
          check_graph (graph);
          checked++;
        }
      g_clear_error (&error);
      ae_graph_unref (graph);
      g_free (text);
    }
  ck_assert_int_ge (checked, 200);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("graph-halo");
  TCase *known_case = tcase_create ("known"), *random_case = tcase_create ("random");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_add_loop_test (known_case, test_known, 0, G_N_ELEMENTS (known));
  suite_add_tcase (suite, known_case);
  tcase_set_timeout (random_case, 120);
  tcase_add_test (random_case, test_random);
  suite_add_tcase (suite, random_case);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
