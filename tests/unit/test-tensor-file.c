/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-tensor-file.c - tensor files: round trips, every rejection, failures to read and write. */

#include <ae/tensor-file.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "rejected.h"

static char *folder;

static void
setup (void)
{
  folder = g_dir_make_tmp ("ae-test-XXXXXX", NULL);
  ck_assert_ptr_nonnull (folder);
}

static guint
count_files (void)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir))
    n++;
  g_dir_close (dir);
  return n;
}

static void
teardown (void)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
  g_dir_close (dir);
  g_rmdir (folder);
  g_free (folder);
}

static char *
path_of (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

/* Length, header and n bytes of data. */
static GBytes *
make_file (const char *header, gsize n)
{
  GByteArray *file = g_byte_array_new ();
  guint64 length = strlen (header);

  g_byte_array_append (file, (const guint8 *)&length, sizeof length);
  g_byte_array_append (file, (const guint8 *)header, (guint)length);
  for (gsize i = 0; i < n; i++)
    {
      guint8 byte = (guint8)(i * 7);

      g_byte_array_append (file, &byte, 1);
    }
  return g_byte_array_free_to_bytes (file);
}

/* Half precision */

/* Assertions only where something is wrong: Check writes a record of each. */
START_TEST (test_half_all)
{
  for (guint i = 0; i < 65536; i++)
    {
      guint16 half = (guint16)i;
      int exponent = half >> 10 & 31, mantissa = half & 1023;
      float value = ae_half_to_float (half);
      double expected = exponent ? ldexp (1024 + mantissa, exponent - 25) : ldexp (mantissa, -24);
      gboolean good;

      if (exponent == 31 && mantissa)
        good = isnan (value) && isnan (ae_half_to_float (ae_half_from_float (value)));
      else
        good = (double)fabsf (value) == (exponent == 31 ? (double)INFINITY : expected)
               && (signbit (value) != 0) == half >> 15 && ae_half_from_float (value) == half;
      if (!good)
        ck_abort_msg ("half %04x is %g and comes back as %04x", i, (double)value, ae_half_from_float (value));
    }
}
END_TEST

/* Between two neighbours: the nearer, in the middle the even one. */
START_TEST (test_half_rounding)
{
  for (guint i = 0; i < 0x7c00; i++)
    {
      float low = ae_half_to_float ((guint16)i);
      float high
        = i + 1 == 0x7c00 ? 65536.0f : ae_half_to_float ((guint16)(i + 1)); /* as if there were more */
      float middle = (low + high) / 2;                                      /* exact */
      guint even = i & 1 ? i + 1 : i;

      if (ae_half_from_float (middle) != even || ae_half_from_float (nextafterf (middle, 0.0f)) != i
          || ae_half_from_float (nextafterf (middle, INFINITY)) != i + 1
          || ae_half_from_float (-middle) != (even | 0x8000))
        ck_abort_msg ("wrong near %g, between the halves %04x and %04x", (double)middle, i, i + 1);
    }
  ck_assert_uint_eq (ae_half_from_float (3e38f), 0x7c00);
  ck_assert_uint_eq (ae_half_from_float (-INFINITY), 0xfc00);
  ck_assert_uint_eq (ae_half_from_float (1e-45f), 0);
  ck_assert_uint_eq (ae_half_from_float (-1e-45f), 0x8000);
}
END_TEST

/* Reading */

START_TEST (test_read)
{
  g_autoptr (GBytes) bytes = make_file (
    "{ \"b\" : {\"shape\":[2, 3],\"dtype\":\"F16\" ,\"data_offsets\":[8,20]},\n"
    "\t\"__metadata__\":{\"key\":\"\\u00fc\\ud83d\\ude00\\n\\\"\\\\\\/\\b\\f\\r\\t\",\"a\":\"\",\"\":\"x\"},"
    "\"a\":{\"data_offsets\":[0,8],\"dtype\":\"U64\",\"shape\":[]},"
    "\"\xc3\xbc\":{\"dtype\":\"U8\",\"shape\":[1,1,1,3],\"data_offsets\":[20,23]},"
    "\"odd\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[23,27]}}  \r\n",
    27);
  GError *error = NULL;
  g_autoptr (AeTensorFile) file = ae_tensor_file_load_bytes (bytes, "test", &error);
  const AeTensor *t;
  g_auto (GStrv) keys = NULL;
  g_autofree char *digest = NULL;
  gsize size;
  const guint8 *raw = g_bytes_get_data (bytes, &size);

  ck_assert_msg (file != NULL, "%s", error ? error->message : "");
  write_seed ("good-all-types", ".safetensors", raw, size);
  ck_assert_uint_eq (ae_tensor_file_n_tensors (file), 4);
  ck_assert_str_eq (ae_tensor_file_nth (file, 0)->name, "a"); /* in the order of the data */
  ck_assert_str_eq (ae_tensor_file_nth (file, 1)->name, "b");
  ck_assert_ptr_eq (ae_tensor_file_find (file, "b"), ae_tensor_file_nth (file, 1));
  ck_assert_ptr_null (ae_tensor_file_find (file, "c"));
  t = ae_tensor_file_find (file, "b");
  ck_assert_int_eq (t->dtype, AE_DTYPE_F16);
  ck_assert_int_eq (t->rank, 2);
  ck_assert (t->dims[0] == 2 && t->dims[1] == 3 && t->dims[2] == 1 && t->dims[3] == 1);
  ck_assert_uint_eq (t->bytes, 12);
  ck_assert_mem_eq (t->data, raw + size - 27 + 8, 12);
  t = ae_tensor_file_find (file, "a");
  ck_assert_int_eq (t->rank, 0);
  ck_assert_uint_eq (t->bytes, 8);
  t = ae_tensor_file_find (file, "odd"); /* at byte 23: a copy that is aligned */
  ck_assert_uint_eq (GPOINTER_TO_SIZE (t->data) % 4, 0);
  ck_assert_mem_eq (t->data, raw + size - 4, 4);
  ck_assert_str_eq (ae_tensor_file_meta (file, "key"), "ü😀\n\"\\/\b\f\r\t");
  ck_assert_str_eq (ae_tensor_file_meta (file, "a"), "");
  ck_assert_ptr_null (ae_tensor_file_meta (file, "b"));
  keys = ae_tensor_file_meta_keys (file);
  ck_assert_uint_eq (g_strv_length (keys), 3);
  ck_assert_str_eq (keys[0], "");
  ck_assert_str_eq (keys[2], "key");
  digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, raw + size - 27, 27);
  ck_assert_str_eq (ae_tensor_file_digest (file), digest);
}
END_TEST

START_TEST (test_read_nothing)
{
  g_autoptr (GBytes) bytes = make_file ("{}", 0);
  g_autoptr (AeTensorFile) file = ae_tensor_file_load_bytes (bytes, NULL, NULL);

  ck_assert_ptr_nonnull (file);
  ck_assert_uint_eq (ae_tensor_file_n_tensors (file), 0);
}
END_TEST

#define T(keys) "{\"t\":{" keys "}}"
#define F32(shape, offsets) "\"dtype\":\"F32\",\"shape\":" shape ",\"data_offsets\":" offsets
#define TENSOR(name, begin, end)                                                                             \
  "\"" name "\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[" begin "," end "]}"

static const struct
{
  const char *id, *header;
  gsize data;
  const char *part;
} rejected[] = {
  { "not-object", "[1]", 0, "byte 0: expected '{'" },
  { "blank-first", " {}", 0, "byte 0: expected '{'" },
  { "not-utf8", "{\"\xff\":1}", 0, "byte 2: not valid UTF-8" },
  { "unfinished", "{\"t\":", 0, "expected '{'" },
  { "no-end", "{" TENSOR ("a", "0", "4"), 4, "expected ',' or '}'" },
  { "after-end", "{}{}", 0, "expected nothing after" },
  { "comma-at-end", "{" TENSOR ("a", "0", "4") ",}", 4, "expected '\"'" },
  { "no-colon", "{\"t\" {}}", 0, "expected ':'" },
  { "string-open", "{\"t", 0, "a string that does not end" },
  { "string-control", "{\"t\n\":{}}", 0, "a control character in a string" },
  { "string-escape", "{\"\\x\":{}}", 0, "unknown escape" },
  { "string-escape-end", "{\"\\", 0, "unknown escape" },
  { "string-zero", "{\"\\u0000\":{}}", 0, "a string with a zero character" },
  { "string-hex", "{\"\\u00g0\":{}}", 0, "four hexadecimal digits" },
  { "surrogate-first", "{\"\\ud800x\":{}}", 0, "first half of a surrogate pair stands alone" },
  { "surrogate-first-end", "{\"\\ud800", 0, "first half of a surrogate pair stands alone" },
  { "surrogate-wrong", "{\"\\ud800\\u0041\":{}}", 0, "first half of a surrogate pair stands alone" },
  { "surrogate-second", "{\"\\udc00\":{}}", 0, "second half of a surrogate pair stands alone" },
  { "name-empty", "{\"\":{}}", 0, "a name of 0 bytes" },
  { "name-control", "{\"a\\u001b[2J\":{}}", 0, "a name with a control character" },
  { "name-twice", "{" TENSOR ("a", "0", "4") "," TENSOR ("a", "4", "8") "}", 8, "name 'a' is given twice" },
  { "name-twice-escaped", "{" TENSOR ("a", "0", "4") "," TENSOR ("\\u0061", "4", "8") "}", 8,
    "name 'a' is given twice" },
  { "metadata-twice", "{\"__metadata__\":{},\"__metadata__\":{}}", 0, "name '__metadata__' is given twice" },
  { "metadata-key-twice", "{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0,
    "metadata key 'k' is given twice" },
  { "metadata-number", "{\"__metadata__\":{\"k\":1}}", 0, "expected '\"'" },
  { "metadata-null", "{\"__metadata__\":null}", 0, "expected '{'" },
  { "tensor-number", "{\"t\":1}", 0, "expected '{'" },
  { "tensor-empty", T (""), 0, "tensor 't': no key 'dtype'" },
  { "tensor-no-shape", T ("\"dtype\":\"U8\",\"data_offsets\":[0,1]"), 1, "tensor 't': no key 'shape'" },
  { "tensor-no-offsets", T ("\"dtype\":\"U8\",\"shape\":[1]"), 1, "tensor 't': no key 'data_offsets'" },
  { "tensor-key-unknown", T ("\"stride\":[1]"), 0, "tensor 't': unknown key 'stride'" },
  { "tensor-key-twice", T ("\"dtype\":\"U8\",\"dtype\":\"F32\""), 0,
    "tensor 't': key 'dtype' is given twice" },
  { "dtype-unknown", T ("\"dtype\":\"BF16\""), 0,
    "dtype 'BF16' is not supported, expected F32, F16, U8 or U64" },
  { "dtype-case", T ("\"dtype\":\"f32\""), 0, "dtype 'f32' is not supported" },
  { "dtype-number", T ("\"dtype\":32"), 0, "expected '\"'" },
  { "rank-5", T ("\"shape\":[1,1,1,1,1]"), 0, "tensor 't': more than 4 numbers in shape" },
  { "dimension-0", T ("\"shape\":[2,0]"), 0, "tensor 't': a dimension of 0" },
  { "dimension-negative", T ("\"shape\":[-1]"), 0, "expected a whole number" },
  { "dimension-fraction", T ("\"shape\":[1.5]"), 0, "expected ',' or ']'" },
  { "dimension-exponent", T ("\"shape\":[1e3]"), 0, "expected ',' or ']'" },
  { "dimension-leading-zero", T ("\"shape\":[01]"), 0, "a number with a leading zero" },
  { "dimension-2-63", T ("\"shape\":[9223372036854775808]"), 0, "a number of 2^63 or more" },
  { "dimension-nested", T ("\"shape\":[[1]]"), 0, "expected a whole number" },
  { "dimension-string", T ("\"shape\":[\"1\"]"), 0, "expected a whole number" },
  { "size-overflow", T (F32 ("[4294967296,4294967296,4294967296]", "[0,0]")), 0,
    "tensor 't': its size overflows" },
  { "size-overflow-sign", T (F32 ("[4294967296,1073741824]", "[0,0]")), 0, "tensor 't': its size overflows" },
  { "offsets-one", T (F32 ("[1]", "[0]")), 4, "1 numbers in data_offsets, expected 2" },
  { "offsets-three", T (F32 ("[1]", "[0,4,4]")), 4, "more than 2 numbers in data_offsets" },
  { "offsets-backwards", T (F32 ("[1]", "[4,0]")), 4, "data_offsets 4 to 0, but its shape needs 4 bytes" },
  { "offsets-short", T (F32 ("[2]", "[0,4]")), 4, "data_offsets 0 to 4, but its shape needs 8 bytes" },
  { "offsets-long", T (F32 ("[1]", "[0,8]")), 8, "data_offsets 0 to 8, but its shape needs 4 bytes" },
  { "hole-first", T (F32 ("[1]", "[4,8]")), 8, "begins at byte 4 of the data, expected 0 (a hole" },
  { "hole", "{" TENSOR ("a", "0", "4") "," TENSOR ("b", "5", "9") "}", 9,
    "'b' begins at byte 5 of the data, expected 4" },
  { "overlap", "{" TENSOR ("a", "0", "4") "," TENSOR ("b", "2", "6") "}", 6, "(tensors overlap)" },
  { "overlap-whole", "{" TENSOR ("a", "0", "4") "," TENSOR ("b", "0", "4") "}", 4, "(tensors overlap)" },
  { "truncated-data", "{" TENSOR ("a", "0", "4") "}", 3, "truncated: tensor 'a' ends at byte 4" },
  { "trailing-data", "{" TENSOR ("a", "0", "4") "}", 5, "5 bytes of data, but the tensors have 4" },
  { "data-alone", "{}", 1, "1 bytes of data, but the tensors have 0" },
};

START_TEST (test_rejected)
{
  g_autoptr (GBytes) bytes = make_file (rejected[_i].header, rejected[_i].data);
  GError *error = NULL;

  write_seed (rejected[_i].id, ".safetensors", g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  ck_assert_msg (ae_tensor_file_load_bytes (bytes, "a file", &error) == NULL, "%s is not refused",
                 rejected[_i].id);
  ck_assert (g_str_has_prefix (error->message, "a file: "));
  check_error (&error, AE_ERROR_FORMAT, rejected[_i].part, rejected[_i].id);
}
END_TEST

START_TEST (test_rejected_name)
{
  g_autofree char *header = g_strdup_printf ("{\"%0256d\":{}}", 0);
  g_autoptr (GBytes) bytes = make_file (header, 0);
  GError *error = NULL;

  ck_assert_ptr_null (ae_tensor_file_load_bytes (bytes, "a file", &error));
  check_error (&error, AE_ERROR_FORMAT, "a name of 256 bytes, expected 1 to 255", "long name");
}
END_TEST

static void
check_raw (const char *id, const char *raw, gsize n, const char *part)
{
  g_autoptr (GBytes) bytes = g_bytes_new (raw, n);
  GError *error = NULL;

  write_seed (id, ".safetensors", raw, n);
  ck_assert_ptr_null (ae_tensor_file_load_bytes (bytes, "a file", &error));
  check_error (&error, AE_ERROR_FORMAT, part, id);
}

START_TEST (test_rejected_raw)
{
  static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1";

  check_raw ("no-bytes", "", 0, "the file is empty");
  check_raw ("nine-bytes", "\2\0\0\0\0\0\0\0{", 9, "9 bytes are too few");
  check_raw ("png", png, sizeof png, "not a safetensors file (a header of 727905341920923785 bytes");
  check_raw ("header-0", "\0\0\0\0\0\0\0\0{}", 10, "expected '{'");
  check_raw ("header-longer-than-file", "\3\0\0\0\0\0\0\0{}", 10,
             "truncated: a header of 3 bytes in a file of 10");
  check_raw ("header-8-mib-1", "\1\0\200\0\0\0\0\0{}", 10,
             "a header of 8388609 bytes, expected at most 8388608");
  check_raw ("header-zero-byte", "\3\0\0\0\0\0\0\0{\0}", 11, "not valid UTF-8");
}
END_TEST

START_TEST (test_many_tensors)
{
  GString *header = g_string_new ("{");
  g_autoptr (GBytes) bytes = NULL;
  GError *error = NULL;

  for (int i = 0; i <= 65536; i++)
    g_string_append_printf (header, "%s\"%d\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[%d,%d]}",
                            i ? "," : "", i, i, i + 1);
  g_string_append_c (header, '}');
  bytes = make_file (header->str, 65537);
  ck_assert_ptr_null (ae_tensor_file_load_bytes (bytes, "a file", &error));
  check_error (&error, AE_ERROR_LIMIT, "more than 65536 tensors", "many tensors");
  g_string_free (header, TRUE);
}
END_TEST

/* Keys are searched for among those before, so there may not be any number of them. */
START_TEST (test_many_keys)
{
  for (int n = 1024; n <= 1025; n++)
    {
      GString *header = g_string_new ("{\"__metadata__\":{");
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (AeTensorFile) file = NULL;
      GError *error = NULL;

      for (int i = 0; i < n; i++)
        g_string_append_printf (header, "%s\"%d\":\"\"", i ? "," : "", i);
      g_string_append (header, "}}");
      bytes = make_file (header->str, 0);
      file = ae_tensor_file_load_bytes (bytes, "a file", &error);
      ck_assert (!file == (n > 1024));
      if (!file)
        check_error (&error, AE_ERROR_LIMIT, "more than 1024 keys of metadata", "many keys");
      g_string_free (header, TRUE);
    }
}
END_TEST

/* Files */

static void
put (GHashTable *meta, const char *key, const char *value)
{
  g_hash_table_insert (meta, (gpointer)key, (gpointer)value);
}

static AeTensor
tensor (const char *name, AeDType dtype, int rank, const gint64 *dims, gconstpointer data, gsize bytes)
{
  AeTensor t = { name, dtype, rank, { 1, 1, 1, 1 }, bytes, data };

  for (int d = 0; d < rank; d++)
    t.dims[d] = dims[d];
  return t;
}

static const float numbers[6] = { 0.0f, -1.5f, 1e-30f, 3e38f, 7.0f, -0.0f };
static const guint16 halves[2] = { 0x3c00, 0xbc00 };
static const guint64 counts[1] = { G_GUINT64_CONSTANT (0xfedcba9876543210) };
static const guint8 small[3] = { 0, 128, 255 };

static guint
example (AeTensor *tensors)
{
  tensors[0] = tensor ("net.weight", AE_DTYPE_F32, 2, (gint64[]){ 2, 3 }, numbers, sizeof numbers);
  tensors[1] = tensor ("\"odd\\ name ü", AE_DTYPE_U8, 1, (gint64[]){ 3 }, small, sizeof small);
  tensors[2] = tensor ("half", AE_DTYPE_F16, 4, (gint64[]){ 1, 2, 1, 1 }, halves, sizeof halves);
  tensors[3] = tensor ("step", AE_DTYPE_U64, 0, NULL, counts, sizeof counts);
  return 4;
}

static void
check_example (AeTensorFile *file)
{
  AeTensor tensors[4];
  guint n = example (tensors);

  ck_assert_uint_eq (ae_tensor_file_n_tensors (file), n);
  for (guint i = 0; i < n; i++)
    {
      const AeTensor *t = ae_tensor_file_nth (file, i);

      ck_assert_str_eq (t->name, tensors[i].name);
      ck_assert_int_eq (t->dtype, tensors[i].dtype);
      ck_assert_int_eq (t->rank, tensors[i].rank);
      ck_assert_mem_eq (t->dims, tensors[i].dims, sizeof t->dims);
      ck_assert_uint_eq (t->bytes, tensors[i].bytes);
      ck_assert_mem_eq (t->data, tensors[i].data, t->bytes);
      if (t->dtype != AE_DTYPE_U8)
        ck_assert_uint_eq (GPOINTER_TO_SIZE (t->data) % 2, 0);
    }
}

START_TEST (test_round_trip)
{
  g_autofree char *path = path_of ("file.safetensors"), *bytes = NULL, *again = NULL;
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  AeTensor tensors[4];
  guint n = example (tensors);
  GError *error = NULL;
  AeTensorFile *file;
  guint64 length;
  gsize size, size_again;
  static const char text[] = "line\nquote \" back \\ tab \t bell \a ü 😀 </script>";

  put (meta, "text", text);
  put (meta, "empty", "");
  ck_assert_msg (ae_tensor_file_save (path, tensors, n, meta, "digest", &error), "%s",
                 error ? error->message : "");
  ck_assert_uint_eq (g_hash_table_size (meta), 2);
  ck_assert_uint_eq (count_files (), 1);
  file = ae_tensor_file_load (path, 4096, &error);
  ck_assert_msg (file != NULL, "%s", error ? error->message : "");
  check_example (file);
  ck_assert_str_eq (ae_tensor_file_meta (file, "text"), text);
  ck_assert_str_eq (ae_tensor_file_meta (file, "empty"), "");
  ck_assert_str_eq (ae_tensor_file_meta (file, "digest"), ae_tensor_file_digest (file));
  ae_tensor_file_free (file);

  file = ae_tensor_file_map (path, &error);
  ck_assert_msg (file != NULL, "%s", error ? error->message : "");
  check_example (file);
  ae_tensor_file_free (file);

  ck_assert (g_file_get_contents (path, &bytes, &size, NULL));
  memcpy (&length, bytes, sizeof length);
  ck_assert_uint_eq (length % 8, 0); /* so the data is aligned in a mapped file */
  ck_assert_int_eq (bytes[8], '{');
  ck_assert (ae_tensor_file_save (path, tensors, n, meta, "digest", NULL));
  ck_assert (g_file_get_contents (path, &again, &size_again, NULL));
  ck_assert_uint_eq (size, size_again); /* equal content makes equal files */
  ck_assert_mem_eq (bytes, again, size);
}
END_TEST

START_TEST (test_save_nothing)
{
  g_autofree char *path = path_of ("empty.safetensors");
  g_autoptr (AeTensorFile) file = NULL;

  ck_assert (ae_tensor_file_save (path, NULL, 0, NULL, NULL, NULL));
  file = ae_tensor_file_load (path, 100, NULL);
  ck_assert_ptr_nonnull (file);
  ck_assert_uint_eq (ae_tensor_file_n_tensors (file), 0);
}
END_TEST

/* Every beginning of a file is refused. */
START_TEST (test_truncated)
{
  g_autofree char *path = path_of ("file.safetensors"), *bytes = NULL;
  AeTensor tensors[4];
  guint n = example (tensors);
  gsize size;

  ck_assert (ae_tensor_file_save (path, tensors, n, NULL, "digest", NULL));
  ck_assert (g_file_get_contents (path, &bytes, &size, NULL));
  for (gsize part = 0; part < size; part++)
    {
      g_autoptr (GBytes) some = g_bytes_new (bytes, part);
      GError *error = NULL;

      ck_assert_msg (ae_tensor_file_load_bytes (some, "a file", &error) == NULL, "%zu of %zu bytes", part,
                     size);
      check_error (&error, AE_ERROR_FORMAT, "a file: ", "truncated");
    }
}
END_TEST

static void
check_load (const char *path, guint64 max, int code, const char *part)
{
  GError *error = NULL;

  ck_assert_ptr_null (ae_tensor_file_load (path, max, &error));
  ck_assert (g_str_has_prefix (error->message, path));
  check_error (&error, code, part, path);
  if (max == G_MAXUINT64)
    {
      ck_assert_ptr_null (ae_tensor_file_map (path, &error));
      ck_assert (g_str_has_prefix (error->message, path));
      check_error (&error, code, part, path);
    }
}

START_TEST (test_load_fails)
{
  g_autofree char *missing = path_of ("missing"), *empty = path_of ("empty"), *pipe = path_of ("pipe");
  g_autofree char *file = path_of ("file");

  ck_assert (g_file_set_contents (empty, "", 0, NULL));
  ck_assert_int_eq (mkfifo (pipe, 0600), 0);
  check_load (missing, G_MAXUINT64, AE_ERROR_FILE, g_strerror (ENOENT));
  check_load (folder, G_MAXUINT64, AE_ERROR_FILE, "this is a folder, not a file");
  check_load (pipe, G_MAXUINT64, AE_ERROR_FILE, "not a regular file");
  check_load ("/dev/zero", G_MAXUINT64, AE_ERROR_FILE, "not a regular file");
  check_load (empty, G_MAXUINT64, AE_ERROR_FORMAT, "the file is empty");
  ck_assert (ae_tensor_file_save (file, NULL, 0, NULL, NULL, NULL));
  check_load (file, 15, AE_ERROR_LIMIT, "16 bytes, more than the limit of 15");
}
END_TEST

START_TEST (test_save_fails)
{
  g_autofree char *nowhere = path_of ("no-folder/file"), *inner = path_of ("inner");
  AeTensor tensors[4];
  guint n = example (tensors);
  GError *error = NULL;

  ck_assert (!ae_tensor_file_save (nowhere, tensors, n, NULL, NULL, &error));
  check_error (&error, AE_ERROR_FILE, g_strerror (ENOENT), "no folder");
  ck_assert_int_eq (g_mkdir (inner, 0700), 0);
  ck_assert (!ae_tensor_file_save (inner, tensors, n, NULL, NULL, &error));
  check_error (&error, AE_ERROR_FILE, "inner: cannot write: ", "a folder");
  ck_assert_uint_eq (count_files (), 1);
}
END_TEST

/* A disk that is full, as far as a process can make one: a limit for the size of files. */
START_TEST (test_save_no_space)
{
  g_autofree char *path = path_of ("file.safetensors");
  struct rlimit limit = { 4096, 4096 };
  AeTensor tensors[4], large;
  guint n = example (tensors);
  g_autofree guint8 *data = g_malloc0 (10000);
  g_autoptr (AeTensorFile) file = NULL;
  GError *error = NULL;

  ck_assert (ae_tensor_file_save (path, tensors, n, NULL, NULL, NULL));
  large = tensor ("large", AE_DTYPE_U8, 1, (gint64[]){ 10000 }, data, 10000);
  signal (SIGXFSZ, SIG_IGN);
  ck_assert_int_eq (setrlimit (RLIMIT_FSIZE, &limit), 0);
  ck_assert (!ae_tensor_file_save (path, &large, 1, NULL, NULL, &error));
  ck_assert (g_str_has_prefix (error->message, path));
  check_error (&error, AE_ERROR_FILE, g_strerror (EFBIG), "no space");
  ck_assert_uint_eq (count_files (), 1); /* and the older file is as it was */
  file = ae_tensor_file_load (path, 4096, NULL);
  ck_assert_ptr_nonnull (file);
  check_example (file);
}
END_TEST

static void
check_refused (const AeTensor *tensors, guint n, GHashTable *meta, int code, const char *part)
{
  g_autofree char *path = path_of ("file");
  GError *error = NULL;

  ck_assert (!ae_tensor_file_save (path, tensors, n, meta, NULL, &error));
  check_error (&error, code, part, part);
  ck_assert_uint_eq (count_files (), 0);
}

START_TEST (test_save_refuses)
{
  static const gint64 one[] = { 1 }, zero[] = { 0 };
  g_autofree char *long_name = g_strnfill (256, 'n'), *much = g_strnfill (9 << 20, 'x');
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) many = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  AeTensor twice[2]
    = { tensor ("a", AE_DTYPE_U8, 1, one, small, 1), tensor ("a", AE_DTYPE_U8, 1, one, small, 1) };
  AeTensor t;

  check_refused (twice, 2, NULL, AE_ERROR_ARGUMENT, "tensor 'a' is given twice");
  t = tensor ("a", AE_DTYPE_F32, 1, one, small, 1);
  check_refused (&t, 1, NULL, AE_ERROR_ARGUMENT, "tensor 'a': its shape and its 1 bytes do not agree");
  t = tensor ("a", AE_DTYPE_U8, 1, zero, small, 0);
  check_refused (&t, 1, NULL, AE_ERROR_ARGUMENT, "tensor 'a': its shape");
  t = tensor ("", AE_DTYPE_U8, 1, one, small, 1);
  check_refused (&t, 1, NULL, AE_ERROR_ARGUMENT, "'' cannot be the name of a tensor");
  t = tensor ("__metadata__", AE_DTYPE_U8, 1, one, small, 1);
  check_refused (&t, 1, NULL, AE_ERROR_ARGUMENT, "'__metadata__' cannot be the name");
  t = tensor (long_name, AE_DTYPE_U8, 1, one, small, 1);
  check_refused (&t, 1, NULL, AE_ERROR_ARGUMENT, "cannot be the name of a tensor");
  t = tensor ("a\nb", AE_DTYPE_U8, 1, one, small, 1);
  check_refused (&t, 1, NULL, AE_ERROR_ARGUMENT, "cannot be the name of a tensor");
  t = tensor ("\xff", AE_DTYPE_U8, 1, one, small, 1);
  check_refused (&t, 1, NULL, AE_ERROR_ARGUMENT, "not valid UTF-8");
  put (meta, "key", "\xff");
  check_refused (NULL, 0, meta, AE_ERROR_ARGUMENT, "key is not valid UTF-8");
  put (meta, "key", much);
  check_refused (NULL, 0, meta, AE_ERROR_LIMIT, "more than 8388608");
  for (int i = 0; i < 1025; i++)
    g_hash_table_insert (many, g_strdup_printf ("%d", i), (gpointer) "");
  check_refused (NULL, 0, many, AE_ERROR_LIMIT, "more than 1024 keys of metadata");
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("tensor-file");
  TCase *half = tcase_create ("half"), *read = tcase_create ("read"), *file = tcase_create ("file");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_add_test (half, test_half_all);
  tcase_add_test (half, test_half_rounding);
  suite_add_tcase (suite, half);
  tcase_set_timeout (read, 60);
  tcase_add_test (read, test_read);
  tcase_add_test (read, test_read_nothing);
  tcase_add_loop_test (read, test_rejected, 0, G_N_ELEMENTS (rejected));
  tcase_add_test (read, test_rejected_name);
  tcase_add_test (read, test_rejected_raw);
  tcase_add_test (read, test_many_tensors);
  tcase_add_test (read, test_many_keys);
  suite_add_tcase (suite, read);
  tcase_add_checked_fixture (file, setup, teardown);
  tcase_add_test (file, test_round_trip);
  tcase_add_test (file, test_save_nothing);
  tcase_add_test (file, test_truncated);
  tcase_add_test (file, test_load_fails);
  tcase_add_test (file, test_save_fails);
  tcase_add_test (file, test_save_no_space);
  tcase_add_test (file, test_save_refuses);
  suite_add_tcase (suite, file);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
