/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-images.c - decoding: stored values come back, damaged files give an error. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>
#include <gegl.h>
#include <glib/gstdio.h>
#include <jpeglib.h>

#include <ae/error.h>

#include "train/file-list.h"
#include "pictures/jpeg-file.h"
#include "train/images.h"

#define W 19
#define H 13

static char *folder;

/* Without the wait for the disk of g_file_set_contents (). */
static void
put (const char *path_name, const char *bytes, gssize length)
{
  FILE *file = fopen (path_name, "wb");
  const size_t n = length < 0 ? strlen (bytes) : (size_t)length;

  ck_assert_ptr_nonnull (file);
  ck_assert_uint_eq (fwrite (bytes, 1, n, file), n);
  ck_assert_int_eq (fclose (file), 0);
}

static void
set_up (void)
{
  gegl_init (NULL, NULL);
  folder = g_dir_make_tmp ("ae-test-XXXXXX", NULL);
  ck_assert_ptr_nonnull (folder);
}

static void
remove_all (const char *where)
{
  g_autoptr (GDir) dir = g_dir_open (where, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *file = g_build_filename (where, name, NULL);
      if (g_unlink (file) != 0)
        remove_all (file);
    }
  g_rmdir (where);
}

static void
tear_down (void)
{
  remove_all (folder);
  g_free (folder);
}

static char *
file_name (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

/* Saves W x H pixels of the given format through GEGL. */
static char *
save (const char *name, const char *operation, const char *format, const void *pixels)
{
  const GeglRectangle all = { 0, 0, W, H };
  g_autoptr (GeglBuffer) buffer = gegl_buffer_new (&all, babl_format (format));
  GeglNode *graph = gegl_node_new ();
  char *path = file_name (name);
  GeglNode *source = gegl_node_new_child (graph, "operation", "gegl:buffer-source", "buffer", buffer, NULL);
  GeglNode *sink = gegl_node_new_child (graph, "operation", operation, "path", path, NULL);

  gegl_buffer_set (buffer, &all, 0, babl_format (format), pixels, GEGL_AUTO_ROWSTRIDE);
  if (g_str_equal (operation, "gegl:png-save") && strstr (format, "u16"))
    gegl_node_set (sink, "bitdepth", 16, NULL);
  if (g_str_equal (operation, "gegl:jpg-save"))
    gegl_node_set (sink, "quality", 98, NULL);
  gegl_node_link (source, sink);
  gegl_node_process (sink);
  g_object_unref (graph);
  return path;
}

static guint8
value (int i, int c)
{
  return (guint8)(i * 7 + c * 90);
}

static void
expect_error (GError *error, AeError code, const char *path)
{
  ck_assert_ptr_nonnull (error);
  ck_assert_msg (g_error_matches (error, AE_ERROR, (int)code), "code %d: %s", error->code, error->message);
  ck_assert_msg (strstr (error->message, path) != NULL, "%s is not in: %s", path, error->message);
  g_error_free (error);
}

static const struct
{
  const char *name, *operation;
} formats[] = { { "a.png", "gegl:png-save" }, { "a.tif", "gegl:tiff-save" }, { "a.ppm", "gegl:ppm-save" } };

START_TEST (eight_bits_are_exact)
{
  guint8 pixels[W * H * 3];
  g_autofree char *path = NULL;
  g_autofree guint8 *rgb = NULL;
  g_autofree float *planes = NULL;
  GError *error = NULL;
  int width, height;

  for (int i = 0; i < W * H; i++)
    for (int c = 0; c < 3; c++)
      pixels[i * 3 + c] = value (i, c);
  path = save (formats[_i].name, formats[_i].operation, "R'G'B' u8", pixels);
  ck_assert_msg (ae_image_load_rgb8 (path, &rgb, &width, &height, &error), "%s", error ? error->message : "");
  ck_assert_int_eq (width, W);
  ck_assert_int_eq (height, H);
  ck_assert_int_eq (memcmp (rgb, pixels, sizeof pixels), 0);

  ck_assert (ae_image_load_rgb (path, &planes, &width, &height, &error));
  for (int i = 0; i < W * H; i++)
    for (int c = 0; c < 3; c++)
      ck_assert_float_eq (planes[c * W * H + i], (float)pixels[i * 3 + c] / 255.0f);
}
END_TEST

START_TEST (sixteen_bits_are_rounded)
{
  guint16 pixels[W * H * 3];
  g_autofree char *path = NULL;
  g_autofree guint8 *rgb = NULL;
  g_autofree float *planes = NULL;
  int width, height;

  for (int i = 0; i < W * H * 3; i++)
    pixels[i] = (guint16)(i * 4099);
  pixels[0] = 128; /* 0.498 of a step: 0 */
  pixels[1] = 129; /* 0.502: 1 */
  pixels[2] = 65535;
  path = save ("a.png", "gegl:png-save", "R'G'B' u16", pixels);
  ck_assert (ae_image_load_rgb8 (path, &rgb, &width, &height, NULL));
  ck_assert_uint_eq (rgb[0], 0);
  ck_assert_uint_eq (rgb[1], 1);
  ck_assert_uint_eq (rgb[2], 255);
  for (int i = 0; i < W * H * 3; i++)
    ck_assert_uint_eq (rgb[i], (guint)lrint (pixels[i] / 257.0));
  ck_assert (ae_image_load_rgb (path, &planes, &width, &height, NULL));
  ck_assert_float_eq (planes[1], (float)pixels[3] / 65535.0f);
}
END_TEST

START_TEST (grey_becomes_three_planes)
{
  guint8 pixels[W * H];
  g_autofree char *path = NULL;
  g_autofree guint8 *rgb = NULL;
  int width, height;

  for (int i = 0; i < W * H; i++)
    pixels[i] = (guint8)i;
  path = save ("g.png", "gegl:png-save", "Y' u8", pixels);
  ck_assert (ae_image_load_rgb8 (path, &rgb, &width, &height, NULL));
  for (int i = 0; i < W * H * 3; i++)
    ck_assert_uint_eq (rgb[i], pixels[i / 3]);
}
END_TEST

START_TEST (alpha_is_left_out)
{
  guint8 pixels[W * H * 4];
  g_autofree char *path = NULL;
  g_autofree guint8 *rgb = NULL;
  int width, height;

  for (int i = 0; i < W * H * 4; i++)
    pixels[i] = (guint8)(i * 3);
  pixels[3] = 0; /* colours under transparent pixels stay */
  path = save ("a.png", "gegl:png-save", "R'G'B'A u8", pixels);
  ck_assert (ae_image_load_rgb8 (path, &rgb, &width, &height, NULL));
  for (int i = 0; i < W * H; i++)
    for (int c = 0; c < 3; c++)
      ck_assert_uint_eq (rgb[i * 3 + c], pixels[i * 4 + c]);
}
END_TEST

START_TEST (jpeg_is_decoded)
{
  guint8 pixels[W * H * 3];
  g_autofree char *path = NULL;
  g_autofree guint8 *rgb = NULL;
  int width, height;

  for (int i = 0; i < W * H; i++)
    for (int c = 0; c < 3; c++)
      pixels[i * 3 + c] = (guint8)(40 + 5 * (i % W) + 6 * (i / W));
  path = save ("a.jpg", "gegl:jpg-save", "R'G'B' u8", pixels);
  ck_assert (ae_image_load_rgb8 (path, &rgb, &width, &height, NULL));
  ck_assert_int_eq (width, W);
  ck_assert_int_eq (height, H);
  for (int i = 0; i < W * H * 3; i++)
    ck_assert_int_le (abs (rgb[i] - pixels[i]), 6);
}
END_TEST

/* Inks: what colors they make is in the profile alone. */
START_TEST (cmyk_jpeg_is_named)
{
  g_autofree char *path = file_name ("cmyk.jpg");
  FILE *file = fopen (path, "wb");
  struct jpeg_compress_struct info;
  struct jpeg_error_mgr errors;
  guint8 pixels[W * 4] = { 0 };
  guint8 *rgb;
  int width, height;
  GError *error = NULL;

  ck_assert_ptr_nonnull (file);
  info.err = jpeg_std_error (&errors);
  jpeg_create_compress (&info);
  jpeg_stdio_dest (&info, file);
  info.image_width = W;
  info.image_height = H;
  info.input_components = 4;
  info.in_color_space = JCS_CMYK;
  jpeg_set_defaults (&info);
  jpeg_start_compress (&info, TRUE);
  while (info.next_scanline < H)
    {
      JSAMPROW row = pixels;

      jpeg_write_scanlines (&info, &row, 1);
    }
  jpeg_finish_compress (&info);
  jpeg_destroy_compress (&info);
  fclose (file);
  ck_assert (!ae_image_load_rgb8 (path, &rgb, &width, &height, &error));
  ck_assert_ptr_nonnull (strstr (error->message, "JPEG file with 4 components"));
  expect_error (error, AE_ERROR_UNSUPPORTED, path);
}
END_TEST

static const struct
{
  const char *name, *operation;
} truncated[] = { { "t.png", "gegl:png-save" },
                  { "t.jpg", "gegl:jpg-save" },
                  { "t.tif", "gegl:tiff-save" },
                  { "t.ppm", "gegl:ppm-save" },
                  { "t.webp", "gegl:webp-save" } };

/* A quarter, half and nearly all of a file. */
START_TEST (truncated_files_give_errors)
{
  guint8 pixels[W * H * 3];
  g_autofree char *path = NULL;
  g_autofree char *bytes = NULL;
  gsize length, parts[4];

  if (!gegl_has_operation (truncated[_i].operation))
    return;
  for (int i = 0; i < W * H * 3; i++)
    pixels[i] = (guint8)(i * i * 5 + i / 3);
  path = save (truncated[_i].name, truncated[_i].operation, "R'G'B' u8", pixels);
  ck_assert (g_file_get_contents (path, &bytes, &length, NULL));
  parts[0] = 13;
  parts[1] = length / 4;
  parts[2] = length / 2;
  parts[3] = length * 9 / 10;
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      guint8 *rgb = (guint8 *)-1;
      int width, height;
      GError *error = NULL;

      put (path, bytes, (gssize)parts[i]);
      if (ae_image_load_rgb8 (path, &rgb, &width, &height, &error))
        {
          /* What is missing of a TIFF file may be a colour profile at its end. */
          ck_assert_ptr_nonnull (strstr (path, ".tif"));
          ck_assert_uint_ge (i, 2);
          ck_assert_int_eq (memcmp (rgb, pixels, sizeof pixels), 0);
          g_free (rgb);
          continue;
        }
      expect_error (error, AE_ERROR_FORMAT, path);
      ck_assert_ptr_eq (rgb, (guint8 *)-1);
    }
}
END_TEST

/* Any byte of a JPEG file changed: an error or a picture, never the end of the process. */
START_TEST (damaged_jpeg_never_crashes)
{
  guint8 pixels[W * H * 3];
  g_autofree char *path = NULL;
  g_autofree char *bytes = NULL;
  gsize length;
  int errors = 0;

  for (int i = 0; i < W * H * 3; i++)
    pixels[i] = (guint8)(i * i * 5 + i / 3);
  path = save ("d.jpg", "gegl:jpg-save", "R'G'B' u8", pixels);
  ck_assert (g_file_get_contents (path, &bytes, &length, NULL));
  for (gsize i = 3; i < length; i++)
    {
      g_autofree guint8 *rgb = NULL;
      g_autoptr (GError) error = NULL;
      const char old = bytes[i];
      int width, height;

      bytes[i] ^= (char)(0x55 + i);
      put (path, bytes, (gssize)length);
      if (!ae_image_load_rgb8 (path, &rgb, &width, &height, &error))
        {
          ck_assert_ptr_nonnull (strstr (error->message, path));
          errors++;
        }
      bytes[i] = old;
    }
  ck_assert_int_gt (errors, 20);
}
END_TEST

/* babl has room for a hundred spaces or so, thus a process for each. */
START_TEST (damaged_profile_never_crashes)
{
  guint8 pixels[W * H * 3] = { 0 };
  g_autofree char *path = save ("p.jpg", "gegl:jpg-save", "R'G'B' u8", pixels);
  g_autofree char *bytes = NULL;
  gsize length, at = 0;

  ck_assert (g_file_get_contents (path, &bytes, &length, NULL));
  while (at + 11 < length && memcmp (bytes + at, "ICC_PROFILE", 11) != 0)
    at++;
  ck_assert_uint_gt (length, at + 380);
  for (gsize i = at + 14 + 128; i < at + 380; i++) /* the table of tags, colors and heads of curves */
    {
      const char old = bytes[i];
      pid_t child;
      int status;

      bytes[i] ^= (char)(0x55 + i);
      put (path, bytes, (gssize)length);
      bytes[i] = old;
      child = fork ();
      if (child == 0)
        {
          g_autoptr (GByteArray) segments = g_byte_array_new ();

          _exit (ae_jpeg_load (path, W * H, segments, NULL) ? 0 : 1);
        }
      ck_assert_int_eq (waitpid (child, &status, 0), child);
      ck_assert_msg (WIFEXITED (status) && WEXITSTATUS (status) == 0, "byte %zu", i);
    }
}
END_TEST

START_TEST (other_files_give_errors)
{
  static const char *const contents[]
    = { "hello, world\n", "P", "\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "II*", "RIFF\4\0\0\0WEBP" };
  g_autofree char *path = file_name ("x");
  g_autofree char *missing = file_name ("missing");
  guint8 *rgb;
  int width, height;
  GError *error = NULL;

  ck_assert (!ae_image_load_rgb8 (missing, &rgb, &width, &height, &error));
  expect_error (error, AE_ERROR_FILE, missing);
  error = NULL;
  ck_assert (!ae_image_load_rgb8 (folder, &rgb, &width, &height, &error));
  expect_error (error, AE_ERROR_FILE, folder);
  error = NULL;
  put (path, "", 0);
  ck_assert (!ae_image_load_rgb8 (path, &rgb, &width, &height, &error));
  expect_error (error, AE_ERROR_FORMAT, path);
  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      error = NULL;
      put (path, contents[i], -1);
      ck_assert (!ae_image_load_rgb8 (path, &rgb, &width, &height, &error));
      expect_error (error, AE_ERROR_FORMAT, path);
    }
}
END_TEST

START_TEST (files_are_listed_in_order)
{
  static const char *const names[] = { "b/z", "B", "a", "b/a/q", ".hidden", "ä" };
  static const char *const expected[] = { "B", "a", "b/a/q", "b/z", "ä" };
  g_autoptr (GPtrArray) files = NULL;
  g_autofree char *sub = file_name ("b/a");
  g_autofree char *missing = file_name ("missing");
  GError *error = NULL;

  ck_assert_int_eq (g_mkdir_with_parents (sub, 0777), 0);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = file_name (names[i]);
      put (path, "", 0);
    }
  files = ae_file_list (folder, &error);
  ck_assert_ptr_nonnull (files);
  ck_assert_uint_eq (files->len, G_N_ELEMENTS (expected));
  for (guint i = 0; i < files->len; i++)
    ck_assert_str_eq (g_ptr_array_index (files, i), expected[i]);
  ck_assert_ptr_null (ae_file_list (missing, &error));
  expect_error (error, AE_ERROR_FILE, missing);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("images");
  TCase *tcase = tcase_create ("images");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_set_timeout (tcase, 240);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_loop_test (tcase, eight_bits_are_exact, 0, (int)G_N_ELEMENTS (formats));
  tcase_add_test (tcase, sixteen_bits_are_rounded);
  tcase_add_test (tcase, grey_becomes_three_planes);
  tcase_add_test (tcase, alpha_is_left_out);
  tcase_add_test (tcase, jpeg_is_decoded);
  tcase_add_test (tcase, cmyk_jpeg_is_named);
  tcase_add_loop_test (tcase, truncated_files_give_errors, 0, (int)G_N_ELEMENTS (truncated));
  tcase_add_test (tcase, damaged_jpeg_never_crashes);
  tcase_add_test (tcase, damaged_profile_never_crashes);
  tcase_add_test (tcase, other_files_give_errors);
  tcase_add_test (tcase, files_are_listed_in_order);
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
