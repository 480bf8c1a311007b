/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-controls.c - the controls of the dialog that draws: their order, labels and tooltips. */

#include "generate-controls.h"
#include "intl.h"

static const struct
{
  const char *label, *tooltip;
} controls[AE_N_GENERATE_CONTROLS] = {
  [AE_GENERATE_CONTROL_PAD]
  = { N_ ("Latent _pad:"),
      N_ ("Drag the point, or move it with the arrow keys: each place is another sample; "
          "the middle is the most usual one") },
  [AE_GENERATE_CONTROL_AXES]
  = { N_ ("A_xes:"), N_ ("Which latent numbers the pad moves: to the right, and upwards") },
  [AE_GENERATE_CONTROL_MODEL] = { N_ ("_Model:"), N_ ("The network that draws") },
  [AE_GENERATE_CONTROL_FILL]
  = { N_ ("_Fill with:"), N_ ("One sample as large as the layer or the selection; or a grid of samples that "
                              "fade into each other") },
  [AE_GENERATE_CONTROL_CELL] = { N_ ("Cell si_ze:"), N_ ("The width of a cell of the grid, in pixels") },
  [AE_GENERATE_CONTROL_OVERLAP]
  = { N_ ("_Blending:"), N_ ("How far neighboring cells fade into each other, in percent of a cell; 0 gives "
                             "hard edges") },
  [AE_GENERATE_CONTROL_VARIETY]
  = { N_ ("_Variety:"), N_ ("How much the cells differ: 0 repeats one sample, 100 draws each by itself") },
  [AE_GENERATE_CONTROL_CLASS] = { N_ ("_Kind:"), N_ ("What to draw, for models that know kinds of pictures: "
                                                     "a digit, for example") },
  [AE_GENERATE_CONTROL_SEED]
  = { N_ ("S_eed:"), N_ ("The number from which all that is random is drawn: the same seed gives the same "
                         "picture") },
  [AE_GENERATE_CONTROL_NEW_SEED]
  = { N_ ("_New Seed"), N_ ("Draw another seed, and with it new latent numbers") },
};

static const char *const fills[AE_N_GENERATE_FILLS] = {
  [AE_GENERATE_SAMPLE] = N_ ("One sample"),
  [AE_GENERATE_GRID] = N_ ("Grid of samples"),
};

const char *
ae_generate_control_label (AeGenerateControl control)
{
  return _ (controls[control].label);
}

const char *
ae_generate_control_tooltip (AeGenerateControl control)
{
  return _ (controls[control].tooltip);
}

const char *
ae_generate_fill_label (AeGenerateFill fill)
{
  return _ (fills[fill]);
}
