/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* numpy-random.h - the noise of published benchmarks, value for value. */

#ifndef AE_NUMPY_RANDOM_H
#define AE_NUMPY_RANDOM_H

#include <glib.h>

/*
 * Published results for Gaussian noise come from Python programs that call
 * numpy.random.seed (0) and numpy.random.normal () for each picture.  This is
 * the same generator (Mersenne Twister MT19937, polar method), so that our
 * numbers are made from the same noisy pictures.  For benchmarks only;
 * training has its own random numbers.
 */

typedef struct
{
  guint32 key[624];
  int pos;
  gboolean has_spare;
  double spare;
} AeNumpyRandom;

/* As numpy.random.seed (seed). */
void ae_numpy_random_seed (AeNumpyRandom *random, guint32 seed);
guint32 ae_numpy_random_uint32 (AeNumpyRandom *random);
/* As numpy.random.random_sample (): 0 <= x < 1, 53 bits. */
double ae_numpy_random_double (AeNumpyRandom *random);
/* As numpy.random.normal (0, 1). */
double ae_numpy_random_normal (AeNumpyRandom *random);

#endif
