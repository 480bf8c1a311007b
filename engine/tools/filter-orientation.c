/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* filter-orientation.c - pictures that were stored as the camera was held, with a note how to turn them. */

#include "filter-orientation.h"

#include <string.h>

#define TAG_ORIENTATION 0x112
#define TYPE_SHORT 3
#define ROWS 64

static guint32
number (const guint8 *data, gsize bytes, gboolean big_endian)
{
  guint32 value = 0;

  for (gsize i = 0; i < bytes; i++)
    value = value << 8 | data[big_endian ? i : bytes - 1 - i];
  return value;
}

int
ae_orientation_of_tiff (const guint8 *data, gsize size)
{
  gboolean big;
  gsize at, n;

  if (size < 8 || (memcmp (data, "II*\0", 4) != 0 && memcmp (data, "MM\0*", 4) != 0))
    return 1;
  big = data[0] == 'M';
  at = number (data + 4, 4, big);
  if (at > size - 2)
    return 1;
  n = number (data + at, 2, big);
  for (at += 2; n > 0 && at + 12 <= size; n--, at += 12)
    if (number (data + at, 2, big) == TAG_ORIENTATION && number (data + at + 2, 2, big) == TYPE_SHORT)
      {
        const guint32 value = number (data + at + 8, 2, big);

        return value >= 1 && value <= 8 ? (int)value : 1;
      }
  return 1;
}

int
ae_orientation_of_segments (const GByteArray *segments)
{
  for (guint at = 0; at + 10 <= segments->len;)
    {
      const guint8 *s = segments->data + at;
      const guint size = 2 + number (s + 2, 2, TRUE);

      if (s[1] == 0xe1 && size > 10 && size <= segments->len - at && memcmp (s + 4, "Exif\0", 6) == 0)
        return ae_orientation_of_tiff (s + 10, size - 10);
      at += size;
    }
  return 1;
}

/* Of one chunk after the other: name and length in either order, each with four bytes, and the content. */
static int
of_chunks (const guint8 *data, gsize size, const char *name, gboolean png)
{
  const gsize name_at = png ? 4 : 0, length_at = 4 - name_at;

  for (gsize at = 0; at + 8 <= size;)
    {
      const guint8 *chunk = data + at;
      const guint32 length = number (chunk + length_at, 4, png);

      if (memcmp (chunk + name_at, name, 4) == 0 && length <= size - at - 8)
        {
          /* Some WebP files have the head of a JPEG segment. */
          const gsize skip = length > 6 && memcmp (chunk + 8, "Exif\0", 6) == 0 ? 6 : 0;

          return ae_orientation_of_tiff (chunk + 8 + skip, length - skip);
        }
      at += 8 + (gsize)length + (png ? 4 : length & 1); /* the checksum; even positions */
    }
  return 1;
}

int
ae_orientation_of_chunks (const GByteArray *chunks)
{
  return of_chunks (chunks->data, chunks->len, "eXIf", TRUE);
}

int
ae_orientation_of_file (const char *path)
{
  GMappedFile *file = g_mapped_file_new (path, FALSE, NULL);
  int orientation = 1;

  if (file)
    {
      const guint8 *data = (const guint8 *)g_mapped_file_get_contents (file);
      const gsize size = g_mapped_file_get_length (file);

      if (size > 12 && memcmp (data, "RIFF", 4) == 0)
        orientation = of_chunks (data + 12, size - 12, "EXIF", FALSE);
      else if (size > 0)
        orientation = ae_orientation_of_tiff (data, size);
      g_mapped_file_unref (file);
    }
  return orientation;
}

GeglBuffer *
ae_orientation_apply (GeglBuffer *buffer, int orientation)
{
  const gboolean swap = orientation >= 5; /* rows become columns */
  const gboolean flip_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const gboolean flip_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const GeglRectangle *from = gegl_buffer_get_extent (buffer);
  const int width = swap ? from->height : from->width, height = swap ? from->width : from->height;
  const Babl *format = gegl_buffer_get_format (buffer);
  const gsize pixel = (gsize)babl_format_get_bytes_per_pixel (format);
  GeglBuffer *result = gegl_buffer_new (GEGL_RECTANGLE (0, 0, width, height), format);
  guint8 *source = g_malloc_n ((gsize)width * ROWS, pixel), *turned = g_malloc_n ((gsize)width * ROWS, pixel);

  for (int y = 0; y < height; y += ROWS)
    {
      const int rows = MIN (ROWS, height - y);
      /* Where these rows are in the source: columns there if rows become columns. */
      const int first = (swap ? flip_x : flip_y) ? height - y - rows : y;
      const GeglRectangle part = swap ? *GEGL_RECTANGLE (from->x + first, from->y, rows, from->height)
                                      : *GEGL_RECTANGLE (from->x, from->y + first, from->width, rows);

      gegl_buffer_get (buffer, &part, 1.0, format, source, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      for (int j = 0; j < rows; j++)
        for (int i = 0; i < width; i++)
          {
            const int sx = swap ? j : i, sy = swap ? i : j;
            const int x = flip_x ? part.width - 1 - sx : sx, y_in = flip_y ? part.height - 1 - sy : sy;

            memcpy (turned + ((gsize)j * (gsize)width + (gsize)i) * pixel,
                    source + ((gsize)y_in * (gsize)part.width + (gsize)x) * pixel, pixel);
          }
      gegl_buffer_set (result, GEGL_RECTANGLE (0, y, width, rows), 0, format, turned, GEGL_AUTO_ROWSTRIDE);
    }
  g_free (source);
  g_free (turned);
  return result;
}
