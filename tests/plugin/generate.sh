#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The GIMP Autoencoder authors
#
# generate.sh - what the tests of drawing do in both versions of GIMP.  To be
# sourced after gimp.sh.  Wants: draw, which adds a picture to those that GIMP is to make.

: "${folder:?}" "${data:?}" "${LESSON:?}"

make_generate_models ()
{
  local kind
  cp "$LESSON/conditional-vae.safetensors" "$data/gimp-autoencoder/models/digits.safetensors"
  for kind in rgb8 rgba16 graya8 gray16; do
    "$PICTURE" make $kind 60 45 8 "$folder/$kind.png"
  done
  convert -size 60x45 xc:white -type TrueColor "PNG24:$folder/white.png"
}

draw_all ()
{
  local select='(select image 0)' feather='(select image 8)' kind
  draw default rgb8 0 128 0 -1 '' ''
  draw selected rgb8 0 128 3 7 '' digits "$select"
  draw again rgb8 0 128 3 7 '' digits "$select"
  draw other rgb8 0 128 4 7 '' digits "$select"
  draw given rgb8 0 128 4 7 '1,-1' digits
  draw given-again rgb8 0 128 5 7 '1,-1' digits
  draw grid rgb8 1 16 3 -1 '' digits
  draw feathered white 0 128 3 7 '0,0' digits "$feather"
  draw missed rgb8 0 128 3 7 '' digits '(gimp-image-select-rectangle image CHANNEL-OP-REPLACE 10 5 40 30)
    (gimp-layer-set-offsets (layer-of image) 200 200)'
  for kind in rgba16 graya8 gray16; do
    draw "$kind-drawn" $kind 0 128 3 7 '' digits
  done
}

# The picture NAME is as it was outside of the selection, and another one in it.
only_selected () # NAME
{
  local outside inside name
  for name in rgb8 "$1"; do
    convert "$folder/$name.png" -fill black -draw 'rectangle 10,5 49,34' "$folder/$name-outside.png"
    convert "$folder/$name.png" -crop 40x30+10+5 +repage "$folder/$name-inside.png"
  done
  outside=$(compare -metric AE "$folder/rgb8-outside.png" "$folder/$1-outside.png" null: 2>&1)
  inside=$(compare -metric AE "$folder/rgb8-inside.png" "$folder/$1-inside.png" null: 2>&1)
  [ "${outside%% *}" = 0 ] && [ "${inside%% *}" -gt 1000 ] && return 0
  echo "$outside pixels outside, $inside inside"
  return 1
}

differ_ () # A B
{
  ! "$PICTURE" same "$folder/$1.png" "$folder/$2.png"
}

# In thousandths.
pixel () # NAME X Y
{
  convert "$folder/$1.png" -colorspace gray -format "%[fx:int(p{$2,$3}*1000)]" info:
}

# White outside, black inside (the border of a digit), between them in between.
soft () # NAME
{
  local far edge near
  far=$(pixel "$1" 0 20) edge=$(pixel "$1" 10 20) near=$(pixel "$1" 16 20)
  [ "$far" = 1000 ] && [ "$edge" -gt 300 ] && [ "$edge" -lt 950 ] && [ "$near" -lt "$edge" ] && return 0
  echo "$far, $edge, $near"
  return 1
}

look_at_pictures ()
{
  local kind
  expect 'what is selected is drawn over, and nothing else' only_selected selected
  expect 'the same seed gives the same pixels' "$PICTURE" same "$folder/selected.png" "$folder/again.png"
  expect 'another seed gives others' differ_ selected other
  expect 'where all latent numbers are given, the seed does not matter' \
    "$PICTURE" same "$folder/given.png" "$folder/given-again.png"
  expect 'a grid is not one sample' differ_ grid given
  expect 'a feathered selection is drawn softly' soft feathered
  expect 'a selection beside the layer changes nothing' "$PICTURE" same "$folder/rgb8.png" "$folder/missed.png"
  for kind in rgba16 graya8 gray16; do
    expect "$kind: channels and depth stay" test "$(identify -format '%[channels] %z' "$folder/$kind.png")" = \
      "$(identify -format '%[channels] %z' "$folder/$kind-drawn.png")"
    expect "$kind: it is drawn" differ_ $kind $kind-drawn
  done
  # 8 bits would have 256 at most
  for kind in rgba16 gray16; do
    expect "$kind: it has more than 8 bits" "$PICTURE" levels "$folder/$kind-drawn.png" 400
  done
  for kind in rgba16 graya8; do
    expect "$kind: it is opaque" test "$(convert "$folder/$kind-drawn.png" -format '%[fx:minima.a]' info:)" = 1
  done
}
