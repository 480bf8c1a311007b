/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* autoencoder-denoise.c - the GEGL operation autoencoder:denoise: properties and answers to GEGL. */

#include "intl.h"

#ifdef GEGL_PROPERTIES

/* clang-format off */
property_string (model, _ ("Model"), "")
  description (_ ("Name of an installed model or path of a model file; empty: the default model"))

property_boolean (noise_auto, _ ("Automatic noise level"), TRUE)
  description (_ ("Estimate the noise level from the whole picture"))

property_double (sigma, _ ("Noise level"), 15.0)
  description (_ ("How much noise to take out: its standard deviation, in steps of 8 bits"))
  value_range (0.0, 75.0)
  ui_meta ("sensitive", "! noise-auto")

property_double (strength, _ ("Strength"), 100.0)
  description (_ ("How much of the change to apply: 0 leaves the picture as it is, 100 applies all of it"))
  value_range (0.0, 100.0)

property_double (detail, _ ("Detail"), 0.0)
  description (_ ("How much of the fine structure that was taken for noise to put back"))
  value_range (0.0, 100.0)

property_double (color_noise, _ ("Color noise"), 100.0)
  description (_ ("How much of the color noise to take out; brightness does not depend on it"))
  value_range (0.0, 100.0)

#else

#define GEGL_OP_FILTER
#define GEGL_OP_NAME autoencoder_denoise
#define GEGL_OP_C_SOURCE autoencoder-denoise.c
/* clang-format on */

#include "gegl-op.h"

#include "live-filter.h"

static AeLiveFilter *
filter_of (GeglOperation *operation)
{
  return GEGL_PROPERTIES (operation)->user_data;
}

static void
prepare (GeglOperation *operation)
{
  GeglProperties *o = GEGL_PROPERTIES (operation);
  const Babl *format = gegl_operation_get_source_format (operation, "input");
  AeDenoiseParams params;

  ae_denoise_params_init (&params);
  params.noise_auto = o->noise_auto;
  params.sigma = o->sigma;
  params.strength = o->strength;
  params.detail = o->detail;
  params.color_noise = o->color_noise;
  if (!o->user_data)
    o->user_data = ae_live_filter_new ();
  ae_live_filter_prepare (o->user_data, o->model, &params,
                          gegl_operation_get_source_node (operation, "input"),
                          gegl_operation_source_get_bounding_box (operation, "input"), format);
  format = ae_live_filter_format (format);
  gegl_operation_set_format (operation, "input", format);
  gegl_operation_set_format (operation, "output", format);
}

static GeglRectangle
get_bounding_box (GeglOperation *operation)
{
  const GeglRectangle *input = gegl_operation_source_get_bounding_box (operation, "input");
  const GeglRectangle nothing = { 0, 0, 0, 0 };

  return input ? *input : nothing;
}

static GeglRectangle
get_cached_region (GeglOperation *operation, const GeglRectangle *roi)
{
  GeglCachePolicy policy = GEGL_CACHE_POLICY_AUTO;

  /* Cells that are not kept would be computed again for each of their parts. */
  g_object_get (operation->node, "cache-policy", &policy, NULL);
  if (!filter_of (operation) || policy == GEGL_CACHE_POLICY_NEVER)
    return *roi;
  return ae_live_filter_cells (filter_of (operation), roi);
}

static GeglRectangle
get_required_for_output (GeglOperation *operation, const gchar *pad, const GeglRectangle *roi)
{
  return filter_of (operation) ? ae_live_filter_required (filter_of (operation), roi) : *roi;
}

static GeglRectangle
get_invalidated_by_change (GeglOperation *operation, const gchar *pad, const GeglRectangle *rect)
{
  return filter_of (operation) ? ae_live_filter_changed (filter_of (operation), rect) : *rect;
}

static gboolean
operation_process (GeglOperation *operation, GeglOperationContext *context, const gchar *pad,
                   const GeglRectangle *roi, gint level)
{
  if (ae_live_filter_passes (filter_of (operation)))
    {
      GObject *input = gegl_operation_context_get_object (context, "input");

      if (input)
        gegl_operation_context_take_object (context, "output", g_object_ref (input));
      return TRUE;
    }
  return GEGL_OPERATION_CLASS (gegl_op_parent_class)->process (operation, context, pad, roi, level);
}

static gboolean
process (GeglOperation *operation, GeglBuffer *input, GeglBuffer *output, const GeglRectangle *roi,
         gint level)
{
  ae_live_filter_process (filter_of (operation), input, output, roi);
  return TRUE;
}

static void
finalize (GObject *object)
{
  GeglProperties *o = GEGL_PROPERTIES (object);

  g_clear_pointer ((AeLiveFilter **)&o->user_data, ae_live_filter_free);
  G_OBJECT_CLASS (gegl_op_parent_class)->finalize (object);
}

static void
gegl_op_class_init (GeglOpClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GeglOperationClass *operation_class = GEGL_OPERATION_CLASS (klass);
  GeglOperationFilterClass *filter_class = GEGL_OPERATION_FILTER_CLASS (klass);

  object_class->finalize = finalize;
  operation_class->prepare = prepare;
  operation_class->get_bounding_box = get_bounding_box;
  operation_class->get_cached_region = get_cached_region;
  operation_class->get_required_for_output = get_required_for_output;
  operation_class->get_invalidated_by_change = get_invalidated_by_change;
  operation_class->process = operation_process;
  filter_class->process = process;
  operation_class->threaded = FALSE; /* the session has threads of its own */
  operation_class->opencl_support = FALSE;
  operation_class->cache_policy = GEGL_CACHE_POLICY_ALWAYS;

  gegl_operation_class_set_keys (
    operation_class, "name", "autoencoder:denoise", "title", _ ("Denoise (Autoencoder, live)"), "categories",
    "enhance:noise-reduction", "license", "GPL3+", "description",
    _ ("Remove noise with a neural network that runs on the processor"), "gimp:menu-path",
    "<Image>/Filters/Enhance", "gimp:menu-label", _ ("Denoise (Autoencoder, _live)..."), NULL);
}

#endif
