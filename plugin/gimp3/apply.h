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

/* The same for each of those, ended by NULL.  Asked before a dialog opens, and again when
 * the work begins: the dialog leaves all of GIMP to the user. */
gboolean ae_apply_all_possible (GimpDrawable **drawables, GError **error);

/* Whether the item has this lock of GIMP's (gimp_item_get_lock_...), by itself or
 * from a group that it is in; a mask has those of its layer. */
gboolean ae_apply_locked (GimpItem *item, gboolean (*lock) (GimpItem *item));

/* The part of the drawable that is selected, in its own coordinates; FALSE if the selection misses it. */
gboolean ae_apply_region (GimpDrawable *drawable, GeglRectangle *region);

/* Brings what was written to the drawable's shadow into it; where the selection is partial, GIMP mixes. */
gboolean ae_apply_merge (GimpDrawable *drawable, const GeglRectangle *region, GError **error);

/* After a function of GIMP has failed: sets what GIMP says about it, and returns FALSE. */
gboolean ae_apply_refused (GError **error);

/* The threads and memory that the user gives to GIMP. */
AeSessionOptions ae_apply_session_options (void);

/* Denoises what is selected of each drawable, ended by NULL, as one step of
 * undo, and shows the progress; a new layer is a copy of the old one.  Nothing
 * has changed if it fails. */
gboolean ae_apply (GimpDrawable **drawables, const AeDenoiseParams *params, AeOutput output, GError **error);

#endif
