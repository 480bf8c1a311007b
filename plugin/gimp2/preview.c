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

/* GIMP's preview, but for the original: of layers with linear light, 2.10
 * shows the numbers as if they were those of the curve. */
typedef GimpDrawablePreview OriginalPreview;
typedef GimpDrawablePreviewClass OriginalPreviewClass;

static GType original_preview_get_type (void);
G_DEFINE_TYPE (OriginalPreview, original_preview, GIMP_TYPE_DRAWABLE_PREVIEW)

struct _AePreview
{
  gint32 drawable;
  GtkWidget *widget;  /* an OriginalPreview */
  GimpImageType type; /* of the pixels that it takes */
  const Babl *format; /* the same for babl */
  int bytes;          /* the same of a pixel */
  GtkWidget *spinner, *icon, *label;
  AePreviewWorker *worker;
  AeModel *model;
  double sigma;
  AeDenoiseParams params;
  char *problem;
};

static GeglRectangle
shown_area (GimpPreview *widget)
{
  GeglRectangle area;

  gimp_preview_get_position (widget, &area.x, &area.y);
  gimp_preview_get_size (widget, &area.width, &area.height);
  return area;
}

/* The widget takes 8-bit pixels of the drawable's own kind. */
static const Babl *
widget_format (gint32 drawable, GimpImageType *type, int *bytes)
{
  gboolean alpha = gimp_drawable_has_alpha (drawable);

  if (gimp_drawable_is_gray (drawable))
    {
      *type = alpha ? GIMP_GRAYA_IMAGE : GIMP_GRAY_IMAGE;
      *bytes = alpha ? 2 : 1;
      return babl_format (alpha ? "Y'A u8" : "Y' u8");
    }
  *type = alpha ? GIMP_RGBA_IMAGE : GIMP_RGB_IMAGE;
  *bytes = alpha ? 4 : 3;
  return babl_format (alpha ? "R'G'B'A u8" : "R'G'B' u8");
}

static void
draw_original (GimpPreview *widget)
{
  gint32 drawable = gimp_drawable_preview_get_drawable_id (GIMP_DRAWABLE_PREVIEW (widget));
  GeglBuffer *buffer;
  GeglRectangle area;
  GimpImageType type;
  int bytes;
  const Babl *format;
  g_autofree guchar *pixels = NULL;

  /* None yet while the widget is made, none any more if the layer was deleted. */
  if (!gimp_item_is_valid (drawable))
    return;
  buffer = gimp_drawable_get_buffer (drawable);
  format = widget_format (drawable, &type, &bytes);
  /* After the widget has grown, the corner may be too far right or down. */
  widget->xoff = CLAMP (widget->xoff, 0, widget->xmax - widget->xmin - widget->width);
  widget->yoff = CLAMP (widget->yoff, 0, widget->ymax - widget->ymin - widget->height);
  area = shown_area (widget);
  pixels = g_malloc_n ((gsize)area.height, (gsize)area.width * bytes);
  gegl_buffer_get (buffer, &area, 1.0, format, pixels, area.width * bytes, GEGL_ABYSS_NONE);
  g_object_unref (buffer);
  gimp_preview_area_draw (GIMP_PREVIEW_AREA (gimp_preview_get_area (widget)), 0, 0, area.width, area.height,
                          type, pixels, area.width * bytes);
}

static void
original_preview_class_init (OriginalPreviewClass *klass)
{
  GIMP_PREVIEW_CLASS (klass)->draw = draw_original;
}

static void
original_preview_init (OriginalPreview *preview)
{
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
  layer = gimp_item_is_valid (preview->drawable) ? gimp_drawable_get_buffer (preview->drawable) : NULL;
  if (layer == NULL)
    {
      g_set_error_literal (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("The layer is not there any more."));
      return FALSE;
    }
  input->area = shown_area (GIMP_PREVIEW (preview->widget));
  extent = ae_preview_extent (preview->model, &input->area, gegl_buffer_get_extent (layer));
  input->source = gegl_buffer_new (&extent, gegl_buffer_get_format (layer));
  gegl_buffer_copy (layer, &extent, GEGL_ABYSS_NONE, input->source, &extent);
  g_object_unref (layer);
  input->model = ae_model_ref (preview->model);
  input->sigma = preview->sigma;
  return TRUE;
}

/* How much of each pixel is selected; NULL: all is. */
static guchar *
selection_of (gint32 drawable, const GeglRectangle *area)
{
  gint32 image = gimp_item_is_valid (drawable) ? gimp_item_get_image (drawable) : -1;
  gint32 selection = image >= 0 ? gimp_image_get_selection (image) : -1;
  GeglRectangle place = *area;
  GeglBuffer *buffer;
  guchar *mask;
  int x, y;

  if (selection < 0 || drawable == selection || gimp_selection_is_empty (image))
    return NULL;
  gimp_drawable_offsets (drawable, &x, &y);
  place.x += x;
  place.y += y;
  buffer = gimp_drawable_get_buffer (selection);
  mask = g_malloc_n ((gsize)area->width, (gsize)area->height);
  gegl_buffer_get (buffer, &place, 1.0, babl_format ("Y u8"), mask, area->width, GEGL_ABYSS_NONE);
  g_object_unref (buffer);
  return mask;
}

/* Draws the result if there is one for the part that is shown.  Not with
 * gimp_preview_draw_buffer (): where something is selected, that takes the
 * pixels of a layer with more than 8 bits for bytes. */
static gboolean
draw (AePreview *preview)
{
  GimpPreviewArea *widget = GIMP_PREVIEW_AREA (gimp_preview_get_area (GIMP_PREVIEW (preview->widget)));
  GeglRectangle area = shown_area (GIMP_PREVIEW (preview->widget));
  int rowstride = area.width * preview->bytes;
  g_autofree guchar *result = g_malloc_n ((gsize)area.height, (gsize)rowstride);
  g_autofree guchar *mask = NULL;

  if (!ae_preview_worker_draw (preview->worker, &area, &preview->params, preview->format, result, rowstride))
    return FALSE;
  mask = selection_of (preview->drawable, &area);
  if (mask == NULL)
    gimp_preview_area_draw (widget, 0, 0, area.width, area.height, preview->type, result, rowstride);
  else
    {
      g_autofree guchar *picture = g_malloc_n ((gsize)area.height, (gsize)rowstride);

      ae_preview_worker_draw (preview->worker, &area, NULL, preview->format, picture, rowstride);
      gimp_preview_area_mask (widget, 0, 0, area.width, area.height, preview->type, picture, rowstride,
                              result, rowstride, mask, area.width);
    }
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
          text = _ ("Estimating the noise level…");
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

/* The middle says more than a corner. */
static void
show_middle (GtkWidget *widget, AePreview *preview)
{
  GimpPreview *base = GIMP_PREVIEW (widget);
  int width, height;

  gimp_preview_get_size (base, &width, &height);
  gimp_scrolled_preview_set_position (GIMP_SCROLLED_PREVIEW (widget), (base->xmin + base->xmax - width) / 2,
                                      (base->ymin + base->ymax - height) / 2);
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
  GList *children;

  preview->drawable = drawable;
  preview->format = widget_format (drawable, &preview->type, &preview->bytes);
  preview->sigma = -1.0;
  ae_denoise_params_init (&preview->params);
  preview->worker = ae_preview_worker_new (&options, gather, changed, preview);

  preview->widget = g_object_new (original_preview_get_type (), "drawable-id", drawable, NULL);
  controls = gimp_preview_get_controls (GIMP_PREVIEW (preview->widget));

  /* Room for the text: the check box needs none beyond its own. */
  children = gtk_container_get_children (GTK_CONTAINER (controls));
  if (children != NULL)
    gtk_box_set_child_packing (GTK_BOX (controls), children->data, FALSE, FALSE, 0, GTK_PACK_START);
  g_list_free (children);
  preview->spinner = gtk_spinner_new ();
  gtk_box_pack_start (GTK_BOX (controls), preview->spinner, FALSE, FALSE, 0);
  preview->icon = gtk_image_new_from_icon_name (GIMP_ICON_DIALOG_WARNING, GTK_ICON_SIZE_MENU);
  gtk_box_pack_start (GTK_BOX (controls), preview->icon, FALSE, FALSE, 0);
  preview->label = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (preview->label), PANGO_ELLIPSIZE_END);
  gtk_misc_set_alignment (GTK_MISC (preview->label), 0.0, 0.5);
  gtk_box_pack_start (GTK_BOX (controls), preview->label, TRUE, TRUE, 0);
  gtk_widget_show (preview->label);

  g_signal_connect_after (preview->widget, "map", G_CALLBACK (show_middle), preview);
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
