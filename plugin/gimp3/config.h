/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* config.h - the arguments of the procedure as values of the core. */

#ifndef AE_GIMP3_CONFIG_H
#define AE_GIMP3_CONFIG_H

#include <libgimp/gimp.h>
#include "core/controls.h"
#include "core/params.h"

/* Declares the arguments that ae_config_read () reads. */
void ae_config_declare (GimpProcedure *procedure);

/* Values, checked; FALSE: `error` names the one that is not allowed. */
gboolean ae_config_read (GimpProcedureConfig *config, AeDenoiseParams *params, AeOutput *output,
                         GError **error);

#endif
