/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-config.h - the arguments of the drawing procedure as values of the core. */

#ifndef AE_GIMP3_GENERATE_CONFIG_H
#define AE_GIMP3_GENERATE_CONFIG_H

#include <libgimp/gimp.h>
#include "core/generate-params.h"

/* Declares the arguments that ae_generate_config_read () reads. */
void ae_generate_config_declare (GimpProcedure *procedure);

/* Values, checked; FALSE: `error` names the one that is not allowed. */
gboolean ae_generate_config_read (GimpProcedureConfig *config, AeGenerateParams *params, GError **error);
void ae_generate_config_write (GimpProcedureConfig *config, const AeGenerateParams *params);

#endif
