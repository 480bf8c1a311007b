/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* train-latent.c - ae-train latent: looks inside a model. */

#include "ae-train.h"

#include <ae/error.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latent.h"
#include "train/random.h"

#define AXES_SHOWN 16
#define VOTES 1

typedef struct
{
  char *folder, *csv, *judge;
  double range;
  int steps, samples;
  gint64 seed;
  gboolean pca, svg;
} Options;

static int
failed (GError *error)
{
  fprintf (stderr, "ae-train: %s\n", error->message);
  g_error_free (error);
  return 1;
}

/* The recipe that a model carries: what it is given, how it is judged.  Its network is the model's, which has
 * no sums of convolutions any more: parameters are counted by it. */
static AeRecipe *
recipe_of (const AeModel *model, const char *path, GError **error)
{
  const char *text = ae_model_meta (model, "ae.recipe");
  g_autoptr (AeRecipe) recipe = text ? ae_recipe_parse (text, path, error) : NULL;

  if (!text)
    g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: the model does not carry the recipe that made it",
                 path);
  if (!recipe || !ae_recipe_take_network (recipe, ae_model_graph (model), error))
    return NULL;
  return g_steal_pointer (&recipe);
}

static void
print_axes (const AeLatent *l)
{
  for (gsize k = 0; k < MIN (l->dim, AXES_SHOWN); k++)
    {
      double mean = 0, squares = 0;

      for (int i = 0; i < l->data->n; i++)
        mean += (double)l->latents[(gsize)i * l->dim + k] / l->data->n;
      for (int i = 0; i < l->data->n; i++)
        {
          double d = (double)l->latents[(gsize)i * l->dim + k] - mean;

          squares += d * d / l->data->n;
        }
      printf ("latent %-9zu mean %8.4f   standard deviation %8.4f\n", k + 1, mean, sqrt (squares));
    }
  if (l->dim > AXES_SHOWN)
    printf ("and %zu more\n", l->dim - AXES_SHOWN);
}

/* Mean squared error of results and, at as many numbers, of principal components of these same pictures. */
static void
print_pca (const AeLatent *l)
{
  gsize size = ae_idx_size (l->data), n = (gsize)l->data->n * size;
  int k = (int)MIN (l->dim, size);
  g_autoptr (AePca) pca = ae_pca_new (l->targets, l->data->n, (int)size, k);
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      double d = (double)CLAMP (l->results[i], 0, 1) - (double)l->targets[i];

      sum += d * d;
    }
  printf (
    "mean squared error of the model %.5f; of %d principal components fitted to these same pictures %.5f\n",
    sum / (double)n, k, ae_pca_error (pca, l->targets, l->data->n));
}

/* How often the nearest neighbor is of the same class. */
static void
print_neighbors (const AeLatent *l)
{
  int right = 0, n = MIN (l->data->n, 1000);

  if (!l->data->labels || l->data->n < 2)
    return;
  for (int i = 0; i < n; i++)
    {
      int neighbor;

      ae_latent_neighbors (l, i, VOTES, &neighbor);
      right += l->data->labels[neighbor] == l->data->labels[i];
    }
  printf ("nearest neighbor of the same class: %.1f %% of %d examples\n", 100.0 * right / n, n);
}

static gboolean
write_csv (const AeLatent *l, const char *path, GError **error)
{
  g_autoptr (GString) text = g_string_new ("example,label");
  g_autoptr (GError) local = NULL;
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  for (gsize k = 0; k < l->dim; k++)
    g_string_append_printf (text, ",z%zu", k + 1);
  g_string_append_c (text, '\n');
  for (int i = 0; i < l->data->n; i++)
    {
      g_string_append_printf (text, "%d,", i);
      if (l->data->labels)
        g_string_append_printf (text, "%d", l->data->labels[i]);
      for (gsize k = 0; k < l->dim; k++)
        g_string_append_printf (
          text, ",%s",
          g_ascii_formatd (number, sizeof number, "%.7g", (double)l->latents[(gsize)i * l->dim + k]));
      g_string_append_c (text, '\n');
    }
  if (g_file_set_contents (path, text->str, (gssize)text->len, &local))
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: cannot be written: %s", path, local->message);
  return FALSE;
}

/* A classifier for results of the model. */
static AeCodec *
open_judge (const AeLatent *l, const char *path, GError **error)
{
  g_autoptr (AeModel) model = ae_model_load (path, error);
  AeCodec *judge = model ? ae_codec_new (model, error) : NULL;

  if (judge
      && (g_strcmp0 (ae_model_meta (model, "ae.task"), "classify") != 0
          || ae_codec_picture_size (judge) != ae_codec_result_size (l->codec)))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s: not a classifier of pictures of %d x %d pixels",
                   path, l->width, l->height);
      g_clear_pointer (&judge, ae_codec_free);
    }
  return judge;
}

/* Results that the judge is sure about (a value of 1/2 or more), of a class that was asked for. */
static void
print_verdict (AeCodec *judge, const float *results, const int *labels, int n, gsize size)
{
  gsize classes = ae_codec_result_size (judge);
  g_autofree float *values = g_new (float, classes);
  int known = 0;

  for (int i = 0; i < n; i++)
    {
      gsize best = 0;

      ae_codec_run (judge, results + (gsize)i * size, -1, values);
      for (gsize c = 1; c < classes; c++)
        if (values[c] > values[best])
          best = c;
      known += values[best] >= 0.5f && (labels[i] < 0 || (gsize)labels[i] == best);
    }
  printf ("random samples that the classifier recognizes: %d of %d\n", known, n);
}

/* Standard normal latent values; classes in turn where the model is told one. */
static gboolean
draw_samples (const AeLatent *l, const Options *o, const AeLatentOut *out, GError **error)
{
  gsize size = ae_codec_result_size (l->codec);
  int classes = ae_codec_n_classes (l->codec);
  g_autofree float *results = g_new (float, (gsize)o->samples *size), *values = g_new (float, l->dim);
  g_autofree int *labels = g_new (int, o->samples);

  for (int i = 0; i < o->samples; i++)
    {
      AeRandom random = ae_random ((guint64)o->seed, (guint64)i, AE_RANDOM_LATENT);

      ae_random_normal (&random, values, l->dim);
      labels[i] = classes ? i % classes : -1;
      ae_codec_decode (l->codec, values, labels[i], results + (gsize)i * size);
    }
  if (o->judge)
    {
      g_autoptr (AeCodec) judge = open_judge (l, o->judge, error);

      if (!judge)
        return FALSE;
      print_verdict (judge, results, labels, o->samples, size);
    }
  return ae_latent_draw_samples (l, results, o->samples, out, error);
}

static gboolean
draw_all (const AeLatent *l, const Options *o, GError **error)
{
  const AeLatentOut out = { o->folder, o->svg };

  if (g_mkdir_with_parents (o->folder, 0777) != 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: cannot be made", o->folder);
      return FALSE;
    }
  if (!ae_latent_draw_reconstruction (l, &out, error) || !ae_latent_draw_interpolation (l, &out, error)
      || !ae_latent_draw_neighbors (l, &out, error))
    return FALSE;
  if (l->dim >= 2
      && (!ae_latent_draw_scatter (l, &out, error)
          || !ae_latent_draw_walk (l, o->range, o->steps, &out, error)))
    return FALSE;
  return !l->variational || draw_samples (l, o, &out, error);
}

static gboolean
look (const char *model_path, const char *data_path, const Options *o, GError **error)
{
  g_autoptr (AeModel) model = ae_model_load (model_path, error);
  g_autoptr (AeCodec) codec = model ? ae_codec_new (model, error) : NULL;
  g_autoptr (AeRecipe) recipe = codec ? recipe_of (model, model_path, error) : NULL;
  g_autoptr (AeIdx) data = recipe ? ae_idx_load (data_path, NULL, error) : NULL;
  AeWholeScore score;
  AeLatent *l;
  gboolean ok;

  if (!data || !ae_whole_check (recipe, data, data_path, error)
      || !ae_whole_score (recipe, data, ae_model_param (model, 0), 0, &score, error))
    return FALSE;
  printf ("%d examples, loss %.5f", data->n, score.loss);
  if (strcmp (recipe->task, "classify") == 0)
    {
      printf (", accuracy %.2f %%\n", 100 * score.accuracy);
      return TRUE;
    }
  printf (score.kl > 0 ? ", divergence %.4f\n" : "\n", score.kl);
  if (ae_codec_latent_size (codec) == 0)
    {
      g_set_error (error, AE_ERROR, AE_ERROR_UNSUPPORTED, "%s: the model has no latent representation",
                   model_path);
      return FALSE;
    }
  l = ae_latent_new (codec, recipe, data);
  print_axes (l);
  print_neighbors (l);
  if (o->pca)
    print_pca (l);
  ok = draw_all (l, o, error) && (!o->csv || write_csv (l, o->csv, error));
  ae_latent_free (l);
  return ok;
}

int
ae_train_latent_main (int argc, char **argv)
{
  Options o = { .range = 2, .steps = 20, .samples = 100, .seed = 1 };
  const GOptionEntry entries[] = {
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &o.folder, "Folder for the pictures (latent)", "FOLDER" },
    { "svg", 0, 0, G_OPTION_ARG_NONE, &o.svg, "Draw SVG instead of PNG", NULL },
    { "csv", 0, 0, G_OPTION_ARG_FILENAME, &o.csv, "Write the latent values, one row an example", "FILE" },
    { "pca", 0, 0, G_OPTION_ARG_NONE, &o.pca, "Compare with as many principal components", NULL },
    { "range", 0, 0, G_OPTION_ARG_DOUBLE, &o.range, "Half the width of the walk (2)", "X" },
    { "steps", 0, 0, G_OPTION_ARG_INT, &o.steps, "Results in a row of the walk (20)", "N" },
    { "samples", 0, 0, G_OPTION_ARG_INT, &o.samples, "Random results of a generative model (100)", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &o.seed, "Of the random results (1)", "N" },
    { "judge", 0, 0, G_OPTION_ARG_FILENAME, &o.judge, "A classifier that judges the random results",
      "MODEL" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("MODEL DATA");
  GError *error = NULL;
  int result = 0;

  g_option_context_set_summary (context,
                                "Looks inside a model with a fixed size of picture: what it makes of\n"
                                "examples, how they lie in its latent space, what it draws there.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return failed (error);
  if (argc != 3 || o.steps < 1 || o.steps > 100 || o.samples < 1 || o.samples > 2000
      || !(o.range > 0 && o.range <= 100))
    {
      fputs ("Usage: ae-train latent [--out FOLDER] [--svg] [--csv FILE] [--pca] [--range X] [--steps N]\n"
             "                       [--samples N] [--seed N] [--judge MODEL] MODEL DATA\n",
             stderr);
      return 1;
    }
  if (!o.folder)
    o.folder = g_strdup ("latent");
  if (!look (argv[1], argv[2], &o, &error))
    result = failed (error);
  g_free (o.folder);
  g_free (o.csv);
  g_free (o.judge);
  return result;
}
