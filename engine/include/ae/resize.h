/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* resize.h - antialiased bicubic scaling, as benchmarks for enlarging define it. */

#ifndef AE_RESIZE_H
#define AE_RESIZE_H

#include <glib.h>
#include <ae/plan.h>

/*
 * The bicubic kernel with a = -0.5, stretched by the factor when the picture
 * gets smaller (so that nothing aliases), the border pixel repeated in the
 * mirror (… 1 0 0 1 …), weights normalized: what MATLAB's imresize does, from
 * which published low-resolution pictures are made.
 *
 * src: [channels][height][width], dst: [channels][dst_height][dst_width], all
 * sizes >= 1.  Values are not clamped.  Sums in double precision.  Thread-safe.
 */
void ae_resize_bicubic (const float *src, int channels, int width, int height, float *dst, int dst_width,
                        int dst_height);

/*
 * The same for a part of the result, from a part of the picture: for pictures
 * that are not in memory as a whole.  Each pixel has the same bits in any part.
 */
typedef struct
{
  int width, height;         /* of the picture */
  int dst_width, dst_height; /* of the result */
} AeResize;

/* The pixels of the picture that `part` of the result is made of.  They may lie
 * beyond its borders, by 2 pixels or so, times the factor by which it gets
 * smaller: what is there is the caller's to say. */
AeRect ae_resize_source (const AeResize *size, const AeRect *part);

/* src: [channels][height][width] of that source, dst: [channels][part->height][part->width]. */
void ae_resize_part (const AeResize *size, const AeRect *part, const float *src, int channels, float *dst);

/* 8-bit R'G'B' [height][width][3], rounded half up and clamped. */
void ae_resize_bicubic_rgb8 (const guint8 *src, int width, int height, guint8 *dst, int dst_width,
                             int dst_height);

#endif
