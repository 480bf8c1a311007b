/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* kernels.h - the arithmetic of the engine, one table of functions per ISA. */

#ifndef AE_KERNELS_H
#define AE_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Layouts
 *
 *   planar   float [channels][height][width]
 *            for what has few channels: the picture itself, the sigma plane.
 *   blocked  float [blocks][height + 2][width + 2][VL]
 *            VL = vector length of the table; channel c lies in block c / VL,
 *            lane c % VL.  A border of one pixel surrounds each plane and is
 *            zero, lanes beyond the last channel are zero.
 *
 *            In the table for bf16 a float of blocked data holds two
 *            neighboring channels, each rounded to the upper half of a float,
 *            the first in the lower bits; a pixel of a block is `pixel` =
 *            VL / 2 floats long.  Strides still count floats.  All other
 *            tables: pixel = VL.
 *
 * Pointers given to a kernel point at a pixel inside the border; `row` and
 * `block` are strides in floats.  All buffers are 64-byte aligned at their
 * start; row and block strides of blocked data are multiples of the pixel.
 *
 * Kernels allocate nothing, keep no state and may run in any number of
 * threads on disjoint outputs.  A result pixel is computed by the same
 * sequence of operations wherever it lies: results do not depend on how the
 * caller cuts an image into calls.
 */

#define AE_VL_MAX 16 /* the longest vector of any table, in floats */
#define AE_TAPS_MAX 9
#define AE_WINOGRAD 4        /* pixels of a group of conv_winograd */
#define AE_WINOGRAD_POINTS 6 /* products that it needs for each instead of 3 * AE_WINOGRAD */
#define AE_PLANAR_MAX 4      /* output channels of conv_planar */

typedef enum
{
  AE_ACT_NONE,
  AE_ACT_RELU,
  AE_ACT_LEAKY, /* x < 0: slope * x, one slope for all channels */
  AE_ACT_PRELU, /* x < 0: slope[channel] * x */
  AE_ACT_SIGMOID
} AeAct;

/*
 * A convolution as a list of taps:
 *
 *   dst[o][y][x] = act (bias[o] + sum over i, t of
 *                       w[o][i][t] * src[i][y * step + ty][x * step + tx])
 *                  + add[o][y][x]
 *
 * 3x3: 9 taps, step 1.  1x1: 1 tap.  2x2 stride 2: 4 taps, src_step 2.
 * Transposed 2x2 stride 2: four one-tap calls with dst_step 2.  The gradient
 * of the input of each is again one of these with other weights.
 * Sums run over input channels (outer), then taps, in order.
 *
 * The weights are packed for just these in_channels, out_blocks and taps;
 * rows and columns may be cut freely, output blocks may not.  Weights and
 * bias of lanes beyond the last channel are zero, so these lanes of dst are
 * too, but for SIGMOID, of which they hold act (0) = 1/2.
 */
typedef struct
{
  float *dst;     /* blocked */
  size_t dst_row; /* floats from one output row to the next */
  size_t dst_block;
  int dst_step;     /* pixels from one output to the next: 1 or 2 */
  const float *src; /* blocked; the pixel to which tap offsets of the first output are relative */
  size_t src_row;   /* floats from the source row of one output row to that of the next */
  size_t src_block;
  int src_step;         /* source pixels per output pixel: 1 or 2 */
  const float *weights; /* from conv_pack () */
  const float *bias;    /* [out_blocks][VL], or NULL for 0 */
  const float *slope;   /* LEAKY: [1], PRELU: [out_blocks][VL], else NULL */
  const float *add;     /* blocked, geometry (row, block, step) of dst, may be dst itself; or NULL */
  int in_channels;      /* real number of input channels */
  int out_blocks;
  int taps;
  ptrdiff_t tap[AE_TAPS_MAX]; /* float offsets into src */
  int width, height;          /* output pixels of this call */
  AeAct act;
  bool wide; /* the table for bf16: dst holds unrounded floats, VL a pixel; without act and add */
} AeConv;

/*
 * A convolution of few output channels at the resolution of its source, from
 * blocked to planar:
 *
 *   dst[o][y][x] = bias[o] + sum over i, t of w[o][i][t] * src[i][y + ty][x + tx] + add[o][y][x]
 *
 * Sums run over blocks (outer) and taps in each lane, then over the lanes.
 */
typedef struct
{
  float *dst; /* planar */
  size_t dst_row, dst_plane;
  const float *src; /* blocked */
  size_t src_row, src_block;
  const float *weights; /* from conv_planar_pack () */
  const float *bias;    /* [out_channels], or NULL for 0 */
  const float *add;     /* planar, strides of dst, may be dst itself; or NULL */
  int in_channels;
  int out_channels; /* 1 to AE_PLANAR_MAX */
  int taps;
  ptrdiff_t tap[AE_TAPS_MAX];
  int width, height;
} AeConvPlanar;

/*
 * Gradient of the weights of such a convolution, accumulated:
 *
 *   dw[i][t][o] += sum over y, x of ddst[o][y][x] * src[i][y*step+ty][x*step+tx]
 *
 * for in_channels input channels and out_blocks output blocks beginning at the
 * pointers given; the caller divides the work by moving them, src by whole
 * blocks.  Pixels are added in reading order, so any such division, and any
 * cut into rows done in order, gives the same bits.
 */
typedef struct
{
  float *dw;         /* [in_channels][taps][dw_row] */
  size_t dw_row;     /* floats, a multiple of VL, >= out_blocks * VL */
  const float *ddst; /* blocked */
  size_t ddst_row, ddst_block;
  int ddst_step;
  const float *src; /* blocked */
  size_t src_row, src_block;
  int src_step;
  int in_channels;
  int out_blocks;
  int taps;
  ptrdiff_t tap[AE_TAPS_MAX];
  int width, height;
} AeConvGrad;

typedef struct
{
  const char *name; /* "c", "sse2", "avx2", "avx512"; "avx512bf16"; "neon" */
  int vl;
  int pixel; /* floats of a block's pixel in memory: vl, or vl / 2 in the table for bf16 */

  /* Number of floats of packed weights. */
  size_t (*conv_packed_size) (int in_channels, int out_channels, int taps);
  /* Packs w: element (o, i, t) is w[o * so + i * si + t * st].  So the same
   * function packs for the forward pass and, with exchanged strides and a
   * mirrored tap order (negative st), for the gradient of the input. */
  void (*conv_pack) (float *packed, const float *w, ptrdiff_t so, ptrdiff_t si, ptrdiff_t st, int in_channels,
                     int out_channels, int taps);
  void (*conv) (const AeConv *args);

  /*
   * A 3x3 convolution with step 1 by Winograd's F(4, 3) along rows (Winograd
   * 1980; Lavin and Gray 2016): AE_WINOGRAD results beside each other, a
   * group, are computed together with half of the multiplications, and rounded
   * otherwise than by conv ().  Of args taps and tap are not used; weights are
   * those of ae_winograd_pack ().  act: all but SIGMOID.
   *
   * The bits of a result pixel depend on its place in its group: `phase`
   * pixels of the first group lie to the left of the first result.  Where a
   * group goes on beyond the results, at either end, there must be the end of
   * the plane with its border of zeros; what lies beyond counts as zero, too.
   * scratch: winograd_scratch () floats, 64-byte aligned.
   *
   * winograd_channels: it is faster than conv () where source and result have
   * as many.  0 and NULL in the scalar table.
   */
  int winograd_channels;
  size_t (*winograd_scratch) (int in_channels, int out_blocks);
  void (*conv_winograd) (const AeConv *args, int phase, float *scratch);

  /* w: [out_channels][in_channels][taps].  packed: floats of whole blocks of
   * input channels * taps * out_channels. */
  void (*conv_planar_pack) (float *packed, const float *w, int in_channels, int out_channels, int taps);
  void (*conv_planar) (const AeConvPlanar *args);

  /* Training.  NULL in the table for bf16, as what follows up to channel_sum, and relu_grad and matmul. */
  void (*conv_grad) (const AeConvGrad *args);

  /*
   * The same of a 3x3 convolution with step 1, by Winograd's algorithm as
   * conv_winograd (): of whole planes with their border of zeros, in order of
   * groups.  Of args taps and tap are not used; dw: AE_WINOGRAD_POINTS sets,
   * each [in_channels][3][dw_row], of which ae_winograd_gradient () makes the
   * gradient.  scratch: winograd_grad_scratch () floats, 64-byte aligned.
   * NULL in the scalar table.
   */
  size_t (*winograd_grad_scratch) (int in_channels, int out_blocks);
  void (*conv_grad_winograd) (const AeConvGrad *args, float *scratch);

  /* sum[b][lane] += sum over pixels of src, for `blocks` blocks: the gradient of a bias. */
  void (*channel_sum) (float *sum, const float *src, size_t row, size_t block, int blocks, int width,
                       int height);

  /* planar <-> blocked.  `height` x `width` pixels.  pack writes zero to the
   * lanes beyond `channels`. */
  void (*pack) (float *dst, size_t dst_row, size_t dst_block, const float *src, size_t src_row,
                size_t src_plane, int channels, int width, int height);
  void (*unpack) (float *dst, size_t dst_row, size_t dst_plane, const float *src, size_t src_row,
                  size_t src_block, int channels, int width, int height);

  /* planar [channels][r*height][r*width] -> blocked [channels*r*r][height][width], PyTorch's channel order
   * c * r * r + dy * r + dx. */
  void (*pixel_unshuffle) (float *dst, size_t dst_row, size_t dst_block, const float *src, size_t src_row,
                           size_t src_plane, int r, int channels, int width, int height);
  /* blocked [channels*r*r][height][width] -> planar [channels][r*height][r*width];
   * with `add` (planar, strides of dst, may be dst) that is added. */
  void (*pixel_shuffle) (float *dst, size_t dst_row, size_t dst_plane, const float *src, size_t src_row,
                         size_t src_block, const float *add, int r, int channels, int width, int height);

  /* blocked, per block and row; dst has half (pool) or double (up2) the size given of src. width x height: of
   * dst. */
  void (*max_pool2) (float *dst, size_t dst_row, size_t dst_block, const float *src, size_t src_row,
                     size_t src_block, int blocks, int width, int height);
  void (*avg_pool2) (float *dst, size_t dst_row, size_t dst_block, const float *src, size_t src_row,
                     size_t src_block, int blocks, int width, int height);
  void (*up2) (float *dst, size_t dst_row, size_t dst_block, const float *src, size_t src_row,
               size_t src_block, int blocks, int width, int height);

  /* Runs of n floats; dst may be one of the sources. */
  void (*add) (float *dst, const float *a, const float *b, size_t n);
  /* Runs of n pixels of a block, likewise. */
  void (*add_pixels) (float *dst, const float *a, const float *b, size_t n);
  /* dst = y > 0 ? d : slope * d, the gradient of (leaky) ReLU from its output y. */
  void (*relu_grad) (float *dst, const float *d, const float *y, float slope, size_t n);

  /* Product of matrices c [rows][cols] = a [rows][inner] * b [inner][cols]; cols: a multiple of VL.  Sums run
   * over `inner` in its order.  c overlaps neither a nor b. */
  void (*matmul) (float *c, const float *a, const float *b, int rows, int inner, int cols);
} AeKernels;

/* Number of floats of the weights of conv_winograd (): AE_WINOGRAD_POINTS sets, each of conv_packed_size (in,
 * out, 3) floats in whole cache lines. */
size_t ae_winograd_packed_size (const AeKernels *k, int in_channels, int out_channels);
/* Packs w as conv_pack () does with 9 taps.  room: 3 * in_channels * out_channels floats. */
void ae_winograd_pack (const AeKernels *k, float *packed, const float *w, ptrdiff_t so, ptrdiff_t si,
                       ptrdiff_t st, int in_channels, int out_channels, float *room);

/* Gradient of the three taps of a kernel's row from the sums of conv_grad_winograd (): those of one point lie
 * `set` floats after those of the one before. */
void ae_winograd_gradient (float dw[3], const float *sums, size_t set);

/* The CPU's best table, or the one that the environment variable AE_CPU
 * names (c, sse2, avx2, avx512, neon); an AE_CPU that the CPU cannot run or that is
 * unknown gives the best one.  Thread-safe; the tables are constant. */
const AeKernels *ae_kernels_get (void);

/* The table that works on bf16 where the CPU has dot products of them: about
 * twice as fast and less exact, for inference only.  NULL where it has not, or
 * if AE_CPU names one of the tables below, among which it is not, and the CPU
 * can run that. */
const AeKernels *ae_kernels_fast (void);

/* All tables that this CPU can run, worst first, scalar "c" at index 0; NULL past the end. */
const AeKernels *ae_kernels_nth (int n);

#endif
