/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-upscale.c - enlarges buffers of all formats to all sizes, and finds the weights for it. */

#include <check.h>
#include <gegl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <ae/error.h>
#include "core/upscale-part.h"
#include "core/upscale.h"

#define WIDTH 23
#define HEIGHT 17
#define X0 (-5)
#define Y0 9

/* Each pixel becomes a square. */
#define NEAREST(factor) "x = input channels=3 planes=rgb\nu = up x factor=" factor "\noutput u\n"
/* A small one of the kind that is trained, and one whose result depends on the alignment. */
#define RESIDUAL(factor, out)                                                                                \
  "picture = input channels=3 planes=rgb\nhead = conv picture out=8 kernel=3 act=prelu\n"                    \
  "body = conv head out=8 kernel=3\nskip = add body head\ntail = conv skip out=" out " kernel=3\n"           \
  "detail = pixel_shuffle tail factor=" factor "\nlarge = bicubic picture factor=" factor "\n"               \
  "result = add detail large\noutput result\n"
#define LEVELS                                                                                               \
  "picture = input channels=3 planes=rgb\nhead = conv picture out=8 kernel=3\n"                              \
  "deep = conv head out=8 kernel=2 stride=2 act=relu\ngrow = conv_transpose deep out=8\n"                    \
  "skip = add grow head\ntail = conv skip out=12 kernel=3\ndetail = pixel_shuffle tail factor=2\n"           \
  "large = bicubic picture factor=2\nresult = add detail large\noutput result\n"

static AeModel *
make_model (const char *text, float gain)
{
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  g_autoptr (AeGraph) graph = ae_graph_parse (text, "test", &error);
  g_autofree float *params = NULL;
  gsize n = 0;

  ck_assert_msg (graph != NULL, "%s", error ? error->message : "");
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    n += ae_graph_param (graph, i)->count;
  params = g_new (float, n + 1);
  for (gsize i = 0; i < n; i++)
    params[i] = gain * (float)((i * 7919 % 101) - 50.0) / 50;
  g_hash_table_insert (meta, (gpointer) "ae.task", (gpointer) "upscale");
  return ae_model_new (graph, params, meta);
}

static AeSession *
make_session_with (const char *text, const AeSessionOptions *options)
{
  g_autoptr (AeModel) model = make_model (text, 0.2f);
  g_autoptr (GError) error = NULL;
  AeSession *session = ae_session_new (model, options, &error);

  ck_assert_msg (session != NULL, "%s", error ? error->message : "");
  return session;
}

static AeSession *
make_session (const char *text)
{
  const AeSessionOptions options = { .threads = 2 };

  return make_session_with (text, &options);
}

static float
random_value (guint32 *state)
{
  *state = *state * 1664525u + 1013904223u;
  return (float)(*state >> 8) / (float)(1 << 24);
}

/* Noise; a third of it is transparent, a third half transparent. */
static GeglBuffer *
make_picture (const Babl *format, float brightest)
{
  GeglBuffer *buffer = gegl_buffer_new (GEGL_RECTANGLE (X0, Y0, WIDTH, HEIGHT), format);
  const gboolean gray = (babl_get_model_flags (format) & BABL_MODEL_FLAG_GRAY) != 0;
  const int channels = gray ? 2 : 4;
  float pixels[WIDTH * HEIGHT * 4];
  g_autofree guint8 *own = g_malloc (WIDTH * HEIGHT * 32);
  guint32 state = 1;

  for (int i = 0; i < WIDTH * HEIGHT; i++)
    {
      for (int c = 0; c < channels - 1; c++)
        pixels[i * channels + c] = brightest * random_value (&state);
      pixels[i * channels + channels - 1] = i % WIDTH < WIDTH / 3 ? 0 : i % WIDTH < WIDTH / 2 ? 0.5f : 1;
    }
  babl_process (babl_fish (babl_format (gray ? "Y'A float" : "R'G'B'A float"),
                           babl_format (babl_format_get_encoding (format))),
                pixels, own, WIDTH * HEIGHT);
  gegl_buffer_set (buffer, NULL, 0, format, own, GEGL_AUTO_ROWSTRIDE);
  return buffer;
}

static float *
floats_of (GeglBuffer *buffer, const GeglRectangle *rect, const char *format)
{
  const Babl *babl = babl_format (format);
  float *pixels
    = g_malloc ((gsize)rect->width * (gsize)rect->height * (gsize)babl_format_get_bytes_per_pixel (babl));

  gegl_buffer_get (buffer, rect, 1.0, babl, pixels, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  return pixels;
}

static GeglBuffer *
enlarge (AeSession *session, GeglBuffer *src, gboolean wrap, int width, int height, const Babl *format,
         const GeglRectangle *part)
{
  g_autoptr (GError) error = NULL;
  GeglBuffer *dst = gegl_buffer_new (part ? part : GEGL_RECTANGLE (0, 0, width, height), format);

  ck_assert_msg (ae_upscale_buffer (session, src, wrap, width, height, dst, NULL, NULL, &error), "%s",
                 error ? error->message : "");
  return dst;
}

static gboolean
same (GeglBuffer *a, GeglBuffer *b, const GeglRectangle *rect)
{
  const Babl *format = gegl_buffer_get_format (a);
  const gsize bytes
    = (gsize)rect->width * (gsize)rect->height * (gsize)babl_format_get_bytes_per_pixel (format);
  g_autofree guint8 *pa = g_malloc (bytes), *pb = g_malloc (bytes);

  gegl_buffer_get (a, rect, 1.0, format, pa, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  gegl_buffer_get (b, rect, 1.0, format, pb, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  return memcmp (pa, pb, bytes) == 0;
}

static const char *const models[]
  = { "R'G'B'", "R'G'B'A", "R'aG'aB'aA", "RGB", "RGBA", "RaGaBaA", "Y'", "Y'A", "Y", "YA" };
static const char *const types[] = { "u8", "u16", "u32", "half", "float", "double" };

/* With a network that repeats each pixel, visible pixels are repeated; in every format. */
static void
check_format (AeSession *session, const char *model, const char *type)
{
  g_autofree char *name = g_strdup_printf ("%s %s", model, type);
  const Babl *format = babl_format (name);
  const gboolean alpha = babl_format_has_alpha (format) != 0;
  const GeglRectangle large = { 0, 0, 2 * WIDTH, 2 * HEIGHT }, small = { X0, Y0, WIDTH, HEIGHT };
  g_autoptr (GeglBuffer) src = make_picture (format, 1);
  g_autoptr (GeglBuffer) dst = enlarge (session, src, FALSE, large.width, large.height, format, NULL);
  g_autofree float *from = floats_of (src, &small, "R'G'B'A float");
  g_autofree float *to = floats_of (dst, &large, "R'G'B'A float");
  const float step = strcmp (type, "u8") == 0 ? 1 / 255.f : strcmp (type, "half") == 0 ? 1 / 1024.f : 1e-4f;

  ck_assert_ptr_eq (gegl_buffer_get_format (dst), format);
  for (int y = 0; y < large.height; y++)
    for (int x = 0; x < large.width; x++)
      {
        const float *a = from + (y / 2 * WIDTH + x / 2) * 4, *b = to + (y * large.width + x) * 4;

        gboolean near = TRUE;

        /* alpha has no steps where it was flat */
        if (!alpha || x < 2 * (WIDTH / 3 - 2) || x >= 2 * (WIDTH / 2 + 2))
          near = fabsf (a[3] - b[3]) < 1e-6f;
        for (int c = 0; c < 3 && a[3] > 0.4f && b[3] > 0.4f; c++)
          /* a linear 8-bit step, or that of a half-transparent pixel, is many gamma-encoded ones */
          near &= fabsf (a[c] - b[c]) <= step * 3
                  || (fabsf (a[c] * a[c] - b[c] * b[c]) <= 4 * step && model[1] != '\'');
        ck_assert_msg (near, "%s at %d,%d: %g %g %g %g and %g %g %g %g", name, x, y, (double)a[0],
                       (double)a[1], (double)a[2], (double)a[3], (double)b[0], (double)b[1], (double)b[2],
                       (double)b[3]);
      }
}

START_TEST (formats)
{
  g_autoptr (AeSession) session = make_session (NEAREST ("2"));

  for (gsize m = 0; m < G_N_ELEMENTS (models); m++)
    for (gsize t = 0; t < G_N_ELEMENTS (types); t++)
      check_format (session, models[m], types[t]);
}
END_TEST

static const struct
{
  const char *graph;
  int width, height;
  gboolean wrap;
} runs[] = {
  { RESIDUAL ("2", "12"), 2 * WIDTH, 2 * HEIGHT, FALSE }, /* as the network gives it */
  { RESIDUAL ("2", "12"), 2 * WIDTH, 2 * HEIGHT, TRUE },
  { RESIDUAL ("3", "27"), 61, 47, FALSE }, /* and made smaller */
  { RESIDUAL ("3", "27"), 61, 47, TRUE },
  { RESIDUAL ("4", "48"), WIDTH + 1, 4 * HEIGHT, FALSE },
  { RESIDUAL ("4", "48"), 9, 4 * HEIGHT - 1, TRUE }, /* narrower than before */
  { LEVELS, 2 * WIDTH, 2 * HEIGHT, TRUE },
  { LEVELS, 2 * WIDTH - 1, 2 * HEIGHT, FALSE },
};

/* Tiles, threads and parts make no difference to a bit, also where values exceed 1. */
static void
tiles_and_parts_case (gsize n)
{
  const int width = runs[n].width, height = runs[n].height;
  const gboolean wrap = runs[n].wrap;
  const Babl *format = babl_format ("R'G'B'A float");
  const AeSessionOptions small = { .threads = 1, .tile = 24 };
  const GeglRectangle whole = { 0, 0, width, height };
  const GeglRectangle parts[] = { { 3, 5, width / 2, 11 }, { width - 6, height - 9, 6, 9 }, { 4, 0, 1, 1 } };
  g_autoptr (AeSession) session = make_session (runs[n].graph);
  g_autoptr (AeSession) tiles = make_session_with (runs[n].graph, &small);
  g_autoptr (GeglBuffer) src = make_picture (format, 1.5f);
  g_autoptr (GeglBuffer) a = enlarge (session, src, wrap, width, height, format, NULL);
  g_autoptr (GeglBuffer) b = enlarge (tiles, src, wrap, width, height, format, NULL);

  ck_assert_msg (same (a, b, &whole), "case %d", (int)n);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GeglBuffer) part = enlarge (session, src, wrap, width, height, format, &parts[i]);

      g_autoptr (AeUpscalePart) taken
        = ae_upscale_part_new (ae_session_model (session), src, wrap, width, height, &parts[i]);
      g_autoptr (GeglBuffer) preview = ae_upscale_part_run (taken, session, NULL, NULL, NULL);

      ck_assert_msg (same (a, part, &parts[i]), "part %d", (int)i);
      ck_assert_msg (same (a, preview, &parts[i]), "part %d, of a copy", (int)i);
      ck_assert (gegl_rectangle_equal (gegl_buffer_get_extent (preview), &parts[i]));
    }
}

static gboolean
watch (double fraction, gpointer data)
{
  double *last = data;

  ck_assert_double_ge (fraction, *last);
  *last = fraction;
  return TRUE;
}

/* As little memory as can be: a result that is made smaller consists of several pieces. */
START_TEST (pieces)
{
  const Babl *format = babl_format ("R'G'B' float");
  const AeSessionOptions little = { .threads = 1, .max_memory = 1 << 18 };

  for (int wrap = 0; wrap < 2; wrap++)
    {
      const GeglRectangle whole = { 0, 0, 201, 131 };
      g_autoptr (AeSession) session = make_session (RESIDUAL ("3", "27"));
      g_autoptr (AeSession) narrow = make_session_with (RESIDUAL ("3", "27"), &little);
      g_autoptr (GeglBuffer) small = make_picture (format, 1.5f);
      g_autoptr (GeglBuffer) src
        = enlarge (session, small, TRUE, 3 * WIDTH, 3 * HEIGHT, format, NULL); /* a larger picture */
      g_autoptr (GeglBuffer) a = enlarge (session, src, wrap, whole.width, whole.height, format, NULL);
      g_autoptr (GeglBuffer) b = gegl_buffer_new (&whole, format);
      g_autoptr (GError) error = NULL;
      double last = 0;

      ck_assert_msg (
        ae_upscale_buffer (narrow, src, wrap, whole.width, whole.height, b, watch, &last, &error), "%s",
        error ? error->message : "");
      ck_assert_double_eq (last, 1);
      ck_assert (same (a, b, &whole));
    }
}
END_TEST

START_TEST (tiles_and_parts)
{
  for (gsize i = 0; i < G_N_ELEMENTS (runs); i++)
    tiles_and_parts_case (i);
}
END_TEST

/* For comparison: a ramp is a ramp, twice as long. */
START_TEST (as_gimp_does)
{
  const GeglRectangle area = { 20, 4, 30, 3 };
  const Babl *format = babl_format ("RGBA float");
  g_autoptr (GeglBuffer) src = gegl_buffer_new (GEGL_RECTANGLE (X0, Y0, 40, 10), format);
  g_autoptr (GeglBuffer) large = NULL;
  float ramp[40 * 10 * 4];
  g_autofree float *pixels = NULL;

  for (int i = 0; i < 40 * 10; i++)
    for (int c = 0; c < 4; c++)
      ramp[4 * i + c] = c == 3 ? 1 : (float)(i % 40) / 40;
  gegl_buffer_set (src, NULL, 0, format, ramp, GEGL_AUTO_ROWSTRIDE);
  large = ae_upscale_cubic (src, 80, 20, &area);
  ck_assert (gegl_rectangle_equal (gegl_buffer_get_extent (large), &area));
  ck_assert_ptr_eq (gegl_buffer_get_format (large), format);
  pixels = floats_of (large, &area, "RGBA float");
  for (int i = 0; i < area.width * area.height; i++)
    ck_assert_float_eq_tol (pixels[4 * i], ((float)(area.x + i % area.width) / 2 - 0.25f) / 40, 0.002f);
}
END_TEST

/* A texture that repeats is enlarged as the middle of many of it are. */
static void
wrapped_case (gsize n)
{
  const int width = runs[n].width, height = runs[n].height;
  const GeglRectangle middle = { width, height, width, height };
  const Babl *format = babl_format ("R'G'B'A float");
  g_autoptr (AeSession) session = make_session (runs[n].graph);
  g_autoptr (GeglBuffer) src = make_picture (format, 1);
  g_autoptr (GeglBuffer) many = gegl_buffer_new (GEGL_RECTANGLE (0, 0, 3 * WIDTH, 3 * HEIGHT), format);
  g_autoptr (GeglBuffer) one = NULL, all = NULL;
  g_autofree float *a = NULL, *b = NULL;

  if (!runs[n].wrap || strcmp (runs[n].graph, LEVELS) == 0) /* the middle is at an odd place */
    return;
  for (int i = 0; i < 9; i++)
    gegl_buffer_copy (src, NULL, GEGL_ABYSS_NONE, many,
                      GEGL_RECTANGLE (i % 3 * WIDTH, i / 3 * HEIGHT, WIDTH, HEIGHT));
  one = enlarge (session, src, TRUE, width, height, format, NULL);
  all = enlarge (session, many, FALSE, 3 * width, 3 * height, format, NULL);
  a = floats_of (one, GEGL_RECTANGLE (0, 0, width, height), "R'G'B'A float");
  b = floats_of (all, &middle, "R'G'B'A float");
  for (int i = 0; i < width * height * 4; i++)
    ck_assert_msg (fabsf (a[i] - b[i]) < 1e-4f, "value %d: %g and %g", i, (double)a[i], (double)b[i]);
}

START_TEST (wrapped)
{
  for (gsize i = 0; i < G_N_ELEMENTS (runs); i++)
    wrapped_case (i);
}
END_TEST

/* A red disc on transparent green is red wherever it can be seen. */
static void
no_fringe_case (gsize n)
{
  static const struct
  {
    const char *graph;
    int width, height;
  } cases[]
    = { { RESIDUAL ("2", "12"), 80, 80 }, { RESIDUAL ("3", "27"), 97, 101 }, { NEAREST ("2"), 80, 80 } };
  const int width = cases[n].width, height = cases[n].height;
  g_autoptr (AeModel) model = make_model (cases[n].graph, 0); /* nothing is added to the bicubic */
  g_autoptr (AeSession) session = ae_session_new (model, NULL, NULL);
  g_autoptr (GeglBuffer) src = gegl_buffer_new (GEGL_RECTANGLE (0, 0, 40, 40), babl_format ("R'G'B'A u8"));
  g_autoptr (GeglBuffer) dst = NULL;
  guint8 pixels[40 * 40 * 4];
  g_autofree guint8 *result = g_malloc ((gsize)(width * height * 4));
  double covered = 0, expected = 0;
  int edge = 0;

  for (int i = 0; i < 40 * 40; i++)
    {
      const double r = hypot (i % 40 - 19.3, (double)(i / 40) - 20.2);
      const double alpha = CLAMP (14.5 - r, 0, 1);

      pixels[4 * i] = alpha > 0 ? 255 : 0;
      pixels[4 * i + 1] = alpha > 0 ? 0 : 255;
      pixels[4 * i + 2] = 0;
      pixels[4 * i + 3] = (guint8)(255 * alpha + 0.5);
      expected += alpha * width * height / (40 * 40);
    }
  gegl_buffer_set (src, NULL, 0, babl_format ("R'G'B'A u8"), pixels, GEGL_AUTO_ROWSTRIDE);
  dst = enlarge (session, src, FALSE, width, height, babl_format ("R'G'B'A u8"), NULL);
  gegl_buffer_get (dst, NULL, 1.0, babl_format ("R'G'B'A u8"), result, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  for (int i = 0; i < width * height; i++)
    {
      const guint8 *p = result + 4 * i;
      const int alpha = p[3];

      covered += alpha / 255.0;
      edge += alpha > 0 && alpha < 255;
      for (int background = 0; background <= 255; background += 255)
        {
          const int r = (p[0] * alpha + background * (255 - alpha)) / 255;
          const int g = (p[1] * alpha + background * (255 - alpha)) / 255;
          const int b = (p[2] * alpha + background * (255 - alpha)) / 255;

          ck_assert_int_ge (r, (255 * alpha + background * (255 - alpha)) / 255 - 1);
          ck_assert_int_le (g, background * (255 - alpha) / 255 + 1);
          ck_assert_int_le (b, background * (255 - alpha) / 255 + 1);
        }
    }
  ck_assert_double_eq_tol (covered, expected, 0.01 * expected);
  ck_assert_int_gt (edge, width); /* soft, not jagged */
}

START_TEST (no_fringe)
{
  for (gsize i = 0; i < 3; i++)
    no_fringe_case (i);
}
END_TEST

/* What lies beyond 1 stays, also beside a transparent pixel; NaN does no harm. */
START_TEST (beyond_one)
{
  const Babl *format = babl_format ("R'G'B'A float");
  g_autoptr (AeSession) session = make_session (NEAREST ("2"));
  g_autoptr (GeglBuffer) src = gegl_buffer_new (GEGL_RECTANGLE (0, 0, 16, 16), format);
  g_autoptr (GeglBuffer) dst = NULL;
  g_autofree float *pixels = g_new (float, 16 * 16 * 4), *result = NULL;

  for (int i = 0; i < 16 * 16; i++)
    for (int c = 0; c < 4; c++)
      pixels[4 * i + c] = c == 3 ? (i % 16 >= 4) : i % 16 >= 4 ? 3.5f - 4 * (float)c : 0;
  pixels[4 * (8 * 16 + 12)] = NAN;
  gegl_buffer_set (src, NULL, 0, format, pixels, GEGL_AUTO_ROWSTRIDE);
  dst = enlarge (session, src, FALSE, 32, 32, format, NULL);
  result = floats_of (dst, GEGL_RECTANGLE (0, 0, 32, 32), "R'G'B'A float");
  for (int i = 0; i < 32 * 32; i++)
    for (int c = 0; c < 4; c++)
      {
        const float v = result[4 * i + c];

        ck_assert_msg (isfinite (v), "not finite at %d", i);
        if (c < 3 && result[4 * i + 3] > 0 && (i % 32 < 20 || i % 32 > 28))
          ck_assert_float_eq_tol (v, 3.5f - 4 * (float)c, 1e-4);
      }
}
END_TEST

static const struct
{
  int width, height, to_width, to_height;
} shapes[] = { { 1, 1, 2, 2 }, { 1, 1, 3, 4 }, { 3, 2000, 6, 4000 }, { 700, 3, 1500, 7 }, { 2, 1, 4, 1 } };

/* One color stays one, however small or thin the picture is. */
static void
extreme_shapes_case (gsize n)
{
  const Babl *format = babl_format ("R'G'B'A u16");
  const guint16 color[4] = { 40000, 20000, 1000, 0xffff };

  for (int wrap = 0; wrap < 2; wrap++)
    for (int transparent = 0; transparent < 2; transparent++)
      {
        const GeglRectangle all = { 0, 0, shapes[n].to_width, shapes[n].to_height };
        g_autoptr (AeModel) model = make_model (RESIDUAL ("4", "48"), 0);
        g_autoptr (AeSession) session = ae_session_new (model, NULL, NULL);
        g_autoptr (GeglBuffer) src
          = gegl_buffer_new (GEGL_RECTANGLE (7, -7, shapes[n].width, shapes[n].height), format);
        g_autoptr (GeglBuffer) dst = NULL;
        g_autofree guint16 *result = g_new (guint16, (gsize)all.width * (gsize)all.height * 4);
        int wrong = 0;

        if (!transparent)
          gegl_buffer_set_color_from_pixel (src, NULL, color, format);
        dst = enlarge (session, src, wrap, all.width, all.height, format, NULL);
        gegl_buffer_get (dst, &all, 1.0, format, result, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
        for (int i = 0; i < all.width * all.height; i++)
          for (int c = 0; c < 4; c++)
            wrong += transparent ? c == 3 && result[4 * i + c] != 0 : abs (result[4 * i + c] - color[c]) > 1;
        ck_assert_int_eq (wrong, 0);
      }
}

START_TEST (extreme_shapes)
{
  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    extreme_shapes_case (i);
}
END_TEST

START_TEST (sizes)
{
  GError *error = NULL;

  ck_assert_int_eq (ae_upscale_factor (100, 50, 200, 100), 2);
  ck_assert_int_eq (ae_upscale_factor (100, 50, 201, 100), 3);
  ck_assert_int_eq (ae_upscale_factor (100, 50, 50, 151), 4);
  ck_assert_int_eq (ae_upscale_factor (100, 50, 101, 50), 2);
  ck_assert (ae_upscale_check_size (131072, 2, 524288, 8, &error));
  ck_assert (!ae_upscale_check_size (131073, 2, 524292, 8, &error));
  ck_assert_str_eq (error->message,
                    "the result would have 524292 × 8 pixels, expected 1 to 524288 in each direction");
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_LIMIT));
  g_clear_error (&error);
  ck_assert (!ae_upscale_check_size (10, 10, 41, 40, &error));
  ck_assert_str_eq (error->message,
                    "from 10 × 10 to 41 × 40 pixels: expected to enlarge, and at most 4 times "
                    "in each direction");
  g_clear_error (&error);
  ck_assert (!ae_upscale_check_size (10, 10, 10, 9, &error));
  g_clear_error (&error);
  ck_assert (!ae_upscale_check_size (0, 10, 10, 9, &error));
  g_clear_error (&error);
  ck_assert (!ae_upscale_check_size (10, 10, 0, 20, &error));
  g_clear_error (&error);
}
END_TEST

static gboolean
stop (double fraction, gpointer data)
{
  int *calls = data;

  return --*calls > 0;
}

START_TEST (errors_and_cancel)
{
  const Babl *format = babl_format ("R'G'B' u8");
  g_autoptr (AeSession) session = make_session (RESIDUAL ("2", "12"));
  g_autoptr (AeSession) gray = make_session ("x = input channels=1 planes=y\nu = up x factor=2\noutput u\n");
  g_autoptr (GeglBuffer) src = make_picture (format, 1);
  g_autoptr (GeglBuffer) y = make_picture (babl_format ("Y' u8"), 1);
  g_autoptr (GeglBuffer) lab = make_picture (babl_format ("R'G'B' float"), 1);
  g_autoptr (GeglBuffer) dst = gegl_buffer_new (GEGL_RECTANGLE (0, 0, 46, 34), format);
  GError *error = NULL;
  int calls = 1;
  double last = 0;

  ck_assert (!ae_upscale_buffer (session, src, FALSE, 3 * WIDTH, 2, dst, NULL, NULL, &error));
  ck_assert_str_eq (error->message, "the model enlarges 2 times, too little for 23 × 17 to 69 × 2 pixels");
  g_clear_error (&error);
  ck_assert (!ae_upscale_buffer (gray, src, FALSE, 46, 34, dst, NULL, NULL, &error));
  ck_assert_str_eq (error->message, "the model enlarges gray pictures only, and this one has colors");
  g_clear_error (&error);
  ck_assert (ae_upscale_buffer (gray, y, FALSE, 46, 34, dst, NULL, NULL, &error));
  gegl_buffer_set_format (lab, babl_format ("CIE Lab float"));
  ck_assert (!ae_upscale_buffer (session, lab, FALSE, 46, 34, dst, NULL, NULL, &error));
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_UNSUPPORTED));
  g_clear_error (&error);
  ck_assert (!ae_upscale_buffer (session, src, FALSE, 46, 34, dst, stop, &calls, &error));
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_CANCELLED));
  g_clear_error (&error);
  ck_assert (ae_upscale_buffer (session, src, FALSE, 45, 34, dst, watch, &last, &error));
  ck_assert_double_eq (last, 1);
}
END_TEST

static void
save (const char *folder, const char *name, const char *graph, float gain)
{
  g_autoptr (AeModel) model = make_model (graph, gain);
  g_autofree char *path = g_strdup_printf ("%s/%s.safetensors", folder, name);

  ck_assert (ae_model_save (model, path, AE_DTYPE_F32, NULL));
}

/* Takes over `problem`; `part`: what it should tell, NULL: there should be none. */
static void
expect_problem (char *problem, const char *part)
{
  ck_assert_msg ((problem == NULL) == (part == NULL), "%s", problem ? problem : "no problem");
  ck_assert_msg (part == NULL || strstr (problem, part) != NULL, "%s", problem);
  g_free (problem);
}

START_TEST (weights)
{
  g_autofree char *folder = g_dir_make_tmp ("ae-test-XXXXXX", NULL);
  const char *folders[] = { folder, NULL };
  static const char *const names[] = { "upscale-x2", "upscale-x2-robust", "upscale-x4", "upscale-x4-robust" };
  g_autofree char *path = g_build_filename (folder, "upscale-x2.safetensors", NULL);
  g_autoptr (AeCatalogue) catalogue = NULL, none = ae_catalogue_new_for_folders (folders, NULL);
  AeModel *model;
  GError *error = NULL;

  ck_assert_ptr_null (ae_upscale_load_model (none, NULL, 3, 0, &error));
  ck_assert_str_eq (error->message, "there is no model named \"upscale-x3\"; installed: none");
  g_clear_error (&error);

  save (folder, names[0], RESIDUAL ("2", "12"), 1);
  save (folder, names[1], RESIDUAL ("2", "12"), 2);
  save (folder, names[2], RESIDUAL ("4", "48"), 1);
  save (folder, names[3], LEVELS, 1); /* of another graph */
  catalogue = ae_catalogue_new_for_folders (folders, NULL);
  model = ae_upscale_load_model (catalogue, NULL, 2, 0, NULL);
  ck_assert_int_eq (ae_graph_scale (ae_model_graph (model)), 2);
  ck_assert_float_eq (ae_model_param (model, 0)[0], -1);
  ae_model_unref (model);
  model = ae_upscale_load_model (catalogue, "", 3, 0, NULL); /* the next that is there */
  ck_assert_int_eq (ae_graph_scale (ae_model_graph (model)), 4);
  ae_model_unref (model);
  model = ae_upscale_load_model (catalogue, "upscale-x2", 4, 100, NULL);
  ck_assert_float_eq (ae_model_param (model, 0)[0], -2);
  ae_model_unref (model);
  model = ae_upscale_load_model (catalogue, path, 2, 25, NULL);
  ck_assert_float_eq (ae_model_param (model, 0)[0], -1.25f);
  ae_model_unref (model);

  ck_assert_ptr_null (ae_upscale_load_model (catalogue, NULL, 4, 50, &error));
  ck_assert_msg (strstr (error->message, "cannot be mixed") != NULL, "%s", error->message);
  g_clear_error (&error);
  ck_assert_ptr_null (ae_upscale_load_model (catalogue, NULL, 2, 101, &error));
  ck_assert_str_eq (error->message, "robust is 101, expected 0 to 100");
  g_clear_error (&error);
  expect_problem (ae_upscale_model_problem (none, "", 3), "upscale-x3.safetensors");
  expect_problem (ae_upscale_model_problem (catalogue, "", 3), NULL);
  expect_problem (ae_upscale_model_problem (catalogue, "upscale-x2", 3), "upscale-x2 enlarges 2 times");
  expect_problem (ae_upscale_model_problem (catalogue, path, 2), NULL);
  expect_problem (ae_upscale_model_problem (catalogue, "/nowhere.safetensors", 2), "/nowhere.safetensors");
  expect_problem (ae_upscale_robust_problem (catalogue, "", 2), NULL);
  expect_problem (ae_upscale_robust_problem (catalogue, path, 2), NULL);
  expect_problem (ae_upscale_robust_problem (catalogue, "upscale-x2-robust", 2), "upscale-x2-robust-robust");
  ck_assert_str_eq (ae_upscale_default_model (catalogue, 3)->name, "upscale-x4");
  ck_assert_ptr_null (ae_upscale_default_model (none, 2));
  ck_assert (ae_upscale_is_robust_end (catalogue, ae_catalogue_find (catalogue, "upscale-x2-robust")));
  ck_assert (!ae_upscale_is_robust_end (catalogue, ae_catalogue_find (catalogue, "upscale-x2")));

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *file = g_strdup_printf ("%s/%s.safetensors", folder, names[i]);

      g_remove (file);
    }
  ck_assert_int_eq (g_rmdir (folder), 0);
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
  Suite *suite = suite_create ("upscale");
  TCase *tcase = tcase_create ("upscale");
  SRunner *runner;
  int failed;

  tcase_add_checked_fixture (tcase, set_up, gegl_exit);
  tcase_set_timeout (tcase, 120);
  /* few tests, each with many cases: each starts GEGL */
  tcase_add_test (tcase, formats);
  tcase_add_test (tcase, tiles_and_parts);
  tcase_add_test (tcase, pieces);
  tcase_add_test (tcase, as_gimp_does);
  tcase_add_test (tcase, wrapped);
  tcase_add_test (tcase, no_fringe);
  tcase_add_test (tcase, beyond_one);
  tcase_add_test (tcase, extreme_shapes);
  tcase_add_test (tcase, sizes);
  tcase_add_test (tcase, errors_and_cancel);
  tcase_add_test (tcase, weights);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
