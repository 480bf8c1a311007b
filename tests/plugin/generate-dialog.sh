#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The GIMP Autoencoder authors
#
# generate-dialog.sh - what the tests of the dialog that draws do in both
# versions of GIMP.  To be sourced after dialog.sh.

: "${folder:?}" "${data:?}" "${window?}" "${LESSON:?}"

# shellcheck disable=SC2034 # used by dialog.sh
dialog='^Generate .Autoencoder'
models=$data/gimp-autoencoder/models

make_generate_models ()
{
  cp "$LESSON/conditional-vae.safetensors" "$models/a-digits.safetensors"
  cp "$LESSON/conv-vae.safetensors" "$models/b-digits.safetensors"
}

# shellcheck disable=SC2317 # called by name
unchanged () # NAME
{
  "$PICTURE" same "$folder/in.png" "$folder/$1.png" && test -e "$folder/$1.clean"
}

# shellcheck disable=SC2317 # called by name
changed () # NAME THAN
{
  ! "$PICTURE" same "$folder/$2.png" "$folder/$1.png"
}

# The part of the preview that shows_other looks at.
middle=120

shows_new () # NAME: the preview shows something else than it did
{
  soon "$1" shows_other before $middle
  side before $middle
}

# Wants: $folder/in.png, 300 x 220 pixels and light, open in GIMP.
try_the_generate_dialog ()
{
  open_dialog 'the entry of the menu opens the dialog'
  soon 'the preview shows a drawing: black at the border' darker 20 100
  side before $middle
  xdotool key --delay 200 alt+n
  shows_new 'a new seed draws another one'
  xdotool key --delay 100 alt+p Home Up Up Up Up Up
  shows_new 'the pad is moved by keys'
  xdotool key --delay 100 alt+k End
  shows_new 'another class is another picture'
  screenshot generate-dialog
  xdotool key --delay 200 alt+o
  soon 'OK closes the dialog' dialog_closed
  soon 'OK draws over the layer' saved out changed out in
  press ctrl+z
  soon 'one undo takes it back' saved undone unchanged undone
  press ctrl+y
  soon 'redo brings it again' saved redone "$PICTURE" same "$folder/out.png" "$folder/redone.png"
  press ctrl+z
  soon 'undo again' saved undone unchanged undone
  press ctrl+f
  soon 'the last filter repeats the same drawing' saved repeated "$PICTURE" same "$folder/out.png" "$folder/repeated.png"
  press ctrl+z
  soon 'and is undone' saved undone unchanged undone

  open_dialog 'the dialog opens again'
  soon 'with the values of the last time' darker 20 100
  sleep 1
  side before $middle
  xdotool key --delay 200 alt+f End
  shows_new 'a grid'
  xdotool key --delay 200 alt+z End
  shows_new 'of the largest cells'
  xdotool key --delay 200 alt+z Home
  shows_new 'and of the smallest'
  xdotool key --delay 200 alt+m Down
  shows_new 'another model'
  screenshot generate-grid
  xdotool key --delay 200 alt+o
  soon 'OK closes it' dialog_closed
  soon 'the grid is drawn' saved grid changed grid in
  expect 'it is not the one sample' changed grid out
  press ctrl+z
  soon 'it is undone' saved undone unchanged undone

  open_dialog 'the dialog opens to be cancelled'
  xdotool key Escape
  soon 'Cancel closes it' dialog_closed
  soon 'Cancel leaves the image as it was' saved cancelled unchanged cancelled

  open_dialog 'the dialog opens to be reset'
  sleep 1
  side before $middle
  xdotool key --delay 200 alt+r
  reset_values
  shows_new 'Reset brings the first values back'
  xdotool key Escape
  soon 'and it can be cancelled' dialog_closed

  mv "$models" "$models.away"
  open_dialog 'the dialog opens without any model'
  sleep 1
  xdotool key --delay 300 alt+o
  sleep 1
  expect 'it cannot be applied' dialog_open
  xdotool key Escape
  soon 'it can be closed' dialog_closed
  mv "$models.away" "$models"
}
