/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-apply.c - enlarges a layer or an image of GIMP. */

#include "upscale-apply.h"

#include <ae/error.h>
#include "core/upscale.h"
#include "apply.h"
#include "intl.h"

/* A layer and what it will be. */
typedef struct
{
  GimpLayer *layer;
  int width, height; /* that GIMP will give it */
  GeglBuffer *result;
} Job;

typedef struct
{
  const AeUpscaleParams *params;
  AeUpscaler *upscaler;
  GArray *jobs;         /* Job */
  double total, before; /* pixels of all layers, and of those that are done */
  double now;           /* of the one at hand */
} Work;

static void
clear_job (gpointer data)
{
  g_clear_object (&((Job *)data)->result);
}

static void
add_layer (Work *w, GimpItem *item, double x_factor, double y_factor)
{
  Job job = { .layer = GIMP_LAYER (item) };
  GimpDrawable *drawable = GIMP_DRAWABLE (item);
  int x, y;

  if (gimp_item_is_group (item))
    {
      g_autofree GimpItem **children = gimp_item_get_children (item);

      for (int i = 0; children[i] != NULL; i++)
        add_layer (w, children[i], x_factor, y_factor);
      return;
    }
  gimp_drawable_get_offsets (drawable, &x, &y);
  job.width
    = ae_upscale_edge (x + gimp_drawable_get_width (drawable), x_factor) - ae_upscale_edge (x, x_factor);
  job.height
    = ae_upscale_edge (y + gimp_drawable_get_height (drawable), y_factor) - ae_upscale_edge (y, y_factor);
  g_array_append_val (w->jobs, job);
}

static void
plan (Work *w, GimpImage *image, GimpLayer *layer)
{
  const AeUpscaleParams *p = w->params;

  if (p->target == AE_UPSCALE_LAYER)
    {
      const Job job = { .layer = layer, .width = p->width, .height = p->height };

      g_array_append_val (w->jobs, job);
    }
  else
    {
      g_autofree GimpLayer **layers = gimp_image_get_layers (image);

      for (int i = 0; layers[i] != NULL; i++)
        add_layer (w, GIMP_ITEM (layers[i]), (double)p->width / gimp_image_get_width (image),
                   (double)p->height / gimp_image_get_height (image));
    }
  for (guint i = 0; i < w->jobs->len; i++)
    {
      const Job *job = &g_array_index (w->jobs, Job, i);

      w->total += (double)gimp_drawable_get_width (GIMP_DRAWABLE (job->layer))
                  * gimp_drawable_get_height (GIMP_DRAWABLE (job->layer));
    }
}

static gboolean
check (const Work *w, GimpImage *image, GError **error)
{
  const AeUpscaleParams *p = w->params;

  if (p->target != AE_UPSCALE_LAYER
      && !ae_upscale_check_size (gimp_image_get_width (image), gimp_image_get_height (image), p->width,
                                 p->height, error))
    return FALSE;
  for (guint i = 0; i < w->jobs->len; i++)
    {
      const Job *job = &g_array_index (w->jobs, Job, i);

      if (!ae_apply_possible (GIMP_DRAWABLE (job->layer), error))
        return FALSE;
      if (p->target == AE_UPSCALE_LAYER
          && !ae_upscale_check_size (gimp_drawable_get_width (GIMP_DRAWABLE (job->layer)),
                                     gimp_drawable_get_height (GIMP_DRAWABLE (job->layer)), job->width,
                                     job->height, error))
        return FALSE;
    }
  return TRUE;
}

/* Each is a round trip to GIMP.  Cancel ends the process from outside. */
static gboolean
show_progress (double fraction, gpointer data)
{
  const Work *w = data;

  gimp_progress_update ((w->before + fraction * w->now) / w->total);
  return TRUE;
}

/* A layer that gets no larger in the new image (by rounding) is left to GIMP. */
static gboolean
enlarge (Work *w, Job *job, GError **error)
{
  g_autoptr (GeglBuffer) source = gimp_drawable_get_buffer (GIMP_DRAWABLE (job->layer));
  g_autoptr (GError) local = NULL;

  w->now = (double)gimp_drawable_get_width (GIMP_DRAWABLE (job->layer))
           * gimp_drawable_get_height (GIMP_DRAWABLE (job->layer));
  job->result = ae_upscaler_run (w->upscaler, source, job->width, job->height, show_progress, w, &local);
  w->before += w->now;
  if (!local)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* GIMP has scaled the layer and kept its old pixels for undo. */
static void
put (const Job *job)
{
  GeglBuffer *buffer;

  if (!job->result || gimp_drawable_get_width (GIMP_DRAWABLE (job->layer)) != job->width
      || gimp_drawable_get_height (GIMP_DRAWABLE (job->layer)) != job->height)
    return;
  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (job->layer));
  gegl_buffer_copy (job->result, NULL, GEGL_ABYSS_NONE, buffer, NULL);
  g_object_unref (buffer);
  gimp_drawable_update (GIMP_DRAWABLE (job->layer), 0, 0, job->width, job->height);
}

static void
change (const Work *w, GimpImage *image, GimpLayer *layer)
{
  const AeUpscaleParams *p = w->params;

  gimp_image_undo_group_start (image);
  gimp_context_push ();
  gimp_context_set_interpolation (GIMP_INTERPOLATION_CUBIC); /* for masks and channels */
  if (p->target == AE_UPSCALE_LAYER)
    gimp_layer_scale (layer, p->width, p->height, TRUE);
  else
    gimp_image_scale (image, p->width, p->height);
  gimp_context_pop ();
  for (guint i = 0; i < w->jobs->len; i++)
    put (&g_array_index (w->jobs, Job, i));
  gimp_image_undo_group_end (image);
}

static gboolean
work (Work *w, GimpImage *image, GimpLayer *layer, GError **error)
{
  plan (w, image, layer);
  if (!check (w, image, error))
    return FALSE;
  gimp_progress_init (_ ("Upscaling"));
  for (guint i = 0; i < w->jobs->len; i++)
    if (!enlarge (w, &g_array_index (w->jobs, Job, i), error))
      return FALSE;
  change (w, image, layer);
  return TRUE;
}

gboolean
ae_upscale_apply (GimpImage **image, GimpLayer *layer, const AeUpscaleParams *params, GError **error)
{
  const gboolean copy = params->target == AE_UPSCALE_NEW_IMAGE;
  GimpImage *changed = copy ? gimp_image_duplicate (*image) : *image;
  const AeSessionOptions options = ae_apply_session_options ();
  Work w = { .params = params };
  gboolean good;

  w.upscaler = ae_upscaler_new (params->model, params->robust, params->wrap, &options);
  w.jobs = g_array_new (FALSE, TRUE, sizeof (Job));
  g_array_set_clear_func (w.jobs, clear_job);
  if (copy)
    gimp_image_undo_disable (changed);
  good = work (&w, changed, layer, error);
  gimp_progress_end ();
  if (copy && good)
    gimp_image_undo_enable (changed);
  else if (copy)
    gimp_image_delete (changed);
  if (good)
    *image = changed;
  g_array_unref (w.jobs);
  ae_upscaler_free (w.upscaler);
  return good;
}
