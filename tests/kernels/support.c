/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* support.c - buffers with guards, fills and comparisons for the kernel tests. */

#include "support.h"

#include <string.h>

enum
{
  GUARD = 64 /* floats on each side; keeps the start aligned to 64 bytes */
};

static const float guard_value = -1.2345e30f;

Guarded
guarded_new (size_t n)
{
  Guarded g = { .n = n };
  size_t total = (n + 2 * GUARD + 15) / 16 * 16;
  float *memory = aligned_alloc (64, total * sizeof (float));

  ck_assert_ptr_nonnull (memory);
  g.memory = memory;
  g.data = memory + GUARD;
  memset (g.data, 0, n * sizeof (float));
  for (size_t i = 0; i < GUARD; i++)
    memory[i] = g.data[n + i] = guard_value;
  return g;
}

void
guarded_check (const Guarded *g)
{
  for (size_t i = 1; i <= GUARD; i++)
    {
      expect (g->data[-(ptrdiff_t)i] == guard_value, "%zu floats before the buffer written", i);
      expect (g->data[g->n + i - 1] == guard_value, "%zu floats after the buffer written", i);
    }
}

void
guarded_free (Guarded *g)
{
  guarded_check (g);
  free (g->memory);
}

Blocked
blocked_new (int vl, int channels, int width, int height)
{
  Blocked b = { .vl = vl, .channels = channels, .width = width, .height = height };

  b.blocks = (channels + vl - 1) / vl;
  b.row = (size_t)(width + 2) * (size_t)vl;
  b.block = b.row * (size_t)(height + 2);
  b.all = guarded_new (b.block * (size_t)b.blocks);
  b.first = b.all.data + b.row + vl;
  return b;
}

void
blocked_free (Blocked *b)
{
  guarded_free (&b->all);
}

size_t
blocked_at (const Blocked *b, int c, int y, int x)
{
  return (size_t)(c / b->vl) * b->block + (size_t)y * b->row + (size_t)(x * b->vl + c % b->vl);
}

void
blocked_set (Blocked *b, const float *planar)
{
  for (int c = 0; c < b->channels; c++)
    for (int y = 0; y < b->height; y++)
      for (int x = 0; x < b->width; x++)
        b->first[blocked_at (b, c, y, x)] = *planar++;
}

void
blocked_get (const Blocked *b, float *planar)
{
  for (int c = 0; c < b->channels; c++)
    for (int y = 0; y < b->height; y++)
      for (int x = 0; x < b->width; x++)
        *planar++ = b->first[blocked_at (b, c, y, x)];
}

void
blocked_check (const Blocked *b)
{
  guarded_check (&b->all);
  for (int c = 0; c < b->blocks * b->vl; c++)
    for (int y = -1; y <= b->height; y++)
      for (int x = -1; x <= b->width; x++)
        if (c >= b->channels || y < 0 || y == b->height || x < 0 || x == b->width)
          {
            const float *v = b->all.data + blocked_at (b, c, y + 1, x + 1);

            expect (*v == 0, "channel %d, y %d, x %d: %g instead of 0", c, y, x, (double)*v);
          }
}

static uint32_t
hash (uint32_t x)
{
  x = (x ^ (x >> 16)) * 0x7feb352du;
  x = (x ^ (x >> 15)) * 0x846ca68bu;
  return x ^ (x >> 16);
}

void
fill (float *data, size_t n, Fill kind, uint32_t seed)
{
  for (size_t i = 0; i < n; i++)
    {
      uint32_t h = hash ((uint32_t)i + hash (seed));

      data[i] = kind == FILL_INTEGER ? (float)(h % 9) - 4 : (float)(h >> 8) / 8388608.0f - 1;
    }
}

float *
filled (size_t n, Fill kind, uint32_t seed)
{
  float *data = malloc ((n > 0 ? n : 1) * sizeof (float));

  ck_assert_ptr_nonnull (data);
  fill (data, n, kind, seed);
  return data;
}

int
n_tables (void)
{
  int n = 0;

  while (ae_kernels_nth (n))
    n++;
  return n;
}

int
run_suite (Suite *suite)
{
  SRunner *runner = srunner_create (suite);
  int failed;

  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
