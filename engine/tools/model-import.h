/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* model-import.h - ae-model import: makes a model of weights that were trained elsewhere. */

#ifndef AE_MODEL_IMPORT_H
#define AE_MODEL_IMPORT_H

/* argv[0] is "import".  Returns the exit status: 0, or 1 after a message on stderr. */
int ae_model_import_main (int argc, char **argv);

#endif
