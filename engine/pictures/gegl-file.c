/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* gegl-file.c - picture files through GEGL's operations. */

#include "gegl-file.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <ae/error.h>

#include "src/intl.h"

static const struct
{
  const char *loader, *saver;
} operations[AE_PICTURE_UNKNOWN] = {
  [AE_PICTURE_PNG] = { "gegl:png-load", "gegl:png-save" },
  [AE_PICTURE_TIFF] = { "gegl:tiff-load", "gegl:tiff-save" },
  [AE_PICTURE_WEBP] = { "gegl:webp-load", "gegl:webp-save" },
  [AE_PICTURE_EXR] = { "gegl:exr-load", "gegl:exr-save" },
  [AE_PICTURE_PNM] = { "gegl:ppm-load", "gegl:ppm-save" },
  [AE_PICTURE_RADIANCE] = { "gegl:rgbe-load", "gegl:rgbe-save" },
};

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

GeglBuffer *
ae_gegl_load (const char *path, AePictureKind kind, GError **error)
{
  const char *loader = operations[kind].loader;
  Warnings warnings = { NULL };
  g_autofree char *other = NULL;
  GeglBuffer *buffer = NULL;
  GeglNode *graph, *load, *sink;

  if (!gegl_has_operation (loader))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_UNSUPPORTED, _ ("%s: %s file, but GEGL has no %s here"), path,
                   ae_picture_kind_name (kind), loader);
      return NULL;
    }
  graph = gegl_node_new ();
  load = gegl_node_new_child (graph, "operation", loader, "path", path, NULL);
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
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, _ ("%s: damaged %s file: %s"), path,
                   ae_picture_kind_name (kind),
                   warnings.message ? warnings.message
                   : other          ? other
                                    : _ ("it cannot be decoded"));
      g_clear_object (&buffer);
    }
  g_free (warnings.message);
  return buffer;
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

/* Some savers say nothing when the disk is full. */
static gboolean
is_whole (const char *path, AePictureKind kind)
{
  GStatBuf status;

  return g_stat (path, &status) == 0 && status.st_size > 0 && ae_picture_check_length (path, kind, NULL);
}

gboolean
ae_gegl_save (const char *path, const char *name, AePictureKind kind, GeglBuffer *buffer, int quality,
              GError **error)
{
  const char *saver = operations[kind].saver, *why;
  Warnings warnings = { NULL };
  g_autofree char *other = NULL;
  GeglNode *graph, *source, *save;
  gboolean floating;
  const int bits = bits_of (buffer, &floating);

  if (!gegl_has_operation (saver))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_UNSUPPORTED, _ ("%s: GEGL has no %s here"), name, saver);
      return FALSE;
    }
  graph = gegl_node_new ();
  source = gegl_node_new_child (graph, "operation", "gegl:buffer-source", "buffer", buffer, NULL);
  save = gegl_node_new_child (graph, "operation", saver, "path", path, NULL);
  if (kind == AE_PICTURE_PNG || kind == AE_PICTURE_PNM)
    gegl_node_set (save, "bitdepth", bits == 8 ? 8 : 16, NULL);
  else if (kind == AE_PICTURE_TIFF)
    gegl_node_set (save, "bitdepth", bits, "fp", floating ? 1 : 0, NULL);
  else if (kind == AE_PICTURE_WEBP)
    gegl_node_set (save, "quality", quality, NULL);
  gegl_node_link (source, save);
  process (graph, save, &warnings, &other);
  if (!warnings.message && is_whole (path, kind))
    return TRUE;
  why = warnings.message ? warnings.message : other ? other : _ ("not all of it was written");
  g_set_error (error, AE_ERROR, AE_ERROR_FILE, _ ("%s: the %s file cannot be written: %s"), name,
               ae_picture_kind_name (kind), why);
  g_free (warnings.message);
  return FALSE;
}
