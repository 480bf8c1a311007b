/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* controls.c - the controls of the denoising dialog: their order, labels and tooltips. */

#include "controls.h"
#include <string.h>
#include "intl.h"

/* Less than this changes no value of an 8-bit picture by more than one step. */
#define VISIBLE 1.0

static const struct
{
  const char *label, *tooltip;
} controls[AE_N_CONTROLS] = {
  [AE_CONTROL_PREVIEW] = { N_ ("_Preview"), N_ ("Show the result before it is applied") },
  [AE_CONTROL_SPLIT] = { N_ ("Split _view"), N_ ("Show the picture as it is on the left of a line and the "
                                                 "result on the right; drag the line to compare") },
  [AE_CONTROL_MODEL] = { N_ ("_Model:"), N_ ("The network that removes the noise") },
  [AE_CONTROL_CARD]
  = { N_ ("_About"), N_ ("What the model is for, its license and what it has learned from") },
  [AE_CONTROL_NOISE]
  = { N_ ("_Noise level:"), N_ ("How much noise to take out: its standard deviation, in steps of 8 bits") },
  [AE_CONTROL_AUTO] = { N_ ("A_utomatic"), N_ ("Estimate the noise level from what is to be denoised") },
  [AE_CONTROL_STRENGTH]
  = { N_ ("S_trength:"),
      N_ ("How much of the change to apply: 0 leaves the picture as it is, 100 applies all of it") },
  [AE_CONTROL_DETAIL]
  = { N_ ("_Detail recovery:"), N_ ("How much of the fine structure that was taken for noise to put back") },
  [AE_CONTROL_COLOR_NOISE]
  = { N_ ("Color nois_e:"),
      N_ ("How much of the color noise to take out; brightness does not depend on it") },
  [AE_CONTROL_OUTPUT] = { N_ ("Result _in:"), N_ ("Whether the result replaces the pixels of this layer or "
                                                  "becomes a new layer above it") },
};

static const struct
{
  const char *name, *label;
} outputs[AE_N_OUTPUTS] = {
  [AE_OUTPUT_THIS_LAYER] = { "this-layer", N_ ("This layer") },
  [AE_OUTPUT_NEW_LAYER] = { "new-layer", N_ ("New layer") },
};

const char *
ae_control_label (AeControl control)
{
  return _ (controls[control].label);
}

const char *
ae_control_tooltip (AeControl control)
{
  return _ (controls[control].tooltip);
}

const char *
ae_output_label (AeOutput output)
{
  return _ (outputs[output].label);
}

const char *
ae_output_name (AeOutput output)
{
  return outputs[output].name;
}

gboolean
ae_output_parse (const char *name, AeOutput *output)
{
  for (int i = 0; i < AE_N_OUTPUTS; i++)
    if (strcmp (name, outputs[i].name) == 0)
      {
        *output = (AeOutput)i;
        return TRUE;
      }
  return FALSE;
}

char *
ae_output_layer_name (const char *layer)
{
  /* Translators: the name of a layer, denoised. */
  return g_strdup_printf (_ ("%s denoised"), layer);
}

char *
ae_estimate_label (double sigma)
{
  if (sigma < 0.0)
    return g_strdup (ae_control_label (AE_CONTROL_AUTO));
  if (sigma < VISIBLE)
    return g_strdup (_ ("A_utomatic: no visible noise"));
  return g_strdup_printf (_ ("A_utomatic: estimated as %.1f"), sigma);
}

char *
ae_estimate_tooltip (double sigma)
{
  const char *how
    = _ ("The noise level is estimated from what is to be denoised: by what is equally strong along "
         "all directions of small squares of the picture, as noise is and texture is not, and by "
         "how much its flattest places vary.");

  if (sigma < 0.0)
    return g_strdup (how);
  if (sigma < VISIBLE)
    return g_strdup_printf (_ ("%s\nThe estimate is %.2f steps of 8 bits, which cannot be seen: little will "
                               "change."),
                            how, sigma);
  return g_strdup_printf (_ ("%s\nThe estimate is %.1f steps of 8 bits."), how, sigma);
}
