/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* export.h - what of a training run is given to others. */

#ifndef AE_EXPORT_H
#define AE_EXPORT_H

#include <ae/model.h>

/*
 * The model in a model file, or the one that the averaged weights of a
 * checkpoint make, without the state of the optimizer; sums of convolutions
 * are folded (fold.h).
 */
AeModel *ae_export_load (const char *path, GError **error);

/*
 * Begin of a model card in Markdown, g_free (): what the file says about
 * itself, and sections in which its author has to write the rest.  name: of
 * the model's file, for the commands in it.
 */
char *ae_export_card (const AeModel *model, const char *name);

#endif
