/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* whole-private.h - what measuring and training with examples share. */

#ifndef AE_WHOLE_PRIVATE_H
#define AE_WHOLE_PRIVATE_H

#include "whole.h"

/*
 * Gives example `index` to the network and runs it.  target receives what the
 * result should be, as many values as the result has.
 */
void ae_example_forward (AeNet *net, const AeRecipe *recipe, const AeIdx *data, int index, AeRandom noise,
                         AeRandom latent, float *target);

/* Whether there are `sample` operations. */
gboolean ae_whole_is_variational (const AeGraph *graph);

#endif
