/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-controls.h - the controls of the dialog that draws: their order, labels and tooltips. */

#ifndef AE_GENERATE_CONTROLS_H
#define AE_GENERATE_CONTROLS_H

#include <glib.h>
#include "generate-params.h"

/* In the order in which they stand in the dialog (controls.h). */
typedef enum
{
  AE_GENERATE_CONTROL_PAD,
  AE_GENERATE_CONTROL_AXES,
  AE_GENERATE_CONTROL_MODEL,
  AE_GENERATE_CONTROL_FILL,
  AE_GENERATE_CONTROL_CELL,
  AE_GENERATE_CONTROL_OVERLAP,
  AE_GENERATE_CONTROL_VARIETY,
  AE_GENERATE_CONTROL_CLASS,
  AE_GENERATE_CONTROL_SEED,
  AE_GENERATE_CONTROL_NEW_SEED,
  AE_N_GENERATE_CONTROLS
} AeGenerateControl;

/* Translated; labels have a mnemonic, different for each, none of those of the
 * list of models and of GIMP's own buttons.  Constant strings. */
const char *ae_generate_control_label (AeGenerateControl control);
const char *ae_generate_control_tooltip (AeGenerateControl control);

/* A choice; translated. */
const char *ae_generate_fill_label (AeGenerateFill fill);

#endif
