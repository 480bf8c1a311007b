/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* noise-flat.c - how much of what the flattest places show is noise. */

#include "noise-private.h"

#include <math.h>

#define WINDOW 16
#define STEP 8
#define BINS 8 /* of brightness: noise depends on it */
#define LOW 0.01
#define FLAT 0.10
/* A bin must have that share of an even distribution. */
#define BIN_SHARE 0.25
#define WINDOWS_MIN 30

/*
 * Texture has a direction: the differences between neighbors of a window are
 * larger along one than across it.  Those of noise are equal, but for chance,
 * which is the larger the smoother the noise is.  Direction is the coherence of
 * the structure tensor, 0..1: below the first all is noise, above the second
 * all is texture.
 */
#define DIRECTION_NOISE 0.2
#define DIRECTION_TEXTURE 0.35
/* Noise is everywhere: at no brightness that much stronger than where it is weakest. */
#define RATIO_MAX 1.5
/* White noise is not stronger than the finest differences of the flattest windows, which are a bit low. */
#define WHITE_FACTOR 1.15
/*
 * Noise is white or it has been smoothed.  White noise that has the first share
 * of the gradient is what is left of smoothed noise; from the second one on all
 * noise is white, and what it does not explain is texture.
 */
#define WHITE_LITTLE 0.2
#define WHITE_MUCH 0.4
/*
 * How smooth noise is tells the gradient as a multiple of the variance, 4 for
 * white noise.  From the second value on what is not white is texture: a camera
 * smooths more.  The smoother noise is, the less of it a window shows: for each
 * that the multiple is lower, the level is that share higher, up to a factor.
 */
#define SMOOTH 2.5
#define ROUGH 3.0
#define SMOOTH_SHARE 0.25
#define SMOOTH_FACTOR_MAX 1.5

/* README.md tells what all of these were fitted to. */

typedef struct
{
  float variance; /* around a plane, of values 0..1 */
  int x, y;
} Window;

/* Sums over windows: their variance and the mean squares of differences between neighbors. */
typedef struct
{
  double variance;
  double gradient; /* along both diagonals: four times the variance of white noise */
  double mixed;    /* of those differences' differences: as much of white noise, little of smooth */
  double directed; /* the part of the gradient that has one direction */
} Energy;

typedef struct
{
  double share; /* of the windows in all bins */
  double low;   /* variance of the flattest windows */
  Energy energy;
} Bin;

static int
flattest_first (const void *a, const void *b)
{
  const Window *p = a, *q = b;

  if (p->variance != q->variance)
    return p->variance < q->variance ? -1 : 1;
  return p->y != q->y ? p->y - q->y : p->x - q->x;
}

/* Variance around a plane fitted to each channel, mean of the channels; FALSE if the window may not be used.
 */
static gboolean
measure (const AeNoiseSample *s, int x, int y, double *brightness, double *variance)
{
  const gsize plane = (gsize)s->width * (gsize)s->height;
  const double n = WINDOW * WINDOW, center = (WINDOW - 1) / 2.0;
  const double moment = n * (n - 1) / 12.0; /* sum of (u - center)^2 over the window */
  int clipped = 0;

  if (!ae_noise_within_block (s, x, y, WINDOW))
    return FALSE;
  for (int v = 0; v < WINDOW; v++)
    for (int u = 0; u < WINDOW; u++)
      {
        const gsize at = (gsize)(y + v) * (gsize)s->width + (gsize)(x + u);

        if (s->bad[at])
          return FALSE;
        clipped += s->clipped[at];
      }
  if (clipped > s->channels * WINDOW * WINDOW / 20)
    return FALSE;
  *brightness = 0;
  *variance = 0;
  for (int c = 0; c < s->channels; c++)
    {
      double sum = 0, squares = 0, across = 0, down = 0;

      for (int v = 0; v < WINDOW; v++)
        for (int u = 0; u < WINDOW; u++)
          {
            const double value
              = (double)s->planes[(gsize)c * plane + (gsize)(y + v) * (gsize)s->width + (gsize)(x + u)];

            sum += value;
            squares += value * value;
            across += value * (u - center);
            down += value * (v - center);
          }
      *brightness += sum / n;
      *variance += (squares - sum * sum / n - (across * across + down * down) / moment) / (n - 3);
    }
  *brightness /= s->channels;
  *variance = MAX (*variance / s->channels, 0);
  return TRUE;
}

static void
add_energy (const AeNoiseSample *s, const Window *window, Energy *sum)
{
  const gsize plane = (gsize)s->width * (gsize)s->height;
  const double n = (WINDOW - 1) * (WINDOW - 1) * s->channels;
  double gradient = 0, mixed = 0, upright = 0, oblique = 0;

  for (int c = 0; c < s->channels; c++)
    for (int v = 0; v < WINDOW - 1; v++)
      for (int u = 0; u < WINDOW - 1; u++)
        {
          const float *at = s->planes + (gsize)c * plane + (gsize)(window->y + v) * (gsize)s->width
                            + (gsize)(window->x + u);
          const double down = (double)(at[s->width + 1] - at[0]), up = (double)(at[1] - at[s->width]);
          const double difference = (double)(at[s->width + 1] + at[0] - at[1] - at[s->width]);

          gradient += down * down + up * up;
          mixed += difference * difference;
          upright += 2 * down * up;
          oblique += down * down - up * up;
        }
  sum->variance += (double)window->variance;
  sum->gradient += gradient / n;
  sum->mixed += mixed / n;
  sum->directed += hypot (upright, oblique) / n;
}

/* The usable windows, an array for each bin of brightness; how many there are in all. */
static guint
sort_windows (const AeNoiseSample *s, GArray **windows)
{
  guint total = 0;

  for (int b = 0; b < BINS; b++)
    windows[b] = g_array_new (FALSE, FALSE, sizeof (Window));
  for (int y = 0; y + WINDOW <= s->height; y += STEP)
    for (int x = 0; x + WINDOW <= s->width; x += STEP)
      {
        double brightness, variance;

        if (measure (s, x, y, &brightness, &variance))
          {
            const Window window = { (float)variance, x, y };

            g_array_append_val (windows[CLAMP ((int)(brightness * BINS), 0, BINS - 1)], window);
            total++;
          }
      }
  return total;
}

static void
fill_bin (const AeNoiseSample *s, GArray *windows, Bin *bin)
{
  const guint flat = MAX ((guint)(FLAT * windows->len), 1);

  g_array_sort (windows, flattest_first);
  bin->share = windows->len;
  bin->low = (double)g_array_index (windows, Window, (guint)(LOW * windows->len)).variance;
  for (guint i = 0; i < flat; i++)
    add_energy (s, &g_array_index (windows, Window, i), &bin->energy);
}

/* How much no bin exceeds white noise of that variance. */
static double
find_limit (const Bin *bins, double white)
{
  double low = INFINITY, ends = INFINITY;

  /* At the ends of the range noise is cut off: they count where there is nothing else. */
  for (int b = 0; b < BINS; b++)
    if (bins[b].share > 0 && b > 0 && b < BINS - 1)
      low = MIN (low, bins[b].low);
    else if (bins[b].share > 0)
      ends = MIN (ends, bins[b].low);
  if (!isfinite (low))
    low = ends;
  return RATIO_MAX * RATIO_MAX * MAX (low - white, 0);
}

/* 1 up to `from`, 0 beyond `to`. */
static double
falling (double value, double from, double to)
{
  return CLAMP ((to - value) / (to - from), 0, 1);
}

/* The variance of noise that is not white, beside white noise of that variance. */
static double
find_smooth (const Energy *e, double white, double limit)
{
  /* White noise has no direction: that of the rest of the gradient counts. */
  const double white_gradient = MIN (4 * white, e->mixed), gradient = e->gradient - white_gradient;
  const double variance = e->variance - white;
  double multiple, factor, share;

  if (variance <= 0 || gradient <= 0)
    return 0;
  multiple = gradient / variance;
  factor = CLAMP (1 + SMOOTH_SHARE * (4 - multiple), 1, SMOOTH_FACTOR_MAX);
  share = falling (e->directed / gradient, DIRECTION_NOISE, DIRECTION_TEXTURE)
          * falling (white_gradient / e->gradient, WHITE_LITTLE, WHITE_MUCH)
          * falling (multiple, SMOOTH, ROUGH);
  return factor * factor * share * MIN (variance, limit);
}

double
ae_noise_flat (const AeNoiseSample *s, double *white)
{
  GArray *windows[BINS];
  Bin bins[BINS] = { { 0 } };
  const guint total = sort_windows (s, windows);
  double limit, shares = 0, room = 0, smooth = 0, variance;

  for (int b = 0; b < BINS; b++)
    {
      if (total >= WINDOWS_MIN && windows[b]->len * BINS >= BIN_SHARE * total)
        fill_bin (s, windows[b], &bins[b]);
      g_array_unref (windows[b]);
    }
  if (total < WINDOWS_MIN)
    return 0;
  limit = find_limit (bins, 0);
  for (int b = 0; b < BINS; b++)
    if (bins[b].share > 0)
      {
        Energy *e = &bins[b].energy;
        const double low = MIN (bins[b].low, limit), scale = e->variance > 0 ? low / e->variance : 0;

        /* of as many windows as flat as the flattest */
        e->variance *= scale;
        e->gradient *= scale;
        e->mixed *= scale;
        e->directed *= scale;
        shares += bins[b].share;
        room += bins[b].share * e->mixed / 4;
      }
  *white = MIN (*white, WHITE_FACTOR * 255 * sqrt (room / shares));
  variance = *white / 255 * (*white / 255);
  limit = find_limit (bins, variance);
  for (int b = 0; b < BINS; b++)
    smooth += bins[b].share * find_smooth (&bins[b].energy, variance, limit);
  return 255 * sqrt (smooth / shares);
}
