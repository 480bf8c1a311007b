/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* catalogue.h - the models that are installed, by name. */

#ifndef AE_CATALOGUE_H
#define AE_CATALOGUE_H

#include <glib.h>
#include <ae/model.h>

/*
 * A model is a file <name>.safetensors in one of these folders; of two files
 * with the same name the one in the earlier folder counts:
 *
 *   $XDG_DATA_HOME/gimp-autoencoder/models      the user's own
 *   each folder of AE_MODEL_PATH (separated by ':')
 *   <datadir>/gimp-autoencoder/models           as installed
 *
 * Listing reads the header of each file only (container, graph, shapes of the
 * tensors); digest and values are checked when a model is loaded.
 *
 * A catalogue is constant once made and may be read from any thread.  The list
 * is made once: make a new one to see new files.
 */

typedef struct
{
  const char *name; /* file name without .safetensors, UTF-8 */
  const char *path;
  gboolean user;       /* in the user's own folder */
  const char *problem; /* why it cannot be used, one line; NULL: it can */

  /* NULL or 0 where unknown or not usable */
  const char *task;        /* "denoise", "upscale" … */
  const char *version;     /* of the model */
  const char *license;     /* SPDX */
  const char *description; /* may have several lines; not trusted: escape it in markup */
  gint64 size;             /* of the file in bytes */
  int scale;
  double macs; /* multiply-adds per pixel of the picture */
} AeCatalogueEntry;

typedef struct _AeCatalogue AeCatalogue;

/* Reads the header of one file, wherever it is; never fails, a file that
 * cannot be used has a `problem`.  Independent of any catalogue. */
AeCatalogueEntry *ae_catalogue_entry_new (const char *path);
void ae_catalogue_entry_free (AeCatalogueEntry *entry);

/* Never fails: folders that are not there are left out. */
AeCatalogue *ae_catalogue_new (void);
/* The same for folders of one's choice, NULL-terminated, first one first;
 * `user_folder` (one of them, or NULL) is marked as the user's own. */
AeCatalogue *ae_catalogue_new_for_folders (const char *const *folders, const char *user_folder);
void ae_catalogue_free (AeCatalogue *catalogue);

/* Entries are owned by the catalogue, sorted by name; broken files are among them. */
guint ae_catalogue_n_entries (const AeCatalogue *catalogue);
const AeCatalogueEntry *ae_catalogue_nth (const AeCatalogue *catalogue, guint n);
const AeCatalogueEntry *ae_catalogue_find (const AeCatalogue *catalogue, const char *name); /* or NULL */

/* Whether a model of task `task` (NULL: unknown) may be used where `wanted` is
 * asked for: where noise is removed, also what repairs JPEG. */
gboolean ae_task_suits (const char *task, const char *wanted);

/* The usable model of that task that is taken when none is named: denoise-fast
 * for "denoise" if it is there, else the first of the task; NULL if there is none. */
const AeCatalogueEntry *ae_catalogue_default (const AeCatalogue *catalogue, const char *task);

/*
 * Loads and checks a model for a task.  `model`: NULL or "": the default;
 * with a "/" or the ending .safetensors: the path of a file; else a name of the
 * catalogue, or a file of that name in the current folder.  `task` may be NULL: any.
 * Errors: those of ae_model_load (); AE_ERROR_ARGUMENT if there is no such
 * name (the message lists those that there are) or the task does not suit.
 * Free with ae_model_unref ().
 */
AeModel *ae_catalogue_load (const AeCatalogue *catalogue, const char *model, const char *task,
                            GError **error);

/* Where the user's own models go; created at need by whoever writes there.  Free with g_free (). */
char *ae_catalogue_user_folder (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeCatalogue, ae_catalogue_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AeCatalogueEntry, ae_catalogue_entry_free)

#endif
