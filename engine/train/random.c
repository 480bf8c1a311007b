/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* random.c - counter-based random numbers. */

#include "random.h"

#include <math.h>

static guint64
mix (guint64 z)
{
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

AeRandom
ae_random (guint64 seed, guint64 sample, AeRandomPurpose purpose)
{
  AeRandom random = { mix (mix (mix (seed + 0x9e3779b97f4a7c15u) + sample) + (guint64)purpose + 1) };

  return random;
}

guint64
ae_random_u64 (AeRandom *random)
{
  random->state += 0x9e3779b97f4a7c15u;
  return mix (random->state);
}

float
ae_random_uniform (AeRandom *random)
{
  return (float)(ae_random_u64 (random) >> 40) * 0x1p-24f;
}

float
ae_random_range (AeRandom *random, float lo, float hi)
{
  return lo + (hi - lo) * ae_random_uniform (random);
}

int
ae_random_int (AeRandom *random, int n)
{
  return (int)((ae_random_u64 (random) >> 32) * (guint64)n >> 32);
}

void
ae_random_normal (AeRandom *random, float *values, gsize n)
{
  for (gsize i = 0; i < n; i += 2)
    {
      guint64 bits = ae_random_u64 (random);
      float u = ((float)(bits >> 40) + 1) * 0x1p-24f; /* 0 < u <= 1 */
      float phase = (float)((bits & 0xffffff)) * (float)(2 * G_PI * 0x1p-24);
      float radius = sqrtf (-2 * logf (u));

      values[i] = radius * cosf (phase);
      if (i + 1 < n)
        values[i + 1] = radius * sinf (phase);
    }
}
