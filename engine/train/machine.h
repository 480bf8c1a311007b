/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* machine.h - what a run says of the machine it runs on. */

#ifndef AE_MACHINE_H
#define AE_MACHINE_H

/* Name of the CPU as the system gives it, "unknown" if it does not; g_free (). */
char *ae_machine_cpu (void);
/* Compiler and GLib, with their versions; g_free (). */
char *ae_machine_software (void);

#endif
