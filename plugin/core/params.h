/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* params.h - what a user can set for a filter: defaults and validation. */

#ifndef AE_PARAMS_H
#define AE_PARAMS_H

#include <glib.h>

/* Bytes of a model's name or path with the terminating zero. */
#define AE_PARAMS_MODEL_MAX 1024

/* Largest noise level, in steps of 8 bits. */
#define AE_PARAMS_SIGMA_MAX 75.0

/* Where one begins who sets it by hand before there is an estimate. */
#define AE_PARAMS_SIGMA_DEFAULT 15.0

/*
 * A plain value without pointers: copy it by assignment, keep it as bytes
 * (gimp_set_data ()).  After bytes came from elsewhere, call
 * ae_denoise_params_check ().
 */
typedef struct
{
  char model[AE_PARAMS_MODEL_MAX]; /* name in the catalogue or path of a file; "": the default model */
  gboolean noise_auto;             /* estimate the noise level from the picture; `sigma` is ignored */
  double sigma;                    /* noise level in 8-bit steps, 0..75 */
  double strength;                 /* 0: the picture as it was, 100: the network's result */
  double detail;                   /* 0..100: how much of the structure that the network took out of the
                                    * luminance is put back; 0: nothing */
  double color_noise;              /* 0..100: how much of the change of color, at equal luminance, is
                                    * applied; 100: all of it */
} AeDenoiseParams;

/* Default model, noise level auto (by hand: 15), strength 100, detail 0, color noise 100. */
void ae_denoise_params_init (AeDenoiseParams *params);

/* Error AE_ERROR_ARGUMENT with the name, the value and the range of the first
 * value that is not allowed (NaN is not). */
gboolean ae_denoise_params_check (const AeDenoiseParams *params, GError **error);

/* For all filters: copies a model's name or path (NULL: "") to an array of
 * AE_PARAMS_MODEL_MAX bytes, checks what is in one, checks 0..max; errors as above. */
gboolean ae_params_set_model (char *model, const char *name, GError **error);
gboolean ae_params_check_model (const char *model, GError **error);
gboolean ae_params_check_range (const char *what, double value, double max, GError **error);

/* `model` may be NULL: the default model.  AE_ERROR_ARGUMENT if it is too long. */
gboolean ae_denoise_params_set_model (AeDenoiseParams *params, const char *model, GError **error);

/* Reads "auto" or a number 0..75 as a user types it, decimal point in any
 * locale.  `params` stays as it is on error. */
gboolean ae_denoise_params_parse_noise (AeDenoiseParams *params, const char *text, GError **error);

#endif
