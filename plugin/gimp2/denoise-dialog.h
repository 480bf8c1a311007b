/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* denoise-dialog.h - asks the user how to denoise. */

#ifndef AE_GIMP2_DENOISE_DIALOG_H
#define AE_GIMP2_DENOISE_DIALOG_H

#include <glib.h>
#include "core/controls.h"
#include "core/params.h"

/* The values are shown first and changed to what was chosen.  FALSE: cancelled. */
gboolean ae_denoise_dialog_run (gint32 drawable, AeDenoiseParams *params, AeOutput *output);

#endif
