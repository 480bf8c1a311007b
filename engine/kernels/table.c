/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* table.c - which tables the CPU at hand can run, and which of them to use. */

#include "table.h"

#include <stdlib.h>
#include <string.h>

/* Worst first.  __builtin_cpu_supports () also knows whether the operating
 * system saves the registers. */
static bool
runs (int table)
{
  switch (table)
    {
    case 0:
      return true;
#ifdef AE_HAVE_X86
    case 1:
      return __builtin_cpu_supports ("sse2");
    case 2:
      return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
    case 3:
      return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma")
             && __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512dq")
             && __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512vl");
#elif defined(AE_HAVE_NEON)
    case 1:
      return true; /* every 64-bit ARM */
#endif
    default:
      return false;
    }
}

static const AeKernels *const tables[] = {
  &ae_kernels_c,
#ifdef AE_HAVE_X86
  &ae_kernels_sse2,
  &ae_kernels_avx2,
  &ae_kernels_avx512,
#elif defined(AE_HAVE_NEON)
  &ae_kernels_neon,
#endif
};

#define N_TABLES ((int)(sizeof tables / sizeof tables[0]))

const AeKernels *
ae_kernels_nth (int n)
{
#ifdef AE_HAVE_X86
  __builtin_cpu_init ();
#endif
  for (int i = 0; i < N_TABLES; i++)
    if (runs (i) && n-- == 0)
      return tables[i];
  return NULL;
}

const AeKernels *
ae_kernels_get (void)
{
  const char *name = getenv ("AE_CPU");
  const AeKernels *best = NULL;
  const AeKernels *k;

  for (int n = 0; (k = ae_kernels_nth (n)); n++)
    {
      if (name && !strcmp (name, k->name))
        return k;
      best = k;
    }
  return best;
}

const AeKernels *
ae_kernels_fast (void)
{
#ifdef AE_HAVE_X86
  const char *name = getenv ("AE_CPU");

  /* the best table is used, and not because it was named */
  if (ae_kernels_get () == &ae_kernels_avx512 && __builtin_cpu_supports ("avx512bf16")
      && (!name || strcmp (name, ae_kernels_avx512.name)))
    return &ae_kernels_avx512bf16;
#endif
  return NULL;
}
