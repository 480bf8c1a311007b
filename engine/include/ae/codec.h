/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* codec.h - a model with a fixed size of picture, run whole or in its halves: picture to latent, latent to
 * result.
 */

#ifndef AE_CODEC_H
#define AE_CODEC_H

#include <glib.h>
#include <ae/model.h>

/*
 * The latent representation is that of ae_graph_latent (); of a variational
 * model its means.  A codec has memory of its own for one picture; one call at
 * a time.  Results do not depend on anything but model and arguments.
 */

typedef struct _AeCodec AeCodec;

/* AE_ERROR_UNSUPPORTED for a model of pictures of any size; AE_ERROR_MEMORY. */
AeCodec *ae_codec_new (AeModel *model, GError **error);
void ae_codec_free (AeCodec *codec);

AeModel *ae_codec_model (const AeCodec *codec);

/* Numbers of values. */
gsize ae_codec_picture_size (const AeCodec *codec); /* channels * height * width of the input */
gsize ae_codec_result_size (const AeCodec *codec);
gsize ae_codec_latent_size (const AeCodec *codec); /* 0: there is no latent representation */
int ae_codec_n_classes (const AeCodec *codec);     /* of the label input, 0: there is none */

/*
 * picture: float [channels][height][width], 0..1; result: the same at the
 * model's scale, or the values of a classifier; latent: in the order
 * [channels][height][width] where it is no vector.  label: 0 <= label <
 * n_classes, any other (-1) gives the model zeros for it; not used where it has no label input.
 */
void ae_codec_run (AeCodec *codec, const float *picture, int label, float *result);
/* latent_size must not be 0. */
void ae_codec_encode (AeCodec *codec, const float *picture, int label, float *latent);
void ae_codec_decode (AeCodec *codec, const float *latent, int label, float *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeCodec, ae_codec_free)

#endif
