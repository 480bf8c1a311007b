/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* watch.c - compares the loss with what it has been. */

#include "watch.h"

#include <math.h>

gboolean
ae_watch_step (AeWatch *watch, double loss, double norm)
{
  if (!isfinite (loss) || !isfinite (norm))
    return FALSE;
  watch->steps = MIN (watch->steps + 1, AE_WATCH_STEPS);
  watch->mean += (loss - watch->mean) / watch->steps;
  if (watch->steps < AE_WATCH_STEPS)
    return TRUE;
  /* a loss that may be below zero has no ratio to speak of */
  if (watch->lowest > 0 && watch->mean > AE_WATCH_RISE * watch->lowest)
    return FALSE;
  watch->lowest = watch->lowest > 0 ? MIN (watch->lowest, watch->mean) : watch->mean;
  return TRUE;
}
