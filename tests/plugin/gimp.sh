#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The GIMP Autoencoder authors
#
# gimp.sh - what the tests of the plug-in share: a profile of their own for
# the real GIMP, the test model, and results as TAP.  To be sourced.
#
# Wants: PLUGIN, PICTURE, MAKE_MODEL (programs), GIMP_PLUGINS (GIMP's own).

set -uo pipefail
: "${PLUGIN:?}" "${PICTURE:?}" "${MAKE_MODEL:?}" "${GIMP_PLUGINS:?}"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
profile=$folder/profile
data=$folder/data
plugin_name=$(basename "$PLUGIN")

# Nothing of the user's own: models, settings, language.
export GIMP2_DIRECTORY=$profile HOME=$folder XDG_DATA_HOME=$data XDG_CONFIG_HOME=$folder XDG_CACHE_HOME=$folder
export LC_ALL=C.UTF-8 LANGUAGE=en
unset AE_MODEL_PATH

number=0
status=0
pass () # NAME
{
  number=$((number + 1))
  echo "ok $number - $1"
}

fail () # NAME DIAGNOSIS
{
  number=$((number + 1))
  echo "not ok $number - $1"
  printf '%s\n' "${2-}" | sed 's/^/# /'
  status=1
}

# Passes if the command does.
expect () # NAME COMMAND...
{
  local name=$1 message
  shift
  if message=$("$@" 2>&1); then
    pass "$name"
  else
    fail "$name" "$message"
  fi
}

finish ()
{
  echo "1..$number"
  exit $status
}

# Where AE_RESULTS is a folder, the pictures stay there, to be compared with
# those of another version of GIMP by compare-versions.
keep_results () # VERSION
{
  [ -n "${AE_RESULTS-}" ] || return 0
  mkdir -p "$AE_RESULTS/$1"
  cp "$folder"/*.png "$AE_RESULTS/$1/"
}

# A small profile: GIMP starts in two seconds with it.
make_profile ()
{
  rm -rf "$profile"
  mkdir -p "$profile/plug-ins/$plugin_name" "$profile/gradients" "$data/gimp-autoencoder/models"
  cp "$PLUGIN" "$profile/plug-ins/$plugin_name/"
  local name
  for name in script-fu file-png; do
    [ -e "$GIMP_PLUGINS/$name" ] || { fail "GIMP has $name" "it is not in $GIMP_PLUGINS"; finish; }
    ln -s "$GIMP_PLUGINS/$name" "$profile/plug-ins/"
  done
  # shellcheck disable=SC2016 # ${gimp_dir} is GIMP's
  printf '(plug-in-path "${gimp_dir}/plug-ins")\n(color-profile-policy keep)\n' >"$profile/gimprc"
  "$MAKE_MODEL" test-mean "$data/gimp-autoencoder/models/test-mean.safetensors"
  # So that the default is known, whatever is installed.
  "$MAKE_MODEL" denoise-fast "$data/gimp-autoencoder/models/denoise-fast.safetensors"
}

# Runs a command and prints how many threads with the name of its process the
# plug-in had at most: those of the engine.  GEGL and GLib name theirs.
engine_threads () # COMMAND...
{
  local most=0 process name n at
  timeout 300 "$@" </dev/null >"$folder/threads.log" 2>&1 &
  process=$!
  while kill -0 $process 2>/dev/null; do
    # A process may end while it is looked at.
    at=$(find /proc -mindepth 2 -maxdepth 2 -name exe -lname "$profile/plug-ins/$plugin_name/$plugin_name" -printf '%h\n' \
      -quit 2>/dev/null)
    if [ -n "$at" ] && name=$(cat "$at/comm" 2>/dev/null); then
      n=$(cat "$at"/task/*/comm 2>/dev/null | grep -cxF -- "$name")
      [ "$n" -le "$most" ] || most=$n
    fi
  done
  wait $process
  echo "$most"
}

# GIMP has a preference for the number of threads: expects the engine to have as many.
expect_threads () # N COMMAND...
{
  local found n=$1
  shift
  if [ ! -e /proc/self/comm ]; then
    number=$((number + 1))
    echo "ok $number - threads as GIMP is told: $n # SKIP there is no /proc"
    return
  fi
  echo "(num-processors $n)" >>"$profile/gimprc"
  found=$(engine_threads "$@")
  if [ "$found" = "$n" ]; then
    pass "threads as GIMP is told: $n"
  else
    fail "threads as GIMP is told: $n" "$found threads; $(tail -n 5 "$folder/threads.log")"
  fi
}
