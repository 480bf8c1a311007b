/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-pixels.c - layouts, shuffles, pools and elementwise kernels of every table; choice of the table. */

#include "support.h"

#include <math.h>
#include <string.h>

static const int channel_counts[] = { 1, 3, 4, 12, 13, 16, 31, 32, 48 };

#define N_COUNTS ((int)(sizeof channel_counts / sizeof channel_counts[0]))

/* Planar data with rows longer than the width and room between planes. */
typedef struct
{
  Guarded all;
  int channels, width, height;
  size_t row, plane;
} Planar;

static Planar
planar_new (int channels, int width, int height, uint32_t seed)
{
  Planar p = { .channels = channels, .width = width, .height = height };

  p.row = (size_t)width + 3;
  p.plane = p.row * (size_t)height + 5;
  p.all = guarded_new (p.plane * (size_t)channels);
  fill (p.all.data, p.all.n, FILL_FLOAT, seed);
  return p;
}

static size_t
planar_at (const Planar *p, int c, int y, int x)
{
  return (size_t)c * p->plane + (size_t)y * p->row + (size_t)x;
}

/* Room between rows and planes is as it was filled. */
static void
planar_check (const Planar *p, uint32_t seed)
{
  float *before = filled (p->all.n, FILL_FLOAT, seed);

  guarded_check (&p->all);
  for (size_t i = 0; i < p->all.n; i++)
    {
      size_t in_plane = i % p->plane;
      bool inside = in_plane / p->row < (size_t)p->height && in_plane % p->row < (size_t)p->width;

      expect (inside || p->all.data[i] == before[i], "float %zu between the rows written", i);
    }
  free (before);
}

START_TEST (test_pack)
{
  const AeKernels *k = ae_kernels_nth (_i);

  for (int n = 0; n < N_COUNTS; n++)
    for (int width = 1; width <= 140; width += width < 35 ? 1 : 13)
      {
        int channels = channel_counts[n], height = 1 + width % 3;
        Planar from = planar_new (channels, width, height, 1);
        Planar to = planar_new (channels, width, height, 2);
        Blocked b = blocked_new (k->vl, channels, width, height);

        /* spare lanes hold something that pack must clear */
        for (int c = channels; c < b.blocks * k->vl; c++)
          for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
              b.first[blocked_at (&b, c, y, x)] = 7;
        k->pack (b.first, b.row, b.block, from.all.data, from.row, from.plane, channels, width, height);
        blocked_check (&b);
        for (int c = 0; c < channels; c++)
          for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
              check (b.first[blocked_at (&b, c, y, x)] == from.all.data[planar_at (&from, c, y, x)]);
        k->unpack (to.all.data, to.row, to.plane, b.first, b.row, b.block, channels, width, height);
        planar_check (&to, 2);
        for (int c = 0; c < channels; c++)
          for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
              check (to.all.data[planar_at (&to, c, y, x)] == from.all.data[planar_at (&from, c, y, x)]);
        guarded_free (&from.all);
        guarded_free (&to.all);
        blocked_free (&b);
      }
}
END_TEST

START_TEST (test_shuffle)
{
  const AeKernels *k = ae_kernels_nth (_i);

  for (int r = 1; r <= 4; r++)
    for (int channels = 1; channels <= 4; channels++)
      for (int width = 1; width <= 70; width += width < 20 ? 1 : 11)
        {
          int height = 1 + width % 3;
          Planar from = planar_new (channels, width * r, height * r, 1);
          Planar to = planar_new (channels, width * r, height * r, 2);
          Planar more = planar_new (channels, width * r, height * r, 3);
          Planar self = planar_new (channels, width * r, height * r, 4);
          Blocked b = blocked_new (k->vl, channels * r * r, width, height);

          k->pixel_unshuffle (b.first, b.row, b.block, from.all.data, from.row, from.plane, r, channels,
                              width, height);
          blocked_check (&b);
          for (int c = 0; c < channels; c++)
            for (int y = 0; y < height * r; y++)
              for (int x = 0; x < width * r; x++)
                check (b.first[blocked_at (&b, c * r * r + y % r * r + x % r, y / r, x / r)]
                       == from.all.data[planar_at (&from, c, y, x)]);

          k->pixel_shuffle (to.all.data, to.row, to.plane, b.first, b.row, b.block, NULL, r, channels, width,
                            height);
          planar_check (&to, 2);
          for (int c = 0; c < channels; c++)
            for (int y = 0; y < height * r; y++)
              for (int x = 0; x < width * r; x++)
                check (to.all.data[planar_at (&to, c, y, x)] == from.all.data[planar_at (&from, c, y, x)]);

          k->pixel_shuffle (to.all.data, to.row, to.plane, b.first, b.row, b.block, more.all.data, r,
                            channels, width, height);
          planar_check (&to, 2);
          for (int c = 0; c < channels; c++)
            for (int y = 0; y < height * r; y++)
              for (int x = 0; x < width * r; x++)
                {
                  size_t at = planar_at (&to, c, y, x);

                  check (to.all.data[at] == from.all.data[at] + more.all.data[at]);
                }

          memcpy (to.all.data, self.all.data, to.all.n * sizeof (float));
          k->pixel_shuffle (self.all.data, self.row, self.plane, b.first, b.row, b.block, self.all.data, r,
                            channels, width, height);
          planar_check (&self, 4);
          for (int c = 0; c < channels; c++)
            for (int y = 0; y < height * r; y++)
              for (int x = 0; x < width * r; x++)
                {
                  size_t at = planar_at (&to, c, y, x);

                  check (self.all.data[at] == from.all.data[at] + to.all.data[at]);
                }
          guarded_free (&from.all);
          guarded_free (&to.all);
          guarded_free (&more.all);
          guarded_free (&self.all);
          blocked_free (&b);
        }
}
END_TEST

START_TEST (test_pools)
{
  const AeKernels *k = ae_kernels_nth (_i);

  for (int n = 0; n < N_COUNTS; n++)
    for (int width = 1; width <= 19; width++)
      for (int f = 0; f < 2; f++)
        {
          int channels = channel_counts[n], height = 1 + width % 3;
          Blocked big = blocked_new (k->vl, channels, 2 * width, 2 * height);
          Blocked max = blocked_new (k->vl, channels, width, height);
          Blocked avg = blocked_new (k->vl, channels, width, height);
          Blocked up = blocked_new (k->vl, channels, 2 * width, 2 * height);
          float *values = filled ((size_t)(channels * 4 * width * height), (Fill)f, 9);

          blocked_set (&big, values);
          k->max_pool2 (max.first, max.row, max.block, big.first, big.row, big.block, max.blocks, width,
                        height);
          k->avg_pool2 (avg.first, avg.row, avg.block, big.first, big.row, big.block, avg.blocks, width,
                        height);
          k->up2 (up.first, up.row, up.block, max.first, max.row, max.block, up.blocks, 2 * width,
                  2 * height);
          blocked_check (&big);
          blocked_check (&max);
          blocked_check (&avg);
          blocked_check (&up);
          for (int c = 0; c < channels; c++)
            for (int y = 0; y < 2 * height; y++)
              for (int x = 0; x < 2 * width; x++)
                {
                  const float *s = big.first + blocked_at (&big, c, y & ~1, x & ~1);
                  float a = s[0], b = s[k->vl], d = s[big.row], e = s[big.row + (size_t)k->vl];
                  float largest = fmaxf (fmaxf (a, b), fmaxf (d, e));
                  double mean = ((double)a + (double)b + (double)d + (double)e) / 4;

                  check (max.first[blocked_at (&max, c, y / 2, x / 2)] == largest);
                  check (fabs ((double)avg.first[blocked_at (&avg, c, y / 2, x / 2)] - mean)
                         <= (f == FILL_INTEGER ? 0 : 4 * (double)FLT_EPSILON));
                  check (up.first[blocked_at (&up, c, y, x)] == largest);
                }
          free (values);
          blocked_free (&big);
          blocked_free (&max);
          blocked_free (&avg);
          blocked_free (&up);
        }
}
END_TEST

START_TEST (test_elementwise)
{
  const AeKernels *k = ae_kernels_nth (_i);

  for (size_t n = 0; n <= 70; n++)
    {
      Guarded dst = guarded_new (n), a = guarded_new (n), b = guarded_new (n);

      fill (a.data, n, FILL_FLOAT, 1);
      fill (b.data, n, FILL_INTEGER, 2); /* has zeros */
      k->add (dst.data, a.data, b.data, n);
      for (size_t i = 0; i < n; i++)
        check (dst.data[i] == a.data[i] + b.data[i]);
      k->relu_grad (dst.data, a.data, b.data, 0.25f, n);
      for (size_t i = 0; i < n; i++)
        check (dst.data[i] == (b.data[i] > 0 ? a.data[i] : 0.25f * a.data[i]));
      k->relu_grad (dst.data, a.data, b.data, 0, n);
      for (size_t i = 0; i < n; i++)
        check (dst.data[i] == (b.data[i] > 0 ? a.data[i] : 0));

      /* in place: each source in turn */
      memcpy (dst.data, a.data, n * sizeof (float));
      k->add (dst.data, dst.data, b.data, n);
      k->add (dst.data, a.data, dst.data, n);
      for (size_t i = 0; i < n; i++)
        check (dst.data[i] == a.data[i] + (a.data[i] + b.data[i]));
      memcpy (dst.data, a.data, n * sizeof (float));
      k->relu_grad (dst.data, dst.data, b.data, 0.5f, n);
      for (size_t i = 0; i < n; i++)
        check (dst.data[i] == (b.data[i] > 0 ? a.data[i] : 0.5f * a.data[i]));
      memcpy (dst.data, b.data, n * sizeof (float));
      k->relu_grad (dst.data, a.data, dst.data, 0.5f, n);
      for (size_t i = 0; i < n; i++)
        check (dst.data[i] == (b.data[i] > 0 ? a.data[i] : 0.5f * a.data[i]));
      guarded_free (&dst);
      guarded_free (&a);
      guarded_free (&b);
    }
}
END_TEST

START_TEST (test_tables)
{
  int n = n_tables ();
  const AeKernels *best = ae_kernels_nth (n - 1), *fast;

  unsetenv ("AE_CPU");
  fast = ae_kernels_fast ();
  ck_assert_str_eq (ae_kernels_nth (0)->name, "c");
  ck_assert_ptr_null (ae_kernels_nth (n));
  ck_assert_ptr_null (ae_kernels_nth (n + 5));
  for (int i = 0; i < n; i++)
    {
      const AeKernels *k = ae_kernels_nth (i);

      ck_assert_int_le (k->vl, AE_VL_MAX);
      setenv ("AE_CPU", k->name, 1);
      ck_assert_ptr_eq (ae_kernels_get (), k);
      ck_assert_ptr_null (ae_kernels_fast ());
    }
  setenv ("AE_CPU", "abacus", 1);
  ck_assert_ptr_eq (ae_kernels_get (), best);
  ck_assert_ptr_eq (ae_kernels_fast (), fast);
  setenv ("AE_CPU", "", 1);
  ck_assert_ptr_eq (ae_kernels_get (), best);
  ck_assert_ptr_eq (ae_kernels_fast (), fast);
  unsetenv ("AE_CPU");
  ck_assert_ptr_eq (ae_kernels_get (), best);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("kernels-pixels");
  TCase *tc = tcase_create ("pixels");
  int n = n_tables ();

  tcase_set_timeout (tc, 300);
  tcase_add_loop_test (tc, test_pack, 0, n);
  tcase_add_loop_test (tc, test_shuffle, 0, n);
  tcase_add_loop_test (tc, test_pools, 0, n);
  tcase_add_loop_test (tc, test_elementwise, 0, n);
  tcase_add_test (tc, test_tables);
  suite_add_tcase (suite, tc);
  return run_suite (suite);
}
