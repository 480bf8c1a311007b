/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-session-part.c - a run over a part of a picture gives the bits of a run over the whole, and no more
 * pixels. */

#include <ae/error.h>
#include <ae/session.h>
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graphs.h"

/* Not multiples of any alignment. */
#define WIDTH 83
#define HEIGHT 59

static AeModel *
model_of (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AeGraph) graph = ae_graph_parse (text, "test", &error);
  g_autoptr (GArray) params = g_array_new (FALSE, FALSE, sizeof (float));
  g_autoptr (GRand) random = g_rand_new_with_seed (11);

  ck_assert_msg (graph != NULL, "%s", error ? error->message : "");
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    for (gsize j = 0; j < ae_graph_param (graph, i)->count; j++)
      {
        float value = (float)g_rand_double_range (random, -0.2, 0.2);

        g_array_append_val (params, value);
      }
  return ae_model_new (graph, (const float *)(void *)params->data, NULL);
}

typedef struct
{
  int channels, out_channels, scale;
  float *picture;  /* [channels][HEIGHT][WIDTH] */
  float *result;   /* [out_channels][HEIGHT * scale][WIDTH * scale], NaN where nothing was written */
  gint64 n_read;   /* pixels */
  gint64 n_result; /* pixels */
} Job;

static gboolean
read_planes (const AeRect *rect, float *planes, gpointer data, GError **error)
{
  Job *job = data;

  ck_assert (rect->x >= 0 && rect->y >= 0 && rect->x + rect->width <= WIDTH
             && rect->y + rect->height <= HEIGHT);
  for (int c = 0; c < job->channels; c++)
    for (int y = 0; y < rect->height; y++, planes += rect->width)
      memcpy (planes, job->picture + (c * HEIGHT + rect->y + y) * WIDTH + rect->x,
              (gsize)rect->width * sizeof (float));
  job->n_read += rect->width * rect->height;
  return TRUE;
}

static gboolean
write_planes (const AeRect *rect, const float *planes, gpointer data, GError **error)
{
  Job *job = data;
  const int width = WIDTH * job->scale, height = HEIGHT * job->scale;

  ck_assert (rect->x >= 0 && rect->y >= 0 && rect->x + rect->width <= width
             && rect->y + rect->height <= height);
  for (int c = 0; c < job->out_channels; c++)
    for (int y = 0; y < rect->height; y++, planes += rect->width)
      memcpy (job->result + (c * height + rect->y + y) * width + rect->x, planes,
              (gsize)rect->width * sizeof (float));
  job->n_result += rect->width * rect->height;
  return TRUE;
}

static void
job_init (Job *job, AeModel *model)
{
  const AeGraph *graph = ae_model_graph (model);
  const gboolean rgb = ae_graph_find_input (graph, AE_PLANES_RGB) >= 0;
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  gsize n;

  memset (job, 0, sizeof *job);
  job->channels = rgb ? 3 : 1;
  job->out_channels = ae_graph_node (graph, ae_graph_output (graph))->channels;
  job->scale = ae_graph_scale (graph);
  n = (gsize)(job->channels * WIDTH * HEIGHT);
  job->picture = g_new (float, n);
  for (gsize i = 0; i < n; i++) /* beyond 0..1 too: that is added back */
    job->picture[i] = (float)g_rand_double_range (random, -0.1, 1.1);
  n = (gsize)(job->out_channels * WIDTH * HEIGHT * job->scale * job->scale);
  job->result = g_new (float, n);
  memset (job->result, 0xff, n * sizeof (float));
}

static void
job_clear (Job *job)
{
  g_free (job->picture);
  g_free (job->result);
}

/* With the smallest tiles, or the whole as one. */
static gboolean
run (AeModel *model, AePrecision precision, Job *job, AeRect part, gboolean tiled, GError **error)
{
  g_autoptr (AeSession) any = ae_session_new (model, NULL, NULL);
  const int tile = tiled ? ae_session_least_tile (any) : 0;
  const AeSessionOptions options = { .threads = 2, .tile = tile, .precision = precision };
  const AeRun what = { .width = WIDTH,
                       .height = HEIGHT,
                       .part = part,
                       .sigma = 30,
                       .read = read_planes,
                       .write = write_planes,
                       .data = job };
  g_autoptr (AeSession) session = ae_session_new (model, &options, NULL);

  ck_assert_ptr_nonnull (session);
  return ae_session_run (session, &what, error);
}

static const AeRect parts[] = {
  { 0, 0, WIDTH, HEIGHT }, { 0, 0, 1, 1 },    { WIDTH - 1, HEIGHT - 1, 1, 1 }, { 33, 27, 1, 1 },
  { 7, 9, 30, 21 },        { 16, 24, 32, 8 }, { 41, 0, WIDTH - 41, 13 },       { 0, 50, WIDTH, HEIGHT - 50 },
};

static const char *const graphs[]
  = { GRAPH_FULL_UNET, GRAPH_UPSCALE ("2", "12"), GRAPH_MIXED, GRAPH_PU2_UNET };

/* In both precisions, which are the same where the CPU has no bf16. */
START_TEST (same_bits)
{
  const AePrecision precision = _i % 2 ? AE_PRECISION_FAST : AE_PRECISION_EXACT;
  g_autoptr (AeModel) model = model_of (graphs[_i / 2]);
  const AeRect nothing = { 0, 0, 0, 0 };
  Job whole;

  job_init (&whole, model);
  ck_assert (run (model, precision, &whole, nothing, FALSE, NULL));
  ck_assert_int_eq (whole.n_result, WIDTH * HEIGHT * whole.scale * whole.scale);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    for (int tiled = 0; tiled < 2; tiled++)
      {
        const AeRect *part = &parts[i];
        int wrong = 0, outside = 0;
        Job job;

        job_init (&job, model);
        ck_assert (run (model, precision, &job, *part, tiled, NULL));
        /* all of the part, and nothing else */
        ck_assert_int_eq (job.n_result, part->width * part->height * job.scale * job.scale);
        for (int c = 0; c < job.out_channels; c++)
          for (int y = 0; y < HEIGHT * job.scale; y++)
            for (int x = 0; x < WIDTH * job.scale; x++)
              {
                const gsize at = (gsize)((c * HEIGHT * job.scale + y) * WIDTH * job.scale + x);
                const int px = x / job.scale - part->x, py = y / job.scale - part->y;

                if (px < 0 || py < 0 || px >= part->width || py >= part->height)
                  outside += !isnan (job.result[at]);
                else
                  wrong += memcmp (&job.result[at], &whole.result[at], sizeof (float)) != 0;
              }
        ck_assert_msg (wrong == 0 && outside == 0, "part %d: %d values differ, %d are outside", (int)i, wrong,
                       outside);
        job_clear (&job);
      }
  job_clear (&whole);
}
END_TEST

/* What the caller reserves is not for the tiles. */
START_TEST (reserved)
{
  g_autoptr (AeModel) model = model_of (graphs[_i]);
  const AeSessionOptions options = { .threads = 1, .max_memory = 64 << 20 };
  g_autoptr (AeSession) session = ae_session_new (model, &options, NULL);
  g_autoptr (GError) error = NULL;
  Job job;
  AeRun what = {
    .width = WIDTH, .height = HEIGHT, .sigma = 30, .read = read_planes, .write = write_planes, .data = &job
  };

  job_init (&job, model);
  ck_assert_uint_eq (ae_session_max_memory (session), 64 << 20);
  what.reserved = ae_session_max_memory (session) - ae_session_memory (session, WIDTH, HEIGHT);
  ck_assert (ae_session_run (session, &what, &error));
  what.reserved = ae_session_max_memory (session) - 1000;
  ck_assert (!ae_session_run (session, &what, &error));
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_LIMIT));
  ck_assert (strstr (error->message, "0.00 MiB is too small") != NULL);
  job_clear (&job);
}
END_TEST

START_TEST (reads_the_neighborhood_alone)
{
  g_autoptr (AeModel) model = model_of ("x = input channels=3 planes=rgb\n"
                                        "y = conv x out=3 kernel=3\n"
                                        "output y\n");
  Job job;

  job_init (&job, model);
  ck_assert (run (model, AE_PRECISION_EXACT, &job, (AeRect){ 20, 30, 10, 5 }, FALSE, NULL));
  ck_assert_int_eq (job.n_read, 12 * 7);
  job_clear (&job);
}
END_TEST

static const AeRect not_inside[] = {
  { -1, 0, 5, 5 },
  { 0, -1, 5, 5 },
  { 0, 0, -5, 5 },
  { 0, 0, 5, 0 },
  { 0, 0, WIDTH + 1, 5 },
  { 0, HEIGHT - 4, 5, 5 },
  { WIDTH, 0, 1, 1 },
  { G_MAXINT, 0, 1, 1 },
  { G_MAXINT, 0, G_MAXINT, 1 },
  { 0, G_MAXINT, 1, G_MAXINT },
  { 5, 5, 0, 0 },
};

START_TEST (refuses_parts_outside)
{
  g_autoptr (AeModel) model = model_of (GRAPH_MIXED);
  g_autoptr (GError) error = NULL;
  Job job;

  job_init (&job, model);
  ck_assert (!run (model, AE_PRECISION_EXACT, &job, not_inside[_i], FALSE, &error));
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_ARGUMENT));
  ck_assert_int_eq (job.n_read, 0);
  job_clear (&job);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("session-part");
  TCase *tcase = tcase_create ("part");
  SRunner *runner;
  int failed;

  tcase_set_timeout (tcase, 120);
  tcase_add_loop_test (tcase, same_bits, 0, 2 * G_N_ELEMENTS (graphs));
  tcase_add_loop_test (tcase, reserved, 0, G_N_ELEMENTS (graphs));
  tcase_add_test (tcase, reads_the_neighborhood_alone);
  tcase_add_loop_test (tcase, refuses_parts_outside, 0, G_N_ELEMENTS (not_inside));
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed != 0;
}
