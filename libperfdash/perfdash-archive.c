/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Logs are kept as zstd files named by their digest, in 256 directories. A file appears under its
 * name only when it is whole and on disk, so what the archive has survives a crash, and adding a
 * log twice is adding it once.
 *
 * A log that is added lies in pending/ until it is settled, and begins with a note of who added it,
 * in a frame that zstd skips: log and note become durable together, by the one fsync() that the log
 * needs anyway, and what was interrupted is found by looking into one directory. It is named by its
 * identity there, DIGEST-ORIGIN, for the same bytes may be pending for several runs. Of those that
 * are settled the first has its note in the file of the bytes, the others beside it. */

#include "perfdash-archive-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "perfdash-error-private.h"
#include "perfdash-zstd-decompressor.h"

#define LEVEL          3
#define PIECE          (256 * 1024)
#define TEMPORARY      "unfinished-"
#define UNFINISHED_AGE 3600 /* seconds; younger files may be those of another process */
#define PENDING        "pending"
#define NOTE_SUFFIX    ".note"
#define HEXADECIMAL    "0123456789abcdef"
#define DIGEST_LENGTH  64
#define NOTE_MAGIC     0x184d2a50 /* a skippable frame: RFC 8878, section 3.1.2 */
#define MAX_NOTE       (16 * 1024 * 1024)

G_DEFINE_FINAL_TYPE(PerfdashArchive, perfdash_archive, G_TYPE_OBJECT)

/* of a log with this digest or identity */
static char *
build_directory(PerfdashArchive *self, const char *digest)
{
	char prefix[3] = {digest[0], digest[1], '\0'};
	return g_build_filename(self->directory, prefix, NULL);
}

char *
perfdash_archive_build_path(PerfdashArchive *self, const char *digest)
{
	g_autofree char *directory = build_directory(self, digest);
	g_autofree char *name = g_strdup_printf("%.*s" PERFDASH_ARCHIVE_SUFFIX,
						DIGEST_LENGTH,
						digest);
	return g_build_filename(directory, name, NULL);
}

static char *
build_pending_path(PerfdashArchive *self, const char *identity)
{
	g_autofree char *name = g_strconcat(identity, PERFDASH_ARCHIVE_SUFFIX, NULL);
	return g_build_filename(self->directory, PENDING, name, NULL);
}

gboolean
perfdash_archive_is_digest(const char *text)
{
	return strlen(text) == DIGEST_LENGTH && strspn(text, HEXADECIMAL) == DIGEST_LENGTH;
}

/* also of a log that was accepted when there were no origins */
static gboolean
is_identity(const char *text)
{
	if (strspn(text, HEXADECIMAL) != DIGEST_LENGTH)
		return FALSE;
	const char *origin = text + DIGEST_LENGTH;
	return *origin == '\0' || (*origin == '-' && origin[1] != '\0' &&
				   origin[1 + strspn(origin + 1, HEXADECIMAL)] == '\0');
}

static gboolean
compress(ZSTD_CCtx *context, const void *data, gsize size, ZSTD_EndDirective directive, FILE *file)
{
	gsize out_size = ZSTD_CStreamOutSize();
	g_autofree char *out = g_malloc(out_size);
	ZSTD_inBuffer input = {data, size, 0};
	gsize left;
	do {
		ZSTD_outBuffer output = {out, out_size, 0};
		left = ZSTD_compressStream2(context, &output, &input, directive);
		fwrite(out, 1, output.pos, file);
	} while (!ZSTD_isError(left) && !ferror(file) &&
		 (input.pos < size || (directive == ZSTD_e_end && left > 0)));
	return !ZSTD_isError(left) && !ferror(file);
}

/* in pieces: a log that is mapped as a whole counts as memory of the process */
static gboolean
compress_all(ZSTD_CCtx *context, PerfdashLog *log, FILE *file)
{
	g_autofree char *piece = g_malloc(PIECE);
	guint64 left = perfdash_log_get_size(log);
	for (goffset at = 0; left > 0;) {
		gssize n = pread(perfdash_log_get_fd(log), piece, MIN(left, PIECE), at);
		if (n <= 0 || !compress(context, piece, n, ZSTD_e_continue, file))
			return FALSE;
		at += n;
		left -= n;
	}
	return compress(context, piece, 0, ZSTD_e_end, file);
}

static void
write_note(FILE *file, GBytes *note)
{
	gsize size;
	const void *data = g_bytes_get_data(note, &size);
	guint32 head[] = {GUINT32_TO_LE(NOTE_MAGIC), GUINT32_TO_LE(size)};
	fwrite(head, sizeof(head), 1, file);
	fwrite(data, 1, size, file);
}

static gboolean
write_compressed(FILE *file, PerfdashLog *log)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	ZSTD_CCtx_setPledgedSrcSize(context, perfdash_log_get_size(log));
	gboolean written = compress_all(context, log, file);
	ZSTD_freeCCtx(context);
	return written;
}

/* what a process that was killed left behind */
static void
sweep(PerfdashArchive *self)
{
	g_autoptr(GDir) files = g_dir_open(self->directory, 0, NULL);
	const char *name;
	while (files != NULL && (name = g_dir_read_name(files)) != NULL) {
		g_autofree char *path = g_build_filename(self->directory, name, NULL);
		GStatBuf status;
		if (g_str_has_prefix(name, TEMPORARY) && g_stat(path, &status) == 0 &&
		    status.st_mtime < g_get_real_time() / G_USEC_PER_SEC - UNFINISHED_AGE)
			g_unlink(path);
	}
}

/* that a file has its name is on disk, too */
static gboolean
sync_directory(const char *path, GError **error)
{
	int fd = g_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	gboolean synced = fd >= 0 && fsync(fd) == 0;
	if (!synced)
		perfdash_error_set_io(error, errno, "write directory", path);
	if (fd >= 0)
		close(fd);
	return synced;
}

static gboolean
write_file(PerfdashArchive *self, const char *path, PerfdashLog *log, GBytes *note, GError **error)
{
	g_autofree char *temporary = g_build_filename(self->directory, TEMPORARY "XXXXXX", NULL);
	int fd = g_mkstemp_full(temporary, O_RDWR | O_CLOEXEC, 0640);
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (file == NULL)
		return perfdash_error_set_io(error, errno, "make", temporary);
	write_note(file, note);
	gboolean written = write_compressed(file, log) && fflush(file) == 0 && fsync(fd) == 0;
	if (!written)
		perfdash_error_set_io(error, errno, "write", temporary);
	fclose(file);
	if (written && g_rename(temporary, path) != 0)
		written = perfdash_error_set_io(error, errno, "rename", temporary);
	if (!written)
		g_unlink(temporary);
	return written;
}

static gboolean
make_directory(PerfdashArchive *self, const char *path, GError **error)
{
	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		return TRUE;
	if (g_mkdir_with_parents(path, 0750) != 0)
		return perfdash_error_set_io(error, errno, "make directory", path);
	return sync_directory(self->directory, error);
}

/**
 * perfdash_archive_add:
 * @self: a #PerfdashArchive
 * @log: a log
 * @identity: what it is known by, of perfdash_origin_identify()
 * @note: what is to be known if the log is never settled, up to 16 MB; the archive does not read it
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error, or %NULL
 *
 * Keeps a log. When this returns %TRUE it is on disk, and so is @note. It is pending until
 * perfdash_archive_settle(); a log that is pending already keeps the note it has. Blocks.
 *
 * Returns: %TRUE, or %FALSE with %PERFDASH_ERROR_IO
 *
 * Since: 0.1
 */
gboolean
perfdash_archive_add(PerfdashArchive *self,
		     PerfdashLog *log,
		     const char *identity,
		     GBytes *note,
		     GCancellable *cancellable,
		     GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_ARCHIVE(self) && PERFDASH_IS_LOG(log), FALSE);
	g_return_val_if_fail(identity != NULL && is_identity(identity), FALSE);
	g_return_val_if_fail(note != NULL && g_bytes_get_size(note) <= MAX_NOTE, FALSE);
	g_autofree char *path = build_pending_path(self, identity);
	g_autofree char *pending = g_path_get_dirname(path);
	g_autofree char *settled = build_directory(self, identity);
	if (g_once_init_enter(&self->is_swept)) {
		sweep(self);
		g_once_init_leave(&self->is_swept, TRUE);
	}
	if (g_file_test(path, G_FILE_TEST_EXISTS))
		return TRUE;
	return make_directory(self, pending, error) && make_directory(self, settled, error) &&
	       write_file(self, path, log, note, error) && sync_directory(pending, error);
}

static GBytes *
read_note(FILE *file)
{
	guint32 head[2];
	if (fread(head, sizeof(head), 1, file) != 1 || GUINT32_FROM_LE(head[0]) != NOTE_MAGIC ||
	    GUINT32_FROM_LE(head[1]) > MAX_NOTE)
		return NULL;
	gsize size = GUINT32_FROM_LE(head[1]);
	g_autofree char *data = g_malloc(size);
	if (fread(data, 1, size, file) != size)
		return NULL;
	return g_bytes_new_take(g_steal_pointer(&data), size);
}

/* what is a reason for the error, such as "log 3f9c is not pending" */
static GBytes *
load_note(const char *path, const char *missing, GError **error)
{
	FILE *file = g_fopen(path, "re");
	if (file == NULL && errno == ENOENT)
		g_set_error_literal(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND, missing);
	else if (file == NULL)
		perfdash_error_set_io(error, errno, "open", path);
	if (file == NULL)
		return NULL;
	GBytes *note = read_note(file);
	fclose(file);
	if (note == NULL)
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "%s has no note of where it came from",
			    path);
	return note;
}

/* of a log whose bytes were there before it */
static char *
build_note_path(PerfdashArchive *self, const char *identity)
{
	g_autofree char *directory = build_directory(self, identity);
	g_autofree char *name = g_strconcat(identity, NOTE_SUFFIX, NULL);
	return g_build_filename(directory, name, NULL);
}

/* keeps the note of a pending log, and not its bytes once more */
static gboolean
settle_note(PerfdashArchive *self, const char *identity, const char *pending, GError **error)
{
	g_autofree char *path = build_note_path(self, identity);
	g_autoptr(GBytes) note = load_note(pending, pending, NULL);
	g_autoptr(GByteArray) frame = g_byte_array_new();
	g_autoptr(GError) local = NULL;
	if (note == NULL)
		return TRUE;
	guint32 head[] = {GUINT32_TO_LE(NOTE_MAGIC), GUINT32_TO_LE(g_bytes_get_size(note))};
	g_byte_array_append(frame, (const guint8 *)head, sizeof(head));
	g_byte_array_append(frame, g_bytes_get_data(note, NULL), g_bytes_get_size(note));
	if (!g_file_set_contents_full(path,
				      (const char *)frame->data,
				      frame->len,
				      G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
				      0640,
				      &local)) {
		g_set_error_literal(error, PERFDASH_ERROR, PERFDASH_ERROR_IO, local->message);
		return FALSE;
	}
	g_unlink(pending);
	return TRUE;
}

/**
 * perfdash_archive_settle:
 * @self: a #PerfdashArchive
 * @identity: what a log is known by
 * @error: return location for an error, or %NULL
 *
 * A log need not be remembered as pending any more: what it says is stored. If that is forgotten in
 * a crash, the log is pending again, and may be settled again. A log that is not pending stays as
 * it is. Bytes that several logs share are kept once.
 *
 * Returns: %TRUE, or %FALSE with %PERFDASH_ERROR_IO
 *
 * Since: 0.1
 */
gboolean
perfdash_archive_settle(PerfdashArchive *self, const char *identity, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_ARCHIVE(self), FALSE);
	g_return_val_if_fail(identity != NULL && is_identity(identity), FALSE);
	g_autofree char *pending = build_pending_path(self, identity);
	g_autofree char *path = perfdash_archive_build_path(self, identity);
	if (g_file_test(path, G_FILE_TEST_EXISTS))
		return settle_note(self, identity, pending, error);
	if (g_rename(pending, path) == 0 || errno == ENOENT)
		return TRUE;
	return perfdash_error_set_io(error, errno, "rename", pending);
}

/* identities of the logs that are pending, with these digits first; NULL with an error */
static GPtrArray *
list_pending(PerfdashArchive *self, const char *prefix, GError **error)
{
	g_autofree char *path = g_build_filename(self->directory, PENDING, NULL);
	g_autoptr(GPtrArray) identities = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) local = NULL;
	g_autoptr(GDir) files = g_dir_open(path, 0, &local);
	const char *name;
	if (files == NULL && !g_error_matches(local, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
		g_set_error_literal(error, PERFDASH_ERROR, PERFDASH_ERROR_IO, local->message);
		return NULL;
	}
	while (files != NULL && (name = g_dir_read_name(files)) != NULL) {
		if (!g_str_has_suffix(name, PERFDASH_ARCHIVE_SUFFIX) ||
		    !g_str_has_prefix(name, prefix))
			continue;
		g_autofree char *identity = g_strndup(name,
						      strlen(name) -
							      strlen(PERFDASH_ARCHIVE_SUFFIX));
		if (is_identity(identity))
			g_ptr_array_add(identities, g_steal_pointer(&identity));
	}
	return g_steal_pointer(&identities);
}

/**
 * perfdash_archive_list_pending:
 * @self: a #PerfdashArchive
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer full) (array zero-terminated=1): the identities of the logs that were added
 * and not settled, in no order, or %NULL with %PERFDASH_ERROR_IO
 *
 * Since: 0.1
 */
char **
perfdash_archive_list_pending(PerfdashArchive *self, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_ARCHIVE(self), NULL);
	g_autoptr(GPtrArray) identities = list_pending(self, "", error);
	if (identities == NULL)
		return NULL;
	g_ptr_array_add(identities, NULL);
	g_ptr_array_set_free_func(identities, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&identities), FALSE);
}

/**
 * perfdash_archive_load_note:
 * @self: a #PerfdashArchive
 * @identity: what a pending log is known by
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer full): the note that the log was added with, or %NULL with
 * %PERFDASH_ERROR_NOT_FOUND (it is not pending), %PERFDASH_ERROR_BROKEN or %PERFDASH_ERROR_IO
 *
 * Since: 0.1
 */
GBytes *
perfdash_archive_load_note(PerfdashArchive *self, const char *identity, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_ARCHIVE(self), NULL);
	g_return_val_if_fail(identity != NULL && is_identity(identity), NULL);
	g_autofree char *path = build_pending_path(self, identity);
	g_autofree char *missing = g_strdup_printf("log %s is not pending", identity);
	return load_note(path, missing, error);
}

/**
 * perfdash_archive_load_kept_note:
 * @self: a #PerfdashArchive
 * @identity: what a log is known by that is settled
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer full): the note that the log was added with, or %NULL with
 * %PERFDASH_ERROR_NOT_FOUND (it is not kept), %PERFDASH_ERROR_BROKEN (it has none) or
 * %PERFDASH_ERROR_IO
 *
 * Since: 0.1
 */
GBytes *
perfdash_archive_load_kept_note(PerfdashArchive *self, const char *identity, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_ARCHIVE(self), NULL);
	g_return_val_if_fail(identity != NULL && is_identity(identity), NULL);
	g_autofree char *path = perfdash_archive_build_path(self, identity);
	g_autofree char *own_path = build_note_path(self, identity);
	g_autofree char *missing = g_strdup_printf("log %s is not kept", identity);
	return load_note(g_file_test(own_path, G_FILE_TEST_EXISTS) ? own_path : path,
			 missing,
			 error);
}

gint64
perfdash_archive_find_added_at(PerfdashArchive *self, const char *identity)
{
	g_autofree char *path = build_pending_path(self, identity);
	GStatBuf status;
	if (g_stat(path, &status) != 0)
		return 0;
	return status.st_mtim.tv_sec * G_USEC_PER_SEC + status.st_mtim.tv_nsec / 1000;
}

static GFileInputStream *
open_settled(PerfdashArchive *self, const char *digest, GError **error)
{
	g_autofree char *path = perfdash_archive_build_path(self, digest);
	g_autoptr(GFile) file = g_file_new_for_path(path);
	return g_file_read(file, NULL, error);
}

static GFileInputStream *
open_pending(PerfdashArchive *self, const char *digest)
{
	g_autoptr(GPtrArray) identities = list_pending(self, digest, NULL);
	GFileInputStream *stream = NULL;
	for (guint i = 0; identities != NULL && stream == NULL && i < identities->len; i++) {
		g_autofree char *path = build_pending_path(self, g_ptr_array_index(identities, i));
		g_autoptr(GFile) file = g_file_new_for_path(path);
		stream = g_file_read(file, NULL, NULL);
	}
	return stream;
}

/* NULL when there is no such file; it may be settled while we look */
static GFileInputStream *
open_file(PerfdashArchive *self, const char *digest, GError **error)
{
	GFileInputStream *stream = open_settled(self, digest, NULL);
	if (stream == NULL)
		stream = open_pending(self, digest);
	return stream != NULL ? stream : open_settled(self, digest, error);
}

/**
 * perfdash_archive_open:
 * @self: a #PerfdashArchive
 * @digest: the SHA-256 of a log in hexadecimal
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer full): the bytes of the log, or %NULL with %PERFDASH_ERROR_NOT_FOUND or
 * %PERFDASH_ERROR_IO
 *
 * Since: 0.1
 */
GInputStream *
perfdash_archive_open(PerfdashArchive *self, const char *digest, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_ARCHIVE(self) && digest != NULL, NULL);
	g_autoptr(GError) local = NULL;
	g_autoptr(GConverter) decompressor = NULL;
	g_autoptr(GFileInputStream) stream = NULL;
	if (perfdash_archive_is_digest(digest))
		stream = open_file(self, digest, &local);
	if (stream == NULL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    local == NULL ||
					    g_error_matches(local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
				    ? PERFDASH_ERROR_NOT_FOUND
				    : PERFDASH_ERROR_IO,
			    "there is no log %s%s%s",
			    digest,
			    local != NULL ? ": " : "",
			    local != NULL ? local->message : "");
		return NULL;
	}
	decompressor = perfdash_zstd_decompressor_new();
	return g_converter_input_stream_new(G_INPUT_STREAM(stream), decompressor);
}

static void
perfdash_archive_finalize(GObject *object)
{
	PerfdashArchive *self = PERFDASH_ARCHIVE(object);
	g_free(self->directory);
	G_OBJECT_CLASS(perfdash_archive_parent_class)->finalize(object);
}

static void
perfdash_archive_class_init(PerfdashArchiveClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = perfdash_archive_finalize;
}

static void
perfdash_archive_init(PerfdashArchive *self)
{
}

/**
 * perfdash_archive_new:
 * @directory: where the logs are kept; made when the first one comes
 *
 * Returns: (transfer full): an archive; it may be used from any thread
 *
 * Since: 0.1
 */
PerfdashArchive *
perfdash_archive_new(GFile *directory)
{
	g_return_val_if_fail(G_IS_FILE(directory), NULL);
	PerfdashArchive *self = g_object_new(PERFDASH_TYPE_ARCHIVE, NULL);
	self->directory = g_file_get_path(directory);
	return self;
}
