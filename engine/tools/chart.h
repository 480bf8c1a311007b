/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* chart.h - curves over the steps of a run as SVG. */

#ifndef AE_CHART_H
#define AE_CHART_H

#include <glib.h>

typedef struct
{
  double x, y; /* points whose y is not finite are left out */
} AeChartPoint;

typedef struct
{
  const char *title;
  const char *unit;           /* after the numbers of the axis, may be "" */
  const AeChartPoint *points; /* [n], x ascending */
  int n;
  double x_max;     /* end of the axis; the rest is to come */
  gboolean smooth;  /* points thin, with a running mean over them */
  gboolean markers; /* a dot at each point */
} AeChart;

/* Appends an <svg> element; a chart without points says so. */
void ae_chart_write (GString *html, const AeChart *chart);

#endif
