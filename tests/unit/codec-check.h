/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* codec-check.h - models of a fixed size of picture: made up, and against their definition. */

#ifndef AE_TEST_CODEC_CHECK_H
#define AE_TEST_CODEC_CHECK_H

#include <ae/codec.h>

/* A model with the graph `text` and parameters between -strength and strength, always the same ones. */
AeModel *make_model (const char *text, float strength);

/*
 * What the model makes of a made-up picture of class `label` (-1: none) is its definition's result in double
 * precision, within `tolerance`; in halves it is the same to the bit, where there is a latent representation.
 * name: for messages.
 */
void check_codec (AeModel *model, int label, double tolerance, const char *name);

#endif
