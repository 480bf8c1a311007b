/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* eval-report.h - prints what ae-train eval measures, as a table or as JSON. */

#ifndef AE_EVAL_REPORT_H
#define AE_EVAL_REPORT_H

#include <glib.h>
#include <ae/model.h>

#include "train/eval.h"

/*
 * The table is printed to stdout row by row, JSON as one object at the end:
 *
 *   {"model": …, "name": …, "sha256": …, "protocol": …,
 *    "sets": [{"folder": …, "sigma" (or "quality"): …,
 *              "images": [{"name": …, "width": …, "height": …, "seconds": …,
 *                          "before": {"psnr": …, "ssim": …},
 *                          "after": {"psnr": …, "ssim": …}}, …],
 *              "mean": {"before": {…}, "after": {…}}}, …]}
 *
 * Numbers that are infinite or not defined are null.
 */
typedef struct _AeEvalReport AeEvalReport;

/* path: of the model.  protocol: one of gaussian, gaussian-8bit, pairs, jpeg,
 * upscale.  before: heading of the column of what is given to the model. */
AeEvalReport *ae_eval_report_new (gboolean json, const char *path, const AeModel *model, const char *protocol,
                                  const char *before);
void ae_eval_report_free (AeEvalReport *report);

/* quantity: "sigma" or "quality"; level: its value, NAN: estimated. */
void ae_eval_report_begin (AeEvalReport *report, const char *folder, const char *quantity, double level);
void ae_eval_report_row (AeEvalReport *report, const char *name, const AeEvalResult *result);
/* The mean of the rows since begin, at least one. */
void ae_eval_report_end (AeEvalReport *report);
/* Prints the JSON object. */
void ae_eval_report_finish (AeEvalReport *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeEvalReport, ae_eval_report_free)

#endif
