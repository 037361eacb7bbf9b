/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A log is a private copy: what was hashed is what is parsed and kept, whatever its writer does to
 * the file meanwhile. Small logs live in memory, larger ones in an unlinked temporary file; either
 * way the copy is a file descriptor that a worker can map and that vanishes with the process. */

#include "perfdash-log.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gfiledescriptorbased.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "perfdash-digest.h"
#include "perfdash-error-private.h"
#include "perfdash-labels-private.h"
#include "perfdash-scratch.h"

#define MEMORY_LIMIT (1024 * 1024)
#define COPY_SIZE    (256 * 1024)

struct _PerfdashLog {
	GObject parent_instance;
	char *name;
	char *digest;
	guint64 size;
	int fd;
};

G_DEFINE_FINAL_TYPE(PerfdashLog, perfdash_log, G_TYPE_OBJECT)

/**
 * perfdash_log_get_name:
 * @self: a #PerfdashLog
 *
 * Returns: the file name, without directory
 *
 * Since: 0.1
 */
const char *
perfdash_log_get_name(PerfdashLog *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG(self), NULL);
	return self->name;
}

/**
 * perfdash_log_get_digest:
 * @self: a #PerfdashLog
 *
 * Returns: the SHA-256 of the bytes in hexadecimal
 *
 * Since: 0.1
 */
const char *
perfdash_log_get_digest(PerfdashLog *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG(self), NULL);
	return self->digest;
}

/**
 * perfdash_log_get_size:
 * @self: a #PerfdashLog
 *
 * Returns: the number of bytes
 *
 * Since: 0.1
 */
guint64
perfdash_log_get_size(PerfdashLog *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG(self), 0);
	return self->size;
}

/**
 * perfdash_log_get_fd:
 * @self: a #PerfdashLog
 *
 * Returns: a file descriptor of @self's own that can be mapped or read with pread()
 *
 * Since: 0.1
 */
int
perfdash_log_get_fd(PerfdashLog *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG(self), -1);
	return self->fd;
}

/**
 * perfdash_log_map:
 * @self: a #PerfdashLog
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer full): the bytes, or %NULL with %PERFDASH_ERROR_IO
 *
 * Since: 0.1
 */
GBytes *
perfdash_log_map(PerfdashLog *self, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_LOG(self), NULL);
	g_autoptr(GError) local = NULL;
	g_autoptr(GMappedFile) file = g_mapped_file_new_from_fd(self->fd, FALSE, &local);
	if (file == NULL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_IO,
			    "failed to map %s: %s",
			    self->name,
			    local->message);
		return NULL;
	}
	return g_mapped_file_get_bytes(file);
}

static void
perfdash_log_finalize(GObject *object)
{
	PerfdashLog *self = PERFDASH_LOG(object);
	g_free(self->name);
	g_free(self->digest);
	if (self->fd >= 0)
		g_close(self->fd, NULL);
	G_OBJECT_CLASS(perfdash_log_parent_class)->finalize(object);
}

static void
perfdash_log_class_init(PerfdashLogClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = perfdash_log_finalize;
}

static void
perfdash_log_init(PerfdashLog *self)
{
	self->fd = -1;
}

static gboolean
write_all(int fd, const guint8 *data, gsize size)
{
	while (size > 0) {
		gssize written = write(fd, data, size);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return FALSE;
		data += written;
		size -= written;
	}
	return TRUE;
}

/* from memory to a temporary file without a name */
static gboolean
move_to_disk(PerfdashLog *self, GError **error)
{
	int fd = perfdash_scratch_open(error);
	if (fd < 0)
		return FALSE;
	off_t offset = 0;
	while ((guint64)offset < self->size) {
		gssize n = copy_file_range(self->fd, &offset, fd, NULL, self->size - offset, 0);
		if (n <= 0)
			break;
	}
	g_autofree guint8 *buffer = g_malloc(COPY_SIZE);
	while ((guint64)offset < self->size) {
		gssize n = pread(self->fd, buffer, COPY_SIZE, offset);
		if (n <= 0 || !write_all(fd, buffer, n)) {
			perfdash_error_set_io(error, errno, "copy", self->name);
			g_close(fd, NULL);
			return FALSE;
		}
		offset += n;
	}
	g_close(self->fd, NULL);
	self->fd = fd;
	return TRUE;
}

static gboolean
append(PerfdashLog *self, const guint8 *data, gsize size, guint64 max_size, GError **error)
{
	gboolean fits_memory = self->size + size <= MEMORY_LIMIT;
	if (size > max_size - self->size) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_OVER_LIMIT,
			    "%s is larger than %" G_GUINT64_FORMAT " bytes",
			    self->name,
			    max_size);
		return FALSE;
	}
	if (self->size <= MEMORY_LIMIT && !fits_memory && !move_to_disk(self, error))
		return FALSE;
	if (!write_all(self->fd, data, size))
		return perfdash_error_set_io(error, errno, "keep", self->name);
	self->size += size;
	return TRUE;
}

static PerfdashLog *
log_new(const char *name, GError **error)
{
	g_autoptr(PerfdashLog) self = g_object_new(PERFDASH_TYPE_LOG, NULL);
	if (!perfdash_labels_check_text("file name", name, error))
		return NULL;
	self->name = g_path_get_basename(name);
	self->fd = memfd_create("perfdash-log", MFD_CLOEXEC);
	if (self->fd < 0) {
		perfdash_error_set_io(error, errno, "make room in memory for", name);
		return NULL;
	}
	return g_steal_pointer(&self);
}

static gboolean
finish(PerfdashLog *self, PerfdashDigest *digest, GError **error)
{
	self->fd = perfdash_scratch_seal(self->fd, error);
	if (self->fd < 0)
		return FALSE;
	self->digest = perfdash_digest_end(digest);
	return TRUE;
}

/**
 * perfdash_log_new_from_bytes:
 * @name: file name
 * @bytes: what the tool wrote
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer full): a log, or %NULL with %PERFDASH_ERROR_INVALID (the name) or
 * %PERFDASH_ERROR_IO
 *
 * Since: 0.1
 */
PerfdashLog *
perfdash_log_new_from_bytes(const char *name, GBytes *bytes, GError **error)
{
	g_return_val_if_fail(name != NULL && bytes != NULL, NULL);
	g_autoptr(PerfdashLog) self = log_new(name, error);
	gsize size;
	const guint8 *data = g_bytes_get_data(bytes, &size);
	if (self == NULL || !append(self, data, size, G_MAXUINT64, error))
		return NULL;
	g_autoptr(PerfdashDigest) digest = perfdash_digest_new();
	perfdash_digest_update(digest, data, size);
	return finish(self, digest, error) ? g_steal_pointer(&self) : NULL;
}

/**
 * perfdash_log_new_from_stream:
 * @name: file name
 * @stream: gives what the tool wrote
 * @max_size: how many bytes to accept
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error, or %NULL
 *
 * Reads @stream to its end. Blocks.
 *
 * Returns: (transfer full): a log, or %NULL with %PERFDASH_ERROR_INVALID (the name),
 * %PERFDASH_ERROR_OVER_LIMIT or %PERFDASH_ERROR_IO
 *
 * Since: 0.1
 */
PerfdashLog *
perfdash_log_new_from_stream(const char *name,
			     GInputStream *stream,
			     guint64 max_size,
			     GCancellable *cancellable,
			     GError **error)
{
	g_return_val_if_fail(name != NULL && G_IS_INPUT_STREAM(stream), NULL);
	g_autoptr(PerfdashLog) self = log_new(name, error);
	g_autoptr(PerfdashDigest) digest = perfdash_digest_new();
	g_autoptr(GError) local = NULL;
	g_autofree guint8 *buffer = g_malloc(COPY_SIZE);
	gssize n;
	if (self == NULL)
		return NULL;
	while ((n = g_input_stream_read(stream, buffer, COPY_SIZE, cancellable, &local)) > 0) {
		perfdash_digest_update(digest, buffer, n);
		if (!append(self, buffer, n, max_size, error))
			return NULL;
	}
	if (n < 0) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_IO,
			    "failed to read %s: %s",
			    name,
			    local->message);
		return NULL;
	}
	return finish(self, digest, error) ? g_steal_pointer(&self) : NULL;
}

/**
 * perfdash_log_new_from_file:
 * @file: a file
 * @max_size: how many bytes to accept
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error, or %NULL
 *
 * Copies a regular file as it is now. Blocks.
 *
 * Returns: (transfer full): a log, or %NULL with %PERFDASH_ERROR_NOT_FOUND, %PERFDASH_ERROR_INVALID
 * (the name, or a directory), %PERFDASH_ERROR_OVER_LIMIT or %PERFDASH_ERROR_IO
 *
 * Since: 0.1
 */
PerfdashLog *
perfdash_log_new_from_file(GFile *file, guint64 max_size, GCancellable *cancellable, GError **error)
{
	g_return_val_if_fail(G_IS_FILE(file), NULL);
	g_autoptr(GError) local = NULL;
	g_autofree char *path = g_file_get_parse_name(file);
	g_autofree char *name = g_file_get_basename(file);
	g_autoptr(GFileInputStream) stream = NULL;
	if (g_file_query_file_type(file, G_FILE_QUERY_INFO_NONE, cancellable) ==
	    G_FILE_TYPE_SPECIAL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "%s is not a regular file",
			    path);
		return NULL;
	}
	stream = g_file_read(file, cancellable, &local);
	if (stream == NULL) {
		PerfdashError code = PERFDASH_ERROR_IO;
		if (g_error_matches(local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
			code = PERFDASH_ERROR_NOT_FOUND;
		else if (g_error_matches(local, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY))
			code = PERFDASH_ERROR_INVALID;
		g_set_error(error, PERFDASH_ERROR, code, "%s", local->message);
		return NULL;
	}
	return perfdash_log_new_from_stream(name,
					    G_INPUT_STREAM(stream),
					    max_size,
					    cancellable,
					    error);
}
