/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-apply.h - fills a drawable of GIMP with a drawing of a model. */

#ifndef AE_GIMP2_GENERATE_APPLY_H
#define AE_GIMP2_GENERATE_APPLY_H

#include <glib.h>
#include "core/generate-params.h"

/* Fills what is selected, as one step of undo, and shows the progress.  Nothing has changed if it fails. */
gboolean ae_generate_apply (gint32 drawable, const AeGenerateParams *params, GError **error);

#endif
