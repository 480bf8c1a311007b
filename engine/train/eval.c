/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* eval.c - noise or shrinking, the model, and the comparison. */

#include "eval.h"

#include <math.h>
#include <string.h>

#include <ae/error.h>
#include <ae/resize.h>

#include "jpeg.h"
#include "metrics.h"
#include "numpy-random.h"

/* The picture given to the network and the 8-bit picture made from its result. */
typedef struct
{
  const float *planes; /* [3][height][width] */
  int width, height;
  guint8 *rgb; /* [out_height][out_width][3] */
  int out_width;

} Exchange;

static gboolean
read_planes (const AeRect *rect, float *planes, gpointer data, GError **error)
{
  const Exchange *exchange = data;
  const gsize plane = (gsize)exchange->width * (gsize)exchange->height;

  for (gsize c = 0; c < 3; c++)
    for (int y = 0; y < rect->height; y++)
      {
        const float *row = exchange->planes + c * plane + (gsize)(rect->y + y) * (gsize)exchange->width;
        memcpy (planes, row + rect->x, sizeof (float) * (gsize)rect->width);
        planes += rect->width;
      }
  return TRUE;
}

/* Halves to even, as numpy.round () does. */
static guint8
to_u8 (float v)
{
  return v > 0.0f ? (v < 1.0f ? (guint8)lrintf (v * 255.0f) : 255) : 0;
}

static gboolean
write_rgb8 (const AeRect *rect, const float *planes, gpointer data, GError **error)
{
  Exchange *exchange = data;

  for (gsize c = 0; c < 3; c++)
    for (int y = 0; y < rect->height; y++)
      {
        guint8 *row
          = exchange->rgb + ((gsize)(rect->y + y) * (gsize)exchange->out_width + (gsize)rect->x) * 3;
        for (int x = 0; x < rect->width; x++)
          row[(gsize)x * 3 + c] = to_u8 (*planes++);
      }
  return TRUE;
}

static gboolean
check_model (AeSession *session, gboolean enlarges, GError **error)
{
  const AeGraph *graph = ae_model_graph (ae_session_model (session));
  const int scale = ae_graph_scale (graph);

  if (ae_graph_find_input (graph, AE_PLANES_RGB) < 0)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                 "the model takes no R'G'B' picture: only color models can be measured");
  else if (enlarges && scale == 1)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "the model does not enlarge: its scale is 1");
  else if (!enlarges && scale != 1)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                 "the model enlarges ×%d: expected one that keeps the size of the picture", scale);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_sigma (double sigma, GError **error)
{
  if (sigma >= 0.0 && sigma <= 255.0)
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "noise level %g, expected 0 to 255", sigma);
  return FALSE;
}

/* rgb: of the result. */
static gboolean
run_model (AeSession *session, const float *planes, int width, int height, double sigma, gboolean unclamped,
           guint8 *rgb, double *seconds, GError **error)
{
  const int scale = ae_graph_scale (ae_model_graph (ae_session_model (session)));
  Exchange exchange = { .planes = planes, .width = width, .height = height, .rgb = rgb };
  AeRun run = { .width = width,
                .height = height,
                .sigma = (float)sigma,
                .unclamped = unclamped,
                .read = read_planes,
                .write = write_rgb8,
                .data = &exchange };
  const gint64 start = g_get_monotonic_time ();

  exchange.out_width = width * scale;
  if (!ae_session_run (session, &run, error))
    return FALSE;
  *seconds = (double)(g_get_monotonic_time () - start) / 1e6;
  return TRUE;
}

static void
to_planes (const guint8 *rgb, gsize n, float *planes)
{
  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < 3; c++)
      planes[c * n + i] = (float)rgb[i * 3 + c] / 255.0f;
}

static AeScore
score_rgb (const guint8 *clean, const guint8 *other, int width, int height)
{
  AeScore score = { ae_metrics_psnr_rgb (clean, other, width, height, 0),
                    ae_metrics_ssim_rgb (clean, other, width, height, 0) };

  return score;
}

/* PSNR of values that are not 8 bit. */
static double
psnr_planes (const guint8 *clean, const float *planes, gsize n)
{
  double sum = 0.0;

  for (gsize c = 0; c < 3; c++)
    for (gsize i = 0; i < n; i++)
      {
        const double d = (double)planes[c * n + i] * 255.0 - clean[i * 3 + c];
        sum += d * d;
      }
  return sum > 0.0 ? 10.0 * log10 (255.0 * 255.0 * 3.0 * (double)n / sum) : INFINITY;
}

static void
add_noise (const guint8 *clean, gsize n, double sigma, float *planes)
{
  AeNumpyRandom *random = g_new (AeNumpyRandom, 1);

  ae_numpy_random_seed (random, 0);
  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < 3; c++)
      {
        const double noise = sigma / 255.0 * ae_numpy_random_normal (random);
        planes[c * n + i] = (float)((double)((float)clean[i * 3 + c] / 255.0f) + noise);
      }
  g_free (random);
}

gboolean
ae_eval_gaussian (AeSession *session, const guint8 *clean, int width, int height, double sigma, gboolean clip,
                  AeEvalResult *result, GError **error)
{
  const gsize n = (gsize)width * (gsize)height;
  g_autofree float *planes = NULL;
  g_autofree guint8 *noisy = NULL, *denoised = NULL;

  if (!check_model (session, FALSE, error) || !check_sigma (sigma, error))
    return FALSE;
  planes = g_new (float, n * 3);
  noisy = g_new (guint8, n * 3);
  denoised = g_new (guint8, n * 3);
  add_noise (clean, n, sigma, planes);
  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < 3; c++)
      noisy[i * 3 + c] = to_u8 (planes[c * n + i]);
  result->width = width;
  result->height = height;
  result->before = score_rgb (clean, noisy, width, height);
  if (clip)
    to_planes (noisy, n, planes);
  else
    result->before.psnr = psnr_planes (clean, planes, n);
  if (!run_model (session, planes, width, height, sigma, !clip, denoised, &result->seconds, error))
    return FALSE;
  result->after = score_rgb (clean, denoised, width, height);
  return TRUE;
}

gboolean
ae_eval_pair (AeSession *session, const guint8 *clean, const guint8 *noisy, int width, int height,
              double sigma, AeEvalResult *result, GError **error)
{
  const gsize n = (gsize)width * (gsize)height;
  g_autofree float *planes = NULL;
  g_autofree guint8 *denoised = NULL;

  if (!check_model (session, FALSE, error) || !check_sigma (sigma, error))
    return FALSE;
  planes = g_new (float, n * 3);
  denoised = g_new (guint8, n * 3);
  to_planes (noisy, n, planes);
  result->width = width;
  result->height = height;
  result->before = score_rgb (clean, noisy, width, height);
  if (!run_model (session, planes, width, height, sigma, FALSE, denoised, &result->seconds, error))
    return FALSE;
  result->after = score_rgb (clean, denoised, width, height);
  return TRUE;
}

/* [height][width] */
static guint8 *
luminance (const guint8 *rgb, gsize n)
{
  guint8 *y = g_new (guint8, n);
  gboolean gray = TRUE;

  for (gsize i = 0; i < n && gray; i++)
    gray = rgb[3 * i] == rgb[3 * i + 1] && rgb[3 * i] == rgb[3 * i + 2];
  for (gsize i = 0; i < n; i++)
    y[i] = gray ? rgb[3 * i] : ae_metrics_y (rgb + 3 * i);
  return y;
}

/* Three equal channels, as the network and the metrics want them. */
static guint8 *
repeat (const guint8 *y, gsize n)
{
  guint8 *rgb = g_new (guint8, n * 3);

  for (gsize i = 0; i < n * 3; i++)
    rgb[i] = y[i / 3];
  return rgb;
}

gboolean
ae_eval_jpeg (AeSession *session, const guint8 *picture, int width, int height, int quality,
              AeEvalResult *result, GError **error)
{
  const gsize n = (gsize)width * (gsize)height;
  g_autofree guint8 *y = NULL, *clean = NULL, *compressed = NULL, *repaired = NULL;
  g_autofree float *planes = NULL;

  if (!check_model (session, FALSE, error))
    return FALSE;
  y = luminance (picture, n);
  clean = repeat (y, n);
  ae_jpeg_compress (y, width, height, 1, quality, FALSE);
  compressed = repeat (y, n);
  repaired = g_new (guint8, n * 3);
  planes = g_new (float, n * 3);
  to_planes (compressed, n, planes);
  result->width = width;
  result->height = height;
  result->before = score_rgb (clean, compressed, width, height);
  if (!run_model (session, planes, width, height, 0, FALSE, repaired, &result->seconds, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      const int sum = repaired[3 * i] + repaired[3 * i + 1] + repaired[3 * i + 2];

      repaired[3 * i] = repaired[3 * i + 1] = repaired[3 * i + 2] = (guint8)((sum + 1) / 3);
    }
  result->after = score_rgb (clean, repaired, width, height);
  return TRUE;
}

static AeScore
score_y (const guint8 *a, const guint8 *b, int width, int height, int crop)
{
  AeScore score
    = { ae_metrics_psnr_y (a, b, width, height, crop), ae_metrics_ssim_y (a, b, width, height, crop) };

  return score;
}

gboolean
ae_eval_upscale (AeSession *session, const guint8 *picture, int width, int height, double sigma,
                 AeEvalResult *result, GError **error)
{
  const int scale = ae_graph_scale (ae_model_graph (ae_session_model (session)));
  const int small_width = width / scale, small_height = height / scale;
  const int w = small_width * scale, h = small_height * scale;
  const gsize n = (gsize)w * (gsize)h, small_n = (gsize)small_width * (gsize)small_height;
  g_autofree guint8 *whole = NULL, *small = NULL, *enlarged = NULL;
  g_autofree float *planes = NULL;

  if (!check_model (session, TRUE, error) || !check_sigma (sigma, error))
    return FALSE;
  if (w <= 2 * scale || h <= 2 * scale)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%d × %d pixels, expected at least %d each", width,
                   height, 3 * scale);
      return FALSE;
    }
  whole = g_new (guint8, n * 3);
  small = g_new (guint8, small_n * 3);
  enlarged = g_new (guint8, n * 3);
  planes = g_new (float, small_n * 3);
  for (int y = 0; y < h; y++)
    memcpy (whole + (gsize)y * (gsize)w * 3, picture + (gsize)y * (gsize)width * 3, (gsize)w * 3);
  ae_resize_bicubic_rgb8 (whole, w, h, small, small_width, small_height);

  result->width = w;
  result->height = h;
  ae_resize_bicubic_rgb8 (small, small_width, small_height, enlarged, w, h);
  result->before = score_y (whole, enlarged, w, h, scale);
  to_planes (small, small_n, planes);
  if (!run_model (session, planes, small_width, small_height, sigma, FALSE, enlarged, &result->seconds,
                  error))
    return FALSE;
  result->after = score_y (whole, enlarged, w, h, scale);
  return TRUE;
}
