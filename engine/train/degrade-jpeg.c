/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* degrade-jpeg.c - real JPEG compression in memory. */

#include "degrade-private.h"

#include <ae/plan.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>

/* The rows that libjpeg compresses: the picture behind `ox`, `oy` mirrored pixels, so that its blocks begin
 * anywhere in it. */
static guint8 *
to_bytes (const AePicture *p, int ox, int oy)
{
  int width = p->width + ox, height = p->height + oy;
  gsize plane = (gsize)p->width * (gsize)p->height;
  guint8 *bytes = g_malloc (3 * (gsize)width * (gsize)height);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      for (int c = 0; c < 3; c++)
        {
          float v = p->rgb[(gsize)c * plane + (gsize)ae_mirror (y - oy, p->height) * (gsize)p->width
                           + (gsize)ae_mirror (x - ox, p->width)];

          bytes[3 * ((gsize)y * (gsize)width + (gsize)x) + (gsize)c]
            = (guint8)floorf (CLAMP (v, 0, 1) * 255 + 0.5f);
        }
  return bytes;
}

static void
compress (guint8 *bytes, int width, int height, int quality, gboolean subsample, unsigned char **out,
          unsigned long *size)
{
  struct jpeg_compress_struct info;
  struct jpeg_error_mgr errors;

  info.err = jpeg_std_error (&errors);
  jpeg_create_compress (&info);
  jpeg_mem_dest (&info, out, size);
  info.image_width = (JDIMENSION)width;
  info.image_height = (JDIMENSION)height;
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults (&info);
  jpeg_set_quality (&info, quality, TRUE);
  info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = subsample ? 2 : 1;
  jpeg_start_compress (&info, TRUE);
  while (info.next_scanline < info.image_height)
    {
      JSAMPROW row = bytes + 3 * (gsize)info.next_scanline * (gsize)width;

      jpeg_write_scanlines (&info, &row, 1);
    }
  jpeg_finish_compress (&info);
  jpeg_destroy_compress (&info);
}

static void
decompress (const unsigned char *jpeg, unsigned long size, guint8 *bytes, int width)
{
  struct jpeg_decompress_struct info;
  struct jpeg_error_mgr errors;

  info.err = jpeg_std_error (&errors);
  jpeg_create_decompress (&info);
  jpeg_mem_src (&info, jpeg, size);
  jpeg_read_header (&info, TRUE);
  info.out_color_space = JCS_RGB;
  jpeg_start_decompress (&info);
  while (info.output_scanline < info.output_height)
    {
      JSAMPROW row = bytes + 3 * (gsize)info.output_scanline * (gsize)width;

      jpeg_read_scanlines (&info, &row, 1);
    }
  jpeg_finish_decompress (&info);
  jpeg_destroy_decompress (&info);
}

void
ae_degrade_jpeg (const AePicture *p, const float *param)
{
  int ox = ae_random_int (p->random, 16), oy = ae_random_int (p->random, 16);
  int width = p->width + ox;
  gsize plane = (gsize)p->width * (gsize)p->height;
  guint8 *bytes = to_bytes (p, ox, oy);
  unsigned char *jpeg = NULL;
  unsigned long size = 0;

  compress (bytes, width, p->height + oy, (int)lroundf (param[0]), ae_random_uniform (p->random) < param[1],
            &jpeg, &size);
  decompress (jpeg, size, bytes, width);
  for (int c = 0; c < 3; c++)
    for (int y = 0; y < p->height; y++)
      for (int x = 0; x < p->width; x++)
        p->rgb[(gsize)c * plane + (gsize)y * (gsize)p->width + (gsize)x]
          = (float)bytes[3 * ((gsize)(y + oy) * (gsize)width + (gsize)(x + ox)) + (gsize)c] / 255;
  free (jpeg);
  g_free (bytes);
}
