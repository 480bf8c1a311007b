/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* reduce-mpi.c - the sums of reduce.h with MPI. */

#include "reduce.h"

#include <mpi.h>

#define CHUNK ((size_t)1 << 28) /* values of one call, which counts with int */

static int
is_running (void)
{
  int begun = 0, ended = 0;

  MPI_Initialized (&begun);
  MPI_Finalized (&ended);
  return begun && !ended;
}

void
ae_reduce_begin (void)
{
  int provided;

  /* regions of OpenMP lie between the calls, which come from the main thread */
  MPI_Init_thread (NULL, NULL, MPI_THREAD_FUNNELED, &provided);
}

void
ae_reduce_end (void)
{
  if (is_running ())
    MPI_Finalize ();
}

void
ae_reduce_abort (void)
{
  if (is_running ())
    MPI_Abort (MPI_COMM_WORLD, 1);
}

int
ae_reduce_rank (void)
{
  int rank = 0;

  if (is_running ())
    MPI_Comm_rank (MPI_COMM_WORLD, &rank);
  return rank;
}

int
ae_reduce_size (void)
{
  int size = 1;

  if (is_running ())
    MPI_Comm_size (MPI_COMM_WORLD, &size);
  return size;
}

/* One process adds and tells the others: MPI does not promise that each of them would add in the same order.
 */
static void
sum (char *values, size_t n, size_t bytes, MPI_Datatype type)
{
  int rank = ae_reduce_rank ();

  if (ae_reduce_size () == 1)
    return;
  for (size_t at = 0; at < n; at += CHUNK)
    {
      int count = (int)(n - at < CHUNK ? n - at : CHUNK);
      char *part = values + at * bytes;

      MPI_Reduce (rank ? part : MPI_IN_PLACE, rank ? NULL : part, count, type, MPI_SUM, 0, MPI_COMM_WORLD);
      MPI_Bcast (part, count, type, 0, MPI_COMM_WORLD);
    }
}

void
ae_reduce_floats (float *values, size_t n)
{
  sum ((char *)values, n, sizeof *values, MPI_FLOAT);
}

void
ae_reduce_doubles (double *values, size_t n)
{
  sum ((char *)values, n, sizeof *values, MPI_DOUBLE);
}
