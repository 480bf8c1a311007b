/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-generate.c - drawing with generative models: values, samples, grids, pixels of buffers. */

#include <ae/error.h>
#include <ae/resize.h>
#include <check.h>
#include <gegl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "core/generate-buffer.h"
#include "core/generate-sketch.h"
#include "core/generate.h"

#include "codec-check.h"

/* Digits, so to say: gray, with classes, wider than high. */
#define GRAY                                                                                                 \
  "x = input channels=1 planes=y width=6 height=5\nl = input channels=3 planes=label\n"                      \
  "v = reshape x\nvl = concat v l\nm = dense vl out=2\ns = dense vl out=2\nz = sample m s\n"                 \
  "zl = concat z l\nw = dense zl out=30 act=sigmoid\ny = reshape w channels=1 width=6 height=5\noutput y\n"

#define COLOR                                                                                                \
  "x = input channels=3 planes=rgb width=4 height=4\nv = reshape x\nm = dense v out=3\n"                     \
  "s = dense v out=3\nz = sample m s\nw = dense z out=48 act=sigmoid\n"                                      \
  "y = reshape w channels=3 width=4 height=4\noutput y\n"

#define CLASSIFIER                                                                                           \
  "x = input channels=1 planes=y width=4 height=4\nv = reshape x\na = dense v out=2\nb = dense a out=3\n"    \
  "output b\n"

static AeGenerateParams
grid_params (int cell, double overlap, double variety)
{
  AeGenerateParams params;

  ae_generate_params_init (&params);
  params.fill = AE_GENERATE_GRID;
  params.cell = cell;
  params.overlap = overlap;
  params.variety = variety;
  params.seed = 5;
  return params;
}

static float *
draw (AeModel *model, const AeGenerateParams *params, int width, int height, double scale)
{
  GError *error = NULL;
  g_autoptr (AeGenerator) generator = ae_generator_new (model, params, width, height, scale, &error);
  float *planes;

  ck_assert_msg (generator != NULL, "%s", error ? error->message : "");
  planes = g_new (float, ae_generator_channels (generator) * width * height);
  ae_generator_draw (generator, &(AeRect){ 0, 0, width, height }, planes);
  return planes;
}

static gboolean
equal (const float *a, const float *b, gsize n)
{
  return memcmp (a, b, n * sizeof (float)) == 0;
}

START_TEST (values_are_checked)
{
  static const struct
  {
    int cell, seed, label;
    double overlap, variety, latent;
    const char *part; /* of the message; NULL: good */
  } cases[] = {
    { 128, 0, -1, 50, 50, 0, NULL },
    { AE_GENERATE_CELL_MIN, G_MAXINT, 9, 0, 100, -10, NULL },
    { 7, 0, -1, 50, 50, 0, "the cell size is 7, expected 8 to 1024" },
    { 1025, 0, -1, 50, 50, 0, "the cell size is 1025" },
    { 128, -1, -1, 50, 50, 0, "the seed is -1" },
    { 128, 0, -2, 50, 50, 0, "the class is -2" },
    { 128, 0, -1, 101, 50, 0, "the overlap is 101" },
    { 128, 0, -1, NAN, 50, 0, "the overlap is nan" },
    { 128, 0, -1, 50, -1, 0, "the variety is -1" },
    { 128, 0, -1, 50, 50, 10.5, "a latent value is 10.5, expected -10 to 10" },
    { 128, 0, -1, 50, 50, NAN, "a latent value is nan" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      AeGenerateParams params = grid_params (cases[i].cell, cases[i].overlap, cases[i].variety);

      params.seed = cases[i].seed;
      params.label = cases[i].label;
      params.n_latent = 1;
      params.latent[0] = cases[i].latent;
      ck_assert_msg (ae_generate_params_check (&params, &error) == (cases[i].part == NULL), "case %zu", i);
      if (cases[i].part)
        ck_assert_msg (strstr (error->message, cases[i].part) != NULL, "case %zu: %s", i, error->message);
    }
}
END_TEST

START_TEST (latent_numbers_as_text)
{
  AeGenerateParams params, before;
  g_autofree char *many = g_strnfill (2 * (AE_GENERATE_LATENT_MAX + 1), '1'), *text = NULL;

  ae_generate_params_init (&params);
  ck_assert (ae_generate_params_parse_latent (&params, " 0.5,-1.25  3e-1,", NULL));
  ck_assert_int_eq (params.n_latent, 3);
  ck_assert (params.latent[0] == 0.5 && params.latent[1] == -1.25 && params.latent[2] == 0.3);
  text = ae_generate_params_latent_text (&params);
  before = params;
  ck_assert (ae_generate_params_parse_latent (&params, text, NULL));
  ck_assert (memcmp (&params, &before, sizeof params) == 0);
  for (char *c = many; *c; c += 2)
    *c = ',';
  ck_assert (!ae_generate_params_parse_latent (&params, many, NULL));
  ck_assert (!ae_generate_params_parse_latent (&params, "1,x", NULL));
  ck_assert (!ae_generate_params_parse_latent (&params, "11", NULL));
  ck_assert (memcmp (&params, &before, sizeof params) == 0);
  ck_assert (ae_generate_params_parse_latent (&params, "", NULL));
  ck_assert_int_eq (params.n_latent, 0);
}
END_TEST

START_TEST (values_in_files)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  AeGenerateParams params = grid_params (77, 12.5, 80), read;

  params.label = 4;
  params.n_latent = 2;
  params.latent[1] = -2.125;
  ck_assert (ae_params_set_model (params.model, "some", NULL));
  ae_generate_params_init (&read);
  ae_generate_params_write (&params, file, "generate");
  ae_generate_params_read (&read, file, "generate");
  ck_assert (memcmp (&params, &read, sizeof params) == 0);
  ae_generate_params_read (&read, file, "nothing");
  ck_assert (memcmp (&params, &read, sizeof params) == 0);
}
END_TEST

START_TEST (seed_says_all)
{
  g_autoptr (AeModel) model = make_model (GRAY, 1);

  for (int fill = 0; fill < AE_N_GENERATE_FILLS; fill++)
    {
      AeGenerateParams params = grid_params (16, 50, 50);
      g_autofree float *one = NULL, *again = NULL, *other = NULL;

      params.fill = (AeGenerateFill)fill;
      one = draw (model, &params, 40, 30, 1);
      again = draw (model, &params, 40, 30, 1);
      params.seed++;
      other = draw (model, &params, 40, 30, 1);
      ck_assert (equal (one, again, 40 * 30));
      ck_assert (!equal (one, other, 40 * 30));
    }
}
END_TEST

/* Those that are given are taken, and change no other. */
START_TEST (latent_numbers_are_taken)
{
  g_autoptr (AeModel) model = make_model (COLOR, 1);
  g_autoptr (AeCodec) codec = ae_codec_new (model, NULL);
  AeGenerateParams params;
  float drawn[3], given[3];

  ae_generate_params_init (&params);
  ae_generate_latent (codec, &params, drawn);
  params.n_latent = 2;
  params.latent[0] = 1.5;
  params.latent[1] = -0.5;
  ae_generate_latent (codec, &params, given);
  ck_assert (given[0] == 1.5f && given[1] == -0.5f && given[2] == drawn[2]);
  ck_assert (drawn[0] != drawn[1] && drawn[1] != drawn[2]);
}
END_TEST

/* Over many cells: mean 0, deviation 1. */
START_TEST (draws_are_normal)
{
  g_autoptr (AeModel) model = make_model (COLOR, 1);
  g_autoptr (AeCodec) codec = ae_codec_new (model, NULL);
  AeGenerateParams params;
  double sum = 0, squares = 0;
  const int n = 4000;

  ae_generate_params_init (&params);
  for (params.seed = 0; params.seed < n; params.seed++)
    {
      float drawn[3];

      ae_generate_latent (codec, &params, drawn);
      for (int i = 0; i < 3; i++)
        {
          sum += (double)drawn[i];
          squares += (double)drawn[i] * (double)drawn[i];
        }
    }
  ck_assert (fabs (sum / (3 * n)) < 4 / sqrt (3 * n));
  ck_assert (fabs (squares / (3 * n) - 1) < 4 * sqrt (2.0 / (3 * n)));
}
END_TEST

typedef struct
{
  AeModel *model;
  const AeGenerateParams *params;
  AeRect part;
  float *planes;
} Job;

static gpointer
draw_part (gpointer data)
{
  Job *job = data;
  g_autoptr (AeGenerator) generator = ae_generator_new (job->model, job->params, 67, 45, 1, NULL);

  ae_generator_draw (generator, &job->part, job->planes);
  return NULL;
}

/* In parts, in threads of their own: the bits of the whole. */
START_TEST (parts_are_the_whole)
{
  static const AeRect parts[]
    = { { 0, 0, 67, 20 }, { 0, 20, 30, 25 }, { 30, 20, 37, 24 }, { 30, 44, 37, 1 }, { 13, 7, 1, 1 } };
  g_autoptr (AeModel) model = make_model (COLOR, 1);

  for (int fill = 0; fill < AE_N_GENERATE_FILLS; fill++)
    {
      AeGenerateParams params = grid_params (16, 70, 90);
      g_autofree float *whole = NULL;
      Job jobs[G_N_ELEMENTS (parts)];
      GThread *threads[G_N_ELEMENTS (parts)];

      params.fill = (AeGenerateFill)fill;
      whole = draw (model, &params, 67, 45, 1);
      for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
        {
          jobs[i] = (Job){ model, &params, parts[i], g_new (float, 3 * parts[i].width * parts[i].height) };
          threads[i] = g_thread_new ("draw", draw_part, &jobs[i]);
        }
      for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
        {
          const AeRect *part = &parts[i];
          const float *row = jobs[i].planes;

          g_thread_join (threads[i]);
          for (int c = 0; c < 3; c++)
            for (int y = 0; y < part->height; y++, row += part->width)
              ck_assert (equal (row, whole + (c * 45 + part->y + y) * 67 + part->x, (gsize)part->width));
          g_free (jobs[i].planes);
        }
    }
}
END_TEST

/* All cells' shares of a pixel are 1, whatever size and overlap are. */
START_TEST (shares_are_one)
{
  g_autoptr (AeModel) model = make_model (GRAY, 0); /* 1/2 everywhere */

  for (int cell = 8; cell < 20; cell += 3)
    for (int overlap = 0; overlap <= 100; overlap += 25)
      for (double scale = 1; scale > 0.3; scale -= 0.21)
        {
          AeGenerateParams params = grid_params (cell, overlap, 100);
          g_autofree float *planes = draw (model, &params, 50, 41, scale);

          for (int i = 0; i < 50 * 41; i++)
            ck_assert_msg (fabsf (planes[i] - 0.5f) < 1e-6f, "cell %d, overlap %d: %g at %d, %d", cell,
                           overlap, (double)planes[i], i % 50, i / 50);
        }
}
END_TEST

static float
largest_step (const float *plane, int width, int height)
{
  float largest = 0;

  for (int y = 0; y < height; y++)
    for (int x = 1; x < width; x++)
      largest = MAX (largest, fabsf (plane[y * width + x] - plane[y * width + x - 1]));
  return largest;
}

START_TEST (no_seams)
{
  g_autoptr (AeModel) model = make_model (GRAY, 1);
  AeGenerateParams hard = grid_params (64, 0, 100), soft = grid_params (64, 75, 100);
  g_autofree float *edges = draw (model, &hard, 256, 200, 1), *smooth = draw (model, &soft, 256, 200, 1);

  ck_assert_float_gt (largest_step (edges, 256, 200), 0.2f);
  ck_assert_float_lt (largest_step (smooth, 256, 200), 0.08f);
}
END_TEST

START_TEST (no_variety_repeats)
{
  g_autoptr (AeModel) model = make_model (GRAY, 1);
  AeGenerateParams same = grid_params (12, 50, 0);
  g_autofree float *planes = NULL;

  same.label = 1; /* else each cell has its own */
  planes = draw (model, &same, 48, 40, 1);
  for (int y = 0; y < 40; y++)
    for (int x = 12; x < 48; x++)
      ck_assert (fabsf (planes[y * 48 + x] - planes[y * 48 + x - 12]) < 1e-6f);
  /* and so do rows of cells, 12 * 5 / 6 pixels high */
  for (int y = 10; y < 40; y++)
    for (int x = 0; x < 48; x++)
      ck_assert (fabsf (planes[y * 48 + x] - planes[(y - 10) * 48 + x]) < 1e-6f);
}
END_TEST

/* What the preview shows is what is drawn. */
START_TEST (smaller_is_the_same)
{
  g_autoptr (AeModel) model = make_model (COLOR, 1);
  AeGenerateParams params = grid_params (60, 50, 80);
  g_autofree float *large = draw (model, &params, 300, 240, 1),
                   *small = draw (model, &params, 100, 80, 1 / 3.0);
  g_autofree float *shrunk = g_new (float, 3 * 100 * 80);
  double sum = 0;

  ae_resize_bicubic (large, 3, 300, 240, shrunk, 100, 80);
  for (int i = 0; i < 3 * 100 * 80; i++)
    sum += fabs ((double)small[i] - (double)shrunk[i]);
  ck_assert_double_lt (sum / (3 * 100 * 80), 0.01);
}
END_TEST

/* The definition, where nothing is scaled: the codec's result. */
START_TEST (sample_is_the_codecs)
{
  g_autoptr (AeModel) model = make_model (GRAY, 1);
  g_autoptr (AeCodec) codec = ae_codec_new (model, NULL);
  AeGenerateParams params;
  g_autofree float *planes = NULL, *any = NULL;
  float latent[2], expected[30];
  gboolean found = FALSE;

  ae_generate_params_init (&params);
  params.label = 2;
  planes = draw (model, &params, 6, 5, 1);
  ae_generate_latent (codec, &params, latent);
  ae_codec_decode (codec, latent, 2, expected);
  for (int i = 0; i < 30; i++)
    ck_assert (fabsf (planes[i] - expected[i]) < 1e-6f);
  /* any class is one of them */
  params.label = AE_GENERATE_ANY_CLASS;
  any = draw (model, &params, 6, 5, 1);
  for (int label = 0; label < 3; label++)
    {
      ae_codec_decode (codec, latent, label, expected);
      found |= fabsf (any[7] - expected[7]) < 1e-6f;
    }
  ck_assert (found);
}
END_TEST

START_TEST (any_size)
{
  static const int sizes[][2] = { { 1, 1 }, { 1, 300 }, { 300, 1 }, { 2, 3 }, { 129, 64 } };
  g_autoptr (AeModel) model = make_model (COLOR, 1);

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (int fill = 0; fill < AE_N_GENERATE_FILLS; fill++)
      {
        AeGenerateParams params = grid_params (32, 50, 50);
        g_autofree float *planes = NULL;

        params.fill = (AeGenerateFill)fill;
        planes = draw (model, &params, sizes[i][0], sizes[i][1], 1);
        for (int k = 0; k < 3 * sizes[i][0] * sizes[i][1]; k++)
          ck_assert (planes[k] >= 0 && planes[k] <= 1);
      }
}
END_TEST

static void
refused (const char *graph, const AeGenerateParams *params, int code, const char *part)
{
  g_autoptr (AeModel) model = make_model (graph, 1);
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (ae_generator_new (model, params, 10, 10, 1, &error));
  ck_assert_msg (g_error_matches (error, AE_ERROR, code) && strstr (error->message, part), "%s",
                 error->message);
}

START_TEST (refusals)
{
  AeGenerateParams params = grid_params (16, 50, 50);

  params.label = 3;
  refused (GRAY, &params, AE_ERROR_ARGUMENT, "the class is 3, the model has 0 to 2");
  params.label = 0;
  refused (COLOR, &params, AE_ERROR_ARGUMENT, "the class is 0, but the model has no classes");
  params.label = AE_GENERATE_ANY_CLASS;
  params.n_latent = 4;
  refused (COLOR, &params, AE_ERROR_ARGUMENT, "4 latent values are given, the model has 3");
  params.n_latent = 0;
  refused (CLASSIFIER, &params, AE_ERROR_UNSUPPORTED, "not a picture");
  refused ("x = input channels=3 planes=rgb\ny = conv x out=3 kernel=3\noutput y\n", &params,
           AE_ERROR_UNSUPPORTED, "any size");
  refused ("x = input channels=1 planes=y width=4 height=4\ny = conv x out=1 kernel=3\noutput y\n", &params,
           AE_ERROR_UNSUPPORTED, "no latent representation");
  params.cell = 1;
  refused (COLOR, &params, AE_ERROR_ARGUMENT, "the cell size is 1");
}
END_TEST

static void
fill_buffer (const char *graph, const char *format, float *pixels, int components)
{
  g_autoptr (AeModel) model = make_model (graph, 1);
  AeGenerateParams params = grid_params (16, 50, 50);
  g_autoptr (AeGenerator) generator = ae_generator_new (model, &params, 20, 10, 1, NULL);
  g_autoptr (GeglBuffer) buffer = gegl_buffer_new (GEGL_RECTANGLE (0, 0, 40, 30), babl_format (format));
  g_autoptr (GError) error = NULL;
  float corner[4] = { 0 };

  ck_assert_msg (ae_generate_buffer (generator, GEGL_RECTANGLE (7, 9, 20, 10), buffer, NULL, NULL, &error),
                 "%s", error ? error->message : "");
  gegl_buffer_get (buffer, GEGL_RECTANGLE (7, 9, 20, 10), 1,
                   babl_format (components == 2 ? "Y'A float" : "R'G'B'A float"), pixels, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  /* nothing beside it: what was never written is 0 */
  for (int i = 0; i < 4; i++)
    {
      const int places[4][2] = { { 6, 9 }, { 27, 9 }, { 7, 8 }, { 7, 19 } };

      gegl_buffer_get (buffer, GEGL_RECTANGLE (places[i][0], places[i][1], 1, 1), 1,
                       babl_format ("R'G'B'A float"), corner, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      ck_assert_msg (corner[0] <= 0 && corner[1] <= 0, "%s: written beside the region", format);
    }
}

START_TEST (buffers)
{
  static const struct
  {
    const char *format;
    float step;
  } formats[] = { { "R'G'B'A u8", 1 / 255.0f }, { "R'G'B' u16", 1 / 65535.0f }, { "RGBA float", 1e-4f },
                  { "Y'A u8", 1 / 255.0f },     { "Y' u16", 1 / 65535.0f },     { "Y half", 2e-3f } };

  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    for (int color = 0; color < 2; color++)
      {
        const gboolean gray = formats[f].format[0] == 'Y';
        const int components = gray ? 2 : 4;
        const char *graph = color ? COLOR : GRAY;
        g_autoptr (AeModel) model = make_model (graph, 1);
        AeGenerateParams params = grid_params (16, 50, 50);
        g_autofree float *planes = draw (model, &params, 20, 10, 1);
        float pixels[200 * 4];

        fill_buffer (graph, formats[f].format, pixels, components);
        for (int i = 0; i < 200; i++)
          {
            const float *p = pixels + i * components;
            const float luma = color
                                 ? 0.2126f * planes[i] + 0.7152f * planes[200 + i] + 0.0722f * planes[400 + i]
                                 : planes[i];

            ck_assert_msg (fabsf (p[components - 1] - 1) < 1e-6f, "%s: not opaque", formats[f].format);
            for (int c = 0; c < components - 1; c++)
              {
                const float expected = gray ? luma : planes[(color ? c : 0) * 200 + i];

                ck_assert_msg (fabsf (p[c] - expected) <= formats[f].step, "%s, pixel %d: %g instead of %g",
                               formats[f].format, i, (double)p[c], (double)expected);
              }
          }
      }
}
END_TEST

static gboolean
stop (double fraction, gpointer data)
{
  return ++*(int *)data < 3;
}

START_TEST (sketches)
{
  static const struct
  {
    AeGenerateFill fill;
    int width, height, cell, to_width, to_height;
  } cases[] = {
    { AE_GENERATE_SAMPLE, 4000, 1000, 64, 100, 25 },
    { AE_GENERATE_SAMPLE, 40, 30, 64, 40, 30 },
    { AE_GENERATE_SAMPLE, 10000, 1, 64, 100, 1 },
    { AE_GENERATE_GRID, 400, 200, 64, 100, 50 },
    /* cells of 8 pixels: a part */
    { AE_GENERATE_GRID, 4000, 400, 64, 100, 50 },
    { AE_GENERATE_GRID, 4000, 4000, 8, 100, 100 },
  };
  g_autoptr (AeModel) model = make_model (COLOR, 1);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (int gray = 0; gray < 2; gray++)
      {
        AeGenerateParams params = grid_params (cases[i].cell, 50, 50);
        g_autoptr (AeGenerateSketch) sketch = NULL;

        params.fill = cases[i].fill;
        sketch = ae_generate_sketch_new (model, &params, cases[i].width, cases[i].height, 100, gray, NULL,
                                         NULL, NULL);
        ck_assert_ptr_nonnull (sketch);
        ck_assert_int_eq (sketch->width, cases[i].to_width);
        ck_assert_int_eq (sketch->height, cases[i].to_height);
        for (int k = 0; gray && k < sketch->width * sketch->height; k++)
          ck_assert_uint_eq (sketch->argb[k], 0xff000000u | (sketch->argb[k] & 255) * 0x10101u);
      }
}
END_TEST

/* Where nothing is smaller: the pixels themselves. */
START_TEST (sketch_is_the_drawing)
{
  g_autoptr (AeModel) model = make_model (COLOR, 1);
  AeGenerateParams params = grid_params (16, 50, 50);
  g_autofree float *planes = draw (model, &params, 50, 70, 1);
  g_autoptr (AeGenerateSketch) sketch
    = ae_generate_sketch_new (model, &params, 50, 70, 100, FALSE, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  int calls = 1;

  for (int i = 0; i < 50 * 70; i++)
    for (int c = 0; c < 3; c++)
      ck_assert_int_eq ((int)(sketch->argb[i] >> (16 - 8 * c) & 255),
                        (int)lrintf (planes[c * 50 * 70 + i] * 255));
  ck_assert_ptr_null (ae_generate_sketch_new (model, &params, 50, 70, 100, FALSE, stop, &calls, &error));
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_CANCELLED));
}
END_TEST

START_TEST (buffer_errors)
{
  g_autoptr (AeModel) model = make_model (COLOR, 1);
  AeGenerateParams params = grid_params (256, 50, 50);
  g_autoptr (AeGenerator) generator = ae_generator_new (model, &params, 10, 2000, 1, NULL);
  g_autoptr (GeglBuffer) cie
    = gegl_buffer_new (GEGL_RECTANGLE (0, 0, 10, 2000), babl_format ("CIE Lab float"));
  g_autoptr (GeglBuffer) rgb = gegl_buffer_new (GEGL_RECTANGLE (0, 0, 10, 2000), babl_format ("R'G'B' u8"));
  g_autoptr (GError) error = NULL;
  int calls = 0;

  ck_assert (!ae_generate_buffer (generator, gegl_buffer_get_extent (cie), cie, NULL, NULL, &error));
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_UNSUPPORTED));
  g_clear_error (&error);
  ck_assert (!ae_generate_buffer (generator, gegl_buffer_get_extent (rgb), rgb, stop, &calls, &error));
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_CANCELLED));
  ck_assert_int_eq (calls, 3);
  g_clear_error (&error);
  ck_assert (ae_params_set_model (params.model, "/nowhere/at-all.safetensors", NULL));
  ck_assert (!ae_generate_fill (&params, gegl_buffer_get_extent (rgb), rgb, NULL, NULL, &error));
  ck_assert_msg (strstr (error->message, "/nowhere/at-all.safetensors") != NULL, "%s", error->message);
}
END_TEST

int
main (int argc, char **argv)
{
  Suite *suite = suite_create ("generate");
  TCase *tests = tcase_create ("generate");
  SRunner *runner;
  int failed;

  gegl_init (&argc, &argv);
  tcase_set_timeout (tests, 120);
  tcase_add_test (tests, values_are_checked);
  tcase_add_test (tests, latent_numbers_as_text);
  tcase_add_test (tests, values_in_files);
  tcase_add_test (tests, seed_says_all);
  tcase_add_test (tests, latent_numbers_are_taken);
  tcase_add_test (tests, draws_are_normal);
  tcase_add_test (tests, parts_are_the_whole);
  tcase_add_test (tests, shares_are_one);
  tcase_add_test (tests, no_seams);
  tcase_add_test (tests, no_variety_repeats);
  tcase_add_test (tests, smaller_is_the_same);
  tcase_add_test (tests, sample_is_the_codecs);
  tcase_add_test (tests, any_size);
  tcase_add_test (tests, refusals);
  tcase_add_test (tests, buffers);
  tcase_add_test (tests, buffer_errors);
  tcase_add_test (tests, sketches);
  tcase_add_test (tests, sketch_is_the_drawing);
  suite_add_tcase (suite, tests);
  runner = srunner_create (suite);
  srunner_set_tap (runner, "-");
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed > 0;
}
