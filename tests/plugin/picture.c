/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* picture.c - makes pictures for the tests of the plug-in and checks what became of them.
 *
 *   picture make KIND WIDTH HEIGHT NOISE FILE    KIND: rgb8 rgb16 rgba8 rgba16 gray8 gray16 graya8
 *                                                adobe16 (rgb16 with another color profile)
 *   picture same A B                             every pixel is the same
 *   picture denoised A B X Y W H SIGMA STRENGTH TOLERANCE
 *                                                inside the rectangle B is what the model of make-model.c
 *                                                makes of A, outside and in alpha it is A
 *   picture near A B STEPS                       no value differs by more than so many steps of 16 bits
 *   picture profile A B                          both have the same color profile, which is not sRGB
 *   picture between A B SIGMA PERCENT            every value of B lies between that of A and what the model
 *                                                makes of it, so many of them apart from both
 *   picture sigma A B LOW HIGH                   the noise level that was used lies within LOW and HIGH
 *   picture levels A LOW                         the first channel has at least LOW different values
 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <gegl.h>

typedef struct
{
  int width, height;
  gboolean alpha;
  float *pixels; /* R'G'B'A */
  const Babl *space;
} Picture;

static float
number (const char *text)
{
  return (float)g_ascii_strtod (text, NULL);
}

/* Values as stored: only the transfer curve is applied, never a profile. */
static Picture
load (const char *path)
{
  Picture picture = { 0 };
  GeglBuffer *buffer = NULL;
  GeglNode *graph = gegl_node_new ();
  GeglNode *source = gegl_node_new_child (graph, "operation", "gegl:load", "path", path, NULL);
  GeglNode *sink
    = gegl_node_new_child (graph, "operation", "gegl:buffer-sink", "buffer", &buffer, "format", NULL, NULL);

  gegl_node_link (source, sink);
  gegl_node_process (sink);
  if (buffer == NULL || gegl_buffer_get_width (buffer) < 1)
    {
      fprintf (stderr, "cannot read %s\n", path);
      exit (1);
    }

  const Babl *stored = gegl_buffer_get_format (buffer);
  const Babl *plain = babl_format (babl_format_get_encoding (stored));
  gsize n;

  picture.width = gegl_buffer_get_width (buffer);
  picture.height = gegl_buffer_get_height (buffer);
  picture.alpha = babl_format_has_alpha (stored);
  picture.space = babl_format_get_space (stored);
  n = (gsize)picture.width * picture.height;
  picture.pixels = g_new (float, n * 4);

  gpointer raw = g_malloc (n * babl_format_get_bytes_per_pixel (stored));

  gegl_buffer_get (buffer, NULL, 1.0, stored, raw, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  babl_process (babl_fish (plain, babl_format ("R'G'B'A float")), raw, picture.pixels, (glong)n);
  g_free (raw);
  g_object_unref (buffer);
  g_object_unref (graph);
  return picture;
}

static float
random_unit (guint32 i)
{
  i = (i ^ 61u) ^ (i >> 16);
  i *= 9u;
  i ^= i >> 4;
  i *= 0x27d4eb2du;
  i ^= i >> 15;
  return (float)((i >> 8) + 0.5) / 16777216.0f;
}

static float
gaussian (guint32 i)
{
  return sqrtf (-2.0f * logf (random_unit (2 * i))) * cosf ((float)(2.0 * G_PI) * random_unit (2 * i + 1));
}

static int
make (const char *kind, int width, int height, float noise, const char *path)
{
  gboolean gray = g_str_has_prefix (kind, "gray");
  gboolean alpha = g_str_has_prefix (kind, gray ? "graya" : "rgba");
  gboolean deep = g_str_has_suffix (kind, "16");
  g_autofree char *name
    = g_strdup_printf ("%s%s %s", gray ? "Y'" : "R'G'B'", alpha ? "A" : "", deep ? "u16" : "u8");
  float *pixels = g_new (float, (gsize)width *height * 4);
  const Babl *space = g_str_has_prefix (kind, "adobe") ? babl_space ("Adobish") : NULL;
  GeglBuffer *buffer
    = gegl_buffer_new (GEGL_RECTANGLE (0, 0, width, height), babl_format_with_space (name, space));
  GeglNode *graph = gegl_node_new ();
  GeglNode *source = gegl_node_new_child (graph, "operation", "gegl:buffer-source", "buffer", buffer, NULL);
  GeglNode *sink = gegl_node_new_child (graph, "operation", "gegl:png-save", "path", path, "bitdepth",
                                        deep ? 16 : 8, NULL);

  /* Within 0.25 .. 0.75 without noise, so that nothing is clipped. */
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        float *pixel = pixels + ((gsize)y * width + x) * 4;

        for (int c = 0; c < 3; c++)
          {
            int plane = gray ? 0 : c;

            pixel[c]
              = 0.5f
                + 0.25f * sinf ((float)x / (17.0f + 4.0f * plane)) * cosf ((float)y / (23.0f - 3.0f * plane))
                + noise / 255.0f * gaussian ((guint32)((y * width + x) * 3 + plane));
          }
        pixel[3] = alpha ? 0.2f + 0.8f * (float)((x * 7 + y * 3) % 64) / 63.0f : 1.0f;
      }
  gegl_buffer_set (buffer, NULL, 0, babl_format_with_space ("R'G'B'A float", space), pixels,
                   GEGL_AUTO_ROWSTRIDE);
  gegl_node_link (source, sink);
  gegl_node_process (sink);
  g_object_unref (graph);
  g_object_unref (buffer);
  g_free (pixels);
  return 0;
}

static int
mirror (int i, int size)
{
  if (size == 1)
    return 0;
  if (i < 0)
    i = -i;
  return i < size ? i : 2 * size - 2 - i;
}

/* The mean around a pixel, without the noise level's part. */
static float
mean_at (const Picture *picture, int x, int y, int c)
{
  float sum = 0.0f;

  for (int dy = -1; dy <= 1; dy++)
    for (int dx = -1; dx <= 1; dx++)
      sum += picture->pixels[((gsize)mirror (y + dy, picture->height) * picture->width
                              + mirror (x + dx, picture->width))
                               * 4
                             + c];
  return sum / 9.0f;
}

static void
same_size (const Picture *a, const Picture *b)
{
  if (a->width != b->width || a->height != b->height || a->alpha != b->alpha)
    {
      fprintf (stderr, "%d x %d%s has become %d x %d%s\n", a->width, a->height, a->alpha ? " with alpha" : "",
               b->width, b->height, b->alpha ? " with alpha" : "");
      exit (1);
    }
}

static int
same (const Picture *a, const Picture *b)
{
  gsize different = 0;

  same_size (a, b);
  for (gsize i = 0; i < (gsize)a->width * a->height * 4; i++)
    different += a->pixels[i] != b->pixels[i];
  if (different > 0)
    fprintf (stderr, "%" G_GSIZE_FORMAT " values differ\n", different);
  return different > 0;
}

static int
denoised (const Picture *a, const Picture *b, const int rect[4], float sigma, float strength, float tolerance)
{
  gsize wrong = 0, spilled = 0;
  float worst = 0.0f;

  same_size (a, b);
  for (int y = 0; y < a->height; y++)
    for (int x = 0; x < a->width; x++)
      for (int c = 0; c < 4; c++)
        {
          gsize i = ((gsize)y * a->width + x) * 4 + c;
          gboolean inside
            = x >= rect[0] && y >= rect[1] && x < rect[0] + rect[2] && y < rect[1] + rect[3] && c < 3;

          if (inside)
            {
              float network = mean_at (a, x, y, c) + 0.5f * sigma / 255.0f;
              float expected = a->pixels[i] + strength / 100.0f * (network - a->pixels[i]);
              float error = fabsf (b->pixels[i] - expected);

              worst = MAX (worst, error);
              wrong += !(error <= tolerance);
            }
          else
            spilled += b->pixels[i] != a->pixels[i];
        }
  if (wrong > 0 || spilled > 0)
    {
      fprintf (stderr,
               "%" G_GSIZE_FORMAT " values inside the selection are wrong (by up to %g), %" G_GSIZE_FORMAT
               " outside or in alpha have changed\n",
               wrong, worst, spilled);
      return 1;
    }
  return 0;
}

static int
near_by (const Picture *a, const Picture *b, float steps)
{
  float worst = 0.0f;

  same_size (a, b);
  for (gsize i = 0; i < (gsize)a->width * a->height * 4; i++)
    worst = MAX (worst, fabsf (a->pixels[i] - b->pixels[i]) * 65535.0f);
  /* The files have 16 bits at most: what is left is rounding of floats. */
  if (worst <= steps + 0.01f)
    return 0;
  fprintf (stderr, "values differ by up to %g steps of 16 bits\n", worst);
  return 1;
}

static int
profile (const Picture *a, const Picture *b)
{
  if (a->space == b->space && a->space != babl_space ("sRGB"))
    return 0;
  fprintf (stderr, "the color profiles are %s and %s\n", babl_get_name (a->space), babl_get_name (b->space));
  return 1;
}

static int
between (const Picture *a, const Picture *b, float sigma, float percent)
{
  const float step = 2.0f / 65535.0f;
  gsize outside = 0, apart = 0, values = (gsize)a->width * a->height * 3;

  same_size (a, b);
  for (int y = 0; y < a->height; y++)
    for (int x = 0; x < a->width; x++)
      for (int c = 0; c < 3; c++)
        {
          gsize i = ((gsize)y * a->width + x) * 4 + c;
          float before = a->pixels[i], after = b->pixels[i];
          float network = mean_at (a, x, y, c) + 0.5f * sigma / 255.0f;

          outside += !(after >= MIN (before, network) - step && after <= MAX (before, network) + step);
          apart += fabsf (after - before) > step && fabsf (after - network) > step;
        }
  if (outside == 0 && (float)apart > (float)values * percent / 100.0f)
    return 0;
  fprintf (stderr,
           "of %" G_GSIZE_FORMAT " values %" G_GSIZE_FORMAT " lie outside, %" G_GSIZE_FORMAT
           " between and apart\n",
           values, outside, apart);
  return 1;
}

static int
sigma_used (const Picture *a, const Picture *b, double low, double high)
{
  double sum = 0.0, sigma;

  same_size (a, b);
  for (int y = 0; y < a->height; y++)
    for (int x = 0; x < a->width; x++)
      sum += b->pixels[((gsize)y * a->width + x) * 4] - mean_at (a, x, y, 0);
  sigma = sum / a->width / a->height * 2.0 * 255.0;
  if (sigma >= low && sigma <= high)
    return 0;
  fprintf (stderr, "the noise level was %g instead of %g .. %g\n", sigma, low, high);
  return 1;
}

static int
compare_floats (const void *a, const void *b)
{
  float x = *(const float *)a, y = *(const float *)b;

  return (x > y) - (x < y);
}

static int
levels (const Picture *a, gsize low)
{
  gsize n = (gsize)a->width * a->height, found = n > 0;
  float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    values[i] = a->pixels[i * 4];
  qsort (values, n, sizeof (float), compare_floats);
  for (gsize i = 1; i < n; i++)
    found += values[i] != values[i - 1];
  g_free (values);
  if (found >= low)
    return 0;
  fprintf (stderr, "only %" G_GSIZE_FORMAT " different values\n", found);
  return 1;
}

static int
run (int argc, char **argv)
{
  const char *command = argc > 1 ? argv[1] : "";
  Picture a = { 0 }, b = { 0 };
  int status = 2;
#define IS(name, count) (strcmp (command, name) == 0 && argc == (count))

  if (IS ("make", 7))
    return make (argv[2], atoi (argv[3]), atoi (argv[4]), number (argv[5]), argv[6]);
  if (!IS ("levels", 4) && !IS ("same", 4) && !IS ("profile", 4) && !IS ("near", 5) && !IS ("between", 6)
      && !IS ("sigma", 6) && !IS ("denoised", 11))
    {
      fprintf (stderr, "picture: wrong arguments\n");
      return 2;
    }

  a = load (argv[2]);
  if (IS ("levels", 4))
    return levels (&a, (gsize)atoi (argv[3]));
  b = load (argv[3]);
  if (IS ("same", 4))
    status = same (&a, &b);
  else if (IS ("profile", 4))
    status = profile (&a, &b);
  else if (IS ("near", 5))
    status = near_by (&a, &b, number (argv[4]));
  else if (IS ("between", 6))
    status = between (&a, &b, number (argv[4]), number (argv[5]));
  else if (IS ("sigma", 6))
    status = sigma_used (&a, &b, number (argv[4]), number (argv[5]));
  else
    {
      int rect[4] = { atoi (argv[4]), atoi (argv[5]), atoi (argv[6]), atoi (argv[7]) };

      status = denoised (&a, &b, rect, number (argv[8]), number (argv[9]), number (argv[10]));
    }
#undef IS
  return status;
}

int
main (int argc, char **argv)
{
  int status;

  gegl_init (NULL, NULL);
  status = run (argc, argv);
  gegl_exit ();
  return status;
}
