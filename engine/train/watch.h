/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* watch.h - tells when training goes wrong. */

#ifndef AE_WATCH_H
#define AE_WATCH_H

#include <glib.h>

#define AE_WATCH_STEPS 100 /* over which the loss is averaged */
#define AE_WATCH_RISE 100  /* this times the lowest average: there is no way back */

/* Zeros in the beginning. */
typedef struct
{
  double mean, lowest; /* running average of the loss, and its lowest value so far */
  int steps;           /* in the average, up to AE_WATCH_STEPS */
} AeWatch;

/*
 * Takes loss and norm of the gradient of a step.  FALSE if training has
 * diverged: one of them is not finite, or the average loss has risen to
 * AE_WATCH_RISE times the lowest one.  No single crop does that, however hard.
 */
gboolean ae_watch_step (AeWatch *watch, double loss, double norm);

#endif
