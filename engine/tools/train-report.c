/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* train-report.c - ae-train report: a run as one page of HTML that needs no other file. */

#include "ae-train.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ae/error.h>

#include "canvas.h"
#include "chart.h"
#include "train/dataset.h"
#include "train/recipe.h"
#include "train/record.h"
#include "train/run-log.h"

#define COLUMNS_MAX 6 /* results over time */

static const char head[]
  = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>%s</title>\n<style>\n"
    "body { font: 15px/1.5 sans-serif; color: #222; background: #fff; max-width: 1160px; margin: 2em auto; "
    "padding: 0 1em }\n"
    "h1 { font-size: 1.6em } h2 { font-size: 1.2em; margin-top: 2em }\n"
    "table { border-collapse: collapse } td { padding: .15em 1.2em .15em 0; vertical-align: top }\n"
    "td:first-child { color: #666 }\n"
    ".charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); gap: 1em }\n"
    "svg { width: 100%%; height: auto; font-size: 12px; fill: #555 } svg .title { font-size: 14px; fill: "
    "#222 }\n"
    ".grid { stroke: #ddd } polyline { fill: none; stroke-width: 1.6; stroke: #1b6ca8 }\n"
    ".faint { stroke: #1b6ca8; stroke-width: 1; opacity: .3 } circle { fill: #1b6ca8 }\n"
    ".pictures { display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: 12px }\n"
    "figure { margin: 0 } img { display: block; image-rendering: pixelated } figcaption { font-size: 12px; "
    "color: #666 }\n"
    "pre { background: #f5f5f5; padding: 1em; overflow-x: auto; font-size: 13px }\n"
    "</style></head><body>\n";

typedef struct
{
  const char *folder;
  AeRunLog *log;
  AeRecipe *recipe; /* NULL: not known */
  GString *html;
} Report;

static void
put_row (GString *html, const char *name, const char *value)
{
  g_autofree char *safe = value ? g_markup_escape_text (value, -1) : NULL;

  if (safe && *safe)
    g_string_append_printf (html, "<tr><td>%s</td><td>%s</td></tr>\n", name, safe);
}

static char *
text_of_seconds (double seconds)
{
  long s = lround (seconds);

  return g_strdup_printf ("%ld h %02ld min %02ld s", s / 3600, s / 60 % 60, s % 60);
}

static void
put_summary (const Report *r)
{
  const AeRunStep *steps = (const AeRunStep *)(const void *)r->log->steps->data;
  guint n = r->log->steps->len;
  g_autofree char *progress = NULL, *best = NULL, *time = NULL, *speed = NULL, *starts = NULL,
                  *machine = NULL;
  const char *what = r->recipe && ae_graph_is_fixed (r->recipe->graph, NULL, NULL) ? "examples" : "crops";
  AeRunValidation top = { 0, 0 };
  double seconds = 0, crops = 0;

  for (guint i = 0; i < r->log->validations->len; i++)
    {
      AeRunValidation v = g_array_index (r->log->validations, AeRunValidation, i);

      if (v.psnr > top.psnr)
        top = v;
    }
  for (guint i = 1; i < n; i++) /* pauses between two starts do not count */
    if (steps[i].crops_per_second > 0 && r->recipe)
      {
        double more = (steps[i].step - steps[i - 1].step) * r->recipe->batch;

        seconds += more / steps[i].crops_per_second;
        crops += more;
      }
  if (n && r->recipe && r->recipe->steps)
    progress = g_strdup_printf ("%.0f of %" G_GINT64_FORMAT " steps of %d %s", steps[n - 1].step,
                                r->recipe->steps, r->recipe->batch, what);
  else if (n && r->recipe) /* by epochs: the number of examples is not known here */
    progress = g_strdup_printf ("%.0f steps of %d %s", steps[n - 1].step, r->recipe->batch, what);
  else if (n)
    progress = g_strdup_printf ("%.0f steps", steps[n - 1].step);
  if (top.psnr > 0)
    best = g_strdup_printf ("%.2f dB at step %.0f", top.psnr, top.step);
  if (seconds > 0)
    {
      time = text_of_seconds (seconds);
      speed = g_strdup_printf ("%.1f %s/s", crops / seconds, what);
    }
  starts = g_strdup_printf ("%d", r->log->starts);
  if (g_hash_table_contains (r->log->start, "cpu"))
    machine = g_strdup_printf ("%s, %s CPUs, %s threads, kernels %s",
                               (const char *)g_hash_table_lookup (r->log->start, "cpu"),
                               (const char *)g_hash_table_lookup (r->log->start, "cpus"),
                               (const char *)g_hash_table_lookup (r->log->start, "threads"),
                               (const char *)g_hash_table_lookup (r->log->start, "kernels"));
  g_string_append (r->html, "<table>\n");
  put_row (r->html, "Progress", progress);
  put_row (r->html, "Best PSNR of a validation", best);
  put_row (r->html, "Time in training", time);
  put_row (r->html, "Speed", speed);
  put_row (r->html, "Starts", starts);
  put_row (r->html, "Machine", machine);
  put_row (r->html, "Software", g_hash_table_lookup (r->log->start, "software"));
  put_row (r->html, "Version", g_hash_table_lookup (r->log->start, "version"));
  put_row (r->html, "Commit", g_hash_table_lookup (r->log->start, "commit"));
  put_row (r->html, "Training data (SHA-256)", g_hash_table_lookup (r->log->start, "data"));
  put_row (r->html, "Started from", g_hash_table_lookup (r->log->start, "init"));
  g_string_append (r->html, "</table>\n");
}

typedef double (*Value) (const AeRunStep *step);

static double
value_loss (const AeRunStep *s)
{
  return s->loss;
}

static double
value_rate (const AeRunStep *s)
{
  return s->rate;
}

static double
value_speed (const AeRunStep *s)
{
  return s->crops_per_second;
}

static double
value_norm (const AeRunStep *s)
{
  return s->norm;
}

static double
value_data (const AeRunStep *s)
{
  return s->data_share < 0 ? NAN : 100 * s->data_share;
}

static void
put_step_chart (const Report *r, const char *title, const char *unit, Value value, gboolean smooth,
                double end)
{
  g_autofree AeChartPoint *points = g_new (AeChartPoint, r->log->steps->len + 1);
  AeChart chart = { title, unit, points, (int)r->log->steps->len, end, smooth, FALSE };

  for (int i = 0; i < chart.n; i++)
    {
      const AeRunStep *s = &g_array_index (r->log->steps, AeRunStep, i);

      points[i] = (AeChartPoint){ s->step, value (s) };
    }
  ae_chart_write (r->html, &chart);
}

static void
put_charts (const Report *r)
{
  g_autofree AeChartPoint *psnr = g_new (AeChartPoint, r->log->validations->len + 1);
  AeChart chart
    = { "PSNR of the validation crops", " dB", psnr, (int)r->log->validations->len, 1, FALSE, TRUE };
  double end = 1;

  for (guint i = 0; i < r->log->steps->len; i++)
    end = MAX (end, g_array_index (r->log->steps, AeRunStep, i).step);
  if (r->recipe)
    end = MAX (end, (double)r->recipe->steps);
  chart.x_max = end;
  for (int i = 0; i < chart.n; i++)
    {
      const AeRunValidation *v = &g_array_index (r->log->validations, AeRunValidation, i);

      psnr[i] = (AeChartPoint){ v->step, v->psnr };
    }
  g_string_append (r->html, "<h2>Curves over the steps</h2>\n<div class=\"charts\">\n");
  put_step_chart (r, "Loss", "", value_loss, TRUE, end);
  ae_chart_write (r->html, &chart);
  put_step_chart (r, "Learning rate", "", value_rate, FALSE, end);
  put_step_chart (r, "Norm of the gradient", "", value_norm, TRUE, end);
  put_step_chart (r, "Crops per second", "", value_speed, FALSE, end);
  put_step_chart (r, "Threads' time in drawing crops", " %", value_data, FALSE, end);
  g_string_append (r->html, "</div>\n");
}

/* A figure; side: of the picture as it is shown. */
static gboolean
put_picture (const Report *r, const guint8 *rgb, int width, int height, int side, const char *caption,
             GError **error)
{
  g_autoptr (AeCanvas) canvas = ae_canvas_new (width, height, error);
  g_autoptr (GByteArray) png = NULL;
  g_autofree char *base64 = NULL, *safe = g_markup_escape_text (caption, -1);

  if (!canvas)
    return FALSE;
  ae_canvas_picture (canvas, 0, 0, rgb, width, height, 1);
  png = ae_canvas_png (canvas);
  base64 = g_base64_encode (png->data, png->len);
  g_string_append_printf (
    r->html,
    "<figure><img width=\"%d\" height=\"%d\" alt=\"%s\" src=\"data:image/png;base64,%s\">"
    "<figcaption>%s</figcaption></figure>\n",
    side, side, safe, base64, safe);
  return TRUE;
}

/* Packed pictures of the run; NULL without an error if there are none. */
static AeDataset *
open_pictures (const Report *r, const char *name)
{
  g_autofree char *path = g_build_filename (r->folder, AE_RECORD_FOLDER, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS) ? ae_dataset_open (path, NULL) : NULL;
}

/* A picture by its name, or NULL. */
static const guint8 *
find_picture (const AeDataset *data, const char *name, int *width, int *height)
{
  for (int i = 0; i < ae_dataset_n_images (data); i++)
    if (strcmp (ae_dataset_name (data, i), name) == 0)
      return ae_dataset_image (data, i, width, height);
  return NULL;
}

static gint
compare_steps (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return x < y ? -1 : x > y;
}

/* Steps of which there are results, at most COLUMNS_MAX, dense at the begin, with the last. */
static GArray *
list_results (const Report *r)
{
  g_autofree char *folder = g_build_filename (r->folder, AE_RECORD_FOLDER, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (gint64));
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      gint64 step;

      if (!g_str_has_prefix (name, AE_RECORD_PREFIX) || !g_str_has_suffix (name, AE_RECORD_SUFFIX))
        continue;
      step = g_ascii_strtoll (name + strlen (AE_RECORD_PREFIX), NULL, 10);
      g_array_append_val (steps, step);
    }
  g_array_sort (steps, compare_steps);
  while (steps->len > COLUMNS_MAX) /* the one whose neighbors are closest to each other in their ratio */
    {
      guint worst = 1;
      double least = INFINITY;

      for (guint i = 1; i + 1 < steps->len; i++)
        {
          double ratio = (double)g_array_index (steps, gint64, i + 1)
                         / (double)MAX (1, g_array_index (steps, gint64, i - 1));

          if (ratio < least)
            {
              least = ratio;
              worst = i;
            }
        }
      g_array_remove_index (steps, worst);
    }
  return steps;
}

static gboolean
put_strip (const Report *r, const AeDataset *given, const GArray *steps, int index, GError **error)
{
  g_autofree char *clean_name = g_strdup_printf ("%d clean", index);
  g_autofree char *input_name = g_strdup_printf ("%d input", index), *name = g_strdup_printf ("%d", index);
  int side, width, height;
  const guint8 *clean = find_picture (given, clean_name, &side, &height), *rgb;

  if (!clean)
    return TRUE;
  side = MIN (side * 2, 132);
  g_string_append (r->html, "<div class=\"pictures\">\n");
  rgb = find_picture (given, input_name, &width, &height);
  if (rgb && !put_picture (r, rgb, width, height, side, "input", error))
    return FALSE;
  for (guint i = 0; i < steps->len; i++)
    {
      gint64 step = g_array_index (steps, gint64, i);
      g_autofree char *file = g_strdup_printf (AE_RECORD_PREFIX "%" G_GINT64_FORMAT AE_RECORD_SUFFIX, step);
      g_autofree char *caption = g_strdup_printf ("step %" G_GINT64_FORMAT, step);
      g_autoptr (AeDataset) results = open_pictures (r, file);

      rgb = results ? find_picture (results, name, &width, &height) : NULL;
      if (rgb && !put_picture (r, rgb, width, height, side, caption, error))
        return FALSE;
    }
  rgb = find_picture (given, clean_name, &width, &height);
  if (!put_picture (r, rgb, width, height, side, "clean", error))
    return FALSE;
  g_string_append (r->html, "</div>\n");
  return TRUE;
}

static gboolean
put_strips (const Report *r, GError **error)
{
  g_autoptr (AeDataset) given = open_pictures (r, "given" AE_RECORD_SUFFIX);
  g_autoptr (GArray) steps = list_results (r);

  if (!given)
    return TRUE;
  g_string_append (r->html, "<h2>Validation crops over time</h2>\n");
  for (int i = 0; i < AE_RECORD_STRIPS; i++)
    if (!put_strip (r, given, steps, i, error))
      return FALSE;
  return TRUE;
}

static gboolean
put_degradations (const Report *r, GError **error)
{
  g_autoptr (AeDataset) data = open_pictures (r, "degradations" AE_RECORD_SUFFIX);
  const guint8 *rgb;
  int width, height;

  if (!data)
    return TRUE;
  g_string_append (r->html, "<h2>Degradations</h2>\n<div class=\"pictures\">\n");
  rgb = find_picture (data, "clean", &width, &height);
  if (rgb && !put_picture (r, rgb, width, height, 176, "clean", error))
    return FALSE;
  for (int i = 0; i < ae_dataset_n_images (data); i++)
    {
      const char *name = ae_dataset_name (data, i);

      if (!g_ascii_isdigit (name[0]) || strlen (name) < 4)
        continue;
      rgb = ae_dataset_image (data, i, &width, &height);
      if (!put_picture (r, rgb, width, height, 176, name + 4, error))
        return FALSE;
    }
  g_string_append (r->html, "</div>\n");
  return TRUE;
}

static gboolean
write_report (Report *r, const char *out, GError **error)
{
  g_autofree char *base = g_path_get_basename (r->folder), *safe = NULL, *recipe = NULL;
  g_autoptr (GError) local = NULL;

  safe = g_markup_escape_text (r->recipe ? r->recipe->name : base, -1);
  g_string_append_printf (r->html, head, safe);
  g_string_append_printf (r->html, "<h1>Training of %s</h1>\n", safe);
  put_summary (r);
  put_charts (r);
  if (!put_strips (r, error) || !put_degradations (r, error))
    return FALSE;
  if (r->recipe)
    {
      recipe = g_markup_escape_text (r->recipe->text, -1);
      g_string_append_printf (r->html, "<h2>Recipe</h2>\n<pre>%s</pre>\n", recipe);
    }
  g_string_append (r->html, "</body></html>\n");
  if (g_file_set_contents (out, r->html->str, (gssize)r->html->len, &local))
    return TRUE;
  g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: cannot be written: %s", out, local->message);
  return FALSE;
}

static gboolean
report (const char *folder, const char *out, GError **error)
{
  Report r = { .folder = folder };
  g_autofree char *recipe = g_build_filename (folder, "recipe.ini", NULL);
  gboolean ok = FALSE;

  r.log = ae_run_log_load (folder, error);
  if (!r.log)
    return FALSE;
  r.html = g_string_new (NULL);
  /* one of another version of this program may be unknown to it: the rest of the report is there still */
  r.recipe = ae_recipe_load (recipe, NULL);
  ok = write_report (&r, out, error);
  ae_run_log_free (r.log);
  ae_recipe_free (r.recipe);
  g_string_free (r.html, TRUE);
  return ok;
}

int
ae_train_report_main (int argc, char **argv)
{
  char *out = NULL;
  const GOptionEntry entries[] = {
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &out, "Page to write (RUN/report.html)", "FILE" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("RUN");
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_set_prgname ("ae-train report");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (
    context, "Writes a run as one page of HTML: curves, results over time, recipe, machine.");
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      fprintf (stderr, "ae-train report: %s\n", error->message);
      return 1;
    }
  if (argc != 2)
    {
      fprintf (stderr, "ae-train report: expected RUN, the folder of a run, found %d arguments\n", argc - 1);
      return 1;
    }
  if (!out)
    out = g_build_filename (argv[1], "report.html", NULL);
  if (report (argv[1], out, &error))
    printf ("%s\n", out);
  else
    {
      fprintf (stderr, "ae-train report: %s\n", error->message);
      status = 1;
    }
  g_free (out);
  return status;
}
