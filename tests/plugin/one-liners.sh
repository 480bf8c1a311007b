#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The GIMP Autoencoder authors
#
# one-liners.sh - runs the commands of docs/batch.md as they stand there.  To be
# sourced after a profile was made.

: "${folder:?}" "${profile:?}" "${data:?}" "${GIMP_PLUGINS:?}" "${MAKE_UPSCALE_MODEL:?}"
document=$(dirname "$0")/../../docs/batch.md

# The command below a heading.
command_of () # HEADING
{
  awk -v heading="## $1" '/^## /{ here = $0 == heading } here && /^```$/ { exit } shown { print } here && /^```sh$/ { shown = 1 }' \
    "$document"
}

# Links one of GIMP's own plug-ins; FALSE: it is not installed.
with_plugin () # NAME...
{
  local name
  for name; do
    [ -e "$GIMP_PLUGINS/$name" ] || return 1
    ln -sfn "$GIMP_PLUGINS/$name" "$profile/plug-ins/"
  done
}

# Two photographs in a folder, with noise of 20.
make_photographs ()
{
  local name
  rm -rf "$folder/photos"
  mkdir "$folder/photos"
  for name in one two; do
    "$PICTURE" make rgb8 200 150 20 "$folder/$name.png"
    convert "$folder/$name.png" -quality 100 -sampling-factor 4:4:4 "$folder/photos/$name.jpg"
    convert "$folder/photos/$name.jpg" "$folder/photos/$name.png"
  done
}

run_command () # HEADING
{
  local text
  text=$(command_of "$1")
  expect "$1: there is a command" test -n "$text"
  (cd "$folder" && timeout 300 bash -c "$text") >"$folder/log" 2>&1 </dev/null \
    || fail "$1: the command succeeds" "$(tail -n 20 "$folder/log")"
}

# The test model shows that the noise was taken out.
try_command () # HEADING
{
  local name
  make_photographs
  run_command "$1"
  for name in one two; do
    expect "$1: $name is denoised" \
      "$PICTURE" sigma "$folder/photos/$name.png" "$folder/photos/$name.jpg-denoised.png" 15 25
  done
}

# With the test model each pixel becomes a square.
try_to_enlarge () # HEADING RESULT, with NAME in it, DIFFERENCE: how exact JPEG files are
{
  local name result
  make_photographs
  "$MAKE_UPSCALE_MODEL" upscale "$data/gimp-autoencoder/models/upscale-x2.safetensors"
  run_command "$1"
  for name in one two; do
    result=$folder/photos/${2/NAME/$name}
    convert "$folder/photos/$name.jpg" -filter point -resize 200% "$folder/expected.png"
    expect "$1: $name is enlarged" test "$(compare -metric AE -fuzz "$3" "$folder/expected.png" "$result" null: 2>&1)" = 0
  done
}
