/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* chart.c - curves over the steps of a run as SVG. */

#include "chart.h"

#include <math.h>

#define WIDTH 560
#define HEIGHT 230
#define LEFT 64
#define RIGHT 14
#define TOP 30
#define BOTTOM 30
#define BUCKETS 480 /* more points than that would be on top of each other */
#define SMOOTHING 15.0

typedef struct
{
  GString *html;
  const AeChart *chart;
  double y_min, y_max, y_step;
} Plot;

/* SVG wants points, whatever the locale. */
static void
put_number (GString *html, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (html, g_ascii_formatd (text, sizeof text, "%.1f", value));
}

static double
place_x (const Plot *p, double x)
{
  return LEFT + (WIDTH - LEFT - RIGHT) * x / p->chart->x_max;
}

static double
place_y (const Plot *p, double y)
{
  return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (y - p->y_min) / (p->y_max - p->y_min);
}

/* The smallest of 1, 2, 5 times a power of ten that divides `range` into at most n parts. */
static double
nice_step (double range, int n)
{
  double power = pow (10, floor (log10 (range / n)));

  for (int i = 0; i < 3; i++)
    {
      static const double factors[] = { 1, 2, 5 };

      if (range / (factors[i] * power) <= n)
        return factors[i] * power;
    }
  return 10 * power;
}

static void
find_range (Plot *p)
{
  p->y_min = INFINITY;
  p->y_max = -INFINITY;
  for (int i = 0; i < p->chart->n; i++)
    if (isfinite (p->chart->points[i].y))
      {
        p->y_min = MIN (p->y_min, p->chart->points[i].y);
        p->y_max = MAX (p->y_max, p->chart->points[i].y);
      }
  if (p->y_max - p->y_min < 1e-12)
    {
      double around = MAX (fabs (p->y_max) * 0.1, 1e-6);

      p->y_min -= around;
      p->y_max += around;
    }
  p->y_step = nice_step (p->y_max - p->y_min, 5);
  p->y_min = floor (p->y_min / p->y_step) * p->y_step;
  p->y_max = ceil (p->y_max / p->y_step) * p->y_step;
}

static void
put_label (Plot *p, double x, double y, const char *anchor, double value, const char *unit)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (p->html, "<text x=\"");
  put_number (p->html, x);
  g_string_append (p->html, "\" y=\"");
  put_number (p->html, y);
  g_string_append_printf (p->html, "\" text-anchor=\"%s\">%s%s</text>", anchor,
                          g_ascii_formatd (text, sizeof text, "%.5g", fabs (value) < 1e-12 ? 0 : value),
                          unit);
}

static void
put_line (Plot *p, double x1, double y1, double x2, double y2)
{
  const double ends[] = { x1, y1, x2, y2 };
  static const char *const names[] = { "x1", "y1", "x2", "y2" };

  g_string_append (p->html, "<line class=\"grid\"");
  for (int i = 0; i < 4; i++)
    {
      g_string_append_printf (p->html, " %s=\"", names[i]);
      put_number (p->html, ends[i]);
      g_string_append_c (p->html, '"');
    }
  g_string_append (p->html, "/>");
}

static void
put_axes (Plot *p)
{
  double x_step = nice_step (p->chart->x_max, 6);

  for (int i = 0; p->y_min + i * p->y_step <= p->y_max + p->y_step / 2; i++)
    {
      double y = place_y (p, p->y_min + i * p->y_step);

      put_line (p, LEFT, y, WIDTH - RIGHT, y);
      put_label (p, LEFT - 6, y + 4, "end", p->y_min + i * p->y_step, p->chart->unit);
    }
  for (int i = 0; i * x_step <= p->chart->x_max * 1.0001; i++)
    put_label (p, place_x (p, i * x_step), HEIGHT - BOTTOM + 18, "middle", i * x_step, "");
}

static void
put_curve (Plot *p, const char *class, const AeChartPoint *points, int n)
{
  g_string_append_printf (p->html, "<polyline class=\"%s\" points=\"", class);
  for (int i = 0; i < n; i++)
    if (isfinite (points[i].y))
      {
        put_number (p->html, place_x (p, points[i].x));
        g_string_append_c (p->html, ',');
        put_number (p->html, place_y (p, points[i].y));
        g_string_append_c (p->html, ' ');
      }
  g_string_append (p->html, "\"/>");
}

static void
put_markers (Plot *p, const AeChartPoint *points, int n)
{
  for (int i = 0; i < n; i++)
    if (isfinite (points[i].y))
      {
        g_string_append (p->html, "<circle r=\"2.5\" cx=\"");
        put_number (p->html, place_x (p, points[i].x));
        g_string_append (p->html, "\" cy=\"");
        put_number (p->html, place_y (p, points[i].y));
        g_string_append (p->html, "\"/>");
      }
}

/* Means of neighbors where there are more points than can be seen apart. */
static AeChartPoint *
thin_out (const AeChart *chart, int *n)
{
  int per = (chart->n + BUCKETS - 1) / BUCKETS;
  AeChartPoint *points = g_new0 (AeChartPoint, (gsize)(chart->n / MAX (1, per) + 1));

  *n = 0;
  for (int i = 0; i < chart->n; i += per)
    {
      double sum = 0;
      int count = 0;

      for (int j = i; j < MIN (i + per, chart->n); j++)
        if (isfinite (chart->points[j].y))
          {
            sum += chart->points[j].y;
            count++;
          }
      if (count)
        points[(*n)++] = (AeChartPoint){ chart->points[MIN (i + per, chart->n) - 1].x, sum / count };
    }
  return points;
}

/* A running mean that forgets; as good at its begin as later. */
static void
smooth (AeChartPoint *points, int n)
{
  double mean = 0, weight = 0;

  for (int i = 0; i < n; i++)
    {
      mean += (points[i].y - mean) / (1 + weight);
      weight = MIN (weight + 1, SMOOTHING);
      points[i].y = mean;
    }
}

void
ae_chart_write (GString *html, const AeChart *chart)
{
  Plot p = { html, chart, 0, 0, 0 };
  g_autofree char *title = g_markup_escape_text (chart->title, -1);
  g_autofree AeChartPoint *points = NULL;
  int n = 0;

  g_string_append_printf (
    html, "<svg viewBox=\"0 0 %d %d\" role=\"img\"><text class=\"title\" x=\"%d\" y=\"18\">%s</text>", WIDTH,
    HEIGHT, LEFT, title);
  if (chart->n > 0)
    points = thin_out (chart, &n);
  if (n == 0)
    g_string_append_printf (html, "<text x=\"%d\" y=\"%d\">nothing yet</text></svg>\n", LEFT, HEIGHT / 2);
  else
    {
      find_range (&p);
      put_axes (&p);
      put_curve (&p, chart->smooth ? "faint" : "curve", points, n);
      if (chart->markers || n == 1)
        put_markers (&p, points, n);
      if (chart->smooth)
        {
          smooth (points, n);
          put_curve (&p, "curve", points, n);
        }
      g_string_append (html, "</svg>\n");
    }
}
