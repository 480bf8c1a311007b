/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* noise-estimate.c - how noisy a picture is. */

#include "noise-estimate.h"

#include <math.h>
#include "noise-private.h"
#include "params.h"
#include "pixels.h"

/* Noise of the highest levels reaches so far beyond the range of 0 to 1 in floats. */
#define BEYOND 1.0f

/* Pictures larger than this are sampled in squares. */
#define SAMPLE_PIXELS (1024 * 1024)
#define BLOCK 64

/* Channels that differ by less are those of a picture without colors. */
#define GRAY_DIFFERENCE 0.001f

static double
estimate (const float *planes, const guint8 *mask, int channels, int width, int height, int block)
{
  const gsize n = (gsize)width * (gsize)height;
  guint8 *bad = g_new0 (guint8, n), *clipped = g_new0 (guint8, n);
  AeNoiseSample sample = { planes, bad, clipped, channels, width, height, block };
  gboolean gray = TRUE;
  double white, smooth, compression;

  for (gsize i = 0; i < n; i++)
    {
      bad[i] = mask && !mask[i];
      for (gsize c = 0; c < (gsize)channels; c++)
        {
          const float v = planes[c * n + i];

          /* Floats beyond the range show that nothing was cut off there, unless they are far away. */
          if (!(v >= -BEYOND && v <= 1 + BEYOND))
            bad[i] = 1;
          else if (v == 0 || v == 1)
            clipped[i]++;
          gray = gray && (bad[i] || fabsf (v - planes[i]) <= GRAY_DIFFERENCE);
        }
    }
  if (gray) /* equal planes: no noise between them */
    {
      sample.channels = 1;
      for (gsize i = 0; i < n; i++)
        clipped[i] = clipped[i] > 0;
    }
  /*
   * White noise from the eigenvalues of patches (exact, but blind to noise that
   * a camera has smoothed, and too high for sharp pictures without noise), as
   * far as flat places leave room for it; the rest of what they show; and what
   * compression has done, which leaves little noise in flat places.
   */
  white = MAX (ae_noise_white (&sample), 0);
  smooth = ae_noise_flat (&sample, &white);
  compression = ae_noise_blocks (&sample);
  g_free (bad);
  g_free (clipped);
  return MIN (hypot (hypot (white, smooth), compression), AE_PARAMS_SIGMA_MAX);
}

double
ae_noise_estimate (const float *planes, const guint8 *mask, int channels, int width, int height)
{
  return estimate (planes, mask, channels, width, height, 0);
}

/* Working pixels to planes at x, y of a sample, and the mask of visible pixels. */
static void
place (const float *work, int colors, const GeglRectangle *from, float *planes, guint8 *mask, int x0, int y0,
       int width, int height)
{
  for (int y = 0; y < from->height; y++)
    for (int x = 0; x < from->width; x++, work += colors + 1)
      {
        const gsize at = (gsize)(y0 + y) * (gsize)width + (gsize)(x0 + x);

        for (int c = 0; c < colors; c++)
          planes[(gsize)c * (gsize)width * (gsize)height + at] = work[c];
        mask[at] = work[colors] > 0;
      }
}

/* What was read of a picture. */
typedef struct
{
  float *planes;
  guint8 *mask;
  int channels, width, height, block;
} Sample;

static void
sample_free (Sample *sample)
{
  g_free (sample->planes);
  g_free (sample->mask);
  g_free (sample);
}

static double
sample_estimate (const Sample *sample)
{
  if (sample->width < 1)
    return 0;
  return estimate (sample->planes, sample->mask, sample->channels, sample->width, sample->height,
                   sample->block);
}

static Sample *
sample_new (GeglBuffer *buffer, const GeglRectangle *roi, GError **error)
{
  GeglRectangle rect = *gegl_buffer_get_extent (buffer);
  AePixels pixels;
  int columns = 1, rows = 1, block = 0;
  GeglRectangle piece;
  Sample *sample;
  float *work;

  if (!ae_pixels_init (&pixels, gegl_buffer_get_format (buffer), error))
    return NULL;
  sample = g_new0 (Sample, 1);
  if ((roi && !gegl_rectangle_intersect (&rect, &rect, roi)) || rect.width < 1 || rect.height < 1)
    return sample;

  piece = rect;
  if ((gint64)rect.width * rect.height > SAMPLE_PIXELS)
    {
      /* squares at even distances, as many across as down in proportion */
      const double ratio = (double)rect.width / rect.height, n = SAMPLE_PIXELS / (BLOCK * BLOCK);

      block = BLOCK;
      columns = CLAMP ((int)sqrt (n * ratio), 1, MAX (rect.width / BLOCK, 1));
      rows = CLAMP ((int)(n / columns), 1, MAX (rect.height / BLOCK, 1));
      columns = CLAMP ((int)(n / rows), 1, MAX (rect.width / BLOCK, 1));
      piece.width = MIN (BLOCK, rect.width);
      piece.height = MIN (BLOCK, rect.height);
    }
  sample->channels = pixels.colors;
  sample->block = block;
  sample->width = block ? columns * block : rect.width;
  sample->height = block ? rows * block : rect.height;
  sample->planes = g_new0 (float, (gsize)sample->width *(gsize)sample->height *(gsize)pixels.colors);
  sample->mask = g_new0 (guint8, (gsize)sample->width * (gsize)sample->height);
  work = g_new (float, (gsize)piece.width *(gsize)piece.height *(gsize)(pixels.colors + 1));
  for (int row = 0; row < rows; row++)
    for (int column = 0; column < columns; column++)
      {
        /* in the middle of their part of the picture */
        if (block)
          {
            piece.x = rect.x + (int)((gint64)rect.width * (2 * column + 1) / (2 * columns)) - piece.width / 2;
            piece.y = rect.y + (int)((gint64)rect.height * (2 * row + 1) / (2 * rows)) - piece.height / 2;
            piece.x = CLAMP (piece.x, rect.x, rect.x + rect.width - piece.width);
            piece.y = CLAMP (piece.y, rect.y, rect.y + rect.height - piece.height);
            /* blocks of JPEG begin at the same places in each */
            piece.x -= (piece.x - rect.x) % AE_NOISE_BLOCK;
            piece.y -= (piece.y - rect.y) % AE_NOISE_BLOCK;
          }
        ae_pixels_fetch (&pixels, buffer, &piece, NULL, work);
        place (work, pixels.colors, &piece, sample->planes, sample->mask, column * block, row * block,
               sample->width, sample->height);
      }
  g_free (work);
  return sample;
}

gboolean
ae_noise_estimate_buffer (GeglBuffer *buffer, const GeglRectangle *roi, double *sigma, GError **error)
{
  Sample *sample = sample_new (buffer, roi, error);

  *sigma = 0;
  if (!sample)
    return FALSE;
  *sigma = sample_estimate (sample);
  sample_free (sample);
  return TRUE;
}

static void
run (GTask *task, gpointer source, gpointer sample, GCancellable *cancellable)
{
  double *sigma = g_new (double, 1);

  *sigma = sample_estimate (sample);
  g_task_return_pointer (task, sigma, g_free);
}

void
ae_noise_estimate_async (GeglBuffer *buffer, const GeglRectangle *roi, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  GError *error = NULL;
  Sample *sample = sample_new (buffer, roi, &error);

  if (sample)
    {
      g_task_set_task_data (task, sample, (GDestroyNotify)sample_free);
      g_task_run_in_thread (task, run);
    }
  else
    g_task_return_error (task, error);
  g_object_unref (task);
}

gboolean
ae_noise_estimate_finish (GAsyncResult *result, double *sigma, GError **error)
{
  g_autofree double *value = g_task_propagate_pointer (G_TASK (result), error);

  if (value)
    *sigma = *value;
  return value != NULL;
}
