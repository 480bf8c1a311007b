/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-noise.c - estimates of noise that was added on purpose. */

#include <check.h>
#include <gegl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "core/eigenvalues.h"
#include "core/noise-estimate.h"

#define WIDTH 240
#define HEIGHT 180

static const double levels[] = { 2, 5, 10, 25, 50 };

static double
uniform (guint64 *state)
{
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (double)(*state >> 11) / (double)(G_GUINT64_CONSTANT (1) << 53);
}

static double
normal (guint64 *state)
{
  const double u = 1 - uniform (state), v = uniform (state);

  return sqrt (-2 * log (u)) * cos (2 * G_PI * v);
}

typedef enum
{
  FLAT,    /* one gray */
  SCENE,   /* slopes, edges, discs and stripes, colored */
  TEXTURE, /* fine stripes everywhere, more and less */
  FUR,     /* hairs everywhere, in directions that change slowly */
  LAWN,    /* rough without a direction, below a bright sky */
  WHITE    /* at the end of the range */
} Kind;

/* A random number, 0..1, that each place has. */
static double
random_at (int x, int y)
{
  guint64 state = ((guint64)(guint32)x << 32 | (guint32)y) * 0x9e3779b97f4a7c15u;

  state ^= state >> 29;
  uniform (&state);
  return uniform (&state);
}

static double
hair (int x, int y)
{
  const double angle = 0.6 + 0.004 * x + 0.006 * y;
  double sum = 0;

  for (int t = -8; t <= 8; t++)
    sum += random_at ((int)floor (x + t * cos (angle)), (int)floor (y + t * sin (angle)));
  return sum / 17;
}

static double
grass (int x, int y)
{
  double sum = 0;

  for (int v = -1; v <= 1; v++)
    for (int u = -1; u <= 1; u++)
      sum += random_at (x + u, y + v);
  return sum / 9;
}

static double
scene (Kind kind, int x, int y, int c)
{
  const double u = x / (double)WIDTH, v = y / (double)HEIGHT;
  double value;

  switch (kind)
    {
    case SCENE:
      value = 0.25 + 0.4 * u + 0.1 * sin (9 * v);
      if (hypot (u - 0.3, v - 0.6) < 0.2)
        value = 0.7 - 0.2 * v;
      if (x > 170 && y < 90)
        value = 0.5 + 0.15 * sin (x * 0.9) * cos (y * 0.7);
      if ((x / 40 + y / 60) % 5 == 0)
        value *= 0.6;
      return value * (c == 0 ? 1 : c == 1 ? 0.9 : 0.75);
    case TEXTURE:
      return 0.45 + (0.03 + 0.1 * u) * (sin (x * 0.7 + 3 * sin (y * 0.05)) + cos (y * 0.9 + x * 0.2));
    case FUR:
      return (0.1 + 0.8 * hair (x, y)) * (c == 0 ? 1 : c == 1 ? 0.9 : 0.75);
    case LAWN:
      return y < HEIGHT / 2 ? 0.7 + 0.1 * v : 0.1 + 0.4 * grass (x, y);
    case WHITE:
      return 1;
    case FLAT:
    default:
      return 0.5;
    }
}

/* Planes with noise of standard deviation sigma, rounded to 8 bits as files are. */
static float *
make_picture (Kind kind, double sigma, int channels, guint64 seed)
{
  float *planes = g_new (float, WIDTH *HEIGHT *channels);
  guint64 state = seed;

  for (int c = 0; c < channels; c++)
    for (int y = 0; y < HEIGHT; y++)
      for (int x = 0; x < WIDTH; x++)
        {
          double v = 255 * scene (kind, x, y, c);

          if (sigma > 0)
            v += sigma * normal (&state);
          planes[(c * HEIGHT + y) * WIDTH + x] = (float)(floor (CLAMP (v, 0, 255) + 0.5) / 255);
        }
  return planes;
}

static void
check_estimate (const char *what, double estimate, double sigma, double share)
{
  ck_assert_msg (fabs (estimate - sigma) <= share * sigma, "%s: estimate %g, expected %g within %g %%", what,
                 estimate, sigma, 100 * share);
}

START_TEST (test_flat)
{
  for (int channels = 1; channels <= 3; channels += 2)
    {
      g_autofree float *planes = make_picture (FLAT, levels[_i], channels, 1 + (guint64)_i);

      check_estimate ("flat", ae_noise_estimate (planes, NULL, channels, WIDTH, HEIGHT), levels[_i], 0.1);
    }
}
END_TEST

START_TEST (test_scene)
{
  g_autofree float *planes = make_picture (SCENE, levels[_i], 3, 11 + (guint64)_i);

  check_estimate ("scene", ae_noise_estimate (planes, NULL, 3, WIDTH, HEIGHT), levels[_i], 0.15);
  check_estimate ("gray scene", ae_noise_estimate (planes, NULL, 1, WIDTH, HEIGHT), levels[_i], 0.25);
}
END_TEST

START_TEST (test_texture)
{
  g_autofree float *planes = make_picture (TEXTURE, levels[_i], 3, 21 + (guint64)_i);

  check_estimate ("texture", ae_noise_estimate (planes, NULL, 3, WIDTH, HEIGHT), levels[_i], 0.15);
}
END_TEST

START_TEST (test_fur)
{
  g_autofree float *planes = make_picture (FUR, levels[_i], 3, 25 + (guint64)_i);

  check_estimate ("fur", ae_noise_estimate (planes, NULL, 3, WIDTH, HEIGHT), levels[_i], 0.2);
}
END_TEST

/* Noise of light is stronger where there is more of it. */
START_TEST (test_brightness)
{
  g_autofree float *planes = make_picture (SCENE, 0, 3, 1);
  guint64 state = 29;
  double squares = 0;

  for (int i = 0; i < WIDTH * HEIGHT * 3; i++)
    {
      const double sigma = 16 * sqrt ((double)planes[i]);

      squares += sigma * sigma / (WIDTH * HEIGHT * 3);
      planes[i] = (float)(floor (255 * (double)planes[i] + sigma * normal (&state) + 0.5) / 255);
    }
  check_estimate ("brightness", ae_noise_estimate (planes, NULL, 3, WIDTH, HEIGHT), sqrt (squares), 0.15);
}
END_TEST

START_TEST (test_clean)
{
  const Kind kinds[] = { FLAT, SCENE, FUR, LAWN, WHITE };
  const double most[] = { 1e-3, 1, 1, 1, 1e-3 };

  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      const Kind kind = kinds[k];
      g_autofree float *planes = make_picture (kind, 0, 3, 1);
      const double estimate = ae_noise_estimate (planes, NULL, 3, WIDTH, HEIGHT);

      ck_assert_msg (estimate >= 0 && estimate < most[k], "clean picture of kind %d: estimate %g, below %g",
                     (int)kind, estimate, most[k]);
    }
}
END_TEST

/* A picture without colors has the same noise in all channels. */
START_TEST (test_equal_channels)
{
  g_autofree float *gray = make_picture (SCENE, 10, 1, 31), *planes = g_new (float, WIDTH *HEIGHT * 3);
  double estimate;

  for (int c = 0; c < 3; c++)
    memcpy (planes + c * WIDTH * HEIGHT, gray, WIDTH * HEIGHT * sizeof (float));
  estimate = ae_noise_estimate (planes, NULL, 3, WIDTH, HEIGHT);
  check_estimate ("equal channels", estimate, 10, 0.2);
  ck_assert_double_eq (estimate, ae_noise_estimate (gray, NULL, 1, WIDTH, HEIGHT));
}
END_TEST

/* Cameras smooth noise: neighbors have it in common.  What is left is seen where the picture is flat. */
static const struct
{
  int passes;       /* of a mean of 3 x 3 pixels */
  double sigma;     /* before, so that 10 are left */
  double low, high; /* of the estimate */
} smoothings[] = { { 1, 30, 4, 13 }, { 2, 42.6, 8, 12 }, { 3, 52, 8, 12 } };

START_TEST (test_smooth_noise)
{
  const int n = WIDTH * HEIGHT;
  g_autofree float *noise = g_new (float, n * 3), *mean = g_new (float, n * 3);
  guint64 state = 41;
  double estimate;

  for (int i = 0; i < n * 3; i++)
    noise[i] = (float)(smoothings[_i].sigma * normal (&state));
  for (int pass = 0; pass < smoothings[_i].passes; pass++)
    {
      for (int i = 0; i < n * 3; i++)
        {
          const int x = i % WIDTH, y = i % n / WIDTH, first = i / n * n;

          mean[i] = 0;
          for (int v = -1; v <= 1; v++)
            for (int u = -1; u <= 1; u++)
              mean[i]
                += noise[first + CLAMP (y + v, 0, HEIGHT - 1) * WIDTH + CLAMP (x + u, 0, WIDTH - 1)] / 9;
        }
      memcpy (noise, mean, sizeof (float) * (gsize)n * 3);
    }
  for (int i = 0; i < n * 3; i++)
    noise[i] = floorf (128.5f + noise[i]) / 255;
  estimate = ae_noise_estimate (noise, NULL, 3, WIDTH, HEIGHT);
  ck_assert_msg (estimate > smoothings[_i].low && estimate < smoothings[_i].high,
                 "noise of 10, smoothed %d times: estimate %g", smoothings[_i].passes, estimate);
}
END_TEST

START_TEST (test_clipped)
{
  g_autofree float *planes = make_picture (WHITE, 20, 3, 51);
  const double estimate = ae_noise_estimate (planes, NULL, 3, WIDTH, HEIGHT);

  /* half of it is cut off; a normal variable cut at its mean has 0.58 of the deviation */
  ck_assert_msg (estimate > 5 && estimate < 21, "estimate %g", estimate);
}
END_TEST

/* Floats keep what noise makes of the end of the range: all of it counts. */
START_TEST (test_beyond)
{
  g_autofree float *planes = make_picture (WHITE, 0, 3, 53);
  guint64 state = 54;

  for (int i = 0; i < WIDTH * HEIGHT * 3; i++)
    planes[i] += (float)(50 * normal (&state) / 255);
  check_estimate ("beyond the range", ae_noise_estimate (planes, NULL, 3, WIDTH, HEIGHT), 50, 0.15);
}
END_TEST

START_TEST (test_mask)
{
  g_autofree float *quiet = make_picture (FLAT, 3, 3, 61), *loud = make_picture (FLAT, 60, 3, 62);
  g_autofree guint8 *mask = g_new0 (guint8, WIDTH * HEIGHT);

  for (int i = 0; i < WIDTH * HEIGHT; i++)
    {
      mask[i] = i % WIDTH < WIDTH / 2;
      for (int c = 0; c < 3; c++)
        if (!mask[i])
          quiet[c * WIDTH * HEIGHT + i] = loud[c * WIDTH * HEIGHT + i];
    }
  check_estimate ("masked", ae_noise_estimate (quiet, mask, 3, WIDTH, HEIGHT), 3, 0.15);
  memset (mask, 0, WIDTH * HEIGHT);
  ck_assert_double_eq (ae_noise_estimate (quiet, mask, 3, WIDTH, HEIGHT), 0);
}
END_TEST

START_TEST (test_not_finite)
{
  g_autofree float *planes = make_picture (FLAT, 10, 3, 71);

  for (int i = 0; i < 500; i++)
    planes[i * 97] = i % 3 == 0 ? NAN : i % 3 == 1 ? INFINITY : -40;
  check_estimate ("not finite", ae_noise_estimate (planes, NULL, 3, WIDTH, HEIGHT), 10, 0.15);
  for (int i = 0; i < WIDTH * HEIGHT * 3; i++)
    planes[i] = NAN;
  ck_assert_double_eq (ae_noise_estimate (planes, NULL, 3, WIDTH, HEIGHT), 0);
}
END_TEST

START_TEST (test_small)
{
  g_autofree float *planes = make_picture (FLAT, 10, 3, 81);

  for (int height = 1; height <= 12; height++)
    for (int width = 1; width <= 12; width++)
      {
        const double estimate = ae_noise_estimate (planes, NULL, 3, width, height);

        ck_assert (estimate >= 0 && estimate <= 75);
      }
}
END_TEST

START_TEST (test_buffer)
{
  g_autofree float *planes = make_picture (SCENE, 12, 3, 91), *pixels = g_new (float, WIDTH *HEIGHT * 3);
  const GeglRectangle extent = { -7, 5, WIDTH, HEIGHT };
  g_autoptr (GeglBuffer) buffer = NULL;
  double sigma;

  gegl_init (NULL, NULL);
  buffer = gegl_buffer_new (&extent, babl_format ("R'G'B' float"));
  for (int i = 0; i < WIDTH * HEIGHT; i++)
    for (int c = 0; c < 3; c++)
      pixels[i * 3 + c] = planes[c * WIDTH * HEIGHT + i];
  gegl_buffer_set (buffer, &extent, 0, babl_format ("R'G'B' float"), pixels, GEGL_AUTO_ROWSTRIDE);
  ck_assert (ae_noise_estimate_buffer (buffer, NULL, &sigma, NULL));
  ck_assert_double_eq (sigma, ae_noise_estimate (planes, NULL, 3, WIDTH, HEIGHT));
  ck_assert (ae_noise_estimate_buffer (buffer, GEGL_RECTANGLE (1000, 0, 5, 5), &sigma, NULL));
  ck_assert_double_eq (sigma, 0);
  g_clear_object (&buffer);
  gegl_exit ();
}
END_TEST

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

/* The buffer may go at once; what was cancelled has no result. */
START_TEST (test_async)
{
  static const float black[4];
  g_autofree float *planes = make_picture (SCENE, 12, 1, 91);
  const GeglRectangle extent = { 0, 0, WIDTH, HEIGHT };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) good = NULL;
  g_autoptr (GAsyncResult) stopped = NULL;
  g_autoptr (GAsyncResult) unsupported = NULL;
  g_autoptr (GError) cancelled = NULL;
  GeglBuffer *buffer;
  double sigma = -1;

  gegl_init (NULL, NULL);
  buffer = gegl_buffer_new (&extent, babl_format ("Y' float"));
  gegl_buffer_set (buffer, &extent, 0, babl_format ("Y' float"), planes, GEGL_AUTO_ROWSTRIDE);
  ae_noise_estimate_async (buffer, NULL, NULL, keep_result, &good);
  ae_noise_estimate_async (buffer, NULL, cancellable, keep_result, &stopped);
  g_cancellable_cancel (cancellable);
  gegl_buffer_set_color_from_pixel (buffer, &extent, black, babl_format ("RGBA float"));
  g_object_unref (buffer);
  ck_assert_ptr_null (good); /* not before it has returned */

  ck_assert (ae_noise_estimate_finish (wait_for (&good), &sigma, NULL));
  ck_assert_double_eq (sigma, ae_noise_estimate (planes, NULL, 1, WIDTH, HEIGHT));
  ck_assert (!ae_noise_estimate_finish (wait_for (&stopped), &sigma, &cancelled));
  ck_assert (g_error_matches (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED));

  buffer = gegl_buffer_new (&extent, babl_format ("cmyk float"));
  ae_noise_estimate_async (buffer, NULL, NULL, keep_result, &unsupported);
  g_object_unref (buffer);
  ck_assert (!ae_noise_estimate_finish (wait_for (&unsupported), &sigma, NULL));
  gegl_exit ();
}
END_TEST

/* Slopes in blocks, of which each has another brightness, as compression makes them. */
static guint8
block_value (int x, int y, int side)
{
  return (guint8)floor (90 + 0.02 * x + 0.03 * y + 8 * random_at ((x + 3) / side, (y + 6) / side));
}

/* Too few borders of blocks to tell them from steps of the picture. */
START_TEST (test_compressed_small)
{
  for (int width = 1; width <= 32; width++)
    {
      g_autofree float *planes = g_new (float, width *HEIGHT);

      for (int i = 0; i < width * HEIGHT; i++)
        planes[i]
          = (float)((i % width) * (i % width) % 7 * 10 + 90) / 255; /* steps everywhere, of any size */
      ck_assert_double_lt (ae_noise_estimate (planes, NULL, 1, width, HEIGHT), 1);
    }
}
END_TEST

/* The blocks of JPEG are 8 pixels wide, wherever they begin; others are something in the picture. */
START_TEST (test_compressed)
{
  double estimates[3], large;
  const GeglRectangle rect = { 5, 2, 2600, 1500 };
  const Babl *format;
  g_autofree guint8 *row = g_new (guint8, rect.width);
  g_autoptr (GeglBuffer) buffer = NULL;

  for (int side = 7; side <= 9; side++)
    {
      g_autofree float *planes = g_new (float, WIDTH *HEIGHT);

      for (int i = 0; i < WIDTH * HEIGHT; i++)
        planes[i] = (float)block_value (i % WIDTH, i / WIDTH, side) / 255;
      estimates[side - 7] = ae_noise_estimate (planes, NULL, 1, WIDTH, HEIGHT);
    }
  ck_assert_double_gt (estimates[1], estimates[0] + 1.5);
  ck_assert_double_gt (estimates[1], estimates[2] + 1.5);

  gegl_init (NULL, NULL);
  format = babl_format ("Y' u8");
  buffer = gegl_buffer_new (&rect, format);
  for (int y = 0; y < rect.height; y++)
    {
      for (int x = 0; x < rect.width; x++)
        row[x] = block_value (x, y, 8);
      gegl_buffer_set (buffer, GEGL_RECTANGLE (rect.x, rect.y + y, rect.width, 1), 0, format, row,
                       GEGL_AUTO_ROWSTRIDE);
    }
  ck_assert (ae_noise_estimate_buffer (buffer, NULL, &large, NULL));
  check_estimate ("large", large, estimates[1], 0.25);
  g_clear_object (&buffer);
  gegl_exit ();
}
END_TEST

/* Of large pictures only a part is read. */
START_TEST (test_large_buffer)
{
  const int shapes[][2] = { { 2600, 1900 }, { 40, 60000 }, { 60000, 40 } };
  const GeglRectangle rect = { 3, -4, shapes[_i][0], shapes[_i][1] };
  const Babl *format;
  g_autofree guint8 *row = g_new (guint8, rect.width * 3);
  g_autoptr (GeglBuffer) buffer = NULL;
  guint64 state = 101;
  double sigma;

  gegl_init (NULL, NULL);
  format = babl_format ("R'G'B' u8");
  buffer = gegl_buffer_new (&rect, format);
  for (int y = 0; y < rect.height; y++)
    {
      for (int i = 0; i < rect.width * 3; i++)
        row[i] = (guint8)CLAMP (floor (100 + 50 * sin (y * 0.003) + 8 * normal (&state) + 0.5), 0, 255);
      gegl_buffer_set (buffer, GEGL_RECTANGLE (rect.x, rect.y + y, rect.width, 1), 0, format, row,
                       GEGL_AUTO_ROWSTRIDE);
    }
  ck_assert (ae_noise_estimate_buffer (buffer, NULL, &sigma, NULL));
  check_estimate ("large", sigma, 8, 0.1);
  g_clear_object (&buffer);
  gegl_exit ();
}
END_TEST

/* Eigenvalues are known of a diagonal matrix turned by reflections. */
START_TEST (test_eigenvalues)
{
  const int sizes[] = { 1, 2, 3, 17, 75 };
  const int n = sizes[_i];
  g_autofree double *matrix = g_new0 (double, n *n), *values = g_new (double, n), *v = g_new (double, n);
  g_autofree double *mv = g_new (double, n);
  guint64 state = 111;

  /* 0, 1, 4, 9 ... and the one of 1 twice */
  for (int i = 0; i < n; i++)
    matrix[i * n + i] = i == 2 ? 1 : (double)i * i;
  for (int turn = 0; turn < 5; turn++)
    {
      double norm = 0, vmv = 0;

      for (int i = 0; i < n; i++)
        {
          v[i] = normal (&state);
          norm += v[i] * v[i];
        }
      for (int i = 0; i < n; i++)
        v[i] /= sqrt (norm);
      for (int i = 0; i < n; i++)
        {
          mv[i] = 0;
          for (int j = 0; j < n; j++)
            mv[i] += matrix[i * n + j] * v[j];
          vmv += v[i] * mv[i];
        }
      /* (I - 2vv') M (I - 2vv') */
      for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
          matrix[i * n + j] += -2 * v[i] * mv[j] - 2 * mv[i] * v[j] + 4 * vmv * v[i] * v[j];
    }
  ae_eigenvalues (matrix, n, values);
  for (int k = 0; k < n; k++)
    {
      const int i = n - 1 - k;
      const double expected = i == 2 ? 1 : (double)i * i;

      ck_assert_double_eq_tol (values[k], expected, 1e-9 * n * n);
    }
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("noise");
  TCase *tcase = tcase_create ("noise");
  SRunner *runner;
  int failed;

  tcase_set_timeout (tcase, 120);
  tcase_add_loop_test (tcase, test_eigenvalues, 0, 5);
  tcase_add_loop_test (tcase, test_flat, 0, G_N_ELEMENTS (levels));
  tcase_add_loop_test (tcase, test_scene, 0, G_N_ELEMENTS (levels));
  tcase_add_loop_test (tcase, test_texture, 1, G_N_ELEMENTS (levels));
  tcase_add_loop_test (tcase, test_fur, 1, G_N_ELEMENTS (levels));
  tcase_add_test (tcase, test_brightness);
  tcase_add_test (tcase, test_clean);
  tcase_add_test (tcase, test_equal_channels);
  tcase_add_loop_test (tcase, test_smooth_noise, 0, G_N_ELEMENTS (smoothings));
  tcase_add_test (tcase, test_clipped);
  tcase_add_test (tcase, test_beyond);
  tcase_add_test (tcase, test_mask);
  tcase_add_test (tcase, test_not_finite);
  tcase_add_test (tcase, test_small);
  tcase_add_test (tcase, test_buffer);
  tcase_add_test (tcase, test_async);
  tcase_add_loop_test (tcase, test_large_buffer, 0, 3);
  tcase_add_test (tcase, test_compressed);
  tcase_add_test (tcase, test_compressed_small);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
