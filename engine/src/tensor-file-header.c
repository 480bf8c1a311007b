/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* tensor-file-header.c - a strict reader of the JSON header of a safetensors file. */

/*
 * Only what such a header may hold is understood: an object of objects, whose
 * values are strings, whole numbers and arrays of whole numbers.  Everything
 * else, and every key given twice, is an error; general JSON readers let the
 * last of two equal keys win, so that two programs could see two files in one.
 */

#include <ae/error.h>
#include <stdarg.h>
#include <string.h>

#include "intl.h"
#include "quote.h"
#include "tensor-file-private.h"

typedef struct
{
  const char *text;
  gsize size, at;
  const char *name; /* of the file */
  GError **error;
} Reader;

static gboolean G_GNUC_PRINTF (3, 4) fail (Reader *r, int code, const char *format, ...)
{
  va_list args;
  g_autofree char *message = NULL;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (r->error, AE_ERROR, code, _ ("%s: header, byte %zu: %s"), r->name, r->at, message);
  return FALSE;
}

static char
peek (Reader *r)
{
  while (r->at < r->size && strchr (" \t\r\n", r->text[r->at]))
    r->at++;
  return r->at < r->size ? r->text[r->at] : '\0';
}

static gboolean
expect (Reader *r, char c)
{
  if (peek (r) != c)
    return fail (r, AE_ERROR_FORMAT, _ ("expected '%c'"), c);
  r->at++;
  return TRUE;
}

/* After an element: TRUE with *more set if a comma follows, FALSE on anything but that or `close`. */
static gboolean
next (Reader *r, char close, gboolean *more)
{
  char c = peek (r);

  if (c != ',' && c != close)
    return fail (r, AE_ERROR_FORMAT, _ ("expected ',' or '%c'"), close);
  r->at++;
  *more = c == ',';
  return TRUE;
}

/* Opens an object or array; *more: it has elements. */
static gboolean
open_list (Reader *r, char open, char close, gboolean *more)
{
  if (!expect (r, open))
    return FALSE;
  *more = peek (r) != close;
  if (!*more)
    r->at++;
  return TRUE;
}

static gboolean
read_hex4 (Reader *r, guint *code)
{
  *code = 0;
  for (int i = 0; i < 4; i++, r->at++)
    {
      int digit = r->at < r->size ? g_ascii_xdigit_value (r->text[r->at]) : -1;

      if (digit < 0)
        return fail (r, AE_ERROR_FORMAT, _ ("expected four hexadecimal digits after \\u"));
      *code = *code << 4 | (guint)digit;
    }
  return TRUE;
}

/* Behind \u. */
static gboolean
read_unicode (Reader *r, GString *string)
{
  guint code, low;

  if (!read_hex4 (r, &code))
    return FALSE;
  if (code >= 0xd800 && code < 0xdc00)
    {
      if (r->size - r->at < 2 || memcmp (r->text + r->at, "\\u", 2) != 0)
        return fail (r, AE_ERROR_FORMAT, _ ("the first half of a surrogate pair stands alone"));
      r->at += 2;
      if (!read_hex4 (r, &low))
        return FALSE;
      if (low < 0xdc00 || low > 0xdfff)
        return fail (r, AE_ERROR_FORMAT, _ ("the first half of a surrogate pair stands alone"));
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
  else if (code >= 0xdc00 && code <= 0xdfff)
    return fail (r, AE_ERROR_FORMAT, _ ("the second half of a surrogate pair stands alone"));
  else if (code == 0)
    return fail (r, AE_ERROR_FORMAT, _ ("a string with a zero character"));
  g_string_append_unichar (string, code);
  return TRUE;
}

static gboolean
read_escape (Reader *r, GString *string)
{
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  char c = r->at < r->size ? r->text[r->at++] : '\0';
  const char *found = c ? strchr (from, c) : NULL;

  if (c == 'u')
    return read_unicode (r, string);
  if (found == NULL)
    return fail (r, AE_ERROR_FORMAT, _ ("unknown escape in a string"));
  g_string_append_c (string, to[found - from]);
  return TRUE;
}

static char *
read_string (Reader *r)
{
  g_autoptr (GString) string = g_string_new (NULL);

  if (!expect (r, '"'))
    return NULL;
  for (;;)
    {
      gsize run = r->at;
      char c;

      while (run < r->size && (guchar)r->text[run] >= 0x20 && r->text[run] != '"' && r->text[run] != '\\')
        run++;
      g_string_append_len (string, r->text + r->at, (gssize)(run - r->at));
      r->at = run;
      if (run >= r->size)
        fail (r, AE_ERROR_FORMAT, _ ("a string that does not end"));
      else if ((guchar)r->text[run] < 0x20)
        fail (r, AE_ERROR_FORMAT, _ ("a control character in a string"));
      else
        {
          c = r->text[r->at++];
          if (c == '"')
            return g_string_free (g_steal_pointer (&string), FALSE);
          if (read_escape (r, string))
            continue;
        }
      return NULL;
    }
}

/* Digits alone, no leading zero, less than 2^63. */
static gboolean
read_number (Reader *r, guint64 *number)
{
  gsize digits = 0;

  peek (r);
  while (r->at + digits < r->size && g_ascii_isdigit (r->text[r->at + digits]))
    digits++;
  if (digits == 0)
    return fail (r, AE_ERROR_FORMAT, _ ("expected a whole number"));
  if (digits > 1 && r->text[r->at] == '0')
    return fail (r, AE_ERROR_FORMAT, _ ("a number with a leading zero"));
  *number = 0;
  for (gsize i = 0; i < digits; i++, r->at++)
    {
      guint64 digit = (guint64)(r->text[r->at] - '0');

      if (*number > (G_MAXINT64 - digit) / 10)
        return fail (r, AE_ERROR_FORMAT, _ ("a number of 2^63 or more"));
      *number = *number * 10 + digit;
    }
  return TRUE;
}

/* Up to max numbers. */
static gboolean
read_numbers (Reader *r, const char *tensor, const char *what, int max, guint64 *numbers, int *n)
{
  gboolean more;

  *n = 0;
  if (!open_list (r, '[', ']', &more))
    return FALSE;
  while (more)
    {
      if (*n == max)
        return fail (r, AE_ERROR_FORMAT, _ ("tensor '%s': more than %d numbers in %s"), tensor, max, what);
      if (!read_number (r, &numbers[(*n)++]) || !next (r, ']', &more))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_dtype (Reader *r, AeTensorEntry *entry)
{
  static const AeDType all[] = { AE_DTYPE_F32, AE_DTYPE_F16, AE_DTYPE_U8, AE_DTYPE_U64 };
  g_autofree char *word = read_string (r), *shown = NULL;

  if (word == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    if (g_str_equal (word, ae_dtype_name (all[i])))
      {
        entry->dtype = all[i];
        return TRUE;
      }
  shown = ae_quote (word);
  return fail (r, AE_ERROR_FORMAT, _ ("tensor '%s': dtype %s is not supported, expected F32, F16, U8 or U64"),
               entry->name, shown);
}

static gboolean
read_shape (Reader *r, AeTensorEntry *entry)
{
  guint64 dims[AE_TENSOR_RANK_MAX];

  if (!read_numbers (r, entry->name, "shape", AE_TENSOR_RANK_MAX, dims, &entry->rank))
    return FALSE;
  for (int i = 0; i < AE_TENSOR_RANK_MAX; i++)
    {
      if (i < entry->rank && dims[i] == 0)
        return fail (r, AE_ERROR_FORMAT, _ ("tensor '%s': a dimension of 0, expected 1 or more"),
                     entry->name);
      entry->dims[i] = i < entry->rank ? (gint64)dims[i] : 1;
    }
  return TRUE;
}

static gboolean
read_offsets (Reader *r, AeTensorEntry *entry)
{
  guint64 offsets[2] = { 0, 0 };
  int n;

  if (!read_numbers (r, entry->name, "data_offsets", 2, offsets, &n))
    return FALSE;
  if (n != 2)
    return fail (r, AE_ERROR_FORMAT, _ ("tensor '%s': %d numbers in data_offsets, expected 2"), entry->name,
                 n);
  entry->begin = offsets[0];
  entry->end = offsets[1];
  return TRUE;
}

/* The value of a tensor; entry->name is set. */
static gboolean
read_tensor (Reader *r, AeTensorEntry *entry)
{
  static const char *const keys[] = { "dtype", "shape", "data_offsets" };
  gboolean (*const read[]) (Reader *, AeTensorEntry *) = { read_dtype, read_shape, read_offsets };
  gboolean given[G_N_ELEMENTS (keys)] = { FALSE }, more;

  if (!open_list (r, '{', '}', &more))
    return FALSE;
  while (more)
    {
      g_autofree char *key = read_string (r);
      gsize k = 0;

      if (key == NULL || !expect (r, ':'))
        return FALSE;
      while (k < G_N_ELEMENTS (keys) && !g_str_equal (key, keys[k]))
        k++;
      if (k == G_N_ELEMENTS (keys))
        {
          g_autofree char *shown = ae_quote (key);

          return fail (r, AE_ERROR_FORMAT, _ ("tensor '%s': unknown key %s"), entry->name, shown);
        }
      if (given[k])
        return fail (r, AE_ERROR_FORMAT, _ ("tensor '%s': key '%s' is given twice"), entry->name, key);
      given[k] = TRUE;
      if (!read[k](r, entry) || !next (r, '}', &more))
        return FALSE;
    }
  for (gsize k = 0; k < G_N_ELEMENTS (keys); k++)
    if (!given[k])
      return fail (r, AE_ERROR_FORMAT, _ ("tensor '%s': no key '%s'"), entry->name, keys[k]);
  return TRUE;
}

static gboolean
read_meta (Reader *r, GHashTable *meta)
{
  gboolean more;

  if (!open_list (r, '{', '}', &more))
    return FALSE;
  while (more)
    {
      g_autofree char *key = read_string (r), *value = NULL;

      if (key == NULL || !expect (r, ':'))
        return FALSE;
      /* searched for each key, and whoever makes a file may give all of them the same hash */
      if (g_hash_table_size (meta) >= AE_TENSOR_META_MAX)
        return fail (r, AE_ERROR_LIMIT, _ ("more than %d keys of metadata"), AE_TENSOR_META_MAX);
      if (g_hash_table_contains (meta, key))
        {
          g_autofree char *shown = ae_quote (key);

          return fail (r, AE_ERROR_FORMAT, _ ("metadata key %s is given twice"), shown);
        }
      value = read_string (r);
      if (value == NULL)
        return FALSE;
      g_hash_table_insert (meta, g_steal_pointer (&key), g_steal_pointer (&value));
      if (!next (r, '}', &more))
        return FALSE;
    }
  return TRUE;
}

/* Names appear in messages: they stay short and on one line. */
static gboolean
check_name (Reader *r, const char *tensor)
{
  gsize length = strlen (tensor);

  if (length == 0 || length > AE_TENSOR_NAME_MAX)
    return fail (r, AE_ERROR_FORMAT, _ ("a name of %zu bytes, expected 1 to %d"), length, AE_TENSOR_NAME_MAX);
  for (const char *c = tensor; *c; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)))
      return fail (r, AE_ERROR_FORMAT, _ ("a name with a control character"));
  return TRUE;
}

static gboolean
read_member (Reader *r, GHashTable *names, GArray *entries, GHashTable *meta)
{
  AeTensorEntry entry = { .name = read_string (r) };

  if (entry.name == NULL)
    return FALSE;
  if (entries->len >= AE_TENSORS_MAX && !g_str_equal (entry.name, AE_TENSOR_META_KEY))
    {
      g_free (entry.name);
      return fail (r, AE_ERROR_LIMIT, _ ("more than %d tensors"), AE_TENSORS_MAX);
    }
  /* The set owns the name; an entry has a copy. */
  if (!g_hash_table_add (names, entry.name))
    {
      g_autofree char *shown = ae_quote (entry.name);

      return fail (r, AE_ERROR_FORMAT, _ ("name %s is given twice"), shown);
    }
  if (!check_name (r, entry.name) || !expect (r, ':'))
    return FALSE;
  if (g_str_equal (entry.name, AE_TENSOR_META_KEY))
    return read_meta (r, meta);
  if (!read_tensor (r, &entry))
    return FALSE;
  entry.name = g_strdup (entry.name);
  g_array_append_val (entries, entry);
  return TRUE;
}

gboolean
ae_tensor_header_read (const char *text, gsize size, const char *name, GArray *entries, GHashTable *meta,
                       GError **error)
{
  Reader r = { text, size, 0, name, error };
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *bad;
  gboolean more;

  /* The format wants '{' as the first byte, without blanks before it. */
  if (size == 0 || text[0] != '{')
    return fail (&r, AE_ERROR_FORMAT, _ ("expected '{', this is not a safetensors file"));
  if (!g_utf8_validate (text, (gssize)size, &bad))
    {
      r.at = (gsize)(bad - text);
      return fail (&r, AE_ERROR_FORMAT, _ ("not valid UTF-8"));
    }
  if (!open_list (&r, '{', '}', &more))
    return FALSE;
  while (more)
    if (!read_member (&r, names, entries, meta) || !next (&r, '}', &more))
      return FALSE;
  peek (&r);
  if (r.at != size)
    return fail (&r, AE_ERROR_FORMAT, _ ("expected nothing after the header's last '}'"));
  return TRUE;
}
