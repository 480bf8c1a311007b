#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The GIMP Autoencoder authors
#
# gimp3.sh - what gimp.sh does, for GIMP 3.  To be sourced.

# shellcheck source=tests/plugin/gimp.sh
. "$(dirname "$0")/gimp.sh"
export GIMP3_DIRECTORY=$profile

make_profile3 ()
{
  make_profile
  # Without these it asks questions.
  # shellcheck disable=SC2016 # ${gimp_dir} is GIMP's
  printf '%s\n' '(config-version "3.99.0")' '(show-welcome-dialog no)' '(check-updates no)' \
    '(color-profile-policy keep)' '(plug-in-path "${gimp_dir}/plug-ins")' >"$profile/gimprc"
}

# Runs a command of Script-Fu and says with GIMP's exit status whether it went well.
scheme () # COMMAND
{
  timeout 300 gimp-console -i -d -f --batch-interpreter=plug-in-script-fu-eval -b "$1" --quit </dev/null 2>&1
}
