/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* procedure.h - the procedures that GIMP gets from the plug-in. */

#ifndef AE_GIMP2_PROCEDURE_H
#define AE_GIMP2_PROCEDURE_H

#include <libgimp/gimp.h>

typedef struct
{
  const char *name;
  /* Tells GIMP about it. */
  void (*install) (const char *name);
  /* `result`: the procedure's return value, if it has one. */
  GimpPDBStatusType (*run) (const char *name, int n_args, const GimpParam *args, GimpParam *result,
                            GError **error);
  gboolean has_result;
} AeProcedure;

/* In the menu; replaces the pixels or makes a new layer, as the user wants. */
extern const AeProcedure ae_denoise;
/* For scripts: makes a new layer and returns it. */
extern const AeProcedure ae_denoise_new_layer;
/* In the menu: enlarges a layer or an image. */
extern const AeProcedure ae_upscale;
/* In the menu: draws with a generative model. */
extern const AeProcedure ae_generate;

#endif
