/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* inotify for a tree of directories. GFileMonitor would do for one directory, but it does not say
 * when a file was closed by whoever wrote it, and that is the moment a log is whole. */

#include "pdd-watcher.h"

#include <errno.h>
#include <glib-unix.h>
#include <perfdash.h>
#include <sys/inotify.h>
#include <unistd.h>

#define EVENTS                                                                                     \
	(IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK)

struct _PddWatcher {
	int fd;
	GSource *source;
	GHashTable *paths; /* watch descriptor -> path of the directory, "" for the root */
	PddWatcherFunc func;
	gpointer user_data;
};

static void
handle_event(PddWatcher *self, const struct inotify_event *event)
{
	if (event->mask & IN_Q_OVERFLOW) {
		self->func(PDD_WATCHER_OVERFLOW, NULL, self->user_data);
		return;
	}
	if (event->mask & IN_IGNORED) {
		g_hash_table_remove(self->paths, GINT_TO_POINTER(event->wd));
		return;
	}
	const char *directory = g_hash_table_lookup(self->paths, GINT_TO_POINTER(event->wd));
	if (directory == NULL || event->len == 0)
		return;
	g_autofree char *path = *directory != '\0' ? g_strconcat(directory, "/", event->name, NULL)
						   : g_strdup(event->name);
	PddWatcherEvent kind = event->mask & IN_ISDIR    ? PDD_WATCHER_DIRECTORY
			       : event->mask & IN_CREATE ? PDD_WATCHER_CREATED
							 : PDD_WATCHER_CLOSED;
	self->func(kind, path, self->user_data);
}

static gboolean
readable_cb(int fd, GIOCondition condition, gpointer user_data)
{
	PddWatcher *self = user_data;
	char buffer[16384] __attribute__((aligned(__alignof__(struct inotify_event))));
	gssize size = read(fd, buffer, sizeof(buffer));
	for (gssize at = 0; at < size;) {
		const struct inotify_event *event = (const struct inotify_event *)(buffer + at);
		handle_event(self, event);
		at += sizeof(*event) + event->len;
	}
	return G_SOURCE_CONTINUE;
}

/* watches one directory, not what is below it */
gboolean
pdd_watcher_add(PddWatcher *self, const char *root, const char *path, GError **error)
{
	g_autofree char *directory = g_build_filename(root, path, NULL);
	/* the root itself may be a link */
	int wd = inotify_add_watch(self->fd,
				   directory,
				   *path == '\0' ? EVENTS & ~IN_DONT_FOLLOW : EVENTS);
	if (wd >= 0) {
		g_hash_table_replace(self->paths, GINT_TO_POINTER(wd), g_strdup(path));
		return TRUE;
	}
	int saved_errno = errno;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_IO,
		    "failed to watch %s: %s",
		    directory,
		    saved_errno == ENOSPC ? "the limit fs.inotify.max_user_watches is reached"
					  : g_strerror(saved_errno));
	return FALSE;
}

/* calls func in context */
PddWatcher *
pdd_watcher_new(GMainContext *context, PddWatcherFunc func, gpointer user_data, GError **error)
{
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (fd < 0) {
		int saved_errno = errno;
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_IO,
			    "failed to start inotify: %s",
			    g_strerror(saved_errno));
		return NULL;
	}
	PddWatcher *self = g_new0(PddWatcher, 1);
	self->fd = fd;
	self->func = func;
	self->user_data = user_data;
	self->paths = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	self->source = g_unix_fd_source_new(fd, G_IO_IN);
	g_source_set_callback(self->source, G_SOURCE_FUNC(readable_cb), self, NULL);
	g_source_attach(self->source, context);
	return self;
}

void
pdd_watcher_free(PddWatcher *self)
{
	g_source_destroy(self->source);
	g_source_unref(self->source);
	close(self->fd);
	g_hash_table_unref(self->paths);
	g_free(self);
}
