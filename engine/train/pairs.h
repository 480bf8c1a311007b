/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* pairs.h - names of pictures of which there is a clean and a noisy photograph. */

#ifndef AE_PAIRS_H
#define AE_PAIRS_H

#include <glib.h>

/* In packed data the noisy picture has the name of the clean one with this after it. */
#define AE_PAIR_ENDING ":noisy"

/*
 * The path of the clean picture that belongs to a noisy one: either the last
 * folder named `noisy` becomes `clean` (noisy/day/1.png, clean/day/1.png), or
 * the end _noisy of the name before its last dot becomes _clean
 * (1_noisy.png, 1_clean.png).  NULL if `path` is no noisy picture by its name.
 */
char *ae_pair_clean_path (const char *path, const char *noisy, const char *clean);

#endif
