/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-preview-worker.c - the preview's worker: right pixels, the last request wins, errors, an early end. */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <check.h>
#include <ae/error.h>
#include "core/buffer-filter.h"
#include "core/preview-worker.h"

#define WIDTH 150
#define HEIGHT 130

/* Reaches over several pixels, on a grid of four. */
static const char graph_text[] = "x = input channels=3 planes=rgb\n"
                                 "s = input channels=1 planes=sigma\n"
                                 "c = concat x s\n"
                                 "u = pixel_unshuffle c factor=2\n"
                                 "a = conv u out=16 kernel=3 act=relu\n"
                                 "d = conv a out=16 kernel=2 stride=2\n"
                                 "e = conv d out=16 kernel=3 act=relu\n"
                                 "f = conv_transpose e out=16 kernel=2 stride=2\n"
                                 "g = add a f\n"
                                 "h = conv g out=12 kernel=3\n"
                                 "i = pixel_shuffle h factor=2\n"
                                 "y = add x i\n"
                                 "output y\n";

typedef struct
{
  AeModel *model;
  GeglBuffer *picture;
  GeglRectangle area;
  double sigma;
  gboolean fail;
  int gathered;
  int changes;
  AePreviewWorker *worker;
  GMainLoop *loop;
} Fixture;

static float
random_value (guint32 *state)
{
  *state = *state * 1664525u + 1013904223u;
  return (float)(*state >> 8) / 16777216.0f;
}

static AeModel *
make_model (void)
{
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (AeGraph) graph = ae_graph_parse (graph_text, "test", NULL);
  g_autofree float *values = NULL;
  gsize n = 0;
  guint32 state = 1;

  ck_assert_ptr_nonnull (graph);
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    n += ae_graph_param (graph, i)->count;
  values = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    values[i] = (random_value (&state) - 0.5f) * 0.2f;
  g_hash_table_insert (meta, (gpointer) "ae.task", (gpointer) "denoise");
  return ae_model_new (graph, values, meta);
}

static GeglBuffer *
make_picture (void)
{
  GeglBuffer *buffer = gegl_buffer_new (GEGL_RECTANGLE (0, 0, WIDTH, HEIGHT), babl_format ("R'G'B'A float"));
  g_autofree float *pixels = g_new (float, WIDTH *HEIGHT * 4);
  guint32 state = 2;

  for (int i = 0; i < WIDTH * HEIGHT * 4; i++)
    pixels[i] = i % 4 == 3 ? 1.0f : random_value (&state);
  gegl_buffer_set (buffer, NULL, 0, NULL, pixels, GEGL_AUTO_ROWSTRIDE);
  return buffer;
}

static gboolean
gather (AePreviewInput *input, gpointer data, GError **error)
{
  Fixture *fixture = data;
  GeglRectangle extent;

  fixture->gathered++;
  if (fixture->fail)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "no picture");
      return FALSE;
    }
  extent = ae_preview_extent (fixture->model, &fixture->area, gegl_buffer_get_extent (fixture->picture));
  input->model = ae_model_ref (fixture->model);
  input->source = gegl_buffer_new (&extent, gegl_buffer_get_format (fixture->picture));
  gegl_buffer_copy (fixture->picture, &extent, GEGL_ABYSS_NONE, input->source, &extent);
  input->area = fixture->area;
  input->sigma = fixture->sigma;
  return TRUE;
}

static void
changed (gpointer data)
{
  Fixture *fixture = data;

  fixture->changes++;
  if (fixture->worker != NULL && ae_preview_worker_state (fixture->worker) != AE_WORKER_BUSY)
    g_main_loop_quit (fixture->loop);
}

static Fixture
set_up (void)
{
  Fixture fixture = { .area = { 41, 37, 50, 40 }, .sigma = 25.0 };

  fixture.model = make_model ();
  fixture.picture = make_picture ();
  fixture.loop = g_main_loop_new (NULL, FALSE);
  return fixture;
}

static void
start (Fixture *fixture)
{
  AeSessionOptions options = { .threads = 2 };

  fixture->worker = ae_preview_worker_new (&options, gather, changed, fixture);
}

static void
tear_down (Fixture *fixture)
{
  ae_preview_worker_free (fixture->worker);
  ae_model_unref (fixture->model);
  g_object_unref (fixture->picture);
  g_main_loop_unref (fixture->loop);
}

/* What the filter makes of the whole picture, cut to the area. */
static float *
expected (const Fixture *fixture, const AeDenoiseParams *params)
{
  AeDenoiseParams whole = *params;
  g_autoptr (AeSession) session = ae_session_new (fixture->model, NULL, NULL);
  GeglBuffer *result
    = gegl_buffer_new (gegl_buffer_get_extent (fixture->picture), babl_format ("R'G'B'A float"));
  float *pixels = g_new (float, (gsize)fixture->area.width * fixture->area.height * 4);

  whole.noise_auto = FALSE;
  whole.sigma = fixture->sigma;
  ck_assert (ae_denoise_buffer (session, fixture->picture, NULL, result, &whole, NULL, NULL, NULL));
  gegl_buffer_get (result, &fixture->area, 1.0, NULL, pixels, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  g_object_unref (result);
  return pixels;
}

static void
check_drawn (const Fixture *fixture, double strength)
{
  gsize n = (gsize)fixture->area.width * fixture->area.height * 4;
  g_autofree float *drawn = g_new (float, n);
  g_autofree float *right = NULL;
  AeDenoiseParams params;

  ae_denoise_params_init (&params);
  params.strength = strength;
  ck_assert_int_eq (ae_preview_worker_state (fixture->worker), AE_WORKER_READY);
  ck_assert (ae_preview_worker_draw (fixture->worker, &fixture->area, &params, babl_format ("R'G'B'A float"),
                                     drawn, fixture->area.width * 4 * (int)sizeof (float)));
  right = expected (fixture, &params);
  for (gsize i = 0; i < n; i++)
    ck_assert_msg (fabsf (drawn[i] - right[i]) <= 1e-6f, "value %d: %g instead of %g", (int)i, drawn[i],
                   right[i]);
}

START_TEST (test_same_as_whole)
{
  static const GeglRectangle areas[] = {
    { 41, 37, 50, 40 }, { 0, 0, 33, 29 }, { 107, 91, 43, 39 }, { 0, 0, WIDTH, HEIGHT }, { 77, 0, 1, HEIGHT },
  };
  Fixture fixture = set_up ();

  start (&fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (areas); i++)
    {
      fixture.area = areas[i];
      ae_preview_worker_restart (fixture.worker, 0);
      ck_assert_int_eq (ae_preview_worker_state (fixture.worker), AE_WORKER_BUSY);
      g_main_loop_run (fixture.loop);
      check_drawn (&fixture, 100.0);
    }
  tear_down (&fixture);
}
END_TEST

/* The extent must be a part of the picture for the test above to say anything. */
START_TEST (test_extent_is_small)
{
  Fixture fixture = set_up ();
  GeglRectangle picture = { -13, 7, 5000, 4000 };
  GeglRectangle area = { 2000, 1999, 100, 80 };
  GeglRectangle extent = ae_preview_extent (fixture.model, &area, &picture);

  ck_assert (gegl_rectangle_contains (&extent, &area));
  ck_assert_int_lt (extent.width, 200);
  ck_assert_int_lt (extent.height, 180);
  ck_assert_int_eq ((extent.x - picture.x) % ae_graph_alignment (ae_model_graph (fixture.model)), 0);
  ck_assert_int_eq ((extent.y - picture.y) % ae_graph_alignment (ae_model_graph (fixture.model)), 0);
  start (&fixture);
  tear_down (&fixture);
}
END_TEST

START_TEST (test_strength_needs_no_run)
{
  Fixture fixture = set_up ();

  start (&fixture);
  ae_preview_worker_restart (fixture.worker, 0);
  g_main_loop_run (fixture.loop);
  check_drawn (&fixture, 100.0);
  check_drawn (&fixture, 30.0);
  check_drawn (&fixture, 0.0);
  ck_assert_int_eq (fixture.gathered, 1);
  tear_down (&fixture);
}
END_TEST

START_TEST (test_last_request_counts)
{
  Fixture fixture = set_up ();

  start (&fixture);
  /* Some of these begin, whether they finish or not; only the last may be seen. */
  for (int i = 0; i < 20; i++)
    {
      fixture.sigma = 2.0 + i;
      ae_preview_worker_restart (fixture.worker, 0);
      for (int turn = 0; turn < i % 4; turn++)
        g_main_context_iteration (NULL, FALSE);
    }
  fixture.sigma = 60.0;
  ae_preview_worker_restart (fixture.worker, 0);
  g_main_loop_run (fixture.loop);
  check_drawn (&fixture, 100.0);
  tear_down (&fixture);
}
END_TEST

START_TEST (test_requests_are_put_together)
{
  Fixture fixture = set_up ();

  start (&fixture);
  for (int i = 0; i < 10; i++)
    ae_preview_worker_restart (fixture.worker, 20);
  g_main_loop_run (fixture.loop);
  ck_assert_int_eq (fixture.gathered, 1);
  tear_down (&fixture);
}
END_TEST

START_TEST (test_other_area_is_not_drawn)
{
  Fixture fixture = set_up ();
  GeglRectangle other = fixture.area;
  g_autofree float *pixels = g_new (float, (gsize)other.width *other.height * 4);
  AeDenoiseParams params;

  ae_denoise_params_init (&params);
  start (&fixture);
  ck_assert (
    !ae_preview_worker_draw (fixture.worker, &other, &params, babl_format ("R'G'B'A float"), pixels, 0));
  ae_preview_worker_restart (fixture.worker, 0);
  g_main_loop_run (fixture.loop);
  other.x++;
  ck_assert (
    !ae_preview_worker_draw (fixture.worker, &other, &params, babl_format ("R'G'B'A float"), pixels, 0));
  ae_preview_worker_stop (fixture.worker);
  ck_assert_int_eq (ae_preview_worker_state (fixture.worker), AE_WORKER_IDLE);
  other.x--;
  ck_assert (
    !ae_preview_worker_draw (fixture.worker, &other, &params, babl_format ("R'G'B'A float"), pixels, 0));
  tear_down (&fixture);
}
END_TEST

START_TEST (test_errors)
{
  Fixture fixture = set_up ();

  start (&fixture);
  fixture.fail = TRUE;
  ae_preview_worker_restart (fixture.worker, 0);
  g_main_loop_run (fixture.loop);
  ck_assert_int_eq (ae_preview_worker_state (fixture.worker), AE_WORKER_FAILED);
  ck_assert_str_eq (ae_preview_worker_error (fixture.worker)->message, "no picture");

  /* One from the thread: the area lies outside. */
  fixture.fail = FALSE;
  fixture.area.x = WIDTH + 500;
  ae_preview_worker_restart (fixture.worker, 0);
  ck_assert_ptr_null (ae_preview_worker_error (fixture.worker));
  g_main_loop_run (fixture.loop);
  ck_assert_int_eq (ae_preview_worker_state (fixture.worker), AE_WORKER_FAILED);
  ck_assert (g_error_matches (ae_preview_worker_error (fixture.worker), AE_ERROR, AE_ERROR_ARGUMENT));

  fixture.area.x = 3;
  ae_preview_worker_restart (fixture.worker, 0);
  g_main_loop_run (fixture.loop);
  check_drawn (&fixture, 100.0);
  tear_down (&fixture);
}
END_TEST

/* At any moment: waiting, running, finished but not yet told. */
START_TEST (test_free_at_any_time)
{
  for (int turns = 0; turns < 8; turns++)
    {
      Fixture fixture = set_up ();
      int changes;

      start (&fixture);
      ae_preview_worker_restart (fixture.worker, 0);
      for (int turn = 0; turn < turns; turn++)
        g_main_context_iteration (NULL, FALSE);
      if (turns == 7)
        g_usleep (100000);
      tear_down (&fixture);
      changes = fixture.changes;
      while (g_main_context_iteration (NULL, FALSE))
        ;
      ck_assert_int_eq (fixture.changes, changes);
    }
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("preview-worker");
  TCase *tcase = tcase_create ("preview-worker");
  SRunner *runner;

  gegl_init (NULL, NULL);
  tcase_set_timeout (tcase, 120);
  tcase_add_test (tcase, test_same_as_whole);
  tcase_add_test (tcase, test_extent_is_small);
  tcase_add_test (tcase, test_strength_needs_no_run);
  tcase_add_test (tcase, test_last_request_counts);
  tcase_add_test (tcase, test_requests_are_put_together);
  tcase_add_test (tcase, test_other_area_is_not_drawn);
  tcase_add_test (tcase, test_errors);
  tcase_add_test (tcase, test_free_at_any_time);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  /* GEGL has threads of its own, which a fork would lose. */
  srunner_set_fork_status (runner, CK_NOFORK);
  srunner_run_all (runner, CK_SILENT);
  int failed = srunner_ntests_failed (runner);

  srunner_free (runner);
  gegl_exit ();
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
