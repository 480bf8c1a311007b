/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-params.c - defaults and validation of what a user can set for enlarging. */

#include "upscale-params.h"

#include <ae/error.h>
#include <string.h>
#include "intl.h"
#include "upscale.h"

static const char *const target_names[AE_N_UPSCALE_TARGETS] = { "layer", "image", "new-image" };
static const char *const size_names[AE_N_UPSCALE_SIZES] = { "x2", "x3", "x4", "pixels", "percent" };

void
ae_upscale_params_init (AeUpscaleParams *params)
{
  memset (params, 0, sizeof *params);
  params->target = AE_UPSCALE_IMAGE;
  params->size = AE_UPSCALE_TWICE;
  params->width = params->height = 200;
}

static gboolean
check_choice (const char *what, guint value, guint n, GError **error)
{
  if (value < n)
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, _ ("%s is %d, expected 0 to %u"), what, (int)value, n - 1);
  return FALSE;
}

gboolean
ae_upscale_params_check (const AeUpscaleParams *params, GError **error)
{
  return ae_params_check_model (params->model, error)
         && check_choice ("target", params->target, AE_N_UPSCALE_TARGETS, error)
         && check_choice ("size", params->size, AE_N_UPSCALE_SIZES, error)
         && (ae_upscale_size_factor (params->size) != 0
             || (ae_params_check_range (_ ("the width"), params->width, AE_UPSCALE_SIZE_MAX, error)
                 && ae_params_check_range (_ ("the height"), params->height, AE_UPSCALE_SIZE_MAX, error)))
         && ae_params_check_range ("robust", params->robust, 100, error);
}

int
ae_upscale_size_factor (AeUpscaleSize size)
{
  return size <= AE_UPSCALE_FOUR_TIMES ? (int)size + 2 : 0;
}

static int
length (const AeUpscaleParams *params, int from, double to)
{
  const int factor = ae_upscale_size_factor (params->size);

  if (factor != 0)
    return from * factor;
  if (params->size == AE_UPSCALE_PERCENT)
    to *= from / 100.0;
  return (int)(MIN (to, G_MAXINT - 1) + 0.5);
}

gboolean
ae_upscale_params_size (const AeUpscaleParams *params, int width, int height, int *to_width, int *to_height,
                        GError **error)
{
  if (!ae_upscale_params_check (params, error))
    return FALSE;
  *to_width = length (params, width, params->width);
  *to_height = length (params, height, params->height);
  return ae_upscale_check_size (width, height, *to_width, *to_height, error);
}

const char *
ae_upscale_target_name (AeUpscaleTarget target)
{
  return target_names[target];
}

const char *
ae_upscale_size_name (AeUpscaleSize size)
{
  return size_names[size];
}

static guint
read_choice (GKeyFile *file, const char *group, const char *key, const char *const *names, guint n,
             guint value)
{
  g_autofree char *name = g_key_file_get_string (file, group, key, NULL);

  for (guint i = 0; name && i < n; i++)
    if (strcmp (name, names[i]) == 0)
      return i;
  return value;
}

static void
read_number (GKeyFile *file, const char *group, const char *key, double *value)
{
  g_autoptr (GError) error = NULL;
  const double read = g_key_file_get_double (file, group, key, &error);

  if (!error)
    *value = read;
}

void
ae_upscale_params_read (AeUpscaleParams *params, GKeyFile *file, const char *group)
{
  g_autofree char *model = g_key_file_get_string (file, group, "model", NULL);
  g_autoptr (GError) error = NULL;
  gboolean wrap;

  if (model)
    ae_params_set_model (params->model, model, NULL);
  params->target = (AeUpscaleTarget)read_choice (file, group, "target", target_names, AE_N_UPSCALE_TARGETS,
                                                 params->target);
  params->size
    = (AeUpscaleSize)read_choice (file, group, "size", size_names, AE_N_UPSCALE_SIZES, params->size);
  read_number (file, group, "width", &params->width);
  read_number (file, group, "height", &params->height);
  read_number (file, group, "robust", &params->robust);
  wrap = g_key_file_get_boolean (file, group, "wrap", &error);
  if (!error)
    params->wrap = wrap;
}

void
ae_upscale_params_write (const AeUpscaleParams *params, GKeyFile *file, const char *group)
{
  g_key_file_set_string (file, group, "model", params->model);
  g_key_file_set_string (file, group, "target", ae_upscale_target_name (params->target));
  g_key_file_set_string (file, group, "size", ae_upscale_size_name (params->size));
  g_key_file_set_double (file, group, "width", params->width);
  g_key_file_set_double (file, group, "height", params->height);
  g_key_file_set_double (file, group, "robust", params->robust);
  g_key_file_set_boolean (file, group, "wrap", params->wrap);
}
