#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The GIMP Autoencoder authors
#
# dialog.sh - what the tests of the dialogs do in both versions of GIMP: a
# screen of their own, the keys and the mouse.  To be sourced after gimp.sh.
#
# GIMP runs a script that does what it is asked to: the test writes a command
# into $folder/request and waits for a file NAME.done that it leaves.

: "${folder:?}" "${profile:?}" "${plugin_name:?}"

for program in Xvfb openbox xdotool dbus-run-session import; do
  if ! command -v $program >/dev/null; then
    echo "1..0 # SKIP $program is not installed"
    exit 0
  fi
done

dialog='^Denoise .Autoencoder'
window=
gimp=

start_screen ()
{
  local pipe
  # A free display, chosen by the server itself.
  mkfifo "$folder/display"
  exec {pipe}<>"$folder/display"
  Xvfb -displayfd "$pipe" -screen 0 1280x1024x24 -nolisten tcp >/dev/null 2>&1 &
  server=$!
  read -r -t 60 -u "$pipe" display || { fail 'the screen starts'; finish; }
  export DISPLAY=:$display
  unset WAYLAND_DISPLAY SESSION_MANAGER
  openbox >/dev/null 2>&1 &
  manager=$!
  trap stop EXIT
}

# shellcheck disable=SC2317 # called by name
stop ()
{
  kill "${gimp:-$server}" "$manager" "$server" 2>/dev/null
  wait 2>/dev/null
  rm -rf "$folder"
}

# Waits for COMMAND to succeed, two minutes at most.
wait_until () # COMMAND...
{
  local i
  for ((i = 0; i < 600; i++)); do
    "$@" >/dev/null 2>&1 && return 0
    kill -0 "$gimp" 2>/dev/null || return 1
    sleep 0.2
  done
  return 1
}

give_up () # NAME
{
  [ -z "${AE_SCREENSHOTS-}" ] || import -window root "$AE_SCREENSHOTS/failed.png"
  fail "$1" "$(tail -n 20 "$folder/log"; xdotool search --name . getwindowname %@ 2>/dev/null)"
  finish
}

# Passes when COMMAND succeeds; nothing after it makes sense if it never does.
soon () # NAME COMMAND...
{
  wait_until "${@:2}" || give_up "$1"
  pass "$1"
}

screenshot () # NAME
{
  [ -z "${AE_SCREENSHOTS-}" ] || import -window root "$AE_SCREENSHOTS/$1.png"
}

# Has GIMP's script run a function that leaves NAME.done.
ask () # NAME FUNCTION
{
  rm -f "$folder/$1".*
  echo "($2 \"$1\")" >"$folder/request.new"
  mv "$folder/request.new" "$folder/request"
  wait_until test -e "$folder/$1.done"
}

# Saves the image as it is now, and passes if COMMAND does.
# shellcheck disable=SC2317 # called by name
saved () # NAME COMMAND...
{
  ask "$1" request && "${@:2}"
}

dialog_open ()
{
  xdotool search --onlyvisible --name "$dialog"
}

# shellcheck disable=SC2317 # called by name
dialog_closed ()
{
  ! dialog_open >/dev/null 2>&1
}

activate_image ()
{
  xdotool windowactivate --sync "$(xdotool search --onlyvisible --name ' GIMP$' | head -n 1)" 2>/dev/null
}

# In the window of the image.
press () # KEY
{
  activate_image
  sleep 0.5
  xdotool key "$1"
  sleep 1
}

# By the entry of the menu, which has a key of its own in this profile.
open_dialog () # NAME
{
  press ctrl+shift+F9
  soon "$1" dialog_open
  window=$(dialog_open | head -n 1)
  xdotool windowactivate --sync "$window" 2>/dev/null
}

# Brightness of a part of the preview, in thousandths.  The preview begins at
# the top left of the window, with a border.
brightness () # LEFT
{
  import -window "$window" -crop "60x100+$1+120" +repage -colorspace gray -format '%[fx:int(mean*1000)]' info:
}
# shellcheck disable=SC2317 # called by name
brighter () # LEFT THAN
{
  [ "$(brightness "$1")" -gt "$2" ]
}
# shellcheck disable=SC2317 # called by name
darker () # LEFT THAN
{
  [ "$(brightness "$1")" -lt "$2" ]
}

strength () # PERCENT
{
  xdotool key --delay 50 alt+t ctrl+a
  xdotool type --delay 50 "$1"
  xdotool key Tab
}

drag () # FROM-X FROM-Y BY-X BY-Y
{
  xdotool mousemove --window "$window" "$1" "$2" sleep 0.5 mousedown 1 sleep 0.3 \
    mousemove_relative --sync -- $(($3 / 2)) $(($4 / 2)) sleep 0.3 \
    mousemove_relative --sync -- $(($3 / 2)) $(($4 / 2)) sleep 0.3 mouseup 1
}

# The pictures of both sides of the line, for comparing.
side () # NAME LEFT
{
  import -window "$window" -crop "60x100+$2+120" +repage "$folder/$1.png"
}

# shellcheck disable=SC2317 # called by name
shows_other () # NAME LEFT
{
  side other "$2"
  ! cmp -s "$folder/$1.png" "$folder/other.png"
}

differ () # NAME A B
{
  if cmp -s "$folder/$2.png" "$folder/$3.png"; then
    fail "$1" "$2 and $3 are the same"
  else
    pass "$1"
  fi
}

# Wants: $folder/in.png open in GIMP, the test model chosen, and set_noise to
# choose noise level 51 by hand, if that is not so yet.
try_the_dialog ()
{
  local before line left right
  before=$(convert "$folder/in.png" -colorspace gray -format '%[fx:int(mean*1000)]' info:)
  open_dialog 'the entry of the menu opens the dialog'

  set_noise
  # The line is in the middle of the preview, which has a scroll bar at its right:
  # left of it is the picture, right of it the test model is brighter by a tenth.
  line=$(($(xdotool getwindowgeometry --shell "$window" | sed -n 's/^WIDTH=//p') / 2 - 6))
  left=$((line - 130)) right=$((line + 70))
  soon 'the preview shows the result on the right' brighter $right $((before + 60))
  soon 'and the picture on the left' darker $left $((before + 40))
  screenshot dialog

  strength 0
  soon 'strength 0 shows the picture' darker $right $((before + 40))
  strength 100
  soon 'strength 100 shows the result' brighter $right $((before + 60))

  drag $line 140 -160 0
  soon 'the line can be dragged' brighter $left $((before + 60))
  drag $((line - 160)) 140 160 0
  soon 'and back' darker $left $((before + 40))

  side here $right
  drag $((line + 100)) 200 60 40
  sleep 1
  soon 'the preview follows scrolling' brighter $right $((before + 60))
  side there $right
  differ 'it shows another part' here there
  xdotool key plus
  soon 'the preview follows the zoom' shows_other there $right

  xdotool key Return
  soon 'OK closes the dialog' dialog_closed
  soon 'OK denoises' saved out \
    "$PICTURE" denoised "$folder/in.png" "$folder/out.png" 0 0 600 450 51 100 0.00197

  press ctrl+z
  soon 'one undo takes it back' saved undone "$PICTURE" same "$folder/in.png" "$folder/undone.png"
  expect 'and leaves nothing to undo' test -e "$folder/undone.clean"
  press ctrl+y
  soon 'redo brings it again' saved redone "$PICTURE" same "$folder/out.png" "$folder/redone.png"
  press ctrl+z
  soon 'undo again' saved undone "$PICTURE" same "$folder/in.png" "$folder/undone.png"
  press ctrl+f
  soon 'the last filter can be repeated' saved repeated "$PICTURE" same "$folder/out.png" "$folder/repeated.png"
  press ctrl+z
  soon 'and undone' saved undone "$PICTURE" same "$folder/in.png" "$folder/undone.png"

  open_dialog 'the dialog opens again'
  xdotool key --delay 300 alt+i Down alt+o
  soon 'OK closes it' dialog_closed
  soon 'a new layer has the result' saved layered \
    "$PICTURE" denoised "$folder/in.png" "$folder/layered.png" 0 0 600 450 51 100 0.00197
  expect 'it is a second layer' test -e "$folder/layered.two"
  press ctrl+z
  soon 'one undo takes it away' saved without test ! -e "$folder/without.two"

  open_dialog 'the dialog opens a third time'
  xdotool key Escape
  soon 'Cancel closes it' dialog_closed
  soon 'Cancel leaves the layer as it was' saved cancelled "$PICTURE" same "$folder/in.png" "$folder/cancelled.png"
  expect 'and nothing to undo' test -e "$folder/cancelled.clean"
}

# The dialog leaves all of GIMP to the user.
try_to_lock_meanwhile ()
{
  open_dialog 'the dialog opens before the layer is locked'
  expect 'the layer is locked meanwhile' ask lock lock
  xdotool windowactivate --sync "$window" key Return
  soon 'OK closes the dialog, too' dialog_closed
  soon 'what is locked is refused' grep -q 'pixels of this layer are locked' "$folder/log"
  soon 'it stays as it was' saved locked "$PICTURE" same "$folder/in.png" "$folder/locked.png"
  expect 'the layer is unlocked' ask unlock unlock
}

# shellcheck disable=SC2317 # called by name
masked ()
{
  ask masked look-at-mask && test -e "$folder/masked.brighter"
}

# After a run into a new layer, which a mask has not.
try_a_mask ()
{
  expect 'there is a mask' ask mask mask
  open_dialog 'the dialog opens for a mask'
  xdotool key Return
  soon 'OK closes it, too' dialog_closed
  soon 'the mask has the result' masked
  expect 'the mask is gone' ask unmask unmask
}

# shellcheck disable=SC2317 # called by name
all_gone ()
{
  ! pgrep -f "$profile/plug-ins/$plugin_name/" >/dev/null
}

# The plug-in works, a part of the time at least.
# shellcheck disable=SC2317 # called by name
computes ()
{
  local process before after
  process=$(pgrep -f "$profile/plug-ins/$plugin_name/" | head -n 1)
  before=$(ticks "$process") && sleep 1.5 && after=$(ticks "$process") && [ $((after - before)) -ge 10 ]
}

# Time of the CPU that a process has had, in hundredths of a second.
ticks () # PROCESS
{
  local fields
  read -r -a fields <"/proc/$1/stat" && echo $((fields[13] + fields[14]))
}

# Presses the button at the bottom right; the docks are hidden, so that it is there.
# GIMP may hide and show the button again, so that a click can miss it.
# shellcheck disable=SC2317 # called by name
press_cancel () # WINDOW
{
  local size wide high
  size=$(xdotool getwindowgeometry --shell "$1" | sed -n 's/^WIDTH=//p; s/^HEIGHT=//p' | tr '\n' ' ')
  read -r wide high <<<"$size"
  xdotool windowactivate --sync "$1"
  xdotool mousemove --window "$1" $((wide - 50)) $((high - 22)) sleep 0.2 click 1 sleep 1
}

# shellcheck disable=SC2317 # called by name
stopped ()
{
  all_gone || press_cancel "$(xdotool search --onlyvisible --name ' GIMP$' | head -n 1)"
  all_gone
}

# After try_the_dialog: the third model of the list is test-slow.
try_to_cancel ()
{
  expect 'a part is selected' ask select select
  open_dialog 'the dialog opens for a long run'
  xdotool key --delay 300 alt+m Home Down Down alt+i Home
  soon 'the preview computes' computes
  xdotool key alt+o
  soon 'OK closes the dialog before a long run' dialog_closed
  expect 'the long run goes on' computes
  screenshot progress
  soon 'Cancel stops a run, no process is left' stopped
  soon 'a cancelled run leaves the layer as it was' saved stopped "$PICTURE" same "$folder/in.png" "$folder/stopped.png"
  expect 'a cancelled run leaves nothing to undo' test -e "$folder/stopped.clean"
  expect 'a cancelled run leaves the selection as it was' test -e "$folder/stopped.selected"
}
