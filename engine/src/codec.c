/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* codec.c - runs a model of pictures of a fixed size, or one half of it. */

#include <ae/codec.h>

#include <ae/error.h>
#include <stdlib.h>
#include <string.h>

#include "intl.h"
#include "program.h"

struct _AeCodec
{
  AeModel *model;
  AeProgram *program;
  AeBuffer *buffers; /* of all values */
  float *memory;
  int picture, label, latent;  /* values; -1: none */
  gboolean *encodes, *decodes; /* per step: whether that half needs it */
};

/* The first value that holds a node's result; conversions of its layout come later. */
static int
value_of_node (const AeProgram *program, int node)
{
  for (int i = 0; node >= 0 && i < program->n_values; i++)
    if (program->values[i].node == node)
      return i;
  return -1;
}

/* Marks the steps that `wanted` depends on, without those that only `given` needs. */
static void
mark (const AeProgram *program, int wanted, int given, gboolean *steps)
{
  g_autofree gboolean *needed = g_new0 (gboolean, program->n_values);

  needed[wanted] = TRUE;
  for (int s = program->n_steps - 1; s >= 0; s--)
    {
      const AeStep *step = &program->steps[s];

      steps[s] = needed[step->dst] && step->dst != given;
      for (int i = 0; steps[s] && i < step->n_src; i++)
        needed[step->src[i]] = TRUE;
    }
}

static gboolean
allocate (AeCodec *c, GError **error)
{
  const AeProgram *program = c->program;
  size_t total = 0, at = 0;

  c->buffers = g_new0 (AeBuffer, program->n_values);
  ae_program_layout (program, 0, 0, c->buffers);
  for (int i = 0; i < program->n_values; i++)
    total += c->buffers[i].image;
  if (posix_memalign ((void **)&c->memory, 64, total * sizeof (float)) != 0)
    {
      c->memory = NULL;
      g_set_error (error, AE_ERROR, AE_ERROR_MEMORY, _ ("no memory for %.1f MiB of values"),
                   (double)total * sizeof (float) / (1 << 20));
      return FALSE;
    }
  memset (c->memory, 0, total * sizeof (float));
  for (int i = 0; i < program->n_values; i++)
    {
      ae_buffer_place (&c->buffers[i], c->memory + at);
      at += c->buffers[i].image;
    }
  return TRUE;
}

AeCodec *
ae_codec_new (AeModel *model, GError **error)
{
  AeGraph *graph = ae_model_graph (model);
  int label = ae_graph_find_input (graph, AE_PLANES_LABEL);
  AeCodec *c;

  if (!ae_graph_is_fixed (graph, NULL, NULL))
    {
      g_set_error (error, AE_ERROR, AE_ERROR_UNSUPPORTED,
                   _ ("the model takes pictures of any size: it has no latent representation"));
      return NULL;
    }
  c = g_new0 (AeCodec, 1);
  c->model = ae_model_ref (model);
  c->program = ae_program_new (graph, ae_kernels_get (), AE_PROGRAM_PLAIN);
  if (ae_graph_n_params (graph))
    ae_program_set_params (c->program, ae_model_param (model, 0));
  c->picture = c->program->input_values[ae_graph_picture (graph)];
  c->label = label >= 0 ? c->program->input_values[label] : -1;
  c->latent = value_of_node (c->program, ae_graph_latent (graph));
  c->encodes = g_new0 (gboolean, c->program->n_steps);
  c->decodes = g_new0 (gboolean, c->program->n_steps);
  if (c->latent >= 0)
    {
      mark (c->program, c->latent, -1, c->encodes);
      mark (c->program, c->program->output, c->latent, c->decodes);
    }
  if (!allocate (c, error))
    g_clear_pointer (&c, ae_codec_free);
  return c;
}

void
ae_codec_free (AeCodec *c)
{
  if (!c)
    return;
  free (c->memory);
  g_free (c->buffers);
  g_free (c->encodes);
  g_free (c->decodes);
  ae_program_free (c->program);
  ae_model_unref (c->model);
  g_free (c);
}

AeModel *
ae_codec_model (const AeCodec *c)
{
  return c->model;
}

static gsize
size_of (const AeCodec *c, int value)
{
  const AeBuffer *b = &c->buffers[value];

  return (gsize)b->channels * (gsize)b->width * (gsize)b->height;
}

gsize
ae_codec_picture_size (const AeCodec *c)
{
  return size_of (c, c->picture);
}

gsize
ae_codec_result_size (const AeCodec *c)
{
  return size_of (c, c->program->output);
}

gsize
ae_codec_latent_size (const AeCodec *c)
{
  return c->latent >= 0 ? size_of (c, c->latent) : 0;
}

int
ae_codec_n_classes (const AeCodec *c)
{
  return c->label >= 0 ? c->buffers[c->label].channels : 0;
}

static void
fill_label (AeCodec *c, int label)
{
  if (c->label < 0)
    return;
  memset (c->buffers[c->label].data, 0, sizeof (float) * size_of (c, c->label));
  if (label >= 0 && label < c->buffers[c->label].channels)
    c->buffers[c->label].data[label] = 1;
}

/* steps: which; NULL: all. */
static void
run_steps (AeCodec *c, const gboolean *steps)
{
  for (int s = 0; s < c->program->n_steps; s++)
    if (!steps || steps[s])
      ae_program_run_step (c->program, s, c->buffers, 0, 0, c->buffers[c->program->steps[s].dst].height,
                           NULL);
}

static void
take_result (const AeCodec *c, float *result)
{
  memcpy (result, c->buffers[c->program->output].data, sizeof (float) * ae_codec_result_size (c));
}

void
ae_codec_run (AeCodec *c, const float *picture, int label, float *result)
{
  memcpy (c->buffers[c->picture].data, picture, sizeof (float) * ae_codec_picture_size (c));
  fill_label (c, label);
  run_steps (c, NULL);
  take_result (c, result);
}

/* Copies between the latent value, whatever its layout, and an array. */
static void
copy_latent (AeCodec *c, float *array, gboolean to_array)
{
  const AeBuffer *b = &c->buffers[c->latent];

  for (int channel = 0; channel < b->channels; channel++)
    for (int y = 0; y < b->height; y++)
      for (int x = 0; x < b->width; x++)
        {
          float *value = ae_buffer_at (b, 0, channel / b->vl, y, x) + channel % b->vl;

          if (to_array)
            *array++ = *value;
          else
            *value = *array++;
        }
}

void
ae_codec_encode (AeCodec *c, const float *picture, int label, float *latent)
{
  g_return_if_fail (c->latent >= 0);
  memcpy (c->buffers[c->picture].data, picture, sizeof (float) * ae_codec_picture_size (c));
  fill_label (c, label);
  run_steps (c, c->encodes);
  copy_latent (c, latent, TRUE);
}

void
ae_codec_decode (AeCodec *c, const float *latent, int label, float *result)
{
  g_return_if_fail (c->latent >= 0);
  fill_label (c, label);
  copy_latent (c, (float *)latent, FALSE);
  run_steps (c, c->decodes);
  take_result (c, result);
}
