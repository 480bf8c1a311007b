/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-config.h - the arguments of the upscaling procedure as values of the core. */

#ifndef AE_GIMP3_UPSCALE_CONFIG_H
#define AE_GIMP3_UPSCALE_CONFIG_H

#include <libgimp/gimp.h>
#include "core/upscale-params.h"

void ae_upscale_config_declare (GimpProcedure *procedure);
/* Errors of ae_upscale_params_check (). */
gboolean ae_upscale_config_read (GimpProcedureConfig *config, AeUpscaleParams *params, GError **error);
void ae_upscale_config_write (GimpProcedureConfig *config, const AeUpscaleParams *params);

#endif
