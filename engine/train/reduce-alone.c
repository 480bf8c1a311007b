/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* reduce-alone.c - the sums of reduce.h where there is one process. */

#include "reduce.h"

void
ae_reduce_begin (void)
{
}

void
ae_reduce_end (void)
{
}

void
ae_reduce_abort (void)
{
}

int
ae_reduce_rank (void)
{
  return 0;
}

int
ae_reduce_size (void)
{
  return 1;
}

void
ae_reduce_floats (float *values, size_t n)
{
}

void
ae_reduce_doubles (double *values, size_t n)
{
}
