/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* upscale-controls.c - the controls of the upscaling dialog: their order, labels and tooltips. */

#include "upscale-controls.h"
#include "intl.h"

static const struct
{
  const char *label, *tooltip;
} controls[AE_N_UPSCALE_CONTROLS] = {
  [AE_UPSCALE_CONTROL_MODEL]
  = { N_ ("_Model:"), N_ ("The network that enlarges; the automatic one is found by the size") },
  [AE_UPSCALE_CONTROL_TARGET]
  = { N_ ("_Enlarge:"), N_ ("This layer alone; or the image with all layers, masks, channels, paths, guides "
                            "and the selection; or a copy of it") },
  [AE_UPSCALE_CONTROL_SIZE] = { N_ ("_Factor:"), N_ ("How large it becomes, at most four times as large") },
  [AE_UPSCALE_CONTROL_WIDTH] = { N_ ("_Width:"), N_ ("The width that it becomes") },
  [AE_UPSCALE_CONTROL_HEIGHT] = { N_ ("Hei_ght:"), N_ ("The height that it becomes") },
  [AE_UPSCALE_CONTROL_ROBUST]
  = { N_ ("Faithful ↔ ro_bust:"),
      N_ ("0 is faithful to every pixel, for clean pictures; 100 takes noise, blur and the "
          "marks of compression away") },
  [AE_UPSCALE_CONTROL_WRAP]
  = { N_ ("Seamless e_dges"), N_ ("The picture is a texture: each edge continues at "
                                  "the opposite one") },
};

static const char *const targets[AE_N_UPSCALE_TARGETS] = {
  [AE_UPSCALE_LAYER] = N_ ("This layer"),
  [AE_UPSCALE_IMAGE] = N_ ("The image with all layers"),
  [AE_UPSCALE_NEW_IMAGE] = N_ ("A copy of the image"),
};

static const char *const sizes[AE_N_UPSCALE_SIZES] = {
  [AE_UPSCALE_TWICE] = "×2",
  [AE_UPSCALE_THREE_TIMES] = "×3",
  [AE_UPSCALE_FOUR_TIMES] = "×4",
  [AE_UPSCALE_PIXELS] = N_ ("To a size in pixels"),
  [AE_UPSCALE_PERCENT] = N_ ("To a size in percent"),
};

const char *
ae_upscale_control_label (AeUpscaleControl control)
{
  return _ (controls[control].label);
}

const char *
ae_upscale_control_tooltip (AeUpscaleControl control)
{
  return _ (controls[control].tooltip);
}

const char *
ae_upscale_target_label (AeUpscaleTarget target)
{
  return _ (targets[target]);
}

const char *
ae_upscale_size_label (AeUpscaleSize size)
{
  return _ (sizes[size]);
}
