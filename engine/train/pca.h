/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* pca.h - principal components of many vectors. */

#ifndef AE_PCA_H
#define AE_PCA_H

#include <glib.h>

typedef struct
{
  int dimension, k;
  double *mean;       /* [dimension] */
  double *components; /* [k][dimension], of length 1, orthogonal, by decreasing deviation */
  double *deviation;  /* [k], of the vectors along each */
} AePca;

/*
 * Of values [n][dimension]; k <= dimension.  By subspace iteration on the
 * covariance, from a fixed start, until the components turn by less than about 1e-6 a step (or 500
 * steps).  n >= 1; memory: 8 dimension^2 bytes.
 */
AePca *ae_pca_new (const float *values, int n, int dimension, int k);
void ae_pca_free (AePca *pca);

/* Mean squared error per value if each vector is replaced by mean and components. */
double ae_pca_error (const AePca *pca, const float *values, int n);
/* Coordinates of a vector, [k]. */
void ae_pca_project (const AePca *pca, const float *vector, double *coordinates);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AePca, ae_pca_free)

#endif
