/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* session-private.h - the inside of a session: what is fixed, how a run is laid out, one tile of it. */

#ifndef AE_SESSION_PRIVATE_H
#define AE_SESSION_PRIVATE_H

#include <ae/session.h>

#include "program.h"

struct _AeSession
{
  AeModel *model;
  AeProgram *program;
  int threads;
  guint64 max_memory;
  int max_tile;       /* 0: no limit but that of memory */
  int picture, sigma; /* values of the inputs; sigma: -1 without */
  int channels, out_channels;
  int scale, alignment;
  int halo; /* a multiple of the alignment */
  /* What lies outside 0..1 is added back: result and picture have the same shape. */
  gboolean adds_excess;
  double *costs; /* multiply-adds of each step for one pixel of its result */
  /* For benchmarks: nanoseconds of processor time that each step took so far
   * [program->n_steps], or NULL.  The session does not own it. */
  guint64 *profile;
};

/* What a tile needs beside the values of the program. */
typedef enum
{
  AE_EXTRA_PICTURE, /* [channels][rows][columns] as read */
  AE_EXTRA_SIGMA,   /* [rows][columns] as read */
  AE_EXTRA_COLUMNS, /* int [in.width]: column of what was read that each column of the input mirrors */
  AE_EXTRA_RESULT,  /* [out_channels][rows][columns] as written; until then the excess */
  AE_N_EXTRAS
} AeExtra;

/* Where everything lies in the scratch of a tile of one size. */
typedef struct
{
  int width, height; /* of AeTile.in */
  size_t floats;
  size_t *offsets; /* of the values, then of the extras */
} AeTileLayout;

#define AE_TILE_SIZES_MAX 4 /* even parts have two widths and two heights */

typedef struct
{
  GArray *tiles; /* AeTile */
  AeTileLayout layouts[AE_TILE_SIZES_MAX];
  int n_layouts;
  guint64 bytes; /* of everything a run allocates */
} AeTilePlan;

/* The largest tiles whose memory keeps within `max_memory`.  A zeroed plan; on
 * error nothing is left in it.  AE_ERROR_LIMIT says how much memory would do. */
gboolean ae_tile_plan_init (AeTilePlan *plan, const AeSession *session, guint64 max_memory, int width,
                            int height, GError **error);
void ae_tile_plan_clear (AeTilePlan *plan);
const AeTileLayout *ae_tile_plan_layout (const AeTilePlan *plan, const AeTile *tile);
/* Floats of scratch that the largest tile takes. */
size_t ae_tile_plan_floats (const AeTilePlan *plan);

/* Pixels x0 <= x < x1, y0 <= y < y1 of a value. */
typedef struct
{
  int x0, x1, y0, y1;
} AeWindow;

/*
 * Of each value the pixels that the result for tile->out depends on: near the
 * end of a network far fewer than the tile has, for the halo is used up.
 * windows: of all values; those of the inputs are not limited to the tile.
 */
void ae_windows_find (const AeSession *session, const AeTile *tile, AeWindow *windows);
/* Multiply-adds of all steps. */
double ae_windows_work (const AeSession *session, const AeWindow *windows);
/* Computes rows y0 <= y < y1, cut at multiples of ae_step_row_multiple () and within the window. */
void ae_windows_run_step (const AeSession *session, int step, const AeBuffer *buffers,
                          const AeWindow *windows, int y0, int y1);

/* One tile at work.  Rows may be filled and finished by any thread. */
typedef struct
{
  const AeSession *session;
  const AeRun *run;
  AeRect in, out;
  AeRect got;        /* the pixels of the picture that mirrored coordinates reach */
  AeBuffer *buffers; /* of all values, placed */
  AeWindow *windows; /* of all values */
  float *picture, *sigma, *result;
  int *columns;
} AeTileWork;

/* Places everything in `memory`. */
void ae_tile_work_begin (AeTileWork *work, const AeTile *tile, const AeTileLayout *layout, float *memory);
/* Calls the read functions of the run. */
gboolean ae_tile_work_read (AeTileWork *work, GError **error);
/* Rows y0 <= y < y1 of the inputs (in.height rows), from what was read. */
void ae_tile_work_fill (const AeTileWork *work, int y0, int y1);
/* Rows y0 <= y < y1 of the result (out.height * scale rows), from the output of the program. */
void ae_tile_work_finish (const AeTileWork *work, int y0, int y1);
/* Calls the write function of the run. */
gboolean ae_tile_work_write (const AeTileWork *work, GError **error);

#endif
