/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* model.h - a model file: weights, graph and what is said about them. */

#ifndef AE_MODEL_H
#define AE_MODEL_H

#include <glib.h>
#include <ae/graph.h>
#include <ae/tensor-file.h>

/*
 * A model is a safetensors file whose __metadata__ holds, all as strings:
 *
 *   ae.format       "1"
 *   ae.task         denoise | upscale | jpeg | autoencode | generate | classify
 *   ae.graph        text, see graph.h
 *   ae.sha256       digest of the data section
 *   ae.name ae.version ae.license (SPDX) ae.description
 *   ae.recipe ae.data ae.commit   how it was made
 *
 * A model is constant once made; it may be used from any number of threads.
 */

#define AE_MODEL_BYTES_MAX (256u << 20)

typedef struct _AeModel AeModel;

/* Loads and checks everything: container, version, digest, graph, each tensor
 * against the graph, limits, finite weights. */
AeModel *ae_model_load (const char *path, GError **error);
AeModel *ae_model_load_bytes (GBytes *bytes, const char *name, GError **error);
/* Makes a model in memory.  `params`: the values of all parameters one after
 * the other in the order of ae_graph_param (); copied.  `meta`: string -> string, copied. */
AeModel *ae_model_new (AeGraph *graph, const float *params, GHashTable *meta);
/*
 * A model between two of the same graph and task: each weight is (1 - share) of
 * that of `a` and `share` of that of `b`; share: 0..1, at whose ends it is
 * `a` or `b` itself.  The metadata is that of `a` but for the digest and ae.recipe.
 * Makes sense where one was trained on from the other or both from one parent
 * (Wang et al. 2019, Deep Network Interpolation).  AE_ERROR_ARGUMENT with the
 * reason if the two do not fit together or share is out of range.
 */
AeModel *ae_model_mix (AeModel *a, AeModel *b, double share, GError **error);
AeModel *ae_model_ref (AeModel *model);
void ae_model_unref (AeModel *model);

AeGraph *ae_model_graph (const AeModel *model);                    /* owned by the model */
const char *ae_model_meta (const AeModel *model, const char *key); /* NULL if absent */
char **ae_model_meta_keys (const AeModel *model);                  /* g_strfreev () */
/* Values of parameter i of the graph as float; owned by the model.  Those of the next parameter follow, so
 * parameter 0 leads to all. */
const float *ae_model_param (const AeModel *model, int i);
gsize ae_model_n_values (const AeModel *model);     /* of all parameters */
const char *ae_model_digest (const AeModel *model); /* hex */

/* Writes it atomically, weights as F32 or F16, with ae.format, ae.graph and ae.sha256 set. */
gboolean ae_model_save (const AeModel *model, const char *path, AeDType dtype, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeModel, ae_model_unref)

#endif
