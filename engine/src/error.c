/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* error.c - the error domain of the engine. */

#include <ae/error.h>

G_DEFINE_QUARK (ae - error - quark, ae_error)
