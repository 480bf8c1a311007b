#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The GIMP Autoencoder authors
#
# support.sh - what the tests of ae-filter share.

# shellcheck disable=SC2034 # the caller exits with it
number=0
status=0
ok () # NAME [COMMAND...]: the command succeeds
{
  local name=$1
  shift
  number=$((number + 1))
  if "$@" >log 2>&1; then
    echo "ok $number - $name"
  else
    echo "not ok $number - $name"
    sed 's/^/# /' log
    status=1
  fi
}

skip () # NAME REASON
{
  number=$((number + 1))
  echo "ok $number - $1 # SKIP $2"
}

# Number of pixels that differ by more than a share of the range.
differing () # FUZZ A B
{
  local value
  value=$(compare -metric AE -fuzz "$1" "$2" "$3" null: 2>&1 || true)
  echo "${value%% *}"
}

same_pixels () # A B [FUZZ]
{
  local value
  value=$(differing "${3:-0}" "$1" "$2")
  [ "$value" = 0 ] || { echo "$value pixels of $1 and $2 differ"; return 1; }
}

describe () # FILE: channels and depth
{
  identify -format '%[channels] %z\n' "$1"
}

same_kind () # A B
{
  [ "$(describe "$1")" = "$(describe "$2")" ] || { describe "$1"; describe "$2"; return 1; }
}

# Fails with status 1 and one line on stderr that has each text in it; OUT is not made.
fails () # TEXT... -- COMMAND...
{
  local texts=() text rc=0 made
  while [ "$1" != -- ]; do texts+=("$1"); shift; done
  shift
  rm -rf out
  mkdir out
  "$@" >stdout 2>message </dev/null || rc=$?
  cat message
  [ "$rc" = 1 ] || { echo "status $rc"; return 1; }
  [ "$(wc -l <message)" = 1 ] || { echo "not one line"; return 1; }
  for text in "${texts[@]}"; do
    grep -qF -- "$text" message || { echo "without $text"; return 1; }
  done
  made=$(ls -A out)
  [ -z "$made" ] || { echo "left: $made"; return 1; }
}
