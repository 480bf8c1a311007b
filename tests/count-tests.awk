# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The GIMP Autoencoder authors
#
# count-tests.awk - reads meson's testlog.json (one JSON object a line) and
# prints "PASSED FAILED SKIPPED": the lines of programs that speak TAP one by
# one, any other program as one.  A program that ended badly although none of
# its lines says so counts as one failure.

function field (line, key,   start, text)
{
  start = index (line, "\"" key "\": \"")
  if (start == 0)
    return ""
  text = substr (line, start + length (key) + 5)
  # The ends of strings are the quotes that are not escaped.
  gsub (/\\\\/, "\001", text)
  gsub (/\\"/, "\002", text)
  return substr (text, 1, index (text, "\"") - 1)
}

{
  result = field ($0, "result")
  n = split (field ($0, "stdout"), lines, /\\n/)
  good = bad = left_out = 0
  for (i = 1; i <= n; i++)
    {
      if (lines[i] ~ /^(not )?ok( |$)/ && lines[i] ~ /# *[Ss][Kk][Ii][Pp]/)
        left_out++
      else if (lines[i] ~ /^ok( |$)/)
        good++
      else if (lines[i] ~ /^not ok( |$)/)
        bad++
    }
  if (result == "SKIP")
    left_out += good + bad + left_out == 0
  else if (result == "OK" || result == "EXPECTEDFAIL")
    good += good + bad + left_out == 0
  else
    bad += bad == 0
  passed += good
  failed += bad
  skipped += left_out
}

END { print passed + 0, failed + 0, skipped + 0 }
