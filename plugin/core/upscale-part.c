/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-part.c - a part of an enlarged picture, for previews. */

#include "upscale-part.h"
#include "upscale.h"

static int
divide_down (int a, int b)
{
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

/* Copies a rectangle that may lie beyond the borders of the picture, where it repeats. */
static void
copy_repeated (GeglBuffer *from, GeglBuffer *to, const GeglRectangle *rect)
{
  const GeglRectangle all = *gegl_buffer_get_extent (from);

  for (int y = divide_down (rect->y - all.y, all.height); all.y + y * all.height < rect->y + rect->height;
       y++)
    for (int x = divide_down (rect->x - all.x, all.width); all.x + x * all.width < rect->x + rect->width; x++)
      {
        GeglRectangle piece
          = { rect->x - x * all.width, rect->y - y * all.height, rect->width, rect->height };

        if (gegl_rectangle_intersect (&piece, &piece, &all))
          gegl_buffer_copy (from, &piece, GEGL_ABYSS_NONE, to, &piece);
      }
}

AeUpscalePart *
ae_upscale_part_new (AeModel *model, GeglBuffer *picture, gboolean wrap, int width, int height,
                     const GeglRectangle *area)
{
  const GeglRectangle *all = gegl_buffer_get_extent (picture);
  AeUpscalePart *part = g_new0 (AeUpscalePart, 1);
  GeglRectangle needed = ae_upscale_source (model, all, width, height, area);

  part->model = ae_model_ref (model);
  part->source = gegl_buffer_new (all, gegl_buffer_get_format (picture));
  part->wrap = wrap;
  part->width = width;
  part->height = height;
  part->area = *area;
  if (wrap && needed.width < all->width && needed.height < all->height)
    copy_repeated (picture, part->source, &needed);
  else if (wrap)
    gegl_buffer_copy (picture, NULL, GEGL_ABYSS_NONE, part->source, NULL);
  else if (gegl_rectangle_intersect (&needed, &needed, all))
    gegl_buffer_copy (picture, &needed, GEGL_ABYSS_NONE, part->source, &needed);
  return part;
}

void
ae_upscale_part_free (AeUpscalePart *part)
{
  if (!part)
    return;
  ae_model_unref (part->model);
  g_object_unref (part->source);
  g_free (part);
}

GeglBuffer *
ae_upscale_part_run (const AeUpscalePart *part, AeSession *session, AeProgressFunc progress, gpointer data,
                     GError **error)
{
  g_autoptr (GeglBuffer) result = gegl_buffer_new (&part->area, gegl_buffer_get_format (part->source));

  if (!ae_upscale_buffer (session, part->source, part->wrap, part->width, part->height, result, progress,
                          data, error))
    return NULL;
  return g_steal_pointer (&result);
}

GeglBuffer *
ae_upscale_cubic (GeglBuffer *picture, int width, int height, const GeglRectangle *area)
{
  const GeglRectangle *all = gegl_buffer_get_extent (picture);
  const Babl *format = gegl_buffer_get_format (picture);
  GeglBuffer *result = gegl_buffer_new (area, format);
  g_autofree guint8 *pixels
    = g_malloc_n ((gsize)area->width * (gsize)area->height, (gsize)babl_format_get_bytes_per_pixel (format));
  GeglNode *graph = gegl_node_new ();
  GeglNode *source = gegl_node_new_child (graph, "operation", "gegl:buffer-source", "buffer", picture, NULL);
  GeglNode *corner = gegl_node_new_child (graph, "operation", "gegl:translate", "x", (double)-all->x, "y",
                                          (double)-all->y, NULL);
  /* as in GIMP's core */
  GeglNode *scale
    = gegl_node_new_child (graph, "operation", "gegl:scale-ratio", "origin-x", 0.0, "origin-y", 0.0,
                           "sampler", GEGL_SAMPLER_CUBIC, "abyss-policy", GEGL_ABYSS_CLAMP, "x",
                           (double)width / all->width, "y", (double)height / all->height, NULL);

  gegl_node_link_many (source, corner, scale, NULL);
  gegl_node_blit (scale, 1.0, area, format, pixels, GEGL_AUTO_ROWSTRIDE, GEGL_BLIT_DEFAULT);
  gegl_buffer_set (result, area, 0, format, pixels, GEGL_AUTO_ROWSTRIDE);
  g_object_unref (graph);
  return result;
}
