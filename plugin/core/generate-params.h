/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-params.h - what a user can set for drawing with a generative model: defaults and validation. */

#ifndef AE_GENERATE_PARAMS_H
#define AE_GENERATE_PARAMS_H

#include <glib.h>
#include "params.h"

/* What the area is filled with. */
typedef enum
{
  AE_GENERATE_SAMPLE, /* one sample, as large as the area */
  AE_GENERATE_GRID,   /* a grid of samples that fade into each other */
  AE_N_GENERATE_FILLS
} AeGenerateFill;

#define AE_GENERATE_LATENT_MAX 64 /* numbers that can be given; the seed draws further ones */
#define AE_GENERATE_LATENT_LIMIT 10.0
#define AE_GENERATE_CELL_MIN 8
#define AE_GENERATE_CELL_MAX 1024
#define AE_GENERATE_CLASS_MAX 16383
#define AE_GENERATE_ANY_CLASS (-1)

/* A plain value without pointers, as AeDenoiseParams. */
typedef struct
{
  char model[AE_PARAMS_MODEL_MAX]; /* name or path, "" for the default */
  AeGenerateFill fill;
  int cell;       /* width of a cell of the grid in pixels */
  double overlap; /* 0..100: percent of a cell's width in which neighbors fade into each other */
  double variety; /* 0..100: how far the cells' samples differ; 100: they have nothing in common */
  int seed;       /* >= 0 */
  int label;      /* class, AE_GENERATE_ANY_CLASS: drawn from the seed, for each cell its own */
  int n_latent;   /* numbers given; the seed draws those after them */
  double latent[AE_GENERATE_LATENT_MAX];
} AeGenerateParams;

/* One sample of the default model, seed 0, nothing given; cells of 128 pixels that overlap by half and differ
 * by half. */
void ae_generate_params_init (AeGenerateParams *params);

/* Error AE_ERROR_ARGUMENT with the name, the value and the range of the first
 * value that is not allowed (NaN is not). */
gboolean ae_generate_params_check (const AeGenerateParams *params, GError **error);

/* Numbers as a user types them, separated by commas or spaces, decimal points in any locale; "": none.
 * `params` stays as it is on error. */
gboolean ae_generate_params_parse_latent (AeGenerateParams *params, const char *text, GError **error);
/* The other way; g_free (). */
char *ae_generate_params_latent_text (const AeGenerateParams *params);

/* "sample", "grid": for scripts and files. */
const char *ae_generate_fill_name (AeGenerateFill fill);

/* Between a group of a file and values; what is missing or cannot be read stays as it is. */
void ae_generate_params_read (AeGenerateParams *params, GKeyFile *file, const char *group);
void ae_generate_params_write (const AeGenerateParams *params, GKeyFile *file, const char *group);

#endif
