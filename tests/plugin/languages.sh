#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The GIMP Autoencoder authors
#
# languages.sh - that the dialog and the messages of the engine speak the
# language of the user, in both versions of GIMP.  To be sourced after dialog.sh.
#
# Wants: AE_LOCALE_PATH, the catalogs.

: "${AE_LOCALE_PATH:?}" "${folder:?}"

if ! command -v gettext >/dev/null; then
  echo "1..0 # SKIP gettext is not installed"
  exit 0
fi

# A text in a language, by the catalog that was built.
in_language () # LANGUAGE TEXT
{
  TEXTDOMAINDIR=$AE_LOCALE_PATH LANGUAGE=$1 gettext gimp-autoencoder "$2"
}

# shellcheck disable=SC2317 # called by name
title_is () # TITLE
{
  [ "$(xdotool search --onlyvisible --name Autoencoder getwindowname 2>/dev/null ||
       xdotool search --onlyvisible --name autocodificador getwindowname)" = "$1" ]
}

# COMMAND runs GIMP, which opens the dialog.
speaks () # LANGUAGE COMMAND...
{
  local title
  title=$(in_language "$1" 'Denoise (Autoencoder)')
  if [ "$1" != en ] && [ "$title" = 'Denoise (Autoencoder)' ]; then
    fail "$1: there is a catalog" "$AE_LOCALE_PATH"
    finish
  fi
  LANGUAGE=$1 timeout 300 "${@:2}" >"$folder/log" 2>&1 </dev/null &
  gimp=$!
  soon "$1: the dialog is called $title" title_is "$title"
  screenshot "dialog-$1"
  xdotool windowactivate --sync "$(xdotool search --onlyvisible --name "${title%% *}")" key Escape
  wait $gimp
}
