/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* names.h - names by which GIMP knows the plug-in. */

#ifndef AE_GIMP3_NAMES_H
#define AE_GIMP3_NAMES_H

#define AE_DENOISE "plug-in-autoencoder-denoise"
#define AE_UPSCALE "plug-in-autoencoder-upscale"
#define AE_GENERATE "plug-in-autoencoder-generate"
#define AE_PROGRAM "gimp-autoencoder"

#endif
