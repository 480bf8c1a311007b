/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-size.c - which sizes are possible, and how many times a network must enlarge for them. */

#include "upscale.h"

#include <ae/error.h>
#include "intl.h"

gboolean
ae_upscale_check_size (int width, int height, int to_width, int to_height, GError **error)
{
  const gint64 most = AE_UPSCALE_TIMES_MAX;

  if (width < 1 || height < 1)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("the picture has %d × %d pixels: nothing to enlarge"),
                 width, height);
  else if (to_width < 1 || to_height < 1 || to_width > AE_UPSCALE_SIZE_MAX || to_height > AE_UPSCALE_SIZE_MAX)
    g_set_error (error, AE_ERROR, AE_ERROR_LIMIT,
                 _ ("the result would have %d × %d pixels, expected 1 to %d in each direction"), to_width,
                 to_height, AE_UPSCALE_SIZE_MAX);
  else if ((to_width <= width && to_height <= height) || to_width > most * width || to_height > most * height)
    g_set_error (
      error, AE_ERROR, AE_ERROR_ARGUMENT,
      _ ("from %d × %d to %d × %d pixels: expected to enlarge, and at most %d times in each direction"),
      width, height, to_width, to_height, AE_UPSCALE_TIMES_MAX);
  else
    return TRUE;
  return FALSE;
}

int
ae_upscale_factor (int width, int height, int to_width, int to_height)
{
  const int x = (to_width + width - 1) / width, y = (to_height + height - 1) / height;

  return CLAMP (MAX (x, y), 2, AE_UPSCALE_TIMES_MAX);
}

int
ae_upscale_edge (int edge, double factor)
{
  const double at = edge * factor;

  return (int)(at > 0 ? at + 0.5 : at - 0.5);
}
