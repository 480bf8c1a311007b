/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* degrade-camera.c - the noise of sensors, in linear light and on the Bayer mosaic, and noise with a grain.
 */

#include "degrade-private.h"

#include <ae/plan.h>
#include <math.h>
#include <string.h>

float
ae_srgb_to_linear (float v)
{
  return v <= 0.04045f ? v / 12.92f : powf ((v + 0.055f) / 1.055f, 2.4f);
}

float
ae_srgb_from_linear (float v)
{
  return v <= 0.0031308f ? v * 12.92f : 1.055f * powf (v, 1 / 2.4f) - 0.055f;
}

/*
 * The curve bends, so that noise of mean 0 in linear light would make dark
 * places darker, and a network would learn to make them lighter: in real
 * pictures, which the clean one is the mean of, too.  Therefore only the part
 * that changes its sign with the noise is taken.
 */
static float
add_linear (float linear, float noise)
{
  const float more = ae_srgb_from_linear (linear + noise), less = ae_srgb_from_linear (linear - noise);

  return ae_srgb_from_linear (linear) + (more - less) / 2;
}

void
ae_degrade_poisson (const AePicture *p, const float *param)
{
  gsize n = 3 * (gsize)p->width * (gsize)p->height;
  float noise[256];

  for (gsize i = 0; i < n; i += G_N_ELEMENTS (noise))
    {
      gsize m = MIN (G_N_ELEMENTS (noise), n - i);

      ae_random_normal (p->random, noise, m);
      for (gsize j = 0; j < m; j++)
        {
          float linear = ae_srgb_to_linear (p->rgb[i + j]);
          float deviation = sqrtf (param[0] * MAX (linear, 0) + param[1] * param[1]);

          p->rgb[i + j] = add_linear (linear, deviation * noise[j]);
        }
    }
}

/* Which channel a photosite of the mosaic R G / G B has, the pattern beginning at an even offset. */
static int
bayer_channel (int x, int y)
{
  return (x & 1) + (y & 1);
}

/* Bilinear interpolation of one channel of the mosaic at (x, y): the mean of the nearest photosites. */
static float
interpolate (const float *mosaic, int width, int height, int channel, int x, int y, int ox, int oy)
{
  float sum = 0;
  int n = 0, reach = bayer_channel (x + ox, y + oy) == channel ? 0 : 1;

  for (int dy = -reach; dy <= reach; dy++)
    for (int dx = -reach; dx <= reach; dx++)
      {
        int sx = ae_mirror (x + dx, width), sy = ae_mirror (y + dy, height);

        if (bayer_channel (x + dx + ox, y + dy + oy) == channel)
          {
            sum += mosaic[(gsize)sy * (gsize)width + (gsize)sx];
            n++;
          }
      }
  return sum / (float)n;
}

/*
 * Interpolation is linear, so the noise alone goes through it and is added to
 * the clean picture: the network is not asked to undo an interpolation.
 */
void
ae_degrade_bayer (const AePicture *p, const float *param)
{
  gsize plane = (gsize)p->width * (gsize)p->height;
  float *linear = g_new (float, 3 * plane), *mosaic = g_new (float, plane);
  float gain[3] = { ae_random_range (p->random, 1.4f, 2.6f), 1, ae_random_range (p->random, 1.2f, 2.4f) };
  int ox = ae_random_int (p->random, 2), oy = ae_random_int (p->random, 2);
  float reach = param[2];

  for (gsize i = 0; i < 3 * plane; i++)
    linear[i] = ae_srgb_to_linear (p->rgb[i]);
  ae_random_normal (p->random, mosaic, plane);
  for (int y = 0; y < p->height; y++)
    for (int x = 0; x < p->width; x++)
      {
        gsize i = (gsize)y * (gsize)p->width + (gsize)x;
        int c = bayer_channel (x + ox, y + oy);
        float raw = MAX (linear[(gsize)c * plane + i], 0) / gain[c];

        mosaic[i] *= gain[c] * sqrtf (param[0] * raw + param[1] * param[1]);
      }
  for (int y = 0; y < p->height; y++)
    for (int x = 0; x < p->width; x++)
      {
        gsize i = (gsize)y * (gsize)p->width + (gsize)x;
        float noise[3], mean = 0;

        for (int c = 0; c < 3; c++)
          {
            noise[c] = interpolate (mosaic, p->width, p->height, c, x, y, ox, oy);
            mean += noise[c] / 3;
          }
        /* rows of a camera's matrix sum to 1: colors move away from their mean */
        for (int c = 0; c < 3; c++)
          {
            p->rgb[(gsize)c * plane + i]
              = add_linear (linear[(gsize)c * plane + i], noise[c] + reach * (noise[c] - mean));
          }
      }
  g_free (linear);
  g_free (mosaic);
}

void
ae_degrade_blur_plane (float *plane, int width, int height, float radius)
{
  float weights[65];
  int reach = MIN ((int)ceilf (3 * radius), 32);
  float total = 0;
  float *line = g_new (float, MAX (width, height));

  if (radius > 0)
    {
      for (int i = -reach; i <= reach; i++)
        total += weights[i + reach] = expf (-0.5f * (float)(i * i) / (radius * radius));
      for (int pass = 0; pass < 2; pass++)
        {
          int n = pass ? height : width, lines = pass ? width : height;
          gsize step = pass ? (gsize)width : 1, next = pass ? 1 : (gsize)width;

          for (int l = 0; l < lines; l++)
            {
              float *from = plane + (gsize)l * next;

              for (int i = 0; i < n; i++)
                {
                  float sum = 0;

                  for (int j = -reach; j <= reach; j++)
                    sum += weights[j + reach] * from[(gsize)ae_mirror (i + j, n) * step];
                  line[i] = sum / total;
                }
              for (int i = 0; i < n; i++)
                from[(gsize)i * step] = line[i];
            }
        }
    }
  g_free (line);
}

void
ae_degrade_blur (const AePicture *p, const float *param)
{
  for (int c = 0; c < 3; c++)
    ae_degrade_blur_plane (p->rgb + (gsize)c * (gsize)p->width * (gsize)p->height, p->width, p->height,
                           param[0]);
}

void
ae_degrade_add_ycc (float *rgb, const float *ycc, size_t pixels)
{
  for (size_t i = 0; i < pixels; i++)
    {
      const float y = ycc[i], cb = ycc[pixels + i], cr = ycc[2 * pixels + i];

      rgb[i] += y + 1.402f * cr;
      rgb[pixels + i] += y - 0.344136f * cb - 0.714136f * cr;
      rgb[2 * pixels + i] += y + 1.772f * cb;
    }
}

void
ae_degrade_correlated (const AePicture *p, const float *param)
{
  gsize plane = (gsize)p->width * (gsize)p->height;
  float *noise = g_new (float, 3 * plane); /* Y', Cb, Cr */
  float level = param[0] / 255;

  ae_random_normal (p->random, noise, 3 * plane);
  for (int c = 0; c < 3; c++)
    {
      double squares = 0;
      float scale;

      /* color is coarser: cameras interpolate and compress it more */
      ae_degrade_blur_plane (noise + (gsize)c * plane, p->width, p->height, c ? 2 * param[1] : param[1]);
      for (gsize i = 0; i < plane; i++)
        squares += (double)noise[(gsize)c * plane + i] * noise[(gsize)c * plane + i];
      scale = level * (c ? param[2] : 1) / (float)sqrt (MAX (squares / (double)plane, 1e-12));
      for (gsize i = 0; i < plane; i++)
        noise[(gsize)c * plane + i] *= scale;
    }
  ae_degrade_add_ycc (p->rgb, noise, plane);
  g_free (noise);
}
