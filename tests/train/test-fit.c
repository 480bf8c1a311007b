/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-fit.c - whole training runs: learning, threads, resuming, refusing. */

#include <check.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <ae/error.h>
#include <ae/model.h>
#include <ae/session.h>
#include "train/checkpoint.h"
#include "train/fit.h"
#include "train/init.h"
#include "train/net.h"
#include "train/sample.h"
#include "train/random.h"
#include "train/watch.h"

#define NETWORK "[network]\nfamily = unet\nunshuffle = 2\nwidths = 8;8\nblocks = 1\n"
#define MODEL "[model]\nname = tiny\ntask = denoise\n"
#define NOISE "[degradation gaussian]\nsteps = gaussian\ngaussian.sigma = 25\n"

typedef struct
{
  char *folder, *data_path;
  AeDataset *data;
} Place;

/* A folder with two pictures of soft stripes. */
static Place
place_new (void)
{
  GError *error = NULL;
  Place p = { g_dir_make_tmp ("ae-fit-XXXXXX", NULL), NULL, NULL };
  AeDatasetWriter *writer = ae_dataset_writer_new ();

  for (int i = 0; i < 2; i++)
    {
      int width = 40 + 24 * i, height = 40;
      guint8 *rgb = g_malloc (3 * (gsize)(width * height));

      for (int j = 0; j < width * height; j++)
        for (int c = 0; c < 3; c++)
          rgb[3 * j + c] = (guint8)(60 + 4 * ((j % width * (i + 1) + j / width * (c + 1)) % 32));
      ck_assert (ae_dataset_writer_add (writer, i ? "b.png" : "a.png", rgb, width, height, &error));
    }
  p.data_path = g_build_filename (p.folder, "data.safetensors", NULL);
  ck_assert (ae_dataset_writer_save (writer, p.data_path, NULL, &error));
  ae_dataset_writer_free (writer);
  p.data = ae_dataset_open (p.data_path, &error);
  ck_assert_msg (p.data != NULL, "%s", error ? error->message : "");
  return p;
}

static void
remove_folder (const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        remove_folder (path);
      else
        g_unlink (path);
    }
  if (dir)
    g_dir_close (dir);
  g_rmdir (folder);
}

static void
place_free (Place *p)
{
  ae_dataset_free (p->data);
  remove_folder (p->folder);
  g_free (p->folder);
  g_free (p->data_path);
}

static AeRecipe *
recipe (const char *training)
{
  GError *error = NULL;
  g_autofree char *text = g_strconcat (MODEL NETWORK NOISE "[training]\n", training, NULL);
  AeRecipe *r = ae_recipe_parse (text, "test.ini", &error);

  ck_assert_msg (r != NULL, "%s", error ? error->message : "");
  return r;
}

static char *
run_folder (const Place *p, const char *name)
{
  char *folder = g_build_filename (p->folder, name, NULL);

  g_mkdir (folder, 0777);
  return folder;
}

static void
fit (const Place *p, const AeRecipe *r, const char *folder, int threads, gint64 stop_after, gboolean resume)
{
  GError *error = NULL;
  AeFitOptions options
    = { .folder = folder, .threads = threads, .stop_after = stop_after, .resume = resume, .quiet = TRUE };

  ck_assert_msg (ae_fit (r, p->data, &options, &error), "%s", error ? error->message : "");
}

static void
assert_same_file (const char *folder_a, const char *folder_b, const char *name)
{
  g_autofree char *a_path = g_build_filename (folder_a, name, NULL);
  g_autofree char *b_path = g_build_filename (folder_b, name, NULL);
  g_autofree char *a = NULL, *b = NULL;
  gsize a_size, b_size;

  ck_assert_msg (g_file_get_contents (a_path, &a, &a_size, NULL), "%s", a_path);
  ck_assert_msg (g_file_get_contents (b_path, &b, &b_size, NULL), "%s", b_path);
  ck_assert_uint_eq (a_size, b_size);
  ck_assert_msg (memcmp (a, b, a_size) == 0, "%s and %s differ", a_path, b_path);
}

typedef struct
{
  float *picture; /* [3][SIDE][SIDE] */
} Canvas;

#define SIDE 64

static gboolean
canvas_read (const AeRect *rect, float *planes, gpointer data, GError **error)
{
  const Canvas *canvas = data;

  for (int c = 0; c < 3; c++)
    for (int y = 0; y < rect->height; y++)
      for (int x = 0; x < rect->width; x++)
        *planes++ = canvas->picture[(c * SIDE + rect->y + y) * SIDE + rect->x + x];
  return TRUE;
}

static gboolean
canvas_write (const AeRect *rect, const float *planes, gpointer data, GError **error)
{
  const Canvas *canvas = data;

  for (int c = 0; c < 3; c++)
    for (int y = 0; y < rect->height; y++)
      for (int x = 0; x < rect->width; x++)
        canvas->picture[(c * SIDE + rect->y + y) * SIDE + rect->x + x] = *planes++;
  return TRUE;
}

/* Mean squared error of a flat noisy picture before and after the model. */
static void
denoise_flat (AeModel *model, double *before, double *after)
{
  float picture[3 * SIDE * SIDE];
  Canvas canvas = { picture };
  AeRandom random = ae_random (5, 5, AE_RANDOM_VALIDATION);
  const AeSessionOptions options = { .threads = 1 };
  AeRun run = {
    .width = SIDE, .height = SIDE, .sigma = 25, .read = canvas_read, .write = canvas_write, .data = &canvas
  };
  AeSession *session = ae_session_new (model, &options, NULL);

  ae_random_normal (&random, picture, 3 * SIDE * SIDE);
  *before = *after = 0;
  for (int i = 0; i < 3 * SIDE * SIDE; i++)
    {
      picture[i] = 0.5f + 25.0f / 255 * picture[i];
      *before += ((double)picture[i] - 0.5) * ((double)picture[i] - 0.5);
    }
  ck_assert (ae_session_run (session, &run, NULL));
  for (int i = 0; i < 3 * SIDE * SIDE; i++)
    *after += ((double)picture[i] - 0.5) * ((double)picture[i] - 0.5);
  ae_session_free (session);
}

START_TEST (learns)
{
  Place p = place_new ();
  g_autoptr (AeRecipe) r
    = recipe ("crop = 16\nbatch = 8\nsteps = 300\nrate = 4e-3\nwarmup = 20\nema = 0.95\n");
  g_autofree char *folder = run_folder (&p, "run");
  g_autofree char *model_path = g_build_filename (folder, "tiny.safetensors", NULL);
  g_autoptr (AeModel) model = NULL;
  double before, after;

  fit (&p, r, folder, 2, 0, FALSE);
  model = ae_model_load (model_path, NULL);
  ck_assert_ptr_nonnull (model);
  ck_assert_str_eq (ae_model_meta (model, "ae.data"), ae_dataset_digest (p.data));
  ck_assert_str_eq (ae_model_meta (model, "ae.recipe"), r->text);
  denoise_flat (model, &before, &after);
  ck_assert_msg (after < 0.6 * before, "squared error %g, before %g", after, before);
  place_free (&p);
}
END_TEST

static const char *const optimizers[] = { "", "optimizer = muon\nbeta1 = 0.95\n" };

START_TEST (threads_do_not_matter)
{
  Place p = place_new ();
  g_autofree char *training = g_strconcat ("crop = 16\nbatch = 5\nsteps = 12\n", optimizers[_i], NULL);
  g_autoptr (AeRecipe) r = recipe (training);
  g_autofree char *one = run_folder (&p, "1"), *two = run_folder (&p, "2"), *three = run_folder (&p, "3");

  fit (&p, r, one, 1, 0, FALSE);
  fit (&p, r, two, 2, 0, FALSE);
  fit (&p, r, three, 3, 0, FALSE);
  assert_same_file (one, two, "checkpoint-12.safetensors");
  assert_same_file (one, three, "checkpoint-12.safetensors");
  assert_same_file (one, two, "tiny.safetensors");
  place_free (&p);
}
END_TEST

START_TEST (resumes_exactly)
{
  Place p = place_new ();
  g_autofree char *training = g_strconcat ("crop = 16;24\nbatch = 4\nsteps = 20\n", optimizers[_i], NULL);
  g_autoptr (AeRecipe) r = recipe (training);
  g_autofree char *straight = run_folder (&p, "straight"), *parts = run_folder (&p, "parts");

  fit (&p, r, straight, 2, 0, FALSE);
  fit (&p, r, parts, 1, 7, FALSE);
  fit (&p, r, parts, 2, 6, TRUE);
  fit (&p, r, parts, 2, 0, TRUE);
  assert_same_file (straight, parts, "checkpoint-20.safetensors");
  assert_same_file (straight, parts, "tiny.safetensors");
  place_free (&p);
}
END_TEST

static void
assert_refused (const Place *p, const AeRecipe *r, const char *folder, gboolean resume, const char *words)
{
  GError *error = NULL;
  AeFitOptions options = { .folder = folder, .threads = 1, .resume = resume, .quiet = TRUE };

  ck_assert (!ae_fit (r, p->data, &options, &error));
  ck_assert_msg (strstr (error->message, words) != NULL, "%s", error->message);
  g_error_free (error);
}

START_TEST (refuses_another_recipe)
{
  Place p = place_new ();
  g_autoptr (AeRecipe) r = recipe ("crop = 16\nbatch = 1\nsteps = 4\n");
  g_autoptr (AeRecipe) other = recipe ("crop = 16\nbatch = 1\nsteps = 5\n");
  g_autofree char *folder = run_folder (&p, "run");

  fit (&p, r, folder, 1, 2, FALSE);
  assert_refused (&p, r, folder, FALSE, "there is a run already");
  assert_refused (&p, other, folder, TRUE, "another recipe");
  place_free (&p);
}
END_TEST

START_TEST (refuses_other_data)
{
  Place p = place_new (), other = place_new ();
  g_autoptr (AeRecipe) r = recipe ("crop = 16\nbatch = 1\nsteps = 4\n");
  g_autofree char *folder = run_folder (&p, "run"), *kept = NULL, *kept_after = NULL;
  g_autofree char *path = g_build_filename (folder, "checkpoint-2.safetensors", NULL);
  AeDatasetWriter *writer = ae_dataset_writer_new ();
  gsize n, n_after;

  fit (&p, r, folder, 1, 2, FALSE);
  ck_assert (g_file_get_contents (path, &kept, &n, NULL));
  ae_dataset_free (other.data);
  ck_assert (ae_dataset_writer_add (writer, "c.png", g_malloc0 (3 * 40 * 40), 40, 40, NULL));
  ck_assert (ae_dataset_writer_save (writer, other.data_path, NULL, NULL));
  ae_dataset_writer_free (writer);
  other.data = ae_dataset_open (other.data_path, NULL);
  assert_refused (&other, r, folder, TRUE,
                  "checkpoint-2.safetensors: was made with another set of training pictures");
  ck_assert (g_file_get_contents (path, &kept_after, &n_after, NULL));
  ck_assert (n == n_after && memcmp (kept, kept_after, n) == 0);
  place_free (&p);
  place_free (&other);
}
END_TEST

START_TEST (reports_divergence)
{
  Place p = place_new ();
  g_autoptr (AeRecipe) r = recipe ("crop = 16\nbatch = 1\nsteps = 10\nloss = mse\n");
  g_autofree char *folder = run_folder (&p, "run");
  g_autofree char *path = g_build_filename (p.folder, "huge.safetensors", NULL);
  g_autoptr (AeModel) huge = NULL;
  GError *error = NULL;
  AeFitOptions options = { .folder = folder, .threads = 1, .init = path, .quiet = TRUE };
  gsize n = 0;
  float *params;

  for (int i = 0; i < ae_graph_n_params (r->graph); i++)
    n += ae_graph_param (r->graph, i)->count;
  params = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    params[i] = 1e12f;
  huge = ae_fit_model (r, "none", params, 0);
  ck_assert (ae_model_save (huge, path, AE_DTYPE_F32, &error));
  ck_assert (!ae_fit (r, p.data, &options, &error));
  ck_assert (g_error_matches (error, AE_ERROR, AE_ERROR_DIVERGED));
  ck_assert_str_eq (error->message, "training diverged at step 1; last good checkpoint: none");
  g_error_free (error);
  g_free (params);
  place_free (&p);
}
END_TEST

START_TEST (crops_too_large)
{
  Place p = place_new ();
  g_autoptr (AeRecipe) r = recipe ("crop = 64\nbatch = 1\nsteps = 4\n");
  g_autofree char *folder = run_folder (&p, "run");

  assert_refused (&p, r, folder, FALSE, "none of the 2 pictures can be trained on");
  place_free (&p);
}
END_TEST

/* Squared error of a network's result for sample 0 of a run, params: in their order. */
static double
sample_error (const AeRecipe *r, const AeDataset *data, const float *params)
{
  AeSampler *sampler = ae_sampler_new (r, data, NULL);
  AeBackprop *bp = ae_backprop_new (r->graph, ae_kernels_get ());
  int crop = r->crops[0], side = crop * ae_graph_scale (r->graph);
  AeNet *net = ae_net_new (bp, crop, crop);
  g_autofree float *target = g_new (float, 3 * side * side), *input = g_new (float, 3 * crop * crop);
  g_autofree float *sigma = g_new (float, crop *crop);
  double sum = 0;

  ae_backprop_set_params (bp, params);
  for (guint64 index = 0; index < 8; index++)
    {
      ae_sampler_draw (sampler, index, crop, target, input, sigma);
      ae_net_fill (net, input, sigma);
      ae_net_forward (net);
      for (int i = 0; i < 3 * side * side; i++)
        {
          double d = (double)ae_net_output (net)->data[i] - (double)target[i];

          sum += d * d;
        }
    }
  ae_net_free (net);
  ae_backprop_free (bp);
  ae_sampler_free (sampler);
  return sum;
}

/* All values of a model in the order of its parameters. */
static float *
values_of (const AeModel *model)
{
  float *values = g_new (float, ae_model_n_values (model)), *to = values;

  for (int i = 0; i < ae_graph_n_params (ae_model_graph (model)); i++)
    {
      const AeParam *param = ae_graph_param (ae_model_graph (model), i);

      memcpy (to, ae_model_param (model, i), param->count * sizeof (float));
      to += param->count;
    }
  return values;
}

START_TEST (learns_to_enlarge)
{
  Place p = place_new ();
  GError *error = NULL;
  g_autoptr (AeRecipe) r = ae_recipe_parse (
    "[model]\nname = large\ntask = upscale\n[network]\nfamily = residual\nwidths = 8\nblocks = 1\n"
    "[training]\ncrop = 12\nbatch = 4\nsteps = 200\nrate = 4e-3\nwarmup = 10\nema = 0.9\n"
    "[degradation a]\nsteps = bicubic;round8\n",
    "test.ini", &error);
  g_autofree char *folder = run_folder (&p, "run");
  g_autofree char *path = g_build_filename (folder, "large.safetensors", NULL);
  g_autofree float *first = NULL, *last = NULL;
  g_autoptr (AeModel) model = NULL;
  double before, after;

  ck_assert_msg (r != NULL, "%s", error ? error->message : "");
  fit (&p, r, folder, 2, 0, FALSE);
  model = ae_model_load (path, &error);
  ck_assert_msg (model != NULL, "%s", error ? error->message : "");
  ck_assert_str_eq (ae_model_meta (model, "ae.task"), "upscale");
  last = values_of (model);
  first = g_new0 (float, ae_model_n_values (model)); /* zeros: the bicubic picture alone */
  before = sample_error (r, p.data, first);
  after = sample_error (r, p.data, last);
  ck_assert_msg (after < 0.93 * before, "squared error %g, of the bicubic picture %g", after, before);
  place_free (&p);
}
END_TEST

START_TEST (starts_from_a_smaller_model)
{
  g_autoptr (AeGraph) small = ae_graph_parse ("x = input channels=3 planes=rgb\na = conv x out=2 kernel=3\n"
                                              "b = conv a out=3 kernel=1\noutput b\n",
                                              "small", NULL);
  g_autoptr (AeGraph) wide
    = ae_graph_parse ("x = input channels=3 planes=rgb\na = conv x out=4 kernel=3\n"
                      "c = conv a out=4 kernel=1\nb = conv c out=3 kernel=1\noutput b\n",
                      "wide", NULL);
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  float values[2 * 27 + 2 + 6 + 3], start[4 * 27 + 4 + 16 + 4 + 12 + 3], params[G_N_ELEMENTS (start)];
  g_autoptr (AeModel) model = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    values[i] = 100 + (float)i;
  g_hash_table_insert (meta, (gpointer) "ae.task", (gpointer) "denoise");
  g_hash_table_insert (meta, (gpointer) "ae.name", (gpointer) "small");
  model = ae_model_new (small, values, meta);
  ae_init_params (wide, 1, start);
  memcpy (params, start, sizeof params);
  ck_assert_int_eq (ae_init_from_model (wide, model, params), 4);
  ck_assert_mem_eq (params, values, 2 * 27 * sizeof (float));          /* a: first two outputs */
  ck_assert_mem_eq (params + 54, start + 54, 2 * 27 * sizeof (float)); /* the others */
  ck_assert_float_eq (params[108], 154);                               /* bias of a */
  ck_assert_float_eq (params[110], 0);
  ck_assert_mem_eq (params + 112, start + 112, 20 * sizeof (float)); /* c is new */
  for (int o = 0; o < 3; o++)
    for (int i = 0; i < 4; i++)
      ck_assert_float_eq (params[132 + 4 * o + i], i < 2 ? 156 + (float)(2 * o + i) : 0);
  ck_assert_mem_eq (params + 144, values + 62, 3 * sizeof (float));
}
END_TEST

/* Result of a network for the same crop, [3][CROP][CROP]. */
static float *
run_network (const AeRecipe *r, const AeDataset *data, const float *params)
{
  AeSampler *sampler = ae_sampler_new (r, data, NULL);
  AeBackprop *bp = ae_backprop_new (r->graph, ae_kernels_get ());
  int crop = r->crops[0];
  gsize n = 3 * (gsize)(crop * crop);
  AeNet *net = ae_net_new (bp, crop, crop);
  g_autofree float *target = g_new (float, n), *input = g_new (float, n), *sigma = g_new (float, n / 3);
  float *result;

  ae_backprop_set_params (bp, params);
  ae_sampler_draw (sampler, 0, crop, target, input, sigma);
  ae_net_fill (net, input, sigma);
  ae_net_forward (net);
  result = g_memdup2 (ae_net_output (net)->data, n * sizeof (float));
  ae_net_free (net);
  ae_backprop_free (bp);
  ae_sampler_free (sampler);
  return result;
}

static AeRecipe *
recipe_of_widths (const char *widths)
{
  GError *error = NULL;
  g_autofree char *text
    = g_strdup_printf (MODEL NOISE "[network]\nfamily = unet\nwidths = %s\nblocks = 1\n"
                                   "[training]\ncrop = 16\nbatch = 4\nsteps = 6\nwarmup = 1\nema = 0\n",
                       widths);
  AeRecipe *r = ae_recipe_parse (text, "test.ini", &error);

  ck_assert_msg (r != NULL, "%s", error ? error->message : "");
  return r;
}

/* It computes the same, and after a few steps nothing of it stands still. */
START_TEST (starts_wider_as_the_same_function)
{
  Place p = place_new ();
  g_autoptr (AeRecipe) narrow = recipe_of_widths ("8;16"), wide = recipe_of_widths ("11;24");
  g_autofree char *folder = run_folder (&p, "wide"),
                  *path = g_build_filename (p.folder, "narrow.safetensors", NULL);
  g_autofree char *made_path = g_build_filename (folder, "tiny.safetensors", NULL);
  AeFitOptions options = { .folder = folder, .threads = 1, .init = path, .quiet = TRUE };
  gsize n = ae_graph_n_values (narrow->graph), m = ae_graph_n_values (wide->graph), still = 0, first = 0;
  g_autofree float *values = g_new (float, n), *start = g_new (float, m), *made_values = NULL;
  g_autofree float *expected = NULL, *found = NULL;
  g_autoptr (AeModel) model = NULL, made = NULL;
  GError *error = NULL;

  ae_init_params (narrow->graph, 2, values);
  for (gsize i = 0; i < n; i++) /* the tail would be zero */
    values[i] += 0.01f * sinf ((float)(i * i % 1009));
  model = ae_fit_model (narrow, "none", values, 0);
  ae_init_params (wide->graph, 1, start);
  ck_assert_int_eq (ae_init_from_model (wide->graph, model, start), ae_graph_n_params (wide->graph));
  expected = run_network (narrow, p.data, values);
  found = run_network (wide, p.data, start);
  for (int i = 0; i < 3 * 16 * 16; i++)
    ck_assert_float_eq_tol (found[i], expected[i], 1e-5f);

  ck_assert (ae_model_save (model, path, AE_DTYPE_F32, &error));
  ck_assert_msg (ae_fit (wide, p.data, &options, &error), "%s", error ? error->message : "");
  made = ae_model_load (made_path, &error);
  made_values = values_of (made);
  for (int i = 0; i < ae_graph_n_params (wide->graph); i++)
    {
      const AeParam *param = ae_graph_param (wide->graph, i);

      for (gsize j = first; j < first + param->count; j++)
        still += made_values[j] == start[j];
      first += param->count;
    }
  /* a ReLU that is off for all crops keeps its input's weights */
  ck_assert_msg (still < m / 20, "%zu of %zu values stand still", still, m);
  place_free (&p);
}
END_TEST

START_TEST (takes_only_the_same_kernels)
{
  g_autoptr (AeGraph) three = ae_graph_parse (
    "x = input channels=3 planes=rgb\na = conv x out=3 kernel=3 bias=0\noutput a\n", "3", NULL);
  g_autoptr (AeGraph) one = ae_graph_parse (
    "x = input channels=3 planes=rgb\na = conv x out=3 kernel=1 bias=0\noutput a\n", "1", NULL);
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  float values[81] = { 0 }, params[9] = { 5 };
  g_autoptr (AeModel) model = NULL;

  g_hash_table_insert (meta, (gpointer) "ae.task", (gpointer) "denoise");
  model = ae_model_new (three, values, meta);
  ck_assert_int_eq (ae_init_from_model (one, model, params), 0);
  ck_assert_float_eq (params[0], 5);
}
END_TEST

/* A single hard crop is no divergence, a loss that has left for good is one although it is finite. */
START_TEST (watches_the_loss)
{
  AeWatch watch = { 0, 0, 0 };
  int steps = 0;

  for (int i = 0; i < 1000; i++)
    ck_assert (ae_watch_step (&watch, 5 * exp (-i / 100.0) + 0.02, 1));
  ck_assert (ae_watch_step (&watch, 50, 1));
  for (int i = 0; i < 1000; i++)
    ck_assert (ae_watch_step (&watch, 0.02, 1));
  while (ae_watch_step (&watch, 10, 1))
    steps++;
  ck_assert_int_ge (steps, 10);
  ck_assert_int_le (steps, 100);
  watch = (AeWatch){ 0, 0, 0 };
  ck_assert (!ae_watch_step (&watch, 1, INFINITY));
  ck_assert (!ae_watch_step (&watch, NAN, 1));
}
END_TEST

START_TEST (schedule)
{
  AeSchedule s = { AE_SCHEDULE_COSINE, 1, 0, 10 };

  ck_assert_float_eq_tol (ae_schedule_rate (&s, 0, 100), 0.1f, 1e-6f);
  ck_assert_float_eq_tol (ae_schedule_rate (&s, 9, 100), 1, 1e-6f);
  s.final_rate = 0.2;
  ck_assert_float_eq_tol (ae_schedule_rate (&s, 55, 100), 0.6f, 1e-6f);
  ck_assert_float_eq_tol (ae_schedule_rate (&s, 100, 100), 0.2f, 1e-6f);

  s.kind = AE_SCHEDULE_CONSTANT;
  ck_assert_float_eq_tol (ae_schedule_rate (&s, 4, 100), 0.5f, 1e-6f);
  ck_assert_float_eq_tol (ae_schedule_rate (&s, 10, 100), 1, 1e-6f);
  ck_assert_float_eq_tol (ae_schedule_rate (&s, 99, 100), 1, 1e-6f);

  s.kind = AE_SCHEDULE_ONE_CYCLE;
  ck_assert_float_eq_tol (ae_schedule_rate (&s, 0, 100), 0.04f, 1e-6f);
  ck_assert_float_eq_tol (ae_schedule_rate (&s, 15, 100), 0.52f, 1e-6f);
  ck_assert_float_eq_tol (ae_schedule_rate (&s, 30, 100), 1, 1e-6f);
  ck_assert_float_eq_tol (ae_schedule_rate (&s, 65, 100), 0.6f, 1e-6f);
  ck_assert_float_eq_tol (ae_schedule_rate (&s, 100, 100), 0.2f, 1e-6f);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("fit");
  TCase *tcase = tcase_create ("fit");
  SRunner *runner;
  int failed;

  tcase_set_timeout (tcase, 300);
  tcase_add_test (tcase, learns);
  tcase_add_loop_test (tcase, threads_do_not_matter, 0, G_N_ELEMENTS (optimizers));
  tcase_add_loop_test (tcase, resumes_exactly, 0, G_N_ELEMENTS (optimizers));
  tcase_add_test (tcase, refuses_another_recipe);
  tcase_add_test (tcase, refuses_other_data);
  tcase_add_test (tcase, reports_divergence);
  tcase_add_test (tcase, crops_too_large);
  tcase_add_test (tcase, learns_to_enlarge);
  tcase_add_test (tcase, starts_from_a_smaller_model);
  tcase_add_test (tcase, starts_wider_as_the_same_function);
  tcase_add_test (tcase, takes_only_the_same_kernels);
  tcase_add_test (tcase, watches_the_loss);
  tcase_add_test (tcase, schedule);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
