/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-apply.h - fills drawables of GIMP with a drawing of a model. */

#ifndef AE_GIMP3_GENERATE_APPLY_H
#define AE_GIMP3_GENERATE_APPLY_H

#include <libgimp/gimp.h>
#include "core/generate-params.h"

/* Fills what is selected of each, as one step of undo, and shows the progress.  Nothing has changed if it
 * fails. */
gboolean ae_generate_apply (GimpDrawable **drawables, const AeGenerateParams *params, GError **error);

#endif
