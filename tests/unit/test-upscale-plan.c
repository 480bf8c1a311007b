/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-upscale-plan.c - what a user asks for when enlarging, and what becomes of the layers of an image. */

#include <check.h>
#include <gegl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <ae/error.h>
#include <ae/model.h>
#include "core/time-left.h"
#include "core/upscale-jobs.h"
#include "core/upscale.h"

START_TEST (size_of_params)
{
  static const struct
  {
    AeUpscaleSize size;
    double width, height;
    int to_width, to_height; /* of 40 × 30; 0: refused */
  } cases[] = {
    { AE_UPSCALE_TWICE, 0, 0, 80, 60 },        { AE_UPSCALE_THREE_TIMES, 0, 0, 120, 90 },
    { AE_UPSCALE_FOUR_TIMES, 0, 0, 160, 120 }, { AE_UPSCALE_PIXELS, 61, 45, 61, 45 },
    { AE_UPSCALE_PIXELS, 60.4, 44.6, 60, 45 }, { AE_UPSCALE_PERCENT, 150, 200, 60, 60 },
    { AE_UPSCALE_PERCENT, 50, 200, 20, 60 },   { AE_UPSCALE_PIXELS, 161, 60, 0, 0 },
    { AE_UPSCALE_PIXELS, 40, 30, 0, 0 },       { AE_UPSCALE_PERCENT, 402, 100, 0, 0 },
    { AE_UPSCALE_PERCENT, NAN, 100, 0, 0 },    { AE_UPSCALE_PERCENT, 524288, 524288, 0, 0 },
    { AE_UPSCALE_PIXELS, -1, 60, 0, 0 },       { AE_UPSCALE_PIXELS, 600000, 60, 0, 0 },
    { AE_UPSCALE_PIXELS, 0, 60, 0, 0 },        { (AeUpscaleSize)AE_N_UPSCALE_SIZES, 80, 60, 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      AeUpscaleParams params;
      int width = 0, height = 0;
      gboolean good;

      ae_upscale_params_init (&params);
      params.size = cases[i].size;
      params.width = cases[i].width;
      params.height = cases[i].height;
      good = ae_upscale_params_size (&params, 40, 30, &width, &height, &error);
      ck_assert_msg (good == (cases[i].to_width != 0), "case %d: %s", (int)i, error ? error->message : "");
      if (good)
        {
          ck_assert_int_eq (width, cases[i].to_width);
          ck_assert_int_eq (height, cases[i].to_height);
        }
    }
}
END_TEST

START_TEST (too_large_for_gimp)
{
  g_autoptr (GError) error = NULL;
  AeUpscaleParams params;
  int width, height;

  ae_upscale_params_init (&params);
  params.size = AE_UPSCALE_FOUR_TIMES;
  ck_assert (ae_upscale_params_size (&params, AE_UPSCALE_SIZE_MAX / 4, 1, &width, &height, NULL));
  ck_assert_int_eq (width, AE_UPSCALE_SIZE_MAX);
  ck_assert (!ae_upscale_params_size (&params, AE_UPSCALE_SIZE_MAX / 4 + 1, 1, &width, &height, &error));
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_LIMIT));
  ck_assert_ptr_nonnull (strstr (error->message, "524292 × 4"));
}
END_TEST

START_TEST (bad_params)
{
  AeUpscaleParams good, params;

  ae_upscale_params_init (&good);
  ck_assert (ae_upscale_params_check (&good, NULL));
  params = good;
  params.target = (AeUpscaleTarget)AE_N_UPSCALE_TARGETS;
  ck_assert (!ae_upscale_params_check (&params, NULL));
  params = good;
  params.robust = 100.5;
  ck_assert (!ae_upscale_params_check (&params, NULL));
  params = good;
  memset (params.model, 'x', sizeof params.model);
  ck_assert (!ae_upscale_params_check (&params, NULL));
}
END_TEST

START_TEST (kept_in_a_file)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  AeUpscaleParams written, read;

  ae_upscale_params_init (&written);
  ck_assert (ae_params_set_model (written.model, "/a/b.safetensors", NULL));
  written.target = AE_UPSCALE_NEW_IMAGE;
  written.size = AE_UPSCALE_PERCENT;
  written.width = 150.5;
  written.height = 250;
  written.robust = 33;
  written.wrap = TRUE;
  ae_upscale_params_write (&written, file, "upscale");
  ae_upscale_params_init (&read);
  ae_upscale_params_read (&read, file, "upscale");
  ck_assert_mem_eq (&read, &written, sizeof read);

  /* what is not there or not known stays */
  g_key_file_remove_key (file, "upscale", "height", NULL);
  g_key_file_set_string (file, "upscale", "size", "x9");
  ae_upscale_params_init (&read);
  ae_upscale_params_read (&read, file, "upscale");
  ck_assert (read.height == 200 && read.size == AE_UPSCALE_TWICE && read.width == 150.5);
}
END_TEST

/* A file with a model that makes each pixel a square; its name is put into the parameters. */
static void
make_model (AeUpscaleParams *params)
{
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (AeGraph) graph
    = ae_graph_parse ("x = input channels=3 planes=rgb\nu = up x factor=2\noutput u\n", "test", NULL);
  g_autoptr (AeModel) model = NULL;
  g_autofree char *path = NULL;
  const int file = g_file_open_tmp ("upscale-XXXXXX.safetensors", &path, NULL);

  ck_assert_int_ge (file, 0);
  g_close (file, NULL);
  g_hash_table_insert (meta, (gpointer) "ae.task", (gpointer) "upscale");
  model = ae_model_new (graph, NULL, meta);
  ck_assert (ae_model_save (model, path, AE_DTYPE_F32, NULL));
  ae_upscale_params_init (params);
  ck_assert (ae_params_set_model (params->model, path, NULL));
}

static GeglBuffer *
open_layer (gpointer layer)
{
  return g_object_ref (layer);
}

static gboolean
look_at_progress (double fraction, gpointer data)
{
  double *last = data;

  ck_assert (fraction >= *last && fraction <= 1);
  *last = fraction;
  return TRUE;
}

/* A layer at 5, 7 of an image that becomes 1.5 times as large is where GIMP puts it. */
START_TEST (layers_of_an_image)
{
  const GeglRectangle places[] = { { 5, 7, 20, 15 }, { -3, 0, 40, 30 } };
  const GeglRectangle expected[] = { { 8, 11, 30, 22 }, { -5, 0, 61, 45 } };
  g_autoptr (AeUpscaleJobs) jobs = ae_upscale_jobs_new (40, 30, 60, 45);
  g_autoptr (GError) error = NULL;
  GeglBuffer *layers[2];
  AeUpscaleParams params;
  double last = 0;

  make_model (&params);
  for (int i = 0; i < 2; i++)
    {
      layers[i] = gegl_buffer_new (GEGL_RECTANGLE (0, 0, places[i].width, places[i].height),
                                   babl_format ("R'G'B'A u8"));
      ae_upscale_jobs_add (jobs, layers[i], &places[i]);
    }
  ck_assert_uint_eq (ae_upscale_jobs_n (jobs), 2);
  ck_assert_msg (ae_upscale_jobs_run (jobs, &params, NULL, open_layer, look_at_progress, &last, &error), "%s",
                 error ? error->message : "");
  ck_assert (last > 0.9);
  for (guint i = 0; i < 2; i++)
    {
      const AeUpscaleJob *job = ae_upscale_jobs_nth (jobs, i);

      ck_assert_ptr_eq (job->layer, layers[i]);
      ck_assert_int_eq (job->width, expected[i].width);
      ck_assert_int_eq (job->height, expected[i].height);
      ck_assert_int_eq (gegl_buffer_get_width (job->result), expected[i].width);
      ck_assert_int_eq (gegl_buffer_get_height (job->result), expected[i].height);
      g_object_unref (layers[i]);
    }
  ck_assert_int_eq (g_remove (params.model), 0);
}
END_TEST

/* Results go only to where they belong, whatever has become of the image meanwhile. */
START_TEST (results_of_a_copy)
{
  const GeglRectangle place = { 1, 2, 4, 3 }, moved = { 2, 2, 4, 3 };
  g_autoptr (AeUpscaleJobs) jobs = ae_upscale_jobs_new (8, 8, 16, 16);
  g_autoptr (AeUpscaleJobs) same = ae_upscale_jobs_new (8, 8, 16, 16);
  g_autoptr (AeUpscaleJobs) copies = ae_upscale_jobs_new (8, 8, 16, 16);
  g_autoptr (AeUpscaleJobs) others = ae_upscale_jobs_new (8, 8, 16, 16);
  g_autoptr (AeUpscaleJobs) fewer = ae_upscale_jobs_new (8, 8, 16, 16);
  g_autoptr (GeglBuffer) layer = gegl_buffer_new (GEGL_RECTANGLE (0, 0, 4, 3), babl_format ("Y' u8"));
  g_autoptr (GeglBuffer) copy = gegl_buffer_new (GEGL_RECTANGLE (0, 0, 4, 3), babl_format ("Y' u8"));
  g_autoptr (GError) error = NULL;
  const GeglBuffer *result;
  AeUpscaleParams params;

  make_model (&params);
  ae_upscale_jobs_add (jobs, layer, &place);
  ae_upscale_jobs_add (same, layer, &place);
  ae_upscale_jobs_add (copies, copy, &place);
  ae_upscale_jobs_add (others, layer, &moved);
  ck_assert (ae_upscale_jobs_run (jobs, &params, NULL, open_layer, NULL, NULL, NULL));
  result = ae_upscale_jobs_nth (jobs, 0)->result;
  ck_assert_ptr_nonnull (result);
  ck_assert (ae_upscale_jobs_check (jobs, same, NULL));
  ck_assert (!ae_upscale_jobs_check (jobs, copies, NULL));
  ck_assert (!ae_upscale_jobs_check (jobs, others, NULL));
  ck_assert (!ae_upscale_jobs_check (jobs, fewer, NULL));
  ck_assert (!ae_upscale_jobs_move (jobs, others, NULL));
  ck_assert (!ae_upscale_jobs_move (jobs, fewer, &error));
  ck_assert_ptr_nonnull (strstr (error->message, "has changed"));
  ck_assert (ae_upscale_jobs_move (jobs, copies, NULL));
  ck_assert_ptr_eq (ae_upscale_jobs_nth (copies, 0)->result, result);
  ck_assert_ptr_eq (ae_upscale_jobs_nth (copies, 0)->layer, copy);
  ck_assert_ptr_null (ae_upscale_jobs_nth (jobs, 0)->result);
  ck_assert_int_eq (g_remove (params.model), 0);
}
END_TEST

/* One pixel that stays one is left to GIMP; a model that enlarges too little is an error. */
START_TEST (left_to_gimp_and_too_little)
{
  g_autoptr (AeUpscaleJobs) small = ae_upscale_jobs_new (100, 100, 110, 110);
  g_autoptr (AeUpscaleJobs) large = ae_upscale_jobs_new (10, 10, 40, 40);
  g_autoptr (GeglBuffer) pixel = gegl_buffer_new (GEGL_RECTANGLE (0, 0, 1, 1), babl_format ("Y' u8"));
  g_autoptr (GError) error = NULL;
  AeUpscaleParams params;

  make_model (&params);
  ae_upscale_jobs_add (small, pixel, GEGL_RECTANGLE (0, 0, 1, 1));
  ck_assert (ae_upscale_jobs_run (small, &params, NULL, open_layer, NULL, NULL, NULL));
  ck_assert_ptr_null (ae_upscale_jobs_nth (small, 0)->result);
  ae_upscale_jobs_add (large, pixel, GEGL_RECTANGLE (0, 0, 1, 1));
  ck_assert (!ae_upscale_jobs_run (large, &params, NULL, open_layer, NULL, NULL, &error));
  ck_assert_ptr_nonnull (strstr (error->message, "enlarges 2 times"));
  ck_assert_int_eq (g_remove (params.model), 0);
}
END_TEST

START_TEST (time_left)
{
  AeTimeLeft left;
  g_autofree char *early = NULL, *first = NULL, *soon = NULL, *later = NULL, *minutes = NULL, *quick = NULL;

  ae_time_left_init (&left, 0);
  early = ae_time_left_text (&left, "Work", 0.5, G_USEC_PER_SEC);
  first = ae_time_left_text (&left, "Work", 0.1, 3 * G_USEC_PER_SEC);
  soon = ae_time_left_text (&left, "Work", 0.11, 3 * G_USEC_PER_SEC + 1);
  later = ae_time_left_text (&left, "Work", 0.99, 60 * G_USEC_PER_SEC);
  ck_assert_ptr_null (early);
  ck_assert_str_eq (first, "Work: about 28 s left"); /* 27 and a bit */
  ck_assert_ptr_null (soon);
  ck_assert_str_eq (later, "Work: about 1 s left");
  ae_time_left_init (&left, 0);
  minutes = ae_time_left_text (&left, "Work", 0.05, 30 * G_USEC_PER_SEC);
  ck_assert_str_eq (minutes, "Work: about 10 min left"); /* 9.5 */
  ae_time_left_init (&left, 0);
  quick = ae_time_left_text (&left, "Work", 0.9, 3 * G_USEC_PER_SEC);
  ck_assert_ptr_null (quick);
}
END_TEST

static void
set_up (void)
{
  g_object_set (gegl_config (), "use-opencl", FALSE, NULL);
  gegl_init (NULL, NULL);
}

int
main (void)
{
  Suite *suite = suite_create ("upscale-plan");
  TCase *tcase = tcase_create ("all");
  SRunner *runner;
  int failed;

  tcase_add_checked_fixture (tcase, set_up, gegl_exit);
  tcase_set_timeout (tcase, 60);
  tcase_add_test (tcase, size_of_params);
  tcase_add_test (tcase, too_large_for_gimp);
  tcase_add_test (tcase, bad_params);
  tcase_add_test (tcase, kept_in_a_file);
  tcase_add_test (tcase, layers_of_an_image);
  tcase_add_test (tcase, results_of_a_copy);
  tcase_add_test (tcase, left_to_gimp_and_too_little);
  tcase_add_test (tcase, time_left);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
