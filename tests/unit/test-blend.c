/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-blend.c - blending, and the parameters that rule it. */

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <ae/error.h>
#include "core/blend.h"
#include "core/params.h"

#define WIDTH 64
#define HEIGHT 48
#define N (WIDTH * HEIGHT)

typedef struct
{
  float picture[3 * N], network[3 * N], result[3 * N];
} Planes;

static float
random_value (guint32 *state)
{
  *state = *state * 1664525u + 1013904223u;
  return (float)(*state >> 8) / (float)(1 << 24);
}

static Planes *
make_planes (void)
{
  Planes *p = g_new (Planes, 1);
  guint32 state = 3;

  for (int i = 0; i < 3 * N; i++)
    {
      p->picture[i] = 2 * random_value (&state) - 0.5f;
      p->network[i] = random_value (&state);
    }
  return p;
}

static void
blend (Planes *p, double strength, double detail, double color_noise, double sigma, int channels)
{
  AeDenoiseParams params;
  AeBlend b;

  ae_denoise_params_init (&params);
  params.strength = strength;
  params.detail = detail;
  params.color_noise = color_noise;
  ae_blend_init (&b, &params, sigma);
  ae_blend_apply (&b, p->picture, p->network, p->result, channels, WIDTH, HEIGHT);
}

static float
luminance (const float *planes, int i)
{
  return 0.2126f * planes[i] + 0.7152f * planes[N + i] + 0.0722f * planes[2 * N + i];
}

START_TEST (test_ends)
{
  for (int channels = 1; channels <= 3; channels += 2)
    {
      g_autofree Planes *p = make_planes ();
      const gsize size = sizeof (float) * N * (gsize)channels;

      blend (p, 100, 0, 100, 20, channels);
      ck_assert (memcmp (p->result, p->network, size) == 0);
      blend (p, 0, 0, 100, 20, channels);
      ck_assert (memcmp (p->result, p->picture, size) == 0);
      blend (p, 0, 60, 10, 20, channels);
      ck_assert (memcmp (p->result, p->picture, size) == 0);
    }
}
END_TEST

START_TEST (test_strength)
{
  g_autofree Planes *p = make_planes ();

  blend (p, 30, 0, 100, 20, 3);
  for (int i = 0; i < 3 * N; i++)
    ck_assert_float_eq_tol (p->result[i], 0.7f * p->picture[i] + 0.3f * p->network[i], 1e-6f);
}
END_TEST

START_TEST (test_in_place)
{
  g_autofree Planes *p = make_planes (), *q = make_planes ();
  AeDenoiseParams params;
  AeBlend b;

  for (int i = 0; i < 4; i++)
    {
      ae_denoise_params_init (&params);
      params.strength = i == 0 ? 100 : 40;
      params.detail = i == 2 ? 50 : 0;
      params.color_noise = i == 3 ? 20 : 100;
      ae_blend_init (&b, &params, 10);
      ae_blend_apply (&b, p->picture, p->network, p->result, 3, WIDTH, HEIGHT);
      memcpy (q->network, p->network, sizeof p->network);
      ae_blend_apply (&b, p->picture, q->network, q->network, 3, WIDTH, HEIGHT);
      ck_assert (memcmp (p->result, q->network, sizeof p->result) == 0);
    }
}
END_TEST

START_TEST (test_not_finite)
{
  g_autofree Planes *p = make_planes ();

  p->picture[5] = NAN;
  p->picture[N + 9] = INFINITY;
  for (int i = 0; i < 4; i++)
    {
      blend (p, i == 0 ? 0 : i == 1 ? 100 : 50, i == 3 ? 50 : 0, i == 2 ? 10 : 100, 20, 3);
      for (int k = 0; k < 3 * N; k++)
        ck_assert (isfinite (p->result[k]));
    }
  blend (p, 50, 0, 100, 20, 3);
  ck_assert_float_eq_tol (p->result[5], p->network[5] / 2, 1e-6f);
}
END_TEST

/* Without the change of color: the luminance of the network, the colors of the picture. */
START_TEST (test_color_noise)
{
  g_autofree Planes *p = make_planes ();

  blend (p, 100, 0, 0, 20, 3);
  for (int i = 0; i < N; i++)
    {
      ck_assert_float_eq_tol (luminance (p->result, i), luminance (p->network, i), 1e-5f);
      for (int c = 0; c < 3; c++)
        ck_assert_float_eq_tol (p->result[c * N + i] - luminance (p->result, i),
                                p->picture[c * N + i] - luminance (p->picture, i), 1e-5f);
    }
  blend (p, 100, 0, 40, 20, 3);
  for (int i = 0; i < N; i++)
    {
      const float color = p->picture[i] - luminance (p->picture, i);
      const float change = p->network[i] - luminance (p->network, i) - color;

      ck_assert_float_eq_tol (p->result[i] - luminance (p->result, i), color + 0.4f * change, 1e-5f);
    }
  blend (p, 100, 0, 0, 20, 1);
  ck_assert (memcmp (p->result, p->network, N * sizeof (float)) == 0);
}
END_TEST

/* The network has taken out a line and noise: the line comes back, the noise does not. */
START_TEST (test_detail)
{
  g_autofree Planes *p = g_new0 (Planes, 1);
  guint32 state = 9;
  double noise_before = 0, noise_after = 0;
  const int line = 30;

  for (int i = 0; i < N; i++)
    {
      float noise = 0;

      for (int k = 0; k < 12; k++)
        noise += random_value (&state) - 0.5f;
      for (int c = 0; c < 3; c++)
        {
          p->network[c * N + i] = 0.5f;
          p->picture[c * N + i] = 0.5f + noise * 5 / 255 + (i % WIDTH == line ? 0.3f : 0);
        }
    }
  ck_assert_int_eq (ae_blend_margin (&(AeBlend){ .strength = 1 }), 0);
  ck_assert_int_gt (ae_blend_margin (&(AeBlend){ .strength = 1, .detail = 0.5f }), 0);
  blend (p, 100, 100, 100, 5 / 0.7496, 3); /* the same noise in all channels has more luminance */
  for (int y = 0; y < HEIGHT; y++)
    {
      ck_assert_float_gt (p->result[y * WIDTH + line], 0.6f);
      for (int x = 0; x < WIDTH; x++)
        if (abs (x - line) > 16)
          {
            noise_before += pow ((double)p->picture[y * WIDTH + x] - 0.5, 2);
            noise_after += pow ((double)p->result[y * WIDTH + x] - 0.5, 2);
          }
    }
  ck_assert_double_lt (sqrt (noise_after), 0.3 * sqrt (noise_before));
}
END_TEST

/* A part with the margin gives what the whole gives. */
START_TEST (test_margin)
{
  g_autofree Planes *p = make_planes (), *q = make_planes ();
  const AeBlend b = { .strength = 0.8f, .detail = 0.6f, .color_noise = 0.5f, .sigma = 0.05f };
  const int margin = ae_blend_margin (&b), x0 = 20, y0 = 18, width = 7, height = 5;
  const int wide = width + 2 * margin, high = height + 2 * margin;

  ae_blend_apply (&b, p->picture, p->network, p->result, 3, WIDTH, HEIGHT);
  for (int c = 0; c < 3; c++)
    for (int y = 0; y < high; y++)
      for (int x = 0; x < wide; x++)
        {
          const int from = c * N + (y0 - margin + y) * WIDTH + x0 - margin + x,
                    to = (c * high + y) * wide + x;

          q->picture[to] = p->picture[from];
          q->network[to] = p->network[from];
        }
  ae_blend_apply (&b, q->picture, q->network, q->result, 3, wide, high);
  for (int c = 0; c < 3; c++)
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++)
        ck_assert_float_eq (q->result[(c * high + margin + y) * wide + margin + x],
                            p->result[c * N + (y0 + y) * WIDTH + x0 + x]);
}
END_TEST

START_TEST (test_params)
{
  AeDenoiseParams params;
  g_autofree char *name = g_strnfill (AE_PARAMS_MODEL_MAX - 1, 'a'),
                  *more = g_strnfill (AE_PARAMS_MODEL_MAX, 'a');
  g_autoptr (GError) error = NULL;
  double *const values[] = { &params.sigma, &params.strength, &params.detail, &params.color_noise };
  const double wrong[] = { -0.01, 100.01, NAN, INFINITY };

  ae_denoise_params_init (&params);
  ck_assert (params.noise_auto);
  ck_assert_str_eq (params.model, "");
  ck_assert_double_eq (params.strength, 100);
  ck_assert_double_eq (params.detail, 0);
  ck_assert_double_eq (params.color_noise, 100);
  ck_assert (ae_denoise_params_check (&params, &error));
  params.sigma = 500; /* not looked at */
  ck_assert (ae_denoise_params_check (&params, &error));
  for (gsize v = 0; v < G_N_ELEMENTS (values); v++)
    for (gsize w = 0; w < G_N_ELEMENTS (wrong); w++)
      {
        ae_denoise_params_init (&params);
        params.noise_auto = FALSE;
        *values[v] = wrong[w];
        ck_assert (!ae_denoise_params_check (&params, &error));
        ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_ARGUMENT));
        ck_assert_ptr_nonnull (strstr (error->message, v == 0 ? "75" : "100"));
        g_clear_error (&error);
      }
  ae_denoise_params_init (&params);
  ck_assert (ae_denoise_params_set_model (&params, name, &error));
  ck_assert_str_eq (params.model, name);
  ck_assert (!ae_denoise_params_set_model (&params, more, &error));
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_ARGUMENT));
  ck_assert_str_eq (params.model, name);
  g_clear_error (&error);
  ck_assert (ae_denoise_params_set_model (&params, NULL, &error));
  ck_assert_str_eq (params.model, "");
  memset (params.model, 'a', sizeof params.model);
  ck_assert (!ae_denoise_params_check (&params, &error));
}
END_TEST

START_TEST (test_parse_noise)
{
  AeDenoiseParams params;
  const char *const wrong[] = { "", "loud", "-1", "75.01", "5x", "nan", "inf", "5,5", " " };
  g_autoptr (GError) error = NULL;

  ae_denoise_params_init (&params);
  ck_assert (ae_denoise_params_parse_noise (&params, "12.5", &error));
  ck_assert (!params.noise_auto);
  ck_assert_double_eq (params.sigma, 12.5);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      ck_assert_msg (!ae_denoise_params_parse_noise (&params, wrong[i], &error), "\"%s\"", wrong[i]);
      ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_ARGUMENT));
      g_clear_error (&error);
      ck_assert_double_eq (params.sigma, 12.5);
    }
  ck_assert (ae_denoise_params_parse_noise (&params, "0", &error));
  ck_assert (ae_denoise_params_parse_noise (&params, "75", &error));
  ck_assert (ae_denoise_params_parse_noise (&params, "Auto", &error));
  ck_assert (params.noise_auto);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("blend");
  TCase *tcase = tcase_create ("blend");
  SRunner *runner;
  int failed;

  tcase_add_test (tcase, test_ends);
  tcase_add_test (tcase, test_strength);
  tcase_add_test (tcase, test_in_place);
  tcase_add_test (tcase, test_not_finite);
  tcase_add_test (tcase, test_color_noise);
  tcase_add_test (tcase, test_detail);
  tcase_add_test (tcase, test_margin);
  tcase_add_test (tcase, test_params);
  tcase_add_test (tcase, test_parse_noise);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
