/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-operation.c - the GEGL operation gives what plugin/core gives, however GEGL cuts the picture. */

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "core/noise-estimate.h"
#include "live.h"

/* A graph: source -> (translate) -> operation; the operation is asked. */
typedef struct
{
  GeglNode *graph, *source, *operation;
  gint64 asked; /* input pixels of the network for what GEGL has had computed */
  int calls;
  AeModel *model;
} Live;

static int
ceil_to (int v, int multiple)
{
  return (v + multiple - 1) / multiple * multiple;
}

static void
count (GeglNode *node, const GeglRectangle *rect, gpointer data)
{
  Live *live = data;
  const AeGraph *graph = ae_model_graph (live->model);
  const int alignment = ae_graph_alignment (graph), halo = ceil_to (ae_graph_halo (graph), alignment);

  live->asked
    += (gint64)(ceil_to (rect->width, alignment) + 2 * halo) * (ceil_to (rect->height, alignment) + 2 * halo);
  live->calls++;
}

static void
live_init (Live *live, GeglBuffer *picture)
{
  memset (live, 0, sizeof *live);
  live->model = live_model (1);
  live->graph = gegl_node_new ();
  live->source
    = gegl_node_new_child (live->graph, "operation", "gegl:buffer-source", "buffer", picture, NULL);
  live->operation = gegl_node_new_child (live->graph, "operation", "autoencoder:denoise", NULL);
  ck_assert_str_eq (gegl_node_get_operation (live->operation), "autoencoder:denoise");
  gegl_node_link (live->source, live->operation);
  g_signal_connect (live->operation, "computed", G_CALLBACK (count), live);
}

static void
live_clear (Live *live)
{
  g_object_unref (live->graph);
  ae_model_unref (live->model);
}

static void
set_params (const Live *live, const AeDenoiseParams *params)
{
  gegl_node_set (live->operation, "noise-auto", params->noise_auto, "sigma", params->sigma, "strength",
                 params->strength, "detail", params->detail, "color-noise", params->color_noise, NULL);
}

/* Asks for a rectangle. */
static void
blit (const Live *live, const GeglRectangle *rect, GeglBuffer *result)
{
  const Babl *format = gegl_buffer_get_format (result);
  void *pixels
    = g_malloc_n ((gsize)rect->width * (gsize)rect->height, (gsize)babl_format_get_bytes_per_pixel (format));

  gegl_node_blit (live->operation, 1.0, rect, format, pixels, GEGL_AUTO_ROWSTRIDE, GEGL_BLIT_DEFAULT);
  gegl_buffer_set (result, rect, 0, format, pixels, GEGL_AUTO_ROWSTRIDE);
  g_free (pixels);
}

/* Asks for everything in rectangles of width x height, the last one first. */
static GeglBuffer *
render (const Live *live, GeglBuffer *picture, int width, int height)
{
  const GeglRectangle all = *gegl_buffer_get_extent (picture);
  GeglBuffer *result = gegl_buffer_new (&all, gegl_buffer_get_format (picture));

  for (int y = (all.height - 1) / height * height; y >= 0; y -= height)
    for (int x = (all.width - 1) / width * width; x >= 0; x -= width)
      {
        const GeglRectangle rect
          = { all.x + x, all.y + y, MIN (width, all.width - x), MIN (height, all.height - y) };

        blit (live, &rect, result);
      }
  return result;
}

static AeDenoiseParams
some_params (void)
{
  AeDenoiseParams params;

  ae_denoise_params_init (&params);
  params.noise_auto = FALSE;
  params.sigma = 20;
  return params;
}

static const struct
{
  const char *format, *space;
  gboolean detail;
} formats[] = {
  { "R'G'B' u8", NULL, FALSE },    { "R'G'B'A u8", NULL, FALSE },    { "R'G'B' u16", "Adobe", FALSE },
  { "R'G'B'A u16", NULL, TRUE },   { "RGBA float", "Apple", FALSE }, { "RaGaBaA float", NULL, FALSE },
  { "R'G'B'A half", NULL, FALSE }, { "Y' u8", NULL, TRUE },          { "Y'A u16", NULL, FALSE },
  { "Y float", NULL, FALSE },      { "RGB u8", NULL, FALSE },        { "R'aG'aB'aA u8", NULL, FALSE },
};

START_TEST (as_the_core)
{
  const GeglRectangle extent = { -13, 7, 300, 210 };
  AeDenoiseParams params = some_params ();
  GeglBuffer *picture, *expected, *result;
  Live live;

  live_gegl_init ();
  params.strength = 80;
  params.color_noise = 70;
  params.detail = formats[_i].detail ? 50 : 0;
  picture = live_picture (&extent, formats[_i].format, formats[_i].space, 3);
  expected = live_expected (picture, &params);
  ck_assert_msg (live_differences (picture, expected, &extent) > 10000, "the model does next to nothing");
  live_init (&live, picture);
  set_params (&live, &params);
  result = render (&live, picture, 1000, 1000);
  ck_assert_int_eq (live_differences (result, expected, &extent), 0);
  g_object_unref (result);
  g_object_unref (expected);
  g_object_unref (picture);
  live_clear (&live);
}
END_TEST

START_TEST (strength_0_changes_nothing)
{
  const GeglRectangle extent = { 5, -3, 130, 120 };
  AeDenoiseParams params = some_params ();
  GeglBuffer *picture, *result;
  Live live;

  live_gegl_init ();
  params.strength = 0;
  picture = live_picture (&extent, formats[_i].format, formats[_i].space, 3);
  live_init (&live, picture);
  set_params (&live, &params);
  result = render (&live, picture, 64, 50);
  ck_assert_int_eq (live_differences (result, picture, &extent), 0);
  g_object_unref (result);
  g_object_unref (picture);
  live_clear (&live);
}
END_TEST

/* 1301 x 604 is two cells wide and one high. */
static const struct
{
  int width, height;
  gboolean keep; /* let GEGL keep cells */
} cuts[] = {
  { 2000, 2000, TRUE },  { 128, 128, TRUE },  { 333, 71, TRUE },
  { 2000, 2000, FALSE }, { 256, 300, FALSE }, { 301, 97, FALSE },
};

START_TEST (any_cut_gives_the_same)
{
  const GeglRectangle extent = { -40, 11, 1301, 604 };
  AeDenoiseParams params = some_params ();
  GeglBuffer *picture, *expected, *result;
  Live live;

  live_gegl_init ();
  params.noise_auto = TRUE;
  params.detail = 40;
  picture = live_picture (&extent, _i % 2 ? "R'G'B'A u16" : "R'G'B' u16", NULL, 4);
  expected = live_expected (picture, &params);
  live_init (&live, picture);
  set_params (&live, &params);
  if (!cuts[_i].keep)
    g_object_set (live.operation, "dont-cache", TRUE, NULL);
  result = render (&live, picture, cuts[_i].width, cuts[_i].height);
  ck_assert_int_eq (live_differences (result, expected, &extent), 0);
  ck_assert_msg (cuts[_i].keep == (live.calls > 0), "%d calls", live.calls);
  g_object_unref (result);
  g_object_unref (expected);
  g_object_unref (picture);
  live_clear (&live);
}
END_TEST

/* On-canvas previews ask for small pieces. */
START_TEST (pieces_cost_little_more)
{
  static const struct
  {
    int width, height, piece;
    double limit; /* times one pass */
  } sizes[]
    = { { 1900, 1400, 128, 1.5 }, { 1301, 604, 256, 1.5 }, { 300, 2600, 64, 1.5 }, { 1900, 1400, 111, 1.7 } };
  const GeglRectangle extent = { 0, 0, sizes[_i].width, sizes[_i].height };
  AeDenoiseParams params = some_params ();
  gint64 one_pass, in_pieces;
  GeglBuffer *picture, *result;
  Live live;

  live_gegl_init ();
  picture = live_picture (&extent, "R'G'B' u8", NULL, 4);
  live_init (&live, picture);
  set_params (&live, &params);
  /* without its surroundings the comparison would be empty */
  ck_assert_int_ge (ae_graph_halo (ae_model_graph (live.model)), 64);
  count (NULL, &extent, &live);
  one_pass = live.asked;
  live.asked = live.calls = 0;

  result = render (&live, picture, sizes[_i].piece, sizes[_i].piece);
  in_pieces = live.asked;
  ck_assert_int_ge (live.calls, 1);
  ck_assert_msg (in_pieces <= sizes[_i].limit * (double)one_pass,
                 "%" G_GINT64_FORMAT " pixels in %d calls, %" G_GINT64_FORMAT " in one pass", in_pieces,
                 live.calls, one_pass);
  /* what is there is not computed again */
  g_object_unref (result);
  result = render (&live, picture, 100, 70);
  ck_assert_int_eq (live.asked, in_pieces);
  g_object_unref (result);
  g_object_unref (picture);
  live_clear (&live);
}
END_TEST

START_TEST (level_follows_the_picture)
{
  const GeglRectangle extent = { 0, 0, 200, 150 };
  AeDenoiseParams params = some_params ();
  GeglBuffer *picture, *calm, *expected, *result;
  double noisy_level, calm_level;
  Live live;

  live_gegl_init ();
  params.noise_auto = TRUE;
  picture = live_picture (&extent, "R'G'B' u8", NULL, 5);
  live_init (&live, picture);
  set_params (&live, &params);
  result = render (&live, picture, 50, 50);
  expected = live_expected (picture, &params);
  ck_assert_int_eq (live_differences (result, expected, &extent), 0);
  g_object_unref (result);
  g_object_unref (expected);

  /* a corner of the picture becomes flat: another level everywhere */
  ae_noise_estimate_buffer (picture, NULL, &noisy_level, NULL);
  {
    const GeglRectangle corner = { 0, 0, 180, 150 };
    GeglColor *gray = gegl_color_new ("gray");

    gegl_buffer_set_color (picture, &corner, gray);
    g_object_unref (gray);
  }
  ae_noise_estimate_buffer (picture, NULL, &calm_level, NULL);
  ck_assert_msg (fabs (noisy_level - calm_level) > 1, "levels %g and %g", noisy_level, calm_level);
  result = render (&live, picture, 50, 50);
  expected = live_expected (picture, &params);
  ck_assert_int_eq (live_differences (result, expected, &extent), 0);
  g_object_unref (result);
  g_object_unref (expected);

  /* another source of the same size */
  calm = live_picture (&extent, "R'G'B' u8", NULL, 6);
  gegl_node_set (live.source, "buffer", calm, NULL);
  result = render (&live, calm, 50, 50);
  expected = live_expected (calm, &params);
  ck_assert_int_eq (live_differences (result, expected, &extent), 0);
  g_object_unref (result);
  g_object_unref (expected);

  live.source = gegl_node_new_child (live.graph, "operation", "gegl:buffer-source", "buffer", picture, NULL);
  gegl_node_link (live.source, live.operation);
  result = render (&live, picture, 50, 50);
  expected = live_expected (picture, &params);
  ck_assert_int_eq (live_differences (result, expected, &extent), 0);
  g_object_unref (result);
  g_object_unref (expected);

  g_object_unref (calm);
  g_object_unref (picture);
  live_clear (&live);
}
END_TEST

START_TEST (changes_reach_as_far_as_the_network)
{
  const GeglRectangle extent = { 0, 0, 1100, 400 }, dot = { 535, 200, 8, 8 };
  AeDenoiseParams params = some_params ();
  GeglBuffer *picture, *expected, *result;
  GeglColor *red;
  Live live;

  live_gegl_init ();
  picture = live_picture (&extent, "R'G'B' u8", NULL, 7);
  live_init (&live, picture);
  set_params (&live, &params);
  result = render (&live, picture, 128, 128);
  g_object_unref (result);
  red = gegl_color_new ("red");
  gegl_buffer_set_color (picture, &dot, red);
  g_object_unref (red);
  result = render (&live, picture, 128, 128);
  expected = live_expected (picture, &params);
  ck_assert_int_eq (live_differences (result, expected, &extent), 0);
  g_object_unref (result);
  g_object_unref (expected);
  g_object_unref (picture);
  live_clear (&live);
}
END_TEST

/* Warnings of the operation. */
static int n_warnings;
static char last_warning[1000];

static void
take_warning (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  if (strstr (message, "autoencoder:denoise"))
    {
      n_warnings++;
      g_strlcpy (last_warning, message, sizeof last_warning);
    }
}

START_TEST (unknown_models_pass)
{
  const GeglRectangle extent = { 0, 0, 200, 150 };
  GeglBuffer *picture, *expected, *result;
  AeDenoiseParams params = some_params ();
  g_autofree char *long_name = g_strnfill (5000, 'x');
  Live live;

  live_gegl_init ();
  g_log_set_default_handler (take_warning, NULL);
  picture = live_picture (&extent, "R'G'B'A u8", NULL, 8);
  live_init (&live, picture);
  set_params (&live, &params);
  gegl_node_set (live.operation, "model", "no-such", NULL);
  result = render (&live, picture, 64, 64);
  ck_assert_int_eq (live_differences (result, picture, &extent), 0);
  ck_assert_int_eq (n_warnings, 1);
  ck_assert_ptr_nonnull (strstr (last_warning, "no-such"));
  ck_assert_ptr_nonnull (strstr (last_warning, "other")); /* those that there are */
  g_object_unref (result);

  gegl_node_set (live.operation, "model", "/no/such/file.safetensors", NULL);
  result = render (&live, picture, 64, 64);
  ck_assert_int_eq (live_differences (result, picture, &extent), 0);
  ck_assert_int_eq (n_warnings, 2);
  g_object_unref (result);

  gegl_node_set (live.operation, "model", long_name, NULL);
  result = render (&live, picture, 64, 64);
  ck_assert_int_eq (live_differences (result, picture, &extent), 0);
  ck_assert_int_eq (n_warnings, 3);
  g_object_unref (result);

  /* and back to one that works, by its name and by its path */
  expected = live_expected (picture, &params);
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *path = g_build_filename (g_get_user_data_dir (), "gimp-autoencoder", "models",
                                                "denoise-fast.safetensors", NULL);
      const char *const names[] = { "denoise-fast", path, "" };

      gegl_node_set (live.operation, "model", names[i], NULL);
      result = render (&live, picture, 64, 64);
      ck_assert_int_eq (live_differences (result, expected, &extent), 0);
      g_object_unref (result);
    }
  gegl_node_set (live.operation, "model", "other", NULL);
  result = render (&live, picture, 64, 64);
  ck_assert_int_gt (live_differences (result, expected, &extent), 1000);
  g_object_unref (result);
  ck_assert_int_eq (n_warnings, 3);
  g_object_unref (expected);
  g_object_unref (picture);
  live_clear (&live);
}
END_TEST

START_TEST (size_is_that_of_the_input)
{
  const GeglRectangle extent = { 17, -20, 1, 1 };
  GeglBuffer *picture, *result;
  GeglRectangle box;
  Live live;

  live_gegl_init ();
  picture = live_picture (&extent, "R'G'B' u8", NULL, 9);
  live_init (&live, picture);
  box = gegl_node_get_bounding_box (live.operation);
  ck_assert (gegl_rectangle_equal (&box, &extent));
  result = render (&live, picture, 10, 10); /* one pixel: nothing to estimate, nothing to crash on */
  g_object_unref (result);

  gegl_node_disconnect (live.operation, "input");
  box = gegl_node_get_bounding_box (live.operation);
  ck_assert (gegl_rectangle_is_empty (&box));
  result = render (&live, picture, 10, 10);
  g_object_unref (result);
  g_object_unref (picture);
  live_clear (&live);
}
END_TEST

/* A plane without end has no noise level and no grid. */
START_TEST (planes_without_end_pass)
{
  const GeglRectangle rect = { 1000, -500, 90, 80 };
  GeglColor *color;
  GeglNode *graph, *source, *operation;
  guint8 pixels[90 * 80 * 3];
  int wrong = 0;

  live_gegl_init ();
  color = gegl_color_new ("rgb(1.0, 0.0, 1.0)");
  graph = gegl_node_new ();
  source = gegl_node_new_child (graph, "operation", "gegl:color", "value", color, NULL);
  operation = gegl_node_new_child (graph, "operation", "autoencoder:denoise", NULL);
  gegl_node_link (source, operation);
  gegl_node_blit (operation, 1.0, &rect, babl_format ("R'G'B' u8"), pixels, GEGL_AUTO_ROWSTRIDE,
                  GEGL_BLIT_DEFAULT);
  for (int i = 0; i < 90 * 80 * 3; i++)
    wrong += pixels[i] != (i % 3 == 1 ? 0 : 255);
  ck_assert_int_eq (wrong, 0);
  g_object_unref (graph);
  g_object_unref (color);
}
END_TEST

/* What the core refuses is converted. */
START_TEST (other_models_of_color)
{
  static const char *const names[] = { "CIE Lab float", "cmykA float", "HSVA float" };
  const GeglRectangle extent = { 0, 0, 150, 90 };
  AeDenoiseParams params = some_params ();
  GeglBuffer *picture, *plain, *expected, *result;
  const Babl *work;
  Live live;

  live_gegl_init ();
  work = babl_format ("R'G'B'A float");
  picture = gegl_buffer_new (&extent, babl_format (names[_i]));
  plain = live_picture (&extent, "R'G'B'A float", NULL, 10);
  gegl_buffer_copy (plain, NULL, GEGL_ABYSS_NONE, picture, NULL);
  gegl_buffer_copy (picture, NULL, GEGL_ABYSS_NONE, plain, NULL);
  expected = live_expected (plain, &params);
  live_init (&live, picture);
  set_params (&live, &params);
  result = gegl_buffer_new (&extent, work);
  blit (&live, &extent, result);
  {
    const gsize n = (gsize)(extent.width * extent.height * 4);
    float *a = g_new (float, n), *b = g_new (float, n);
    double worst = 0;

    gegl_buffer_get (expected, NULL, 1.0, work, a, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    gegl_buffer_get (result, NULL, 1.0, work, b, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    for (gsize i = 0; i < n; i++)
      if (a[i / 4 * 4 + 3] > 0.01)
        worst = MAX (worst, fabs (a[i] - b[i]));
    ck_assert_msg (worst < 0.02, "values differ by %g", worst);
    g_free (a);
    g_free (b);
  }
  g_object_unref (result);
  g_object_unref (expected);
  g_object_unref (plain);
  g_object_unref (picture);
  live_clear (&live);
}
END_TEST

static gpointer
in_a_thread (gpointer data)
{
  GeglBuffer *picture = data;
  AeDenoiseParams params = some_params ();
  GeglBuffer *result;
  Live live;

  live_init (&live, picture);
  set_params (&live, &params);
  result = render (&live, picture, 128, 128);
  live_clear (&live);
  return result;
}

START_TEST (instances_do_not_disturb_each_other)
{
  const GeglRectangle extent = { 0, 0, 600, 300 };
  AeDenoiseParams params = some_params ();
  GeglBuffer *pictures[2];
  GThread *threads[2];

  live_gegl_init ();
  for (int i = 0; i < 2; i++)
    pictures[i] = live_picture (&extent, "R'G'B'A u16", NULL, 20 + (guint32)i);
  for (int i = 0; i < 2; i++)
    threads[i] = g_thread_new (NULL, in_a_thread, pictures[i]);
  for (int i = 0; i < 2; i++)
    {
      GeglBuffer *result = g_thread_join (threads[i]), *expected = live_expected (pictures[i], &params);

      ck_assert_int_eq (live_differences (result, expected, &extent), 0);
      g_object_unref (result);
      g_object_unref (expected);
    }
  for (int i = 0; i < 2; i++)
    g_object_unref (pictures[i]);
}
END_TEST

START_TEST (says_what_it_is)
{
  static const char *const keys[][2] = {
    { "gimp:menu-path", "<Image>/Filters/Enhance" },
    { "categories", "enhance:noise-reduction" },
    { "license", "GPL3+" },
  };
  static const struct
  {
    const char *name;
    double min, max;
  } ranges[] = { { "sigma", 0, AE_PARAMS_SIGMA_MAX },
                 { "strength", 0, 100 },
                 { "detail", 0, 100 },
                 { "color-noise", 0, 100 } };
  AeDenoiseParams defaults;
  gboolean noise_auto;
  double sigma, strength, detail, color_noise;
  g_autofree char *model = NULL;
  GeglNode *node;

  live_gegl_init ();
  ck_assert (gegl_has_operation ("autoencoder:denoise"));
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    ck_assert_str_eq (gegl_operation_get_key ("autoencoder:denoise", keys[i][0]), keys[i][1]);
  /* not to be mistaken for the plug-in beside it */
  ck_assert_str_ne (gegl_operation_get_key ("autoencoder:denoise", "gimp:menu-label"),
                    "Denoise (_Autoencoder)...");
  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      const GParamSpecDouble *spec = (const GParamSpecDouble *)(const void *)gegl_operation_find_property (
        "autoencoder:denoise", ranges[i].name);

      ck_assert_ptr_nonnull (spec);
      ck_assert_double_eq (spec->minimum, ranges[i].min);
      ck_assert_double_eq (spec->maximum, ranges[i].max);
    }

  ae_denoise_params_init (&defaults);
  node = gegl_node_new ();
  gegl_node_set (node, "operation", "autoencoder:denoise", NULL);
  gegl_node_get (node, "model", &model, "noise-auto", &noise_auto, "sigma", &sigma, "strength", &strength,
                 "detail", &detail, "color-noise", &color_noise, NULL);
  ck_assert_str_eq (model, defaults.model);
  ck_assert_int_eq (noise_auto, defaults.noise_auto);
  ck_assert_double_eq (sigma, defaults.sigma);
  ck_assert_double_eq (strength, defaults.strength);
  ck_assert_double_eq (detail, defaults.detail);
  ck_assert_double_eq (color_noise, defaults.color_noise);
  g_object_unref (node);
}
END_TEST

int
main (void)
{
  g_autofree char *folder = live_folder ();
  Suite *suite = suite_create ("operation");
  TCase *tcase = tcase_create ("gegl");
  SRunner *runner;
  int failed;

  tcase_set_timeout (tcase, 120);
  tcase_add_test (tcase, says_what_it_is);
  tcase_add_loop_test (tcase, as_the_core, 0, G_N_ELEMENTS (formats));
  tcase_add_loop_test (tcase, strength_0_changes_nothing, 0, G_N_ELEMENTS (formats));
  tcase_add_loop_test (tcase, any_cut_gives_the_same, 0, G_N_ELEMENTS (cuts));
  tcase_add_loop_test (tcase, pieces_cost_little_more, 0, 4);
  tcase_add_test (tcase, level_follows_the_picture);
  tcase_add_test (tcase, changes_reach_as_far_as_the_network);
  tcase_add_test (tcase, unknown_models_pass);
  tcase_add_test (tcase, size_is_that_of_the_input);
  tcase_add_test (tcase, planes_without_end_pass);
  tcase_add_loop_test (tcase, other_models_of_color, 0, 3);
  tcase_add_test (tcase, instances_do_not_disturb_each_other);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  live_remove (folder);
  return failed != 0;
}
