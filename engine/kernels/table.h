/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* table.h - the tables that this build contains; AE_HAVE_* come from the build. */

#ifndef AE_KERNELS_TABLE_H
#define AE_KERNELS_TABLE_H

#include "kernels.h"

extern const AeKernels ae_kernels_c;
extern const AeKernels ae_kernels_sse2;
extern const AeKernels ae_kernels_avx2;
extern const AeKernels ae_kernels_avx512;
extern const AeKernels ae_kernels_avx512bf16;
extern const AeKernels ae_kernels_neon;

#endif
