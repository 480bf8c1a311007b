/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* ae-model.c - shows what a model file says of itself and checks model files. */

#include "model-import.h"

#include <ae/catalogs.h>
#include <ae/model.h>
#include <json-glib/json-glib.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

static const struct
{
  const char *key, *title;
} card[] = {
  { "ae.name", "Name" },
  { "ae.version", "Version" },
  { "ae.task", "Task" },
  { "ae.license", "License" },
  { "ae.description", "Description" },
  { "ae.data", "Training data" },
  { "ae.commit", "Made by commit" },
};

/* A file may hold anything: nothing of it may command the terminal. */
static void
print_text (FILE *stream, const char *text, const char *indent)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (const char *c = valid; *c; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (character == '\n' && indent)
        {
          if (c[1])
            fprintf (stream, "\n%s", indent);
        }
      else if (character == '\t')
        fputc (' ', stream);
      else if (g_unichar_iscntrl (character))
        fputc ('?', stream);
      else
        fprintf (stream, "%.*s", (int)(g_utf8_next_char (c) - c), c);
    }
}

static int
complain (const GError *error)
{
  fputs ("ae-model: ", stderr);
  print_text (stderr, error->message, NULL);
  fputc ('\n', stderr);
  return 1;
}

/* The operation with what matters of its keys. */
static char *
describe_node (const AeNode *node)
{
  static const char *const acts[] = { "", " + relu", " + leaky", " + prelu", " + sigmoid" };

  switch (node->op)
    {
    case AE_OP_CONV:
    case AE_OP_CONV_TRANSPOSE:
      return g_strdup_printf ("%s %d×%d%s%s", ae_op_name (node->op), node->kernel, node->kernel,
                              node->stride == 1        ? ""
                              : node->op == AE_OP_CONV ? " down"
                                                       : " up",
                              acts[node->act]);
    case AE_OP_PIXEL_UNSHUFFLE:
    case AE_OP_PIXEL_SHUFFLE:
    case AE_OP_MAX_POOL:
    case AE_OP_AVG_POOL:
    case AE_OP_UP:
    case AE_OP_BICUBIC:
      return g_strdup_printf ("%s %d", ae_op_name (node->op), node->factor);
    case AE_OP_DENSE:
      return g_strconcat ("dense", acts[node->act], NULL);
    case AE_OP_CROP:
      return g_strdup_printf ("crop %d", node->border);
    case AE_OP_ACT:
      return g_strdup (acts[node->act] + 3);
    case AE_OP_INPUT:
      return g_strdup_printf ("input %s", node->planes == AE_PLANES_RGB     ? "rgb"
                                          : node->planes == AE_PLANES_Y     ? "y"
                                          : node->planes == AE_PLANES_LABEL ? "label"
                                                                            : "sigma");
    case AE_OP_RESHAPE:
    case AE_OP_SAMPLE:
    case AE_OP_ADD:
    case AE_OP_CONCAT:
    case AE_N_OPS:
      break;
    }
  return g_strdup (ae_op_name (node->op));
}

static gsize
node_values (const AeGraph *graph, int node)
{
  gsize n = 0;

  for (int i = 0; i < ae_graph_n_params (graph); i++)
    if (ae_graph_param (graph, i)->node == node)
      n += ae_graph_param (graph, i)->count;
  return n;
}

static void
print_graph (const AeGraph *graph)
{
  int width = 4;

  for (int i = 0; i < ae_graph_n_nodes (graph); i++)
    width = MAX (width, (int)strlen (ae_graph_node (graph, i)->name));
  for (int i = 0; i < ae_graph_n_nodes (graph); i++)
    {
      const AeNode *node = ae_graph_node (graph, i);
      g_autofree char *what = describe_node (node);
      g_autofree char *rate = node->vector      ? g_strdup ("-")
                              : node->width     ? g_strdup_printf ("%dx%d", node->width, node->height)
                              : node->down == 1 ? g_strdup_printf ("%d", node->up)
                                                : g_strdup_printf ("%d/%d", node->up, node->down);
      gsize values = node_values (graph, i);
      int pad = 26 - (int)g_utf8_strlen (what, -1);

      printf ("  %-*s  %s%*s %4d channels at %-5s", width, node->name, what, MAX (pad, 0), "", node->channels,
              rate);
      if (values)
        printf (" %9" G_GSIZE_FORMAT " values", values);
      else if (node->n_src)
        printf ("%17s", "");
      for (int s = 0; s < node->n_src; s++)
        printf ("%s%s", s ? ", " : "  <- ", ae_graph_node (graph, node->src[s])->name);
      printf ("%s\n", i == ae_graph_output (graph) ? "  (result)" : "");
    }
}

static void
show_text (const AeModel *model)
{
  const AeGraph *graph = ae_model_graph (model);
  int width, height;

  for (gsize i = 0; i < G_N_ELEMENTS (card); i++)
    {
      const char *value = ae_model_meta (model, card[i].key);

      if (value == NULL)
        continue;
      printf ("%-16s", card[i].title);
      print_text (stdout, value, "                ");
      putchar ('\n');
    }
  printf ("%-16s%" G_GSIZE_FORMAT "\n", "Parameters", ae_model_n_values (model));
  printf ("%-16s%.1f kMAC per pixel\n", "Cost", ae_graph_macs (graph) / 1000.0);
  printf ("%-16s%d×\n", "Scale", ae_graph_scale (graph));
  if (ae_graph_is_fixed (graph, &width, &height))
    printf ("%-16s%d × %d pixels, no other size\n", "Picture", width, height);
  if (ae_graph_latent (graph) >= 0)
    printf ("%-16s%s\n", "Latent", ae_graph_node (graph, ae_graph_latent (graph))->name);
  printf ("%-16s%d pixels\n", "Halo", ae_graph_halo (graph));
  printf ("%-16s%d pixels\n", "Alignment", ae_graph_alignment (graph));
  printf ("%-16s%s\n", "SHA-256", ae_model_digest (model));
  printf ("Graph\n");
  print_graph (graph);
}

static void
add_node (JsonBuilder *b, const AeGraph *graph, int index)
{
  const AeNode *node = ae_graph_node (graph, index);

  json_builder_begin_object (b);
  json_builder_set_member_name (b, "name");
  json_builder_add_string_value (b, node->name);
  json_builder_set_member_name (b, "op");
  json_builder_add_string_value (b, ae_op_name (node->op));
  json_builder_set_member_name (b, "sources");
  json_builder_begin_array (b);
  for (int s = 0; s < node->n_src; s++)
    json_builder_add_string_value (b, ae_graph_node (graph, node->src[s])->name);
  json_builder_end_array (b);
  json_builder_set_member_name (b, "channels");
  json_builder_add_int_value (b, node->channels);
  json_builder_set_member_name (b, "up");
  json_builder_add_int_value (b, node->up);
  json_builder_set_member_name (b, "down");
  json_builder_add_int_value (b, node->down);
  json_builder_set_member_name (b, "parameters");
  json_builder_add_int_value (b, (gint64)node_values (graph, index));
  json_builder_end_object (b);
}

static void
show_json (const AeModel *model, const char *path)
{
  const AeGraph *graph = ae_model_graph (model);
  g_autoptr (JsonBuilder) b = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  g_auto (GStrv) keys = ae_model_meta_keys (model);
  g_autofree char *name = g_filename_display_name (path), *text = NULL;

  json_builder_begin_object (b);
  json_builder_set_member_name (b, "file");
  json_builder_add_string_value (b, name);
  json_builder_set_member_name (b, "metadata");
  json_builder_begin_object (b);
  for (int i = 0; keys[i]; i++)
    {
      json_builder_set_member_name (b, keys[i]);
      json_builder_add_string_value (b, ae_model_meta (model, keys[i]));
    }
  json_builder_end_object (b);
  json_builder_set_member_name (b, "parameters");
  json_builder_add_int_value (b, (gint64)ae_model_n_values (model));
  json_builder_set_member_name (b, "macs_per_pixel");
  json_builder_add_double_value (b, ae_graph_macs (graph));
  json_builder_set_member_name (b, "scale");
  json_builder_add_int_value (b, ae_graph_scale (graph));
  json_builder_set_member_name (b, "halo");
  json_builder_add_int_value (b, ae_graph_halo (graph));
  json_builder_set_member_name (b, "alignment");
  json_builder_add_int_value (b, ae_graph_alignment (graph));
  json_builder_set_member_name (b, "sha256");
  json_builder_add_string_value (b, ae_model_digest (model));
  json_builder_set_member_name (b, "graph");
  json_builder_begin_array (b);
  for (int i = 0; i < ae_graph_n_nodes (graph); i++)
    add_node (b, graph, i);
  json_builder_end_array (b);
  json_builder_end_object (b);
  root = json_builder_get_root (b);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  text = json_generator_to_data (generator, NULL);
  puts (text);
}

static int
show (const char *path, gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AeModel) model = ae_model_load (path, &error);

  if (model == NULL)
    return complain (error);
  if (json)
    show_json (model, path);
  else
    show_text (model);
  return 0;
}

static int
verify (char **paths)
{
  int status = 0;

  for (; *paths; paths++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AeModel) model = ae_model_load (*paths, &error);

      if (model)
        {
          g_autofree char *name = g_filename_display_name (*paths);

          print_text (stdout, name, NULL);
          puts (": OK");
        }
      else
        status = complain (error);
    }
  return status;
}

int
main (int argc, char **argv)
{
  gboolean json = FALSE, version = FALSE;
  g_auto (GStrv) rest = NULL;
  g_auto (GStrv) args = g_strdupv (argv);
  const GOptionEntry options[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "With show: write JSON", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, "Write the version and end", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("COMMAND FILE…");
  g_autoptr (GError) error = NULL;
  guint n;
  int status;

  setlocale (LC_ALL, "");
  ae_catalogs_bind ();
  if (argc > 1 && g_str_equal (argv[1], "import"))
    return ae_model_import_main (argc - 1, argv + 1);
  g_option_context_set_summary (
    context, "Commands:\n"
             "  show FILE       what a model is: task, license, network, cost\n"
             "  verify FILE…    check model files; exit status 1 if one is not valid\n"
             "  import …        make a model of weights and a graph; import --help tells more");
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse_strv (context, &args, &error))
    return complain (error);
  if (version)
    {
      puts ("ae-model " AE_VERSION);
      return 0;
    }
  n = rest ? g_strv_length (rest) : 0;
  if (n == 2 && g_str_equal (rest[0], "show"))
    status = show (rest[1], json);
  else if (n >= 2 && !json && g_str_equal (rest[0], "verify"))
    status = verify (rest + 1);
  else
    {
      fputs ("ae-model: expected 'show [--json] FILE' or 'verify FILE…'; ae-model --help tells more\n",
             stderr);
      return 1;
    }
  if (fflush (stdout) != 0 || ferror (stdout))
    {
      fputs ("ae-model: cannot write the result\n", stderr);
      return 1;
    }
  return status;
}
