/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* jpeg.c - JPEG compression and decompression in memory. */

#include "jpeg.h"

#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>

static void
compress (guint8 *bytes, int width, int height, int channels, int quality, gboolean subsample,
          unsigned char **out, unsigned long *size)
{
  struct jpeg_compress_struct info;
  struct jpeg_error_mgr errors;

  info.err = jpeg_std_error (&errors);
  jpeg_create_compress (&info);
  jpeg_mem_dest (&info, out, size);
  info.image_width = (JDIMENSION)width;
  info.image_height = (JDIMENSION)height;
  info.input_components = channels;
  info.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults (&info);
  jpeg_set_quality (&info, quality, TRUE);
  if (channels == 3)
    info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = subsample ? 2 : 1;
  jpeg_start_compress (&info, TRUE);
  while (info.next_scanline < info.image_height)
    {
      JSAMPROW row = bytes + (gsize)info.next_scanline * (gsize)width * (gsize)channels;

      jpeg_write_scanlines (&info, &row, 1);
    }
  jpeg_finish_compress (&info);
  jpeg_destroy_compress (&info);
}

static void
decompress (const unsigned char *jpeg, unsigned long size, guint8 *bytes, int width, int channels)
{
  struct jpeg_decompress_struct info;
  struct jpeg_error_mgr errors;

  info.err = jpeg_std_error (&errors);
  jpeg_create_decompress (&info);
  jpeg_mem_src (&info, jpeg, size);
  jpeg_read_header (&info, TRUE);
  info.out_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_start_decompress (&info);
  while (info.output_scanline < info.output_height)
    {
      JSAMPROW row = bytes + (gsize)info.output_scanline * (gsize)width * (gsize)channels;

      jpeg_read_scanlines (&info, &row, 1);
    }
  jpeg_finish_decompress (&info);
  jpeg_destroy_decompress (&info);
}

void
ae_jpeg_compress (guint8 *bytes, int width, int height, int channels, int quality, gboolean subsample)
{
  unsigned char *jpeg = NULL;
  unsigned long size = 0;

  compress (bytes, width, height, channels, quality, subsample, &jpeg, &size);
  decompress (jpeg, size, bytes, width, channels);
  free (jpeg);
}
