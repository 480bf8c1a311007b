/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* images.c - decodes picture files into the values that are stored in them. */

#include "images.h"

#include <math.h>

#include <gegl.h>

#include <ae/error.h>

#include "pictures/gegl-file.h"
#include "pictures/jpeg-file.h"

typedef enum
{
  SAMPLE_U8,
  SAMPLE_U16,
  SAMPLE_FLOAT
} Sample;

/* Interleaved samples as stored. */
typedef struct
{
  int width, height;
  int channels; /* 1 or 3 */
  Sample sample;
  void *data;
} Picture;

static gboolean
check_size (const char *path, gint64 width, gint64 height, GError **error)
{
  if (width >= 1 && height >= 1 && width <= AE_IMAGE_PIXELS_MAX && height <= AE_IMAGE_PIXELS_MAX / width)
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_LIMIT,
               "%s: the picture has %" G_GINT64_FORMAT " × %" G_GINT64_FORMAT
               " pixels, at least 1 and at most %d are possible",
               path, width, height, AE_IMAGE_PIXELS_MAX);
  return FALSE;
}

static gboolean
read_buffer (const char *path, GeglBuffer *buffer, Picture *picture, GError **error)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  const Babl *stored = gegl_buffer_get_format (buffer);
  const BablModelFlag flags = babl_get_model_flags (stored);
  const char *type = babl_get_name (babl_format_get_type (stored, 0));
  const Babl *space = babl_format_get_space (stored);
  gsize bytes;

  if (flags & BABL_MODEL_FLAG_CMYK)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_UNSUPPORTED, "%s: CMYK file, only gray and RGB can be used",
                   path);
      return FALSE;
    }
  if (!check_size (path, extent->width, extent->height, error))
    return FALSE;
  /* Whole numbers with the tone curve of the file are taken as they are. */
  if (flags & BABL_MODEL_FLAG_NONLINEAR && !(flags & BABL_MODEL_FLAG_ASSOCIATED) && g_str_equal (type, "u8"))
    picture->sample = SAMPLE_U8, bytes = 1;
  else if (flags & BABL_MODEL_FLAG_NONLINEAR && !(flags & BABL_MODEL_FLAG_ASSOCIATED)
           && g_str_equal (type, "u16"))
    picture->sample = SAMPLE_U16, bytes = 2;
  else
    picture->sample = SAMPLE_FLOAT, bytes = 4, type = "float";
  picture->channels = flags & BABL_MODEL_FLAG_GRAY ? 1 : 3;
  picture->width = extent->width;
  picture->height = extent->height;

  g_autofree char *name = g_strdup_printf ("%s %s", picture->channels == 1 ? "Y'" : "R'G'B'", type);
  picture->data
    = g_try_malloc_n ((gsize)extent->width * (gsize)extent->height, bytes * (gsize)picture->channels);
  if (!picture->data)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_MEMORY, "%s: not enough memory for %d × %d pixels", path,
                   extent->width, extent->height);
      return FALSE;
    }
  gegl_buffer_get (buffer, extent, 1.0, babl_format_with_space (name, space), picture->data,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  return TRUE;
}

static gboolean
load (const char *path, Picture *picture, GError **error)
{
  g_autoptr (GeglBuffer) buffer = NULL;
  AePictureKind kind;

  gegl_init (NULL, NULL);
  picture->data = NULL;
  if (!ae_picture_identify (path, &kind, error) || !ae_picture_check_length (path, kind, error))
    return FALSE;
  buffer = kind == AE_PICTURE_JPEG ? ae_jpeg_load (path, AE_IMAGE_PIXELS_MAX, NULL, error)
                                   : ae_gegl_load (path, kind, error);
  return buffer && read_buffer (path, buffer, picture, error);
}

static guint8
to_u8 (const Picture *picture, gsize i)
{
  switch (picture->sample)
    {
    case SAMPLE_U8:
      return ((const guint8 *)picture->data)[i];
    case SAMPLE_U16:
      return (guint8)((((const guint16 *)picture->data)[i] * 255u + 32767u) / 65535u);
    default:
      {
        const float v = ((const float *)picture->data)[i];
        return v > 0.0f ? (v < 1.0f ? (guint8)(v * 255.0f + 0.5f) : 255) : 0; /* NaN: 0 */
      }
    }
}

static float
to_float (const Picture *picture, gsize i)
{
  switch (picture->sample)
    {
    case SAMPLE_U8:
      return (float)((const guint8 *)picture->data)[i] / 255.0f;
    case SAMPLE_U16:
      return (float)((const guint16 *)picture->data)[i] / 65535.0f;
    default:
      {
        const float v = ((const float *)picture->data)[i];
        return isfinite (v) ? v : 0.0f;
      }
    }
}

static gboolean
no_memory (const char *path, Picture *picture, GError **error)
{
  g_set_error (error, AE_ERROR, AE_ERROR_MEMORY, "%s: not enough memory for %d × %d pixels", path,
               picture->width, picture->height);
  g_free (picture->data);
  return FALSE;
}

gboolean
ae_image_load_rgb8 (const char *path, guint8 **rgb, int *width, int *height, GError **error)
{
  Picture picture;

  if (!load (path, &picture, error))
    return FALSE;
  *width = picture.width;
  *height = picture.height;
  if (picture.sample == SAMPLE_U8 && picture.channels == 3)
    {
      *rgb = picture.data;
      return TRUE;
    }

  const gsize n = (gsize)picture.width * (gsize)picture.height;
  guint8 *out = g_try_malloc_n (n, 3);
  if (!out)
    return no_memory (path, &picture, error);
  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < 3; c++)
      out[i * 3 + c] = to_u8 (&picture, picture.channels == 1 ? i : i * 3 + c);
  g_free (picture.data);
  *rgb = out;
  return TRUE;
}

gboolean
ae_image_load_rgb (const char *path, float **planes, int *width, int *height, GError **error)
{
  Picture picture;

  if (!load (path, &picture, error))
    return FALSE;
  *width = picture.width;
  *height = picture.height;

  const gsize n = (gsize)picture.width * (gsize)picture.height;
  float *out = g_try_malloc_n (n, 3 * sizeof (float));
  if (!out)
    return no_memory (path, &picture, error);
  for (gsize c = 0; c < 3; c++)
    for (gsize i = 0; i < n; i++)
      out[c * n + i] = to_float (&picture, picture.channels == 1 ? i : i * 3 + c);
  g_free (picture.data);
  *planes = out;
  return TRUE;
}
