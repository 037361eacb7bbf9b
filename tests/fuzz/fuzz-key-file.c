/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A key file, a zero byte, and a log that it reads: whatever they are, the key file is refused with
 * its name and a reason, or the log is read or refused. INTERPRETER is the path of the module. */

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "fuzz-strict.h"

#include "perfdash-error.h"
#include "perfdash-parser-loader.h"
#include "perfdash-recognizer.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

static char *
make_path(void)
{
	g_autofree char *name = g_strdup_printf("perfdash-fuzz-%d" PERFDASH_KEY_FILE_SUFFIX,
						getpid());
	fuzz_be_strict();
	perfdash_parser_loader_set_interpreter(INTERPRETER);
	return g_build_filename(g_get_tmp_dir(), name, NULL);
}

static void
read_log(PerfdashParser *parser, const PerfdashParserModule *module, GBytes *log)
{
	g_autoptr(GPtrArray) candidates = g_ptr_array_new_with_free_func(
		(GDestroyNotify)perfdash_candidate_free);
	PerfdashCandidate *candidate = perfdash_candidate_new("",
							      module->name,
							      module->version,
							      module->globs,
							      module->marks,
							      module->kind);
	candidate->parser = g_object_ref(parser);
	g_ptr_array_add(candidates, candidate);
	for (guint forced = 0; forced < 2; forced++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(PerfdashReading) reading =
			perfdash_recognizer_read(candidates, forced, "a.log", log, &error);
		g_assert_true((reading->runs == NULL) == (error != NULL));
	}
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
	static char *path;
	PerfdashParserModule module = {0};
	g_autoptr(GError) error = NULL;
	const guint8 *zero = size > 0 ? memchr(data, '\0', size) : NULL;
	gsize key_file_size = zero != NULL ? (gsize)(zero - data) : size;
	gsize log_size = zero != NULL ? size - key_file_size - 1 : 0;
	g_autoptr(GBytes) log = g_bytes_new(data + size - log_size, log_size);
	if (path == NULL)
		path = make_path();
	g_assert_true(g_file_set_contents_full(path,
					       (const char *)data,
					       key_file_size,
					       G_FILE_SET_CONTENTS_NONE,
					       0600,
					       NULL));
	g_autoptr(PerfdashParser) parser = perfdash_parser_loader_open(path, &module, &error);
	if (parser != NULL)
		read_log(parser, &module, log);
	else
		g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_BLOCKED);
	g_unlink(path);
	return 0;
}
