#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The GIMP Autoencoder authors
#
# upscale.sh - what the tests that enlarge without a window do in both versions
# of GIMP.  To be sourced after a profile was made.
#
# The test defines what has another name in its version: (open-image NAME),
# (layer-of IMAGE), (save IMAGE NAME), (save-xcf IMAGE NAME), (say THINGS...), (enlarge IMAGE TARGET SIZE WIDTH HEIGHT)
# with the names of targets and sizes in GIMP 3, (enlarge-seamless IMAGE SIZE), (enlarge-alone IMAGE LAYER), NOTHING
# (no parent), and the functions whose names do not begin with gimp below.

# Functions are called by way of expect.
# shellcheck disable=SC2317

: "${folder:?}" "${data:?}" "${MAKE_UPSCALE_MODEL:?}"
models=$data/gimp-autoencoder/models
"$MAKE_UPSCALE_MODEL" upscale "$models/upscale-x2.safetensors" # each pixel becomes a square
"$MAKE_UPSCALE_MODEL" four "$models/upscale-x4.safetensors"

for kind in rgb8 rgba16 graya8 adobe16; do
  "$PICTURE" make $kind 40 30 8 "$folder/$kind.png"
done
convert -size 1x1 xc:orange PNG24:"$folder/one.png"
convert -size 3x2000 gradient:red-blue -depth 8 PNG24:"$folder/strip.png"
convert -size 20x20 xc:none PNG32:"$folder/nothing.png"
convert "$folder/rgb8.png" -roll +17+11 PNG24:"$folder/rolled.png"
cat >"$folder/about.xmp" <<'XMP'
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Credit="A. Nonymous"/>
</rdf:RDF></x:xmpmeta>
XMP
convert "$folder/rgb8.png" -profile "$folder/about.xmp" PNG24:"$folder/credit.png"

# shellcheck disable=SC2034 # the tests load it
shared='
(define (yes? value) (if (memv value (list 1 #t)) 1 0))
(define (size-of image) (list (car (image-width image)) (car (image-height image))))
; An error, whose text GIMP writes, and an image that has not changed.
(define (refuses name image command)
  (let ((before (size-of image)) (refused #t))
    (gimp-image-clean-all image)
    (catch #t (command) (set! refused #f))
    (say name ": " (if refused "refused, " "done, ") (if (equal? before (size-of image)) "as large" "another size")
         (if (= 1 (yes? (car (gimp-image-is-dirty image)))) ", dirty" ", clean"))))

; An image with all that can be scaled, at places that are no multiples of anything.
(define (furnish-for-scaling image)
  (let* ((background (layer-of image))
         (group (new-group image))
         (small (new-layer image 13 11 "small"))
         (path (new-path image "path")))
    (gimp-item-set-name background "background")
    (gimp-layer-add-alpha background)
    (gimp-image-insert-channel image
      (car (gimp-channel-new-from-component image CHANNEL-RED "channel")) NOTHING 0)
    (gimp-layer-add-mask background (car (gimp-layer-create-mask background ADD-MASK-COPY)))
    (gimp-image-insert-layer image group NOTHING 0)
    (gimp-image-insert-layer image small group 0)
    (gimp-layer-set-offsets small -3 7)
    (gimp-drawable-fill small FILL-WHITE)
    (insert-path image path NOTHING 0)
    (stroke-from-points path 0 12 #(4 5 6 7 8 9 21 22 23 24 25 26) 0)
    (gimp-image-add-vguide image 11)
    (gimp-image-add-hguide image 29)
    (gimp-image-select-ellipse image CHANNEL-OP-REPLACE 3 4 21 17)))
; Both; a copy has them in another order.
(define (guides-of image)
  (let* ((one (car (gimp-image-find-next-guide image 0)))
         (other (car (gimp-image-find-next-guide image one)))
         (places (map (lambda (guide) (car (gimp-image-get-guide-position image guide))) (list one other))))
    (list (apply min places) (apply max places))))
(define (place-of image name)
  (let ((layer (car (gimp-image-get-layer-by-name image name))))
    (list (car (drawable-width layer)) (car (drawable-height layer)) (drawable-offsets layer))))
(define (description-of image)
  (list (size-of image) (place-of image "background") (place-of image "small")
        (guides-of image)
        (points-of (path-of image "path")) (gimp-selection-bounds image)))
; As the alpha channel of a white picture.
(define (save-mask image name)
  (let* ((copy (car (gimp-image-duplicate image)))
         (layer (car (gimp-image-get-layer-by-name copy "background"))))
    (gimp-image-remove-layer copy (parent-of (car (gimp-image-get-layer-by-name copy "small"))))
    (gimp-drawable-fill layer FILL-WHITE)
    (gimp-layer-remove-mask layer MASK-APPLY)
    (save copy name)))
(define (save-selection image name select)
  (let* ((copy (car (gimp-image-duplicate image)))
         (layer (car (gimp-image-get-layer-by-name copy "background"))))
    (gimp-image-remove-layer copy (parent-of (car (gimp-image-get-layer-by-name copy "small"))))
    (gimp-layer-remove-mask layer MASK-DISCARD)
    (select copy)
    (gimp-drawable-fill layer FILL-WHITE)
    (gimp-selection-invert copy)
    (gimp-drawable-edit-clear layer)
    (save copy name)))
(define (save-all image name)
  (save-mask image (string-append name "-mask"))
  (save-selection image (string-append name "-selection") (lambda (copy) #t))
  (save-selection image (string-append name "-channel")
    (lambda (copy)
      (gimp-image-select-item copy CHANNEL-OP-REPLACE (car (gimp-image-get-channel-by-name copy "channel"))))))
(define (as-gimp-does name width height)
  (let* ((image (open-image "rgb8")) (reference 0))
    (furnish-for-scaling image)
    (set! reference (car (gimp-image-duplicate image)))
    (gimp-context-set-interpolation INTERPOLATION-CUBIC)
    (gimp-image-scale reference width height)
    (enlarge image "image" "pixels" width height)
    (save-all image name)
    (save-all reference (string-append name "-reference"))
    (if (equal? (description-of image) (description-of reference))
      (say name ": as GIMP does")
      (begin (write (description-of image)) (newline) (write (description-of reference)) (newline)))))
(as-gimp-does "twice" 80 60)
(as-gimp-does "odd" 97 71)

; What describes an image stays.
(define (kept name image)
  (say name ": " (car (gimp-image-get-precision image)) (car (gimp-image-get-resolution image))
       (cadr (gimp-image-get-resolution image)) (caddr (car (gimp-image-get-parasite image "gimp-comment")))))
(define (keeps name target size width height)
  (let* ((image (open-image "adobe16")))
    (gimp-image-set-resolution image 123 77)
    (gimp-image-attach-parasite image (list "gimp-comment" 1 "by hand"))
    (kept (string-append name " before") image)
    (set! image (enlarge image target size width height))
    (kept (string-append name " after") image)
    (save image name)))
(keeps "kept-image" "image" "x2" 0 0)
(keeps "kept-new" "new-image" "pixels" 80 60)

(for-each
  (lambda (precision)
    (let* ((image (open-image "adobe16")) (name (string-append "precision-" (number->string precision))))
      (gimp-image-convert-precision image precision)
      (save image (string-append name "-before"))
      (enlarge image "image" "x2" 0 0)
      (if (= precision (car (gimp-image-get-precision image))) (say name " stays"))
      (save image name)))
  ; PRECISION-U16-LINEAR, U32 and HALF not linear, FLOAT-LINEAR: the names differ
  (list 200 350 550 600))

; What a file says about itself.
(define (keeps-metadata name target)
  (save-xcf (enlarge (open-image "credit") target "x2" 0 0) name))
(keeps-metadata "metadata-image" "image")
(keeps-metadata "metadata-new" "new-image")

; A texture has no edges, wherever it is cut.
(define (seamless name seams)
  (let* ((image (open-image name)))
    (if seams (enlarge image "image" "x4" 0 0) (enlarge-seamless image "x4"))
    (save image (string-append name (if seams "-seams" "-seamless")))))
(seamless "rgb8" #f) (seamless "rolled" #f) (seamless "rgb8" #t) (seamless "rolled" #t)

; Odd pictures.
(define (try name size)
  (let* ((image (open-image name)))
    (enlarge image "image" size 0 0) (save image (string-append name "-large"))))
(try "one" "x4")
(try "strip" "x2")
(try "nothing" "x2")
(let* ((image (car (gimp-image-new 200000 1 RGB))) (layer (new-layer image 200000 1 "long")))
  (gimp-image-insert-layer image layer NOTHING 0)
  (refuses "too large" image (lambda () (enlarge image "image" "x3" 0 0)))
  (refuses "too large, the layer" image (lambda () (enlarge image "layer" "x3" 0 0))))
(let* ((image (open-image "rgb8")))
  (gimp-image-convert-indexed image CONVERT-DITHER-NONE CONVERT-PALETTE-GENERATE 16 FALSE FALSE "")
  (refuses "palette" image (lambda () (enlarge image "image" "x2" 0 0))))
; Locks, of a layer or of the group that it is in.
(define (locked name lock target of-group)
  (let* ((image (open-image "rgb8")) (layer (layer-of image)) (group (new-group image)) (copy 0))
    (gimp-image-insert-layer image group NOTHING 0)
    (gimp-image-reorder-item image layer group 0)
    (lock (if of-group group layer) TRUE)
    (refuses name image
      (lambda () (if (equal? target "layer") (enlarge-alone image layer) (enlarge image target "x2" 0 0))))
    (set! copy (car (gimp-image-duplicate image)))
    (gimp-image-flatten copy)
    (save copy name)))
(locked "locked-place" gimp-item-set-lock-position "layer" #f)
(locked "locked-pixels" gimp-item-set-lock-content "layer" #f)
(locked "locked-pixels-of-group" gimp-item-set-lock-content "layer" #t)
(locked "locked-pixels-in-image" gimp-item-set-lock-content "image" #t)
(locked "locked-pixels-in-copy" gimp-item-set-lock-content "new-image" #t)
(say "all shared cases have run")
'

twice () # BEFORE AFTER: every pixel is a square
{
  local value
  convert "$1" -filter point -resize 200% "$folder/expected.png"
  # transparent pixels have the colors of their neighbors, alpha is smooth
  value=$(compare -metric AE -fuzz 1% \( "$folder/expected.png" -alpha off \) \( "$2" -alpha off \) null: 2>&1)
  [ "${value%% *}" = 0 ] || { echo "$value pixels differ"; return 1; }
}

rolled () # KIND: how many pixels differ when the rolled one is rolled back
{
  convert "$folder/rolled-$1.png" -roll -68-44 "$folder/rolled-back.png"
  compare -metric AE "$folder/rgb8-$1.png" "$folder/rolled-back.png" null: 2>&1 | cut -d' ' -f1
}

is () # VALUE EXPECTED
{
  [ "$1" = "$2" ] || { echo "$1, expected $2"; return 1; }
}

log_has () # PATTERN
{
  grep -qE "$1" "$folder/shared.log" || { tail -n 8 "$folder/shared.log"; return 1; }
}

stays () # NAME: what (locked NAME ...) has tried
{
  expect "$1: nothing changes" log_has "$1: refused, as large, clean"
  expect "$1: the pixels" "$PICTURE" same "$folder/rgb8.png" "$folder/$1.png"
}

# After `shared` has run, with its output in $folder/shared.log.
check_shared_cases ()
{
  local name kind before
  expect 'shared: all cases have run' log_has 'all shared cases have run'
  for name in twice odd; do
    expect "$name: sizes, places, guides, path, selection as GIMP scales them" log_has "$name: as GIMP does"
    for kind in mask channel selection; do
      expect "$name: the $kind is what GIMP makes of it" \
        "$PICTURE" same "$folder/$name-reference-$kind.png" "$folder/$name-$kind.png"
      expect "$name: the $kind is no plain one" test "$(identify -format '%[fx:standard_deviation.a>0.02]' "$folder/$name-$kind.png")" = 1
    done
  done
  for name in kept-image kept-new; do
    before=$(sed -n "s/.*$name before: //p" "$folder/shared.log")
    expect "$name: there is a resolution and a comment" grep -q '123.* 77.* by hand' <<<"$before"
    expect "$name: precision, resolution, comment" \
      is "$(sed -n "s/.*$name after: //p" "$folder/shared.log")" "$before"
    expect "$name: the color profile" "$PICTURE" profile "$folder/adobe16.png" "$folder/$name.png"
    expect "$name: pixels" twice "$folder/adobe16.png" "$folder/$name.png"
  done
  expect 'four precisions stay' is "$(grep -cE 'precision-[0-9]+ stays' "$folder/shared.log")" 4
  for before in "$folder"/precision-*-before.png; do
    name=${before%-before.png}
    expect "${name##*/}: pixels" twice "$before" "$name.png"
  done
  for name in metadata-image metadata-new; do
    expect "$name: what the file says about itself" grep -aq 'A. Nonymous' "$folder/$name.xcf"
  done
  expect 'seamless edges: it does not matter where a texture is cut' is "$(rolled seamless)" 0
  expect 'other edges: it does' test "$(rolled seams)" -gt 100
  expect 'one pixel: the size' is "$(identify -format '%wx%h' "$folder/one-large.png")" 4x4
  expect 'one pixel: the color' is "$(convert "$folder/one-large.png" -depth 8 -unique-colors txt:- | grep -c '#FFA500')" 1
  expect 'a strip: the size' is "$(identify -format '%wx%h' "$folder/strip-large.png")" 6x4000
  expect 'a strip: pixels' twice "$folder/strip.png" "$folder/strip-large.png"
  expect 'nothing but transparent: so is the result' is "$(identify -format '%wx%h %[fx:maxima.a]' "$folder/nothing-large.png")" '40x40 0'
  for name in 'too large' 'too large, the layer' palette; do
    expect "$name: nothing changes" log_has "$name: refused, as large, clean"
  done
  expect 'too large: the message has the size and the limit' log_has '600000 × 3 pixels, expected 1 to 524288'
  expect 'palette: the message tells what to do' log_has 'Mode > RGB'
  for name in place pixels{,-of-group,-in-image,-in-copy}; do
    stays "locked-$name"
  done
  expect 'locked place: the message tells what to do' log_has 'position of this layer is locked'
}
