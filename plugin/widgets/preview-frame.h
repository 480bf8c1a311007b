/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* preview-frame.h - what previews have in common: a split view, the controls for it and a line that says what
 * happens. */

#ifndef AE_PREVIEW_FRAME_H
#define AE_PREVIEW_FRAME_H

#include <gegl.h>
#include <gtk/gtk.h>
#include "split-view.h"

typedef struct _AePreviewFrame AePreviewFrame;

typedef struct
{
  void (*moved) (gpointer data);   /* another part can be seen, as in AeSplitViewFuncs */
  void (*prepare) (gpointer data); /* something is about to be drawn */
  void (*enabled) (gpointer data); /* the user has switched the preview on or off */
  gpointer data;
} AePreviewFrameFuncs;

/* Lives as long as its widget. */
AePreviewFrame *ae_preview_frame_new (const GeglRectangle *bounds, const AePreviewFrameFuncs *funcs);
GtkWidget *ae_preview_frame_widget (AePreviewFrame *frame);
AeSplitView *ae_preview_frame_view (AePreviewFrame *frame);
gboolean ae_preview_frame_enabled (const AePreviewFrame *frame);

/* What is being done, with a sign that it goes on, or what prevents it; NULL, NULL: nothing. */
void ae_preview_frame_say (AePreviewFrame *frame, const char *busy, const char *problem);

#endif
