/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-model.c - models: made, saved, loaded, and what a file must have to be one. */

#include <ae/model.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "graphs.h"
#include "rejected.h"

/* Small, with each kind of parameter. */
#define GRAPH                                                                                                \
  "x = input channels=3 planes=rgb\n"                                                                        \
  "s = input channels=1 planes=sigma\n"                                                                      \
  "c = concat x s\n"                                                                                         \
  "a = conv c out=2 kernel=2 stride=2 act=prelu\n"                                                           \
  "b = conv_transpose a out=3\n"                                                                             \
  "y = add b x\n"                                                                                            \
  "output y\n"

static char *folder, *path;

static void
setup (void)
{
  folder = g_dir_make_tmp ("ae-test-XXXXXX", NULL);
  ck_assert_ptr_nonnull (folder);
  path = g_build_filename (folder, "file.safetensors", NULL);
}

static void
teardown (void)
{
  g_remove (path);
  ck_assert_int_eq (g_rmdir (folder), 0); /* nothing else was left there */
  g_free (folder);
  g_free (path);
}

static void
put (GHashTable *meta, const char *key, const char *value)
{
  if (value)
    g_hash_table_insert (meta, (gpointer)key, (gpointer)value);
  else
    g_hash_table_remove (meta, key);
}

static GHashTable *
new_meta (void)
{
  GHashTable *meta = g_hash_table_new (g_str_hash, g_str_equal);

  put (meta, "ae.task", "denoise");
  put (meta, "ae.name", "test ü");
  return meta;
}

static AeModel *
new_model (const char *text, GHashTable *meta)
{
  g_autoptr (AeGraph) graph = ae_graph_parse (text, "test", NULL);
  g_autofree float *values = NULL;
  gsize n = 0;

  ck_assert_ptr_nonnull (graph);
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    n += ae_graph_param (graph, i)->count;
  values = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    values[i] = sinf ((float)i) * 0.3f;
  return ae_model_new (graph, values, meta);
}

START_TEST (test_new)
{
  g_autoptr (GHashTable) meta = new_meta ();
  g_autoptr (AeModel) model = new_model (GRAPH, meta);
  g_auto (GStrv) keys = ae_model_meta_keys (model);

  ck_assert_uint_eq (ae_model_n_values (model), 2 * 4 * 4 + 2 + 2 + 2 * 3 * 4 + 3);
  ck_assert_str_eq (ae_model_meta (model, "ae.name"), "test ü");
  ck_assert_str_eq (ae_model_meta (model, "ae.format"), "1");
  ck_assert_str_eq (ae_model_meta (model, "ae.graph"), GRAPH);
  ck_assert_ptr_null (ae_model_meta (model, "ae.version"));
  ck_assert_uint_eq (g_strv_length (keys), 5);
  ck_assert_str_eq (keys[0], "ae.format");
  ck_assert_str_eq (keys[4], "ae.task");
  ck_assert_uint_eq (strlen (ae_model_digest (model)), 64);
  ck_assert_float_eq (ae_model_param (model, 0)[1], sinf (1.0f) * 0.3f);
  ck_assert_ptr_eq (ae_model_param (model, 1), ae_model_param (model, 0) + 32);
  ck_assert_ptr_eq (ae_model_ref (model), model);
  ae_model_unref (model);
  ae_model_unref (NULL);
}
END_TEST

static AeModel *
load (void)
{
  GError *error = NULL;
  AeModel *model = ae_model_load (path, &error);

  ck_assert_msg (model != NULL, "%s", error ? error->message : "");
  return model;
}

/* One assertion for all: Check writes a record of each. */
static gboolean
halves_equal (const AeModel *rounded, const AeModel *model)
{
  for (gsize i = 0; i < ae_model_n_values (model); i++)
    if (ae_model_param (rounded, 0)[i]
        != ae_half_to_float (ae_half_from_float (ae_model_param (model, 0)[i])))
      return FALSE;
  return TRUE;
}

START_TEST (test_round_trip)
{
  static const char *const graphs[] = { GRAPH, GRAPH_PU2_UNET, GRAPH_FULL_UNET, GRAPH_MIXED };
  static const AeDType dtypes[] = { AE_DTYPE_F32, AE_DTYPE_F16 };
  g_autoptr (GHashTable) meta = new_meta ();

  for (gsize g = 0; g < G_N_ELEMENTS (graphs); g++)
    for (gsize t = 0; t < G_N_ELEMENTS (dtypes); t++)
      {
        g_autoptr (AeModel) model = new_model (graphs[g], meta), again = NULL;
        GError *error = NULL;

        ck_assert_msg (ae_model_save (model, path, dtypes[t], &error), "%s", error ? error->message : "");
        again = load ();
        ck_assert_str_eq (ae_graph_text (ae_model_graph (again)), graphs[g]);
        ck_assert_str_eq (ae_model_meta (again, "ae.name"), "test ü");
        ck_assert_uint_eq (ae_model_n_values (again), ae_model_n_values (model));
        if (dtypes[t] == AE_DTYPE_F32)
          {
            ck_assert_str_eq (ae_model_digest (again), ae_model_digest (model));
            ck_assert_mem_eq (ae_model_param (again, 0), ae_model_param (model, 0),
                              ae_model_n_values (model) * sizeof (float));
          }
        else
          ck_assert (halves_equal (again, model));
      }
}
END_TEST

START_TEST (test_upscale)
{
  static const char *const graphs[]
    = { GRAPH_UPSCALE ("2", "12"), GRAPH_UPSCALE ("3", "27"), GRAPH_UPSCALE ("4", "48") };
  g_autoptr (GHashTable) meta = new_meta ();

  put (meta, "ae.task", "upscale");
  for (gsize g = 0; g < G_N_ELEMENTS (graphs); g++)
    {
      g_autoptr (AeModel) model = new_model (graphs[g], meta), again = NULL;

      ck_assert (ae_model_save (model, path, AE_DTYPE_F32, NULL));
      again = load ();
      ck_assert_int_eq (ae_graph_scale (ae_model_graph (again)), (int)g + 2);
    }
}
END_TEST

static void
check_save (AeModel *model, AeDType dtype, const char *part)
{
  GError *error = NULL;

  ck_assert (!ae_model_save (model, path, dtype, &error));
  ck_assert (g_str_has_prefix (error->message, path));
  ck_assert_msg (strstr (error->message, part) != NULL, "\"%s\", expected \"%s\"", error->message, part);
  ck_assert (!g_file_test (path, G_FILE_TEST_EXISTS));
  g_clear_error (&error);
}

/* What could not be loaded again is not saved. */
START_TEST (test_mix)
{
  g_autoptr (GHashTable) meta = new_meta ();
  g_autoptr (AeModel) a = NULL, b = NULL, half = NULL, end = NULL, other = NULL, task = NULL;
  g_autofree float *values = NULL;
  GError *error = NULL;
  gsize n;

  put (meta, "ae.recipe", "of a");
  a = new_model (GRAPH, meta);
  n = ae_model_n_values (a);
  values = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    values[i] = cosf ((float)i);
  put (meta, "ae.name", "b");
  b = ae_model_new (ae_model_graph (a), values, meta);

  half = ae_model_mix (a, b, 0.25, &error);
  ck_assert_msg (half != NULL, "%s", error ? error->message : "");
  for (gsize i = 0; i < n; i++)
    ck_assert_float_eq_tol (ae_model_param (half, 0)[i],
                            0.75f * ae_model_param (a, 0)[i] + 0.25f * ae_model_param (b, 0)[i], 1e-6);
  ck_assert_str_eq (ae_model_meta (half, "ae.name"), "test ü");
  ck_assert_ptr_null (ae_model_meta (half, "ae.recipe"));
  ck_assert_str_ne (ae_model_digest (half), ae_model_digest (a));
  ck_assert (ae_model_save (half, path, AE_DTYPE_F32, NULL));
  ck_assert_ptr_eq (end = ae_model_mix (a, b, 0, NULL), a);
  ae_model_unref (end);
  ck_assert_ptr_eq (end = ae_model_mix (a, b, 1, NULL), b);

  other = new_model (GRAPH_PU2_UNET, meta);
  put (meta, "ae.task", "jpeg");
  task = new_model (GRAPH, meta);
  ck_assert_ptr_null (ae_model_mix (a, other, 0.5, &error));
  check_error (&error, AE_ERROR_ARGUMENT, "'test ü' and 'b' cannot be mixed: their graphs", "graph");
  ck_assert_ptr_null (ae_model_mix (a, task, 0.5, &error));
  check_error (&error, AE_ERROR_ARGUMENT, "'test ü' and 'b' cannot be mixed: their tasks", "task");
  ck_assert_ptr_null (ae_model_mix (a, b, 1.5, &error));
  check_error (&error, AE_ERROR_ARGUMENT, "1.5, expected 0 to 1", "share");
  ck_assert_ptr_null (ae_model_mix (a, b, (double)NAN, &error));
  check_error (&error, AE_ERROR_ARGUMENT, "expected 0 to 1", "NaN");
}
END_TEST

START_TEST (test_save_refuses)
{
  g_autoptr (GHashTable) meta = new_meta ();
  g_autoptr (AeGraph) graph
    = ae_graph_parse ("x = input channels=1 planes=y\ny = conv x out=1 kernel=1\noutput y\n", "test", NULL);
  float values[2] = { 65519.0f, 1.0f };
  AeModel *model;

  model = ae_model_new (graph, values, meta); /* rounds to the largest half */
  ck_assert (ae_model_save (model, path, AE_DTYPE_F16, NULL));
  ae_model_unref (model);
  g_remove (path);
  values[0] = 65520.0f;
  model = ae_model_new (graph, values, meta);
  check_save (model, AE_DTYPE_F16, "tensor 'y.weight': value 0 (65520) is too large for F16");
  ae_model_unref (model);
  values[0] = NAN;
  model = ae_model_new (graph, values, meta);
  check_save (model, AE_DTYPE_F32, "tensor 'y.weight': value 0 is NaN");
  ae_model_unref (model);
  values[0] = 0.0f;
  put (meta, "ae.task", "paint");
  model = ae_model_new (graph, values, meta);
  check_save (model, AE_DTYPE_F32, "ae.task is 'paint'");
  ae_model_unref (model);
  put (meta, "ae.task", NULL);
  model = ae_model_new (graph, values, meta);
  check_save (model, AE_DTYPE_F32, "no ae.task");
  ae_model_unref (model);
}
END_TEST

/* Files that are not models, each made from one that is by a change. */

typedef struct
{
  const char *name;
  AeDType dtype;
  int rank;
  gint64 dims[4];
} Shape;

static const struct
{
  const char *id;
  const char *key, *value; /* of the metadata: set, or removed if NULL */
  int replace; /* tensor that is replaced by `shape`, removed if that has no name; -1: none; 5: one more */
  Shape shape;
  float first; /* value of the first weight */
  const char *part;
  int code;
} rejected[] = {
  { "no-format",
    "ae.format",
    NULL,
    -1,
    { 0 },
    0,
    "not a model: its metadata has no 'ae.format'",
    AE_ERROR_FORMAT },
  { "format-2", "ae.format", "2", -1, { 0 }, 0, "ae.format is '2', expected '1'", AE_ERROR_UNSUPPORTED },
  { "format-lines",
    "ae.format",
    "1\n",
    -1,
    { 0 },
    0,
    "ae.format is '1\\u000a', expected '1'",
    AE_ERROR_UNSUPPORTED },
  { "no-task", "ae.task", NULL, -1, { 0 }, 0, "its metadata has no 'ae.task'", AE_ERROR_FORMAT },
  { "task-unknown",
    "ae.task",
    "dance",
    -1,
    { 0 },
    0,
    "ae.task is 'dance', expected denoise",
    AE_ERROR_UNSUPPORTED },
  { "task-upscale",
    "ae.task",
    "upscale",
    -1,
    { 0 },
    0,
    "ae.task is upscale, but the graph enlarges 1 times",
    AE_ERROR_FORMAT },
  { "no-digest", "ae.sha256", NULL, -1, { 0 }, 0, "its metadata has no 'ae.sha256'", AE_ERROR_FORMAT },
  { "wrong-digest",
    "ae.sha256",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    -1,
    { 0 },
    0,
    "damaged: the SHA-256 of the data is '",
    AE_ERROR_FORMAT },
  { "digest-long",
    "ae.sha256",
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
    -1,
    { 0 },
    0,
    "but ae.sha256 is '00112233",
    AE_ERROR_FORMAT },
  { "no-graph", "ae.graph", NULL, -1, { 0 }, 0, "its metadata has no 'ae.graph'", AE_ERROR_FORMAT },
  { "graph-empty", "ae.graph", "", -1, { 0 }, 0, "ae.graph:1: there is no output", AE_ERROR_GRAPH },
  { "graph-bad",
    "ae.graph",
    "x = input channels=3\ny = convolve x\n",
    -1,
    { 0 },
    0,
    "ae.graph:2: unknown operation 'convolve'",
    AE_ERROR_GRAPH },
  { "graph-limit",
    "ae.graph",
    "x = input channels=3\ny = conv x out=999\nz = concat y y\n",
    -1,
    { 0 },
    0,
    "ae.graph:3: 'z' has 1998 channels",
    AE_ERROR_LIMIT },
  { "graph-channels",
    "ae.graph",
    "x = input channels=3\ny = conv x out=4\noutput y\n",
    -1,
    { 0 },
    0,
    "the output 'y' has 4 channels and the picture 'x' 3",
    AE_ERROR_FORMAT },
  { "graph-other",
    "ae.graph",
    "x = input channels=3\ny = conv x out=3\noutput y\n",
    -1,
    { 0 },
    0,
    "tensor 'y.weight' is missing",
    AE_ERROR_FORMAT },
  { "tensor-missing", NULL, NULL, 1, { 0 }, 0, "tensor 'a.bias' is missing", AE_ERROR_FORMAT },
  { "tensor-unused",
    NULL,
    NULL,
    5,
    { "z.weight", AE_DTYPE_F32, 1, { 2, 1, 1, 1 } },
    0,
    "tensor 'z.weight' is not used by the graph",
    AE_ERROR_FORMAT },
  { "tensor-renamed",
    NULL,
    NULL,
    4,
    { "b.bais", AE_DTYPE_F32, 1, { 3, 1, 1, 1 } },
    0,
    "tensor 'b.bias' is missing",
    AE_ERROR_FORMAT },
  { "tensor-rank",
    NULL,
    NULL,
    1,
    { "a.bias", AE_DTYPE_F32, 2, { 2, 1, 1, 1 } },
    0,
    "tensor 'a.bias': shape 2×1, expected 2",
    AE_ERROR_FORMAT },
  { "tensor-scalar",
    NULL,
    NULL,
    1,
    { "a.bias", AE_DTYPE_F32, 0, { 1, 1, 1, 1 } },
    0,
    "tensor 'a.bias': shape a single value, expected 2",
    AE_ERROR_FORMAT },
  { "tensor-shape",
    NULL,
    NULL,
    0,
    { "a.weight", AE_DTYPE_F32, 4, { 4, 2, 2, 2 } },
    0,
    "tensor 'a.weight': shape 4×2×2×2, expected 2×4×2×2",
    AE_ERROR_FORMAT },
  { "tensor-transposed",
    NULL,
    NULL,
    3,
    { "b.weight", AE_DTYPE_F32, 4, { 3, 2, 2, 2 } },
    0,
    "tensor 'b.weight': shape 3×2×2×2, expected 2×3×2×2",
    AE_ERROR_FORMAT },
  { "tensor-u8",
    NULL,
    NULL,
    1,
    { "a.bias", AE_DTYPE_U8, 1, { 2, 1, 1, 1 } },
    0,
    "tensor 'a.bias': dtype U8, expected F32 or F16",
    AE_ERROR_FORMAT },
  { "tensor-u64",
    NULL,
    NULL,
    1,
    { "a.bias", AE_DTYPE_U64, 1, { 2, 1, 1, 1 } },
    0,
    "tensor 'a.bias': dtype U64, expected F32 or F16",
    AE_ERROR_FORMAT },
  { "weight-nan", NULL, NULL, -1, { 0 }, NAN, "tensor 'a.weight': value 0 is NaN", AE_ERROR_FORMAT },
  { "weight-infinite",
    NULL,
    NULL,
    -1,
    { 0 },
    -INFINITY,
    "tensor 'a.weight': value 0 is infinite",
    AE_ERROR_FORMAT },
  { "half-infinite",
    NULL,
    NULL,
    1,
    { "a.bias", AE_DTYPE_F16, 1, { 2, 1, 1, 1 } },
    0,
    "tensor 'a.bias': value 1 is infinite",
    AE_ERROR_FORMAT },
};

static const Shape shapes[] = {
  { "a.weight", AE_DTYPE_F32, 4, { 2, 4, 2, 2 } }, { "a.bias", AE_DTYPE_F32, 1, { 2, 1, 1, 1 } },
  { "a.slope", AE_DTYPE_F32, 1, { 2, 1, 1, 1 } },  { "b.weight", AE_DTYPE_F32, 4, { 2, 3, 2, 2 } },
  { "b.bias", AE_DTYPE_F32, 1, { 3, 1, 1, 1 } },
};

/* Writes the file of row i, or a good one for i < 0. */
static void
write_file (int i)
{
  static const gsize sizes[]
    = { [AE_DTYPE_F32] = 4, [AE_DTYPE_F16] = 2, [AE_DTYPE_U8] = 1, [AE_DTYPE_U64] = 8 };
  g_autoptr (GHashTable) meta = new_meta ();
  float values[64] = { 0.0f };
  guint16 halves[2] = { 0, 0x7c00 };
  AeTensor tensors[6];
  guint n = 0;
  gboolean digest = i < 0 || rejected[i].key == NULL || !g_str_equal (rejected[i].key, "ae.sha256");

  put (meta, "ae.format", "1");
  put (meta, "ae.graph", GRAPH);
  if (i >= 0 && rejected[i].key)
    put (meta, rejected[i].key, rejected[i].value);
  if (i >= 0)
    values[0] = rejected[i].first;
  for (int t = 0; t < 6; t++)
    {
      const Shape *s = i >= 0 && rejected[i].replace == t ? &rejected[i].shape : t < 5 ? &shapes[t] : NULL;
      AeTensor *tensor = &tensors[n];

      if (s == NULL || s->name == NULL)
        continue;
      *tensor = (AeTensor){ .name = s->name, .dtype = s->dtype, .rank = s->rank, .bytes = sizes[s->dtype] };
      tensor->data = s->dtype == AE_DTYPE_F16 ? (gconstpointer)halves : t ? values + 32 : values;
      for (int d = 0; d < 4; d++)
        {
          tensor->dims[d] = s->dims[d];
          tensor->bytes *= (gsize)s->dims[d];
        }
      n++;
    }
  ck_assert (ae_tensor_file_save (path, tensors, n, meta, digest ? "ae.sha256" : NULL, NULL));
}

START_TEST (test_rejected)
{
  GError *error = NULL;
  g_autofree char *bytes = NULL;
  gsize size;

  write_file (_i);
  ck_assert (g_file_get_contents (path, &bytes, &size, NULL));
  write_seed (rejected[_i].id, ".safetensors", bytes, size);
  ck_assert_msg (ae_model_load (path, &error) == NULL, "%s is not refused", rejected[_i].id);
  ck_assert (g_str_has_prefix (error->message, path));
  check_error (&error, rejected[_i].code, rejected[_i].part, rejected[_i].id);
}
END_TEST

/* The file from which the rows above are made is good: so each is refused for its change alone. */
START_TEST (test_not_rejected)
{
  g_autoptr (AeModel) model = NULL;
  g_autofree char *bytes = NULL;
  gsize size;

  write_file (-1);
  ck_assert (g_file_get_contents (path, &bytes, &size, NULL));
  write_seed ("good-model", ".safetensors", bytes, size);
  model = load ();
  ck_assert_uint_eq (ae_model_n_values (model), 63);
}
END_TEST

/* No beginning of a file is a model, and no file with one bit of its data changed. */
START_TEST (test_damaged)
{
  g_autofree char *bytes = NULL;
  gsize size;
  guint64 header;

  write_file (-1);
  ck_assert (g_file_get_contents (path, &bytes, &size, NULL));
  for (gsize part = 0; part < size; part++)
    {
      g_autoptr (GBytes) some = g_bytes_new (bytes, part);

      ck_assert_ptr_null (ae_model_load_bytes (some, "part", NULL));
    }
  memcpy (&header, bytes, sizeof header);
  for (gsize bit = 0; bit < size * 8; bit++)
    {
      g_autoptr (GBytes) other = NULL;
      g_autoptr (AeModel) model = NULL;
      GError *error = NULL;

      bytes[bit / 8] ^= (char)(1 << bit % 8);
      other = g_bytes_new (bytes, size);
      model = ae_model_load_bytes (other, "other", &error);
      if (bit / 8 >= 8 + header)
        {
          ck_assert_ptr_null (model);
          check_error (&error, AE_ERROR_FORMAT, "damaged", "a bit");
        }
      else
        ck_assert ((model == NULL) == (error != NULL)); /* a description may change and be as good */
      g_clear_error (&error);
      bytes[bit / 8] ^= (char)(1 << bit % 8);
    }
}
END_TEST

START_TEST (test_load_fails)
{
  GError *error = NULL;
  FILE *file;

  ck_assert_ptr_null (ae_model_load (path, &error));
  check_error (&error, AE_ERROR_FILE, path, "missing");
  ck_assert_ptr_null (ae_model_load (folder, &error));
  check_error (&error, AE_ERROR_FILE, "this is a folder", "folder");
  file = fopen (path, "w");
  ck_assert_int_eq (ftruncate (fileno (file), (gint64)AE_MODEL_BYTES_MAX + 1), 0);
  fclose (file);
  ck_assert_ptr_null (ae_model_load (path, &error));
  check_error (&error, AE_ERROR_LIMIT, "268435457 bytes, more than the limit of 268435456", "large");
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("model");
  TCase *good = tcase_create ("good"), *bad = tcase_create ("rejected");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_add_checked_fixture (good, setup, teardown);
  tcase_add_test (good, test_new);
  tcase_add_test (good, test_round_trip);
  tcase_add_test (good, test_upscale);
  tcase_add_test (good, test_mix);
  tcase_add_test (good, test_save_refuses);
  suite_add_tcase (suite, good);
  tcase_add_checked_fixture (bad, setup, teardown);
  tcase_set_timeout (bad, 60);
  tcase_add_test (bad, test_not_rejected);
  tcase_add_loop_test (bad, test_rejected, 0, G_N_ELEMENTS (rejected));
  tcase_add_test (bad, test_damaged);
  tcase_add_test (bad, test_load_fails);
  suite_add_tcase (suite, bad);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
