#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The GIMP Autoencoder authors
#
# upscale-dialog.sh - what the tests of the dialog for enlarging do in both
# versions of GIMP.  To be sourced after dialog.sh.

: "${folder:?}" "${data:?}" "${window?}" "${MAKE_UPSCALE_MODEL:?}"

# shellcheck disable=SC2034 # used by dialog.sh
dialog='^Upscale .Autoencoder'
models=$data/gimp-autoencoder/models

make_upscale_models ()
{
  # Faithful weights that darken, so that a result is known by its brightness.
  "$MAKE_UPSCALE_MODEL" twice-dark "$models/upscale-x2.safetensors"
  "$MAKE_UPSCALE_MODEL" twice "$models/upscale-x2-robust.safetensors"
  "$MAKE_MODEL" --slow-upscale upscale-slow "$models/upscale-slow.safetensors"
}

# In thousandths.
brightness_of () # FILE
{
  convert "$1" -colorspace gray -format '%[fx:int(mean*1000)]' info:
}

# The picture NAME.png has that size and that part of the brightness of in.png, in percent.
# shellcheck disable=SC2317 # called by name
enlarged () # NAME SIZE PERCENT
{
  local size is wanted
  size=$(identify -format '%wx%h' "$folder/$1.png")
  is=$(brightness_of "$folder/$1.png")
  wanted=$(($(brightness_of "$folder/in.png") * $3 / 100))
  [ "$size" = "$2" ] && [ "$is" -gt $((wanted - 8)) ] && [ "$is" -lt $((wanted + 8)) ] && return 0
  echo "$size, brightness $is, expected $2, $wanted"
  return 1
}

# shellcheck disable=SC2317 # called by name
unchanged () # NAME
{
  "$PICTURE" same "$folder/in.png" "$folder/$1.png" && test -e "$folder/$1.clean"
}

# Wants: $folder/in.png, 300 x 220 pixels, open in GIMP.
try_the_upscale_dialog ()
{
  local bright line left right
  bright=$(brightness_of "$folder/in.png")
  open_dialog 'the entry of the menu opens the dialog'
  # As in the dialog for denoising.
  line=$(($(xdotool getwindowgeometry --shell "$window" | sed -n 's/^WIDTH=//p') / 2 - 6))
  left=$((line - 130)) right=$((line + 70))
  soon 'the preview shows what the network makes of it on the right' darker $right $((bright * 7 / 10))
  soon "and GIMP's own enlargement on the left" brighter $left $((bright * 8 / 10))
  screenshot upscale-dialog
  drag $line 140 -160 0
  soon 'the line can be dragged' darker $left $((bright * 7 / 10))
  drag $((line - 160)) 140 160 0
  soon 'and back' brighter $left $((bright * 8 / 10))
  side here $right
  drag $((line + 100)) 200 60 40
  soon 'the preview follows scrolling' shows_other here $right
  xdotool key --delay 200 alt+b End
  soon 'the slider leads to the robust weights' brighter $right $((bright * 8 / 10))
  xdotool key --delay 200 alt+b Home
  soon 'and back to the faithful ones' darker $right $((bright * 7 / 10))
  xdotool key --delay 200 alt+o
  soon 'OK closes the dialog' dialog_closed
  soon 'OK enlarges the image' saved out enlarged out 600x440 50

  press ctrl+z
  soon 'one undo takes it back' saved undone unchanged undone
  press ctrl+y
  soon 'redo brings it again' saved redone "$PICTURE" same "$folder/out.png" "$folder/redone.png"
  press ctrl+z
  soon 'undo again' saved undone unchanged undone
  press ctrl+f
  soon 'the last filter can be repeated' saved repeated "$PICTURE" same "$folder/out.png" "$folder/repeated.png"
  press ctrl+z
  soon 'and undone' saved undone unchanged undone

  open_dialog 'the dialog opens again'
  # There is no model for three and four times: the next row is a size in pixels.
  xdotool key --delay 200 alt+f Down alt+w ctrl+a
  xdotool type --delay 60 450
  xdotool key --delay 200 Tab alt+o
  soon 'OK closes it' dialog_closed
  soon 'to a size in pixels, in proportion' saved pixels enlarged pixels 450x330 50
  press ctrl+z
  soon 'it is undone' saved undone unchanged undone

  open_dialog 'the dialog opens to be cancelled'
  xdotool key Escape
  soon 'Cancel closes it' dialog_closed
  soon 'Cancel leaves the image as it was' saved cancelled unchanged cancelled

  mv "$models" "$models.away"
  open_dialog 'the dialog opens without any model'
  sleep 1
  xdotool key --delay 300 Return alt+o
  sleep 1
  screenshot upscale-no-model
  expect 'it cannot be applied' dialog_open
  xdotool key Escape
  soon 'it can be closed' dialog_closed
  mv "$models.away" "$models"

  open_dialog 'the dialog opens for a long run'
  xdotool key --delay 300 alt+e End alt+m Home Down
  soon 'the preview computes' computes
  xdotool key alt+o
  soon 'OK closes the dialog before a long run' dialog_closed
  expect 'the long run goes on' computes
  soon 'Cancel stops it, no process is left' stopped
  soon 'a cancelled run leaves the image as it was' saved stopped unchanged stopped
  expect 'a cancelled run leaves no copy of it' test ! -e "$folder/stopped.two"

  open_dialog 'the dialog opens for a new image'
  xdotool key --delay 300 alt+m Home alt+f Home alt+e End alt+o
  soon 'OK closes it, too' dialog_closed
  soon 'the old image stays as it was' saved old unchanged old
  # It is there before it is complete.
  soon 'there is a second image, the enlarged one' saved old enlarged old-new 600x440 50
}
