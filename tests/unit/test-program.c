/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-program.c - steps of graphs: order, fusion, bands of rows, borders. */

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/program.h"

#include "graphs.h"

static const char *const graphs[] = {
  GRAPH_PU2_UNET,
  GRAPH_FULL_UNET,
  GRAPH_UPSCALE ("2", "12"),
  GRAPH_UPSCALE ("3", "27"),
  GRAPH_MIXED,
  /* an input that is added to itself, and results used more than once */
  "x = input channels=1 planes=y\n"
  "t = add x x\n"
  "a = conv t out=3 kernel=3 act=prelu\n"
  "b = add a a\n"
  "c = conv b out=3 kernel=1\n"
  "d = add c a\n"
  "e = add c d\n"
  "output e\n",
};

#define FOR_TABLES(k) for (int k##_n = 0; (k = ae_kernels_nth (k##_n)); k##_n++)

/* As sessions run them. */
static const AeProgramFlags FAST = AE_PROGRAM_FUSED | AE_PROGRAM_WINOGRAD;

static AeGraph *
parse (const char *text)
{
  GError *error = NULL;
  AeGraph *graph = ae_graph_parse (text, "test", &error);

  ck_assert_msg (graph != NULL, "%s", error ? error->message : "");
  return graph;
}

static AeProgram *
program_of (AeGraph *graph, const AeKernels *k, AeProgramFlags flags)
{
  AeProgram *program = ae_program_new (graph, k, flags);
  GRand *random = g_rand_new_with_seed (3);
  GArray *params = g_array_new (FALSE, FALSE, sizeof (float));

  for (int i = 0; i < ae_graph_n_params (graph); i++)
    for (gsize j = 0; j < ae_graph_param (graph, i)->count; j++)
      {
        float value = (float)g_rand_double_range (random, -0.2, 0.2);

        g_array_append_val (params, value);
      }
  ae_program_set_params (program, (const float *)(void *)params->data);
  g_array_unref (params);
  g_rand_free (random);
  return program;
}

/* Each value is an input or the result of one step, and that comes before those that read it. */
START_TEST (test_order)
{
  AeGraph *graph = parse (graphs[_i]);

  for (int fused = 0; fused < 2; fused++)
    {
      AeProgram *program
        = program_of (graph, ae_kernels_nth (0), fused ? AE_PROGRAM_FUSED : AE_PROGRAM_PLAIN);
      int *first = g_new (int, program->n_values); /* the step that writes it; inputs: -1 */

      for (int i = 0; i < program->n_values; i++)
        first[i] = G_MAXINT;
      for (int i = 0; i < ae_graph_n_nodes (graph); i++)
        if (ae_graph_node (graph, i)->op == AE_OP_INPUT)
          {
            int value = program->input_values[i];

            ck_assert_int_ge (value, 0);
            ck_assert (!program->values[value].blocked);
            first[value] = -1;
          }
        else
          ck_assert_int_eq (program->input_values[i], -1);
      for (int i = 0; i < program->n_steps; i++)
        {
          const AeStep *step = &program->steps[i];

          for (int s = 0; s < step->n_src; s++)
            {
              ck_assert_int_lt (first[step->src[s]], i);
              ck_assert_int_ne (step->src[s], step->dst);
            }
          if (step->add >= 0)
            {
              ck_assert_int_lt (first[step->add], i);
              ck_assert_int_eq (program->values[step->add].blocked, program->values[step->dst].blocked);
              ck_assert_int_eq (program->values[step->add].channels, program->values[step->dst].channels);
            }
          ck_assert_int_eq (first[step->dst], G_MAXINT);
          first[step->dst] = i;
        }
      for (int i = 0; i < program->n_values; i++)
        {
          ck_assert_int_lt (first[i], program->n_steps);
          ck_assert_int_eq (program->values[i].input, first[i] < 0);
        }
      ck_assert (!program->values[program->output].blocked);
      ck_assert_int_eq (program->values[program->output].node, ae_graph_output (graph));
      g_free (first);
      ae_program_free (program);
    }
  ae_graph_unref (graph);
}
END_TEST

/* Buffers of all values, each with memory of its own full of NaN, and inputs. */
typedef struct
{
  AeBuffer *buffers;
  float **memory;
  size_t *floats;
  int n;
} Values;

static Values
values_new (const AeProgram *program, int width, int height, int images)
{
  Values v = { g_new (AeBuffer, program->n_values), g_new (float *, program->n_values),
               g_new (size_t, program->n_values), program->n_values };
  GRand *random = g_rand_new_with_seed (9);

  ae_program_layout (program, width, height, v.buffers);
  for (int i = 0; i < v.n; i++)
    {
      AeBuffer *b = &v.buffers[i];

      v.floats[i] = b->image * (size_t)images;
      v.memory[i] = aligned_alloc (64, v.floats[i] * sizeof (float));
      memset (v.memory[i], 0xff, v.floats[i] * sizeof (float));
      ae_buffer_place (b, v.memory[i]);
      if (program->values[i].input)
        for (int c = 0; c < b->channels; c++)
          for (int y = 0; y < b->height; y++)
            for (int x = 0; x < b->width; x++)
              {
                float value = (float)g_rand_double (random);

                for (int image = 0; image < images; image++)
                  *ae_buffer_at (b, image, c, y, x) = value;
              }
    }
  g_rand_free (random);
  return v;
}

static void
values_free (Values *v)
{
  for (int i = 0; i < v->n; i++)
    free (v->memory[i]);
  g_free (v->buffers);
  g_free (v->memory);
  g_free (v->floats);
}

/* All steps; `band`: units of rows at a time, 0: all, with the bands from the last to the first. */
static void
run (const AeProgram *program, const Values *v, int image, int band)
{
  float *scratch = g_aligned_alloc0 (program->scratch + 1, sizeof (float), 64);

  for (int i = 0; i < program->n_steps; i++)
    {
      int height = v->buffers[program->steps[i].dst].height;
      int step = band ? band * ae_step_row_multiple (&program->steps[i]) : height;

      for (int y = (height - 1) / step * step; y >= 0; y -= step)
        ae_program_run_step (program, i, v->buffers, image, y, MIN (y + step, height), scratch);
    }
  g_aligned_free (scratch);
}

static int
width_of (const AeGraph *graph)
{
  return ae_graph_alignment (graph) * (ae_graph_alignment (graph) < 4 ? 13 : 3);
}

/* However rows are cut, every bit of every buffer is the same; that includes borders. */
START_TEST (test_bands)
{
  AeGraph *graph = parse (graphs[_i]);
  int width = width_of (graph), height = ae_graph_alignment (graph) * 5;
  const AeKernels *k;

  FOR_TABLES (k)
  {
    AeProgram *program = program_of (graph, k, FAST);
    Values whole = values_new (program, width, height, 2);

    run (program, &whole, 0, 0);
    run (program, &whole, 1, 0);
    for (int band = 1; band <= 5; band += 2)
      {
        Values cut = values_new (program, width, height, 2);

        run (program, &cut, 1, band);
        run (program, &cut, 0, band + 1);
        for (int i = 0; i < program->n_values; i++)
          ck_assert_msg (memcmp (whole.memory[i], cut.memory[i], whole.floats[i] * sizeof (float)) == 0,
                         "table %s, bands of %d: value %d differs", k->name, band, i);
        values_free (&cut);
      }
    values_free (&whole);
    ae_program_free (program);
  }
  ae_graph_unref (graph);
}
END_TEST

/* The border of every blocked value is zero, nothing inside is unset, pictures of a batch are alike. */
START_TEST (test_borders)
{
  AeGraph *graph = parse (graphs[_i]);
  const AeKernels *k;

  FOR_TABLES (k)
  {
    AeProgram *program = program_of (graph, k, FAST);
    Values v = values_new (program, width_of (graph), ae_graph_alignment (graph) * 4, 2);

    run (program, &v, 0, 0);
    run (program, &v, 1, 2);
    for (int i = 0; i < program->n_values; i++)
      {
        const AeBuffer *b = &v.buffers[i];
        int margin = b->blocked ? 1 : 0, unset = 0, border = 0, differ = 0;

        for (int block = 0; block < ae_buffer_blocks (b); block++)
          for (int y = -margin; y < b->height + margin; y++)
            for (int x = -margin; x < b->width + margin; x++)
              {
                gboolean inside = x >= 0 && y >= 0 && x < b->width && y < b->height;
                const float *at = ae_buffer_at (b, 0, block, y, x);

                for (int lane = 0; lane < b->vl; lane++)
                  {
                    unset += isnan (at[lane]);
                    border += !inside && at[lane] != 0;
                    differ += memcmp (&at[lane], &at[lane + (ptrdiff_t)b->image], sizeof (float)) != 0;
                  }
              }
        ck_assert_msg (!unset && !border && !differ,
                       "table %s, value %d: %d unset, %d in the border, %d differ in the second picture",
                       k->name, i, unset, border, differ);
      }
    values_free (&v);
    ae_program_free (program);
  }
  ae_graph_unref (graph);
}
END_TEST

/* Fused programs have fewer steps and give the same result. */
START_TEST (test_fusion)
{
  AeGraph *graph = parse (graphs[_i]);
  int height = ae_graph_alignment (graph) * 3, adds = 0;
  const AeKernels *k;

  for (int i = 0; i < ae_graph_n_nodes (graph); i++)
    adds += ae_graph_node (graph, i)->op == AE_OP_ADD;
  FOR_TABLES (k)
  {
    AeProgram *plain = program_of (graph, k, AE_PROGRAM_PLAIN), *fused = program_of (graph, k, FAST);
    Values a = values_new (plain, width_of (graph), height, 1);
    Values b = values_new (fused, width_of (graph), height, 1);
    const AeBuffer *want = &a.buffers[plain->output], *got = &b.buffers[fused->output];
    float most = 0; /* by which conv_winograd () rounds otherwise than conv () */

    run (plain, &a, 0, 0);
    run (fused, &b, 0, 0);
    if (strcmp (graphs[_i], GRAPH_PU2_UNET) == 0)
      ck_assert_int_eq (plain->n_steps - fused->n_steps, adds);
    ck_assert_int_le (fused->n_steps, plain->n_steps);
    for (int c = 0; c < want->channels && fused->scratch; c++)
      for (int y = 0; y < want->height; y++)
        for (int x = 0; x < want->width; x++)
          most = MAX (most, fabsf (*ae_buffer_at (want, 0, c, y, x)));
    for (int c = 0; c < want->channels; c++)
      for (int y = 0; y < want->height; y++)
        for (int x = 0; x < want->width; x++)
          {
            float w = *ae_buffer_at (want, 0, c, y, x), g = *ae_buffer_at (got, 0, c, y, x);

            if (!(fabsf (w - g) <= 1e-6f * (1 + fabsf (w)) + 1e-5f * most))
              ck_abort_msg ("table %s, channel %d, %d,%d: %.9g, not fused %.9g", k->name, c, x, y, (double)g,
                            (double)w);
          }
    values_free (&a);
    values_free (&b);
    ae_program_free (plain);
    ae_program_free (fused);
  }
  ae_graph_unref (graph);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("program");
  TCase *tcase = tcase_create ("program");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_set_timeout (tcase, 120);
  tcase_add_loop_test (tcase, test_order, 0, G_N_ELEMENTS (graphs));
  tcase_add_loop_test (tcase, test_bands, 0, G_N_ELEMENTS (graphs));
  tcase_add_loop_test (tcase, test_borders, 0, G_N_ELEMENTS (graphs));
  tcase_add_loop_test (tcase, test_fusion, 0, G_N_ELEMENTS (graphs));
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
