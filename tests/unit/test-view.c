/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-view.c - which part of a picture a preview shows. */

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include "core/view.h"

static const GeglRectangle picture = { -10, 5, 1000, 700 };

static AeView
view_of (int width, int height)
{
  AeView view;

  ae_view_init (&view, &picture);
  ae_view_resize (&view, width, height);
  return view;
}

static void
expect_area (const AeView *view, int x, int y, int width, int height)
{
  GeglRectangle area = ae_view_area (view);

  ck_assert_int_eq (area.x, x);
  ck_assert_int_eq (area.y, y);
  ck_assert_int_eq (area.width, width);
  ck_assert_int_eq (area.height, height);
}

START_TEST (test_begins_in_the_middle)
{
  AeView view = view_of (300, 200);

  expect_area (&view, -10 + 350, 5 + 250, 300, 200);
}
END_TEST

START_TEST (test_scrolls_to_the_borders)
{
  AeView view = view_of (300, 200);

  ae_view_scroll (&view, -5, 7);
  expect_area (&view, 335, 262, 300, 200);
  ae_view_scroll (&view, -1e6, -1e6);
  expect_area (&view, -10, 5, 300, 200);
  ae_view_scroll (&view, 1e6, 1e6);
  expect_area (&view, 690, 505, 300, 200);
}
END_TEST

START_TEST (test_larger_than_the_picture)
{
  AeView view = view_of (1200, 900);
  double x, y;

  expect_area (&view, -10, 5, 1000, 700);
  ae_view_scroll (&view, 50, 50);
  ae_view_origin (&view, &x, &y);
  /* in the middle */
  ck_assert_double_eq (x - 10, 100);
  ck_assert_double_eq (y + 5, 100);
}
END_TEST

START_TEST (test_zoom_keeps_the_point)
{
  AeView view = view_of (300, 200);
  double x, y;

  ck_assert (ae_view_zoom (&view, 2, 100, 50));
  ck_assert_double_eq (ae_view_scale (&view), 4);
  /* the pixel that was under (100, 50) */
  ae_view_origin (&view, &x, &y);
  ck_assert_double_eq (x + 4 * (340 + 100), 100);
  ck_assert_double_eq (y + 4 * (255 + 50), 50);
  ck_assert (ae_view_zoom (&view, -2, 100, 50));
  expect_area (&view, 340, 255, 300, 200);
  ck_assert (ae_view_zoom (&view, 100, 0, 0));
  ck_assert_int_eq (view.zoom, AE_VIEW_ZOOM_MAX);
  ck_assert (!ae_view_zoom (&view, 1, 0, 0));
  ck_assert (ae_view_zoom (&view, -100, 0, 0));
  ck_assert_int_eq (view.zoom, AE_VIEW_ZOOM_MIN);
  ck_assert (!ae_view_zoom (&view, -1, 0, 0));
}
END_TEST

START_TEST (test_resize_keeps_the_middle)
{
  AeView view = view_of (300, 200);

  ae_view_look_at (&view, 400, 300);
  ae_view_resize (&view, 100, 60);
  expect_area (&view, 350, 270, 100, 60);
  ae_view_resize (&view, 300, 200);
  expect_area (&view, 250, 200, 300, 200);
}
END_TEST

/* Wherever it is scrolled and however large: inside the picture, all of the
 * window that the picture can fill, whole pixels at real size. */
/* The same place of a larger version of the picture is in the middle then. */
START_TEST (test_bounds_keep_the_middle)
{
  AeView view = view_of (300, 200);

  ae_view_look_at (&view, -10 + 250, 5 + 350);
  ae_view_set_bounds (&view, GEGL_RECTANGLE (0, 0, 2000, 1400));
  expect_area (&view, 500 - 150, 700 - 100, 300, 200);
}
END_TEST

START_TEST (test_always_inside)
{
  guint32 state = 7;
  AeView view = view_of (317, 203);

  for (int i = 0; i < 2000; i++)
    {
      GeglRectangle area;
      double x, y, scale;

      state = state * 1664525u + 1013904223u;
      switch (state >> 30)
        {
        case 0:
          ae_view_zoom (&view, (int)(state >> 8) % 3 - 1, (state >> 4) % 300, (state >> 12) % 200);
          break;
        case 1:
          ae_view_resize (&view, (int)(state >> 6) % 1300, (int)(state >> 10) % 900);
          break;
        default:
          ae_view_scroll (&view, (double)((state >> 5) % 801) - 400, (double)((state >> 9) % 601) - 300);
        }
      area = ae_view_area (&view);
      ck_assert (gegl_rectangle_contains (&picture, &area));
      scale = ae_view_scale (&view);
      ae_view_origin (&view, &x, &y);
      ck_assert_double_eq (x, floor (x));
      ck_assert_double_eq (y, floor (y));
      if (view.width <= picture.width * scale)
        {
          ck_assert (x + area.x * scale <= 0.5);
          ck_assert (x + (area.x + area.width) * scale >= view.width - 0.5);
        }
      else
        ck_assert_int_eq (area.width, picture.width);
    }
}
END_TEST

START_TEST (test_one_pixel)
{
  const GeglRectangle one = { 0, 0, 1, 1 };
  AeView view;

  ae_view_init (&view, &one);
  ae_view_resize (&view, 300, 200);
  expect_area (&view, 0, 0, 1, 1);
  ae_view_zoom (&view, 3, 10, 10);
  expect_area (&view, 0, 0, 1, 1);
  ae_view_zoom (&view, -5, 10, 10);
  expect_area (&view, 0, 0, 1, 1);
}
END_TEST

START_TEST (test_split)
{
  AeView view = view_of (300, 200);

  ck_assert_double_eq (ae_view_split_x (&view), 150);
  ck_assert (ae_view_on_split (&view, 150 + AE_VIEW_SPLIT_REACH));
  ck_assert (!ae_view_on_split (&view, 151 + AE_VIEW_SPLIT_REACH));
  ae_view_set_split_x (&view, 75);
  ck_assert_double_eq (ae_view_split_x (&view), 75);
  /* with the window */
  ae_view_resize (&view, 600, 200);
  ck_assert_double_eq (ae_view_split_x (&view), 150);
  ae_view_set_split_x (&view, -5);
  ck_assert_double_eq (ae_view_split_x (&view), 0);
  ae_view_set_split_x (&view, 601);
  ck_assert_double_eq (ae_view_split_x (&view), 600);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("view");
  TCase *tests = tcase_create ("view");
  SRunner *runner;
  int failed;

  tcase_add_test (tests, test_begins_in_the_middle);
  tcase_add_test (tests, test_scrolls_to_the_borders);
  tcase_add_test (tests, test_larger_than_the_picture);
  tcase_add_test (tests, test_zoom_keeps_the_point);
  tcase_add_test (tests, test_resize_keeps_the_middle);
  tcase_add_test (tests, test_bounds_keep_the_middle);
  tcase_add_test (tests, test_always_inside);
  tcase_add_test (tests, test_one_pixel);
  tcase_add_test (tests, test_split);
  suite_add_tcase (suite, tests);
  runner = srunner_create (suite);
  srunner_set_tap (runner, "-");
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed > 0;
}
