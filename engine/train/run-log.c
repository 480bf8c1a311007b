/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* run-log.c - reads what log.h has written. */

#include "run-log.h"

#include <math.h>
#include <string.h>

#include <json-glib/json-glib.h>

#include <ae/error.h>

static double
number (JsonObject *object, const char *name, double otherwise)
{
  JsonNode *node = json_object_get_member (object, name);

  if (!node || !JSON_NODE_HOLDS_VALUE (node)
      || (json_node_get_value_type (node) != G_TYPE_DOUBLE
          && json_node_get_value_type (node) != G_TYPE_INT64))
    return otherwise;
  return json_node_get_double (node);
}

static const char *
text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

static void
forget_after (AeRunLog *log, double step)
{
  while (log->steps->len && g_array_index (log->steps, AeRunStep, log->steps->len - 1).step > step)
    g_array_set_size (log->steps, log->steps->len - 1);
  while (log->validations->len
         && g_array_index (log->validations, AeRunValidation, log->validations->len - 1).step > step)
    g_array_set_size (log->validations, log->validations->len - 1);
}

static void
read_start (AeRunLog *log, JsonObject *object)
{
  g_autoptr (GList) names = json_object_get_members (object);
  const char *step = text (object, "step");
  double at = step ? g_ascii_strtod (step, NULL) : 0;
  g_autofree char *init = g_strdup (g_hash_table_lookup (log->start, "init"));

  log->starts++;
  forget_after (log, at);
  g_hash_table_remove_all (log->start);
  for (GList *l = names; l; l = l->next)
    if (text (object, l->data))
      g_hash_table_insert (log->start, g_strdup (l->data), g_strdup (text (object, l->data)));
  if (init && at > 0) /* it goes on with what began there */
    g_hash_table_insert (log->start, g_strdup ("init"), g_steal_pointer (&init));
}

static void
read_step (AeRunLog *log, JsonObject *object)
{
  AeRunStep s = {
    .step = number (object, "step", -1),
    .loss = number (object, "loss", NAN),
    .norm = number (object, "norm", NAN),
    .rate = number (object, "rate", NAN),
    .crops_per_second = number (object, "crops_per_second", NAN),
    .data_share = number (object, "data_share", -1),
    .time = number (object, "time", NAN),
  };

  if (s.step >= 0)
    g_array_append_val (log->steps, s);
}

static void
read_line (AeRunLog *log, JsonObject *object)
{
  const char *event = text (object, "event");

  if (g_strcmp0 (event, "start") == 0)
    read_start (log, object);
  else if (g_strcmp0 (event, "step") == 0)
    read_step (log, object);
  else if (g_strcmp0 (event, "validation") == 0)
    {
      AeRunValidation v = { number (object, "step", -1), number (object, "psnr", 0) };

      if (v.step >= 0 && v.psnr > 0)
        g_array_append_val (log->validations, v);
    }
}

/* Calls f for each line that is a JSON object. */
static gboolean
each_line (const char *folder, void (*f) (AeRunLog *log, JsonObject *object), AeRunLog *log, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "log.jsonl", NULL), *content = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) local = NULL;

  if (!g_file_get_contents (path, &content, NULL, &local))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: cannot be read: %s", path, local->message);
      return FALSE;
    }
  lines = g_strsplit (content, "\n", -1);
  for (int i = 0; lines[i]; i++)
    {
      g_autoptr (JsonParser) parser = json_parser_new ();
      JsonNode *root;

      if (!*lines[i] || !json_parser_load_from_data (parser, lines[i], -1, NULL))
        continue;
      root = json_parser_get_root (parser);
      if (root && JSON_NODE_HOLDS_OBJECT (root))
        f (log, json_node_get_object (root));
    }
  return TRUE;
}

static AeRunLog *
run_log_new (void)
{
  AeRunLog *log = g_new0 (AeRunLog, 1);

  log->steps = g_array_new (FALSE, FALSE, sizeof (AeRunStep));
  log->validations = g_array_new (FALSE, FALSE, sizeof (AeRunValidation));
  log->start = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return log;
}

AeRunLog *
ae_run_log_load (const char *folder, GError **error)
{
  g_autoptr (AeRunLog) log = run_log_new ();

  if (!each_line (folder, read_line, log, error))
    return NULL;
  return g_steal_pointer (&log);
}

void
ae_run_log_free (AeRunLog *log)
{
  if (!log)
    return;
  g_array_unref (log->steps);
  g_array_unref (log->validations);
  g_hash_table_unref (log->start);
  g_free (log);
}

static void
keep_validation (AeRunLog *log, JsonObject *object)
{
  if (g_strcmp0 (text (object, "event"), "validation") == 0)
    read_line (log, object);
}

double
ae_run_log_best (const char *folder)
{
  g_autoptr (AeRunLog) log = run_log_new ();
  double best = 0;

  each_line (folder, keep_validation, log, NULL);
  for (guint i = 0; i < log->validations->len; i++)
    best = MAX (best, g_array_index (log->validations, AeRunValidation, i).psnr);
  return best;
}
