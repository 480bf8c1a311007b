/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* bench-network.h - what ae-bench network finds out about a model. */

#ifndef AE_BENCH_NETWORK_H
#define AE_BENCH_NETWORK_H

#include <glib.h>
#include <json-glib/json-glib.h>

/* One step of the network in a run over the picture. */
typedef struct
{
  const char *name, *op; /* of the node; the graph owns the first */
  int in, out;           /* channels */
  double macs, bytes;    /* multiply-adds and memory read and written, for the pixels of the picture alone */
  double seconds;        /* processor time of all threads, with what surrounds tiles */
} BenchStep;

/* The same run with another number of threads or size of tiles. */
typedef struct
{
  int value;       /* threads, or the largest tile in pixels */
  double seconds;  /* the best of all repeats */
  double computed; /* multiply-adds in all per one that the picture needs */
} BenchVariant;

typedef struct
{
  const char *path, *isa;
  int width, height, threads;
  double load, start, first; /* seconds: reading the model, making the session, a first area of 512 x 512 */
  double wall, cpu;          /* seconds: the best of all repeats */
  double peak; /* GFLOP/s of these threads in single precision on registers alone, at once before the runs */
  double bandwidth;      /* GB/s of these threads where nothing is in a cache, likewise */
  double macs, computed; /* per pixel of the picture; computed / macs = what tiles cost */
  double bytes;          /* per pixel, read and written by all steps */
  guint64 memory;        /* scratch in bytes */
  GArray *steps;         /* BenchStep */
  GArray *threads_sweep; /* BenchVariant, NULL unless asked for */
  GArray *tile_sweep;
} BenchNetwork;

void bench_network_print (const BenchNetwork *network);
void bench_network_build_json (const BenchNetwork *network, JsonBuilder *json);

#endif
