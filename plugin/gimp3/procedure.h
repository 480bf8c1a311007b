/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* procedure.h - the procedures that GIMP gets from the plug-in. */

#ifndef AE_GIMP3_PROCEDURE_H
#define AE_GIMP3_PROCEDURE_H

#include <libgimp/gimp.h>

typedef struct
{
  const char *name;
  GimpProcedure *(*create) (GimpPlugIn *plug_in, const char *name);
} AeProcedure;

extern const AeProcedure ae_denoise;
/* In the menu: enlarges a layer or an image. */
extern const AeProcedure ae_upscale;
/* In the menu: draws with a generative model. */
extern const AeProcedure ae_generate;

#endif
