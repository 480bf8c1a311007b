/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-dialog.h - asks the user what to draw. */

#ifndef AE_GIMP2_GENERATE_DIALOG_H
#define AE_GIMP2_GENERATE_DIALOG_H

#include <glib.h>
#include "core/generate-params.h"

/* Returns TRUE if the user wants it, with `params` as chosen. */
gboolean ae_generate_dialog_run (gint32 drawable, AeGenerateParams *params);

#endif
