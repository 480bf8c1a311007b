/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* onednn.c - whole models by the engine and, layer by layer, by oneDNN, in one run with as many threads.
 *
 *   onednn [OPTION...] MODEL...     --help tells the options
 */

#include "onednn-network.h"
#include "tools/bench.h"

#include <ae/session.h>
#include <dnnl.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIGMA 25

typedef struct
{
  int width, height, threads, area, repeats;
  gboolean steps, json, check;
} Options;

/* How oneDNN runs a network: over the whole picture or an area of it, with layouts of its own choice or in
 * blocks. */
enum
{
  WHOLE,
  WHOLE_BLOCKED,
  AREA,
  AREA_BLOCKED,
  N_WAYS
};

static const char *const way_names[N_WAYS]
  = { "oneDNN", "oneDNN, blocked", "oneDNN, areas", "oneDNN, areas, blocked" };

/* Seconds of the best run of each. */
typedef struct
{
  double engine, onednn[N_WAYS];
  double difference; /* largest, where the borders of the picture have no influence */
} Times;

typedef struct
{
  int width, height, channels, scale;
  float *planes, *result;
} Picture;

/* Slopes, edges and something like noise. */
static void
picture_init (Picture *p, AeModel *model, const Options *o)
{
  const AeGraph *graph = ae_model_graph (model);
  guint32 noise = 1;
  float *v;

  p->width = o->width;
  p->height = o->height;
  p->channels = ae_graph_node (graph, ae_graph_picture (graph))->channels;
  p->scale = ae_graph_scale (graph);
  v = p->planes = g_new (float, (gsize)p->channels *(gsize)p->width *(gsize)p->height);
  p->result
    = g_new (float, (gsize)p->channels *(gsize)p->width *(gsize)p->height *(gsize)(p->scale * p->scale));
  for (int c = 0; c < p->channels; c++)
    for (int y = 0; y < p->height; y++)
      for (int x = 0; x < p->width; x++)
        {
          noise = noise * 1664525u + 1013904223u;
          *v++ = 0.35f + 0.2f * sinf ((float)(x + 2 * y + 31 * c) / 40) + ((x / 24 + y / 32) & 1 ? 0.2f : 0)
                 + 0.1f * (float)(noise >> 8) / 16777216.0f;
        }
}

static void
picture_clear (Picture *p)
{
  g_free (p->planes);
  g_free (p->result);
}

static gboolean
read_planes (const AeRect *rect, float *planes, gpointer data, GError **error)
{
  const Picture *p = data;

  for (int c = 0; c < p->channels; c++)
    for (int y = 0; y < rect->height; y++, planes += rect->width)
      memcpy (planes,
              p->planes + ((gsize)c * (gsize)p->height + (gsize)(rect->y + y)) * (gsize)p->width + rect->x,
              (gsize)rect->width * sizeof (float));
  return TRUE;
}

static gboolean
write_planes (const AeRect *rect, const float *planes, gpointer data, GError **error)
{
  const Picture *p = data;
  const gsize width = (gsize)p->width * (gsize)p->scale, height = (gsize)p->height * (gsize)p->scale;

  for (int c = 0; c < p->channels; c++)
    for (int y = 0; y < rect->height; y++, planes += rect->width)
      memcpy (p->result + ((gsize)c * height + (gsize)(rect->y + y)) * width + rect->x, planes,
              (gsize)rect->width * sizeof (float));
  return TRUE;
}

static gboolean
time_engine (AeSession *session, Picture *p, double *best, GError **error)
{
  const AeRun run = { .width = p->width,
                      .height = p->height,
                      .sigma = SIGMA,
                      .read = read_planes,
                      .write = write_planes,
                      .data = p };
  gint64 begin = g_get_monotonic_time ();

  if (!ae_session_run (session, &run, error))
    return FALSE;
  *best = MIN (*best, 1e-6 * (double)(g_get_monotonic_time () - begin));
  return TRUE;
}

static gboolean
time_onednn (OnednnNetwork *network, const float *planes, double *best, GError **error)
{
  gint64 begin;

  onednn_network_fill (network, planes, SIGMA);
  begin = g_get_monotonic_time ();
  if (!onednn_network_run (network, error))
    return FALSE;
  *best = MIN (*best, 1e-6 * (double)(g_get_monotonic_time () - begin));
  return TRUE;
}

/* oneDNN sees zeros beyond the borders and the engine a mirrored picture: compared is what is far from them.
 */
static double
largest_difference (const Picture *p, const float *other, int halo)
{
  const int width = p->width * p->scale, height = p->height * p->scale, border = halo * p->scale;
  double largest = width > 2 * border && height > 2 * border ? 0 : NAN;

  for (int c = 0; c < p->channels; c++)
    for (int y = border; y < height - border; y++)
      for (int x = border; x < width - border; x++)
        {
          gsize at = ((gsize)c * (gsize)height + (gsize)y) * (gsize)width + (gsize)x;

          largest = fmax (largest, fabs ((double)p->result[at] - (double)other[at]));
        }
  return largest;
}

static void
print_steps (const OnednnNetwork *network, const char *way)
{
  const char *node, *implementation;
  double seconds;

  g_print ("  %s\n", way);
  for (int i = 0; i < onednn_network_n_steps (network); i++)
    {
      onednn_network_step (network, i, &node, &implementation, &seconds);
      g_print ("    %-12s %-32s %8.2f ms\n", node, implementation, 1e3 * seconds);
    }
}

/* In turns, so that what else the machine does meets all of them. */
static gboolean
time_all (AeSession *session, OnednnNetwork *const *networks, Picture *picture, const Options *o, Times *t,
          GError **error)
{
  for (int r = 0; r < o->repeats; r++)
    {
      if (!time_engine (session, picture, &t->engine, error))
        return FALSE;
      for (int way = 0; way < N_WAYS; way++)
        for (int i = 0; networks[way] && i < (way < AREA ? 1 : 4); i++) /* short ones more often */
          if (!time_onednn (networks[way], picture->planes, &t->onednn[way], error))
            return FALSE;
    }
  for (int way = 0; way < AREA; way++)
    t->difference = fmax (t->difference,
                          largest_difference (picture, onednn_network_result (networks[way]),
                                              ae_graph_halo (ae_model_graph (ae_session_model (session)))));
  return TRUE;
}

static gboolean
measure (AeModel *model, const Options *o, AePrecision precision, Times *t, GError **error)
{
  const AeSessionOptions options = { .threads = o->threads, .precision = precision };
  const int area = MIN (o->area, MIN (o->width, o->height));
  g_autoptr (AeSession) session = ae_session_new (model, &options, error);
  OnednnNetwork *networks[N_WAYS] = { NULL };
  Picture picture;
  gboolean good = session != NULL;

  t->engine = G_MAXDOUBLE;
  t->difference = 0;
  for (int way = 0; way < N_WAYS; way++)
    {
      const OnednnOptions how
        = { .bf16 = precision == AE_PRECISION_FAST, .blocked = way == WHOLE_BLOCKED || way == AREA_BLOCKED };

      t->onednn[way] = G_MAXDOUBLE;
      if (good && way < AREA)
        good = (networks[way] = onednn_network_new (model, o->width, o->height, &how, error)) != NULL;
      else if (good && area > 0)
        good = (networks[way] = onednn_network_new (model, area, area, &how, error)) != NULL;
    }
  picture_init (&picture, model, o);
  good = good && time_all (session, networks, &picture, o, t, error);
  for (int way = 0; way < N_WAYS; way++)
    {
      if (networks[way] && o->steps)
        print_steps (networks[way], way_names[way]);
      if (networks[way])
        onednn_network_free (networks[way]);
      if (way >= AREA && area > 0)
        t->onednn[way] *= (double)o->width * o->height / ((double)area * area);
    }
  picture_clear (&picture);
  return good;
}

static double
best_of (const Times *t)
{
  double best = t->onednn[0];

  for (int way = 1; way < N_WAYS; way++)
    best = MIN (best, t->onednn[way]);
  return best;
}

static void
print_row (const Options *o, const char *precision, const char *who, double seconds, const Times *t,
           double macs, double peak)
{
  const double pixels = (double)o->width * o->height;

  g_print ("  %-6s %-22s %9.1f ms/MP %6.1f %% of peak  ratio %5.2f\n", precision, who, 1e9 * seconds / pixels,
           peak > 0 ? 100 * 2e-9 * macs * pixels / seconds / peak : 0, seconds / t->engine);
}

static void
print_times (const Options *o, const char *precision, const Times *t, double macs, double peak)
{
  print_row (o, precision, "engine", t->engine, t, macs, peak);
  for (int way = 0; way < N_WAYS; way++)
    if (t->onednn[way] < G_MAXDOUBLE)
      print_row (o, precision, way_names[way], t->onednn[way], t, macs, peak);
  g_print ("  %-6s largest difference %.1e\n", precision, t->difference);
}

static void
add_number (JsonBuilder *json, const char *name, double value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_double_value (json, value);
}

static void
build_times (JsonBuilder *json, const Options *o, const char *name, const Times *t)
{
  static const char *const keys[N_WAYS] = { "onednn_ms_per_mp", "onednn_blocked_ms_per_mp",
                                            "onednn_areas_ms_per_mp", "onednn_areas_blocked_ms_per_mp" };
  const double ms = 1e9 / ((double)o->width * o->height);

  json_builder_set_member_name (json, name);
  json_builder_begin_object (json);
  add_number (json, "engine_ms_per_mp", ms * t->engine);
  for (int way = 0; way < N_WAYS; way++)
    if (t->onednn[way] < G_MAXDOUBLE)
      add_number (json, keys[way], ms * t->onednn[way]);
  add_number (json, "ratio", best_of (t) / t->engine);
  add_number (json, "difference", t->difference);
  json_builder_end_object (json);
}

static gboolean
bench_model (const char *path, const Options *o, JsonBuilder *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AeModel) model = ae_model_load (path, &error);
  const double macs = model ? ae_graph_macs (ae_model_graph (model)) : 0;
  const double peak = bench_peak (ae_kernels_get (), o->threads);
  const gboolean has_fast = ae_kernels_fast () != NULL;
  Times exact, fast;

  if (!model || !measure (model, o, AE_PRECISION_EXACT, &exact, &error)
      || (has_fast && !measure (model, o, AE_PRECISION_FAST, &fast, &error)))
    {
      g_printerr ("onednn: %s\n", error->message);
      return FALSE;
    }
  if (o->check && !(exact.difference <= 1e-3 && (!has_fast || fast.difference <= 0.05)))
    {
      g_printerr ("onednn: %s: results differ by %g, expected at most 0.001 (bf16: %g, 0.05)\n", path,
                  exact.difference, has_fast ? fast.difference : 0);
      return FALSE;
    }
  if (json)
    {
      json_builder_begin_object (json);
      json_builder_set_member_name (json, "model");
      json_builder_add_string_value (json, path);
      json_builder_set_member_name (json, "isa");
      json_builder_add_string_value (json, ae_kernels_get ()->name);
      add_number (json, "width", o->width);
      add_number (json, "height", o->height);
      add_number (json, "threads", o->threads);
      add_number (json, "peak_gflops", peak);
      build_times (json, o, "exact", &exact);
      if (has_fast)
        build_times (json, o, "fast", &fast);
      json_builder_end_object (json);
      return TRUE;
    }
  g_print ("%s: %.1f kMAC/px, %d x %d, %d threads, %s, peak %.1f GFLOP/s\n", path, macs / 1000, o->width,
           o->height, o->threads, ae_kernels_get ()->name, peak);
  print_times (o, "exact", &exact, macs, peak);
  if (has_fast)
    {
      print_times (o, "fast", &fast, macs, peak);
      g_print ("  fast engine to exact oneDNN: %.2f\n", best_of (&exact) / fast.engine);
    }
  return TRUE;
}

/* oneDNN may use what the engine uses. */
static void
limit_isa (void)
{
  const char *name = ae_kernels_get ()->name;

  if (!strcmp (name, "sse2") || !strcmp (name, "c"))
    dnnl_set_max_cpu_isa (dnnl_cpu_isa_sse41);
  else if (!strcmp (name, "avx2"))
    dnnl_set_max_cpu_isa (dnnl_cpu_isa_avx2);
}

int
main (int argc, char **argv)
{
  Options o = { .width = 1024, .height = 1024, .area = 512, .repeats = 3 };
  g_autofree char *size = NULL;
  GOptionEntry entries[] = {
    { "size", 0, 0, G_OPTION_ARG_STRING, &size, "Size of the picture (1024x1024), multiples of the alignment",
      "WIDTHxHEIGHT" },
    { "threads", 't', 0, G_OPTION_ARG_INT, &o.threads, "Use N threads (0: one per CPU)", "N" },
    { "area", 0, 0, G_OPTION_ARG_INT, &o.area,
      "oneDNN also in areas of N x N pixels without what tiles compute twice (512; 0: not)", "N" },
    { "repeats", 'r', 0, G_OPTION_ARG_INT, &o.repeats, "Take the best of N runs (3)", "N" },
    { "steps", 's', 0, G_OPTION_ARG_NONE, &o.steps, "Show each step of oneDNN too", NULL },
    { "check", 'c', 0, G_OPTION_ARG_NONE, &o.check, "Fail if results differ by more than 0.001, bf16 by 0.05",
      NULL },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &o.json, "Write JSON", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context
    = g_option_context_new ("MODEL... - whole models by the engine and by oneDNN");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonBuilder) json = NULL;
  char rest;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("onednn: %s\n", error->message);
      return EXIT_FAILURE;
    }
  if ((size && sscanf (size, "%dx%d%c", &o.width, &o.height, &rest) != 2) || o.width < 1 || o.height < 1
      || o.repeats < 1 || o.threads < 0 || o.area < 0 || argc < 2)
    {
      g_printerr ("onednn: expected a model, sizes and numbers above 0\n");
      return EXIT_FAILURE;
    }
  if (o.threads == 0)
    o.threads = (int)g_get_num_processors ();
  omp_set_num_threads (o.threads);
  limit_isa ();
  if (o.json)
    json = json_builder_begin_array (json_builder_new ());
  for (int i = 1; i < argc; i++)
    if (!bench_model (argv[i], &o, json))
      return EXIT_FAILURE;
  if (json)
    bench_print_json (json_builder_end_array (json));
  return EXIT_SUCCESS;
}
