/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* ae-filter.h - the commands of ae-filter. */

#ifndef AE_FILTER_H
#define AE_FILTER_H

#include <glib.h>

/* argv[0] is the name of the command.  The result is the exit status. */
int ae_filter_denoise_main (int argc, char **argv);
int ae_filter_upscale_main (int argc, char **argv);

/* "ae-filter: " and the message on one line of stderr, control characters made harmless; 1. */
int ae_filter_complain (const char *message);

#endif
