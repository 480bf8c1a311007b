/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* live-filter.h - what the operation keeps between calls of GEGL: session, noise level, grid. */

#ifndef AE_LIVE_FILTER_H
#define AE_LIVE_FILTER_H

#include <gegl.h>
#include <glib.h>
#include "core/params.h"

/*
 * GEGL asks for a picture in rectangles of its own choice.  Each is enlarged
 * to cells of a grid, so that what the network computes around them stays a
 * small part of the work; GEGL keeps the cells.  The result does not depend on
 * the rectangles: cells read their surroundings, and a noise level that is to
 * be estimated is estimated once, from the whole picture.
 *
 * All functions may be called from any thread, also while another one runs.
 */

typedef struct _AeLiveFilter AeLiveFilter;

AeLiveFilter *ae_live_filter_new (void);
void ae_live_filter_free (AeLiveFilter *filter);

/*
 * Before each evaluation: the model's name or path, the other properties
 * (params->model is not looked at), the extent of the input (NULL: there is
 * none) and its format.  `source` is only compared: with another one the
 * picture counts as changed.  Loads the model at the first
 * call and when its name has changed.  What is wrong with it is said once by
 * g_warning (); pixels then pass unchanged.
 */
void ae_live_filter_prepare (AeLiveFilter *filter, const char *model, const AeDenoiseParams *params,
                             gconstpointer source, const GeglRectangle *bounds, const Babl *format);

/* The format to work in: that of the input where it can be filtered, else
 * R'G'B'A float.  `format` may be NULL. */
const Babl *ae_live_filter_format (const Babl *format);

/* Whether pixels pass unchanged: strength 0, no model, nothing or something without end as input. */
gboolean ae_live_filter_passes (AeLiveFilter *filter);

/* The cells that a rectangle touches. */
GeglRectangle ae_live_filter_cells (AeLiveFilter *filter, const GeglRectangle *roi);
/* What of the input has to be there for the result of a rectangle. */
GeglRectangle ae_live_filter_required (AeLiveFilter *filter, const GeglRectangle *roi);
/* The input has changed there: says where the result does. */
GeglRectangle ae_live_filter_changed (AeLiveFilter *filter, const GeglRectangle *rect);

/* Writes the result for a rectangle.  Where that fails: the input, and g_warning (). */
void ae_live_filter_process (AeLiveFilter *filter, GeglBuffer *input, GeglBuffer *output,
                             const GeglRectangle *roi);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeLiveFilter, ae_live_filter_free)

#endif
