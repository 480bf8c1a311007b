/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* schedule.c - the learning rate of each step. */

#include "schedule.h"

#include <math.h>

#define RISE 0.3     /* share of one cycle that goes up */
#define RISE_FROM 25 /* one cycle begins at rate / RISE_FROM */

/* Half a cosine: `from` at t = 0, `to` at 1. */
static float
glide (float from, float to, double t)
{
  return to + (from - to) * (float)(0.5 * (1 + cos (G_PI * CLAMP (t, 0, 1))));
}

float
ae_schedule_rate (const AeSchedule *s, gint64 step, gint64 steps)
{
  float rate = (float)s->rate, final_rate = (float)s->final_rate;

  if (s->kind == AE_SCHEDULE_ONE_CYCLE)
    {
      double top = RISE * (double)steps;

      if ((double)step < top)
        return glide (rate / RISE_FROM, rate, (double)step / top);
      return glide (rate, final_rate, ((double)step - top) / ((double)steps - top));
    }
  if (step < s->warmup)
    return rate * (float)(step + 1) / (float)s->warmup;
  if (s->kind == AE_SCHEDULE_CONSTANT)
    return rate;
  return glide (rate, final_rate, (double)(step - s->warmup) / (double)MAX (1, steps - s->warmup));
}
