/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* error.h - the error domain of the engine. */

#ifndef AE_ERROR_H
#define AE_ERROR_H

#include <glib.h>

#define AE_ERROR (ae_error_quark ())

typedef enum
{
  AE_ERROR_FILE,        /* a file cannot be read or written */
  AE_ERROR_FORMAT,      /* a file is not what it should be: truncated, wrong digest, bad header */
  AE_ERROR_GRAPH,       /* a graph text that has no meaning */
  AE_ERROR_LIMIT,       /* larger than allowed, or the memory limit is too small */
  AE_ERROR_ARGUMENT,    /* a value given by the user is out of range or does not fit the model */
  AE_ERROR_UNSUPPORTED, /* understood, but not possible */
  AE_ERROR_MEMORY,      /* an allocation failed */
  AE_ERROR_DIVERGED,    /* training produced NaN or infinite values */
  AE_ERROR_CANCELLED    /* a progress function asked to stop */
} AeError;

GQuark ae_error_quark (void);

#endif
