/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-apply.c - enlarges a layer or an image of GIMP. */

#include "upscale-apply.h"

#include <libgimp/gimp.h>
#include <ae/error.h>
#include "core/upscale.h"
#include "apply.h"
#include "intl.h"

/* A layer and what it will be. */
typedef struct
{
  gint32 layer;
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
add_layers (Work *w, int n, const gint32 *layers, double x_factor, double y_factor)
{
  for (int i = 0; i < n; i++)
    {
      Job job = { .layer = layers[i] };
      int x, y;

      if (gimp_item_is_group (layers[i]))
        {
          int n_children;
          g_autofree gint32 *children = gimp_item_get_children (layers[i], &n_children);

          add_layers (w, n_children, children, x_factor, y_factor);
          continue;
        }
      gimp_drawable_offsets (layers[i], &x, &y);
      job.width
        = ae_upscale_edge (x + gimp_drawable_width (layers[i]), x_factor) - ae_upscale_edge (x, x_factor);
      job.height
        = ae_upscale_edge (y + gimp_drawable_height (layers[i]), y_factor) - ae_upscale_edge (y, y_factor);
      g_array_append_val (w->jobs, job);
    }
}

static void
plan (Work *w, gint32 image, gint32 layer)
{
  const AeUpscaleParams *p = w->params;

  if (p->target == AE_UPSCALE_LAYER)
    {
      const Job job = { .layer = layer, .width = p->width, .height = p->height };

      g_array_append_val (w->jobs, job);
    }
  else
    {
      int n;
      g_autofree gint32 *layers = gimp_image_get_layers (image, &n);

      add_layers (w, n, layers, (double)p->width / gimp_image_width (image),
                  (double)p->height / gimp_image_height (image));
    }
  for (guint i = 0; i < w->jobs->len; i++)
    {
      const Job *job = &g_array_index (w->jobs, Job, i);

      w->total += (double)gimp_drawable_width (job->layer) * gimp_drawable_height (job->layer);
    }
}

static gboolean
check (const Work *w, gint32 image, GError **error)
{
  const AeUpscaleParams *p = w->params;

  if (p->target != AE_UPSCALE_LAYER
      && !ae_upscale_check_size (gimp_image_width (image), gimp_image_height (image), p->width, p->height,
                                 error))
    return FALSE;
  for (guint i = 0; i < w->jobs->len; i++)
    {
      const Job *job = &g_array_index (w->jobs, Job, i);

      if (!ae_apply_possible (job->layer, error))
        return FALSE;
      if (p->target == AE_UPSCALE_LAYER
          && !ae_upscale_check_size (gimp_drawable_width (job->layer), gimp_drawable_height (job->layer),
                                     job->width, job->height, error))
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
  g_autoptr (GeglBuffer) source = gimp_drawable_get_buffer (job->layer);
  g_autoptr (GError) local = NULL;

  w->now = (double)gimp_drawable_width (job->layer) * gimp_drawable_height (job->layer);
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

  if (!job->result || gimp_drawable_width (job->layer) != job->width
      || gimp_drawable_height (job->layer) != job->height)
    return;
  buffer = gimp_drawable_get_buffer (job->layer);
  gegl_buffer_copy (job->result, NULL, GEGL_ABYSS_NONE, buffer, NULL);
  g_object_unref (buffer);
  gimp_drawable_update (job->layer, 0, 0, job->width, job->height);
}

static void
change (const Work *w, gint32 image, gint32 layer)
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
work (Work *w, gint32 image, gint32 layer, GError **error)
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
ae_upscale_apply (gint32 *image, gint32 layer, const AeUpscaleParams *params, GError **error)
{
  const gboolean copy = params->target == AE_UPSCALE_NEW_IMAGE;
  const gint32 changed = copy ? gimp_image_duplicate (*image) : *image;
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
