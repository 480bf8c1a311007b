/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* eval-report.c - table and JSON of ae-train eval. */

#include "eval-report.h"

#include <math.h>
#include <stdio.h>

#include <json-glib/json-glib.h>

#define NAME_WIDTH 32

struct _AeEvalReport
{
  JsonBuilder *json; /* NULL: table */
  char *path;        /* of the model */
  char *protocol;
  char *before;
  int n;
  AeScore sum_before, sum_after;
};

static void
add_text (JsonBuilder *json, const char *name, const char *value)
{
  json_builder_set_member_name (json, name);
  if (value)
    json_builder_add_string_value (json, value);
  else
    json_builder_add_null_value (json);
}

static void
add_number (JsonBuilder *json, const char *name, double value)
{
  json_builder_set_member_name (json, name);
  if (isfinite (value))
    json_builder_add_double_value (json, value);
  else
    json_builder_add_null_value (json);
}

static void
add_score (JsonBuilder *json, const char *name, const AeScore *score)
{
  json_builder_set_member_name (json, name);
  json_builder_begin_object (json);
  add_number (json, "psnr", score->psnr);
  add_number (json, "ssim", score->ssim);
  json_builder_end_object (json);
}

AeEvalReport *
ae_eval_report_new (gboolean json, const char *path, const AeModel *model, const char *protocol,
                    const char *before)
{
  AeEvalReport *report = g_new0 (AeEvalReport, 1);

  report->path = g_strdup (path);
  report->protocol = g_strdup (protocol);
  report->before = g_strdup (before);
  if (json)
    {
      report->json = json_builder_new ();
      json_builder_begin_object (report->json);
      add_text (report->json, "model", path);
      add_text (report->json, "name", ae_model_meta (model, "ae.name"));
      add_text (report->json, "sha256", ae_model_digest (model));
      add_text (report->json, "protocol", protocol);
      json_builder_set_member_name (report->json, "sets");
      json_builder_begin_array (report->json);
    }
  return report;
}

void
ae_eval_report_free (AeEvalReport *report)
{
  if (!report)
    return;
  g_clear_object (&report->json);
  g_free (report->path);
  g_free (report->protocol);
  g_free (report->before);
  g_free (report);
}

static void
print_row (const char *name, const AeScore *before, const AeScore *after)
{
  const int length = (int)g_utf8_strlen (name, -1);

  printf ("  %s%*s  %7.2f  %6.4f   %7.2f  %6.4f\n", name, MAX (NAME_WIDTH - length, 0), "", before->psnr,
          before->ssim, after->psnr, after->ssim);
  fflush (stdout);
}

void
ae_eval_report_begin (AeEvalReport *report, const char *folder, const char *quantity, double level)
{
  report->n = 0;
  report->sum_before = report->sum_after = (AeScore){ 0.0, 0.0 };
  if (report->json)
    {
      json_builder_begin_object (report->json);
      add_text (report->json, "folder", folder);
      add_number (report->json, quantity, level);
      json_builder_set_member_name (report->json, "images");
      json_builder_begin_array (report->json);
      return;
    }
  if (isnan (level))
    printf ("%s, %s estimated, %s, %s\n", folder, quantity, report->protocol, report->path);
  else
    printf ("%s, %s %g, %s, %s\n", folder, quantity, level, report->protocol, report->path);
  printf ("  %-*s  %7s  %6s   %7s  %6s\n", NAME_WIDTH, "PSNR in dB", report->before, "SSIM", "result",
          "SSIM");
}

void
ae_eval_report_row (AeEvalReport *report, const char *name, const AeEvalResult *result)
{
  report->n++;
  report->sum_before.psnr += result->before.psnr;
  report->sum_before.ssim += result->before.ssim;
  report->sum_after.psnr += result->after.psnr;
  report->sum_after.ssim += result->after.ssim;
  if (!report->json)
    {
      print_row (name, &result->before, &result->after);
      return;
    }
  json_builder_begin_object (report->json);
  add_text (report->json, "name", name);
  json_builder_set_member_name (report->json, "width");
  json_builder_add_int_value (report->json, result->width);
  json_builder_set_member_name (report->json, "height");
  json_builder_add_int_value (report->json, result->height);
  add_number (report->json, "seconds", result->seconds);
  add_score (report->json, "before", &result->before);
  add_score (report->json, "after", &result->after);
  json_builder_end_object (report->json);
}

void
ae_eval_report_end (AeEvalReport *report)
{
  const AeScore before = { report->sum_before.psnr / report->n, report->sum_before.ssim / report->n };
  const AeScore after = { report->sum_after.psnr / report->n, report->sum_after.ssim / report->n };

  if (!report->json)
    {
      g_autofree char *name = g_strdup_printf ("mean of %d", report->n);
      print_row (name, &before, &after);
      return;
    }
  json_builder_end_array (report->json);
  json_builder_set_member_name (report->json, "mean");
  json_builder_begin_object (report->json);
  add_score (report->json, "before", &before);
  add_score (report->json, "after", &after);
  json_builder_end_object (report->json);
  json_builder_end_object (report->json);
}

void
ae_eval_report_finish (AeEvalReport *report)
{
  if (!report->json)
    return;
  json_builder_end_array (report->json);
  json_builder_end_object (report->json);

  g_autoptr (JsonNode) root = json_builder_get_root (report->json);
  g_autofree char *text = json_to_string (root, TRUE);
  puts (text);
}
