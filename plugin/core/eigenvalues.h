/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* eigenvalues.h - eigenvalues of a symmetric matrix. */

#ifndef AE_EIGENVALUES_H
#define AE_EIGENVALUES_H

/* matrix: [n][n], of which the lower triangle is read; destroyed.  values: [n],
 * largest first. */
void ae_eigenvalues (double *matrix, int n, double *values);

#endif
