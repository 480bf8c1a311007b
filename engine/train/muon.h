/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* muon.h - the direction of a step of Muon: a matrix made orthogonal. */

#ifndef AE_MUON_H
#define AE_MUON_H

#include "../kernels/kernels.h"

/* Floats of scratch that ae_muon_orthogonalize () needs; aligned to 64 bytes. */
size_t ae_muon_scratch (int rows, int cols);

/*
 * Replaces m [rows][cols] by nearly the nearest matrix all of whose singular values are 1: five steps of the
 * quintic Newton-Schulz iteration of Muon (Jordan and others 2024, "Muon: an optimizer for hidden layers in
 * neural networks"), after which they lie between 0.7 and 1.2 but for those that were tiny.  The steps are
 * taken with the small square of the matrix by itself, of which the iteration is a polynomial, so the matrix
 * is multiplied twice only.  A matrix of zeros stays one.
 */
void ae_muon_orthogonalize (const AeKernels *kernels, float *m, int rows, int cols, float *scratch);

#endif
