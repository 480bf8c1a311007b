/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* validate.h - how well weights do on the validation crops. */

#ifndef AE_VALIDATE_H
#define AE_VALIDATE_H

#include "record.h"
#include "sample.h"
#include "src/program.h"

/*
 * In *psnr the mean PSNR over the validation crops (R'G'B', results clamped), of which there
 * must be at least one.  params: in the order of ae_graph_param ().  If strips
 * is not NULL, the middles of the first AE_RECORD_STRIPS results are put there.  AE_ERROR_MEMORY.
 */
gboolean ae_validate (const AeSampler *sampler, AeGraph *graph, const AeKernels *kernels, const float *params,
                      int threads, double *psnr, AeStrip *strips, GError **error);

#endif
