/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* ae-train.h - the subcommands of ae-train. */

#ifndef AE_TRAIN_TOOL_H
#define AE_TRAIN_TOOL_H

/* argv[0] is the name of the subcommand, argv[1] its first argument.  Each
 * returns the exit status: 0, or 1 after a message on stderr. */
int ae_train_prepare_main (int argc, char **argv);
int ae_train_fit_main (int argc, char **argv);
int ae_train_eval_main (int argc, char **argv);
int ae_train_report_main (int argc, char **argv);
int ae_train_sample_main (int argc, char **argv);
int ae_train_latent_main (int argc, char **argv);
int ae_train_patches_main (int argc, char **argv);
int ae_train_export_main (int argc, char **argv);

#endif
