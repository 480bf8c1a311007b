/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-argb.c - pixels as a screen wants them. */

#include <check.h>
#include <stdlib.h>
#include "core/argb.h"

START_TEST (test_pack)
{
  const guint8 rgba[] = { 10, 20, 30, 255, 10, 20, 30, 0, 255, 128, 1, 128 };
  guint32 argb[3];

  ae_argb_pack (rgba, argb, 3);
  ck_assert_uint_eq (argb[0], 0xff0a141eu);
  ck_assert_uint_eq (argb[1], 0u);
  ck_assert_uint_eq (argb[2], 0x80804001u);
}
END_TEST

/* A pixel of each kind of layer looks the same. */
START_TEST (test_read)
{
  const char *const formats[]
    = { "R'G'B' u8", "R'G'B'A u16", "R'G'B' float", "RGB float", "RGBA half", "Y' u8", "Y'A u16", "Y float" };
  const guint8 gray[] = { 100, 100, 100, 255 };
  const GeglRectangle rect = { 3, 2, 4, 3 };

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      GeglBuffer *buffer = gegl_buffer_new (GEGL_RECTANGLE (0, 0, 10, 8), babl_format (formats[i]));
      GeglColor *color = gegl_color_new (NULL);
      guint32 argb[12];

      gegl_color_set_pixel (color, babl_format ("R'G'B'A u8"), gray);
      gegl_buffer_set_color (buffer, NULL, color);
      ck_assert (ae_argb_read (buffer, &rect, argb));
      for (int k = 0; k < 12; k++)
        ck_assert_msg (argb[k] == 0xff646464u, "%s: %08x", formats[i], argb[k]);
      g_object_unref (color);
      g_object_unref (buffer);
    }
}
END_TEST

START_TEST (test_other_format)
{
  GeglBuffer *buffer = gegl_buffer_new (GEGL_RECTANGLE (0, 0, 2, 2), babl_format ("CIE Lab float"));
  guint32 argb[4];

  ck_assert (!ae_argb_read (buffer, GEGL_RECTANGLE (0, 0, 2, 2), argb));
  g_object_unref (buffer);
}
END_TEST

int
main (int argc, char **argv)
{
  Suite *suite = suite_create ("argb");
  TCase *tests = tcase_create ("argb");
  SRunner *runner;
  int failed;

  gegl_init (&argc, &argv);
  tcase_add_test (tests, test_pack);
  tcase_add_test (tests, test_read);
  tcase_add_test (tests, test_other_format);
  suite_add_tcase (suite, tests);
  runner = srunner_create (suite);
  srunner_set_tap (runner, "-");
  /* GEGL has threads. */
  srunner_set_fork_status (runner, CK_NOFORK);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed > 0;
}
