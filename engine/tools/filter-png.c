/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* filter-png.c - the chunks of PNG files that are not pixels. */

#include "filter-png.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>

#include <ae/error.h>

#include "src/intl.h"

/* A chunk: length (4), name (4), content, checksum (4). */
#define SIGNATURE 8
#define FRAME 12
#define CHUNK_MAX (64u << 20)
#define GAMMA_ONE 100000 /* in a chunk gAMA */

static const char *const kept[]
  = { "iCCP", "sRGB", "gAMA", "cHRM", "pHYs", "eXIf", "tEXt", "zTXt", "iTXt", "tIME" };

static gboolean
is_kept (const guint8 *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    if (memcmp (name, kept[i], 4) == 0)
      return TRUE;
  return FALSE;
}

static guint32
length_of (const guint8 *head)
{
  return (guint32)head[0] << 24 | (guint32)head[1] << 16 | (guint32)head[2] << 8 | head[3];
}

void
ae_png_read_chunks (const char *path, GByteArray *chunks)
{
  FILE *file = g_fopen (path, "rb");
  guint8 head[8];
  gboolean more = file && fseek (file, SIGNATURE, SEEK_SET) == 0;

  while (more && fread (head, 1, sizeof head, file) == sizeof head && memcmp (head + 4, "IEND", 4) != 0)
    {
      const guint32 rest = length_of (head) + 4;

      if (!is_kept (head + 4) || rest > CHUNK_MAX || chunks->len > CHUNK_MAX)
        more = rest <= G_MAXINT32 && fseek (file, (long)rest, SEEK_CUR) == 0;
      else
        {
          const guint at = chunks->len;

          g_byte_array_append (chunks, head, sizeof head);
          g_byte_array_set_size (chunks, at + 8 + rest);
          more = fread (chunks->data + at + 8, 1, rest, file) == rest;
          if (!more)
            g_byte_array_set_size (chunks, at);
        }
    }
  if (file)
    fclose (file);
}

/* Copies chunk by chunk; the new ones come behind the first (IHDR). */
static gboolean
rewrite (FILE *in, FILE *out, const GByteArray *chunks)
{
  guint8 buffer[1 << 16];
  gboolean first = TRUE;

  if (fread (buffer, 1, SIGNATURE, in) != SIGNATURE || fwrite (buffer, 1, SIGNATURE, out) != SIGNATURE)
    return FALSE;
  while (fread (buffer, 1, 8, in) == 8)
    {
      gsize left = (gsize)length_of (buffer) + 4;
      const gboolean skip = is_kept (buffer + 4);

      if (!skip && fwrite (buffer, 1, 8, out) != 8)
        return FALSE;
      while (left > 0)
        {
          const gsize n = fread (buffer, 1, MIN (left, sizeof buffer), in);

          if (n == 0 || (!skip && fwrite (buffer, 1, n, out) != n))
            return FALSE;
          left -= n;
        }
      if (first && chunks->len && fwrite (chunks->data, 1, chunks->len, out) != chunks->len)
        return FALSE;
      first = FALSE;
    }
  return !ferror (in);
}

gboolean
ae_png_replace_chunks (const char *path, const GByteArray *chunks, GError **error)
{
  g_autofree char *other = g_strconcat (path, "+", NULL);
  FILE *in = g_fopen (path, "rb"), *out = in ? g_fopen (other, "wb") : NULL;
  gboolean ok = in && out && rewrite (in, out, chunks);
  int why = errno;

  if (in)
    fclose (in);
  if (out && fclose (out) != 0 && ok)
    {
      why = errno;
      ok = FALSE;
    }
  if (ok && g_rename (other, path) != 0)
    {
      why = errno;
      ok = FALSE;
    }
  if (!ok)
    {
      if (out)
        g_unlink (other);
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, _ ("the chunks of the PNG file cannot be written: %s"),
                   g_strerror (why));
    }
  return ok;
}

gboolean
ae_png_drop_wrong_gamma (const char *path, GError **error)
{
  g_autoptr (GByteArray) chunks = g_byte_array_new ();

  ae_png_read_chunks (path, chunks);
  for (guint at = 0; at < chunks->len;)
    {
      const guint8 *chunk = chunks->data + at;
      const guint size = length_of (chunk) + FRAME;

      if (memcmp (chunk + 4, "gAMA", 4) == 0 && size >= FRAME + 4 && length_of (chunk + 8) > GAMMA_ONE)
        {
          g_byte_array_remove_range (chunks, at, size);
          return ae_png_replace_chunks (path, chunks, error);
        }
      at += size;
    }
  return TRUE;
}
