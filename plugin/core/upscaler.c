/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscaler.c - enlarges several buffers, each with the weights that its size needs. */

#include "upscale.h"

struct _AeUpscaler
{
  AeCatalogue *catalogue;
  char *model;
  double robust;
  gboolean wrap;
  AeSessionOptions options;
  AeSession *session; /* for `factor`; NULL: none yet */
  int factor;
};

AeUpscaler *
ae_upscaler_new (const char *model, double robust, gboolean wrap, const AeSessionOptions *options)
{
  AeUpscaler *u = g_new0 (AeUpscaler, 1);

  u->catalogue = ae_catalogue_new ();
  u->model = g_strdup (model);
  u->robust = robust;
  u->wrap = wrap;
  if (options)
    u->options = *options;
  return u;
}

void
ae_upscaler_free (AeUpscaler *u)
{
  if (!u)
    return;
  ae_session_free (u->session);
  ae_catalogue_free (u->catalogue);
  g_free (u->model);
  g_free (u);
}

static gboolean
need_session (AeUpscaler *u, int factor, GError **error)
{
  g_autoptr (AeModel) model = NULL;

  if (u->session && u->factor == factor)
    return TRUE;
  model = ae_upscale_load_model (u->catalogue, u->model, factor, u->robust, error);
  if (!model)
    return FALSE;
  g_clear_pointer (&u->session, ae_session_free);
  u->session = ae_session_new (model, &u->options, error);
  u->factor = factor;
  return u->session != NULL;
}

GeglBuffer *
ae_upscaler_run (AeUpscaler *u, GeglBuffer *src, int width, int height, AeProgressFunc progress,
                 gpointer data, GError **error)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (src);
  g_autoptr (GeglBuffer) result = NULL;

  if (!ae_upscale_check_size (extent->width, extent->height, width, height, NULL)
      || !need_session (u, ae_upscale_factor (extent->width, extent->height, width, height), error))
    return NULL;
  result = gegl_buffer_new (GEGL_RECTANGLE (0, 0, width, height), gegl_buffer_get_format (src));
  if (!ae_upscale_buffer (u->session, src, u->wrap, width, height, result, progress, data, error))
    return NULL;
  return g_steal_pointer (&result);
}
