/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* generate-preview.c - shows a drawing before it is made. */

#include "generate-preview.h"
#include <string.h>
#include "accessible.h"
#include "core/controls.h"
#include "core/generate-sketch.h"
#include "core/worker.h"
#include "intl.h"
#include "toolkit.h"

#define ROOM 288
/* Milliseconds without a change; a drawing takes less than a hand needs to go on. */
#define SETTLE 10

struct _AeGeneratePreview
{
  GtkWidget *area;
  AeWorker *worker;
  int width, height;
  gboolean gray;
  AeModel *model;
  AeGenerateParams params;
};

/* What a run needs. */
typedef struct
{
  AeModel *model;
  AeGenerateParams params;
  int width, height;
  gboolean gray;
} Input;

static void
input_free (gpointer data)
{
  Input *input = data;

  ae_model_unref (input->model);
  g_free (input);
}

static gpointer
gather (gpointer data, GError **error)
{
  const AeGeneratePreview *preview = data;
  Input *input;

  if (preview->model == NULL)
    return NULL;
  input = g_new (Input, 1);
  *input = (Input){ ae_model_ref (preview->model), preview->params, preview->width, preview->height,
                    preview->gray };
  return input;
}

/* In the worker's thread. */
static gpointer
run (gpointer data, AeProgressFunc goes_on, gpointer goes_on_data, gpointer preview, GError **error)
{
  const Input *input = data;

  return ae_generate_sketch_new (input->model, &input->params, input->width, input->height, ROOM, input->gray,
                                 goes_on, goes_on_data, error);
}

static void
sketch_free (gpointer sketch)
{
  ae_generate_sketch_free (sketch);
}

/* From the worker. */
static void
changed (gpointer data)
{
  AeGeneratePreview *preview = data;

  gtk_widget_queue_draw (preview->area);
}

static void
draw_sketch (cairo_t *cairo, int width, int height, const AeGenerateSketch *sketch)
{
  const double fits = MIN ((double)width / sketch->width, (double)height / sketch->height);
  /* small ones in whole squares, as in GIMP */
  const double scale = fits >= 1 ? (int)fits : fits;
  cairo_surface_t *surface
    = cairo_image_surface_create_for_data ((guchar *)sketch->argb, CAIRO_FORMAT_RGB24, sketch->width,
                                           sketch->height, sketch->width * (int)sizeof *sketch->argb);

  cairo_translate (cairo, (int)((width - sketch->width * scale) / 2),
                   (int)((height - sketch->height * scale) / 2));
  cairo_scale (cairo, scale, scale);
  cairo_set_source_surface (cairo, surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cairo), scale > 1 ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD);
  cairo_paint (cairo);
  cairo_surface_destroy (surface);
}

static void
draw (cairo_t *cairo, int width, int height, gpointer data)
{
  const AeGeneratePreview *preview = data;
  const AeGenerateSketch *sketch = ae_worker_result (preview->worker);

  if (preview->model != NULL && sketch != NULL)
    draw_sketch (cairo, width, height, sketch);
}

static void
destroyed (GtkWidget *widget, AeGeneratePreview *preview)
{
  g_clear_pointer (&preview->worker, ae_worker_free);
  g_clear_pointer (&preview->model, ae_model_unref);
}

static void
finalized (gpointer data, GObject *widget)
{
  g_free (data);
}

AeGeneratePreview *
ae_generate_preview_new (int width, int height, gboolean gray)
{
  AeGeneratePreview *preview = g_new0 (AeGeneratePreview, 1);
  const AeWorkerFuncs funcs = { gather, run, changed, input_free, sketch_free, preview };

  preview->width = width;
  preview->height = height;
  preview->gray = gray;
  preview->worker = ae_worker_new (&funcs);
  preview->area = gtk_drawing_area_new ();
  gtk_widget_set_size_request (preview->area, ROOM, ROOM);
  ae_accessible_name (preview->area, ae_control_label (AE_CONTROL_PREVIEW));
  gtk_widget_set_tooltip_text (preview->area, _ ("What the layer or the selection is filled with"));
  ae_draw_connect (preview->area, draw, preview);
  g_signal_connect (preview->area, "destroy", G_CALLBACK (destroyed), preview);
  g_object_weak_ref (G_OBJECT (preview->area), finalized, preview);
  return preview;
}

GtkWidget *
ae_generate_preview_widget (AeGeneratePreview *preview)
{
  return preview->area;
}

void
ae_generate_preview_set (AeGeneratePreview *preview, AeModel *model, const AeGenerateParams *params)
{
  if (model == preview->model && memcmp (&preview->params, params, sizeof *params) == 0)
    return;
  g_clear_pointer (&preview->model, ae_model_unref);
  preview->model = model != NULL ? ae_model_ref (model) : NULL;
  preview->params = *params;
  if (model != NULL)
    ae_worker_restart (preview->worker, SETTLE);
  else
    ae_worker_stop (preview->worker);
  gtk_widget_queue_draw (preview->area);
}
