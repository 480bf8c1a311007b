/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* bench.h - what the subcommands of ae-bench share. */

#ifndef AE_BENCH_H
#define AE_BENCH_H

#include "kernels/kernels.h"

#include <glib.h>
#include <json-glib/json-glib.h>

/* One measured thing: does its work once. */
typedef void (*BenchFunc) (gpointer data);

/*
 * Runs func on each of n_data data, each in a thread of its own, all at the
 * same time, for about `seconds`.  Returns calls per second of processor time,
 * summed over the threads; of each the best of many short repeats, so that
 * what else the machine does counts little.
 */
double bench_rate (BenchFunc func, gpointer *data, int n_data, double seconds);

/* The most GFLOP/s that `threads` threads reach with the multiplications and
 * additions of this table's ISA, on registers alone. */
double bench_peak (const AeKernels *k, int threads);

/* GB/s that `threads` threads read and write together where nothing is in a
 * cache: two sources and a sum, 96 MiB for each thread. */
double bench_bandwidth (const AeKernels *k, int threads);

/* Writes what was built to standard output. */
void bench_print_json (JsonBuilder *json);

/* Subcommands: argv[0] is the subcommand's name.  Return the exit status. */
int bench_kernels (int argc, char **argv);
int bench_network (int argc, char **argv);

#endif
