/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* filter-file.c - picture files as buffers in the format that is stored in them, and back. */

#include "filter-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <ae/error.h>

#include "pictures/gegl-file.h"
#include "pictures/jpeg-file.h"

#include "filter-orientation.h"
#include "filter-png.h"

#include "src/intl.h"

gboolean
ae_file_load (const char *path, AeFilePicture *picture, GError **error)
{
  memset (picture, 0, sizeof *picture);
  picture->orientation = 1;
  if (!ae_picture_identify (path, &picture->kind, error)
      || !ae_picture_check_length (path, picture->kind, error))
    return FALSE;
  picture->extra = g_byte_array_new ();
  if (picture->kind == AE_PICTURE_JPEG)
    picture->buffer = ae_jpeg_load (path, G_MAXUINT64, picture->extra, error);
  else
    picture->buffer = ae_gegl_load (path, picture->kind, error);
  if (!picture->buffer)
    {
      ae_file_picture_clear (picture);
      return FALSE;
    }
  if (picture->kind == AE_PICTURE_JPEG)
    picture->orientation = ae_orientation_of_segments (picture->extra);
  else if (picture->kind == AE_PICTURE_PNG)
    {
      ae_png_read_chunks (path, picture->extra);
      picture->orientation = ae_orientation_of_chunks (picture->extra);
    }
  else
    picture->orientation = ae_orientation_of_file (path);
  return TRUE;
}

void
ae_file_picture_clear (AeFilePicture *picture)
{
  g_clear_object (&picture->buffer);
  g_clear_pointer (&picture->extra, g_byte_array_unref);
}

gboolean
ae_file_target_open (AeFileTarget *target, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path), *base = g_path_get_basename (path);
  g_autofree char *name = g_strdup_printf (".%s.XXXXXX", base);
  g_autofree char *temporary = g_build_filename (folder, name, NULL);
  mode_t mask = umask (0);
  int file;

  umask (mask);
  memset (target, 0, sizeof *target);
  target->kind = ae_picture_kind_for_name (path);
  if (target->kind == AE_PICTURE_UNKNOWN)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT,
                   _ ("%s: pictures are written as .png, .jpg, .tif, .webp, .exr, .ppm, .pgm or .hdr"), path);
      return FALSE;
    }
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: %s", path, g_strerror (EISDIR));
      return FALSE;
    }
  file = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, (int)(0666 & ~mask));
  if (file < 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: %s", path, g_strerror (errno));
      return FALSE;
    }
  close (file);
  target->path = g_strdup (path);
  target->temporary = g_steal_pointer (&temporary);
  return TRUE;
}

gboolean
ae_file_target_check_size (const AeFileTarget *target, int width, int height, GError **error)
{
  /* Pixels in each direction, by libpng, libjpeg and libwebp; 0: more than anybody has. */
  static const int most_of[AE_PICTURE_UNKNOWN]
    = { [AE_PICTURE_PNG] = 1000000, [AE_PICTURE_JPEG] = 65500, [AE_PICTURE_WEBP] = 16383 };
  const int most = most_of[target->kind];

  if (most == 0 || (width <= most && height <= most))
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_LIMIT,
               _ ("%s: the result would have %d × %d pixels, and a %s file has at most %d in each direction"),
               target->path, width, height, ae_picture_kind_name (target->kind), most);
  return FALSE;
}

gboolean
ae_file_target_save (AeFileTarget *target, const AeFilePicture *picture, int quality, GError **error)
{
  const gboolean same = picture->kind == target->kind;
  /* Exif stays with the picture in these: so does its note how to turn it. */
  const gboolean noted = same && (target->kind == AE_PICTURE_JPEG || target->kind == AE_PICTURE_PNG);
  g_autoptr (GeglBuffer) buffer = noted || picture->orientation == 1
                                    ? g_object_ref (picture->buffer)
                                    : ae_orientation_apply (picture->buffer, picture->orientation);
  gboolean ok;

  if (target->kind == AE_PICTURE_JPEG)
    return ae_jpeg_save (target->temporary, target->path, buffer, same ? picture->extra : NULL, quality,
                         error);
  if (!ae_gegl_save (target->temporary, target->path, target->kind, buffer, quality, error))
    return FALSE;
  if (target->kind != AE_PICTURE_PNG)
    return TRUE;
  ok = same ? ae_png_replace_chunks (target->temporary, picture->extra, error)
            : ae_png_drop_wrong_gamma (target->temporary, error);
  if (!ok)
    g_prefix_error (error, "%s: ", target->path);
  return ok;
}

gboolean
ae_file_target_commit (AeFileTarget *target, GError **error)
{
  int file = g_open (target->temporary, O_RDONLY | O_CLOEXEC, 0);
  gboolean ok = file >= 0 && fsync (file) == 0;
  int why = errno;

  if (file >= 0)
    close (file);
  if (ok && g_rename (target->temporary, target->path) != 0)
    {
      why = errno;
      ok = FALSE;
    }
  if (ok)
    g_clear_pointer (&target->temporary, g_free);
  else
    g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: %s", target->path, g_strerror (why));
  return ok;
}

void
ae_file_target_clear (AeFileTarget *target)
{
  if (target->temporary)
    g_unlink (target->temporary);
  g_clear_pointer (&target->temporary, g_free);
  g_clear_pointer (&target->path, g_free);
}
