/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* filter-file.c - picture files as buffers in the format that is stored in them, and back. */

#include "filter-file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <ae/error.h>

#include "filter-jpeg.h"
#include "filter-png.h"

#include "src/intl.h"

static const struct
{
  const char *name, *loader, *saver;
  int most; /* pixels in each direction; 0: more than anybody has */
} kinds[AE_FILE_UNKNOWN] = {
  [AE_FILE_PNG] = { "PNG", "gegl:png-load", "gegl:png-save", 1000000 }, /* of libpng */
  [AE_FILE_JPEG] = { "JPEG", NULL, NULL, 65500 },                       /* of libjpeg */
  [AE_FILE_TIFF] = { "TIFF", "gegl:tiff-load", "gegl:tiff-save" },
  [AE_FILE_WEBP] = { "WebP", "gegl:webp-load", "gegl:webp-save", 16383 },
  [AE_FILE_EXR] = { "OpenEXR", "gegl:exr-load", "gegl:exr-save" },
  [AE_FILE_PNM] = { "PNM", "gegl:ppm-load", "gegl:ppm-save" },
  [AE_FILE_RADIANCE] = { "Radiance", "gegl:rgbe-load", "gegl:rgbe-save" },
};

static const struct
{
  const char *ending;
  AeFileKind kind;
} endings[] = {
  { ".png", AE_FILE_PNG },  { ".jpg", AE_FILE_JPEG },     { ".jpeg", AE_FILE_JPEG },
  { ".tif", AE_FILE_TIFF }, { ".tiff", AE_FILE_TIFF },    { ".webp", AE_FILE_WEBP },
  { ".exr", AE_FILE_EXR },  { ".ppm", AE_FILE_PNM },      { ".pgm", AE_FILE_PNM },
  { ".pnm", AE_FILE_PNM },  { ".hdr", AE_FILE_RADIANCE },
};

/* GEGL's operations for files say what is wrong in warnings only; libraries below them write to stderr. */
typedef struct
{
  char *message; /* the first */
} Warnings;

static const char *const domains[2] = { NULL, "GEGL" };

static void
catch_warning (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  Warnings *warnings = data;

  /* What GEGL itself says of an empty result explains nothing. */
  if (!domain && level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL) && !warnings->message)
    {
      warnings->message = g_utf8_make_valid (message, -1);
      g_strdelimit (g_strchomp (warnings->message), "\n\r", ' ');
    }
}

/* Makes stderr a file; returns it, and in *saved what stderr was.  NULL: it stays as it is. */
static FILE *
divert_stderr (int *saved)
{
  FILE *file = tmpfile ();

  fflush (stderr);
  *saved = file ? fcntl (STDERR_FILENO, F_DUPFD_CLOEXEC, 3) : -1;
  if (*saved >= 0 && dup2 (fileno (file), STDERR_FILENO) >= 0)
    return file;
  if (*saved >= 0)
    close (*saved);
  if (file)
    fclose (file);
  return NULL;
}

/* Undoes it; the first line that was written meanwhile, or NULL. */
static char *
restore_stderr (FILE *file, int saved)
{
  char line[512] = "";

  if (!file)
    return NULL;
  fflush (stderr);
  dup2 (saved, STDERR_FILENO);
  close (saved);
  rewind (file);
  if (!fgets (line, sizeof line, file))
    line[0] = 0;
  fclose (file);
  g_strchomp (line);
  return *line ? g_utf8_make_valid (line, -1) : NULL;
}

/* Runs an operation from or to a file and frees the graph.  What a library wrote is kept in *other: it may be
 * the reason of a failure, or of no interest. */
static void
process (GeglNode *graph, GeglNode *last, Warnings *warnings, char **other)
{
  const GLogLevelFlags levels
    = G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO;
  guint handlers[G_N_ELEMENTS (domains)];
  int saved;
  FILE *file = divert_stderr (&saved);

  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
    handlers[i] = g_log_set_handler (domains[i], levels, catch_warning, warnings);
  gegl_node_process (last);
  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
    g_log_remove_handler (domains[i], handlers[i]);
  g_object_unref (graph);
  *other = restore_stderr (file, saved);
}

static GeglBuffer *
load_with_gegl (const char *path, AeFileKind kind, GError **error)
{
  Warnings warnings = { NULL };
  g_autofree char *other = NULL;
  GeglBuffer *buffer = NULL;
  GeglNode *graph, *load, *sink;

  if (!gegl_has_operation (kinds[kind].loader))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_UNSUPPORTED, _ ("%s: %s file, but GEGL has no %s here"), path,
                   kinds[kind].name, kinds[kind].loader);
      return NULL;
    }
  graph = gegl_node_new ();
  load = gegl_node_new_child (graph, "operation", kinds[kind].loader, "path", path, NULL);
  sink = gegl_node_new_child (graph, "operation", "gegl:buffer-sink", "buffer", &buffer, NULL);
  gegl_node_link (load, sink);
  process (graph, sink, &warnings, &other);
  /* all it knows is that it failed */
  if (warnings.message && strstr (warnings.message, "failed to open file"))
    {
      g_free (warnings.message);
      warnings.message = g_strdup (other ? other : _ ("it cannot be decoded"));
    }
  if (!buffer || warnings.message || gegl_buffer_get_width (buffer) < 1
      || gegl_buffer_get_height (buffer) < 1)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, _ ("%s: damaged %s file: %s"), path, kinds[kind].name,
                   warnings.message ? warnings.message
                   : other          ? other
                                    : _ ("it cannot be decoded"));
      g_clear_object (&buffer);
    }
  g_free (warnings.message);
  return buffer;
}

static AeFileKind
kind_of_bytes (const guint8 *head)
{
  if (memcmp (head, "\x89PNG\r\n\x1a\n", 8) == 0)
    return AE_FILE_PNG;
  if (memcmp (head, "\xff\xd8\xff", 3) == 0)
    return AE_FILE_JPEG;
  if (memcmp (head, "II*\0", 4) == 0 || memcmp (head, "MM\0*", 4) == 0)
    return AE_FILE_TIFF;
  if (memcmp (head, "RIFF", 4) == 0 && memcmp (head + 8, "WEBP", 4) == 0)
    return AE_FILE_WEBP;
  if (memcmp (head, "\x76\x2f\x31\x01", 4) == 0)
    return AE_FILE_EXR;
  if (head[0] == 'P' && head[1] && strchr ("2356", head[1]) && g_ascii_isspace (head[2]))
    return AE_FILE_PNM;
  if (memcmp (head, "#?RADIANCE", 10) == 0 || memcmp (head, "#?RGBE", 6) == 0)
    return AE_FILE_RADIANCE;
  return AE_FILE_UNKNOWN;
}

/* The first bytes of a file, zeros behind its end. */
static gboolean
read_head (const char *path, guint8 *head, gsize size, guint64 *file_size, GError **error)
{
  int file = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gssize n = file < 0 ? -1 : read (file, head, size);
  int why = errno;
  struct stat status = { 0 };

  if (file >= 0)
    {
      fstat (file, &status);
      close (file);
    }
  *file_size = (guint64)status.st_size;
  if (n > 0)
    return TRUE;
  if (n == 0)
    g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, _ ("%s: the file is empty"), path);
  else
    g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: %s", path, g_strerror (why));
  return FALSE;
}

gboolean
ae_file_load (const char *path, AeFilePicture *picture, GError **error)
{
  guint8 head[16] = { 0 };
  guint64 size;

  memset (picture, 0, sizeof *picture);
  if (!read_head (path, head, sizeof head, &size, error))
    return FALSE;
  picture->kind = kind_of_bytes (head);
  if (picture->kind == AE_FILE_UNKNOWN)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                   _ ("%s: not a picture: neither PNG, JPEG, TIFF, WebP, OpenEXR, PNM nor Radiance"), path);
      return FALSE;
    }
  if (picture->kind == AE_FILE_WEBP)
    {
      const guint64 expected = 8 + (guint64)(head[4] | head[5] << 8 | head[6] << 16 | (guint32)head[7] << 24);

      /* The decoder makes up the rest and says nothing. */
      if (size < expected)
        {
          g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                       _ ("%s: damaged WebP file: %" PRIu64 " bytes instead of %" PRIu64), path, size,
                       expected);
          return FALSE;
        }
    }
  picture->extra = g_byte_array_new ();
  if (picture->kind == AE_FILE_JPEG)
    picture->buffer = ae_jpeg_load (path, picture->extra, error);
  else
    picture->buffer = load_with_gegl (path, picture->kind, error);
  if (picture->buffer && picture->kind == AE_FILE_PNG)
    ae_png_read_chunks (path, picture->extra);
  if (!picture->buffer)
    ae_file_picture_clear (picture);
  return picture->buffer != NULL;
}

void
ae_file_picture_clear (AeFilePicture *picture)
{
  g_clear_object (&picture->buffer);
  g_clear_pointer (&picture->extra, g_byte_array_unref);
}

AeFileKind
ae_file_kind_for_name (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i].ending))
      return endings[i].kind;
  return AE_FILE_UNKNOWN;
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
  target->kind = ae_file_kind_for_name (path);
  if (target->kind == AE_FILE_UNKNOWN)
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
  const int most = kinds[target->kind].most;

  if (most == 0 || (width <= most && height <= most))
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_LIMIT,
               _ ("%s: the result would have %d × %d pixels, and a %s file has at most %d in each direction"),
               target->path, width, height, kinds[target->kind].name, most);
  return FALSE;
}

/* Bits of a component, and whether they are a floating point number. */
static int
bits_of (GeglBuffer *buffer, gboolean *floating)
{
  const Babl *format = gegl_buffer_get_format (buffer);
  const char *type = babl_get_name (babl_format_get_type (format, 0));

  *floating = g_str_equal (type, "half") || g_str_equal (type, "float") || g_str_equal (type, "double");
  return 8 * babl_format_get_bytes_per_pixel (format) / babl_format_get_n_components (format);
}

static gboolean
save_with_gegl (const AeFileTarget *target, GeglBuffer *buffer, int quality, GError **error)
{
  const char *saver = kinds[target->kind].saver;
  Warnings warnings = { NULL };
  g_autofree char *other = NULL;
  GeglNode *graph, *source, *save;
  gboolean floating, ok;
  const int bits = bits_of (buffer, &floating);
  GStatBuf status;

  if (!gegl_has_operation (saver))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_UNSUPPORTED, _ ("%s: GEGL has no %s here"), target->path, saver);
      return FALSE;
    }
  graph = gegl_node_new ();
  source = gegl_node_new_child (graph, "operation", "gegl:buffer-source", "buffer", buffer, NULL);
  save = gegl_node_new_child (graph, "operation", saver, "path", target->temporary, NULL);
  if (target->kind == AE_FILE_PNG)
    gegl_node_set (save, "bitdepth", bits == 8 ? 8 : 16, NULL);
  else if (target->kind == AE_FILE_TIFF)
    gegl_node_set (save, "bitdepth", bits, "fp", floating ? 1 : 0, NULL);
  else if (target->kind == AE_FILE_WEBP)
    gegl_node_set (save, "quality", quality, NULL);
  else if (target->kind == AE_FILE_PNM)
    gegl_node_set (save, "bitdepth", bits == 8 ? 8 : 16, NULL);
  gegl_node_link (source, save);
  process (graph, save, &warnings, &other);
  ok = !warnings.message && g_stat (target->temporary, &status) == 0 && status.st_size > 0;
  if (!ok)
    g_set_error (error, AE_ERROR, AE_ERROR_FILE, _ ("%s: the %s file cannot be written: %s"), target->path,
                 kinds[target->kind].name,
                 warnings.message ? warnings.message
                 : other          ? other
                                  : _ ("GEGL wrote nothing"));
  g_free (warnings.message);
  return ok;
}

gboolean
ae_file_target_save (AeFileTarget *target, const AeFilePicture *picture, int quality, GError **error)
{
  const gboolean same = picture->kind == target->kind && picture->extra;

  if (target->kind == AE_FILE_JPEG)
    return ae_jpeg_save (target->temporary, target->path, picture->buffer, same ? picture->extra : NULL,
                         quality, error);
  if (!save_with_gegl (target, picture->buffer, quality, error))
    return FALSE;
  if (same && target->kind == AE_FILE_PNG
      && !ae_png_replace_chunks (target->temporary, picture->extra, error))
    {
      g_prefix_error (error, "%s: ", target->path);
      return FALSE;
    }
  return TRUE;
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
