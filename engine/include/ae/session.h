/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* session.h - a model prepared for this machine, run over pictures of any size in tiles. */

#ifndef AE_SESSION_H
#define AE_SESSION_H

#include <glib.h>
#include <ae/model.h>
#include <ae/plan.h>

/*
 * The result is defined as the network applied to the picture, made larger to
 * whole units of the alignment and then by ae_graph_margin () on each side,
 * where it is mirrored.  Beyond that convolutions see zeros, as they do around
 * the pictures that networks are trained with.  For a given precision tile
 * size, memory limit and number of threads do not change a bit of the result.
 */

typedef struct _AeSession AeSession;

typedef enum
{
  AE_PRECISION_EXACT, /* single precision throughout */
  /* Values between the steps and weights are rounded to bf16 where the CPU has
   * dot products of these (AVX-512 BF16) and the graph neither concatenates nor
   * activates in steps of their own; else like EXACT.  Tiles and threads do not
   * change a bit of this result either. */
  AE_PRECISION_FAST
} AePrecision;

/* "exact" or "fast"; FALSE if it is neither. */
gboolean ae_precision_parse (const char *name, AePrecision *precision);

typedef struct
{
  int threads;        /* 0: as many as the CPU has */
  guint64 max_memory; /* bytes of scratch that a run may use, 0: 1 GiB */
  int tile; /* widest tile and, less the halo, highest strip in picture pixels (tests), 0: by max_memory */
  AePrecision precision;
} AeSessionOptions;

/* options may be NULL. */
AeSession *ae_session_new (AeModel *model, const AeSessionOptions *options, GError **error);
void ae_session_free (AeSession *session);

AeModel *ae_session_model (const AeSession *session);
/* Bytes of scratch that a run may use. */
guint64 ae_session_max_memory (const AeSession *session);
/* What the session works with: EXACT where FAST was asked for in vain. */
AePrecision ae_session_precision (const AeSession *session);

/*
 * Fills `planes`, float [channels][rect->height][rect->width], channels of the
 * picture input (3 rgb or 1 y), with the picture's pixels inside rect, which
 * lies within the picture.  NaN and infinite values become 0 for the network;
 * what lies outside 0..1 is clamped for it and, at scale 1, the difference is
 * added back to the result.
 */
typedef gboolean (*AeReadFunc) (const AeRect *rect, float *planes, gpointer data, GError **error);
/* Fills one plane with the noise level of each pixel, sigma / 255. */
typedef gboolean (*AeSigmaFunc) (const AeRect *rect, float *plane, gpointer data, GError **error);
/* Takes the result: rect in pixels of the result (picture * scale).  Row by row of tiles, from left to right,
 * each in strips from top to bottom. */
typedef gboolean (*AeWriteFunc) (const AeRect *rect, const float *planes, gpointer data, GError **error);
/* Called on the caller's thread, at most about ten times a second; FALSE cancels (AE_ERROR_CANCELLED). */
typedef gboolean (*AeProgressFunc) (double fraction, gpointer data);

typedef struct
{
  int width, height;  /* of the picture */
  AeRect part;        /* of the picture: only its result is computed and written, with the same bits as in a
                       * run over the whole; all zero: the whole */
  float sigma;        /* noise level in 8-bit steps (0..255) where `sigma_func` is NULL */
  guint64 reserved;   /* bytes of the session's max_memory that the caller needs itself meanwhile */
  gboolean unclamped; /* give the network the values as they are (NaN and infinity still become 0): for
                       * benchmarks whose protocol adds noise without clipping */
  AeReadFunc read;
  AeSigmaFunc sigma_func; /* may be NULL */
  AeWriteFunc write;
  AeProgressFunc progress; /* may be NULL */
  gpointer data;           /* given to all four, always on the caller's thread */
} AeRun;

/* Runs the picture or a part of it.  One run at a time per session. */
gboolean ae_session_run (AeSession *session, const AeRun *run, GError **error);

/* Pixels of the picture around a part that a run reads at most.  More than ae_graph_halo (): convolutions
 * compute groups of pixels that begin at fixed places. */
int ae_session_reach (const AeSession *session);

/* A picture that begins a multiple of so many pixels further to the left or above has the same bits for the
 * same pixels. */
int ae_session_unit (const AeSession *session);

/* The smallest AeSessionOptions.tile with which such a session can run. */
int ae_session_least_tile (const AeSession *session);

/* Bytes of scratch that a run over a picture of that size will use, the plan included.  0: it would not keep
 * within the limit, however it is divided. */
guint64 ae_session_memory (AeSession *session, int width, int height);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeSession, ae_session_free)

#endif
