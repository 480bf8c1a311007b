/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* arena.h - places the values of a program in one piece of memory. */

#ifndef AE_ARENA_H
#define AE_ARENA_H

#include "program.h"

/*
 * Values that live at the same time do not overlap.  layout: of all values,
 * for the picture size at hand.  Sets offsets [n_values] in floats, multiples
 * of 16, and returns the floats needed.  Largest first, each at the lowest
 * place that is free while it lives.
 */
size_t ae_arena_plan (const AeProgram *program, const AeBuffer *layout, size_t *offsets);

#endif
