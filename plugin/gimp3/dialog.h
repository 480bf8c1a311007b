/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* dialog.h - asks the user for the values of a run. */

#ifndef AE_GIMP3_DIALOG_H
#define AE_GIMP3_DIALOG_H

#include <libgimp/gimp.h>

/* `config` is shown first and changed to what was chosen; the preview shows
 * `drawable`.  FALSE: cancelled. */
gboolean ae_dialog_run (GimpProcedure *procedure, GimpProcedureConfig *config, GimpDrawable *drawable);

#endif
