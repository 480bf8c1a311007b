/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* random.h - counter-based random numbers: a stream depends on its key alone, not on who draws it or when. */

#ifndef AE_RANDOM_H
#define AE_RANDOM_H

#include <glib.h>

/* What a stream is for, so that streams of one sample do not repeat each other. */
typedef enum
{
  AE_RANDOM_INIT,
  AE_RANDOM_CROP,
  AE_RANDOM_NOISE,
  AE_RANDOM_VALIDATION,
  AE_RANDOM_PAIR,
  AE_RANDOM_ORDER,  /* of examples in an epoch */
  AE_RANDOM_LATENT, /* what `sample` operations draw */
  AE_RANDOM_SIZE    /* at which a picture is seen */
} AeRandomPurpose;

/* SplitMix64 (Steele, Lea, Flood 2014) over a counter. */
typedef struct
{
  guint64 state;
} AeRandom;

AeRandom ae_random (guint64 seed, guint64 sample, AeRandomPurpose purpose);
guint64 ae_random_u64 (AeRandom *random);
/* 0 <= u < 1, 24 bits. */
float ae_random_uniform (AeRandom *random);
float ae_random_range (AeRandom *random, float lo, float hi);
/* 0 <= i < n */
int ae_random_int (AeRandom *random, int n);
/* Standard normal values (Box and Muller 1958). */
void ae_random_normal (AeRandom *random, float *values, gsize n);

#endif
