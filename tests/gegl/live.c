/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* live.c - what the tests of the GEGL operation share: a data folder of their own, models, pictures. */

#include "live.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>
#include "core/buffer-filter.h"

/* Resolutions down to 1/8; `n` convolutions there make the halo large. */
static char *
graph_text (int n)
{
  GString *text = g_string_new ("x = input channels=3 planes=rgb\n"
                                "s = input channels=1 planes=sigma\n"
                                "c = concat x s\n"
                                "a = conv c out=4 kernel=3 act=relu\n"
                                "d1 = conv a out=4 kernel=2 stride=2\n"
                                "d2 = conv d1 out=4 kernel=2 stride=2\n"
                                "d3 = conv d2 out=4 kernel=2 stride=2\n");

  g_string_append (text, "e0 = conv d3 out=4 kernel=3 act=relu\n");
  for (int i = 1; i < n; i++)
    g_string_append_printf (text, "e%d = conv e%d out=4 kernel=3 act=relu\n", i, i - 1);
  g_string_append_printf (text,
                          "u2 = conv_transpose e%d out=4 kernel=2 stride=2\n"
                          "u1 = conv_transpose u2 out=4 kernel=2 stride=2\n"
                          "u0 = conv_transpose u1 out=4 kernel=2 stride=2\n"
                          "k = add u0 a\n"
                          "y = conv k out=3 kernel=3\n"
                          "r = add y x\n"
                          "output r\n",
                          n - 1);
  return g_string_free (text, FALSE);
}

AeModel *
live_model (guint32 seed)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = graph_text (9);
  g_autoptr (AeGraph) graph = ae_graph_parse (text, "test", &error);
  g_autoptr (GArray) params = g_array_new (FALSE, FALSE, sizeof (float));
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);

  if (!graph)
    g_error ("%s", error->message);
  for (int i = 0; i < ae_graph_n_params (graph); i++)
    {
      const AeParam *param = ae_graph_param (graph, i);
      /* so that values neither vanish nor explode on the way */
      const double range
        = param->rank == 4 ? 2.4 / sqrt ((double)param->count / (double)param->dims[0]) : 0.05;

      for (gsize j = 0; j < param->count; j++)
        {
          float value = (float)g_rand_double_range (random, -range, range);

          g_array_append_val (params, value);
        }
    }
  g_hash_table_insert (meta, (gpointer) "ae.task", (gpointer) "denoise");
  g_hash_table_insert (meta, (gpointer) "ae.license", (gpointer) "CC0-1.0");
  return ae_model_new (graph, (const float *)(void *)params->data, meta);
}

static void
save_model (const char *folder, const char *name, guint32 seed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AeModel) model = live_model (seed);
  g_autofree char *file = g_strconcat (name, ".safetensors", NULL);
  g_autofree char *path = g_build_filename (folder, "gimp-autoencoder", "models", file, NULL);

  if (!ae_model_save (model, path, AE_DTYPE_F32, &error))
    g_error ("%s", error->message);
}

void
live_models (const char *folder)
{
  g_autofree char *models = g_build_filename (folder, "gimp-autoencoder", "models", NULL);

  if (g_mkdir_with_parents (models, 0700) < 0)
    g_error ("%s: cannot be made", models);
  save_model (folder, "denoise-fast", 1);
  save_model (folder, "other", 2);
}

static void
link_to (const char *file, const char *folder)
{
  g_autofree char *name = g_path_get_basename (file);
  g_autofree char *link = g_build_filename (folder, name, NULL);

  if (symlink (file, link) < 0)
    g_error ("%s: cannot be made", link);
}

char *
live_folder (void)
{
  const char *operation = g_getenv ("GEGL_OPERATION"), *plug_ins = g_getenv ("GEGL_PLUGINS"), *name;
  g_autofree char *folder = g_dir_make_tmp ("ae-gegl-XXXXXX", NULL);
  g_autofree char *modules = g_build_filename (folder, "modules", NULL);
  g_autoptr (GDir) dir = NULL;

  if (!operation || !plug_ins || !(dir = g_dir_open (plug_ins, 0, NULL)))
    g_error ("GEGL_OPERATION and GEGL_PLUGINS must be the operation and the folder of GEGL's own");
  g_setenv ("XDG_DATA_HOME", folder, TRUE);
  g_setenv ("GEGL_PATH", modules, TRUE);
  g_setenv ("GEGL_USE_OPENCL", "no", TRUE);
  g_unsetenv ("AE_MODEL_PATH");
  if (g_mkdir_with_parents (modules, 0700) < 0)
    g_error ("%s: cannot be filled", folder);
  link_to (operation, modules);
  while ((name = g_dir_read_name (dir)))
    if (g_str_has_suffix (name, ".so") && !strstr (name, "autoencoder") && !strstr (name, "-x86_64-v"))
      {
        g_autofree char *path = g_build_filename (plug_ins, name, NULL);

        link_to (path, modules);
      }
  live_models (folder);
  return g_steal_pointer (&folder);
}

void
live_remove (const char *folder)
{
  GDir *dir = g_file_test (folder, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      live_remove (path);
    }
  g_clear_pointer (&dir, g_dir_close);
  g_remove (folder);
}

void
live_gegl_init (void)
{
  /* before: GEGL would load all operations a second time */
  g_object_set (gegl_config (), "application-license", "GPL3", "threads", 2, NULL);
  gegl_init (NULL, NULL);
}

GeglBuffer *
live_picture (const GeglRectangle *extent, const char *format, const char *space, guint32 seed)
{
  const Babl *own = babl_format_with_space (format, space ? babl_space (space) : NULL);
  const Babl *plain = babl_format (babl_format_get_encoding (own));
  const gsize n = (gsize)extent->width * (gsize)extent->height;
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  GeglBuffer *buffer = gegl_buffer_new (extent, own);
  float *pixels = g_new (float, n * 4), *p = pixels;
  void *bytes = g_malloc_n (n, (gsize)babl_format_get_bytes_per_pixel (own));

  for (int y = 0; y < extent->height; y++)
    for (int x = 0; x < extent->width; x++, p += 4)
      {
        for (int c = 0; c < 3; c++)
          p[c] = (float)(0.5 + 0.2 * sin ((x + 31 * c) * 0.05) + 0.2 * ((x / 40 + y / 30 + c) % 2)
                         + 0.2 * (g_rand_double (random) - 0.5));
        /* visible, partly visible and a large transparent part */
        p[3] = (x / 64 + y / 64) % 3 == 0 ? 0 : (float)((x + y) % 5 + 1) / 5;
      }
  babl_process (babl_fish (babl_format ("R'G'B'A float"), plain), pixels, bytes, (glong)n);
  gegl_buffer_set (buffer, extent, 0, own, bytes, GEGL_AUTO_ROWSTRIDE);
  g_free (pixels);
  g_free (bytes);
  return buffer;
}

GeglBuffer *
live_expected (GeglBuffer *picture, const AeDenoiseParams *params)
{
  const AeSessionOptions options = { .threads = 2 };
  g_autoptr (AeModel) model = live_model (1);
  g_autoptr (AeSession) session = ae_session_new (model, &options, NULL);
  g_autoptr (GError) error = NULL;
  GeglBuffer *result = gegl_buffer_new (gegl_buffer_get_extent (picture), gegl_buffer_get_format (picture));

  if (!ae_denoise_buffer (session, picture, NULL, result, params, NULL, NULL, &error))
    g_error ("%s", error->message);
  return result;
}

int
live_differences (GeglBuffer *a, GeglBuffer *b, const GeglRectangle *rect)
{
  const Babl *format = gegl_buffer_get_format (a);
  const gsize bytes = (gsize)babl_format_get_bytes_per_pixel (format);
  const gsize n = (gsize)rect->width * (gsize)rect->height;
  char *pa, *pb;
  int differences = 0;

  if (format != gegl_buffer_get_format (b))
    return -1;
  pa = g_malloc_n (n, bytes);
  pb = g_malloc_n (n, bytes);
  gegl_buffer_get (a, rect, 1.0, format, pa, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  gegl_buffer_get (b, rect, 1.0, format, pb, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  for (gsize i = 0; i < n; i++)
    differences += memcmp (pa + i * bytes, pb + i * bytes, bytes) != 0;
  g_free (pa);
  g_free (pb);
  return differences;
}
