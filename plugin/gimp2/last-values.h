/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* last-values.h - the values that were used last, in this run of GIMP or an earlier one. */

#ifndef AE_GIMP2_LAST_VALUES_H
#define AE_GIMP2_LAST_VALUES_H

#include "core/controls.h"
#include "core/generate-params.h"
#include "core/params.h"
#include "core/upscale-params.h"

/* The defaults where nothing is remembered or it cannot be used. */
void ae_last_values_get (AeDenoiseParams *params, AeOutput *output);
/* Kept by GIMP until it ends, and in gimp-autoencoder.ini of the user's GIMP folder. */
void ae_last_values_set (const AeDenoiseParams *params, AeOutput output);

/* The same for enlarging. */
void ae_last_upscale_get (AeUpscaleParams *params);
void ae_last_upscale_set (const AeUpscaleParams *params);

/* The same for drawing. */
void ae_last_generate_get (AeGenerateParams *params);
void ae_last_generate_set (const AeGenerateParams *params);

#endif
