/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* bench.c - timing, and the peak that timings are compared with. */

#include "bench.h"
#include "bench-peak.h"

#include <string.h>
#include <time.h>

typedef struct
{
  BenchFunc func;
  gpointer data;
  double seconds;
  double rate;
} Job;

/* Processor time of this thread in seconds: what the scheduler gives to others does not count. */
static double
now (void)
{
  struct timespec t;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static gpointer
job_run (gpointer data)
{
  /* Long against the clock's resolution, short enough for many of them: one undisturbed repeat is enough. */
  const double repeat = 0.003;
  Job *job = data;
  double end = now () + job->seconds;
  guint64 calls = 1;

  job->rate = 0;
  do
    {
      double begin = now ();
      double elapsed;

      for (guint64 i = 0; i < calls; i++)
        job->func (job->data);
      elapsed = now () - begin;
      if (elapsed < repeat / 2)
        calls *= 2;
      else
        job->rate = MAX (job->rate, (double)calls / elapsed);
    }
  while (now () < end || job->rate <= 0);
  return NULL;
}

double
bench_rate (BenchFunc func, gpointer *data, int n_data, double seconds)
{
  Job *jobs = g_new0 (Job, n_data);
  GThread **threads = g_new0 (GThread *, n_data);
  double rate = 0;

  for (int i = 0; i < n_data; i++)
    {
      jobs[i] = (Job){ .func = func, .data = data[i], .seconds = seconds };
      if (i > 0)
        threads[i] = g_thread_new ("bench", job_run, &jobs[i]);
    }
  job_run (&jobs[0]);
  for (int i = 0; i < n_data; i++)
    {
      if (threads[i])
        g_thread_join (threads[i]);
      rate += jobs[i].rate;
    }
  g_free (threads);
  g_free (jobs);
  return rate;
}

#define PEAK_ROUNDS 20000

typedef struct
{
  BenchPeakFunc func;
  volatile float sink;
} Peak;

static void
peak_run (gpointer data)
{
  Peak *peak = data;

  peak->sink = peak->func (PEAK_ROUNDS, 0.5f, 1);
}

static BenchPeakFunc
peak_func (const char *name)
{
#ifdef AE_HAVE_X86
  if (!strcmp (name, "sse2"))
    return bench_peak_sse2;
  if (!strcmp (name, "avx2"))
    return bench_peak_avx2;
  if (!strcmp (name, "avx512"))
    return bench_peak_avx512;
#elif defined(AE_HAVE_NEON)
  if (!strcmp (name, "neon"))
    return bench_peak_neon;
#endif
  return NULL;
}

double
bench_peak (const AeKernels *k, int threads)
{
  BenchPeakFunc func = peak_func (k->name);
  Peak *peaks;
  gpointer *data;
  double rate;

  if (!func)
    return 0;
  peaks = g_new0 (Peak, threads);
  data = g_new0 (gpointer, threads);
  for (int i = 0; i < threads; i++)
    {
      peaks[i].func = func;
      data[i] = &peaks[i];
    }
  rate = bench_rate (peak_run, data, threads, 0.3);
  g_free (data);
  g_free (peaks);
  return rate * PEAK_ROUNDS * BENCH_PEAK_SUMS * k->vl * 2 * 1e-9;
}

#define BANDWIDTH_FLOATS ((gsize)8 << 20)

typedef struct
{
  const AeKernels *kernels;
  float *data; /* [3][BANDWIDTH_FLOATS] */
} Bandwidth;

static void
bandwidth_run (gpointer data)
{
  const Bandwidth *b = data;

  b->kernels->add (b->data, b->data + BANDWIDTH_FLOATS, b->data + 2 * BANDWIDTH_FLOATS, BANDWIDTH_FLOATS);
}

double
bench_bandwidth (const AeKernels *k, int threads)
{
  g_autofree Bandwidth *all = g_new0 (Bandwidth, threads);
  g_autofree gpointer *data = g_new0 (gpointer, threads);
  double rate;

  for (int i = 0; i < threads; i++)
    {
      all[i].kernels = k;
      all[i].data = g_aligned_alloc (3 * BANDWIDTH_FLOATS, sizeof (float), 64);
      for (gsize at = 0; at < 3 * BANDWIDTH_FLOATS; at++)
        all[i].data[at] = 1;
      data[i] = &all[i];
    }
  rate = bench_rate (bandwidth_run, data, threads, 0.3);
  for (int i = 0; i < threads; i++)
    g_aligned_free (all[i].data);
  return rate * 3 * BANDWIDTH_FLOATS * sizeof (float) * 1e-9;
}

void
bench_print_json (JsonBuilder *json)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_builder_get_root (json);
  g_autofree char *text = NULL;

  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  text = json_generator_to_data (generator, NULL);
  g_print ("%s\n", text);
}
