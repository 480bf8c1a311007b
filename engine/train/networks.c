/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* networks.c - graph texts of the network families. */

#include "networks.h"

typedef struct
{
  GString *text;
  gboolean bias;
  char last[32]; /* name of the latest result */
} Writer;

static void G_GNUC_PRINTF (3, 4) line (Writer *w, const char *name, const char *format, ...)
{
  va_list args;

  g_string_append_printf (w->text, "%s = ", name);
  va_start (args, format);
  g_string_append_vprintf (w->text, format, args);
  va_end (args);
  g_string_append_c (w->text, '\n');
  g_strlcpy (w->last, name, sizeof w->last);
}

static const char *
bias_key (const Writer *w)
{
  return w->bias ? "" : " bias=0";
}

/* Residual blocks NAME_1, NAME_2 ... on the latest result. */
static void
blocks (Writer *w, const char *name, int n, int width)
{
  for (int i = 1; i <= n; i++)
    {
      char in[32], a[32], b[32], sum[32];

      g_strlcpy (in, w->last, sizeof in);
      g_snprintf (a, sizeof a, "%s_%da", name, i);
      g_snprintf (b, sizeof b, "%s_%db", name, i);
      g_snprintf (sum, sizeof sum, "%s_%d", name, i);
      line (w, a, "conv %s out=%d kernel=3 act=relu%s", in, width, bias_key (w));
      line (w, b, "conv %s out=%d kernel=3%s", a, width, bias_key (w));
      line (w, sum, "add %s %s", b, in);
    }
}

static char *
level_name (char *buffer, const char *name, int level)
{
  g_snprintf (buffer, 32, "%s%d", name, level + 1);
  return buffer;
}

/* The levels of a U-Net on the latest result, which has the first width. */
static void
levels (Writer *w, const AeUnet *unet)
{
  char name[32], skip[32];

  for (int i = 0; i < unet->n_widths - 1; i++)
    {
      blocks (w, level_name (name, "down", i), unet->blocks, unet->widths[i]);
      line (w, level_name (name, "shrink", i), "conv %s out=%d kernel=2 stride=2%s", w->last,
            unet->widths[i + 1], bias_key (w));
    }
  blocks (w, level_name (name, "deep", unet->n_widths - 1), unet->blocks, unet->widths[unet->n_widths - 1]);
  for (int i = unet->n_widths - 2; i >= 0; i--)
    {
      line (w, level_name (name, "grow", i), "conv_transpose %s out=%d kernel=2 stride=2%s", w->last,
            unet->widths[i], bias_key (w));
      line (w, level_name (skip, "skip", i), "add %s down%d_%d", name, i + 1, unet->blocks);
      blocks (w, level_name (name, "up", i), unet->blocks, unet->widths[i]);
    }
}

/*
 * From the latest result to the large picture.  The name of the last
 * convolution tells the scale: weights for one are no start for another.
 */
static void
enlarge (Writer *w, int scale)
{
  char tail[32];

  g_snprintf (tail, sizeof tail, "tail%d", scale);
  line (w, tail, "conv %s out=%d kernel=3%s", w->last, 3 * scale * scale, bias_key (w));
  line (w, "detail", "pixel_shuffle %s factor=%d", tail, scale);
  line (w, "large", "bicubic picture factor=%d", scale);
  line (w, "result", "add detail large");
}

static void
begin (Writer *w)
{
  w->text = g_string_new (NULL);
  line (w, "picture", "input channels=3 planes=rgb");
}

static char *
end (Writer *w)
{
  g_string_append_printf (w->text, "output %s\n", w->last);
  return g_string_free (w->text, FALSE);
}

char *
ae_network_unet (const AeUnet *unet)
{
  Writer w = { .bias = unet->bias };

  begin (&w);
  if (unet->sigma)
    {
      line (&w, "sigma", "input channels=1 planes=sigma");
      line (&w, "planes", "concat picture sigma");
    }
  if (unet->unshuffle > 1)
    line (&w, "small", "pixel_unshuffle %s factor=%d", w.last, unet->unshuffle);
  line (&w, "head", "conv %s out=%d kernel=3%s", w.last, unet->widths[0], bias_key (&w));
  levels (&w, unet);
  if (unet->scale > 1)
    enlarge (&w, unet->scale);
  else
    {
      line (&w, "tail", "conv %s out=%d kernel=3%s", w.last, 3 * unet->unshuffle * unet->unshuffle,
            bias_key (&w));
      if (unet->unshuffle > 1)
        line (&w, "change", "pixel_shuffle tail factor=%d", unet->unshuffle);
      line (&w, "result", "add %s picture", w.last);
    }
  return end (&w);
}

char *
ae_network_residual (const AeEnlarger *r)
{
  Writer w = { .bias = r->bias };

  begin (&w);
  line (&w, "head", "conv picture out=%d kernel=3%s", r->width, bias_key (&w));
  blocks (&w, "block1", r->blocks, r->width);
  line (&w, "body", "conv %s out=%d kernel=3%s", w.last, r->width, bias_key (&w));
  line (&w, "skip", "add body head");
  enlarge (&w, r->scale);
  return end (&w);
}

char *
ae_network_plain (const AeEnlarger *p)
{
  Writer w = { .bias = p->bias };

  begin (&w);
  line (&w, "head", "conv picture out=%d kernel=3 act=prelu%s", p->width, bias_key (&w));
  for (int i = 0; i < p->blocks; i++)
    {
      char name[32];

      line (&w, level_name (name, "body", i), "conv %s out=%d kernel=3 act=prelu%s", w.last, p->width,
            bias_key (&w));
    }
  enlarge (&w, p->scale);
  return end (&w);
}

/* The sum of 3x3, 1x1 and the latest result itself, and its activation. */
static void
branches (Writer *w, int n, int width)
{
  char in[32], wide[32], point[32], sum[32], skip[32], body[32];

  g_strlcpy (in, w->last, sizeof in);
  line (w, level_name (wide, "wide", n), "conv %s out=%d kernel=3%s", in, width, bias_key (w));
  line (w, level_name (point, "point", n), "conv %s out=%d kernel=1 bias=0", in, width);
  line (w, level_name (sum, "sum", n), "add %s %s", wide, point);
  line (w, level_name (skip, "skip", n), "add %s %s", sum, in);
  line (w, level_name (body, "body", n), "act %s act=prelu", skip);
}

char *
ae_network_reparameterized (const AeEnlarger *r)
{
  Writer w = { .bias = r->bias };

  begin (&w);
  line (&w, "head", "conv picture out=%d kernel=3 act=prelu%s", r->width, bias_key (&w));
  for (int i = 0; i < r->blocks; i++)
    branches (&w, i, r->width);
  enlarge (&w, r->scale);
  return end (&w);
}
