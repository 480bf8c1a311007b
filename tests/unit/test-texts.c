/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-texts.c - what the dialogs say: mnemonics, the estimate, models and their cards. */

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <glib/gstdio.h>
#include "core/controls.h"
#include "core/generate-controls.h"
#include "core/model-text.h"
#include "core/upscale-controls.h"

/* The buttons of the dialogs themselves: Reset, Load, Save, Cancel, OK, Help. */
#define BUTTONS "RLSCOH"

START_TEST (test_mnemonics)
{
  g_autoptr (GString) taken = g_string_new (BUTTONS);

  for (int i = 0; i < AE_N_CONTROLS; i++)
    {
      const char *label = ae_control_label ((AeControl)i);
      const char *sign = strchr (label, '_');

      ck_assert_msg (sign != NULL, "no mnemonic: %s", label);
      ck_assert_msg (strchr (taken->str, g_ascii_toupper (sign[1])) == NULL, "%s: taken by one of %s", label,
                     taken->str);
      g_string_append_c (taken, g_ascii_toupper (sign[1]));
      ck_assert_uint_gt (strlen (ae_control_tooltip ((AeControl)i)), 10);
    }
}
END_TEST

/* Those of the preview, of the button beside the model, and of the dialogs themselves are taken. */
START_TEST (test_upscale_mnemonics)
{
  g_autoptr (GString) taken = g_string_new (BUTTONS);

  for (int i = AE_CONTROL_PREVIEW; i <= AE_CONTROL_SPLIT; i++)
    g_string_append_c (taken, g_ascii_toupper (strchr (ae_control_label ((AeControl)i), '_')[1]));
  g_string_append_c (taken, g_ascii_toupper (strchr (ae_control_label (AE_CONTROL_CARD), '_')[1]));
  for (int i = 0; i < AE_N_UPSCALE_CONTROLS; i++)
    {
      const char *label = ae_upscale_control_label ((AeUpscaleControl)i);
      const char *sign = strchr (label, '_');

      ck_assert_msg (sign != NULL, "no mnemonic: %s", label);
      ck_assert_msg (strchr (taken->str, g_ascii_toupper (sign[1])) == NULL, "%s: taken by one of %s", label,
                     taken->str);
      g_string_append_c (taken, g_ascii_toupper (sign[1]));
      ck_assert_uint_gt (strlen (ae_upscale_control_tooltip ((AeUpscaleControl)i)), 10);
    }
}
END_TEST

START_TEST (test_generate_mnemonics)
{
  g_autoptr (GString) taken = g_string_new (BUTTONS);

  g_string_append_c (taken, g_ascii_toupper (strchr (ae_control_label (AE_CONTROL_CARD), '_')[1]));
  for (int i = 0; i < AE_N_GENERATE_CONTROLS; i++)
    {
      const char *label = ae_generate_control_label ((AeGenerateControl)i);
      const char *sign = strchr (label, '_');

      ck_assert_msg (sign != NULL, "no mnemonic: %s", label);
      ck_assert_msg (strchr (taken->str, g_ascii_toupper (sign[1])) == NULL, "%s: taken by one of %s", label,
                     taken->str);
      g_string_append_c (taken, g_ascii_toupper (sign[1]));
      ck_assert_uint_gt (strlen (ae_generate_control_tooltip ((AeGenerateControl)i)), 10);
    }
}
END_TEST

START_TEST (test_outputs)
{
  AeOutput output = AE_N_OUTPUTS;

  for (int i = 0; i < AE_N_OUTPUTS; i++)
    {
      ck_assert (ae_output_parse (ae_output_name ((AeOutput)i), &output));
      ck_assert_int_eq ((int)output, i);
    }
  ck_assert (!ae_output_parse ("nowhere", &output));
  ck_assert_int_eq ((int)output, AE_N_OUTPUTS - 1);
}
END_TEST

START_TEST (test_estimate)
{
  g_autofree char *unknown = ae_estimate_label (-1.0);
  g_autofree char *none = ae_estimate_label (0.2);
  g_autofree char *some = ae_estimate_label (12.34);
  g_autofree char *unknown_tip = ae_estimate_tooltip (-1.0);
  g_autofree char *none_tip = ae_estimate_tooltip (0.2);
  g_autofree char *some_tip = ae_estimate_tooltip (12.34);

  ck_assert_str_eq (unknown, ae_control_label (AE_CONTROL_AUTO));
  ck_assert_ptr_nonnull (strstr (none, "no visible noise"));
  ck_assert_ptr_nonnull (strstr (some, "12.3"));
  ck_assert_ptr_null (strstr (unknown_tip, "-1"));
  ck_assert_ptr_nonnull (strstr (none_tip, "0.20"));
  ck_assert_ptr_nonnull (strstr (some_tip, "12.3"));
}
END_TEST

START_TEST (test_row)
{
  AeCatalogueEntry entry = { .name = "a<b", .path = "/m/a.safetensors", .description = "first & last\nmore" };
  g_autofree char *good = ae_model_row_markup (&entry);
  g_autofree char *bad = NULL;

  ck_assert_str_eq (good, "<b>a&lt;b</b>  <small>first &amp; last</small>");
  entry.problem = "/m/a.safetensors: too short";
  bad = ae_model_row_markup (&entry);
  ck_assert_ptr_nonnull (strstr (bad, "too short"));
  ck_assert_ptr_null (strstr (bad, "/m/"));
}
END_TEST

START_TEST (test_long_problem)
{
  AeCatalogueEntry entry
    = { .name = "n",
        .path = "p",
        .problem = "p: not a model, for this and that and another reason, all of which are "
                   "told at length so that the user understands them one by one" };
  g_autofree char *row = ae_model_row_markup (&entry);
  g_auto (GStrv) lines = g_strsplit (row, "\n", -1);

  ck_assert_uint_gt (g_strv_length (lines), 2);
  for (char **line = lines; *line != NULL; line++)
    ck_assert_uint_lt (strlen (*line), 80);
}
END_TEST

/* A file may say anything: no row is wider for it. */
START_TEST (test_long_row)
{
  g_autofree char *words = g_strnfill (5000, 'x');
  AeCatalogueEntry entry = { .name = "n", .path = "p", .description = words };
  g_autofree char *row = ae_model_row_markup (&entry);

  ck_assert_uint_lt (strlen (row), 200);
  ck_assert (g_utf8_validate (row, -1, NULL));
}
END_TEST

START_TEST (test_markdown)
{
  g_autofree char *markup = ae_markdown_to_markup ("# Head & tail\n"
                                                   "Some **strong** text with `code`.\n"
                                                   "- item <1>\n"
                                                   "| | |\n"
                                                   "| --- | ---: |\n"
                                                   "| data | 446 pictures |\n"
                                                   "| a | b | c |\n"
                                                   "|\n"
                                                   "#no head");

  ck_assert_str_eq (markup, "<b>Head &amp; tail</b>\n"
                            "Some strong text with code.\n"
                            "• item &lt;1&gt;\n"
                            "• data: 446 pictures\n"
                            "• a: b · c\n"
                            "#no head\n");
}
END_TEST

START_TEST (test_card)
{
  g_autofree char *folder = g_dir_make_tmp ("ae-card-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "mine.safetensors", NULL);
  g_autofree char *card = g_build_filename (folder, "mine.md", NULL);
  AeCatalogueEntry entry = { .name = "mine",
                             .path = path,
                             .task = "denoise",
                             .license = "CC0-1.0",
                             .version = "7",
                             .description = "Mine & yours",
                             .macs = 68600 };
  g_autofree char *alone = ae_model_card_markup (&entry);
  g_autofree char *both = NULL;
  g_autofree char *broken = NULL;

  ck_assert_ptr_nonnull (strstr (alone, "remove noise"));
  ck_assert_ptr_nonnull (strstr (alone, "CC0-1.0"));
  ck_assert_ptr_nonnull (strstr (alone, "7\n"));
  ck_assert_ptr_nonnull (strstr (alone, "Mine &amp; yours"));
  ck_assert_ptr_nonnull (strstr (alone, "Training data:"));
  ck_assert_ptr_nonnull (strstr (alone, path));
  /* Neither valid text nor an end within reach. */
  ck_assert (g_file_set_contents (card, "## Limits\nbad: \xff\n", -1, NULL));
  both = ae_model_card_markup (&entry);
  ck_assert_ptr_nonnull (strstr (both, "<b>Limits</b>"));
  ck_assert (g_utf8_validate (both, -1, NULL));
  entry.problem = "too short";
  broken = ae_model_card_markup (&entry);
  ck_assert_ptr_nonnull (strstr (broken, "too short"));
  g_unlink (card);
  g_rmdir (folder);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("texts");
  TCase *tests = tcase_create ("texts");
  SRunner *runner;
  int failed;

  tcase_add_test (tests, test_mnemonics);
  tcase_add_test (tests, test_upscale_mnemonics);
  tcase_add_test (tests, test_generate_mnemonics);
  tcase_add_test (tests, test_outputs);
  tcase_add_test (tests, test_estimate);
  tcase_add_test (tests, test_row);
  tcase_add_test (tests, test_long_problem);
  tcase_add_test (tests, test_long_row);
  tcase_add_test (tests, test_markdown);
  tcase_add_test (tests, test_card);
  suite_add_tcase (suite, tests);
  runner = srunner_create (suite);
  srunner_set_tap (runner, "-");
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed > 0;
}
