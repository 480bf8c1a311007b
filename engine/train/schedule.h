/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* schedule.h - the learning rate of each step. */

#ifndef AE_SCHEDULE_H
#define AE_SCHEDULE_H

#include <glib.h>

typedef enum
{
  AE_SCHEDULE_COSINE, /* up in a line to `rate` in `warmup` steps, then half a cosine down to `final_rate` */
  AE_SCHEDULE_ONE_CYCLE, /* half a cosine up from rate / 25 in the first 30 % of the steps, then half a cosine
                            down to `final_rate` (Smith, Topin 2018); `warmup` has no part in it */
  AE_SCHEDULE_CONSTANT   /* up in a line to `rate` in `warmup` steps, then `rate` */
} AeScheduleKind;

typedef struct
{
  int kind; /* AeScheduleKind */
  double rate, final_rate;
  gint64 warmup; /* steps */
} AeSchedule;

/* Rate of a step, 0 <= step < steps; final_rate would be that of step `steps`. */
float ae_schedule_rate (const AeSchedule *schedule, gint64 step, gint64 steps);

#endif
