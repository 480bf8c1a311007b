/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* numpy-random.c - Mersenne Twister and the polar method for normal numbers. */

#include "numpy-random.h"

#include <math.h>

#define N 624
#define M 397

void
ae_numpy_random_seed (AeNumpyRandom *random, guint32 seed)
{
  random->key[0] = seed;
  for (guint32 i = 1; i < N; i++)
    {
      const guint32 last = random->key[i - 1];
      random->key[i] = 1812433253u * (last ^ last >> 30) + i;
    }
  random->pos = N;
  random->has_spare = FALSE;
  random->spare = 0.0;
}

static void
twist (AeNumpyRandom *random)
{
  guint32 *key = random->key;

  for (int i = 0; i < N; i++)
    {
      const guint32 y = (key[i] & 0x80000000u) | (key[(i + 1) % N] & 0x7fffffffu);
      key[i] = key[(i + M) % N] ^ y >> 1 ^ (y & 1 ? 0x9908b0dfu : 0);
    }
  random->pos = 0;
}

guint32
ae_numpy_random_uint32 (AeNumpyRandom *random)
{
  guint32 y;

  if (random->pos == N)
    twist (random);
  y = random->key[random->pos++];
  y ^= y >> 11;
  y ^= y << 7 & 0x9d2c5680u;
  y ^= y << 15 & 0xefc60000u;
  return y ^ y >> 18;
}

double
ae_numpy_random_double (AeNumpyRandom *random)
{
  const guint32 high = ae_numpy_random_uint32 (random) >> 5;
  const guint32 low = ae_numpy_random_uint32 (random) >> 6;

  return (high * 67108864.0 + low) / 9007199254740992.0;
}

double
ae_numpy_random_normal (AeNumpyRandom *random)
{
  double x, y, r2, f;

  if (random->has_spare)
    {
      random->has_spare = FALSE;
      return random->spare;
    }
  do
    {
      x = 2.0 * ae_numpy_random_double (random) - 1.0;
      y = 2.0 * ae_numpy_random_double (random) - 1.0;
      r2 = x * x + y * y;
    }
  while (r2 >= 1.0 || r2 == 0.0);
  f = sqrt (-2.0 * log (r2) / r2);
  random->spare = f * x;
  random->has_spare = TRUE;
  return f * y;
}
