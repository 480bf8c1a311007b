/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* fuzz.h - the function that a fuzz target is, as libFuzzer wants it. */

#ifndef AE_FUZZ_H
#define AE_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Aborts if the property of the target does not hold; returns 0. */
__attribute__ ((visibility ("default"))) int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Unlike assert () in all builds. */
#define FUZZ_CHECK(condition)                                                                                \
  do                                                                                                         \
    if (!(condition))                                                                                        \
      {                                                                                                      \
        fprintf (stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);                           \
        abort ();                                                                                            \
      }                                                                                                      \
  while (0)

#endif
