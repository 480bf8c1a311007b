/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-plan.c - properties of tile plans, mirrored coordinates. */

#include <ae/error.h>
#include <ae/plan.h>
#include <check.h>
#include <stdlib.h>
#include <string.h>

/* ae_mirror () by walking: turns round at both ends. */
static int
walk (int i, int size)
{
  int at = 0, direction = 1;

  for (int n = abs (i); n > 0 && size > 1; n--)
    {
      if (at + direction < 0 || at + direction >= size)
        direction = -direction;
      at += direction;
    }
  return at; /* mirroring about 0 makes i and -i the same */
}

START_TEST (test_mirror)
{
  for (int size = 1; size <= 9; size++)
    for (int i = -60; i <= 60; i++)
      ck_assert_msg (ae_mirror (i, size) == walk (i, size), "%d of %d mirrors to %d, expected %d", i, size,
                     ae_mirror (i, size), walk (i, size));
  ck_assert_int_eq (ae_mirror (G_MAXINT, G_MAXINT), G_MAXINT - 2);
  ck_assert_int_eq (ae_mirror (G_MININT + 1, G_MAXINT), G_MAXINT - 2);
  ck_assert_int_eq (ae_mirror (G_MININT, 2), 0);
}
END_TEST

static GArray *
plan_of (const AePlanInput *p)
{
  GError *error = NULL;
  GArray *tiles = ae_plan (p, &error);

  ck_assert_msg (tiles != NULL, "%s", error ? error->message : "no plan and no message");
  ck_assert_ptr_null (error);
  return tiles;
}

static gint64
total_input (const GArray *tiles)
{
  gint64 total = 0;

  for (guint i = 0; i < tiles->len; i++)
    {
      const AeTile *t = &g_array_index (tiles, AeTile, i);

      total += (gint64)t->in.width * t->in.height;
    }
  return total;
}

static int
round_up (int n, int a)
{
  return (n + a - 1) / a * a;
}

/* Everything plan.h promises of one tile.  Plain comparisons: each ck_assert () is a system call. */
static gboolean
tile_is_good (const AePlanInput *p, const AeTile *t, const AeTile *last)
{
  const AeRect *in = &t->in, *out = &t->out;
  int a = p->alignment, halo_x = round_up (p->halo_x, a), halo_y = round_up (p->halo_y, a);

  return out->width >= 1 && out->height >= 1 && out->x >= 0 && out->y >= 0 && out->x + out->width <= p->width
         && out->y + out->height <= p->height
         /* aligned */
         && in->x % a == 0 && in->y % a == 0 && in->width % a == 0
         && in->height % a == 0
         /* with the halo */
         && in->x <= out->x - p->halo_x && in->y <= out->y - p->halo_y
         && in->x + in->width >= out->x + out->width + p->halo_x
         && in->y + in->height >= out->y + out->height + p->halo_y
         /* and no more than that */
         && in->width == round_up (out->width, a) + 2 * halo_x
         && in->height == round_up (out->height, a) + 2 * halo_y
         /* within the limits */
         && (!p->max_width || in->width <= p->max_width)
         && (!p->max_height || in->height <= p->max_height)
         /* row by row */
         && (!last || out->y > last->out.y || (out->y == last->out.y && out->x > last->out.x));
}

static void
check_plan (const AePlanInput *p, const GArray *tiles)
{
  gsize area = (gsize)p->width * (gsize)p->height, wrong = 0;
  guint8 *covered = g_malloc0 (area);

  for (guint i = 0; i < tiles->len; i++)
    {
      const AeTile *t = &g_array_index (tiles, AeTile, i);

      if (!tile_is_good (p, t, i ? t - 1 : NULL))
        ck_abort_msg ("%d × %d, halo %d and %d, alignment %d, at most %d × %d: "
                      "tile %u is out %d %d %d × %d, in %d %d %d × %d",
                      p->width, p->height, p->halo_x, p->halo_y, p->alignment, p->max_width, p->max_height, i,
                      t->out.x, t->out.y, t->out.width, t->out.height, t->in.x, t->in.y, t->in.width,
                      t->in.height);
      for (int y = t->out.y; y < t->out.y + t->out.height; y++)
        for (int x = t->out.x; x < t->out.x + t->out.width; x++)
          covered[(gsize)y * (gsize)p->width + (gsize)x]++;
    }
  for (gsize i = 0; i < area; i++)
    wrong += covered[i] != 1;
  ck_assert_msg (wrong == 0, "%d × %d: %zu pixels are not in one tile", p->width, p->height, wrong);
  g_free (covered);
}

static const int sizes[] = { 1, 7, 8, 9, 16, 31, 64, 97 };
static const int halos[] = { 0, 5, 8, 96 };
static const int alignments[] = { 1, 3, 8 };

/* The least input of any division into columns and rows within the limits; 0: there is none. */
static gint64
least_input (const AePlanInput *p)
{
  int halo_x = round_up (p->halo_x, p->alignment), halo_y = round_up (p->halo_y, p->alignment);
  int columns = round_up (p->width, p->alignment) / p->alignment;
  int rows = round_up (p->height, p->alignment) / p->alignment;
  gint64 least = 0;

  for (int nx = 1; nx <= columns; nx++)
    for (int ny = 1; ny <= rows; ny++)
      {
        gint64 w = (columns + nx - 1) / nx * p->alignment + 2 * halo_x;
        gint64 h = (rows + ny - 1) / ny * p->alignment + 2 * halo_y;
        gint64 total = ((gint64)columns * p->alignment + 2 * halo_x * nx)
                       * ((gint64)rows * p->alignment + 2 * halo_y * ny);

        if ((p->max_width && w > p->max_width) || (p->max_height && h > p->max_height))
          continue;
        if (!least || total < least)
          least = total;
      }
  return least;
}

START_TEST (test_properties)
{
  int width = sizes[_i];

  for (guint h = 0; h < G_N_ELEMENTS (sizes); h++)
    for (guint o = 0; o < G_N_ELEMENTS (halos); o++)
      for (guint a = 0; a < G_N_ELEMENTS (alignments); a++)
        {
          /* to the left and right more than above and below */
          int halo = halos[o] + (halos[o] ? _i : 0);
          int least = alignments[a] + 2 * round_up (halo, alignments[a]);
          /* none, the smallest, a bit more, about half */
          int limits[] = { 0, least, least + 7, least + MAX (width, sizes[h]) / 2 };

          for (guint m = 0; m < G_N_ELEMENTS (limits); m++)
            for (guint n = 0; n < G_N_ELEMENTS (limits); n++)
              {
                AePlanInput p = { width, sizes[h], halo, halos[o], alignments[a], limits[m], limits[n] };
                GArray *tiles = plan_of (&p);

                check_plan (&p, tiles);
                ck_assert_int_eq (total_input (tiles), least_input (&p));
                if (!limits[m] && !limits[n])
                  ck_assert_uint_eq (tiles->len, 1);
                g_array_unref (tiles);
              }
        }
}
END_TEST

/* Neighbours differ by one unit of alignment at most, so that no sliver remains. */
START_TEST (test_even)
{
  AePlanInput p = { 1009, 757, 24, 24, 8, 200, 180 };
  GArray *tiles = plan_of (&p);
  int narrow = G_MAXINT, wide = 0, low = G_MAXINT, high = 0;

  check_plan (&p, tiles);
  ck_assert_uint_gt (tiles->len, 10);
  for (guint i = 0; i < tiles->len; i++)
    {
      const AeTile *t = &g_array_index (tiles, AeTile, i);

      narrow = MIN (narrow, t->in.width);
      wide = MAX (wide, t->in.width);
      low = MIN (low, t->in.height);
      high = MAX (high, t->in.height);
    }
  ck_assert_int_le (wide - narrow, 8);
  ck_assert_int_le (high - low, 8);
  g_array_unref (tiles);
}
END_TEST

static const struct
{
  AePlanInput input;
  int code;
  const char *message;
} rejected[] = {
  { { 100, 100, 8, 8, 8, 23, 0 }, AE_ERROR_LIMIT, "24 × 24" },
  { { 100, 100, 8, 8, 8, 0, 23 }, AE_ERROR_LIMIT, "24 × 24" },
  { { 100, 100, 0, 0, 1, 0, 0 }, -1, NULL },
  { { 100, 100, 96, 96, 8, 1, 0 }, AE_ERROR_LIMIT, "200 × 200" },
  { { 100, 100, 96, 96, 8, 0, 1 }, AE_ERROR_LIMIT, "200 × 200" },
  { { 0, 100, 8, 8, 8, 0, 0 }, AE_ERROR_ARGUMENT, "0 × 100" },
  { { 100, -1, 8, 8, 8, 0, 0 }, AE_ERROR_ARGUMENT, "100 × -1" },
  { { G_MAXINT, 1, 8, 8, 8, 0, 0 }, AE_ERROR_ARGUMENT, "2147483647 × 1" },
  { { 100, 100, -1, -1, 8, 0, 0 }, AE_ERROR_ARGUMENT, "halo -1" },
  { { 100, 100, 8, 8, 0, 0, 0 }, AE_ERROR_ARGUMENT, "alignment 0" },
  { { 100, 100, 8, 8, 8, -1, 0 }, AE_ERROR_ARGUMENT, "at most -1 × 0" },
  { { 100, 100, 8, 8, 8, 0, -1 }, AE_ERROR_ARGUMENT, "at most 0 × -1" },
  { { 1 << 30, 1 << 30, 0, 0, 1, 1, 1 }, AE_ERROR_LIMIT, "more than 1048576 tiles" },
  { { 1 << 30, 1 << 30, 1024, 1024, 256, 3000, 3000 }, AE_ERROR_LIMIT, "more than 1048576 tiles" },
};

START_TEST (test_rejected)
{
  GError *error = NULL;
  GArray *tiles = ae_plan (&rejected[_i].input, &error);

  if (rejected[_i].code < 0)
    {
      ck_assert_ptr_nonnull (tiles);
      g_array_unref (tiles);
      return;
    }
  ck_assert_ptr_null (tiles);
  ck_assert (g_error_matches (error, AE_ERROR, rejected[_i].code));
  ck_assert_msg (strstr (error->message, rejected[_i].message) != NULL, "'%s' does not say '%s'",
                 error->message, rejected[_i].message);
  g_error_free (error);
}
END_TEST

/* Large numbers neither overflow nor take long. */
START_TEST (test_large)
{
  AePlanInput p = { 1 << 30, 1 << 30, 1024, 1024, 256, 1 << 21, 1 << 21 };
  GArray *tiles = plan_of (&p);
  gint64 area = 0;

  for (guint i = 0; i < tiles->len; i++)
    {
      const AeTile *t = &g_array_index (tiles, AeTile, i);

      area += (gint64)t->out.width * t->out.height;
      ck_assert_int_le (MAX (t->in.width, t->in.height), 1 << 21);
    }
  ck_assert_int_eq (area, (gint64)1 << 60);
  g_array_unref (tiles);
}
END_TEST

static Suite *
plan_suite (void)
{
  Suite *suite = suite_create ("plan");
  TCase *mirror = tcase_create ("mirror");
  TCase *plans = tcase_create ("plans");

  tcase_add_test (mirror, test_mirror);
  suite_add_tcase (suite, mirror);
  tcase_set_timeout (plans, 120);
  tcase_add_loop_test (plans, test_properties, 0, G_N_ELEMENTS (sizes));
  tcase_add_test (plans, test_even);
  tcase_add_loop_test (plans, test_rejected, 0, G_N_ELEMENTS (rejected));
  tcase_add_test (plans, test_large);
  suite_add_tcase (suite, plans);
  return suite;
}

int
main (void)
{
  SRunner *runner = srunner_create (plan_suite ());
  int failed;

  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
