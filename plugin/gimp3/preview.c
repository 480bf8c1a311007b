/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* preview.c - the preview in the dialog: a part of the drawable at its full size, with and without noise. */

#include "preview.h"
#include <ae/error.h>
#include "core/preview-worker.h"
#include "apply.h"
#include "intl.h"

/* Milliseconds without a change before the network runs. */
#define SETTLE 150

/* Noise is judged over more than the 200 pixels of GIMP's own previews. */
#define SIZE 340

/* Pixels around the selection that are shown with it. */
#define SELECTION_BORDER 8

/* What GimpDrawablePreview is, but the original is converted just as the
 * result is: by encoding only, so that nothing but the noise differs. */
#define AE_TYPE_ORIGINAL_PREVIEW (ae_original_preview_get_type ())
G_DECLARE_FINAL_TYPE (AeOriginalPreview, ae_original_preview, AE, ORIGINAL_PREVIEW, GimpScrolledPreview)

struct _AeOriginalPreview
{
  GimpScrolledPreview parent_instance;
  GimpDrawable *drawable; /* NULL while the widget is made */
};

G_DEFINE_TYPE (AeOriginalPreview, ae_original_preview, GIMP_TYPE_SCROLLED_PREVIEW)

struct _AePreview
{
  GimpDrawable *drawable;
  GtkWidget *widget;  /* an AeOriginalPreview */
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
widget_format (GimpDrawable *drawable, GimpImageType *type, int *bytes)
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

/* The corner may be too far right or down after the widget has grown. */
static void
keep_inside (GimpPreview *widget)
{
  int xmin, ymin, xmax, ymax, width, height, x, y;

  gimp_preview_get_bounds (widget, &xmin, &ymin, &xmax, &ymax);
  gimp_preview_get_size (widget, &width, &height);
  gimp_preview_get_offsets (widget, &x, &y);
  gimp_preview_set_offsets (widget, CLAMP (x, 0, MAX (xmax - xmin - width, 0)),
                            CLAMP (y, 0, MAX (ymax - ymin - height, 0)));
}

static void
draw_original (GimpPreview *widget)
{
  GimpDrawable *drawable = AE_ORIGINAL_PREVIEW (widget)->drawable;
  GeglBuffer *buffer;
  GeglRectangle area;
  GimpImageType type;
  int bytes;
  const Babl *format, *own;
  g_autofree guchar *raw = NULL;
  g_autofree guchar *pixels = NULL;

  /* None yet while the widget is made, none any more if the layer was deleted. */
  if (drawable == NULL || !gimp_item_is_valid (GIMP_ITEM (drawable)))
    return;
  buffer = gimp_drawable_get_buffer (drawable);
  format = widget_format (drawable, &type, &bytes);
  keep_inside (widget);
  area = shown_area (widget);
  own = gegl_buffer_get_format (buffer);
  raw = g_malloc_n ((gsize)area.height, (gsize)area.width * babl_format_get_bytes_per_pixel (own));
  pixels = g_malloc_n ((gsize)area.height, (gsize)area.width * bytes);
  gegl_buffer_get (buffer, &area, 1.0, own, raw, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  g_object_unref (buffer);
  babl_process (babl_fish (babl_format (babl_format_get_encoding (own)), format), raw, pixels,
                (long)area.width * area.height);
  gimp_preview_area_draw (GIMP_PREVIEW_AREA (gimp_preview_get_area (widget)), 0, 0, area.width, area.height,
                          type, pixels, area.width * bytes);
}

/* For the popup in the corner. */
static void
draw_thumb (GimpPreview *widget, GimpPreviewArea *thumb, int width, int height)
{
  GimpDrawable *drawable = AE_ORIGINAL_PREVIEW (widget)->drawable;
  g_autoptr (GBytes) pixels = NULL;
  GimpImageType type;
  int xmin, ymin, xmax, ymax, bytes, of_type;

  if (drawable == NULL || !gimp_item_is_valid (GIMP_ITEM (drawable)))
    return;
  gimp_preview_get_bounds (widget, &xmin, &ymin, &xmax, &ymax);
  pixels = gimp_drawable_get_sub_thumbnail_data (drawable, xmin, ymin, xmax - xmin, ymax - ymin, width,
                                                 height, &width, &height, &bytes);
  widget_format (drawable, &type, &of_type);
  if (pixels == NULL || bytes != of_type)
    return;
  gtk_widget_set_size_request (GTK_WIDGET (thumb), width, height);
  gtk_widget_show (GTK_WIDGET (thumb));
  gimp_preview_area_draw (thumb, 0, 0, width, height, type, g_bytes_get_data (pixels, NULL), bytes * width);
}

static void
ae_original_preview_class_init (AeOriginalPreviewClass *klass)
{
  GIMP_PREVIEW_CLASS (klass)->draw = draw_original;
  GIMP_PREVIEW_CLASS (klass)->draw_thumb = draw_thumb;
}

static void
ae_original_preview_init (AeOriginalPreview *preview)
{
}

static GtkWidget *
original_preview_new (GimpDrawable *drawable)
{
  AeOriginalPreview *preview = g_object_new (AE_TYPE_ORIGINAL_PREVIEW, NULL);
  int width = gimp_drawable_get_width (drawable);
  int height = gimp_drawable_get_height (drawable);
  GeglRectangle whole = { 0, 0, width, height };
  GeglRectangle shown;

  if (ae_apply_region (drawable, &shown))
    {
      shown.x -= SELECTION_BORDER;
      shown.y -= SELECTION_BORDER;
      shown.width += 2 * SELECTION_BORDER;
      shown.height += 2 * SELECTION_BORDER;
      gegl_rectangle_intersect (&shown, &shown, &whole);
    }
  else
    shown = whole;
  preview->drawable = drawable;
  gimp_preview_set_bounds (GIMP_PREVIEW (preview), shown.x, shown.y, shown.x + shown.width,
                           shown.y + shown.height);
  gtk_widget_set_size_request (gimp_preview_get_area (GIMP_PREVIEW (preview)), MIN (shown.width, SIZE),
                               MIN (shown.height, SIZE));
  g_object_set (gimp_preview_get_frame (GIMP_PREVIEW (preview)), "ratio",
                (float)shown.width / (float)shown.height, NULL);
  return GTK_WIDGET (preview);
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
  layer = gimp_item_is_valid (GIMP_ITEM (preview->drawable)) ? gimp_drawable_get_buffer (preview->drawable)
                                                             : NULL;
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
selection_of (GimpDrawable *drawable, const GeglRectangle *area)
{
  GimpItem *item = GIMP_ITEM (drawable);
  GimpImage *image = gimp_item_is_valid (item) ? gimp_item_get_image (item) : NULL;
  GimpSelection *selection = image != NULL ? gimp_image_get_selection (image) : NULL;
  GeglRectangle place = *area;
  GeglBuffer *buffer;
  guchar *mask;
  int x, y;

  if (selection == NULL || item == GIMP_ITEM (selection) || gimp_selection_is_empty (image))
    return NULL;
  gimp_drawable_get_offsets (drawable, &x, &y);
  place.x += x;
  place.y += y;
  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (selection));
  mask = g_malloc_n ((gsize)area->width, (gsize)area->height);
  gegl_buffer_get (buffer, &place, 1.0, babl_format ("Y u8"), mask, area->width, GEGL_ABYSS_NONE);
  g_object_unref (buffer);
  return mask;
}

/* Draws the result if there is one for the part that is shown.  Not with
 * gimp_preview_draw_buffer (), which would convert the picture in another way. */
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
  int xmin, ymin, xmax, ymax, width, height;

  gimp_preview_get_bounds (base, &xmin, &ymin, &xmax, &ymax);
  gimp_preview_get_size (base, &width, &height);
  gimp_scrolled_preview_set_position (GIMP_SCROLLED_PREVIEW (widget), (xmin + xmax - width) / 2,
                                      (ymin + ymax - height) / 2);
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
ae_preview_new (GimpDrawable *drawable)
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

  preview->widget = original_preview_new (drawable);
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
  gtk_label_set_xalign (GTK_LABEL (preview->label), 0.0);
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
