/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* source.h - a drawable of GIMP as the preview wants it. */

#ifndef AE_GIMP3_SOURCE_H
#define AE_GIMP3_SOURCE_H

#include <libgimp/gimp.h>
#include "widgets/preview.h"

AePreviewSource ae_source_of (GimpDrawable *drawable);

#endif
