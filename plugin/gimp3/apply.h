/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* apply.h - denoises drawables of GIMP. */

#ifndef AE_GIMP3_APPLY_H
#define AE_GIMP3_APPLY_H

#include <ae/session.h>
#include <gegl.h>
#include <libgimp/gimp.h>
#include "core/controls.h"
#include "core/params.h"

/* Whether the drawable can be changed at all; the message is translated. */
gboolean ae_apply_possible (GimpDrawable *drawable, GError **error);

/* The part of the drawable that is selected, in its own coordinates; FALSE if the selection misses it. */
gboolean ae_apply_region (GimpDrawable *drawable, GeglRectangle *region);

/* The threads and memory that the user gives to GIMP. */
AeSessionOptions ae_apply_session_options (void);

/* Denoises what is selected of each drawable, ended by NULL, as one step of
 * undo, and shows the progress; a new layer is a copy of the old one.  Nothing
 * has changed if it fails. */
gboolean ae_apply (GimpDrawable **drawables, const AeDenoiseParams *params, AeOutput output, GError **error);

#endif
