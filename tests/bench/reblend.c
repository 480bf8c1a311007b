/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* reblend.c - how long the dialogs take to blend the preview anew when a slider
 * moves.
 *
 *   reblend MODEL     prints the median of 15 for areas of some sizes, in
 * milliseconds of the processor
 */

#include "core/argb.h"
#include "core/buffer-filter.h"
#include <ae/model.h>
#include <ae/session.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TIMES 15

static int
compare (const void *a, const void *b)
{
  const gint64 *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

/* Of this thread, in microseconds: it bears other work on the machine. */
static gint64
processor_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (gint64)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static double
measure (const AePatch *patch, const AeDenoiseParams *params, guint8 *rgba, guint32 *argb)
{
  const GeglRectangle *rect = ae_patch_rect (patch);
  gint64 times[TIMES];

  for (int i = 0; i < TIMES; i++)
    {
      gint64 begin = processor_time ();

      ae_patch_render (patch, params, babl_format ("R'G'B'A u8"), rgba, 0);
      ae_argb_pack (rgba, argb, (gsize)rect->width * (gsize)rect->height);
      times[i] = processor_time () - begin;
    }
  qsort (times, TIMES, sizeof times[0], compare);
  return (double)times[TIMES / 2] / 1000.0;
}

static GeglBuffer *
noise_new (int width, int height)
{
  const GeglRectangle rect = { 0, 0, width, height };
  GeglBuffer *buffer = gegl_buffer_new (&rect, babl_format ("R'G'B' u8"));
  gsize n = (gsize)width * (gsize)height * 3;
  g_autofree guint8 *values = g_new (guint8, n);

  for (gsize i = 0; i < n; i++)
    values[i] = (guint8)(100 + g_random_int_range (0, 40));
  gegl_buffer_set (buffer, &rect, 0, babl_format ("R'G'B' u8"), values, GEGL_AUTO_ROWSTRIDE);
  return buffer;
}

int
main (int argc, char **argv)
{
  static const int sizes[][2] = { { 540, 320 }, { 1000, 700 }, { 1880, 900 } };
  g_autoptr (GError) error = NULL;
  g_autoptr (AeModel) model = NULL;
  g_autoptr (AeSession) session = NULL;
  AeDenoiseParams plain, all;

  gegl_init (NULL, NULL);
  if (argc == 2)
    model = ae_model_load (argv[1], &error);
  if (model != NULL)
    session = ae_session_new (model, NULL, &error);
  if (session == NULL)
    {
      fprintf (stderr, "%s\n", error != NULL ? error->message : "usage: reblend MODEL");
      return 1;
    }
  ae_denoise_params_init (&plain);
  plain.strength = 80;
  all = plain;
  all.detail = 30;
  all.color_noise = 60;
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      const GeglRectangle rect = { 0, 0, sizes[i][0], sizes[i][1] };
      gsize n = (gsize)rect.width * (gsize)rect.height;
      GeglBuffer *buffer = noise_new (rect.width, rect.height);
      AePatch *patch = ae_patch_new (session, buffer, &rect, 10, NULL, NULL, &error);
      g_autofree guint8 *rgba = g_new (guint8, n * 4);
      g_autofree guint32 *argb = g_new (guint32, n);

      if (patch == NULL)
        {
          fprintf (stderr, "%s\n", error->message);
          return 1;
        }
      printf ("%4d x %4d   strength %6.1f ms   detail and color noise, too %6.1f "
              "ms\n",
              rect.width, rect.height, measure (patch, &plain, rgba, argb),
              measure (patch, &all, rgba, argb));
      ae_patch_free (patch);
      g_object_unref (buffer);
    }
  g_clear_pointer (&session, ae_session_free);
  gegl_exit ();
  return 0;
}
