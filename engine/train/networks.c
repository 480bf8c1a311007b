/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* networks.c - graph texts of the network families. */

#include "networks.h"

typedef struct
{
  GString *text;
  const AeUnet *unet;
  int level;
  int count;     /* of blocks so far, for names */
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
  return w->unet->bias ? "" : " bias=0";
}

static void
blocks (Writer *w, const char *prefix)
{
  int width = w->unet->widths[w->level];

  for (int i = 0; i < w->unet->blocks; i++)
    {
      char in[32], name[32], sum[32];

      g_strlcpy (in, w->last, sizeof in);
      g_snprintf (name, sizeof name, "%s%d_%da", prefix, w->level + 1, i + 1);
      line (w, name, "conv %s out=%d kernel=3 act=relu%s", in, width, bias_key (w));
      g_snprintf (name, sizeof name, "%s%d_%db", prefix, w->level + 1, i + 1);
      line (w, name, "conv %s out=%d kernel=3%s", w->last, width, bias_key (w));
      g_snprintf (sum, sizeof sum, "%s%d_%d", prefix, w->level + 1, i + 1);
      line (w, sum, "add %s %s", name, in);
    }
}

char *
ae_network_unet (const AeUnet *unet)
{
  Writer w = { g_string_new (NULL), unet, 0, 0, "" };
  int out = 3 * unet->unshuffle * unet->unshuffle;
  char name[32];

  line (&w, "picture", "input channels=3 planes=rgb");
  if (unet->sigma)
    {
      line (&w, "sigma", "input channels=1 planes=sigma");
      line (&w, "planes", "concat picture sigma");
    }
  if (unet->unshuffle > 1)
    line (&w, "small", "pixel_unshuffle %s factor=%d", w.last, unet->unshuffle);
  line (&w, "head", "conv %s out=%d kernel=3%s", w.last, unet->widths[0], bias_key (&w));
  for (w.level = 0; w.level < unet->n_widths - 1; w.level++)
    {
      blocks (&w, "down");
      g_snprintf (name, sizeof name, "shrink%d", w.level + 1);
      line (&w, name, "conv %s out=%d kernel=2 stride=2%s", w.last, unet->widths[w.level + 1], bias_key (&w));
    }
  blocks (&w, "deep");
  for (w.level = unet->n_widths - 2; w.level >= 0; w.level--)
    {
      g_snprintf (name, sizeof name, "grow%d", w.level + 1);
      line (&w, name, "conv_transpose %s out=%d kernel=2 stride=2%s", w.last, unet->widths[w.level],
            bias_key (&w));
      g_snprintf (name, sizeof name, "skip%d", w.level + 1);
      line (&w, name, "add grow%d down%d_%d", w.level + 1, w.level + 1, unet->blocks);
      blocks (&w, "up");
    }
  line (&w, "tail", "conv %s out=%d kernel=3%s", w.last, out, bias_key (&w));
  if (unet->unshuffle > 1)
    line (&w, "change", "pixel_shuffle tail factor=%d", unet->unshuffle);
  line (&w, "result", "add %s picture", w.last);
  g_string_append (w.text, "output result\n");
  return g_string_free (w.text, FALSE);
}

char *
ae_network_residual (const AeResidual *r)
{
  const int width = r->width;
  const AeUnet one = { 1, &width, 1, r->blocks, r->bias, FALSE };
  Writer w = { g_string_new (NULL), &one, 0, 0, "" };

  line (&w, "picture", "input channels=3 planes=rgb");
  line (&w, "head", "conv picture out=%d kernel=3%s", width, bias_key (&w));
  blocks (&w, "block");
  line (&w, "body", "conv %s out=%d kernel=3%s", w.last, width, bias_key (&w));
  line (&w, "skip", "add body head");
  line (&w, "tail", "conv skip out=%d kernel=3%s", 3 * r->scale * r->scale, bias_key (&w));
  line (&w, "detail", "pixel_shuffle tail factor=%d", r->scale);
  line (&w, "large", "bicubic picture factor=%d", r->scale);
  line (&w, "result", "add detail large");
  g_string_append (w.text, "output result\n");
  return g_string_free (w.text, FALSE);
}
