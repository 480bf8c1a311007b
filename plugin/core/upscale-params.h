/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-params.h - what a front end asks for when it enlarges. */

#ifndef AE_UPSCALE_PARAMS_H
#define AE_UPSCALE_PARAMS_H

#include <glib.h>

typedef enum
{
  AE_UPSCALE_LAYER,     /* this layer */
  AE_UPSCALE_IMAGE,     /* the image with all that is in it */
  AE_UPSCALE_NEW_IMAGE, /* a copy of the image */
  AE_N_UPSCALE_TARGETS
} AeUpscaleTarget;

typedef struct
{
  AeUpscaleTarget target;
  int width, height; /* of the layer or the image afterwards, pixels */
  const char *model; /* as for ae_upscale_load_model () */
  double robust;     /* 0..100 */
  gboolean wrap;     /* borders continue each other */
} AeUpscaleParams;

#endif
