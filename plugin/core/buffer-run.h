/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* buffer-run.h - runs a session over a rectangle of a buffer and hands out what the network made of it. */

#ifndef AE_BUFFER_RUN_H
#define AE_BUFFER_RUN_H

#include <ae/session.h>
#include <gegl.h>
#include <glib.h>
#include "pixels.h"

/* Rows that are converted at once: bounds the scratch memory. */
#define AE_BUFFER_BAND 64

/*
 * Takes a part of the result.  rect: in the coordinates of the buffer (of a
 * model that enlarges: in pixels of the result, from the corner of the
 * buffer's extent on), inside the rectangle asked for, each pixel once; tiles
 * row by row.  planes: float [colors][rows][stride],
 * `plane` values from one plane to the next; colors as the buffer has them.
 */
typedef gboolean (*AeResultFunc) (const GeglRectangle *rect, const float *planes, gsize stride, gsize plane,
                                  gpointer data, GError **error);

typedef struct
{
  AeSession *session;
  GeglBuffer *buffer;
  const AePixels *pixels;   /* of the buffer's format */
  const GeglRectangle *roi; /* inside the extent */
  double sigma;             /* 8-bit steps */
  AeResultFunc result;
  AeProgressFunc progress; /* may be NULL */
  gpointer data;           /* for `result` */
  gpointer progress_data;
  guint64 reserved; /* see ae/session.h */
  gboolean enlarge; /* the model is to enlarge, not to denoise */
  gboolean wrap;    /* the picture repeats beyond its borders; roi may lie outside */
} AeBufferRun;

/* AE_ERROR_ARGUMENT if the model is for another task, or is to enlarge colors and is for gray. */
gboolean ae_buffer_run (const AeBufferRun *run, GError **error);

/* Pixels around a pixel that are read for it. */
int ae_buffer_run_reach (AeSession *session, const AePixels *pixels);

#endif
