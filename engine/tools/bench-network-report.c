/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* bench-network-report.c - what ae-bench network found out, as text and as JSON. */

#include "bench-network.h"

static double
pixels_of (const BenchNetwork *n)
{
  return (double)n->width * n->height;
}

/* GFLOP/s that count only what the pixels of the picture need. */
static double
speed_of (const BenchNetwork *n, double seconds)
{
  return 2e-9 * n->macs * pixels_of (n) / seconds;
}

static double
percent (double part, double whole)
{
  return whole > 0 ? 100 * part / whole : 0;
}

static void
print_steps (const BenchNetwork *n)
{
  const double peak = n->peak / n->threads;
  double total = 0;

  for (guint i = 0; i < n->steps->len; i++)
    total += g_array_index (n->steps, BenchStep, i).seconds;
  g_print ("  step             operation         channels      ms/MP   share  GFLOP/s  of peak     GB/s\n");
  for (guint i = 0; i < n->steps->len; i++)
    {
      const BenchStep *s = &g_array_index (n->steps, BenchStep, i);

      g_print ("  %-16s %-16s %4d -> %-4d %7.2f %6.1f %% %8.1f %6.1f %% %8.1f\n", s->name, s->op, s->in,
               s->out, s->seconds * 1e9 / pixels_of (n), percent (s->seconds, total),
               2e-9 * s->macs / s->seconds, percent (2e-9 * s->macs / s->seconds, peak),
               1e-9 * s->bytes / s->seconds);
    }
  g_print ("  all steps: %.3f s of processor time (ms of processor time; speed per thread)\n", total);
}

void
bench_network_print (const BenchNetwork *n)
{
  const double mp = pixels_of (n) * 1e-6, speed = speed_of (n, n->wall);

  g_print ("%s: %.1f kMAC/px, %s kernels, %d thread%s, peak %.1f GFLOP/s\n", n->path, n->macs / 1000, n->isa,
           n->threads, n->threads == 1 ? "" : "s", n->peak);
  g_print ("  start: model %.1f ms, session %.1f ms, first 512 x 512 pixels %.1f ms\n", n->load * 1e3,
           n->start * 1e3, n->first * 1e3);
  g_print ("  %d x %d: %.3f s, %.1f ms/MP (%.3f s of processor time)\n", n->width, n->height, n->wall,
           n->wall * 1e3 / mp, n->cpu);
  g_print ("  useful: %.1f GFLOP/s, %.1f %% of peak; %.1f %% with what surrounds tiles\n", speed,
           percent (speed, n->peak), percent (speed * n->computed / n->macs, n->peak));
  g_print ("  bytes: %.0f per pixel, %.1f GB/s; %.1f FLOP per byte\n", n->bytes,
           1e-9 * n->bytes * pixels_of (n) / n->wall, 2 * n->macs / n->bytes);
  if (n->peak > 0)
    g_print ("  main memory: %.1f GB/s, which limits what does less than %.1f FLOP per byte\n", n->bandwidth,
             n->peak / n->bandwidth);
  g_print ("  memory for tiles: %.1f MiB\n", (double)n->memory / (1 << 20));
  if (n->threads_sweep)
    {
      double one = g_array_index (n->threads_sweep, BenchVariant, 0).seconds;

      for (guint i = 0; i < n->threads_sweep->len; i++)
        {
          const BenchVariant *v = &g_array_index (n->threads_sweep, BenchVariant, i);

          g_print ("  threads %5d: %8.1f ms/MP, %5.2f times one thread\n", v->value, v->seconds * 1e3 / mp,
                   one / v->seconds);
        }
    }
  if (n->tile_sweep)
    for (guint i = 0; i < n->tile_sweep->len; i++)
      {
        const BenchVariant *v = &g_array_index (n->tile_sweep, BenchVariant, i);

        g_print ("  tiles to %4d: %8.1f ms/MP, computes %5.1f %% of what the picture needs\n", v->value,
                 v->seconds * 1e3 / mp, 100 * v->computed);
      }
  if (n->steps)
    print_steps (n);
}

static void
add_number (JsonBuilder *json, const char *name, double value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_double_value (json, value);
}

static void
add_integer (JsonBuilder *json, const char *name, gint64 value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_int_value (json, value);
}

static void
add_string (JsonBuilder *json, const char *name, const char *value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_string_value (json, value);
}

static void
add_variants (JsonBuilder *json, const char *name, const char *key, const BenchNetwork *n,
              const GArray *variants)
{
  json_builder_set_member_name (json, name);
  json_builder_begin_array (json);
  for (guint i = 0; i < variants->len; i++)
    {
      const BenchVariant *v = &g_array_index (variants, BenchVariant, i);

      json_builder_begin_object (json);
      add_integer (json, key, v->value);
      add_number (json, "ms_per_mp", v->seconds * 1e9 / pixels_of (n));
      add_number (json, "computed", v->computed);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

void
bench_network_build_json (const BenchNetwork *n, JsonBuilder *json)
{
  const double speed = speed_of (n, n->wall);

  json_builder_begin_object (json);
  add_string (json, "model", n->path);
  add_string (json, "isa", n->isa);
  add_integer (json, "width", n->width);
  add_integer (json, "height", n->height);
  add_integer (json, "threads", n->threads);
  add_number (json, "load_ms", n->load * 1e3);
  add_number (json, "session_ms", n->start * 1e3);
  add_number (json, "first_512_ms", n->first * 1e3);
  add_number (json, "seconds", n->wall);
  add_number (json, "cpu_seconds", n->cpu);
  add_number (json, "ms_per_mp", n->wall * 1e9 / pixels_of (n));
  add_number (json, "macs_per_pixel", n->macs);
  add_number (json, "computed", n->computed / n->macs);
  add_number (json, "bytes_per_pixel", n->bytes);
  add_number (json, "gflops", speed);
  add_number (json, "peak_gflops", n->peak);
  add_number (json, "memory_gbytes_per_s", n->bandwidth);
  add_number (json, "of_peak", n->peak > 0 ? speed / n->peak : 0);
  add_integer (json, "memory", (gint64)n->memory);
  if (n->threads_sweep)
    add_variants (json, "scaling", "threads", n, n->threads_sweep);
  if (n->tile_sweep)
    add_variants (json, "tiles", "tile", n, n->tile_sweep);
  if (n->steps)
    {
      json_builder_set_member_name (json, "steps");
      json_builder_begin_array (json);
      for (guint i = 0; i < n->steps->len; i++)
        {
          const BenchStep *s = &g_array_index (n->steps, BenchStep, i);

          json_builder_begin_object (json);
          add_string (json, "name", s->name);
          add_string (json, "operation", s->op);
          add_integer (json, "in", s->in);
          add_integer (json, "out", s->out);
          add_number (json, "macs", s->macs);
          add_number (json, "bytes", s->bytes);
          add_number (json, "cpu_seconds", s->seconds);
          json_builder_end_object (json);
        }
      json_builder_end_array (json);
    }
  json_builder_end_object (json);
}
