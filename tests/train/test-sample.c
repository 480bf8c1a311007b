/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-sample.c - crops: small pictures for networks that enlarge, pairs, and streams that must stay as they
 * are. */

#include <check.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "train/pairs.h"
#include "train/random.h"
#include "train/sample.h"

#define WIDTH 90
#define HEIGHT 80

#define DENOISE                                                                                              \
  "[model]\nname = m\ntask = denoise\n[network]\nfamily = unet\nwidths = 8\nblocks = 1\n"                    \
  "[training]\ncrop = 16\nsteps = 4\n"
#define NOISE "[degradation a]\nsteps = gaussian\ngaussian.sigma = 10;50\n"

typedef struct
{
  const char *name;
  int offset; /* added to the ramp */
} Picture;

/* Ramps: a value is 20 + x + y + offset. */
static AeDataset *
make_data (const Picture *pictures, int n)
{
  GError *error = NULL;
  AeDatasetWriter *writer = ae_dataset_writer_new ();
  AeDataset *data;
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("ae-sample-XXXXXX", &path, &error);

  ck_assert_int_ge (fd, 0);
  g_close (fd, NULL);
  for (int i = 0; i < n; i++)
    {
      guint8 *rgb = g_malloc (3 * WIDTH * HEIGHT);

      for (int j = 0; j < WIDTH * HEIGHT * 3; j++)
        rgb[j] = (guint8)(20 + j / 3 % WIDTH + j / 3 / WIDTH + pictures[i].offset);
      ck_assert (ae_dataset_writer_add (writer, pictures[i].name, rgb, WIDTH, HEIGHT, &error));
    }
  ck_assert (ae_dataset_writer_save (writer, path, NULL, &error));
  ae_dataset_writer_free (writer);
  data = ae_dataset_open (path, &error);
  ck_assert_msg (data != NULL, "%s", error ? error->message : "");
  g_unlink (path);
  return data;
}

static AeRecipe *
parse (const char *text)
{
  GError *error = NULL;
  AeRecipe *r = ae_recipe_parse (text, "r.ini", &error);

  ck_assert_msg (r != NULL, "%s", error ? error->message : "");
  return r;
}

static AeSampler *
make_sampler (const AeRecipe *r, const AeDataset *data)
{
  GError *error = NULL;
  AeSampler *s = ae_sampler_new (r, data, &error);

  ck_assert_msg (s != NULL, "%s", error ? error->message : "");
  return s;
}

/* A ramp made small is a ramp, at the border of the crop too: a small pixel is the mean of those below it. */
START_TEST (small_pictures)
{
  enum
  {
    CROP = 12
  };
  int scale = _i;
  g_autofree char *text = g_strdup_printf (
    "[model]\nname = m\ntask = upscale\n[network]\nfamily = residual\nwidths = 8\nblocks = 1\nscale = %d\n"
    "[training]\ncrop = 12\nsteps = 4\n[degradation a]\nsteps = bicubic\n",
    scale);
  const Picture picture = { "a.png", 0 };
  g_autoptr (AeDataset) data = make_data (&picture, 1);
  g_autoptr (AeRecipe) r = parse (text);
  AeSampler *s = make_sampler (r, data);
  int side = CROP * scale;
  float *target = g_new (float, 3 * side * side), input[3 * CROP * CROP], sigma[CROP * CROP];

  for (guint64 index = 0; index < 8; index++)
    {
      ae_sampler_draw (s, index, CROP, target, input, sigma);
      for (int i = 0; i < 3 * CROP * CROP; i++)
        {
          int c = i / (CROP * CROP), y = i / CROP % CROP, x = i % CROP;
          double mean = 0;

          for (int j = 0; j < scale * scale; j++)
            mean += (double)target[(c * side + y * scale + j / scale) * side + x * scale + j % scale];
          ck_assert_double_eq_tol ((double)input[i], mean / (scale * scale), 1e-5);
        }
    }
  g_free (target);
  ae_sampler_free (s);
}
END_TEST

/* A ramp that is seen smaller is a steeper ramp (nearly: the weights of the kernel are those of its
 * samples), at the border of the crop too. */
START_TEST (smaller_pictures)
{
  enum
  {
    CROP = 16
  };
  const Picture picture = { "a.png", 0 };
  g_autoptr (AeDataset) data = make_data (&picture, 1);
  g_autoptr (AeRecipe) r = parse (DENOISE NOISE "[data]\nsmallest = 0.5\nlargest = 0.8\n");
  AeSampler *s = make_sampler (r, data);
  float target[3 * CROP * CROP], input[3 * CROP * CROP], sigma[CROP * CROP];
  double least = 10, most = 0;

  for (guint64 index = 0; index < 80; index++)
    {
      double slope;

      ae_sampler_draw (s, index, CROP, target, input, sigma);
      slope = fabs ((double)target[CROP - 1] - target[0]) * 255 / (CROP - 1);
      least = MIN (least, slope);
      most = MAX (most, slope);
      for (int i = 0; i < 3 * CROP * CROP; i++)
        {
          int x = i % CROP, y = i / CROP % CROP;

          if (x > 0)
            ck_assert_double_eq_tol (fabs ((double)target[i] - target[i - 1]) * 255, slope, 0.15);
          if (y > 0)
            ck_assert_double_eq_tol (fabs ((double)target[i] - target[i - CROP]) * 255, slope, 0.15);
        }
    }
  ck_assert_double_ge (least, 1.2);
  ck_assert_double_lt (least, 1.35);
  ck_assert_double_gt (most, 1.8);
  ck_assert_double_le (most, 2.1); /* squares have whole pixels */
  ae_sampler_free (s);
}
END_TEST

/* Squares of the variance of differences between neighbors: noise alone, as the clean picture is a ramp. */
static double
roughness (const float *planes, int size)
{
  double sum = 0;

  for (int i = 0; i < size * size; i++)
    if (i % size > 1)
      {
        double bend = (double)planes[i] - 2 * (double)planes[i - 1] + (double)planes[i - 2];

        sum += bend * bend;
      }
  return sum;
}

/* The target is blurred, the noise is not. */
START_TEST (soft_pictures)
{
  enum
  {
    CROP = 32
  };
  const char *groups[] = { "[degradation a]\nsteps = gaussian\ngaussian.sigma = 10\n",
                           "[degradation a]\nsteps = gaussian\ngaussian.sigma = 10\nsoft = 2\n" };
  const Picture pictures[] = { { "a.png", 0 } };
  g_autoptr (AeDataset) data = make_data (pictures, 1);
  double target_roughness[2], noise_roughness[2];

  for (int k = 0; k < 2; k++)
    {
      g_autofree char *text = g_strconcat (DENOISE, groups[k], NULL);
      g_autoptr (AeRecipe) r = parse (text);
      AeSampler *s = make_sampler (r, data);
      float target[3 * CROP * CROP], input[3 * CROP * CROP], sigma[CROP * CROP];

      ae_sampler_draw (s, 0, CROP, target, input, sigma);
      ck_assert_double_eq_tol ((double)sigma[0] * 255, 10, 1e-4);
      for (int i = 0; i < 3 * CROP * CROP; i++)
        input[i] -= target[i];
      target_roughness[k] = roughness (target, CROP);
      noise_roughness[k] = roughness (input, CROP);
      ae_sampler_free (s);
    }
  ck_assert_double_gt (target_roughness[1],
                       10 * target_roughness[0]); /* mirrored at the border, it has a bend */
  ck_assert_double_gt (noise_roughness[0], 0);
  ck_assert_double_gt (noise_roughness[1], noise_roughness[0] / 2);
  ck_assert_double_lt (noise_roughness[1], noise_roughness[0] * 2);
}
END_TEST

START_TEST (pairs)
{
  const Picture pictures[] = { { "a.png", 0 }, { "a.png" AE_PAIR_ENDING, 7 } };
  g_autoptr (AeDataset) data = make_data (pictures, 2);
  g_autoptr (AeRecipe) always = parse (DENOISE "[data]\npairs = 1\n");
  g_autoptr (AeRecipe) half = parse (DENOISE NOISE "[data]\npairs = 0.5\n");
  g_autoptr (AeRecipe) never = parse (DENOISE NOISE);
  const AeRecipe *recipes[] = { always, half, never };
  int found[3] = { 0 };
  float target[3 * 256], input[3 * 256], sigma[256];

  for (int k = 0; k < 3; k++)
    {
      AeSampler *s = make_sampler (recipes[k], data);

      for (guint64 index = 0; index < 40; index++)
        {
          gboolean all = TRUE;

          ae_sampler_draw (s, index, 16, target, input, sigma);
          for (int i = 0; i < 3 * 256; i++)
            {
              all &= fabsf (input[i] - target[i] - 7.0f / 255) < 1e-6f;
              /* the noisy picture is never taken for a clean one: neighbors of the ramp are 1 apart */
              ck_assert (target[i] * 255 < 20 + WIDTH + HEIGHT - 1);
            }
          found[k] += all;
          if (all) /* a constant is no noise */
            ck_assert_float_eq_tol (sigma[0], 0, 1e-6f);
        }
      ae_sampler_free (s);
    }
  ck_assert_int_eq (found[0], 40);
  ck_assert (found[1] > 8 && found[1] < 32);
  ck_assert_int_eq (found[2], 0);
}
END_TEST

START_TEST (pairs_missing)
{
  const Picture pictures[] = { { "a.png", 0 }, { "b.png", 0 }, { "a.png" AE_PAIR_ENDING, 7 } };
  g_autoptr (AeDataset) data = make_data (pictures, 3);
  g_autoptr (AeRecipe) r = parse (DENOISE "[data]\npairs = 1\n");
  GError *error = NULL;

  ck_assert_ptr_null (ae_sampler_new (r, data, &error));
  ck_assert_str_eq (error->message,
                    "r.ini: no [degradation …] group, and picture b.png has no noisy companion");
  g_error_free (error);
}
END_TEST

typedef struct
{
  const char *path, *clean; /* NULL: not a noisy one */
} PairName;

static const PairName names[] = {
  { "noisy/1.png", "clean/1.png" },
  { "day/noisy/in/1.png", "day/clean/in/1.png" },
  { "noisy/noisy/1.png", "noisy/clean/1.png" },
  { "clean/1.png", NULL },
  { "1_noisy.png", "1_clean.png" },
  { "day.2/1_noisy.tar.png", NULL },
  { "day.2/1.a_noisy.png", "day.2/1.a_clean.png" },
  { "_noisy.png", "_clean.png" },
  { "noisy.png", NULL },
  { "noisy", NULL },
  { "1_noisy", NULL },
  { "", NULL },
};

START_TEST (pair_names)
{
  g_autofree char *clean = ae_pair_clean_path (names[_i].path, "noisy", "clean");

  ck_assert_pstr_eq (clean, names[_i].clean);
}
END_TEST

/* Runs that have begun go on only if these stay as they are. */
START_TEST (streams_stay)
{
  AeRandom init = ae_random (1, 2, AE_RANDOM_INIT), crop = ae_random (1, 2, AE_RANDOM_CROP);
  AeRandom noise = ae_random (7, 123456, AE_RANDOM_NOISE),
           validation = ae_random (0, 3, AE_RANDOM_VALIDATION);
  float normal[3];

  ck_assert_uint_eq (ae_random_u64 (&init), 4236484867152012877u);
  ck_assert_uint_eq (ae_random_u64 (&crop), 11564682032689835163u);
  ck_assert_uint_eq (ae_random_u64 (&noise), 17225686237754525028u);
  ck_assert_uint_eq (ae_random_u64 (&validation), 2554057765806392200u);
  ae_random_normal (&noise, normal, 3);
  ck_assert_float_eq_tol (normal[0], -2.038057f, 1e-5f);
  ck_assert_float_eq_tol (normal[1], 0.2436991f, 1e-5f);
  ck_assert_float_eq_tol (normal[2], -0.7379938f, 1e-5f);
}
END_TEST

START_TEST (samples_stay)
{
  const Picture pictures[] = { { "a.png", 0 }, { "b.png", 30 } };
  g_autoptr (AeDataset) data = make_data (pictures, 2);
  g_autoptr (AeRecipe) r = parse (DENOISE NOISE "[degradation b]\nweight = 2\nsteps = bayer\n");
  AeSampler *s = make_sampler (r, data);
  float target[3 * 256], input[3 * 256], sigma[256];
  /* index, first value of the target in 8 bits, of the input, sigma in 8-bit steps */
  static const float expected[][4]
    = { { 0, 138, 139.2789f, 4.893967f },    { 997, 125, 105.2122f, 6.798196f },
        { 3988, 158, 134.9078f, 11.2457f },  { 8973, 40, 38.90251f, 1.912826f },
        { 15952, 134, 137.2518f, 5.05885f }, { 24925, 95, 70.06947f, 32.89654f } };

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      ae_sampler_draw (s, (guint64)expected[i][0], 16, target, input, sigma);
      ck_assert_float_eq_tol (target[0] * 255, expected[i][1], 1e-3f);
      ck_assert_float_eq_tol (input[0] * 255, expected[i][2], 0.02f);
      ck_assert_float_eq_tol (sigma[0] * 255, expected[i][3], 0.02f);
    }
  ae_sampler_free (s);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("sample");
  TCase *tcase = tcase_create ("sample");
  SRunner *runner;
  int failed;

  tcase_set_timeout (tcase, 60);
  tcase_add_loop_test (tcase, small_pictures, 2, 5);
  tcase_add_test (tcase, smaller_pictures);
  tcase_add_test (tcase, soft_pictures);
  tcase_add_test (tcase, pairs);
  tcase_add_test (tcase, pairs_missing);
  tcase_add_loop_test (tcase, pair_names, 0, G_N_ELEMENTS (names));
  tcase_add_test (tcase, streams_stay);
  tcase_add_test (tcase, samples_stay);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
