/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* reference.h - a graph computed plainly in double precision, as its definition reads. */

#ifndef AE_TEST_REFERENCE_H
#define AE_TEST_REFERENCE_H

#include <ae/graph.h>

/*
 * inputs: per node, double [channels][height][width] for AE_OP_INPUT, else NULL.
 * params: all parameters in the order of ae_graph_param ().
 * Returns the result, planar; free with g_free ().
 */
double *reference_run (const AeGraph *graph, const double *params, double *const *inputs, int width,
                       int height);

#endif
