/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-params.h - what a user can set for enlarging: defaults and validation. */

#ifndef AE_UPSCALE_PARAMS_H
#define AE_UPSCALE_PARAMS_H

#include <glib.h>
#include "params.h"

/* What is enlarged. */
typedef enum
{
  AE_UPSCALE_LAYER,     /* this layer */
  AE_UPSCALE_IMAGE,     /* the image with all that is in it */
  AE_UPSCALE_NEW_IMAGE, /* a copy of the image */
  AE_N_UPSCALE_TARGETS
} AeUpscaleTarget;

/* How large it becomes. */
typedef enum
{
  AE_UPSCALE_TWICE,
  AE_UPSCALE_THREE_TIMES,
  AE_UPSCALE_FOUR_TIMES,
  AE_UPSCALE_PIXELS, /* width and height count pixels */
  AE_UPSCALE_PERCENT,
  AE_N_UPSCALE_SIZES
} AeUpscaleSize;

/* A plain value without pointers, as AeDenoiseParams. */
typedef struct
{
  char model[AE_PARAMS_MODEL_MAX]; /* as for ae_upscale_load_model () */
  AeUpscaleTarget target;
  AeUpscaleSize size;
  double width, height; /* of the layer or the image afterwards; for AE_UPSCALE_PIXELS and _PERCENT */
  double robust;        /* 0..100 */
  gboolean wrap;        /* borders continue each other */
} AeUpscaleParams;

/* The image, twice as large; 200 percent; weights that are found by the size, faithful; not a texture. */
void ae_upscale_params_init (AeUpscaleParams *params);

/* Error AE_ERROR_ARGUMENT with the name, the value and the range of the first
 * value that is not allowed (NaN is not). */
gboolean ae_upscale_params_check (const AeUpscaleParams *params, GError **error);

/* The size afterwards of what has that size now; errors of
 * ae_upscale_params_check () and ae_upscale_check_size (). */
gboolean ae_upscale_params_size (const AeUpscaleParams *params, int width, int height, int *to_width,
                                 int *to_height, GError **error);

/* 2..4 where the size is a factor, else 0. */
int ae_upscale_size_factor (AeUpscaleSize size);

/* For scripts and files: "layer", "image", "new-image"; "x2", "x3", "x4", "pixels", "percent". */
const char *ae_upscale_target_name (AeUpscaleTarget target);
const char *ae_upscale_size_name (AeUpscaleSize size);

/* Values in a group of a key file; those that are not there stay as they are. */
void ae_upscale_params_read (AeUpscaleParams *params, GKeyFile *file, const char *group);
void ae_upscale_params_write (const AeUpscaleParams *params, GKeyFile *file, const char *group);

#endif
