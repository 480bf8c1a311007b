/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-degrade.c - what the degradations do is what the recipe says. */

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "train/degrade-private.h"

#define SIZE 128
#define PIXELS (SIZE * SIZE)

typedef struct
{
  float *clean, *spoiled, *sigma;
} Pair;

/* Sample `index` of flat pictures. */
static Pair
spoil_nth (guint64 index, float value, int n_steps, const AeDegradeStep *steps)
{
  Pair p = { g_new (float, 3 * PIXELS), g_new (float, 3 * PIXELS), g_new (float, PIXELS) };
  AeDegradation d = { .name = (char *)"test", .weight = 1, .told_lo = 1, .told_hi = 1, .n_steps = n_steps };
  AeRandom random = ae_random (1, index, AE_RANDOM_NOISE);

  memcpy (d.steps, steps, sizeof (AeDegradeStep) * (gsize)n_steps);
  for (int i = 0; i < 3 * PIXELS; i++)
    p.clean[i] = p.spoiled[i] = value;
  ae_degrade (&d, &random, p.spoiled, p.sigma, SIZE, SIZE);
  return p;
}

static Pair
spoil (float value, int n_steps, const AeDegradeStep *steps)
{
  return spoil_nth (2, value, n_steps, steps);
}

static void
pair_free (Pair *p)
{
  g_free (p->clean);
  g_free (p->spoiled);
  g_free (p->sigma);
}

static double
deviation (const Pair *p, int channel)
{
  double squares = 0;

  for (int i = 0; i < PIXELS; i++)
    {
      double d = (double)p->spoiled[channel * PIXELS + i] - p->clean[channel * PIXELS + i];

      squares += d * d;
    }
  return sqrt (squares / PIXELS);
}

/* Correlation of neighbors in a row. */
static double
correlation (const Pair *p, int channel)
{
  double products = 0, squares = 0;

  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x + 1 < SIZE; x++)
      {
        int i = channel * PIXELS + y * SIZE + x;
        double a = (double)p->spoiled[i] - p->clean[i], b = (double)p->spoiled[i + 1] - p->clean[i + 1];

        products += a * b;
        squares += a * a;
      }
  return products / squares;
}

START_TEST (gaussian_has_its_level)
{
  const AeDegradeStep step = { AE_DEGRADE_GAUSSIAN, { 25 }, { 25 } };
  Pair p = spoil (0.5f, 1, &step);

  for (int c = 0; c < 3; c++)
    {
      ck_assert_double_eq_tol (deviation (&p, c) * 255, 25, 0.5);
      ck_assert_double_eq_tol (correlation (&p, c), 0, 0.03);
    }
  ck_assert_float_eq_tol (p.sigma[7] * 255, 25, 1e-4f);
  pair_free (&p);
}
END_TEST

START_TEST (round8_makes_bytes)
{
  const AeDegradeStep steps[]
    = { { AE_DEGRADE_GAUSSIAN, { 60 }, { 60 } }, { AE_DEGRADE_ROUND8, { 0 }, { 0 } } };
  Pair p = spoil (0.9f, 2, steps);

  for (int i = 0; i < 3 * PIXELS; i++)
    {
      double byte = (double)p.spoiled[i] * 255;

      ck_assert_double_eq_tol (byte, round (byte), 1e-4);
      ck_assert (byte > -1e-4 && byte < 255.0001);
    }
  /* the level that was added, although clipping took some away */
  ck_assert_float_eq_tol (p.sigma[0] * 255, 60, 1e-4f);
  pair_free (&p);
}
END_TEST

START_TEST (poisson_variance_is_linear_in_light)
{
  const AeDegradeStep step = { AE_DEGRADE_POISSON, { 1e-3f, 4e-3f }, { 1e-3f, 4e-3f } };
  const float values[] = { 0.25f, 0.5f, 0.75f };

  for (gsize v = 0; v < G_N_ELEMENTS (values); v++)
    {
      Pair p = spoil (values[v], 1, &step);
      double linear = (double)ae_srgb_to_linear (values[v]), squares = 0, expected;

      for (int i = 0; i < PIXELS; i++)
        {
          double d = (double)ae_srgb_to_linear (p.spoiled[i]) - linear;

          squares += d * d;
        }
      expected = 1e-3 * linear + 16e-6;
      ck_assert_double_eq_tol (squares / PIXELS, expected, 0.08 * expected);
      /* independent noise: the measured level is the deviation of what is there */
      ck_assert_double_eq_tol ((double)p.sigma[0], deviation (&p, 1), 0.05 * deviation (&p, 1));
      pair_free (&p);
    }
}
END_TEST

/* Green, whose gain is 1: on its own photosites the noise is that of the recipe. */
START_TEST (bayer_variance_is_linear_in_light)
{
  const AeDegradeStep step = { AE_DEGRADE_BAYER, { 1e-3f, 4e-3f, 0 }, { 1e-3f, 4e-3f, 0 } };
  const float values[] = { 0.25f, 0.5f, 0.75f };

  for (gsize v = 0; v < G_N_ELEMENTS (values); v++)
    {
      Pair p = spoil (values[v], 1, &step);
      double linear = (double)ae_srgb_to_linear (values[v]), squares[2] = { 0 },
             expected = 1e-3 * linear + 16e-6;

      for (int i = 0; i < PIXELS; i++)
        {
          double d = (double)ae_srgb_to_linear (p.spoiled[PIXELS + i]) - linear;

          squares[(i % SIZE + i / SIZE) & 1] += 2 * d * d / PIXELS;
        }
      /* between them the mean of four: a quarter of it */
      ck_assert_double_eq_tol (fmax (squares[0], squares[1]), expected, 0.08 * expected);
      ck_assert_double_eq_tol (fmin (squares[0], squares[1]), expected / 4, 0.08 * expected / 4);
      pair_free (&p);
    }
}
END_TEST

START_TEST (bayer_noise_is_blotchy)
{
  const AeDegradeStep step = { AE_DEGRADE_BAYER, { 2e-3f, 2e-3f, 0 }, { 2e-3f, 2e-3f, 0 } };
  Pair p = spoil (0.5f, 1, &step);

  /* of each red or blue photosite three more pixels are interpolated, of each green one one */
  ck_assert_double_gt (correlation (&p, 0), 0.4);
  ck_assert_double_gt (correlation (&p, 2), 0.4);
  ck_assert_double_gt (correlation (&p, 1), 0.2);
  ck_assert_double_gt (deviation (&p, 0), 0.01);
  ck_assert_double_lt ((double)p.sigma[0], deviation (&p, 0));
  pair_free (&p);
}
END_TEST

/* Noise changes no color, not even in the dark, where the curve bends most. */
START_TEST (sensors_are_unbiased)
{
  const AeDegradeStep steps[] = { { AE_DEGRADE_POISSON, { 0.02f, 0.01f }, { 0.02f, 0.01f } },
                                  { AE_DEGRADE_BAYER, { 0.02f, 0.01f, 0.5f }, { 0.02f, 0.01f, 0.5f } } };
  const float values[] = { 0.05f, 0.15f, 0.5f };

  for (gsize k = 0; k < G_N_ELEMENTS (steps); k++)
    for (gsize v = 0; v < G_N_ELEMENTS (values); v++)
      {
        Pair p = spoil (values[v], 1, &steps[k]);

        for (int c = 0; c < 3; c++)
          {
            double mean = 0;

            for (int i = 0; i < PIXELS; i++)
              mean += ((double)p.spoiled[c * PIXELS + i] - p.clean[c * PIXELS + i]) / PIXELS;
            ck_assert_double_gt (deviation (&p, c), 0.01);
            ck_assert_double_lt (fabs (mean), 0.05 * deviation (&p, c));
          }
        pair_free (&p);
      }
}
END_TEST

START_TEST (correlated_has_level_and_grain)
{
  const AeDegradeStep step = { AE_DEGRADE_CORRELATED, { 10, 0.8f, 0 }, { 10, 0.8f, 0 } };
  Pair p = spoil (0.5f, 1, &step);

  ck_assert_double_eq_tol (deviation (&p, 1) * 255, 10, 0.1);
  /* of noise blurred by a Gaussian: exp (-1 / (4 radius^2)) */
  ck_assert_double_eq_tol (correlation (&p, 1), exp (-1 / (4 * 0.64)), 0.05);
  pair_free (&p);
}
END_TEST

/* Thresholds of 0 leave everything; others leave noise that is weaker and coarser. */
START_TEST (reduce_leaves_coarse_noise)
{
  const AeDegradeStep noise = { AE_DEGRADE_CORRELATED, { 10, 0.3f, 1 }, { 10, 0.3f, 1 } };
  const AeDegradeStep none[] = { noise, { AE_DEGRADE_REDUCE, { 0, 0 }, { 0, 0 } } };
  const AeDegradeStep much[] = { noise, { AE_DEGRADE_REDUCE, { 3, 3 }, { 3, 3 } } };
  Pair before = spoil (0.5f, 1, &noise), same = spoil (0.5f, 2, none), reduced = spoil (0.5f, 2, much);

  for (int i = 0; i < 3 * PIXELS; i++)
    ck_assert_float_eq_tol (same.spoiled[i], before.spoiled[i], 1e-5f);
  for (int c = 0; c < 3; c++)
    {
      ck_assert_double_lt (deviation (&reduced, c), 0.4 * deviation (&before, c));
      ck_assert_double_gt (deviation (&reduced, c), 0.02 * deviation (&before, c));
      ck_assert_double_lt (correlation (&before, c), 0.4);
      ck_assert_double_gt (correlation (&reduced, c), 0.6);
    }
  ck_assert_float_lt (reduced.sigma[0], 0.4f * before.sigma[0]);
  pair_free (&before);
  pair_free (&same);
  pair_free (&reduced);
}
END_TEST

/* Beside strong edges the noise stays. */
START_TEST (reduce_keeps_noise_in_texture)
{
  AeDegradation d
    = { .name = (char *)"test",
        .told_lo = 1,
        .told_hi = 1,
        .n_steps = 2,
        .steps = { { AE_DEGRADE_GAUSSIAN, { 5 }, { 5 } }, { AE_DEGRADE_REDUCE, { 2, 2 }, { 2, 2 } } } };
  AeRandom random = ae_random (1, 0, AE_RANDOM_NOISE);
  g_autofree float *clean = g_new (float, 3 * PIXELS), *spoiled = NULL, *sigma = g_new (float, PIXELS);
  double texture = 0, flat = 0;

  for (int i = 0; i < 3 * PIXELS; i++) /* a checkerboard beside gray */
    clean[i] = i % SIZE < SIZE / 2 && (i % SIZE + i % PIXELS / SIZE) % 2 ? 0.8f : 0.5f;
  spoiled = g_memdup2 (clean, 3 * PIXELS * sizeof (float));
  ae_degrade (&d, &random, spoiled, sigma, SIZE, SIZE);
  for (int i = 0; i < 3 * PIXELS; i++)
    {
      double difference = (double)spoiled[i] - clean[i];

      if (i % SIZE < SIZE / 2 - 8)
        texture += difference * difference;
      else if (i % SIZE >= SIZE / 2 + 8)
        flat += difference * difference;
    }
  ck_assert_double_gt (flat, 0);
  ck_assert_double_gt (texture, 3 * flat);
}
END_TEST

/* Adds to power[k] the mean power that the rows of a plane have at k waves per row, k = 0..SIZE / 2. */
static void
add_spectrum (const float *plane, double *power)
{
  for (int k = 0; k <= SIZE / 2; k++)
    for (int y = 0; y < SIZE; y++)
      {
        double re = 0, im = 0;

        for (int x = 0; x < SIZE; x++)
          {
            re += (double)plane[y * SIZE + x] * cos (2 * G_PI * k * x / SIZE);
            im += (double)plane[y * SIZE + x] * sin (2 * G_PI * k * x / SIZE);
          }
        power[k] += (re * re + im * im) / (SIZE * SIZE);
      }
}

#define BAND 8 /* frequencies that are averaged */

/* Response at k waves per row of a Gaussian that is sampled at the pixels: Gaussians that repeat. */
static double
response (int k, double radius)
{
  double sum = 0;

  for (int m = -2; m <= 2; m++)
    {
      double f = 2 * G_PI * ((double)k / SIZE + m) * radius;

      sum += exp (-f * f / 2);
    }
  return sum;
}

/* Noise that a Gaussian of that deviation, in pixels, has blurred. */
static void
assert_spectrum (const double *power, double radius)
{
  double first = 0, first_expected = 0;

  for (int k = 1; k + BAND <= SIZE / 2; k += BAND)
    {
      double sum = 0, expected = 0;

      for (int j = k; j < k + BAND; j++)
        {
          sum += power[j];
          expected += response (j, radius) * response (j, radius);
        }
      if (k == 1)
        {
          first = sum;
          first_expected = expected;
        }
      ck_assert_msg (fabs (sum / first - expected / first_expected) < 0.03 + 0.1 * expected / first_expected,
                     "blur %g, frequency %d: %g of the first band, expected %g", radius, k, sum / first,
                     expected / first_expected);
    }
}

/* The brightness has the level and the blur of the recipe, the color differences the multiple and twice the
 * blur. */
START_TEST (correlated_has_its_spectrum)
{
  static const float radii[] = { 0.5f, 0.8f, 1.2f };
  float radius = radii[_i];
  const AeDegradeStep step = { AE_DEGRADE_CORRELATED, { 10, radius, 2.5f }, { 10, radius, 2.5f } };
  double luma[SIZE / 2 + 1] = { 0 }, chroma[SIZE / 2 + 1] = { 0 }, luma_squares = 0, chroma_squares = 0;
  const int draws = 12;
  float *y = g_new (float, PIXELS), *cb = g_new (float, PIXELS);

  for (int d = 0; d < draws; d++)
    {
      Pair p = spoil_nth ((guint64)d, 0.5f, 1, &step);

      for (int i = 0; i < PIXELS; i++)
        {
          float r = p.spoiled[i] - 0.5f, g = p.spoiled[PIXELS + i] - 0.5f,
                b = p.spoiled[2 * PIXELS + i] - 0.5f;

          y[i] = 0.299f * r + 0.587f * g + 0.114f * b;
          cb[i] = (b - y[i]) / 1.772f;
          luma_squares += (double)y[i] * y[i];
          chroma_squares += (double)cb[i] * cb[i];
        }
      add_spectrum (y, luma);
      add_spectrum (cb, chroma);
      pair_free (&p);
    }
  ck_assert_double_eq_tol (sqrt (luma_squares / PIXELS / draws) * 255, 10, 0.1);
  ck_assert_double_eq_tol (sqrt (chroma_squares / PIXELS / draws) * 255, 25, 0.25);
  assert_spectrum (luma, (double)radius);
  assert_spectrum (chroma, 2 * (double)radius);
  g_free (y);
  g_free (cb);
}
END_TEST

START_TEST (gaussian_is_white)
{
  const AeDegradeStep step = { AE_DEGRADE_GAUSSIAN, { 10 }, { 10 } };
  double power[SIZE / 2 + 1] = { 0 };

  for (int d = 0; d < 4; d++)
    {
      Pair p = spoil_nth ((guint64)d, 0, 1, &step);

      for (int c = 0; c < 3; c++)
        add_spectrum (p.spoiled + c * PIXELS, power);
      pair_free (&p);
    }
  assert_spectrum (power, 0);
}
END_TEST

/* The mean of a block goes in steps of an eighth of the first value of libjpeg's table for the quality, 16 at
 * 50. */
START_TEST (jpeg_steps_are_those_of_the_quality)
{
  static const int qualities[] = { 15, 30, 50, 70, 85, 95 };
  int quality = qualities[_i];
  const AeDegradeStep step = { AE_DEGRADE_JPEG, { (float)quality, 0.5f }, { (float)quality, 0.5f } };
  int percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  double size = (16 * percent + 50) / 100 / 8.0;

  for (int value = 90; value < 120; value++)
    {
      Pair p = spoil ((float)value / 255, 1, &step);
      double steps = (value - 128) / size, found = (double)p.spoiled[5000] * 255;
      double lower = 128 + size * floor (steps), upper = 128 + size * ceil (steps);
      double nearest = steps - floor (steps) < 0.5 ? lower : upper;

      if (fabs (steps - floor (steps) - 0.5) < 1e-9) /* in the middle: either */
        ck_assert (fabs (found - lower) < 0.51 || fabs (found - upper) < 0.51);
      else
        ck_assert_msg (fabs (found - nearest) < 0.51, "quality %d: %d became %g, expected %g", quality, value,
                       found, nearest);
      pair_free (&p);
    }
}
END_TEST

/* Color that changes from column to column does not outlive 4:2:0. */
START_TEST (jpeg_subsamples_as_often_as_told)
{
  enum
  {
    SIDE = 16,
    DRAWS = 200
  };
  const AeDegradation d = { .name = (char *)"test",
                            .weight = 1,
                            .told_lo = 1,
                            .told_hi = 1,
                            .n_steps = 1,
                            .steps = { { AE_DEGRADE_JPEG, { 100, 0.3f }, { 100, 0.3f } } } };
  float rgb[3 * SIDE * SIDE], sigma[SIDE * SIDE];
  int subsampled = 0;

  for (int draw = 0; draw < DRAWS; draw++)
    {
      AeRandom random = ae_random (1, (guint64)draw, AE_RANDOM_NOISE);
      double kept = 0;

      for (int i = 0; i < 3 * SIDE * SIDE; i++)
        rgb[i] = i / (SIDE * SIDE) == 2 ? 0.3f + 0.4f * (float)(i & 1) : 0.5f;
      ae_degrade (&d, &random, rgb, sigma, SIDE, SIDE);
      for (int i = 0; i + 1 < SIDE * SIDE; i += 2)
        kept += (double)(rgb[2 * SIDE * SIDE + i + 1] - rgb[2 * SIDE * SIDE + i]) / (SIDE * SIDE / 2);
      ck_assert_msg (kept < 0.15 || kept > 0.35, "a contrast of %g was kept of 0.4", kept);
      subsampled += kept < 0.15;
    }
  ck_assert_msg (subsampled > 40 && subsampled < 80, "%d of %d, expected 60", subsampled, DRAWS);
}
END_TEST

/* Where blocks begin: at 8 places, horizontally and vertically. */
START_TEST (jpeg_blocks_begin_anywhere)
{
  const AeDegradeStep steps[]
    = { { AE_DEGRADE_GAUSSIAN, { 20 }, { 20 } }, { AE_DEGRADE_JPEG, { 5, 0 }, { 5, 0 } } };
  int seen[2] = { 0, 0 };

  for (guint64 draw = 0; draw < 64; draw++)
    {
      Pair p = spoil_nth (draw, 0.5f, 2, steps);

      for (int turn = 0; turn < 2; turn++)
        {
          double jumps[8] = { 0 };
          int best = 0;

          for (int a = 0; a < SIZE; a++)
            for (int b = 0; b + 1 < SIZE; b++)
              {
                int i = turn ? b * SIZE + a : a * SIZE + b, next = i + (turn ? SIZE : 1);

                jumps[(b + 1) % 8] += (double)fabsf (p.spoiled[next] - p.spoiled[i]);
              }
          for (int o = 1; o < 8; o++)
            best = jumps[o] > jumps[best] ? o : best;
          seen[turn] |= 1 << best;
        }
      pair_free (&p);
    }
  ck_assert_int_eq (seen[0], 255);
  ck_assert_int_eq (seen[1], 255);
}
END_TEST

START_TEST (level_told_is_a_share)
{
  AeDegradation d = { .name = (char *)"test",
                      .weight = 1,
                      .told_lo = 0.5f,
                      .told_hi = 0.9f,
                      .n_steps = 1,
                      .steps = { { AE_DEGRADE_GAUSSIAN, { 20 }, { 20 } } } };
  float lowest = 1, highest = 0;

  for (guint64 i = 0; i < 100; i++)
    {
      AeRandom random = ae_random (1, i, AE_RANDOM_NOISE);
      float rgb[3 * 16] = { 0 }, sigma[16];

      ae_degrade (&d, &random, rgb, sigma, 4, 4);
      lowest = MIN (lowest, sigma[0]);
      highest = MAX (highest, sigma[0]);
    }
  ck_assert_float_ge (lowest, 20 * 0.5f / 255 * 0.999f);
  ck_assert_float_le (highest, 20 * 0.9f / 255 * 1.001f);
  ck_assert_float_gt (highest - lowest, 20 * 0.3f / 255);
}
END_TEST

START_TEST (blur_spreads_a_point)
{
  const float radius = 1.5f;
  const AeDegradation d = { .name = (char *)"test",
                            .weight = 1,
                            .told_lo = 1,
                            .told_hi = 1,
                            .n_steps = 1,
                            .steps = { { AE_DEGRADE_BLUR, { radius }, { radius } } } };
  AeRandom random = ae_random (1, 2, AE_RANDOM_NOISE);
  Pair p = { g_new0 (float, 3 * PIXELS), g_new0 (float, 3 * PIXELS), g_new (float, PIXELS) };
  double sum = 0, squares = 0;

  p.spoiled[64 * SIZE + 64] = 1;
  ae_degrade (&d, &random, p.spoiled, p.sigma, SIZE, SIZE);
  for (int i = 0; i < PIXELS; i++)
    {
      sum += (double)p.spoiled[i];
      squares += (double)p.spoiled[i] * (i % SIZE - 64) * (i % SIZE - 64);
    }
  ck_assert_double_eq_tol (sum, 1, 1e-4);
  ck_assert_double_eq_tol (sqrt (squares / sum), (double)radius, 0.02);
  pair_free (&p);
}
END_TEST

START_TEST (jpeg_quality_orders_errors)
{
  double last = 1;

  for (int quality = 10; quality <= 95; quality += 17)
    {
      const AeDegradeStep steps[] = { { AE_DEGRADE_GAUSSIAN, { 20 }, { 20 } },
                                      { AE_DEGRADE_JPEG, { (float)quality, 0 }, { (float)quality, 0 } } };
      const AeDegradeStep noise = steps[0];
      Pair p = spoil (0.5f, 2, steps), n = spoil (0.5f, 1, &noise);
      double error;

      memcpy (p.clean, n.spoiled, sizeof (float) * 3 * PIXELS);
      error = deviation (&p, 1);
      ck_assert_msg (error < last, "quality %d: %g, before %g", quality, error, last);
      last = error;
      pair_free (&p);
      pair_free (&n);
    }
  ck_assert_double_lt (last, 0.02);
}
END_TEST

START_TEST (gray_has_one_noise)
{
  const AeDegradeStep steps[]
    = { { AE_DEGRADE_GAUSSIAN, { 25 }, { 25 } }, { AE_DEGRADE_GRAY, { 0 }, { 0 } } };
  Pair p = spoil (0.5f, 2, steps);
  float rgb[] = { 1, 0, 0, 1, 0, 1 }; /* [3][1][2]: red and cyan */
  AeRandom random = ae_random (1, 0, AE_RANDOM_NOISE);

  ck_assert_mem_eq (p.spoiled, p.spoiled + PIXELS, sizeof (float) * PIXELS);
  ck_assert_mem_eq (p.spoiled, p.spoiled + 2 * PIXELS, sizeof (float) * PIXELS);
  ck_assert_double_eq_tol (deviation (&p, 0) * 255, 25, 0.5);
  ck_assert_float_eq_tol (p.sigma[7] * 255, 25, 1e-4f);
  ae_degrade_clean (&(AeDegradation){ .gray = TRUE }, &random, rgb, 2, 1);
  for (int c = 0; c < 3; c++)
    {
      ck_assert_float_eq_tol (rgb[2 * c], 0.299f, 1e-6f);
      ck_assert_float_eq_tol (rgb[2 * c + 1], 0.701f, 1e-6f);
    }
  pair_free (&p);
}
END_TEST

START_TEST (samples_repeat)
{
  const AeDegradeStep steps[] = { { AE_DEGRADE_BAYER, { 1e-3f, 1e-3f, 0.5f }, { 1e-2f, 1e-2f, 0.5f } },
                                  { AE_DEGRADE_JPEG, { 50, 0.5f }, { 90, 0.5f } } };
  Pair a = spoil (0.4f, 2, steps), b = spoil (0.4f, 2, steps);

  ck_assert_mem_eq (a.spoiled, b.spoiled, sizeof (float) * 3 * PIXELS);
  pair_free (&a);
  pair_free (&b);
}
END_TEST

START_TEST (random_is_normal)
{
  AeRandom random = ae_random (1, 1, AE_RANDOM_NOISE), again = ae_random (1, 2, AE_RANDOM_NOISE);
  float *values = g_new (float, 100001);
  double sum = 0, squares = 0, fourth = 0;

  ae_random_normal (&random, values, 100001);
  for (int i = 0; i < 100001; i++)
    {
      double v = values[i];

      sum += v;
      squares += v * v;
      fourth += v * v * v * v;
    }
  ck_assert_double_eq_tol (sum / 100001, 0, 0.01);
  ck_assert_double_eq_tol (squares / 100001, 1, 0.01);
  ck_assert_double_eq_tol (fourth / 100001, 3, 0.1);
  ck_assert (ae_random_u64 (&again) != ae_random_u64 (&random));
  for (int i = 0; i < 1000; i++)
    {
      int n = ae_random_int (&random, 7);

      ck_assert (n >= 0 && n < 7);
    }
  g_free (values);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("degrade");
  TCase *tcase = tcase_create ("degrade");
  SRunner *runner;
  int failed;

  tcase_set_timeout (tcase, 60);
  tcase_add_test (tcase, gaussian_has_its_level);
  tcase_add_test (tcase, round8_makes_bytes);
  tcase_add_test (tcase, poisson_variance_is_linear_in_light);
  tcase_add_test (tcase, bayer_noise_is_blotchy);
  tcase_add_test (tcase, sensors_are_unbiased);
  tcase_add_test (tcase, correlated_has_level_and_grain);
  tcase_add_test (tcase, reduce_leaves_coarse_noise);
  tcase_add_test (tcase, reduce_keeps_noise_in_texture);
  tcase_add_test (tcase, bayer_variance_is_linear_in_light);
  tcase_add_loop_test (tcase, correlated_has_its_spectrum, 0, 3);
  tcase_add_test (tcase, gaussian_is_white);
  tcase_add_test (tcase, level_told_is_a_share);
  tcase_add_test (tcase, blur_spreads_a_point);
  tcase_add_loop_test (tcase, jpeg_steps_are_those_of_the_quality, 0, 6);
  tcase_add_test (tcase, jpeg_subsamples_as_often_as_told);
  tcase_add_test (tcase, jpeg_blocks_begin_anywhere);
  tcase_add_test (tcase, jpeg_quality_orders_errors);
  tcase_add_test (tcase, gray_has_one_noise);
  tcase_add_test (tcase, samples_repeat);
  tcase_add_test (tcase, random_is_normal);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
