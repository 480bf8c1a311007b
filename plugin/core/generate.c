/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate.c - draws with a generative model: latent numbers, scaling, fading. */

#include "generate.h"

#include <ae/error.h>
#include <ae/resize.h>
#include <math.h>
#include <string.h>
#include "intl.h"

struct _AeGenerator
{
  AeCodec *codec;
  AeGenerateParams params;
  int channels, sample_width, sample_height;
  int width, height;              /* of the area */
  double cell_width, cell_height; /* in pixels of the area */
  float *base, *latent;           /* of the sample; of a cell */
  float *sample;                  /* [channels][sample_height][sample_width] */
};

/* A column or a row of a grid along one axis. */
typedef struct
{
  int first, n;   /* pixels in which it has a share */
  int drawn_at;   /* where its sample begins */
  int drawn_size; /* in pixels */
} Band;

/* Of a cell of the grid: numbers that depend on seed and place alone. */
typedef struct
{
  guint64 state;
} Random;

/* SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014. */
static guint64
next (Random *random)
{
  guint64 z = random->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* 0 < value < 1. */
static double
uniform (Random *random)
{
  return ((double)(next (random) >> 11) + 0.5) / 9007199254740992.0;
}

/* Standard normal, by Box and Muller. */
static double
normal (Random *random)
{
  double radius = sqrt (-2 * log (uniform (random)));

  return radius * cos (2 * G_PI * uniform (random));
}

static Random
random_of (int seed, int column, int row)
{
  Random random = { (guint64)(guint32)seed };

  random.state = next (&random) ^ (guint64)(guint32)column;
  random.state = next (&random) ^ (guint64)(guint32)row;
  return random;
}

/* The sample itself is not one of the cells. */
static Random
random_of_sample (int seed)
{
  return random_of (seed, -1, -1);
}

void
ae_generate_latent (const AeCodec *codec, const AeGenerateParams *params, float *latent)
{
  Random random = random_of_sample (params->seed);
  gsize n = ae_codec_latent_size (codec);

  /* each has its own draw, so that giving one changes no other */
  for (gsize i = 0; i < n; i++)
    {
      double drawn = normal (&random);

      latent[i] = (float)(i < (gsize)params->n_latent ? params->latent[i] : drawn);
    }
}

static gboolean
check (const AeCodec *codec, const AeGenerateParams *params, GError **error)
{
  int classes = ae_codec_n_classes (codec);
  gsize n = ae_codec_latent_size (codec);

  if (n == 0)
    g_set_error_literal (error, AE_ERROR, AE_ERROR_UNSUPPORTED,
                         _ ("the model has no latent representation to draw from"));
  else if ((gsize)params->n_latent > n)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("%d latent values are given, the model has %zu"),
                 params->n_latent, n);
  else if (params->label >= classes && classes > 0)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("the class is %d, the model has 0 to %d"),
                 params->label, classes - 1);
  else if (params->label != AE_GENERATE_ANY_CLASS && classes == 0)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                 _ ("the class is %d, but the model has no classes: expected %d"), params->label,
                 AE_GENERATE_ANY_CLASS);
  else
    return TRUE;
  return FALSE;
}

AeGenerator *
ae_generator_new (AeModel *model, const AeGenerateParams *params, int width, int height, double scale,
                  GError **error)
{
  AeGraph *graph = ae_model_graph (model);
  const AeNode *output = ae_graph_node (graph, ae_graph_output (graph));
  g_autoptr (AeGenerator) g = NULL;

  if (!ae_generate_params_check (params, error))
    return NULL;
  g = g_new0 (AeGenerator, 1);
  g->codec = ae_codec_new (model, error);
  if (!g->codec || !check (g->codec, params, error))
    return NULL;
  if (output->vector)
    {
      g_set_error_literal (error, AE_ERROR, AE_ERROR_UNSUPPORTED,
                           _ ("the result of the model is not a picture"));
      return NULL;
    }
  g->params = *params;
  g->channels = output->channels;
  g->sample_width = output->width;
  g->sample_height = output->height;
  g->width = width;
  g->height = height;
  g->cell_width = params->cell * scale;
  g->cell_height = g->cell_width * output->height / output->width;
  g->base = g_new (float, ae_codec_latent_size (g->codec));
  g->latent = g_new (float, ae_codec_latent_size (g->codec));
  g->sample = g_new (float, ae_codec_result_size (g->codec));
  ae_generate_latent (g->codec, params, g->base);
  return g_steal_pointer (&g);
}

void
ae_generator_free (AeGenerator *g)
{
  if (!g)
    return;
  ae_codec_free (g->codec);
  g_free (g->base);
  g_free (g->latent);
  g_free (g->sample);
  g_free (g);
}

int
ae_generator_channels (const AeGenerator *g)
{
  return g->channels;
}

static int
label_of (const AeGenerator *g, Random *random)
{
  int classes = ae_codec_n_classes (g->codec), drawn;

  if (classes == 0)
    return -1;
  drawn = (int)(next (random) % (guint64)classes);
  return g->params.label == AE_GENERATE_ANY_CLASS ? drawn : g->params.label;
}

static void
decode_one (AeGenerator *g)
{
  Random random = random_of_sample (g->params.seed);

  random.state ^= 1; /* the class has nothing to do with the latent numbers */
  ae_codec_decode (g->codec, g->base, label_of (g, &random), g->sample);
}

static void
decode_cell (AeGenerator *g, int column, int row)
{
  Random random = random_of (g->params.seed, column, row);
  double variety = g->params.variety / 100, rest = sqrt (1 - variety * variety);
  int label = label_of (g, &random);

  for (gsize i = 0; i < ae_codec_latent_size (g->codec); i++)
    g->latent[i] = (float)(rest * (double)g->base[i] + variety * normal (&random));
  ae_codec_decode (g->codec, g->latent, label, g->sample);
}

/* Pixels beyond the border of the sample are mirrored, as resize.h has it. */
static int
mirrored (int i, int size)
{
  int at = ((i % (2 * size)) + 2 * size) % (2 * size);

  return at < size ? at : 2 * size - 1 - at;
}

/* A part of the sample, as large as size says: [channels][part->height][part->width]. */
static void
scale_sample (const AeGenerator *g, int width, int height, const AeRect *part, float *scaled)
{
  const AeResize size = { g->sample_width, g->sample_height, width, height };
  const AeRect source = ae_resize_source (&size, part);
  g_autofree float *around = g_new (float, (gsize)g->channels *(gsize)source.width *(gsize)source.height);
  float *to = around;

  for (int c = 0; c < g->channels; c++)
    for (int y = 0; y < source.height; y++)
      {
        const float *from = g->sample
                            + (gsize)(c * g->sample_height + mirrored (source.y + y, g->sample_height))
                                * (gsize)g->sample_width;

        for (int x = 0; x < source.width; x++)
          *to++ = from[mirrored (source.x + x, g->sample_width)];
      }
  ae_resize_part (&size, part, around, g->channels, scaled);
  for (gsize i = 0; i < (gsize)g->channels * (gsize)part->width * (gsize)part->height; i++)
    scaled[i] = CLAMP (scaled[i], 0, 1);
}

/* Half the width of the zone in which neighbors fade. */
static double
reach_of (const AeGenerator *g, double cell)
{
  return cell * g->params.overlap / 200;
}

/* The pixels (their middle is at 0.5) of a band within those of a part. */
static Band
band_of (const AeGenerator *g, double cell, int i, int first, int n)
{
  double reach = reach_of (g, cell), begin = i * cell - reach, end = (i + 1) * cell + reach;
  Band band = { .drawn_at = (int)floor (begin + 0.5) };

  band.drawn_size = MAX ((int)floor (end + 0.5) - band.drawn_at, 1);
  band.first = MAX ((int)ceil (begin - 0.5), first);
  band.n = MIN ((int)ceil (end - 0.5), first + n) - band.first;
  return band;
}

/* From 0 to 1 while t goes from -reach to reach; both sides of 0 add up to 1. */
static double
fade (double t, double reach)
{
  double s = reach > 0 ? CLAMP ((t / reach + 1) / 2, 0, 1) : t >= 0;

  return s * s * (3 - 2 * s);
}

/* The share of band i in a pixel. */
static double
share (const AeGenerator *g, double cell, int i, int pixel)
{
  double reach = reach_of (g, cell), t = pixel + 0.5 - i * cell;

  return fade (t, reach) * (1 - fade (t - cell, reach));
}

static void
add_cell (AeGenerator *g, const AeRect *part, const Band *across, const Band *down, const double *x_shares,
          const double *y_shares, float *planes)
{
  const AeRect drawn = { across->first - across->drawn_at, down->first - down->drawn_at, across->n, down->n };
  g_autofree float *scaled = g_new (float, (gsize)g->channels *(gsize)across->n *(gsize)down->n);
  const float *from = scaled;

  scale_sample (g, across->drawn_size, down->drawn_size, &drawn, scaled);
  for (int c = 0; c < g->channels; c++)
    for (int y = 0; y < down->n; y++)
      {
        float *to
          = planes
            + ((gsize)c * (gsize)part->height + (gsize)(down->first + y - part->y)) * (gsize)part->width
            + (across->first - part->x);

        for (int x = 0; x < across->n; x++)
          to[x] += (float)(x_shares[x] * y_shares[y]) * *from++;
      }
}

static void
fill_shares (const AeGenerator *g, double cell, int i, const Band *band, double *shares)
{
  for (int k = 0; k < band->n; k++)
    shares[k] = share (g, cell, i, band->first + k);
}

/* The first and the last band with a share in `n` pixels. */
static void
bands_of (const AeGenerator *g, double cell, int first, int n, int *from, int *to)
{
  double reach = reach_of (g, cell);

  *from = (int)floor ((first + 0.5 - reach) / cell);
  *to = (int)floor ((first + n - 0.5 + reach) / cell);
}

static void
draw_grid (AeGenerator *g, const AeRect *part, float *planes)
{
  g_autofree double *x_shares = g_new (double, part->width), *y_shares = g_new (double, part->height);
  int left, right, top, bottom;

  memset (planes, 0, sizeof (float) * (gsize)g->channels * (gsize)part->width * (gsize)part->height);
  bands_of (g, g->cell_width, part->x, part->width, &left, &right);
  bands_of (g, g->cell_height, part->y, part->height, &top, &bottom);
  for (int row = top; row <= bottom; row++)
    {
      const Band down = band_of (g, g->cell_height, row, part->y, part->height);

      if (down.n < 1)
        continue;
      fill_shares (g, g->cell_height, row, &down, y_shares);
      for (int column = left; column <= right; column++)
        {
          const Band across = band_of (g, g->cell_width, column, part->x, part->width);

          if (across.n < 1)
            continue;
          fill_shares (g, g->cell_width, column, &across, x_shares);
          decode_cell (g, column, row);
          add_cell (g, part, &across, &down, x_shares, y_shares, planes);
        }
    }
}

void
ae_generator_draw (AeGenerator *g, const AeRect *part, float *planes)
{
  if (g->params.fill == AE_GENERATE_GRID)
    {
      draw_grid (g, part, planes);
      return;
    }
  decode_one (g);
  scale_sample (g, g->width, g->height, part, planes);
}
