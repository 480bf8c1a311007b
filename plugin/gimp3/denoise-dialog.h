/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* denoise-dialog.h - asks the user how to denoise. */

#ifndef AE_GIMP3_DENOISE_DIALOG_H
#define AE_GIMP3_DENOISE_DIALOG_H

#include <libgimp/gimp.h>

/* `config` is shown first and changed to what was chosen; the preview shows
 * `drawable`.  FALSE: cancelled. */
gboolean ae_denoise_dialog_run (GimpProcedure *procedure, GimpProcedureConfig *config,
                                GimpDrawable *drawable);

#endif
