/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* validate.c - how well weights do on the validation crops. */

#include "validate.h"
#include "net.h"

#include <ae/error.h>
#include <math.h>
#ifdef _OPENMP
#include <omp.h>
#endif

static double
psnr_of (const float *result, const float *target, gsize n)
{
  double squares = 0;

  for (gsize i = 0; i < n; i++)
    {
      double d = (double)CLAMP (result[i], 0, 1) - target[i];

      squares += d * d;
    }
  return 10 * log10 ((double)n / MAX (squares, 1e-12));
}

gboolean
ae_validate (const AeSampler *sampler, AeGraph *graph, const AeKernels *kernels, const float *params,
             int threads, double *psnr, AeStrip *strips, GError **error)
{
  int n = ae_sampler_n_validation (sampler);
  int size = ae_sampler_validation_size (sampler), scale = ae_graph_scale (graph);
  gsize plane = (gsize)size * (gsize)size, target_plane = plane * (gsize)(scale * scale);
  AeBackprop *backprop = ae_backprop_new (graph, kernels);
  AeNet **nets = ae_nets_new (backprop, threads, size, size);
  g_autofree double *each = g_new0 (double, n);

  if (!nets)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_MEMORY, "not enough memory for validation crops of %d pixels",
                   size);
      ae_backprop_free (backprop);
      return FALSE;
    }
  ae_backprop_set_params (backprop, params);
#pragma omp parallel num_threads(threads)
  {
#ifdef _OPENMP
    AeNet *net = nets[omp_get_thread_num ()];
#else
    AeNet *net = nets[0];
#endif
    float *target = g_new (float, 3 * target_plane + 4 * plane);
    float *input = target + 3 * target_plane, *sigma = input + 3 * plane;

#pragma omp for schedule(dynamic, 1)
    for (int i = 0; i < n; i++)
      {
        ae_sampler_validation (sampler, i, target, input, sigma);
        ae_net_fill (net, input, sigma);
        ae_net_forward (net);
        each[i] = psnr_of (ae_net_output (net)->data, target, 3 * target_plane);
        if (strips && i < AE_RECORD_STRIPS)
          ae_strip_cut (&strips[i], ae_net_output (net)->data, size * scale, AE_RECORD_SIDE);
      }
    g_free (target);
  }
  *psnr = 0;
  for (int i = 0; i < n; i++)
    *psnr += each[i];
  *psnr /= n;
  ae_nets_free (nets, threads);
  ae_backprop_free (backprop);
  return TRUE;
}
