#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The GIMP Autoencoder authors
#
# install.sh - installs those of the packages in the lists given that are
# missing.  Lists are named without folder and ending:
#
#   data/packages/install.sh debian-build debian-test
#
# A line is the name of a package, or "a | b" where releases of Debian have it
# under different names.

set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)

# Whether one of the names is installed.
installed () # NAME...
{
  local name
  for name in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null || true)" != installed ] || return 0
  done
  return 1
}

# Of several names the first one that there is.
resolve () # NAME...
{
  local name
  for name in "$@"; do
    if [ $# -eq 1 ] || [ -n "$(apt-cache show --no-all-versions "$name" 2>/dev/null)" ]; then
      echo "$name"
      return
    fi
  done
  echo "$1"
}

missing=()
for list in "$@"; do
  while IFS=' |' read -r -a names; do
    installed "${names[@]}" || missing+=("${names[*]}")
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

packages=()
for names in "${missing[@]}"; do
  read -r -a alternatives <<<"$names"
  packages+=("$(resolve "${alternatives[@]}")")
done

if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o DPkg::Lock::Timeout=600 \
     -o Dpkg::Use-Pty=0 --no-install-recommends install "${packages[@]}" </dev/null >/dev/null; then
  echo "apt-get could not install all of: ${packages[*]}" >&2
  exit 1
fi
