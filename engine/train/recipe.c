/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* recipe.c - reads and checks recipes. */

#include "recipe-private.h"

#include <ae/error.h>
#include <string.h>

typedef enum
{
  TEXT,
  INTEGER,  /* gint64 */
  SMALL,    /* int */
  NUMBER,   /* double */
  FRACTION, /* float */
  CHOICE    /* int: index of a word */
} Type;

#define WORDS_MAX 8

typedef struct
{
  const char *group, *key;
  Type type;
  gsize offset;
  double min, max, value;       /* value: the default */
  const char *text;             /* default of TEXT, NULL: must be given */
  const char *words[WORDS_MAX]; /* of CHOICE, the first is the default */
} Key;

#define AT(field) G_STRUCT_OFFSET (AeRecipe, field)

static const Key keys[] = {
  { "model", "name", TEXT, AT (name), 0, 0, 0, NULL },
  { "model", "version", TEXT, AT (version), 0, 0, 0, "1" },
  { "model", "task", TEXT, AT (task), 0, 0, 0, NULL },
  { "model", "description", TEXT, AT (description), 0, 0, 0, "" },
  { "model", "license", TEXT, AT (license), 0, 0, 0, "GPL-3.0-or-later" },
  { "training", "batch", SMALL, AT (batch), 1, 1024, 16, NULL },
  { "training", "steps", INTEGER, AT (steps), 0, 1e9, 0, NULL },
  { "training", "epochs", INTEGER, AT (epochs), 0, 1e6, 0, NULL },
  { "training", "kl", NUMBER, AT (kl), 0, 1e6, 1, NULL },
  { "training", "optimizer", CHOICE, AT (optimizer.kind), 0, 0, 0, NULL, { "adam", "rmsprop", "muon" } },
  { "training", "seed", INTEGER, AT (seed), 0, 1e15, 1, NULL },
  { "training", "rate", NUMBER, AT (schedule.rate), 1e-9, 1, 1e-3, NULL },
  { "training", "final-rate", NUMBER, AT (schedule.final_rate), 0, 1, 1e-6, NULL },
  { "training", "warmup", INTEGER, AT (schedule.warmup), 0, 1e9, 200, NULL },
  { "training",
    "schedule",
    CHOICE,
    AT (schedule.kind),
    0,
    0,
    0,
    NULL,
    { "cosine", "one-cycle", "constant" } },
  { "training",
    "loss",
    CHOICE,
    AT (loss),
    0,
    0,
    0,
    NULL,
    { "l1", "mse", "charbonnier", "ms-ssim", "bce", "psnr" } },
  { "training", "weight-decay", FRACTION, AT (optimizer.weight_decay), 0, 1, 0, NULL },
  { "training", "clip", FRACTION, AT (optimizer.clip), 0, 1e9, 0, NULL },
  { "training", "beta1", FRACTION, AT (optimizer.beta1), 0, 0.99999, 0.9, NULL },
  { "training", "beta2", FRACTION, AT (optimizer.beta2), 0, 0.99999, 0.99, NULL },
  { "training", "ema", FRACTION, AT (optimizer.ema), 0, 0.99999, 0.999, NULL },
  { "validation", "every", INTEGER, AT (validate_every), 1, 1e9, 500, NULL },
  { "validation", "sigma", NUMBER, AT (validation_sigma), 0, 255, 25, NULL },
  { "data", "pairs", NUMBER, AT (pairs), 0, 1, 0, NULL, { NULL } },
  { "data", "smallest", NUMBER, AT (smallest), 0.1, 1, 1, NULL, { NULL } },
  { "data", "largest", NUMBER, AT (largest), 0.1, 1, 1, NULL, { NULL } },
  { "examples", "noise-mean", NUMBER, AT (noise_mean), -1, 1, 0, NULL },
  { "examples", "noise-deviation", NUMBER, AT (noise_deviation), 0, 10, 0, NULL },
  { "checkpoint", "every", INTEGER, AT (checkpoint_every), 0, 1e6, 300, NULL },
  { "checkpoint", "keep", SMALL, AT (checkpoints), 1, 1000, 2, NULL },
};

/* Keys that are read by hand. */
static const char *const other_keys[][2] = {
  { "network", "family" }, { "network", "unshuffle" },   { "network", "widths" },
  { "network", "blocks" }, { "network", "bias" },        { "network", "scale" },
  { "network", "graph" },  { "validation", "pictures" }, { "training", "crop" },
};

/* Line of a key (or of its group where key is NULL), for messages; key files do not tell. */
static int
line_of (const char *text, const char *group, const char *key)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean inside = FALSE;

  for (int i = 0; lines[i]; i++)
    {
      char *l = g_strstrip (lines[i]);

      if (l[0] == '[')
        {
          gsize n = strlen (group);

          inside = strncmp (l + 1, group, n) == 0 && l[n + 1] == ']';
          if (inside && !key)
            return i + 1;
        }
      else if (inside && key && g_str_has_prefix (l, key))
        {
          const char *rest = l + strlen (key);

          while (*rest == ' ' || *rest == '\t')
            rest++;
          if (*rest == '=')
            return i + 1;
        }
    }
  return 0;
}

/* Number of the first line of a text that is no key file, for messages. */
static int
bad_line (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  int good = 0, bad = (int)g_strv_length (lines); /* so many lines from the first on */

  while (bad - good > 1)
    {
      int middle = (good + bad) / 2;
      g_autoptr (GKeyFile) file = g_key_file_new ();
      g_autoptr (GString) begin = g_string_new (NULL);

      for (int i = 0; i < middle; i++)
        g_string_append_printf (begin, "%s\n", lines[i]);
      if (g_key_file_load_from_data (file, begin->str, begin->len, G_KEY_FILE_NONE, NULL))
        good = middle;
      else
        bad = middle;
    }
  return bad;
}

/* The text becomes a part of models and checkpoints, which are UTF-8: a run would fail at its first save. */
static gboolean
check_utf8 (const char *text, const char *path, GError **error)
{
  const char *end;
  int line = 1;

  if (g_utf8_validate (text, -1, &end))
    return TRUE;
  for (const char *c = text; c < end; c++)
    line += *c == '\n';
  g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, "%s:%d: not a recipe: the byte %02x is not UTF-8", path,
               line, (guint8)*end);
  return FALSE;
}

gboolean
ae_recipe_fail (const AeRecipe *r, const char *group, const char *key, GError **error, const char *format,
                ...)
{
  va_list args;
  g_autofree char *message = NULL;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, AE_ERROR, AE_ERROR_ARGUMENT, "%s:%d: %s", r->path, line_of (r->text, group, key),
               message);
  return FALSE;
}

gboolean
ae_recipe_number (const AeRecipe *r, const char *group, const char *key, const char *text, double min,
                  double max, double *value, GError **error)
{
  char *end;

  *value = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0')
    return ae_recipe_fail (r, group, key, error, "%s: \"%s\" is not a number", key, text);
  if (!(*value >= min && *value <= max))
    return ae_recipe_fail (r, group, key, error, "%s is %s, expected %g to %g", key, text, min, max);
  return TRUE;
}

static gboolean
choose (const AeRecipe *r, const Key *k, const char *text, int *choice, GError **error)
{
  g_autoptr (GString) expected = g_string_new (k->words[0]);

  for (int i = 0; i < WORDS_MAX && k->words[i]; i++)
    if (strcmp (k->words[i], text) == 0)
      {
        *choice = i;
        return TRUE;
      }
  for (int i = 1; i < WORDS_MAX && k->words[i]; i++)
    g_string_append_printf (expected, "%s%s", i + 1 < WORDS_MAX && k->words[i + 1] ? ", " : " or ",
                            k->words[i]);
  return ae_recipe_fail (r, k->group, k->key, error, "unknown %s \"%s\", expected %s", k->key, text,
                         expected->str);
}

static gboolean
read_key (AeRecipe *r, GKeyFile *file, const Key *k, GError **error)
{
  g_autofree char *text = g_key_file_get_string (file, k->group, k->key, NULL);
  void *to = (char *)r + k->offset;
  double value = k->value;

  if (k->type == TEXT)
    {
      if (!text && !k->text)
        return ae_recipe_fail (r, k->group, NULL, error, "[%s] %s is missing", k->group, k->key);
      *(char **)to = g_strdup (text ? text : k->text);
      return TRUE;
    }
  if (k->type == CHOICE)
    return !text || choose (r, k, g_strstrip (text), to, error);
  if (text && !ae_recipe_number (r, k->group, k->key, g_strstrip (text), k->min, k->max, &value, error))
    return FALSE;
  if ((k->type == INTEGER || k->type == SMALL) && value != (double)(gint64)value)
    return ae_recipe_fail (r, k->group, k->key, error, "%s is %s, expected a whole number", k->key, text);
  if (k->type == INTEGER)
    *(gint64 *)to = (gint64)value;
  else if (k->type == SMALL)
    *(int *)to = (int)value;
  else if (k->type == NUMBER)
    *(double *)to = value;
  else
    *(float *)to = (float)value;
  return TRUE;
}

static gboolean
known_key (const char *group, const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (strcmp (keys[i].group, group) == 0 && strcmp (keys[i].key, key) == 0)
      return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (other_keys); i++)
    if (strcmp (other_keys[i][0], group) == 0 && strcmp (other_keys[i][1], key) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
check_keys (AeRecipe *r, GKeyFile *file, GError **error)
{
  static const char *const groups[]
    = { "model", "network", "data", "training", "validation", "checkpoint", "examples", NULL };
  g_auto (GStrv) found = g_key_file_get_groups (file, NULL);

  for (int i = 0; found[i]; i++)
    {
      g_auto (GStrv) names = NULL;

      if (g_str_has_prefix (found[i], "degradation "))
        continue;
      if (!g_strv_contains (groups, found[i]))
        return ae_recipe_fail (r, found[i], NULL, error, "unknown group [%s]", found[i]);
      names = g_key_file_get_keys (file, found[i], NULL, NULL);
      for (int j = 0; names && names[j]; j++)
        if (!known_key (found[i], names[j]))
          return ae_recipe_fail (r, found[i], names[j], error, "unknown key \"%s\" in [%s]", names[j],
                                 found[i]);
    }
  return TRUE;
}

static void
degradation_free (gpointer data)
{
  AeDegradation *d = data;

  g_free (d->name);
  g_free (d);
}

static gboolean
unknown_degradation (const AeRecipe *r, const char *group, const char *name, GError **error)
{
  g_autoptr (GString) expected = g_string_new (ae_degrade_info (0)->name);

  for (int i = 1; i < AE_N_DEGRADE_STEPS; i++)
    g_string_append_printf (expected, "%s%s", i + 1 < AE_N_DEGRADE_STEPS ? ", " : " or ",
                            ae_degrade_info ((AeDegradeKind)i)->name);
  return ae_recipe_fail (r, group, "steps", error, "unknown degradation \"%s\", expected %s", name,
                         expected->str);
}

static gboolean
read_range (AeRecipe *r, const char *group, const char *key, char **range, const AeDegradeParamInfo *info,
            float *lo, float *hi, GError **error)
{
  double value;

  for (int i = 0; range[i]; i++)
    {
      if (i == 2)
        return ae_recipe_fail (r, group, key, error, "%s: expected one value or a range lo;hi", key);
      if (!ae_recipe_number (r, group, key, g_strstrip (range[i]), info->min, info->max, &value, error))
        return FALSE;
      *(i ? hi : lo) = (float)value;
      *hi = (float)value;
    }
  if (*lo > *hi)
    return ae_recipe_fail (r, group, key, error, "%s: %g is larger than %g", key, *lo, *hi);
  return TRUE;
}

static gboolean
read_degradation (AeRecipe *r, GKeyFile *file, const char *group, GError **error)
{
  AeDegradation *d = g_new0 (AeDegradation, 1);
  g_auto (GStrv) steps = g_key_file_get_string_list (file, group, "steps", NULL, NULL);
  g_auto (GStrv) names = g_key_file_get_keys (file, group, NULL, NULL);
  g_auto (GStrv) soft = g_key_file_get_string_list (file, group, "soft", NULL, NULL);
  g_auto (GStrv) told = g_key_file_get_string_list (file, group, "told", NULL, NULL);
  g_autofree char *weight = g_key_file_get_string (file, group, "weight", NULL);

  g_ptr_array_add (r->degradations, d);
  d->name = g_strstrip (g_strdup (group + strlen ("degradation ")));
  d->weight = 1;
  if (weight && !ae_recipe_number (r, group, "weight", g_strstrip (weight), 0, 1e6, &d->weight, error))
    return FALSE;
  d->told_lo = (float)ae_degrade_told.lo;
  d->told_hi = (float)ae_degrade_told.hi;
  if (soft && !read_range (r, group, "soft", soft, &ae_degrade_soft, &d->soft_lo, &d->soft_hi, error))
    return FALSE;
  if (told && !read_range (r, group, "told", told, &ae_degrade_told, &d->told_lo, &d->told_hi, error))
    return FALSE;
  if (!steps || !steps[0])
    return ae_recipe_fail (r, group, NULL, error, "[%s] steps is missing", group);
  for (; steps[d->n_steps]; d->n_steps++)
    {
      AeDegradeStep *step = &d->steps[d->n_steps];
      int kind = ae_degrade_find (g_strstrip (steps[d->n_steps]));

      if (kind < 0)
        return unknown_degradation (r, group, steps[d->n_steps], error);
      if (d->n_steps == AE_DEGRADE_STEPS_MAX)
        return ae_recipe_fail (r, group, "steps", error, "more than %d steps", AE_DEGRADE_STEPS_MAX);
      step->kind = (AeDegradeKind)kind;
      d->gray |= step->kind == AE_DEGRADE_GRAY;
      for (int i = 0; i < ae_degrade_info (step->kind)->n_params; i++)
        {
          const AeDegradeParamInfo *info = &ae_degrade_info (step->kind)->params[i];
          g_autofree char *key = g_strdup_printf ("%s.%s", ae_degrade_info (step->kind)->name, info->name);
          g_auto (GStrv) range = g_key_file_get_string_list (file, group, key, NULL, NULL);

          step->lo[i] = (float)info->lo;
          step->hi[i] = (float)info->hi;
          if (range && !read_range (r, group, key, range, info, &step->lo[i], &step->hi[i], error))
            return FALSE;
        }
    }
  for (int i = 0; names[i]; i++)
    {
      static const char *const keys_of_all[] = { "weight", "steps", "soft", "told", NULL };
      gboolean known = g_strv_contains (keys_of_all, names[i]);

      for (int s = 0; s < d->n_steps; s++)
        for (int p = 0; p < ae_degrade_info (d->steps[s].kind)->n_params; p++)
          {
            const AeDegradeInfo *info = ae_degrade_info (d->steps[s].kind);
            g_autofree char *key = g_strdup_printf ("%s.%s", info->name, info->params[p].name);

            known |= strcmp (names[i], key) == 0;
          }
      if (!known)
        return ae_recipe_fail (r, group, names[i], error, "unknown key \"%s\" in [%s]", names[i], group);
    }
  return TRUE;
}

static gboolean
read_crops (AeRecipe *r, GKeyFile *file, GError **error)
{
  g_auto (GStrv) sizes = g_key_file_get_string_list (file, "training", "crop", NULL, NULL);
  int alignment = ae_graph_alignment (r->graph);
  double value;

  if (!sizes || !sizes[0])
    return ae_recipe_fail (r, "training", NULL, error, "[training] crop is missing");
  for (; sizes[r->n_crops]; r->n_crops++)
    {
      if (r->n_crops == AE_RECIPE_CROPS_MAX)
        return ae_recipe_fail (r, "training", "crop", error, "crop: more than %d sizes", AE_RECIPE_CROPS_MAX);
      if (!ae_recipe_number (r, "training", "crop", g_strstrip (sizes[r->n_crops]), 8, 1024, &value, error))
        return FALSE;
      if (value != (int)value || (int)value % alignment)
        return ae_recipe_fail (r, "training", "crop", error,
                               "crop is %s, expected a multiple of %d for this network", sizes[r->n_crops],
                               alignment);
      if (r->loss == AE_LOSS_MS_SSIM && value * ae_graph_scale (r->graph) < AE_LOSS_MS_SSIM_MIN)
        return ae_recipe_fail (r, "training", "crop", error,
                               "crop is %s, expected at least %d for the loss ms-ssim", sizes[r->n_crops],
                               AE_LOSS_MS_SSIM_MIN);
      r->crops[r->n_crops] = (int)value;
    }
  return TRUE;
}

/* Networks that enlarge get small pictures, the others none. */
static gboolean
check_bicubic (AeRecipe *r, GError **error)
{
  int scale = ae_graph_scale (r->graph);

  for (guint i = 0; i < r->degradations->len; i++)
    {
      AeDegradation *d = r->degradations->pdata[i];
      g_autofree char *group = g_strconcat ("degradation ", d->name, NULL);
      int found = 0, expected = scale > 1;

      d->scale = scale;
      for (int s = 0; s < d->n_steps; s++)
        found += d->steps[s].kind == AE_DEGRADE_BICUBIC;
      if (found != expected)
        return ae_recipe_fail (r, group, "steps", error,
                               "bicubic is there %d times, expected %d for the task %s", found, expected,
                               r->task);
    }
  return TRUE;
}

static gboolean
check_recipe (AeRecipe *r, GError **error)
{
  int scale = ae_graph_scale (r->graph);
  gboolean upscale = strcmp (r->task, "upscale") == 0;

  if (r->steps == 0)
    return ae_recipe_fail (r, "training", NULL, error, "[training] steps is missing");
  if (r->epochs > 0)
    return ae_recipe_fail (r, "training", "epochs", error,
                           "epochs are for networks with a fixed size of picture, others count steps");
  if (!upscale && strcmp (r->task, "denoise") != 0 && strcmp (r->task, "jpeg") != 0)
    return ae_recipe_fail (r, "model", "task", error, "task is \"%s\", expected denoise, jpeg or upscale",
                           r->task);
  if (upscale != (scale > 1))
    return ae_recipe_fail (r, "model", "task", error, "task is %s, but the network's scale is %d", r->task,
                           scale);
  if (upscale && r->pairs > 0)
    return ae_recipe_fail (r, "data", "pairs", error, "pairs cannot be used for the task upscale");
  if (r->smallest > r->largest)
    return ae_recipe_fail (r, "data", "largest", error, "largest is %g, expected at least smallest, %g",
                           r->largest, r->smallest);
  if (r->degradations->len == 0 && r->pairs < 1)
    return ae_recipe_fail (r, "training", NULL, error, "no [degradation …] group");
  return check_bicubic (r, error);
}

/* Whether a network with a fixed size of picture can do what the recipe asks for. */
static gboolean
check_network (const AeRecipe *r, GError **error)
{
  static const char *const tasks[] = { "autoencode", "denoise", "upscale", "generate", "classify", NULL };
  const AeNode *output = ae_graph_node (r->graph, ae_graph_output (r->graph));
  const AeNode *picture = ae_graph_node (r->graph, ae_graph_picture (r->graph));

  if (!g_strv_contains (tasks, r->task))
    return ae_recipe_fail (r, "model", "task", error,
                           "task is \"%s\", expected autoencode, denoise, upscale, generate or classify",
                           r->task);
  if (output->vector != (strcmp (r->task, "classify") == 0))
    return ae_recipe_fail (r, "model", "task", error, "task is %s, but the network's result is a %s", r->task,
                           output->vector ? "vector" : "picture");
  if (!output->vector && output->channels != picture->channels)
    return ae_recipe_fail (r, "network", "graph", error, "the result has %d channels and the picture %d",
                           output->channels, picture->channels);
  if (r->loss == AE_LOSS_MS_SSIM
      && (output->vector || MIN (output->width, output->height) < AE_LOSS_MS_SSIM_MIN))
    return ae_recipe_fail (r, "training", "loss", error, "the loss ms-ssim needs pictures of %d pixels",
                           AE_LOSS_MS_SSIM_MIN);
  return TRUE;
}

/* A network with a fixed size of picture learns from whole examples: no crops, no degradations. */
static gboolean
check_whole (AeRecipe *r, GKeyFile *file, GError **error)
{
  if (g_key_file_has_key (file, "training", "crop", NULL))
    return ae_recipe_fail (r, "training", "crop", error, "crop has no meaning for a fixed size of picture");
  if (r->degradations->len > 0)
    return ae_recipe_fail (r, "training", NULL, error,
                           "[degradation ...] has no meaning for a fixed size of picture");
  if ((r->steps > 0) == (r->epochs > 0))
    return ae_recipe_fail (r, "training", NULL, error, "[training] needs steps or epochs, not both");
  return check_network (r, error);
}

AeRecipe *
ae_recipe_parse (const char *text, const char *path, GError **error)
{
  g_autoptr (AeRecipe) r = g_new0 (AeRecipe, 1);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) local = NULL;
  g_auto (GStrv) groups = NULL;

  r->path = g_strdup (path);
  r->text = g_strdup (text);
  r->degradations = g_ptr_array_new_with_free_func (degradation_free);
  r->optimizer.epsilon = 1e-8f;
  if (!check_utf8 (text, path, error))
    return NULL;
  if (!g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, &local))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FORMAT, "%s:%d: not a recipe: %s", path, bad_line (text),
                   local->message);
      return NULL;
    }
  if (!check_keys (r, file, error))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (!read_key (r, file, &keys[i], error))
      return NULL;
  r->validation = g_key_file_get_string_list (file, "validation", "pictures", NULL, NULL);
  groups = g_key_file_get_groups (file, NULL);
  for (int i = 0; groups[i]; i++)
    if (g_str_has_prefix (groups[i], "degradation ") && !read_degradation (r, file, groups[i], error))
      return NULL;
  if (r->optimizer.kind == AE_OPTIMIZER_RMSPROP && !g_key_file_has_key (file, "training", "beta2", NULL))
    r->optimizer.beta2 = 0.9f;
  if (!ae_recipe_read_network (r, file, error))
    return NULL;
  if (ae_graph_is_fixed (r->graph, NULL, NULL))
    return check_whole (r, file, error) ? g_steal_pointer (&r) : NULL;
  if (!read_crops (r, file, error) || !check_recipe (r, error))
    return NULL;
  return g_steal_pointer (&r);
}

AeRecipe *
ae_recipe_load (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) local = NULL;

  if (!g_file_get_contents (path, &text, NULL, &local))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_FILE, "%s: cannot be read: %s", path, local->message);
      return NULL;
    }
  return ae_recipe_parse (text, path, error);
}

gboolean
ae_recipe_take_network (AeRecipe *r, AeGraph *graph, GError **error)
{
  ae_graph_ref (graph);
  ae_graph_unref (r->graph);
  r->graph = graph;
  return check_network (r, error);
}

void
ae_recipe_free (AeRecipe *r)
{
  if (!r)
    return;
  g_free (r->path);
  g_free (r->text);
  g_free (r->name);
  g_free (r->version);
  g_free (r->task);
  g_free (r->description);
  g_free (r->license);
  g_strfreev (r->validation);
  g_clear_pointer (&r->graph, ae_graph_unref);
  g_ptr_array_unref (r->degradations);
  g_free (r);
}

int
ae_recipe_crop (const AeRecipe *r, gint64 step)
{
  return r->crops[MIN (step * r->n_crops / r->steps, r->n_crops - 1)];
}

int
ae_recipe_crop_max (const AeRecipe *r)
{
  int max = 0;

  for (int i = 0; i < r->n_crops; i++)
    max = MAX (max, r->crops[i]);
  return max;
}

const AeDegradation *
ae_recipe_choose_degradation (const AeRecipe *r, float u)
{
  double total = 0;
  const AeDegradation *d = NULL;

  for (guint i = 0; i < r->degradations->len; i++)
    total += ((const AeDegradation *)r->degradations->pdata[i])->weight;
  total *= (double)u;
  for (guint i = 0; i < r->degradations->len; i++)
    {
      d = r->degradations->pdata[i];
      total -= d->weight;
      if (total < 0)
        break;
    }
  return d;
}
