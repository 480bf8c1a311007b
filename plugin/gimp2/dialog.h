/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* dialog.h - asks the user for the values of a run. */

#ifndef AE_GIMP2_DIALOG_H
#define AE_GIMP2_DIALOG_H

#include <glib.h>
#include "core/params.h"

/* `params` are shown first and changed to what was chosen.  FALSE: cancelled. */
gboolean ae_dialog_run (gint32 drawable, AeDenoiseParams *params);

#endif
