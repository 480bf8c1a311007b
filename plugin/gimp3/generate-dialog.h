/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-dialog.h - asks the user what to draw. */

#ifndef AE_GIMP3_GENERATE_DIALOG_H
#define AE_GIMP3_GENERATE_DIALOG_H

#include <libgimp/gimp.h>

/* Returns TRUE if the user wants it, with `config` as chosen. */
gboolean ae_generate_dialog_run (GimpProcedure *procedure, GimpProcedureConfig *config,
                                 GimpDrawable *drawable);

#endif
