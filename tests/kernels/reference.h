/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* reference.h - convolutions in double on dense planar data, and calls of the kernels on the same data. */

#ifndef KERNEL_TEST_REFERENCE_H
#define KERNEL_TEST_REFERENCE_H

#include "support.h"

typedef enum
{
  KIND_3X3,
  KIND_1X1,
  KIND_DOWN, /* 2x2, stride 2 */
  KIND_UP,   /* transposed 2x2, stride 2 */
  N_KINDS
} Kind;

typedef enum
{
  ADD_NONE,
  ADD_OTHER,
  ADD_SELF, /* add is dst */
  N_ADDS
} AddMode;

/* A convolution from in [in_channels][in_height][in_width] to out [out_channels][height][width]. */
typedef struct
{
  Kind kind;
  int in_channels, out_channels;
  int width, height; /* of the result; KIND_UP: made even */
  bool bias;
  AeAct act;
  AddMode add;
  Fill fill;
} Case;

typedef struct
{
  Case c;
  int in_width, in_height, taps;
  float *in, *weights, *bias, *slope, *addend; /* weights [out_channels][in_channels][taps] */
} Problem;

Problem problem_new (const Case *c);
void problem_free (Problem *p);
size_t problem_out_size (const Problem *p);
const char *problem_name (const Problem *p); /* valid until the next call */

/* Source pixel of tap t of output (y, x); false where the tap does not reach that output. */
bool tap_source (const Problem *p, int t, int y, int x, int *sy, int *sx);

/* The result in double, and for each value the sum of the sizes of all that was added (for error bounds). */
void reference_conv (const Problem *p, double *out, double *size);
/* The result of a table; checks guards, borders and spare lanes. */
void table_conv (const AeKernels *k, const Problem *p, float *out);

/* Arguments for the whole picture from blocked buffers; KIND_UP: of tap t of 4. */
AeConv conv_args (const Problem *p, const Blocked *dst, const Blocked *src, int t);

#endif
