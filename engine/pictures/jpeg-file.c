/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* jpeg-file.c - JPEG files as buffers and back, with libjpeg. */

#include "jpeg-file.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>
#include <jpeglib.h>
#include <jerror.h>

#include <ae/error.h>

#include "src/intl.h"

#define ROWS 16
#define ICC_TABLE 128              /* where the table of tags begins */
#define ICC_CURVES_MAX (48u << 10) /* babl writes profiles of at most 64 KiB */

typedef struct
{
  struct jpeg_error_mgr base;
  jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
} Errors;

static void
failed (j_common_ptr info)
{
  Errors *errors = (Errors *)info->err;

  info->err->format_message (info, errors->message);
  longjmp (errors->jump, 1);
}

/* Warnings after which part of the picture would be made up count as errors. */
static void
message (j_common_ptr info, int level)
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
      failed (info);
      break;
    default:
      break;
    }
}

static void
init_errors (Errors *errors, struct jpeg_error_mgr **base)
{
  *base = jpeg_std_error (&errors->base);
  errors->base.error_exit = failed;
  errors->base.emit_message = message;
  errors->message[0] = 0;
}

static guint32
number (const guint8 *data)
{
  return (guint32)data[0] << 24 | (guint32)data[1] << 16 | (guint32)data[2] << 8 | data[3];
}

/* A table of values, or the parameters of one of five functions. */
static gboolean
is_sound_curve (const guint8 *curve, gsize size)
{
  static const gsize parameters[] = { 1, 3, 4, 5, 7 };
  gsize type;

  if (size < 12)
    return FALSE;
  if (memcmp (curve, "curv", 4) == 0)
    return number (curve + 8) <= (size - 12) / 2;
  type = (gsize)curve[8] << 8 | curve[9];
  return memcmp (curve, "para", 4) == 0 && type < G_N_ELEMENTS (parameters)
         && size >= 12 + 4 * parameters[type];
}

/* Whether what the profile says of lengths and places (ICC.1:2010, 7.2, 7.3, 10.5 and 10.15) is within it:
 * babl believes it, and ends the process where it is not. */
static gboolean
is_sound (const guint8 *profile, gsize length)
{
  gsize n, curves = 0;

  if (length < ICC_TABLE + 4 || number (profile) != length)
    return FALSE;
  n = number (profile + ICC_TABLE);
  if (n > (length - ICC_TABLE - 4) / 12)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      const guint8 *tag = profile + ICC_TABLE + 4 + 12 * i;
      const gsize at = number (tag + 4), size = number (tag + 8);

      if (at > length || size > length - at || size < 8)
        return FALSE;
      if (memcmp (tag + 1, "XYZ", 3) == 0 && size < 20)
        return FALSE;
      if (memcmp (tag + 1, "TRC", 3) == 0)
        {
          if (!is_sound_curve (profile + at, size))
            return FALSE;
          curves += size;
        }
    }
  return curves <= ICC_CURVES_MAX;
}

/* The space of the profile in the file; NULL: none, or one that cannot be used (gray, broken). */
static const Babl *
space_of (struct jpeg_decompress_struct *info)
{
  JOCTET *profile = NULL;
  unsigned int length = 0;
  const Babl *space = NULL;
  const char *why = NULL;

  if (jpeg_read_icc_profile (info, &profile, &length))
    {
      /* 16: the kind of color the profile is for */
      if (is_sound (profile, length) && memcmp (profile + 16, "RGB ", 4) == 0)
        space = babl_space_from_icc ((const char *)profile, (int)length,
                                     BABL_ICC_INTENT_RELATIVE_COLORIMETRIC, &why);
      free (profile);
    }
  return space;
}

static void
keep_segments (const struct jpeg_decompress_struct *info, GByteArray *segments)
{
  for (jpeg_saved_marker_ptr m = info->marker_list; m; m = m->next)
    {
      /* as in the file: marker, length with its own two bytes, content */
      const guint length = m->data_length + 2;
      const guint8 head[4] = { 0xff, m->marker, (guint8)(length >> 8), (guint8)length };

      g_byte_array_append (segments, head, sizeof head);
      g_byte_array_append (segments, m->data, m->data_length);
    }
}

GeglBuffer *
ae_jpeg_load (const char *path, guint64 pixels_max, GByteArray *segments, GError **error)
{
  struct jpeg_decompress_struct info;
  Errors errors;
  /* Not in registers: read after longjmp (). */
  FILE *volatile file = g_fopen (path, "rb");
  GeglBuffer *volatile buffer = NULL;
  guint8 *volatile pixels = NULL;
  GeglRectangle rect = { 0 };
  const Babl *format;

  if (!file)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: %s", path, g_strerror (errno));
      return NULL;
    }
  memset (&info, 0, sizeof info);
  init_errors (&errors, &info.err);
  if (setjmp (errors.jump))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, _ ("%s: damaged JPEG file: %s"), path, errors.message);
      if (buffer)
        g_object_unref (buffer);
      buffer = NULL;
      goto end;
    }
  jpeg_create_decompress (&info);
  jpeg_stdio_src (&info, file);
  if (segments)
    {
      jpeg_save_markers (&info, JPEG_APP0 + 1, 0xffff);
      jpeg_save_markers (&info, JPEG_APP0 + 2, 0xffff);
    }
  jpeg_read_header (&info, TRUE);
  if ((guint64)info.image_width * info.image_height > pixels_max)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_LIMIT,
                   _ ("%s: the picture has %u × %u pixels, at most %" PRIu64 " are possible"), path,
                   info.image_width, info.image_height, pixels_max);
      goto end;
    }
  if (info.num_components != 1 && info.num_components != 3)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_UNSUPPORTED,
                   _ ("%s: JPEG file with %d components, only gray and RGB can be used"), path,
                   info.num_components);
      goto end;
    }
  info.out_color_space = info.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  format = info.num_components == 1
             ? babl_format ("Y' u8")
             : babl_format_with_space ("R'G'B' u8", segments ? space_of (&info) : NULL);
  jpeg_start_decompress (&info);
  rect.width = (int)info.output_width;
  buffer = gegl_buffer_new (GEGL_RECTANGLE (0, 0, rect.width, (int)info.output_height), format);
  pixels = g_malloc_n ((gsize)info.output_width * (gsize)info.output_components, ROWS);
  while (info.output_scanline < info.output_height)
    {
      rect.y = (int)info.output_scanline;
      rect.height = 0;
      while (rect.height < ROWS && info.output_scanline < info.output_height)
        {
          JSAMPROW row = pixels + (gsize)rect.height * info.output_width * (gsize)info.output_components;

          rect.height += (int)jpeg_read_scanlines (&info, &row, 1);
        }
      gegl_buffer_set (buffer, &rect, 0, format, pixels, GEGL_AUTO_ROWSTRIDE);
    }
  if (segments)
    keep_segments (&info, segments); /* finishing frees them */
  jpeg_finish_decompress (&info);

end:
  jpeg_destroy_decompress (&info);
  g_free (pixels);
  fclose (file);
  return buffer;
}

/* Segments that were kept of another file, or the profile of the space. */
static void
write_segments (struct jpeg_compress_struct *info, GeglBuffer *buffer, const GByteArray *segments)
{
  const Babl *space = babl_format_get_space (gegl_buffer_get_format (buffer));
  const char *profile;
  int length = 0;

  if (segments)
    {
      for (guint at = 0; at + 4 <= segments->len;)
        {
          const guint8 *s = segments->data + at;
          const guint n = ((guint)s[2] << 8 | s[3]) - 2;

          jpeg_write_marker (info, s[1], s + 4, n);
          at += n + 4;
        }
      return;
    }
  if (space == babl_space ("sRGB") || info->input_components != 3)
    return;
  profile = babl_space_get_icc (space, &length);
  if (profile && length > 0)
    jpeg_write_icc_profile (info, (const JOCTET *)profile, (unsigned int)length);
}

/* Rows of a buffer as 8-bit values of the same encoding; transparent pixels on white. */
static void
fetch_rows (GeglBuffer *buffer, const GeglRectangle *rect, int components, guint8 *pixels)
{
  const Babl *own = gegl_buffer_get_format (buffer);
  const Babl *plain = babl_format (babl_format_get_encoding (own));
  const gsize n = (gsize)rect->width * (gsize)rect->height, colors = (gsize)components;
  guint8 *raw = g_malloc_n (n, (gsize)babl_format_get_bytes_per_pixel (own));
  float *work = g_new (float, n *(colors + 1));

  gegl_buffer_get (buffer, rect, 1.0, own, raw, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  if (!babl_format_has_alpha (own))
    babl_process (babl_fish (plain, babl_format (components == 1 ? "Y' u8" : "R'G'B' u8")), raw, pixels,
                  (long)n);
  else
    {
      babl_process (babl_fish (plain, babl_format (components == 1 ? "Y'A float" : "R'G'B'A float")), raw,
                    work, (long)n);
      for (gsize i = 0; i < n; i++)
        {
          const float *from = work + i * (colors + 1);

          for (gsize c = 0; c < colors; c++)
            {
              const float v = from[c] * from[colors] + 1 - from[colors];

              pixels[i * colors + c] = v > 0 ? (v < 1 ? (guint8)(v * 255 + 0.5f) : 255) : 0; /* NaN: 0 */
            }
        }
    }
  g_free (raw);
  g_free (work);
}

gboolean
ae_jpeg_save (const char *path, const char *name, GeglBuffer *buffer, const GByteArray *segments, int quality,
              GError **error)
{
  struct jpeg_compress_struct info;
  Errors errors;
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  const int components
    = babl_get_model_flags (gegl_buffer_get_format (buffer)) & BABL_MODEL_FLAG_GRAY ? 1 : 3;
  FILE *volatile file;
  guint8 *volatile pixels = NULL;
  volatile gboolean ok = FALSE;

  if (extent->width > JPEG_MAX_DIMENSION || extent->height > JPEG_MAX_DIMENSION)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_LIMIT,
                   _ ("%s: the picture has %d × %d pixels, JPEG files have at most %d × %d"), name,
                   extent->width, extent->height, (int)JPEG_MAX_DIMENSION, (int)JPEG_MAX_DIMENSION);
      return FALSE;
    }
  file = g_fopen (path, "wb");
  if (!file)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: %s", name, g_strerror (errno));
      return FALSE;
    }
  memset (&info, 0, sizeof info);
  init_errors (&errors, &info.err);
  if (setjmp (errors.jump))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: %s", name, errors.message);
      goto end;
    }
  jpeg_create_compress (&info);
  jpeg_stdio_dest (&info, file);
  info.image_width = (JDIMENSION)extent->width;
  info.image_height = (JDIMENSION)extent->height;
  info.input_components = components;
  info.in_color_space = components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults (&info);
  jpeg_set_quality (&info, quality, TRUE);
  info.optimize_coding = TRUE;
  if (quality >= 90 && components == 3) /* full resolution of colors */
    info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = 1;
  jpeg_start_compress (&info, TRUE);
  write_segments (&info, buffer, segments);
  pixels = g_malloc_n ((gsize)extent->width * (gsize)components, ROWS);
  for (int y = 0; y < extent->height; y += ROWS)
    {
      const GeglRectangle rect = { extent->x, extent->y + y, extent->width, MIN (ROWS, extent->height - y) };

      fetch_rows (buffer, &rect, components, pixels);
      for (int i = 0; i < rect.height; i++)
        {
          JSAMPROW row = pixels + (gsize)i * (gsize)extent->width * (gsize)components;

          jpeg_write_scanlines (&info, &row, 1);
        }
    }
  jpeg_finish_compress (&info);
  ok = TRUE;

end:
  jpeg_destroy_compress (&info);
  g_free (pixels);
  if (fclose (file) != 0 && ok)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: %s", name, g_strerror (errno));
      ok = FALSE;
    }
  return ok;
}
