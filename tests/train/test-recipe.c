/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* test-recipe.c - recipes: what is read, and what is said of mistakes. */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "train/recipe.h"

#define GOOD                                                                                                 \
  "[model]\nname = m\ntask = denoise\n"                                                                      \
  "[network]\nfamily = unet\nwidths = 8;16\nunshuffle = 2\nblocks = 1\n"                                     \
  "[training]\ncrop = 32;48\nsteps = 10\n"                                                                   \
  "[degradation a]\nweight = 3\nsteps = gaussian;round8\ngaussian.sigma = 5;50\n"                            \
  "[degradation b]\nsteps = jpeg\njpeg.quality = 30\n"

typedef struct
{
  const char *find, *replace, *message;
} Mistake;

static const Mistake mistakes[] = {
  { "crop = 32;48", "corp = 32;48", "r.ini:10: unknown key \"corp\" in [training]" },
  { "[training]", "[trianing]", "r.ini:9: unknown group [trianing]" },
  { "crop = 32;48", "crop = 33", "r.ini:10: crop is 33, expected a multiple of 4 for this network" },
  { "crop = 32;48", "crop = 32.5", "r.ini:10: crop is 32.5, expected a multiple of 4 for this network" },
  { "crop = 32;48", "crop = x", "r.ini:10: crop: \"x\" is not a number" },
  { "crop = 32;48", "crop = 48;4", "r.ini:10: crop is 4, expected 8 to 1024" },
  { "crop = 32;48", "crop = 8\nloss = ms-ssim",
    "r.ini:10: crop is 8, expected at least 11 for the loss ms-ssim" },
  { "crop = 32;48", "loss = l2",
    "r.ini:10: unknown loss \"l2\", expected l1, mse, charbonnier, ms-ssim, bce or psnr" },
  { "crop = 32;48", "schedule = linear",
    "r.ini:10: unknown schedule \"linear\", expected cosine, one-cycle or constant" },
  { "steps = jpeg", "steps = jpeg;bicubic",
    "r.ini:17: bicubic is there 1 times, expected 0 for the task denoise" },
  { "task = denoise\n[network]\nfamily = unet\nwidths = 8;16\nunshuffle = 2\nblocks = 1\n",
    "task = upscale\n[network]\ngraph = p = input channels=3 planes=rgb\\n"
    "a = conv p out=3 kernel=3\\noutput a\n",
    "r.ini:3: task is upscale, but the network's scale is 1" },
  { "unshuffle = 2", "scale = 2", "r.ini:7: scale has no meaning for the family unet" },
  { "task = denoise", "task = upscale", "r.ini:7: unshuffle has no meaning for the family unet" },
  { "blocks = 1", "blocks = 1.5", "r.ini:8: blocks is 1.5, expected a whole number" },
  { "widths = 8;16", "widths = 8;16.5", "r.ini:6: widths is 16.5, expected whole numbers" },
  { "[training]", "# l\xe4nger\n[training]", "r.ini:9: not a recipe: the byte e4 is not UTF-8" },
  { "family = unet\nwidths = 8;16\nunshuffle = 2", "family = residual\nwidths = 8;16",
    "r.ini:6: widths: 2 numbers, expected 1 for the family residual" },
  { "family = unet\nwidths = 8;16\nunshuffle = 2", "family = plain\nwidths = 8;16",
    "r.ini:6: widths: 2 numbers, expected 1 for the family plain" },
  { "task = denoise\n[network]\nfamily = unet\nwidths = 8;16\nunshuffle = 2",
    "task = upscale\n[network]\nfamily = residual\nwidths = 8",
    "r.ini:13: bicubic is there 0 times, expected 1 for the task upscale" },
  { "[training]", "[data]\npairs = 2\n[training]", "r.ini:10: pairs is 2, expected 0 to 1" },
  { "steps = 10\n", "", "r.ini:9: [training] steps is missing" },
  { "name = m\n", "", "r.ini:1: [model] name is missing" },
  { "family = unet", "family = net", "r.ini:5: [network] family is net, expected unet" },
  { "widths = 8;16\n", "", "r.ini:4: [network] widths is missing" },
  { "gaussian;round8", "gausian", "r.ini:14: unknown degradation \"gausian\", expected gaussian, poisson, " },
  { "sigma = 5;50", "sigma = 5;50\n[data]\nsmallest = 0.5\nlargest = 0.4",
    "r.ini:18: largest is 0.4, expected at least smallest, 0.5" },
  { "sigma = 5;50", "sigma = 5;50\ntold = 0;1", "r.ini:16: told is 0, expected 0.1 to 10" },
  { "sigma = 5;50", "sigma = -1;50", "r.ini:15: gaussian.sigma is -1, expected 0 to 255" },
  { "sigma = 5;50", "sigma = 5;many", "r.ini:15: gaussian.sigma: \"many\" is not a number" },
  { "crop = 32;48", "crop 32", "r.ini:10: not a recipe: " },
  { "[training]", "[training", "r.ini:9: not a recipe: " },
  { "sigma = 5;50", "sigma = 5;500", "r.ini:15: gaussian.sigma is 500, expected 0 to 255" },
  { "sigma = 5;50", "sigma = 50;5", "r.ini:15: gaussian.sigma: 50 is larger than 5" },
  { "sigma = 5;50", "sigma = 5;6;7", "r.ini:15: gaussian.sigma: expected one value or a range lo;hi" },
  { "gaussian.sigma", "gaussian.sgima", "r.ini:15: unknown key \"gaussian.sgima\" in [degradation a]" },
  { "task = denoise", "task = dance", "r.ini:3: task is \"dance\", expected denoise" },
};

static char *
replaced (const Mistake *m)
{
  g_auto (GStrv) parts = g_strsplit (GOOD, m->find, 2);

  ck_assert_ptr_nonnull (parts[1]);
  return g_strconcat (parts[0], m->replace, parts[1], NULL);
}

START_TEST (mistake)
{
  GError *error = NULL;
  g_autofree char *text = replaced (&mistakes[_i]);

  ck_assert_ptr_null (ae_recipe_parse (text, "r.ini", &error));
  ck_assert_msg (g_str_has_prefix (error->message, mistakes[_i].message), "%s", error->message);
  g_error_free (error);
}
END_TEST

START_TEST (good)
{
  GError *error = NULL;
  g_autoptr (AeRecipe) r = ae_recipe_parse (GOOD, "r.ini", &error);
  const AeDegradation *a, *b;

  ck_assert_msg (r != NULL, "%s", error ? error->message : "");
  ck_assert_int_eq (ae_recipe_crop (r, 0), 32);
  ck_assert_int_eq (ae_recipe_crop (r, 4), 32);
  ck_assert_int_eq (ae_recipe_crop (r, 5), 48);
  ck_assert_int_eq (ae_recipe_crop_max (r), 48);
  ck_assert_int_eq (r->batch, 16);
  ck_assert_int_eq (r->loss, AE_LOSS_L1);
  ck_assert_int_eq (r->schedule.kind, AE_SCHEDULE_COSINE);
  ck_assert_int_eq (ae_graph_alignment (r->graph), 4);
  ck_assert_uint_eq (r->degradations->len, 2);
  a = ae_recipe_choose_degradation (r, 0.74f);
  b = ae_recipe_choose_degradation (r, 0.76f);
  ck_assert_str_eq (a->name, "a");
  ck_assert_int_eq (a->n_steps, 2);
  ck_assert_float_eq (a->steps[0].lo[0], 5);
  ck_assert_float_eq (a->steps[0].hi[0], 50);
  ck_assert_str_eq (b->name, "b");
  ck_assert_float_eq (b->steps[0].lo[0], 30);
  ck_assert_float_eq (b->steps[0].hi[0], 30);
}
END_TEST

START_TEST (upscale)
{
  GError *error = NULL;
  g_autoptr (AeRecipe) r = ae_recipe_parse (
    "[model]\nname = m\ntask = upscale\n[network]\nfamily = residual\nwidths = 8\nblocks = 2\nscale = 3\n"
    "[training]\ncrop = 24\nsteps = 10\n[degradation a]\nsteps = blur;bicubic;gaussian\n",
    "r.ini", &error);
  const AeDegradation *d;

  ck_assert_msg (r != NULL, "%s", error ? error->message : "");
  ck_assert_int_eq (ae_graph_scale (r->graph), 3);
  ck_assert_int_eq (ae_graph_find_input (r->graph, AE_PLANES_SIGMA), -1);
  d = ae_recipe_choose_degradation (r, 0);
  ck_assert_int_eq (d->scale, 3);
}
END_TEST

/* Every family that enlarges is one network in three scales: all but the last convolution agree. */
START_TEST (families)
{
  static const char *const texts[] = { "residual\nwidths = 8\nblocks = 3", "plain\nwidths = 8\nblocks = 3",
                                       "reparameterized\nwidths = 8\nblocks = 3", "unet\nwidths = 8;16" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    for (int scale = 2; scale <= 4; scale++)
      {
        GError *error = NULL;
        g_autofree char *text
          = g_strdup_printf ("[model]\nname = m\ntask = upscale\n[network]\nfamily = %s\nscale = %d\n"
                             "[training]\ncrop = 24\nsteps = 10\n[degradation a]\nsteps = bicubic;round8\n",
                             texts[i], scale);
        g_autoptr (AeRecipe) r = ae_recipe_parse (text, "r.ini", &error);
        g_autofree char *tail = g_strdup_printf ("tail%d.weight", scale);
        int tails = 0;

        ck_assert_msg (r != NULL, "%s", error ? error->message : "");
        ck_assert_int_eq (ae_graph_scale (r->graph), scale);
        ck_assert_int_eq (ae_graph_find_input (r->graph, AE_PLANES_SIGMA), -1);
        for (int p = 0; p < ae_graph_n_params (r->graph); p++)
          {
            const AeParam *param = ae_graph_param (r->graph, p);

            if (strcmp (param->name, tail) == 0)
              {
                ck_assert_int_eq (param->dims[0], 3 * scale * scale);
                tails++;
              }
            else
              ck_assert (param->dims[0] == 8 || param->dims[0] == 16 || strstr (param->name, "tail"));
          }
        ck_assert_int_eq (tails, 1);
      }
}
END_TEST

START_TEST (missing_file)
{
  GError *error = NULL;

  ck_assert_ptr_null (ae_recipe_load ("/nonexistent.ini", &error));
  ck_assert_msg (g_str_has_prefix (error->message, "/nonexistent.ini: cannot be read"), "%s", error->message);
  g_error_free (error);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("recipe");
  TCase *tcase = tcase_create ("recipe");
  SRunner *runner;
  int failed;

  tcase_add_loop_test (tcase, mistake, 0, G_N_ELEMENTS (mistakes));
  tcase_add_test (tcase, good);
  tcase_add_test (tcase, upscale);
  tcase_add_test (tcase, families);
  tcase_add_test (tcase, missing_file);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_SILENT);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
