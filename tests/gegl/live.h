/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* live.h - what the tests of the GEGL operation share: a data folder of their own, models, pictures. */

#ifndef AE_TEST_LIVE_H
#define AE_TEST_LIVE_H

#include <ae/session.h>
#include <gegl.h>
#include <glib.h>
#include "core/params.h"

/*
 * Makes a folder, sets XDG_DATA_HOME to it and puts the models "denoise-fast"
 * and "other" in it; beside them, for GEGL_PATH, the operation (GEGL_OPERATION
 * of the environment) and GEGL's own (those in GEGL_PLUGINS), but no copy of
 * the operation that may be installed.  Before gegl_init () and before anybody
 * asks for the user's data folder.  Returns the folder; live_remove () removes
 * it and what is in it.
 */
char *live_folder (void);
void live_remove (const char *folder);
/* Writes the models alone: live_model (1) is denoise-fast, live_model (2) other. */
void live_models (const char *folder);

/* gegl_init () and what programs say that may use the operation. */
void live_gegl_init (void);

/* A model with halo and alignment like those of a real one, but few channels. */
AeModel *live_model (guint32 seed);

/* Shapes and noise; the same for the same seed.  `format` as of babl, `space` may be NULL. */
GeglBuffer *live_picture (const GeglRectangle *extent, const char *format, const char *space, guint32 seed);

/* What plugin/core makes of a picture with the model "denoise-fast". */
GeglBuffer *live_expected (GeglBuffer *picture, const AeDenoiseParams *params);

/* Pixels of the rectangle that have not the same bytes in both; -1: other formats. */
int live_differences (GeglBuffer *a, GeglBuffer *b, const GeglRectangle *rect);

#endif
