/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
	PDD_WATCHER_CREATED, /* a file that somebody may be writing to */
	PDD_WATCHER_CLOSED,  /* a file that was written, or moved here */
	PDD_WATCHER_DIRECTORY,
	PDD_WATCHER_OVERFLOW, /* things happened that nobody can tell */
} PddWatcherEvent;

/* path is relative to the root, NULL on overflow */
typedef void (*PddWatcherFunc)(PddWatcherEvent event, const char *path, gpointer user_data);

typedef struct _PddWatcher PddWatcher;

PddWatcher *
pdd_watcher_new(GMainContext *context, PddWatcherFunc func, gpointer user_data, GError **error);
void
pdd_watcher_free(PddWatcher *self);
gboolean
pdd_watcher_add(PddWatcher *self, const char *root, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PddWatcher, pdd_watcher_free)

G_END_DECLS
