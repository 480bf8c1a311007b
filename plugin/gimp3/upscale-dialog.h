/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-dialog.h - asks the user how to enlarge. */

#ifndef AE_GIMP3_UPSCALE_DIALOG_H
#define AE_GIMP3_UPSCALE_DIALOG_H

#include <libgimp/gimp.h>

/* The values of `config` are those to begin with and become those that the user
 * chose; FALSE if the user cancelled.  `layer`: what may be enlarged alone, or NULL. */
gboolean ae_upscale_dialog_run (GimpProcedure *procedure, GimpProcedureConfig *config, GimpImage *image,
                                GimpLayer *layer);

#endif
