/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* source.h - a drawable of GIMP as the preview wants it. */

#ifndef AE_GIMP2_SOURCE_H
#define AE_GIMP2_SOURCE_H

#include "widgets/preview.h"

AePreviewSource ae_source_of (gint32 drawable);

#endif
