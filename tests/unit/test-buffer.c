/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-buffer.c - filters buffers of all formats and looks at every pixel. */

#include <check.h>
#include <gegl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <ae/error.h>
#include "core/alpha-bleed.h"
#include "core/buffer-filter.h"

#define WIDTH 53
#define HEIGHT 41
#define X0 (-13)
#define Y0 7

#define POINT(weight) 0, 0, 0, 0, weight, 0, 0, 0, 0
#define NINTHS 1 / 9.f, 1 / 9.f, 1 / 9.f, 1 / 9.f, 1 / 9.f, 1 / 9.f, 1 / 9.f, 1 / 9.f, 1 / 9.f
#define NOTHING POINT (0)

static const char identity_graph[]
  = "x = input channels=3 planes=rgb\nc = conv x out=3 kernel=1 bias=0\noutput c\n";
static const float identity_params[] = { 1, 0, 0, 0, 1, 0, 0, 0, 1 };
static const float half_params[] = { 0.5f, 0, 0, 0, 0.5f, 0, 0, 0, 0.5f };
/* Mean of the neighbors, in each channel. */
static const char blur_graph[]
  = "x = input channels=3 planes=rgb\nc = conv x out=3 kernel=3 bias=0\noutput c\n";
static const float blur_params[]
  = { NINTHS, NOTHING, NOTHING, NOTHING, NINTHS, NOTHING, NOTHING, NOTHING, NINTHS };
/* Depends on the position within squares of two pixels, so on the alignment. */
static const char grid_graph[] = "x = input channels=3 planes=rgb\nb = conv x out=3 kernel=3 bias=0\n"
                                 "u = pixel_unshuffle b factor=2\nc = conv u out=12 kernel=1\n"
                                 "s = pixel_shuffle c factor=2\noutput s\n";
/* What it is told of the noise level. */
static const char sigma_graph[] = "x = input channels=3 planes=rgb\ns = input channels=1 planes=sigma\n"
                                  "c = concat x s\nd = conv c out=3 kernel=1 bias=0\noutput d\n";
static const float sigma_params[] = { 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1 };
static const char gray_graph[]
  = "x = input channels=1 planes=y\nc = conv x out=1 kernel=1 bias=0\noutput c\n";

static const char *const models[]
  = { "R'G'B'", "R'G'B'A", "R'aG'aB'aA", "RGB", "RGBA", "RaGaBaA", "Y'", "Y'A", "Y", "YA" };
static const char *const types[] = { "u8", "u16", "u32", "half", "float", "double" };

static AeSession *
make_session_for (const char *text, const float *params, const char *task)
{
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  const AeSessionOptions options = { .threads = 2 };
  g_autoptr (GError) error = NULL;
  g_autoptr (AeGraph) graph = ae_graph_parse (text, "test", &error);
  g_autoptr (AeModel) model = NULL;
  AeSession *session;

  ck_assert_msg (graph != NULL, "%s", error ? error->message : "");
  g_hash_table_insert (meta, (gpointer) "ae.task", (gpointer)task);
  model = ae_model_new (graph, params, meta);
  session = ae_session_new (model, &options, &error);
  ck_assert_msg (session != NULL, "%s", error ? error->message : "");
  return session;
}

static AeSession *
make_session (const char *text, const float *params)
{
  return make_session_for (text, params, "denoise");
}

static AeSession *
make_grid_session (void)
{
  float params[81 + 144 + 12];

  memcpy (params, blur_params, sizeof blur_params);
  for (int i = 81; i < 81 + 144; i++)
    params[i] = (float)((i * 7919 % 101) - 50) / 400;
  for (int i = 81 + 144; i < 81 + 144 + 12; i++)
    params[i] = (float)(i % 5) / 20;
  return make_session (grid_graph, params);
}

static AeDenoiseParams
make_params (double sigma, double strength)
{
  AeDenoiseParams params;

  ae_denoise_params_init (&params);
  params.noise_auto = FALSE;
  params.sigma = sigma;
  params.strength = strength;
  return params;
}

static const Babl *
make_format (const char *model, const char *type)
{
  g_autofree char *name = g_strdup_printf ("%s %s", model, type);

  return babl_format (name);
}

static float
random_value (guint32 *state)
{
  *state = *state * 1664525u + 1013904223u;
  return (float)(*state >> 8) / (float)(1 << 24);
}

/* A picture of noise; a quarter of it is transparent, a quarter half transparent. */
static GeglBuffer *
make_buffer (const Babl *format)
{
  const GeglRectangle extent = { X0, Y0, WIDTH, HEIGHT };
  GeglBuffer *buffer = gegl_buffer_new (&extent, format);
  const gboolean gray = (babl_get_model_flags (format) & BABL_MODEL_FLAG_GRAY) != 0;
  const int channels = gray ? 2 : 4;
  float *pixels = g_new (float, WIDTH *HEIGHT * 4);
  guint8 *own = g_malloc (WIDTH * HEIGHT * 32);
  guint32 state = 1;

  for (int i = 0; i < WIDTH * HEIGHT; i++)
    {
      for (int c = 0; c < channels - 1; c++)
        pixels[i * channels + c] = random_value (&state);
      pixels[i * channels + channels - 1] = i % WIDTH < WIDTH / 4 ? 0 : i % WIDTH < WIDTH / 2 ? 0.5f : 1;
    }
  babl_process (babl_fish (babl_format (gray ? "Y'A float" : "R'G'B'A float"),
                           babl_format (babl_format_get_encoding (format))),
                pixels, own, WIDTH * HEIGHT);
  gegl_buffer_set (buffer, &extent, 0, format, own, GEGL_AUTO_ROWSTRIDE);
  g_free (pixels);
  g_free (own);
  return buffer;
}

/* The bytes as they are stored. */
static guint8 *
bytes_of (GeglBuffer *buffer, gsize *size)
{
  const Babl *format = gegl_buffer_get_format (buffer);
  guint8 *bytes;

  *size = (gsize)WIDTH * HEIGHT * (gsize)babl_format_get_bytes_per_pixel (format);
  bytes = g_malloc (*size);
  gegl_buffer_get (buffer, NULL, 1.0, format, bytes, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  return bytes;
}

/* R'G'B'A, converted by encoding. */
static float *
values_of (GeglBuffer *buffer)
{
  gsize size;
  g_autofree guint8 *bytes = bytes_of (buffer, &size);
  float *values = g_new (float, WIDTH *HEIGHT * 4);

  babl_process (babl_fish (babl_format (babl_format_get_encoding (gegl_buffer_get_format (buffer))),
                           babl_format ("R'G'B'A float")),
                bytes, values, WIDTH * HEIGHT);
  return values;
}

static void
run (AeSession *session, GeglBuffer *src, const GeglRectangle *roi, GeglBuffer *dst,
     const AeDenoiseParams *params)
{
  GError *error = NULL;

  ck_assert_msg (ae_denoise_buffer (session, src, roi, dst, params, NULL, NULL, &error), "%s",
                 error ? error->message : "");
}

static GeglBuffer *
denoise (AeSession *session, GeglBuffer *src, const AeDenoiseParams *params)
{
  GeglBuffer *dst = gegl_buffer_new (gegl_buffer_get_extent (src), gegl_buffer_get_format (src));

  run (session, src, NULL, dst, params);
  return dst;
}

static void
assert_same_bytes (GeglBuffer *a, GeglBuffer *b, const char *what)
{
  gsize size;
  g_autofree guint8 *p = bytes_of (a, &size), *q = bytes_of (b, &size);

  for (gsize i = 0; i < size; i++)
    ck_assert_msg (p[i] == q[i], "%s: byte %d of pixel %d is %d, expected %d", what,
                   (int)(i % (size / (WIDTH * HEIGHT))), (int)(i / (size / (WIDTH * HEIGHT))), q[i], p[i]);
}

START_TEST (test_identity)
{
  g_autoptr (AeSession) session = make_session (identity_graph, identity_params);
  const AeDenoiseParams whole = make_params (10, 100), part = make_params (10, 35);

  for (gsize m = 0; m < G_N_ELEMENTS (models); m++)
    for (gsize t = 0; t < G_N_ELEMENTS (types); t++)
      {
        const Babl *format = make_format (models[m], types[t]);
        g_autoptr (GeglBuffer) src = make_buffer (format), a = denoise (session, src, &whole);
        g_autoptr (GeglBuffer) b = denoise (session, src, &part);

        assert_same_bytes (src, a, babl_get_name (format));
        assert_same_bytes (src, b, babl_get_name (format));
      }
}
END_TEST

START_TEST (test_strength_0)
{
  g_autoptr (AeSession) session = make_session (identity_graph, half_params);
  AeDenoiseParams params = make_params (10, 0);

  params.noise_auto = TRUE;
  for (gsize m = 0; m < G_N_ELEMENTS (models); m++)
    for (gsize t = 0; t < G_N_ELEMENTS (types); t++)
      {
        const Babl *format = make_format (models[m], types[t]);
        g_autoptr (GeglBuffer) src = make_buffer (format), dst = denoise (session, src, &params);

        assert_same_bytes (src, dst, babl_get_name (format));
      }
}
END_TEST

/* How far a stored value may be from the one that was meant. */
static double
tolerance (const char *model, const char *type, double alpha, double value)
{
  const gboolean linear = !strchr (model, '\'');
  double step = g_str_equal (type, "u8") ? 1 / 255.0 : g_str_equal (type, "u16") ? 1 / 65535.0 : 1e-6;

  if (g_str_equal (type, "half"))
    step = 1 / 1024.0;
  if (strchr (model, 'a')) /* premultiplied */
    step /= MAX (alpha, 0.1);
  /* the sRGB curve is up to 12.92 times as steep */
  return step * (linear ? MIN (12.92, value > 0.04 ? 1 / (2 * value) : 12.92) * 1.5 + 0.1 : 0.6) + 2e-4;
}

START_TEST (test_half)
{
  g_autoptr (AeSession) session = make_session (identity_graph, half_params);
  const AeDenoiseParams params = make_params (10, 50);

  for (gsize m = 0; m < G_N_ELEMENTS (models); m++)
    for (gsize t = 0; t < G_N_ELEMENTS (types); t++)
      {
        const Babl *format = make_format (models[m], types[t]);
        g_autoptr (GeglBuffer) src = make_buffer (format), dst = denoise (session, src, &params);
        g_autofree float *before = values_of (src), *after = values_of (dst);
        gsize size;
        g_autofree guint8 *p = bytes_of (src, &size), *q = bytes_of (dst, &size);
        const gsize bytes = size / (WIDTH * HEIGHT);
        const gsize alpha_bytes
          = babl_format_has_alpha (format) ? bytes / (gsize)babl_format_get_n_components (format) : 0;

        for (gsize i = 0; i < WIDTH * HEIGHT; i++)
          {
            const float alpha = before[i * 4 + 3];

            ck_assert_msg (
              memcmp (p + (i + 1) * bytes - alpha_bytes, q + (i + 1) * bytes - alpha_bytes, alpha_bytes) == 0,
              "%s: alpha of pixel %d has changed", babl_get_name (format), (int)i);
            if (alpha == 0)
              ck_assert_msg (memcmp (p + i * bytes, q + i * bytes, bytes) == 0,
                             "%s: the transparent pixel %d has changed", babl_get_name (format), (int)i);
            else
              for (gsize c = 0; c < 3; c++)
                {
                  const double expected = 0.75 * (double)before[i * 4 + c];

                  ck_assert_msg (fabs ((double)after[i * 4 + c] - expected)
                                   <= tolerance (models[m], types[t], (double)alpha, expected),
                                 "%s: channel %d of pixel %d is %g, expected %g", babl_get_name (format),
                                 (int)c, (int)i, (double)after[i * 4 + c], expected);
                }
          }
      }
}
END_TEST

START_TEST (test_space)
{
  /* chromaticities of Adobe RGB */
  const Babl *gamma = babl_trc_gamma (2.2);
  const Babl *space
    = babl_space_from_chromaticities ("test-space", 0.3127, 0.3290, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06, gamma,
                                      gamma, gamma, BABL_SPACE_FLAG_EQUALIZE);
  g_autoptr (AeSession) nothing = make_session (identity_graph, identity_params);
  g_autoptr (AeSession) half = make_session (identity_graph, half_params);
  const AeDenoiseParams params = make_params (10, 100);
  const char *const names[] = { "R'G'B' u8", "R'G'B' u16", "R'G'B'A u16", "R'G'B'A float",
                                "Y' u8",     "Y' u16",     "RGBA float",  "RGB u16" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GeglBuffer) with = make_buffer (babl_format_with_space (names[i], space));
      g_autoptr (GeglBuffer) without = make_buffer (babl_format (names[i]));
      g_autoptr (GeglBuffer) same = denoise (nothing, with, &params);
      g_autoptr (GeglBuffer) a = denoise (half, with, &params), b = denoise (half, without, &params);

      assert_same_bytes (with, same, names[i]);
      assert_same_bytes (b, a, names[i]);
    }
}
END_TEST

START_TEST (test_roi)
{
  g_autoptr (AeSession) session = make_grid_session ();
  const AeDenoiseParams params = make_params (10, 100);
  const GeglRectangle rois[] = { { X0 + 5, Y0 + 3, 11, 9 },
                                 { X0, Y0, 1, 1 },
                                 { X0 + WIDTH - 4, Y0 + HEIGHT - 3, 40, 40 },
                                 { X0 - 20, Y0 + 20, 200, 1 } };
  const char *const names[] = { "R'G'B' u16", "R'G'B'A float", "Y' u8" };

  for (gsize n = 0; n < G_N_ELEMENTS (names); n++)
    {
      g_autoptr (GeglBuffer) src = make_buffer (babl_format (names[n])),
                             whole = denoise (session, src, &params);
      gsize size;
      g_autofree guint8 *all = bytes_of (whole, &size);
      const gsize bytes = size / (WIDTH * HEIGHT);

      for (gsize r = 0; r < G_N_ELEMENTS (rois); r++)
        {
          g_autoptr (GeglBuffer) dst
            = gegl_buffer_new (gegl_buffer_get_extent (src), gegl_buffer_get_format (src));
          g_autofree guint8 *part = NULL;

          run (session, src, &rois[r], dst, &params);
          part = bytes_of (dst, &size);
          for (int i = 0; i < WIDTH * HEIGHT; i++)
            {
              const int x = X0 + i % WIDTH, y = Y0 + i / WIDTH;
              const gboolean inside = x >= rois[r].x && x < rois[r].x + rois[r].width && y >= rois[r].y
                                      && y < rois[r].y + rois[r].height;

              for (gsize b = 0; b < bytes; b++)
                ck_assert_msg (part[(gsize)i * bytes + b] == (inside ? all[(gsize)i * bytes + b] : 0),
                               "%s, rectangle %d: pixel %d,%d", names[n], (int)r, x, y);
            }
        }
    }
}
END_TEST

START_TEST (test_roi_outside)
{
  g_autoptr (AeSession) session = make_session (identity_graph, half_params);
  g_autoptr (GeglBuffer) src = make_buffer (babl_format ("R'G'B' u8"));
  g_autoptr (GeglBuffer) dst = gegl_buffer_new (gegl_buffer_get_extent (src), babl_format ("R'G'B' u8"));
  const AeDenoiseParams params = make_params (10, 100);
  gsize size;
  g_autofree guint8 *bytes = NULL;

  run (session, src, GEGL_RECTANGLE (X0 + WIDTH, Y0, 10, 10), dst, &params);
  bytes = bytes_of (dst, &size);
  for (gsize i = 0; i < size; i++)
    ck_assert_int_eq (bytes[i], 0);
}
END_TEST

/* White on nothing: what is invisible has the color black and must not be seen. */
START_TEST (test_no_fringe)
{
  g_autoptr (AeSession) session = make_session (blur_graph, blur_params);
  const AeDenoiseParams params = make_params (10, 100);
  const char *const names[] = { "R'G'B'A u8", "R'G'B'A float", "Y'A u16", "RaGaBaA float" };

  for (gsize n = 0; n < G_N_ELEMENTS (names); n++)
    {
      const Babl *format = babl_format (names[n]);
      const GeglRectangle extent = { X0, Y0, WIDTH, HEIGHT };
      g_autoptr (GeglBuffer) src = gegl_buffer_new (&extent, format);
      g_autoptr (GeglBuffer) dst = NULL;
      g_autofree float *pixels = g_new0 (float, WIDTH *HEIGHT * 4), *after = NULL;

      for (int y = 10; y < 30; y++)
        for (int x = 12; x < 40; x++)
          for (int c = 0; c < 4; c++)
            pixels[(y * WIDTH + x) * 4 + c] = 1;
      gegl_buffer_set (src, &extent, 0, babl_format ("R'G'B'A float"), pixels, GEGL_AUTO_ROWSTRIDE);
      dst = denoise (session, src, &params);
      after = values_of (dst);
      for (int i = 0; i < WIDTH * HEIGHT; i++)
        if (pixels[i * 4 + 3] > 0)
          for (int c = 0; c < 4; c++)
            ck_assert_msg (fabsf (after[i * 4 + c] - 1) < 1e-5f, "%s: pixel %d,%d is %g", names[n], i % WIDTH,
                           i / WIDTH, (double)after[i * 4 + c]);
    }
}
END_TEST

START_TEST (test_bleed)
{
  /* one visible pixel in the first of 40 columns */
  float pixels[40 * 3 * 4] = { 0 };

  for (int y = 0; y < 3; y++)
    {
      pixels[y * 40 * 4] = 0.25f;
      pixels[y * 40 * 4 + 3] = 1;
      pixels[y * 40 * 4 + 4 + 3] = NAN; /* not visible either */
    }
  ae_alpha_bleed (pixels, 4, 40, 3);
  for (int y = 0; y < 3; y++)
    for (int x = 1; x < 40; x++)
      {
        const float *p = pixels + (y * 40 + x) * 4;
        const gboolean near = x <= AE_ALPHA_BLEED_RADIUS;

        ck_assert_float_eq_tol (p[0], near ? 0.25f : 0.5f, 1e-6f);
        ck_assert_float_eq_tol (p[1], near ? 0 : 0.5f, 1e-6f);
        ck_assert (x == 1 ? isnan (p[3]) : p[3] == 0);
      }
}
END_TEST

START_TEST (test_out_of_range)
{
  g_autoptr (AeSession) session = make_session (identity_graph, half_params);
  const float values[] = { -0.5f, 0, 0.4f, 1, 1.7f, 60, NAN, INFINITY, -INFINITY };
  /* half of what is in range, and what is not added to it */
  const float expected[] = { -0.5f, 0, 0.2f, 0.5f, 1.2f, 59.5f, 0, 0, 0 };
  const float half_way[] = { -0.5f, 0, 0.3f, 0.75f, 1.45f, 59.75f, 0, 0, 0 };
  const int n = G_N_ELEMENTS (values);
  const GeglRectangle extent = { 0, 0, n, 1 };
  const char *const names[] = { "R'G'B' float", "R'G'B' double", "Y' float" };
  const AeDenoiseParams strong = make_params (10, 100), weak = make_params (10, 50);

  for (gsize f = 0; f < G_N_ELEMENTS (names); f++)
    {
      const gboolean gray = names[f][0] == 'Y';
      const Babl *float_format = babl_format (gray ? "Y' float" : "R'G'B' float");
      const int channels = gray ? 1 : 3;
      g_autoptr (GeglBuffer) src = gegl_buffer_new (&extent, babl_format (names[f])), a = NULL, b = NULL;
      float in[G_N_ELEMENTS (values) * 3], out[G_N_ELEMENTS (values) * 3];

      for (int i = 0; i < n * channels; i++)
        in[i] = values[i / channels];
      gegl_buffer_set (src, &extent, 0, float_format, in, GEGL_AUTO_ROWSTRIDE);
      a = denoise (session, src, &strong);
      gegl_buffer_get (a, &extent, 1.0, float_format, out, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      for (int i = 0; i < n * channels; i++)
        ck_assert_msg (fabsf (out[i] - expected[i / channels])
                         < 1e-5f * MAX (1, fabsf (expected[i / channels])),
                       "%s: %g became %g", names[f], (double)in[i], (double)out[i]);
      b = denoise (session, src, &weak);
      gegl_buffer_get (b, &extent, 1.0, float_format, out, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      for (int i = 0; i < n * channels; i++)
        ck_assert_msg (fabsf (out[i] - half_way[i / channels])
                         < 1e-5f * MAX (1, fabsf (half_way[i / channels])),
                       "%s: %g became %g", names[f], (double)in[i], (double)out[i]);
    }
}
END_TEST

START_TEST (test_refused)
{
  const Babl *palette = NULL, *palette_alpha = NULL;
  g_autoptr (AeSession) session = make_session (identity_graph, half_params);
  const AeDenoiseParams params = make_params (10, 100);
  babl_new_palette (NULL, &palette, &palette_alpha);

  const struct
  {
    const Babl *format;
    const char *text;
  } cases[] = { { palette, "indexed" },
                { palette_alpha, "indexed" },
                { babl_format ("cmyk u8"), "cmyk u8" },
                { babl_format ("CIE Lab float"), "CIE Lab float" },
                { babl_format_n (babl_type ("float"), 5), "RGB or gray" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL, again = NULL;
      g_autoptr (GeglBuffer) src = gegl_buffer_new (GEGL_RECTANGLE (0, 0, 4, 4), cases[i].format);
      g_autoptr (GeglBuffer) dst = gegl_buffer_new (GEGL_RECTANGLE (0, 0, 4, 4), babl_format ("R'G'B' u8"));

      ck_assert (!ae_denoise_buffer (session, src, NULL, dst, &params, NULL, NULL, &error));
      ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_UNSUPPORTED));
      ck_assert_msg (strstr (error->message, cases[i].text) != NULL, "%s", error->message);
      ck_assert (!ae_buffer_format_check (cases[i].format, &again));
      ck_assert_str_eq (again->message, error->message);
    }
}
END_TEST

START_TEST (test_wrong_task)
{
  g_autoptr (AeSession) other = make_session_for (identity_graph, half_params, "upscale");
  g_autoptr (AeSession) larger
    = make_session ("x = input channels=3 planes=rgb\nu = up x factor=2\noutput u\n", half_params);
  AeSession *const sessions[] = { other, larger };
  g_autoptr (GeglBuffer) src = make_buffer (babl_format ("R'G'B' u8"));
  g_autoptr (GeglBuffer) dst = gegl_buffer_new (gegl_buffer_get_extent (src), babl_format ("R'G'B' u8"));
  const AeDenoiseParams params = make_params (10, 100);

  for (gsize i = 0; i < G_N_ELEMENTS (sessions); i++)
    {
      g_autoptr (GError) error = NULL;

      ck_assert (!ae_denoise_buffer (sessions[i], src, NULL, dst, &params, NULL, NULL, &error));
      ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_ARGUMENT));
    }
}
END_TEST

static gboolean
stop (double fraction, gpointer data)
{
  ++*(int *)data;
  return FALSE;
}

START_TEST (test_cancel)
{
  g_autoptr (AeSession) session = make_session (identity_graph, half_params);
  g_autoptr (GeglBuffer) src = make_buffer (babl_format ("R'G'B' u8"));
  g_autoptr (GeglBuffer) dst = gegl_buffer_new (gegl_buffer_get_extent (src), babl_format ("R'G'B' u8"));
  const AeDenoiseParams params = make_params (10, 100);
  g_autoptr (GError) error = NULL;
  int calls = 0;

  ck_assert (!ae_denoise_buffer (session, src, NULL, dst, &params, stop, &calls, &error));
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_CANCELLED));
  ck_assert_int_eq (calls, 1);
}
END_TEST

START_TEST (test_sigma)
{
  g_autoptr (AeSession) session = make_session (sigma_graph, sigma_params);
  g_autoptr (GeglBuffer) src = make_buffer (babl_format ("R'G'B' float"));
  const AeDenoiseParams params = make_params (51, 100);
  g_autoptr (GeglBuffer) dst = denoise (session, src, &params);
  g_autofree float *values = values_of (dst);

  for (int i = 0; i < WIDTH * HEIGHT; i++)
    ck_assert_float_eq_tol (values[i * 4 + 1], 0.2f, 1e-6f);
}
END_TEST

/* A network for gray takes the luminance of colors and gives back its change. */
START_TEST (test_gray_network)
{
  const float quarter = 0.25f;
  g_autoptr (AeSession) session = make_session (gray_graph, &quarter);
  const AeDenoiseParams params = make_params (10, 100);
  g_autoptr (GeglBuffer) src = make_buffer (babl_format ("R'G'B' float")),
                         dst = denoise (session, src, &params);
  g_autoptr (GeglBuffer) gray = make_buffer (babl_format ("Y' float")),
                         gray_dst = denoise (session, gray, &params);
  g_autofree float *before = values_of (src), *after = values_of (dst);
  g_autofree float *gray_before = values_of (gray), *gray_after = values_of (gray_dst);

  for (int i = 0; i < WIDTH * HEIGHT; i++)
    {
      const float *p = before + i * 4;
      const float y = 0.2126f * p[0] + 0.7152f * p[1] + 0.0722f * p[2];

      for (int c = 0; c < 3; c++)
        ck_assert_float_eq_tol (after[i * 4 + c], p[c] - 0.75f * y, 1e-5f);
      ck_assert_float_eq_tol (gray_after[i * 4], 0.25f * gray_before[i * 4], 1e-5f);
    }
}
END_TEST

START_TEST (test_other_format)
{
  g_autoptr (AeSession) session = make_session (identity_graph, half_params);
  const AeDenoiseParams params = make_params (10, 100), none = make_params (10, 0);
  g_autoptr (GeglBuffer) src = make_buffer (babl_format ("R'G'B'A u8"));
  g_autoptr (GeglBuffer) dst = gegl_buffer_new (gegl_buffer_get_extent (src), babl_format ("RGBA float"));
  g_autofree float *before = values_of (src), *after = NULL, *copied = NULL;

  run (session, src, NULL, dst, &params);
  after = values_of (dst);
  run (session, src, NULL, dst, &none);
  copied = values_of (dst);
  for (int i = 0; i < WIDTH * HEIGHT * 4; i++)
    {
      const gboolean scaled = i % 4 < 3 && before[i / 4 * 4 + 3] > 0;

      ck_assert_float_eq_tol (copied[i], before[i], 1e-4f);
      if (before[i / 4 * 4 + 3] > 0)
        ck_assert_float_eq_tol (after[i], scaled ? 0.5f * before[i] : before[i], 1e-4f);
    }
}
END_TEST

START_TEST (test_consume)
{
  g_autoptr (AeSession) session = make_grid_session ();
  const GeglRectangle extent = { 3, -5, 300, 700 };
  g_autoptr (GeglBuffer) src = gegl_buffer_new (&extent, babl_format ("R'G'B' u8")), copy = NULL;
  g_autoptr (GeglBuffer) a = gegl_buffer_new (&extent, babl_format ("R'G'B' u8"));
  g_autoptr (GeglBuffer) b = gegl_buffer_new (&extent, babl_format ("R'G'B' u8"));
  const gsize size = 300 * 700 * 3;
  g_autofree guint8 *bytes = g_malloc (size), *p = g_malloc (size), *q = g_malloc (size);
  AeDenoiseParams params = make_params (10, 100);
  GError *error = NULL;
  guint32 state = 5;

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8)(random_value (&state) * 255);
  for (int detail = 0; detail <= 50; detail += 50)
    {
      gegl_buffer_set (src, &extent, 0, babl_format ("R'G'B' u8"), bytes, GEGL_AUTO_ROWSTRIDE);
      params.detail = detail;
      run (session, src, NULL, a, &params);
      copy = gegl_buffer_dup (src);
      ck_assert (ae_denoise_buffer_consume (session, src, b, &params, NULL, NULL, &error));
      gegl_buffer_get (a, &extent, 1.0, babl_format ("R'G'B' u8"), p, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      gegl_buffer_get (b, &extent, 1.0, babl_format ("R'G'B' u8"), q, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      ck_assert (memcmp (p, q, size) == 0);
      g_clear_object (&copy);
    }
}
END_TEST

/* A patch for the preview shows what the filter makes of it, with any parameters. */
START_TEST (test_patch)
{
  g_autoptr (AeSession) session = make_grid_session ();
  const char *const names[] = { "R'G'B' float", "R'G'B'A float", "Y' float", "RGB u16", "R'G'B' u8" };
  const GeglRectangle roi = { X0 + 9, Y0 + 6, 21, 17 }, none = { X0 + WIDTH, Y0, 9, 9 };

  for (gsize n = 0; n < G_N_ELEMENTS (names); n++)
    {
      const Babl *format = babl_format (names[n]);
      const gsize bytes = (gsize)babl_format_get_bytes_per_pixel (format);
      g_autoptr (GeglBuffer) src = make_buffer (format);
      g_autoptr (GError) error = NULL;
      g_autoptr (AePatch) patch = ae_patch_new (session, src, &roi, 12, NULL, NULL, &error);
      g_autoptr (AePatch) nothing = ae_patch_new (session, src, &none, 12, NULL, NULL, &error);
      g_autofree guint8 *shown = g_malloc (21 * 17 * bytes), *made = g_malloc (21 * 17 * bytes);

      ck_assert (patch != NULL);
      ck_assert (nothing == NULL && g_error_matches (error, AE_ERROR, AE_ERROR_ARGUMENT));
      ck_assert (gegl_rectangle_equal (ae_patch_rect (patch), &roi));
      ck_assert_double_eq (ae_patch_sigma (patch), 12);
      for (int i = 0; i < 4; i++)
        {
          AeDenoiseParams params = make_params (12, i == 0 ? 100 : 60);
          g_autoptr (GeglBuffer) dst = NULL;

          params.detail = i == 2 ? 70 : 0;
          params.color_noise = i == 3 ? 30 : 100;
          dst = denoise (session, src, &params);
          gegl_buffer_get (dst, &roi, 1.0, format, made, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
          ae_patch_render (patch, &params, format, shown, 0);
          for (gsize b = 0; b < 21 * 17 * bytes; b++)
            ck_assert_msg (shown[b] == made[b], "%s, parameters %d: byte %d", names[n], i, (int)b);
        }
      gegl_buffer_get (src, &roi, 1.0, format, made, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      ae_patch_render (patch, NULL, format, shown, (int)(21 * bytes));
      ck_assert (memcmp (shown, made, 21 * 17 * bytes) == 0);
    }
}
END_TEST

static void
start (void)
{
  g_object_set (gegl_config (), "use-opencl", FALSE, NULL);
  gegl_init (NULL, NULL);
}

static void
end (void)
{
  gegl_exit ();
}

int
main (void)
{
  Suite *suite = suite_create ("buffer");
  TCase *tcase = tcase_create ("buffer");
  SRunner *runner;
  int failed;

  /* in the process of each test: GEGL has threads */
  tcase_add_checked_fixture (tcase, start, end);
  tcase_set_timeout (tcase, 120);
  tcase_add_test (tcase, test_identity);
  tcase_add_test (tcase, test_strength_0);
  tcase_add_test (tcase, test_half);
  tcase_add_test (tcase, test_space);
  tcase_add_test (tcase, test_roi);
  tcase_add_test (tcase, test_roi_outside);
  tcase_add_test (tcase, test_no_fringe);
  tcase_add_test (tcase, test_bleed);
  tcase_add_test (tcase, test_out_of_range);
  tcase_add_test (tcase, test_refused);
  tcase_add_test (tcase, test_wrong_task);
  tcase_add_test (tcase, test_cancel);
  tcase_add_test (tcase, test_sigma);
  tcase_add_test (tcase, test_gray_network);
  tcase_add_test (tcase, test_other_format);
  tcase_add_test (tcase, test_consume);
  tcase_add_test (tcase, test_patch);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
