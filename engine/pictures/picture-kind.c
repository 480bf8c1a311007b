/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* picture-kind.c - what kind of picture a file is, and whether all of it is there. */

#include "picture-kind.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>

#include <ae/error.h>

#include "src/intl.h"

#define HEAD 16

static const char *const names[AE_PICTURE_UNKNOWN] = {
  [AE_PICTURE_PNG] = "PNG",           [AE_PICTURE_JPEG] = "JPEG",   [AE_PICTURE_TIFF] = "TIFF",
  [AE_PICTURE_WEBP] = "WebP",         [AE_PICTURE_EXR] = "OpenEXR", [AE_PICTURE_PNM] = "PNM",
  [AE_PICTURE_RADIANCE] = "Radiance",
};

static const struct
{
  const char *ending;
  AePictureKind kind;
} endings[] = {
  { ".png", AE_PICTURE_PNG },  { ".jpg", AE_PICTURE_JPEG },     { ".jpeg", AE_PICTURE_JPEG },
  { ".tif", AE_PICTURE_TIFF }, { ".tiff", AE_PICTURE_TIFF },    { ".webp", AE_PICTURE_WEBP },
  { ".exr", AE_PICTURE_EXR },  { ".ppm", AE_PICTURE_PNM },      { ".pgm", AE_PICTURE_PNM },
  { ".pnm", AE_PICTURE_PNM },  { ".hdr", AE_PICTURE_RADIANCE },
};

const char *
ae_picture_kind_name (AePictureKind kind)
{
  return names[kind];
}

AePictureKind
ae_picture_kind_for_name (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i].ending))
      return endings[i].kind;
  return AE_PICTURE_UNKNOWN;
}

static AePictureKind
kind_of_bytes (const guint8 *head)
{
  if (memcmp (head, "\x89PNG\r\n\x1a\n", 8) == 0)
    return AE_PICTURE_PNG;
  if (memcmp (head, "\xff\xd8\xff", 3) == 0)
    return AE_PICTURE_JPEG;
  if (memcmp (head, "II*\0", 4) == 0 || memcmp (head, "MM\0*", 4) == 0)
    return AE_PICTURE_TIFF;
  if (memcmp (head, "RIFF", 4) == 0 && memcmp (head + 8, "WEBP", 4) == 0)
    return AE_PICTURE_WEBP;
  if (memcmp (head, "\x76\x2f\x31\x01", 4) == 0)
    return AE_PICTURE_EXR;
  if (head[0] == 'P' && head[1] && strchr ("2356", head[1]) && g_ascii_isspace (head[2]))
    return AE_PICTURE_PNM;
  if (memcmp (head, "#?RADIANCE", 10) == 0 || memcmp (head, "#?RGBE", 6) == 0)
    return AE_PICTURE_RADIANCE;
  return AE_PICTURE_UNKNOWN;
}

gboolean
ae_picture_identify (const char *path, AePictureKind *kind, GError **error)
{
  guint8 head[HEAD] = { 0 };
  FILE *file = g_fopen (path, "rb");
  gsize n = 0;
  int why = errno;

  if (file)
    {
      n = fread (head, 1, sizeof head, file);
      why = ferror (file) ? errno : 0;
      fclose (file);
    }
  if (why)
    g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: %s", path, g_strerror (why));
  else if (n == 0)
    g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, _ ("%s: the file is empty"), path);
  else
    {
      *kind = kind_of_bytes (head);
      if (*kind != AE_PICTURE_UNKNOWN)
        return TRUE;
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                   _ ("%s: not a picture: neither PNG, JPEG, TIFF, WebP, OpenEXR, PNM nor Radiance"), path);
    }
  return FALSE;
}

/* The bytes up to the end of the last chunk, which is IEND, or those that the chunk at hand would need. */
static guint64
png_length (FILE *file, guint64 size)
{
  guint64 at = 8;
  guint8 head[8];

  while (at + 12 <= size && fseeko (file, (off_t)at, SEEK_SET) == 0
         && fread (head, 1, sizeof head, file) == sizeof head)
    {
      at += 12 + ((guint64)head[0] << 24 | (guint64)head[1] << 16 | (guint64)head[2] << 8 | head[3]);
      if (memcmp (head + 4, "IEND", 4) == 0)
        return at;
    }
  return at + 12;
}

static guint64
webp_length (FILE *file)
{
  guint8 head[8] = { 0 };

  return fread (head, 1, sizeof head, file) == sizeof head
           ? 8 + ((guint64)head[4] | (guint64)head[5] << 8 | (guint64)head[6] << 16 | (guint64)head[7] << 24)
           : sizeof head;
}

/* Reads the next number of a PNM file behind white space and comments; -1 if there is none. */
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

/* Bytes of a PNM file, or of one with numbers as text, how many of these; *found is how many there are. */
static guint64
pnm_length (FILE *file, guint64 *found, gboolean *values_counted)
{
  char magic[2] = "";
  gint64 width, height, max;
  guint64 values;

  if (fread (magic, 1, 2, file) != 2 || (width = read_pnm_number (file)) < 0
      || (height = read_pnm_number (file)) < 0 || (max = read_pnm_number (file)) < 0)
    return 0;
  values = (guint64)width * (guint64)height * (magic[1] == '3' || magic[1] == '6' ? 3 : 1);
  *values_counted = magic[1] < '5';
  if (!*values_counted)
    return (guint64)ftello (file) + values * (max > 255 ? 2 : 1);
  for (*found = 0; *found < values && read_pnm_number (file) >= 0;)
    ++*found;
  return values;
}

/* Pixels of one line of a Radiance file, which may be compressed in either of two ways (Ward, "Real Pixels",
 * in Graphics Gems II, and ray/src/common/color.c of Radiance); fewer than `width` at the end of the file. */
static guint64
radiance_line (FILE *file, guint64 width)
{
  guint8 p[4];
  guint64 x = 0, repeat = 1;

  if (fread (p, 1, 4, file) != 4)
    return 0;
  if (p[0] == 2 && p[1] == 2 && ((guint64)p[2] << 8 | p[3]) == width)
    {
      /* The four components one after the other, in runs of one value or of different ones. */
      for (x = 0; x < 4 * width;)
        {
          const int n = fgetc (file);
          const gsize stored = n > 128 ? 1 : (gsize)MAX (n, 0);
          guint8 values[128];

          if (stored == 0 || fread (values, 1, stored, file) != stored)
            break;
          x += (guint64)(n > 128 ? n - 128 : n);
        }
      return MIN (x / 4, width);
    }
  do
    if (p[0] == 1 && p[1] == 1 && p[2] == 1)
      {
        x += p[3] * repeat; /* the last pixel again */
        repeat <<= 8;
      }
    else
      {
        x++;
        repeat = 1;
      }
  while (x < width && repeat < (guint64)1 << 32 && fread (p, 1, 4, file) == 4);
  return MIN (x, width);
}

/* Values of a Radiance file, and in *found how many there are. */
static guint64
radiance_length (FILE *file, guint64 *found)
{
  char line[512] = "";
  char axes[2], signs[2];
  guint64 height, width, n;

  while (fgets (line, sizeof line, file) && line[0] != '\n')
    continue;
  if (!fgets (line, sizeof line, file)
      || sscanf (line, "%c%c %" SCNu64 " %c%c %" SCNu64, &signs[0], &axes[0], &height, &signs[1], &axes[1],
                 &width)
           != 6
      || height > G_MAXINT32 || width > G_MAXINT32)
    return 0;
  *found = 0;
  do
    {
      n = radiance_line (file, width);
      *found += 4 * n;
    }
  while (n == width && *found < 4 * width * height);
  return 4 * width * height;
}

gboolean
ae_picture_check_length (const char *path, AePictureKind kind, GError **error)
{
  FILE *file = g_fopen (path, "rb");
  guint64 found = 0, expected = 0;
  gboolean values_counted = FALSE;

  if (!file)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: %s", path, g_strerror (errno));
      return FALSE;
    }
  if (fseeko (file, 0, SEEK_END) == 0)
    found = (guint64)MAX (ftello (file), 0);
  rewind (file);
  if (kind == AE_PICTURE_PNG)
    expected = png_length (file, found);
  else if (kind == AE_PICTURE_WEBP)
    expected = webp_length (file);
  else if (kind == AE_PICTURE_PNM)
    expected = pnm_length (file, &found, &values_counted);
  else if (kind == AE_PICTURE_RADIANCE)
    {
      values_counted = TRUE;
      expected = radiance_length (file, &found);
    }
  fclose (file);
  if (found >= expected)
    return TRUE;
  if (values_counted)
    g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                 _ ("%s: damaged %s file: %" PRIu64 " values instead of %" PRIu64), path, names[kind], found,
                 expected);
  else
    g_set_error (error, AE_ERROR, AE_ERROR_FORMAT,
                 _ ("%s: damaged %s file: %" PRIu64 " bytes instead of %" PRIu64), path, names[kind], found,
                 expected);
  return FALSE;
}
