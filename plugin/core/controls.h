/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* controls.h - the controls of the denoising dialog: their order, labels and tooltips. */

#ifndef AE_CONTROLS_H
#define AE_CONTROLS_H

#include <glib.h>

/* In the order in which they stand in the dialog. */
typedef enum
{
  AE_CONTROL_PREVIEW,
  AE_CONTROL_SPLIT,
  AE_CONTROL_MODEL,
  AE_CONTROL_CARD,
  AE_CONTROL_NOISE,
  AE_CONTROL_AUTO,
  AE_CONTROL_STRENGTH,
  AE_CONTROL_DETAIL,
  AE_CONTROL_COLOR_NOISE,
  AE_CONTROL_OUTPUT,
  AE_N_CONTROLS
} AeControl;

/* Translated; labels have a mnemonic, different for each, and none of those of
 * GIMP's own buttons.  Constant strings. */
const char *ae_control_label (AeControl control);
const char *ae_control_tooltip (AeControl control);

/* Where the result goes. */
typedef enum
{
  AE_OUTPUT_THIS_LAYER,
  AE_OUTPUT_NEW_LAYER, /* above the layer, which stays as it is */
  AE_N_OUTPUTS
} AeOutput;

const char *ae_output_label (AeOutput output); /* translated */
const char *ae_output_name (AeOutput output);  /* for scripts and files: "this-layer", "new-layer" */
/* FALSE: there is no output of that name. */
gboolean ae_output_parse (const char *name, AeOutput *output);

/* The name of a new layer with the result for a layer of that name.  Free with g_free (). */
char *ae_output_layer_name (const char *layer);

/* Scales end here, before what models are trained for; the number beside it takes more. */
#define AE_CONTROL_NOISE_SCALE_MAX 60.0

/* The label of AE_CONTROL_AUTO once there is an estimate in 8-bit steps (< 0:
 * not yet), and what it means.  Free with g_free (). */
char *ae_estimate_label (double sigma);
char *ae_estimate_tooltip (double sigma);

#endif
