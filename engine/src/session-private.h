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
  int margin; /* a multiple of the alignment */
  /* Tiles begin at multiples of it: the alignment, or so many that groups of convolutions along rows
   * (ae_program_group ()) begin there as well, at all resolutions. */
  int unit;
  int halo_x, halo_y; /* multiples of the unit; groups are wider than what they depend on */
  /* What lies outside 0..1 is added back: result and picture have the same shape. */
  gboolean adds_excess;
  double *costs; /* multiply-adds of each step for one pixel of its result */
  /* For benchmarks: nanoseconds of processor time that each step took so far
   * [program->n_steps], or NULL.  The session does not own it. */
  guint64 *profile;
};

static inline int
ae_round_up (int n, int multiple)
{
  return (n + multiple - 1) / multiple * multiple;
}

/* What a tile needs beside the values of the program. */
typedef enum
{
  AE_EXTRA_EXCESS,  /* [channels][rows][out.width], what was outside 0..1 and is added back */
  AE_EXTRA_PICTURE, /* [channels][rows][columns] as read */
  AE_EXTRA_SIGMA,   /* [rows][columns] as read */
  AE_EXTRA_COLUMNS, /* int [in.width]: column of what was read that each column of the input mirrors */
  AE_EXTRA_RESULT,  /* [out_channels][rows][columns] as written */
  AE_N_EXTRAS
} AeExtra;

/*
 * A tile is computed in strips of rows from top to bottom.  Of each value only
 * the rows are in memory that the strip computes or reads.  What later strips
 * read as well stays, so no row is computed twice.
 */
typedef struct
{
  int first;      /* row of the tile that is the first in memory */
  int begin, end; /* rows begin <= y < end are computed with the strip; those before are there */
  int dropped;    /* rows that were in memory before the first and are no more */
} AeRows;

/* Where everything lies in the scratch of a tile of one size. */
typedef struct
{
  AeTile tile; /* the first of this shape */
  size_t floats;
  int *rows;       /* of each value and of the excess: the most that are in memory */
  size_t *offsets; /* of the values, then of the extras */
} AeTileLayout;

typedef struct
{
  GArray *tiles;   /* AeTile */
  int strip;       /* rows of a strip, a multiple of the alignment */
  GArray *layouts; /* AeTileLayout, one of each shape */
  guint64 bytes;   /* of everything a run allocates */
} AeTilePlan;

/* The division of a part of a picture of width x height pixels with the least work whose memory keeps
 * within `max_memory`.  A zeroed plan; on error nothing is left in it.  AE_ERROR_LIMIT says how much memory
 * would do. */
gboolean ae_tile_plan_init (AeTilePlan *plan, const AeSession *session, guint64 max_memory,
                            const AeRect *part, int width, int height, GError **error);
void ae_tile_plan_clear (AeTilePlan *plan);
const AeTileLayout *ae_tile_plan_layout (const AeTilePlan *plan, const AeTile *tile);
/* Floats of scratch that the largest tile takes. */
size_t ae_tile_plan_floats (const AeTilePlan *plan);
/* Sets up a value (or the excess, number n_values) of a tile with room for so many rows; data is left
 * alone.  Rows lie one after the other with all their blocks, so that values of the same width have the
 * same strides, whatever rows there is room for.  Returns the floats that it takes. */
size_t ae_tile_buffer_layout (const AeSession *session, int value, const AeTile *tile, int rows,
                              AeBuffer *buffer);

/* Pixels x0 <= x < x1, y0 <= y < y1 of a value. */
typedef struct
{
  int x0, x1, y0, y1;
} AeWindow;

/*
 * Of each value the pixels that the result for tile->out depends on: near the
 * end of a network far fewer than the tile has, for the halo is used up.
 * windows: of all values.
 */
void ae_windows_find (const AeSession *session, const AeTile *tile, AeWindow *windows);
/* Pixels of the picture to the left and right on which an aligned unit of the result depends. */
int ae_windows_halo (const AeSession *session);
/* Multiply-adds of all steps. */
double ae_windows_work (const AeSession *session, const AeWindow *windows);
/* Computes rows y0 <= y < y1, cut at multiples of ae_step_row_multiple () and within the window.
 * scratch: of the program, for the thread alone. */
void ae_windows_run_step (const AeSession *session, int step, const AeTile *tile, const AeBuffer *buffers,
                          const AeWindow *windows, int y0, int y1, float *scratch);

/* rows: of all values, then of the excess.  Before the first strip. */
void ae_strip_begin (const AeSession *session, const AeTile *tile, const AeWindow *windows, AeRows *rows);
/*
 * Goes on to the strip that computes what depends on rows of the tile down to
 * in_end, and nothing below.  The result is there from out_begin (a row of
 * the tile, where the strip before ended) to the row that is returned; the
 * first strips may give none of it.  windows: become those of all rows down to
 * the end of the strip.
 */
int ae_strip_next (const AeSession *session, const AeTile *tile, int in_end, int out_begin, AeWindow *windows,
                   AeRows *rows);

/* One tile at work.  Rows may be filled and finished by any thread. */
typedef struct
{
  const AeSession *session;
  const AeRun *run;
  AeTile tile;
  int strip;              /* rows of a strip */
  int in_end;             /* rows of the tile that the strips down to the one at hand depend on */
  int out_begin, out_end; /* rows of the tile that the strip at hand gives the result of */
  AeRect got;             /* the pixels of the picture that mirrored coordinates reach */
  AeBuffer *buffers;      /* of all values, then of the excess; data: as if all rows were in memory */
  AeWindow *windows;      /* of all values */
  AeRows *rows;           /* of all values, then of the excess */
  float *picture, *sigma, *result;
  int *columns;
} AeTileWork;

/* Places everything in `memory`. */
void ae_tile_work_begin (AeTileWork *work, const AeTile *tile, const AeTilePlan *plan, float *memory);
/* Goes on to the next strip; FALSE: there is none. */
gboolean ae_tile_work_next (AeTileWork *work);
/* Moves the rows of a block of a value (or of the excess) that stay to where the strip has them.
 * Before anything is computed. */
void ae_tile_work_keep (const AeTileWork *work, int value, int block);
/* Calls the read functions of the run. */
gboolean ae_tile_work_read (AeTileWork *work, GError **error);
/* Rows y0 <= y < y1 of the inputs, from what was read. */
void ae_tile_work_fill (const AeTileWork *work, int y0, int y1);
/* Rows y0 <= y < y1 of the strip's result ((out_end - out_begin) * scale rows), from the output of the
 * program. */
void ae_tile_work_finish (const AeTileWork *work, int y0, int y1);
/* Calls the write function of the run, if the strip gives some of the result. */
gboolean ae_tile_work_write (const AeTileWork *work, GError **error);

#endif
