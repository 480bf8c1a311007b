/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* preview.c - the preview in the dialog: a part of the drawable at its full size, with and without noise. */

#include "preview.h"
#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>
#include <ae/error.h>
#include "core/preview-worker.h"
#include "apply.h"
#include "intl.h"

/* Milliseconds without a change before the network runs. */
#define SETTLE 150

struct _AePreview
{
  gint32 drawable;
  GtkWidget *widget; /* a GimpDrawablePreview */
  GtkWidget *spinner, *icon, *label;
  AePreviewWorker *worker;
  AeModel *model;
  double sigma;
  AeDenoiseParams params;
  char *problem;
};

static GeglRectangle
shown_area (AePreview *preview)
{
  GeglRectangle area;

  gimp_preview_get_position (GIMP_PREVIEW (preview->widget), &area.x, &area.y);
  gimp_preview_get_size (GIMP_PREVIEW (preview->widget), &area.width, &area.height);
  return area;
}

static gboolean
wanted (AePreview *preview)
{
  return preview->model != NULL && preview->sigma >= 0.0
         && gimp_preview_get_update (GIMP_PREVIEW (preview->widget));
}

static gboolean
gather (AePreviewInput *input, gpointer data, GError **error)
{
  AePreview *preview = data;
  GeglBuffer *layer;
  GeglRectangle extent;

  if (!wanted (preview))
    return FALSE;
  /* A new one each time: the layer may have been painted on. */
  layer = gimp_drawable_get_buffer (preview->drawable);
  if (layer == NULL)
    {
      g_set_error_literal (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("The layer is not there any more."));
      return FALSE;
    }
  input->area = shown_area (preview);
  extent = ae_preview_extent (preview->model, &input->area, gegl_buffer_get_extent (layer));
  input->source = gegl_buffer_new (&extent, gegl_buffer_get_format (layer));
  gegl_buffer_copy (layer, &extent, GEGL_ABYSS_NONE, input->source, &extent);
  g_object_unref (layer);
  input->model = ae_model_ref (preview->model);
  input->sigma = preview->sigma;
  return TRUE;
}

/* The widget takes 8-bit pixels of the drawable's own kind. */
static const Babl *
widget_format (gint32 drawable, int *bytes)
{
  gboolean alpha = gimp_drawable_has_alpha (drawable);

  if (gimp_drawable_is_gray (drawable))
    {
      *bytes = alpha ? 2 : 1;
      return babl_format (alpha ? "Y'A u8" : "Y' u8");
    }
  *bytes = alpha ? 4 : 3;
  return babl_format (alpha ? "R'G'B'A u8" : "R'G'B' u8");
}

/* Draws the result if there is one for the part that is shown. */
static gboolean
draw (AePreview *preview)
{
  GeglRectangle area = shown_area (preview);
  int bytes;
  const Babl *format = widget_format (preview->drawable, &bytes);
  int rowstride = area.width * bytes;
  g_autofree guchar *pixels = g_malloc_n ((gsize)area.height, (gsize)rowstride);

  if (!ae_preview_worker_draw (preview->worker, &area, &preview->params, format, pixels, rowstride))
    return FALSE;
  gimp_preview_draw_buffer (GIMP_PREVIEW (preview->widget), pixels, rowstride);
  return TRUE;
}

static void
show_state (AePreview *preview)
{
  const char *text = "";
  const char *tooltip = NULL;
  gboolean busy = FALSE;
  gboolean failed = FALSE;

  if (preview->model == NULL)
    {
      tooltip = preview->problem;
      text = tooltip != NULL ? tooltip : "";
      failed = TRUE;
    }
  else if (gimp_preview_get_update (GIMP_PREVIEW (preview->widget)))
    {
      const GError *error = ae_preview_worker_error (preview->worker);

      if (preview->sigma < 0.0)
        {
          busy = TRUE;
          text = _ ("Estimating the noise…");
        }
      else if (error != NULL)
        {
          failed = TRUE;
          text = tooltip = error->message;
        }
      else if (ae_preview_worker_state (preview->worker) == AE_PREVIEW_BUSY)
        {
          busy = TRUE;
          text = _ ("Denoising…");
        }
    }
  gtk_label_set_text (GTK_LABEL (preview->label), text);
  gtk_widget_set_tooltip_text (preview->label, tooltip);
  gtk_widget_set_visible (preview->icon, failed);
  gtk_widget_set_visible (preview->spinner, busy);
  if (busy)
    gtk_spinner_start (GTK_SPINNER (preview->spinner));
  else
    gtk_spinner_stop (GTK_SPINNER (preview->spinner));
}

/* From the worker. */
static void
changed (gpointer data)
{
  AePreview *preview = data;

  if (ae_preview_worker_state (preview->worker) == AE_PREVIEW_READY)
    draw (preview);
  show_state (preview);
}

/* From the widget: scrolled, resized or switched on.  It has waited until
 * the user was at rest. */
static void
invalidated (GimpPreview *widget, AePreview *preview)
{
  if (wanted (preview) && !draw (preview))
    ae_preview_worker_restart (preview->worker, 0);
}

static void
switched (GimpPreview *widget, GParamSpec *spec, AePreview *preview)
{
  if (!gimp_preview_get_update (widget))
    ae_preview_worker_stop (preview->worker);
  show_state (preview);
}

static void
destroyed (GtkWidget *widget, AePreview *preview)
{
  ae_preview_worker_free (preview->worker);
  g_clear_pointer (&preview->model, ae_model_unref);
  g_free (preview->problem);
  g_free (preview);
}

AePreview *
ae_preview_new (gint32 drawable)
{
  AePreview *preview = g_new0 (AePreview, 1);
  AeSessionOptions options = ae_apply_session_options ();
  GtkWidget *controls;

  preview->drawable = drawable;
  preview->sigma = -1.0;
  ae_denoise_params_init (&preview->params);
  preview->worker = ae_preview_worker_new (&options, gather, changed, preview);

  preview->widget = gimp_drawable_preview_new_from_drawable_id (drawable);
  controls = gimp_preview_get_controls (GIMP_PREVIEW (preview->widget));

  preview->label = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (preview->label), PANGO_ELLIPSIZE_END);
  gtk_misc_set_alignment (GTK_MISC (preview->label), 1.0, 0.5);
  gtk_box_pack_end (GTK_BOX (controls), preview->label, TRUE, TRUE, 0);
  gtk_widget_show (preview->label);
  preview->spinner = gtk_spinner_new ();
  gtk_box_pack_end (GTK_BOX (controls), preview->spinner, FALSE, FALSE, 0);
  preview->icon = gtk_image_new_from_icon_name (GIMP_ICON_DIALOG_WARNING, GTK_ICON_SIZE_MENU);
  gtk_box_pack_end (GTK_BOX (controls), preview->icon, FALSE, FALSE, 0);

  g_signal_connect (preview->widget, "invalidated", G_CALLBACK (invalidated), preview);
  g_signal_connect (preview->widget, "notify::update", G_CALLBACK (switched), preview);
  g_signal_connect (preview->widget, "destroy", G_CALLBACK (destroyed), preview);
  return preview;
}

GtkWidget *
ae_preview_widget (AePreview *preview)
{
  return preview->widget;
}

void
ae_preview_set (AePreview *preview, AeModel *model, double sigma, const AeDenoiseParams *params,
                const char *problem)
{
  gboolean rerun = model != preview->model || sigma != preview->sigma;

  if (model != preview->model)
    {
      g_clear_pointer (&preview->model, ae_model_unref);
      preview->model = model != NULL ? ae_model_ref (model) : NULL;
    }
  g_free (preview->problem);
  preview->problem = g_strdup (problem);
  preview->sigma = sigma;
  preview->params = *params;

  if (!wanted (preview))
    {
      ae_preview_worker_stop (preview->worker);
      if (model == NULL)
        gimp_preview_draw (GIMP_PREVIEW (preview->widget));
    }
  else if (rerun)
    ae_preview_worker_restart (preview->worker, SETTLE);
  else
    draw (preview);
  show_state (preview);
}
