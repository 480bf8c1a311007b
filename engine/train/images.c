/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* images.c - decodes picture files, JPEG with libjpeg and all others through GEGL. */

#include "images.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <gegl.h>
#include <glib/gstdio.h>
#include <jpeglib.h>
#include <jerror.h>

#include <ae/error.h>

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

/* JPEG: GEGL's loader ends the process when libjpeg finds an error. */

typedef struct
{
  struct jpeg_error_mgr base;
  jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
} JpegErrors;

static void
jpeg_failed (j_common_ptr info)
{
  JpegErrors *errors = (JpegErrors *)info->err;

  info->err->format_message (info, errors->message);
  longjmp (errors->jump, 1);
}

static void
jpeg_message (j_common_ptr info, int level)
{
  if (level >= 0)
    return;
  switch (info->err->msg_code)
    {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_NOT_SEQUENTIAL:
      jpeg_failed (info); /* part of the picture would be made up */
      break;
    default:
      break;
    }
}

static gboolean
load_jpeg (const char *path, Picture *picture, GError **error)
{
  struct jpeg_decompress_struct info;
  JpegErrors errors;
  /* Not in registers: read after longjmp (). */
  FILE *volatile file = g_fopen (path, "rb");
  guint8 *volatile pixels = NULL;

  if (!file)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: %s", path, g_strerror (errno));
      return FALSE;
    }
  memset (&info, 0, sizeof info);
  info.err = jpeg_std_error (&errors.base);
  errors.base.error_exit = jpeg_failed;
  errors.base.emit_message = jpeg_message;
  errors.message[0] = 0;
  if (setjmp (errors.jump))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, "%s: damaged JPEG file: %s", path, errors.message);
      goto failed;
    }
  jpeg_create_decompress (&info);
  jpeg_stdio_src (&info, file);
  jpeg_read_header (&info, TRUE);
  if (!check_size (path, info.image_width, info.image_height, error))
    goto failed;
  if (info.num_components != 1 && info.num_components != 3)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_UNSUPPORTED,
                   "%s: JPEG file with %d components, only grey and RGB can be used", path,
                   info.num_components);
      goto failed;
    }
  info.out_color_space = info.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_start_decompress (&info);

  const size_t row = (size_t)info.output_width * (size_t)info.output_components;
  pixels = g_try_malloc (row * info.output_height);
  if (!pixels)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_MEMORY, "%s: not enough memory for %u × %u pixels", path,
                   info.output_width, info.output_height);
      goto failed;
    }
  while (info.output_scanline < info.output_height)
    {
      JSAMPROW line = pixels + info.output_scanline * row;
      jpeg_read_scanlines (&info, &line, 1);
    }
  jpeg_finish_decompress (&info);

  picture->width = (int)info.output_width;
  picture->height = (int)info.output_height;
  picture->channels = info.output_components;
  picture->sample = SAMPLE_U8;
  picture->data = pixels;
  jpeg_destroy_decompress (&info);
  fclose (file);
  return TRUE;

failed:
  jpeg_destroy_decompress (&info);
  g_free (pixels);
  fclose (file);
  return FALSE;
}

/* All others. */

typedef struct
{
  char *message; /* the first warning */
} Warnings;

static void
catch_warning (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  Warnings *warnings = data;

  /* Loaders have no domain; what GEGL itself says of an empty result explains nothing. */
  if (!domain && level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL) && !warnings->message)
    warnings->message = g_strdup (message);
}

static GeglBuffer *
run_loader (const char *path, const char *operation, Warnings *warnings)
{
  static const char *const domains[] = { NULL, "GEGL" };
  const GLogLevelFlags levels
    = G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO;
  guint handlers[G_N_ELEMENTS (domains)];
  GeglBuffer *buffer = NULL;
  GeglNode *graph = gegl_node_new ();
  GeglNode *load = gegl_node_new_child (graph, "operation", operation, "path", path, NULL);
  GeglNode *sink = gegl_node_new_child (graph, "operation", "gegl:buffer-sink", "buffer", &buffer, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
    handlers[i] = g_log_set_handler (domains[i], levels, catch_warning, warnings);
  gegl_node_link (load, sink);
  gegl_node_process (sink);
  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
    g_log_remove_handler (domains[i], handlers[i]);
  g_object_unref (graph);
  return buffer;
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
      g_set_error (error, AE_ERROR, AE_ERROR_UNSUPPORTED, "%s: CMYK file, only grey and RGB can be used",
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
load_gegl (const char *path, const char *operation, const char *kind, Picture *picture, GError **error)
{
  g_autoptr (GeglBuffer) buffer = NULL;
  Warnings warnings = { NULL };
  gboolean ok = FALSE;

  gegl_init (NULL, NULL);
  if (!gegl_has_operation (operation))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_UNSUPPORTED, "%s: %s file, but GEGL has no %s here", path, kind,
                   operation);
      return FALSE;
    }
  buffer = run_loader (path, operation, &warnings);
  if (!buffer || warnings.message)
    {
      const char *why = warnings.message ? warnings.message : "it cannot be decoded";
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, "%s: damaged %s file: %s", path, kind, why);
    }
  else
    ok = read_buffer (path, buffer, picture, error);
  g_free (warnings.message);
  return ok;
}

static gboolean
is_pnm (const guint8 *head)
{
  return head[0] == 'P' && strchr ("2356", head[1]) && head[1] && g_ascii_isspace (head[2]);
}

/* Reads the next number of a PNM header behind white space and comments; -1 if there is none. */
static gint64
read_pnm_number (FILE *file)
{
  gint64 value = 0;
  int c = fgetc (file), digits = 0;

  while (c == '#' || g_ascii_isspace (c))
    {
      if (c == '#')
        while (c != '\n' && c != EOF)
          c = fgetc (file);
      c = fgetc (file);
    }
  for (; c >= '0' && c <= '9' && digits < 9; digits++, c = fgetc (file))
    value = value * 10 + (c - '0');
  return digits ? value : -1; /* one character behind it is read, too, as the format wants */
}

static gboolean
check_length (const char *path, const char *kind, const char *unit, gint64 found, gint64 expected,
              GError **error)
{
  if (found >= expected)
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
               "%s: truncated %s file: %" G_GINT64_FORMAT " %s instead of %" G_GINT64_FORMAT, path, kind,
               found, unit, expected);
  return FALSE;
}

/* Whether all values are there: GEGL's loader takes those that are not for black. */
static gboolean
check_pnm (const char *path, char kind, gint64 size, GError **error)
{
  FILE *file = g_fopen (path, "rb");
  gint64 width, height, max, expected, found = 0;
  gboolean plain = kind < '5';

  if (!file)
    return TRUE; /* the loader will tell */
  fseek (file, 2, SEEK_SET);
  width = read_pnm_number (file);
  height = read_pnm_number (file);
  max = read_pnm_number (file);
  expected = MAX (width, 0) * MAX (height, 0) * (kind == '3' || kind == '6' ? 3 : 1);
  if (plain)
    while (found < expected && read_pnm_number (file) >= 0)
      found++;
  else
    {
      expected *= max > 255 ? 2 : 1;
      found = size - ftell (file);
    }
  fclose (file);
  return check_length (path, "PNM", plain ? "values" : "bytes of pixels", found, expected, error);
}

/* Opens the file, looks at its first bytes and decodes it. */
static gboolean
load (const char *path, Picture *picture, GError **error)
{
  guint8 head[16] = { 0 };
  FILE *file = g_fopen (path, "rb");
  GStatBuf status;
  size_t n;

  picture->data = NULL;
  if (!file || g_stat (path, &status) != 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: %s", path, g_strerror (errno));
      if (file)
        fclose (file);
      return FALSE;
    }
  errno = 0;
  n = fread (head, 1, sizeof head, file);
  if (ferror (file))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: %s", path, g_strerror (errno));
      fclose (file);
      return FALSE;
    }
  fclose (file);
  if (n == 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, "%s: the file is empty", path);
      return FALSE;
    }

  if (memcmp (head, "\xff\xd8\xff", 3) == 0)
    return load_jpeg (path, picture, error);
  if (memcmp (head, "\x89PNG\r\n\x1a\n", 8) == 0)
    return load_gegl (path, "gegl:png-load", "PNG", picture, error);
  if (memcmp (head, "II*\0", 4) == 0 || memcmp (head, "MM\0*", 4) == 0)
    return load_gegl (path, "gegl:tiff-load", "TIFF", picture, error);
  if (memcmp (head, "RIFF", 4) == 0 && memcmp (head + 8, "WEBP", 4) == 0)
    {
      const gint64 size = 8 + (gint64)(head[4] | head[5] << 8 | head[6] << 16 | (guint32)head[7] << 24);
      /* The decoder fills the rest with a colour and says nothing. */
      if (!check_length (path, "WebP", "bytes", (gint64)status.st_size, size, error))
        return FALSE;
      return load_gegl (path, "gegl:webp-load", "WebP", picture, error);
    }
  if (is_pnm (head) && !check_pnm (path, (char)head[1], (gint64)status.st_size, error))
    return FALSE;
  if (is_pnm (head))
    return load_gegl (path, "gegl:ppm-load", "PNM", picture, error);
  if (memcmp (head, "\x76\x2f\x31\x01", 4) == 0)
    return load_gegl (path, "gegl:exr-load", "OpenEXR", picture, error);
  if (memcmp (head, "#?RADIANCE", 10) == 0 || memcmp (head, "#?RGBE", 6) == 0)
    return load_gegl (path, "gegl:rgbe-load", "Radiance", picture, error);
  g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
               "%s: not a picture: neither JPEG, PNG, TIFF, WebP, PNM, OpenEXR nor Radiance", path);
  return FALSE;
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
