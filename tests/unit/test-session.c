/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-session.c - pictures through models: exact for any tile, thread and memory limit; errors; cancel. */

#include <ae/error.h>
#include <ae/session.h>
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/kernels.h"

#include "../grad/reference.h"
#include "graphs.h"

/* Scratch comes from aligned_alloc (), which the linker sends here.  It is
 * filled with NaN: whatever is used before it is written shows. */
static size_t allocated;
static int allocations;
static gboolean allocation_fails;

void *__real_aligned_alloc (size_t alignment, size_t size);
void *__wrap_aligned_alloc (size_t alignment, size_t size);

void *
__wrap_aligned_alloc (size_t alignment, size_t size)
{
  void *memory = allocation_fails ? NULL : __real_aligned_alloc (alignment, size);

  allocated = size;
  allocations++;
  if (memory)
    memset (memory, 0xff, size);
  return memory;
}

/* The shape of the shipped networks, in small. */
#define GRAPH_SMALL_PU2                                                                                      \
  "rgb = input channels=3 planes=rgb\n"                                                                      \
  "sigma = input channels=1 planes=sigma\n"                                                                  \
  "planes = concat rgb sigma\n"                                                                              \
  "small = pixel_unshuffle planes factor=2\n"                                                                \
  "head = conv small out=20 kernel=3\n" GRAPH_BLOCK (                                                        \
    "d1", "head",                                                                                            \
    "20") "s1 = conv d1 out=24 kernel=2 stride=2\n" GRAPH_BLOCK ("e1", "s1",                                 \
                                                                 "24") "g1 = conv_transpose e1 out=20 "      \
                                                                       "kernel=2 stride=2\n"                 \
                                                                       "k1 = add g1 d1\n"                    \
                                                                       "tail = conv k1 out=12 kernel=3\n"    \
                                                                       "change = pixel_shuffle tail "        \
                                                                       "factor=2\n"                          \
                                                                       "result = add change rgb\n"           \
                                                                       "output result\n"

/* One plane in and out, and a noise level at full resolution. */
#define GRAPH_GREY                                                                                           \
  "y = input channels=1 planes=y\n"                                                                          \
  "s = input channels=1 planes=sigma\n"                                                                      \
  "c = concat s y\n"                                                                                         \
  "a = conv c out=9 kernel=3 act=leaky slope=0.2\n"                                                          \
  "b = conv a out=1 kernel=3\n"                                                                              \
  "r = add b y\n"                                                                                            \
  "output r\n"

/* The noise level joins where the picture has been through convolutions, which read rows around it. */
#define GRAPH_LATE_SIGMA                                                                                     \
  "s = input channels=1 planes=sigma\n"                                                                      \
  "x = input channels=3 planes=rgb\n"                                                                        \
  "a = conv x out=16 kernel=3\n"                                                                             \
  "b = conv a out=16 kernel=3\n"                                                                             \
  "c = conv b out=16 kernel=3\n"                                                                             \
  "d = conv c out=16 kernel=3\n"                                                                             \
  "e = concat d s\n"                                                                                         \
  "y = conv e out=3 kernel=1\n"                                                                              \
  "output y\n"

/* The result depends on more of the noise level than of the picture. */
#define GRAPH_FAR_SIGMA                                                                                      \
  "s = input channels=1 planes=sigma\n"                                                                      \
  "x = input channels=3 planes=rgb\n"                                                                        \
  "a = conv s out=16 kernel=3\n"                                                                             \
  "b = conv a out=16 kernel=3\n"                                                                             \
  "c = conv b out=16 kernel=3\n"                                                                             \
  "d = conv c out=16 kernel=3\n"                                                                             \
  "f = conv d out=3 kernel=1\n"                                                                              \
  "y = add x f\n"                                                                                            \
  "output y\n"

/* The result has other channels than the picture: nothing is added back. */
#define GRAPH_TO_GREY                                                                                        \
  "x = input channels=3 planes=rgb\n"                                                                        \
  "a = conv x out=5 kernel=1 act=sigmoid\n"                                                                  \
  "b = conv a out=1 kernel=3\n"                                                                              \
  "output b\n"

static const char *const graphs[] = {
  GRAPH_SMALL_PU2,           GRAPH_FULL_UNET, GRAPH_UPSCALE ("2", "12"),
  GRAPH_UPSCALE ("3", "27"), GRAPH_MIXED,     GRAPH_GREY,
  GRAPH_LATE_SIGMA,          GRAPH_FAR_SIGMA, GRAPH_TO_GREY,
};

enum
{
  TABLES_MAX = 4
};

static AeModel *
model_of (const char *text)
{
  GError *error = NULL;
  g_autoptr (AeGraph) graph = ae_graph_parse (text, "test", &error);
  g_autoptr (GArray) params = g_array_new (FALSE, FALSE, sizeof (float));
  GRand *random = g_rand_new_with_seed (7);
  AeModel *model;

  ck_assert_msg (graph != NULL, "%s", error ? error->message : "");
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    {
      const AeParam *param = ae_graph_param (graph, i);
      gsize fan = param->rank == 4 ? param->count / (gsize)param->dims[0] : 16;

      for (gsize j = 0; j < param->count; j++)
        {
          float value = (float)(g_rand_double_range (random, -1.2, 1.2) / sqrt ((double)fan));

          g_array_append_val (params, value);
        }
    }
  model = ae_model_new (graph, (const float *)(void *)params->data, NULL);
  g_rand_free (random);
  return model;
}

/* A picture, what its callbacks see, and when they fail. */
typedef struct
{
  int width, height, channels, out_channels, scale;
  float *planes; /* [channels][height][width] */
  float *sigma;  /* [height][width] */
  float *result;
  guint8 *written; /* how often, per pixel of the result */
  GThread *thread;
  int reads, sigma_reads, writes, shows;
  int beside; /* writes that do not begin at the left edge */
  int back;   /* rows that a write began further up than the one before, at most */
  int last_y; /* of the last write */
  int events;
  int fail_read, fail_sigma, fail_write; /* number of the call that fails, from 1; 0: none */
  int slow_read;                         /* number of the call that takes longer than the progress interval */
  double cancel_from;                    /* fraction */
  double last_fraction;
} Job;

static Job *
job_new (const AeModel *model, int width, int height, guint32 seed)
{
  const AeGraph *graph = ae_model_graph (model);
  GRand *random = g_rand_new_with_seed (seed);
  Job *job = g_new0 (Job, 1);
  gsize area = (gsize)width * (gsize)height, n;

  job->width = width;
  job->height = height;
  job->channels = ae_graph_find_input (graph, AE_PLANES_RGB) >= 0 ? 3 : 1;
  job->out_channels = ae_graph_node (graph, ae_graph_output (graph))->channels;
  job->scale = ae_graph_scale (graph);
  job->thread = g_thread_self ();
  job->cancel_from = 2;
  job->last_fraction = -1;
  n = area * (gsize)job->channels;
  job->planes = g_new (float, n);
  job->sigma = g_new (float, area);
  for (gsize i = 0; i < n; i++)
    {
      static const float special[] = { NAN, INFINITY, -INFINITY, 1.5f, -0.25f, 3e4f, -2e3f, 1e-42f };
      int draw = g_rand_int_range (random, 0, 200);

      job->planes[i]
        = draw < (int)G_N_ELEMENTS (special) ? special[draw] : (float)g_rand_double_range (random, 0, 1);
    }
  for (gsize i = 0; i < area; i++)
    job->sigma[i] = g_rand_int_range (random, 0, 50) ? (float)g_rand_double_range (random, 0, 0.3) : NAN;
  n = area * (gsize)(job->out_channels * job->scale * job->scale);
  job->result = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    job->result[i] = -77;
  job->written = g_new0 (guint8, area * (gsize)(job->scale * job->scale));
  g_rand_free (random);
  return job;
}

static void
job_free (Job *job)
{
  g_free (job->planes);
  g_free (job->sigma);
  g_free (job->result);
  g_free (job->written);
  g_free (job);
}

static gsize
result_bytes (const Job *job)
{
  return (gsize)(job->out_channels * job->scale * job->scale) * (gsize)job->width * (gsize)job->height
         * sizeof (float);
}

static void
check_rect (const Job *job, const AeRect *rect, int scale)
{
  ck_assert_msg (rect->x >= 0 && rect->y >= 0 && rect->width > 0 && rect->height > 0
                   && rect->x + rect->width <= job->width * scale
                   && rect->y + rect->height <= job->height * scale,
                 "rectangle %d %d %d × %d is not within %d × %d", rect->x, rect->y, rect->width, rect->height,
                 job->width * scale, job->height * scale);
  ck_assert_ptr_eq (g_thread_self (), job->thread);
}

static void
copy_rect (const Job *job, const AeRect *rect, const float *from, float *to)
{
  for (int y = 0; y < rect->height; y++, to += rect->width)
    memcpy (to, from + (gsize)(rect->y + y) * (gsize)job->width + (gsize)rect->x,
            (gsize)rect->width * sizeof (float));
}

static gboolean
fails (int number, int call, const char *what, GError **error)
{
  if (call != number)
    return FALSE;
  g_set_error (error, AE_ERROR, AE_ERROR_FILE, "the %s function fails", what);
  return TRUE;
}

static gboolean
read_planes (const AeRect *rect, float *planes, gpointer data, GError **error)
{
  Job *job = data;

  check_rect (job, rect, 1);
  job->events++;
  if (fails (job->fail_read, ++job->reads, "read", error))
    return FALSE;
  if (job->reads == job->slow_read)
    g_usleep (G_USEC_PER_SEC / 8);
  for (int c = 0; c < job->channels; c++)
    copy_rect (job, rect, job->planes + (gsize)c * (gsize)job->width * (gsize)job->height,
               planes + (gsize)c * (gsize)rect->width * (gsize)rect->height);
  return TRUE;
}

static gboolean
read_sigma (const AeRect *rect, float *plane, gpointer data, GError **error)
{
  Job *job = data;

  check_rect (job, rect, 1);
  job->events++;
  if (fails (job->fail_sigma, ++job->sigma_reads, "sigma", error))
    return FALSE;
  copy_rect (job, rect, job->sigma, plane);
  return TRUE;
}

static gboolean
write_planes (const AeRect *rect, const float *planes, gpointer data, GError **error)
{
  Job *job = data;
  gsize width = (gsize)(job->width * job->scale), height = (gsize)(job->height * job->scale);

  check_rect (job, rect, job->scale);
  job->events++;
  if (fails (job->fail_write, ++job->writes, "write", error))
    return FALSE;
  job->beside += rect->x > 0;
  job->back = MAX (job->back, job->last_y - rect->y);
  job->last_y = rect->y;
  for (int c = 0; c < job->out_channels; c++)
    for (int y = 0; y < rect->height; y++, planes += rect->width)
      {
        gsize at = (gsize)(rect->y + y) * width + (gsize)rect->x;

        memcpy (job->result + (gsize)c * width * height + at, planes, (gsize)rect->width * sizeof (float));
        for (int x = 0; c == 0 && x < rect->width; x++)
          job->written[at + (gsize)x]++;
      }
  return TRUE;
}

static gboolean
show (double fraction, gpointer data)
{
  Job *job = data;

  ck_assert_ptr_eq (g_thread_self (), job->thread);
  ck_assert_msg (fraction >= job->last_fraction && fraction >= 0 && fraction <= 1, "progress %g after %g",
                 fraction, job->last_fraction);
  job->last_fraction = fraction;
  job->shows++;
  job->events++;
  return fraction < job->cancel_from;
}

static gboolean
run_job (AeSession *session, Job *job, gboolean varying, GError **error)
{
  AeRun run = { .width = job->width,
                .height = job->height,
                .sigma = 25,
                .read = read_planes,
                .sigma_func = varying ? read_sigma : NULL,
                .write = write_planes,
                .progress = show,
                .data = job };

  return ae_session_run (session, &run, error);
}

static AeSession *
session_of (AeModel *model, int threads, int tile, guint64 max_memory)
{
  AeSessionOptions options = { .threads = threads, .tile = tile, .max_memory = max_memory };
  GError *error = NULL;
  AeSession *session = ae_session_new (model, &options, &error);

  ck_assert_msg (session != NULL, "%s", error ? error->message : "");
  ck_assert_ptr_eq (ae_session_model (session), model);
  return session;
}

/* The smallest tile. */
static int
least_tile (AeModel *model)
{
  AeSession *session = session_of (model, 1, 0, 0);
  int least = ae_session_least_tile (session);

  ae_session_free (session);
  return least;
}

/* Runs a whole job that must succeed. */
static Job *
run_well (AeModel *model, int width, int height, gboolean varying, int threads, int tile, guint64 max_memory)
{
  AeSession *session = session_of (model, threads, tile, max_memory);
  Job *job = job_new (model, width, height, 1);
  GError *error = NULL;
  gsize wrong = 0;

  ck_assert_msg (run_job (session, job, varying, &error), "%s", error ? error->message : "no message");
  ck_assert_ptr_null (error);
  for (gsize i = 0; i < (gsize)(width * job->scale) * (gsize)(height * job->scale); i++)
    wrong += job->written[i] != 1;
  ck_assert_uint_eq (wrong, 0);
  ck_assert_msg (job->last_fraction == 1, "the last progress was %g", job->last_fraction);
  ae_session_free (session);
  return job;
}

/* What the definition says: the network, in double precision, on the picture and its mirrored margin. */

static double
finite_part (float v)
{
  return isfinite (v) ? (double)v : 0;
}

static double *
mirrored (const float *plane, int width, int height, int channels, int left, int full_width, int full_height)
{
  double *full = g_new (double, (gsize)channels *(gsize)full_width *(gsize)full_height), *at = full;

  for (int c = 0; c < channels; c++)
    for (int y = 0; y < full_height; y++)
      for (int x = 0; x < full_width; x++)
        {
          gsize row = (gsize)c * (gsize)height + (gsize)ae_mirror (y - left, height);

          *at++ = CLAMP (finite_part (plane[row * (gsize)width + (gsize)ae_mirror (x - left, width)]), 0, 1);
        }
  return full;
}

static double *
expected (const AeModel *model, const Job *job, gboolean varying)
{
  AeGraph *graph = ae_model_graph (model);
  int a = ae_graph_alignment (graph), around = ae_graph_margin (graph);
  int width = (job->width + a - 1) / a * a + 2 * around, height = (job->height + a - 1) / a * a + 2 * around;
  int n = ae_graph_n_nodes (graph);
  g_autofree double **inputs = g_new0 (double *, n);
  g_autofree double *params = g_new (double, ae_model_n_values (model) + 1);
  g_autofree float *constant = g_new (float, (gsize)job->width *(gsize)job->height);
  double *to = params, *full, *result;
  gsize out_width = (gsize)(job->width * job->scale), out_height = (gsize)(job->height * job->scale);
  gsize full_width = (gsize)(width * job->scale), full_height = (gsize)(height * job->scale);

  for (gsize i = 0; i < (gsize)job->width * (gsize)job->height; i++)
    constant[i] = 25.0f / 255;
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    for (gsize j = 0; j < ae_graph_param (graph, i)->count; j++)
      *to++ = (double)ae_model_param (model, i)[j];
  for (int i = 0; i < n; i++)
    if (ae_graph_node (graph, i)->op == AE_OP_INPUT)
      inputs[i]
        = ae_graph_node (graph, i)->planes == AE_PLANES_SIGMA
            ? mirrored (varying ? job->sigma : constant, job->width, job->height, 1, around, width, height)
            : mirrored (job->planes, job->width, job->height, job->channels, around, width, height);
  full = reference_run (graph, params, inputs, width, height);
  for (int i = 0; i < n; i++)
    g_free (inputs[i]);

  result = g_new (double, result_bytes (job) / sizeof (float));
  for (int c = 0; c < job->out_channels; c++)
    for (gsize y = 0; y < out_height; y++)
      for (gsize x = 0; x < out_width; x++)
        {
          gsize at = ((gsize)c * out_height + y) * out_width + x;
          gsize skip = (gsize)(around * job->scale);

          result[at] = full[((gsize)c * full_height + y + skip) * full_width + x + skip];
          if (job->scale == 1 && job->channels == job->out_channels)
            result[at] += finite_part (job->planes[at]) - CLAMP (finite_part (job->planes[at]), 0, 1);
        }
  g_free (full);
  return result;
}

static const struct
{
  int width, height;
} sizes[] = { { 1, 1 }, { 1, 7 }, { 13, 17 }, { 200, 3 }, { 3, 61 }, { 41, 37 }, { 6, 203 } };

/* Against the definition, but for rounding. */
START_TEST (test_definition)
{
  AeModel *model = model_of (graphs[_i]);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (int varying = 0; varying < 2; varying++)
      {
        Job *job = run_well (model, sizes[i].width, sizes[i].height, varying, 1, 0, 0);
        double *want = expected (model, job, varying);

        for (gsize p = 0; p < result_bytes (job) / sizeof (float); p++)
          if (!(fabs (job->result[p] - want[p]) <= 2e-5 * (1 + fabs (want[p]))))
            ck_abort_msg ("%d × %d: value %zu is %.9g, expected %.9g", sizes[i].width, sizes[i].height, p,
                          (double)job->result[p], want[p]);
        g_free (want);
        job_free (job);
      }
  ae_model_unref (model);
}
END_TEST

/* Same bits with every tile, number of threads and memory limit. */
START_TEST (test_exact)
{
  const AeKernels *table = ae_kernels_nth (_i % TABLES_MAX);
  AeModel *model;
  int least, alignment;

  if (!table)
    return;
  g_setenv ("AE_CPU", table->name, TRUE);
  ck_assert_ptr_eq (ae_kernels_get (), table);
  model = model_of (graphs[_i / TABLES_MAX]);
  alignment = ae_graph_alignment (ae_model_graph (model));
  least = least_tile (model);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      int width = sizes[i].width, height = sizes[i].height;
      Job *whole = run_well (model, width, height, TRUE, 1, 0, 0);
      int tiles[] = { 0, width * height < 300 ? least : least + 4 * alignment, least + 2 * alignment };

      ck_assert_int_eq (whole->beside, 0);
      for (int threads = 1; threads <= 3; threads++)
        {
          Job *job = run_well (model, width, height, TRUE, threads, tiles[threads - 1], 0);

          ck_assert_msg (memcmp (whole->result, job->result, result_bytes (job)) == 0,
                         "%d × %d with tiles of %d and %d threads differs", width, height, tiles[threads - 1],
                         threads);
          if (threads > 1 && width > 5 * alignment * AE_WINOGRAD)
            ck_assert_int_gt (job->writes, 1);
          job_free (job);
        }
      job_free (whole);
    }
  ae_model_unref (model);
}
END_TEST

/* A tall picture in columns: the caller has rows complete long before the last. */
START_TEST (test_columns)
{
  AeModel *model = model_of (GRAPH_GREY);
  Job *whole = run_well (model, 50, 2200, TRUE, 1, 0, 0), *job = run_well (model, 50, 2200, TRUE, 2, 30, 0);

  ck_assert_int_eq (whole->beside, 0);
  ck_assert_int_eq (whole->back, 0);
  ck_assert_int_gt (job->beside, 0);
  ck_assert_int_gt (job->back, 0);
  ck_assert_int_le (job->back, 1024);
  ck_assert (memcmp (whole->result, job->result, result_bytes (job)) == 0);
  job_free (whole);
  job_free (job);
  ae_model_unref (model);
}
END_TEST

/* A session may be used again, for other pictures, and gives what a new one gives. */
START_TEST (test_again)
{
  AeModel *model = model_of (GRAPH_SMALL_PU2);
  AeSession *session = session_of (model, 2, 0, 0);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      Job *fresh = run_well (model, sizes[i].width, sizes[i].height, FALSE, 1, 0, 0);
      Job *job = job_new (model, sizes[i].width, sizes[i].height, 1);

      ck_assert (run_job (session, job, FALSE, NULL));
      ck_assert (memcmp (fresh->result, job->result, result_bytes (job)) == 0);
      job_free (fresh);
      job_free (job);
    }
  ae_session_free (session);
  ae_model_unref (model);
}
END_TEST

/* Unclamped: the network sees values beyond 0..1, and nothing is added back. */
START_TEST (test_unclamped)
{
  AeModel *model = model_of ("x = input channels=1 planes=y\n"
                             "y = conv x out=1 kernel=1 act=relu bias=0\n"
                             "output y\n");
  float weight = ae_model_param (model, 0)[0];
  AeSession *session = session_of (model, 1, 0, 0);

  for (int unclamped = 0; unclamped < 2; unclamped++)
    {
      Job *job = job_new (model, 50, 40, 3);
      AeRun run = { .width = 50,
                    .height = 40,
                    .unclamped = unclamped,
                    .read = read_planes,
                    .write = write_planes,
                    .data = job };

      ck_assert (ae_session_run (session, &run, NULL));
      for (int i = 0; i < 50 * 40; i++)
        {
          float v = isfinite (job->planes[i]) ? job->planes[i] : 0, in = unclamped ? v : CLAMP (v, 0, 1);
          float want = MAX (in * weight, 0) + (v - in) * !unclamped;

          ck_assert_msg (fabsf (job->result[i] - want) <= 1e-6f * (1 + fabsf (want)),
                         "%g gives %g, expected %g", (double)job->planes[i], (double)job->result[i],
                         (double)want);
        }
      ck_assert_int_eq (job->shows, 0);
      job_free (job);
    }
  ae_session_free (session);
  ae_model_unref (model);
}
END_TEST

/* Memory: what is planned is what is allocated, and keeps within the limit. */
START_TEST (test_memory)
{
  static const guint64 limits[] = { 4 << 20, 1 << 20, 400 << 10, 0 };
  AeModel *model = model_of (graphs[_i]);
  Job *whole = run_well (model, 301, 211, TRUE, 2, 0, 0);

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      AeSession *session = session_of (model, 2, 0, limits[i]);
      guint64 planned = ae_session_memory (session, 301, 211);
      Job *job;

      ae_session_free (session);
      if ((i == 1 || i == 2) && planned == 0)
        continue; /* this network needs more */
      ck_assert_uint_gt (planned, 0);
      allocations = 0;
      job = run_well (model, 301, 211, TRUE, 2, 0, limits[i]);
      ck_assert_int_eq (allocations, 1);
      ck_assert_uint_le (allocated, planned);
      /* the rest: the list of tiles and a few small tables */
      ck_assert_uint_ge (allocated + 32u * (guint)job->writes + (32 << 10), planned);
      if (limits[i])
        {
          ck_assert_uint_le (planned, limits[i]);
          if (job->beside > 0) /* and makes use of it */
            ck_assert_uint_ge (planned, limits[i] / 4);
        }
      else
        ck_assert_int_eq (job->beside, 0);
      ck_assert (memcmp (whole->result, job->result, result_bytes (job)) == 0);
      job_free (job);
    }
  job_free (whole);
  ae_model_unref (model);
}
END_TEST

/* The message says what would do, and that does. */
START_TEST (test_too_little_memory)
{
  AeModel *model = model_of (graphs[_i]);
  AeSession *session = session_of (model, 1, 0, 1000);
  Job *job = job_new (model, 90, 70, 1), *whole = run_well (model, 90, 70, FALSE, 1, 0, 0);
  GError *error = NULL;
  const char *at;
  double need;

  ck_assert_uint_eq (ae_session_memory (session, 90, 70), 0);
  ck_assert (!run_job (session, job, FALSE, &error));
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_LIMIT));
  ck_assert_int_eq (job->events, 0);
  at = strstr (error->message, "need ");
  ck_assert_ptr_nonnull (at);
  need = g_ascii_strtod (at + strlen ("need "), NULL);
  g_clear_error (&error);
  ae_session_free (session);
  job_free (job);

  job = run_well (model, 90, 70, FALSE, 1, 0, (guint64)(need * (1 << 20)));
  ck_assert (memcmp (whole->result, job->result, result_bytes (job)) == 0);
  job_free (job);
  session = session_of (model, 1, 0, (guint64)((need - 0.01) * (1 << 20) * 0.5));
  ck_assert_uint_eq (ae_session_memory (session, 90, 70), 0);
  ae_session_free (session);
  job_free (whole);
  ae_model_unref (model);
}
END_TEST

START_TEST (test_no_memory)
{
  AeModel *model = model_of (GRAPH_SMALL_PU2);
  AeSession *session = session_of (model, 1, 0, 0);
  Job *job = job_new (model, 90, 70, 1);
  GError *error = NULL;

  allocation_fails = TRUE;
  ck_assert (!run_job (session, job, FALSE, &error));
  allocation_fails = FALSE;
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_MEMORY));
  ck_assert_int_eq (job->events, 0);
  g_clear_error (&error);
  ck_assert (run_job (session, job, FALSE, &error));
  job_free (job);
  ae_session_free (session);
  ae_model_unref (model);
}
END_TEST

/* With kernels whose tiles may begin at every unit of the alignment. */
static AeModel *
small_tiles (void)
{
  g_setenv ("AE_CPU", "c", TRUE);
  return model_of (GRAPH_SMALL_PU2);
}

/* A function of the caller that fails: its error comes back, and nothing more is called. */
START_TEST (test_callback_fails)
{
  AeModel *model = small_tiles ();
  int least = least_tile (model);

  for (int which = 0; which < 3; which++)
    for (int at = 1; at <= 4; at += 3)
      {
        AeSession *session = session_of (model, 2, least, 0);
        Job *job = job_new (model, 12, 12, 1);
        GError *error = NULL;
        static const char *const names[] = { "read", "sigma", "write" };

        *(which == 0 ? &job->fail_read : which == 1 ? &job->fail_sigma : &job->fail_write) = at;
        ck_assert (!run_job (session, job, TRUE, &error));
        ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_FILE));
        ck_assert (strstr (error->message, names[which]) != NULL);
        ck_assert_int_eq (which == 0 ? job->reads : which == 1 ? job->sigma_reads : job->writes, at);
        ck_assert_int_eq (job->reads - job->sigma_reads, which == 0);
        ck_assert_int_le (job->writes, which == 2 ? at : at - 1);
        ck_assert_int_eq (job->events, job->reads + job->sigma_reads + job->writes + job->shows);
        ck_assert (job->last_fraction < 1);
        g_error_free (error);
        job_free (job);
        ae_session_free (session);
      }
  ae_model_unref (model);
}
END_TEST

static void
check_cancelled (AeSession *session, Job *job)
{
  GError *error = NULL;

  ck_assert (!run_job (session, job, TRUE, &error));
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_CANCELLED));
  g_error_free (error);
}

START_TEST (test_cancel)
{
  AeModel *model = small_tiles ();
  int least = least_tile (model);
  AeSession *session = session_of (model, 2, least, 0);
  Job *job = job_new (model, 12, 12, 1);

  /* before anything is read */
  job->cancel_from = 0;
  check_cancelled (session, job);
  ck_assert_int_eq (job->events, 1);
  job_free (job);

  /* in the third strip, which is not written */
  job = job_new (model, 12, 12, 1);
  job->cancel_from = 1e-9;
  job->slow_read = 3;
  check_cancelled (session, job);
  ck_assert_int_le (job->reads, 3);
  ck_assert_int_lt (job->writes, 3);
  ck_assert_int_eq (job->shows, 2);
  job_free (job);

  /* when all is written */
  job = job_new (model, 12, 12, 1);
  job->cancel_from = 1;
  check_cancelled (session, job);
  ck_assert_int_eq (job->writes, 9);
  job_free (job);

  /* the session is as good as new */
  job = job_new (model, 12, 12, 1);
  ck_assert (run_job (session, job, TRUE, NULL));
  ck_assert_int_eq (job->writes, 9);
  job_free (job);
  ae_session_free (session);
  ae_model_unref (model);
}
END_TEST

START_TEST (test_rejected)
{
  static const AeSessionOptions bad[] = { { -1, 0, 0 }, { 1025, 0, 0 }, { 1, 0, -1 } };
  static const struct
  {
    int width, height;
    float sigma;
    int tile, code;
    const char *message;
  } runs[] = {
    { 0, 5, 25, 0, AE_ERROR_ARGUMENT, "0 × 5" },
    { 5, -5, 25, 0, AE_ERROR_ARGUMENT, "5 × -5" },
    { G_MAXINT, 5, 25, 0, AE_ERROR_ARGUMENT, "2147483647 × 5" },
    { 5, 5, -1, 0, AE_ERROR_ARGUMENT, "noise level -1" },
    { 5, 5, 256, 0, AE_ERROR_ARGUMENT, "noise level 256" },
    { 5, 5, NAN, 0, AE_ERROR_ARGUMENT, "noise level nan" },
    { 5, 5, 25, 10, AE_ERROR_LIMIT, "pixels or more" },
  };
  AeModel *model = model_of (GRAPH_SMALL_PU2);
  GError *error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      ck_assert_ptr_null (ae_session_new (model, &bad[i], &error));
      ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_ARGUMENT));
      g_clear_error (&error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      AeSession *session = session_of (model, 1, runs[i].tile, 0);
      Job *job = job_new (model, 5, 5, 1);
      AeRun run = { .width = runs[i].width,
                    .height = runs[i].height,
                    .sigma = runs[i].sigma,
                    .read = read_planes,
                    .write = write_planes,
                    .progress = show,
                    .data = job };

      ck_assert (!ae_session_run (session, &run, &error));
      ck_assert_msg (g_error_matches (error, AE_ERROR, runs[i].code), "%s", error->message);
      ck_assert_msg (strstr (error->message, runs[i].message) != NULL, "'%s' does not say '%s'",
                     error->message, runs[i].message);
      ck_assert_int_eq (job->events, 0);
      g_clear_error (&error);
      job_free (job);
      ae_session_free (session);
    }
  ae_session_free (NULL);
  ae_model_unref (model);
}
END_TEST

/* Without options: all CPUs, 1 GiB. */
START_TEST (test_defaults)
{
  AeModel *model = model_of (GRAPH_SMALL_PU2);
  AeSession *session = ae_session_new (model, NULL, NULL);
  Job *job = job_new (model, 33, 21, 1), *other = run_well (model, 33, 21, FALSE, 1, 0, 0);

  ck_assert_ptr_nonnull (session);
  ck_assert (run_job (session, job, FALSE, NULL));
  ck_assert (memcmp (other->result, job->result, result_bytes (job)) == 0);
  ck_assert_uint_le (ae_session_memory (session, 200000, 1000), (guint64)1 << 30);
  /* one column less would need more than there is, and twice as much at most */
  ck_assert_uint_ge (ae_session_memory (session, 200000, 1000), (guint64)512 << 20);
  job_free (job);
  job_free (other);
  ae_session_free (session);
  ae_model_unref (model);
}
END_TEST

static Suite *
session_suite (void)
{
  Suite *suite = suite_create ("session");
  TCase *exact = tcase_create ("exact");
  TCase *memory = tcase_create ("memory");
  TCase *calls = tcase_create ("calls");

  tcase_set_timeout (exact, 240);
  tcase_add_loop_test (exact, test_definition, 0, G_N_ELEMENTS (graphs));
  tcase_add_loop_test (exact, test_exact, 0, G_N_ELEMENTS (graphs) * TABLES_MAX);
  tcase_add_test (exact, test_columns);
  tcase_add_test (exact, test_again);
  tcase_add_test (exact, test_unclamped);
  suite_add_tcase (suite, exact);
  tcase_set_timeout (memory, 240);
  tcase_add_loop_test (memory, test_memory, 0, G_N_ELEMENTS (graphs));
  tcase_add_loop_test (memory, test_too_little_memory, 0, G_N_ELEMENTS (graphs));
  tcase_add_test (memory, test_no_memory);
  suite_add_tcase (suite, memory);
  tcase_set_timeout (calls, 60);
  tcase_add_test (calls, test_callback_fails);
  tcase_add_test (calls, test_cancel);
  tcase_add_test (calls, test_rejected);
  tcase_add_test (calls, test_defaults);
  suite_add_tcase (suite, calls);
  return suite;
}

int
main (void)
{
  SRunner *runner = srunner_create (session_suite ());
  int failed;

  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
