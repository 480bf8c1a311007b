/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-controls.h - the controls of the upscaling dialog: their order, labels and tooltips. */

#ifndef AE_UPSCALE_CONTROLS_H
#define AE_UPSCALE_CONTROLS_H

#include <glib.h>
#include "upscale-params.h"

/* In the order in which they stand in the dialog, after the preview (controls.h). */
typedef enum
{
  AE_UPSCALE_CONTROL_MODEL,
  AE_UPSCALE_CONTROL_TARGET,
  AE_UPSCALE_CONTROL_SIZE,
  AE_UPSCALE_CONTROL_WIDTH,
  AE_UPSCALE_CONTROL_HEIGHT,
  AE_UPSCALE_CONTROL_ROBUST,
  AE_UPSCALE_CONTROL_WRAP,
  AE_N_UPSCALE_CONTROLS
} AeUpscaleControl;

/* Translated; labels have a mnemonic, different for each, none of those of the
 * preview and of GIMP's own buttons.  Constant strings. */
const char *ae_upscale_control_label (AeUpscaleControl control);
const char *ae_upscale_control_tooltip (AeUpscaleControl control);

/* Choices; translated. */
const char *ae_upscale_target_label (AeUpscaleTarget target);
const char *ae_upscale_size_label (AeUpscaleSize size);

#endif
