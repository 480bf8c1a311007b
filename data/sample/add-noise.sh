#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The GIMP Autoencoder authors
#
# add-noise.sh - adds Gaussian noise to a picture, clipped and rounded to 8
# bits as a camera's file would be.  The same seed gives the same file.
#
#   add-noise.sh CLEAN NOISY [SIGMA [SEED]]
#
# The generator is written out (Park-Miller, Box-Muller), because srand() and
# rand() differ from one awk to the next.  Needs ImageMagick.

set -eu

if [ $# -lt 2 ] || [ $# -gt 4 ]; then
  echo "usage: add-noise.sh CLEAN NOISY [SIGMA [SEED]]" >&2
  exit 2
fi

convert "$1" -depth 8 -type TrueColor -compress none ppm:- \
  | awk -v sigma="${3:-25}" -v seed="${4:-1}" '
    function uniform () {
      state = (state * 16807) % 2147483647
      return state / 2147483647
    }
    function normal (  r, a) {
      if (have) { have = 0; return spare }
      r = sqrt (-2 * log (uniform ())); a = 6.283185307179586 * uniform ()
      spare = r * sin (a); have = 1
      return r * cos (a)
    }
    BEGIN { state = seed * 7919 + 1; for (i = 0; i < 16; i++) uniform () }
    header < 4 {
      if ($0 ~ /^#/) next
      print; header += NF
      next
    }
    {
      for (i = 1; i <= NF; i++) {
        v = int ($i + sigma * normal () + 1000.5) - 1000
        print (v < 0 ? 0 : v > 255 ? 255 : v)
      }
    }' \
  | convert ppm:- -strip -define png:compression-level=9 -define png:exclude-chunks=date,time "PNG24:$2"
