#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The GIMP Autoencoder authors
#
# install.sh - installs those of the packages in the lists given that are
# missing.  Lists are named without folder and ending:
#
#   data/packages/install.sh debian-build debian-test

set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)

missing=()
for list in "$@"; do
  while read -r package; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing+=("$package")
  done < <(sed 's/#.*//; s/[[:space:]]*$//; /^$/d' "$here/$list.txt")
done

if [ ${#missing[@]} -eq 0 ]; then
  exit 0
fi

if ! command -v apt-get >/dev/null; then
  echo "No apt-get here: install what corresponds to these Debian packages yourself if the build asks for it:" >&2
  echo "  ${missing[*]}" >&2
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "Not root and no sudo: ask an administrator to install ${missing[*]}, then run this again." >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "== Installing ${#missing[@]} Debian packages: ${missing[*]}"

# The index lock has no time-out of its own in apt: try for a while.
for attempt in 1 2 3 4 5 6; do
  if "${as_root[@]}" apt-get -qq update; then
    break
  fi
  [ "$attempt" -lt 6 ] || echo "apt-get update failed; trying with the package lists that are here." >&2
  [ "$attempt" -eq 6 ] || sleep 10
done

if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o DPkg::Lock::Timeout=600 \
     -o Dpkg::Use-Pty=0 --no-install-recommends install "${missing[@]}" </dev/null >/dev/null; then
  echo "apt-get could not install all of: ${missing[*]}" >&2
  exit 1
fi
