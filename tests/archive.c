/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-archive.h"

#include <glib/gstdio.h>
#include <string.h>

#include "perfdash-error.h"
#include "remove-folder.h"

typedef struct {
	char *directory;
	PerfdashArchive *archive;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	fixture->directory = g_dir_make_tmp("perfdash-archive-XXXXXX", &error);
	g_assert_no_error(error);
	g_autoptr(GFile) file = g_file_new_build_filename(fixture->directory, "logs", NULL);
	fixture->archive = perfdash_archive_new(file);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
	remove_folder(fixture->directory);
	g_clear_object(&fixture->archive);
	g_free(fixture->directory);
}

static GBytes *
make_bytes(gsize size)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(size);
	guint8 *data = g_malloc(size);
	for (gsize i = 0; i < size; i++)
		data[i] = "0123456789\n"[g_rand_int_range(random, 0, 11)];
	return g_bytes_new_take(data, size);
}

static GBytes *
read_back(Fixture *fixture, const char *digest, GError **error)
{
	g_autoptr(GInputStream) stream = perfdash_archive_open(fixture->archive, digest, error);
	g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable();
	if (stream == NULL || g_output_stream_splice(memory,
						     stream,
						     G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
						     NULL,
						     error) < 0)
		return NULL;
	return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(memory));
}

static char *
kept_path(Fixture *fixture, const char *digest)
{
	g_autofree char *prefix = g_strndup(digest, 2);
	g_autofree char *name = g_strconcat(digest, ".zst", NULL);
	return g_build_filename(fixture->directory, "logs", prefix, name, NULL);
}

static void
add(Fixture *fixture, PerfdashLog *log, const char *identity, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) note = g_bytes_new(text, strlen(text));
	g_assert_true(perfdash_archive_add(fixture->archive, log, identity, note, NULL, &error));
	g_assert_no_error(error);
}

static void
test_round_trip(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GBytes) note = g_bytes_new_static("", 0);
	static const gsize sizes[] = {0, 1, 4096, 1024 * 1024, 1024 * 1024 + 1, 5000000};
	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) bytes = make_bytes(sizes[i]);
		g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes(bytes);
		g_autoptr(PerfdashLog)
			log = perfdash_log_new_from_stream("a.jtl", stream, sizes[i], NULL, &error);
		g_assert_no_error(error);
		g_assert_cmpuint(perfdash_log_get_size(log), ==, sizes[i]);
		g_autofree char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
		g_assert_cmpstr(perfdash_log_get_digest(log), ==, digest);
		g_autoptr(GBytes) mapped = perfdash_log_map(log, &error);
		g_assert_no_error(error);
		g_assert_true(g_bytes_equal(mapped, bytes));
		for (guint again = 0; again < 2; again++) {
			g_assert_true(perfdash_archive_add(fixture->archive,
							   log,
							   digest,
							   note,
							   NULL,
							   &error));
			g_assert_no_error(error);
		}
		for (guint settled = 0; settled < 2; settled++) {
			g_autoptr(GBytes) kept = read_back(fixture, digest, &error);
			g_assert_no_error(error);
			g_assert_true(g_bytes_equal(kept, bytes));
			g_assert_true(perfdash_archive_settle(fixture->archive, digest, &error));
		}
	}
}

static void
assert_pending(Fixture *fixture, const char *digest, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) digests = perfdash_archive_list_pending(fixture->archive, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(g_strv_length(digests), ==, text != NULL);
	g_autoptr(GBytes) note = perfdash_archive_load_note(fixture->archive, digest, &error);
	if (text == NULL) {
		g_assert_null(note);
		g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND);
		return;
	}
	g_assert_no_error(error);
	g_assert_cmpstr(digests[0], ==, digest);
	g_assert_cmpmem(g_bytes_get_data(note, NULL), g_bytes_get_size(note), text, strlen(text));
}

/* a log is pending with the first note until it is settled, and again when it is added again */
static void
test_pending(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GBytes) bytes = make_bytes(5000);
	g_autoptr(PerfdashLog) log = perfdash_log_new_from_bytes("a", bytes, NULL);
	const char *digest = perfdash_log_get_digest(log);
	assert_pending(fixture, digest, NULL);
	add(fixture, log, digest, "first");
	add(fixture, log, digest, "second");
	assert_pending(fixture, digest, "first");
	for (guint i = 0; i < 2; i++) {
		g_assert_true(perfdash_archive_settle(fixture->archive, digest, NULL));
		assert_pending(fixture, digest, NULL);
	}
	add(fixture, log, digest, "third");
	assert_pending(fixture, digest, "third");
}

static void
assert_kept_note(Fixture *fixture, const char *identity, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes)
		note = perfdash_archive_load_kept_note(fixture->archive, identity, &error);
	g_assert_no_error(error);
	g_assert_cmpmem(g_bytes_get_data(note, NULL), g_bytes_get_size(note), text, strlen(text));
}

/* the same bytes of two runs are pending for each, and kept once */
static void
test_shared(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = make_bytes(5000);
	g_autoptr(PerfdashLog) log = perfdash_log_new_from_bytes("a", bytes, NULL);
	const char *digest = perfdash_log_get_digest(log);
	g_autofree char *first = g_strconcat(digest, "-0123456789abcdef", NULL);
	g_autofree char *second = g_strconcat(digest, "-fedcba9876543210", NULL);
	add(fixture, log, first, "first");
	add(fixture, log, second, "second");
	g_autoptr(GBytes) note = perfdash_archive_load_note(fixture->archive, first, &error);
	g_assert_no_error(error);
	g_assert_cmpmem(g_bytes_get_data(note, NULL), g_bytes_get_size(note), "first", 5);
	g_assert_true(perfdash_archive_settle(fixture->archive, first, &error));
	assert_pending(fixture, second, "second");
	g_assert_true(perfdash_archive_settle(fixture->archive, second, &error));
	assert_pending(fixture, second, NULL);
	g_autoptr(GBytes) kept = read_back(fixture, digest, &error);
	g_assert_no_error(error);
	g_assert_true(g_bytes_equal(kept, bytes));
	assert_kept_note(fixture, first, "first");
	assert_kept_note(fixture, second, "second");
}

static void
test_damaged_note(Fixture *fixture, gconstpointer data)
{
	static const char *const contents[] = {"", "\x50\x2a\x4d\x18\xff\xff\xff\x7f", "PK\3\4 12"};
	g_autoptr(GBytes) bytes = make_bytes(50);
	g_autoptr(PerfdashLog) log = perfdash_log_new_from_bytes("a", bytes, NULL);
	const char *digest = perfdash_log_get_digest(log);
	g_autofree char *name = g_strconcat(digest, ".zst", NULL);
	g_autofree char *path = g_build_filename(fixture->directory, "logs", "pending", name, NULL);
	add(fixture, log, digest, "note");
	for (guint i = 0; i < G_N_ELEMENTS(contents); i++) {
		g_autoptr(GError) error = NULL;
		g_assert_true(g_file_set_contents(path, contents[i], -1, NULL));
		g_assert_null(perfdash_archive_load_note(fixture->archive, digest, &error));
		g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_BROKEN);
	}
}

/* cut in half, and with a bit that is wrong */
static void
test_damage(Fixture *fixture, gconstpointer data)
{
	static const GIOErrorEnum codes[] = {G_IO_ERROR_PARTIAL_INPUT, G_IO_ERROR_INVALID_DATA};
	g_autoptr(GBytes) bytes = make_bytes(100000);
	g_autoptr(PerfdashLog) log = perfdash_log_new_from_bytes("a", bytes, NULL);
	const char *digest = perfdash_log_get_digest(log);
	add(fixture, log, digest, "note");
	g_assert_true(perfdash_archive_settle(fixture->archive, digest, NULL));
	g_autofree char *path = kept_path(fixture, digest);
	g_autofree char *contents = NULL;
	gsize size;
	g_assert_true(g_file_get_contents(path, &contents, &size, NULL));
	for (guint step = 0; step < 2; step++) {
		g_autoptr(GError) error = NULL;
		contents[size / 2] ^= step == 0 ? 0 : 0x40;
		g_assert_true(
			g_file_set_contents(path, contents, step == 0 ? size / 2 : size, NULL));
		g_autoptr(GBytes) kept = read_back(fixture, perfdash_log_get_digest(log), &error);
		g_assert_null(kept);
		g_assert_error(error, G_IO_ERROR, (int)codes[step]);
	}
}

static void
test_missing(Fixture *fixture, gconstpointer data)
{
	static const char *const digests[] = {
		"",
		"../../etc/passwd",
		"0000000000000000000000000000000000000000000000000000000000000000",
	};
	for (guint i = 0; i < G_N_ELEMENTS(digests); i++) {
		g_autoptr(GError) error = NULL;
		g_assert_null(perfdash_archive_open(fixture->archive, digests[i], &error));
		g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND);
	}
}

static void
test_limits(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = make_bytes(3000000);
	g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes(bytes);
	g_assert_null(perfdash_log_new_from_stream("a", stream, 2999999, NULL, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_OVER_LIMIT);
	g_clear_error(&error);
	g_assert_null(perfdash_log_new_from_bytes("a\nb", bytes, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
	g_clear_error(&error);
	g_autoptr(GFile) directory = g_file_new_for_path(fixture->directory);
	g_assert_null(perfdash_log_new_from_file(directory, 100, NULL, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
	g_clear_error(&error);
	g_autoptr(GFile) missing = g_file_get_child(directory, "missing");
	g_assert_null(perfdash_log_new_from_file(missing, 100, NULL, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND);
}

#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/archive/round-trip", test_round_trip);
	ADD("/archive/pending", test_pending);
	ADD("/archive/shared", test_shared);
	ADD("/archive/damaged-note", test_damaged_note);
	ADD("/archive/damage", test_damage);
	ADD("/archive/missing", test_missing);
	ADD("/archive/limits", test_limits);
	return g_test_run();
}
