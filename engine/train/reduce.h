/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* reduce.h - sums over the processes that train one model together, on one machine or several. */

#ifndef AE_REDUCE_H
#define AE_REDUCE_H

#include <stddef.h>

/*
 * Built without MPI there is one process, and nothing here does anything.  All
 * processes make the same calls in the same order, each from one thread.
 * Every process receives the same bits.
 */

/* Once, first thing in main (); without it a process is alone. */
void ae_reduce_begin (void);
/* Waits for the others. */
void ae_reduce_end (void);
/* Ends all processes with exit status 1: one that failed would leave the others waiting. */
void ae_reduce_abort (void);

int ae_reduce_rank (void); /* 0 <= rank < size; 0 writes files */
int ae_reduce_size (void);

/* Replaces values by their sums. */
void ae_reduce_floats (float *values, size_t n);
void ae_reduce_doubles (double *values, size_t n);

#endif
