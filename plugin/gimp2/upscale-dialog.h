/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-dialog.h - asks the user how to enlarge. */

#ifndef AE_GIMP2_UPSCALE_DIALOG_H
#define AE_GIMP2_UPSCALE_DIALOG_H

#include <glib.h>
#include "core/upscale-params.h"

/* `params` are those to begin with and become those that the user chose;
 * FALSE if the user cancelled. */
gboolean ae_upscale_dialog_run (gint32 image, gint32 drawable, AeUpscaleParams *params);

#endif
