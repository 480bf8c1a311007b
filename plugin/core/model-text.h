/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* model-text.h - what a dialog says about models, as markup of Pango.  Files are not trusted: all that comes
 * from them is escaped and cut to a length. */

#ifndef AE_MODEL_TEXT_H
#define AE_MODEL_TEXT_H

#include <glib.h>
#include "catalogue.h"

/* All results: free with g_free (). */

/* The row of a list: name and short description, or why it cannot be used. */
char *ae_model_row_markup (const AeCatalogueEntry *entry);

/* Task, version, license, training data, size and place of a model, from the
 * file itself, and below it the text of its card, the file <name>.md in the
 * same folder, if there is one. */
char *ae_model_card_markup (const AeCatalogueEntry *entry);

/* A text of Markdown (headings, paragraphs, lists, tables, code spans) as markup. */
char *ae_markdown_to_markup (const char *text);

#endif
