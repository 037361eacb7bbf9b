/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads any bytes as a log, as a worker would but in this process, with the parsers of PARSERS:
 * paths of modules, separated by colons. Whatever they are: no crash, no critical message, and what
 * was read can be sent and built again. */

#include "fuzz-strict.h"

#include "perfdash-error.h"
#include "perfdash-parser-loader.h"
#include "perfdash-recognizer.h"
#include "perfdash-run-private.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

static GPtrArray *
load_candidates(void)
{
	GPtrArray *candidates = g_ptr_array_new();
	g_auto(GStrv) paths = g_strsplit(PARSERS, ":", -1);
	fuzz_be_strict();
	for (guint i = 0; paths[i] != NULL; i++) {
		g_autoptr(GError) error = NULL;
		PerfdashParserModule module = {0};
		PerfdashParser *parser = perfdash_parser_loader_open(paths[i], &module, &error);
		g_assert_no_error(error);
		PerfdashCandidate *candidate = perfdash_candidate_new(paths[i],
								      module.name,
								      module.version,
								      module.globs,
								      module.marks,
								      module.kind);
		candidate->parser = parser;
		g_ptr_array_add(candidates, candidate);
	}
	return candidates;
}

static void
check_run(PerfdashRun *run)
{
	g_autoptr(GVariant) sent = g_variant_ref_sink(perfdash_run_to_variant(run));
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashRun) received = perfdash_run_new_from_variant(sent, &error);
	g_assert_no_error(error);
	g_assert_true(g_variant_is_normal_form(sent));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
	static GPtrArray *candidates;
	g_autoptr(GBytes) log = g_bytes_new(data, size);
	g_autoptr(GError) error = NULL;
	if (candidates == NULL)
		candidates = load_candidates();
	g_autoptr(PerfdashReading)
		reading = perfdash_recognizer_read(candidates, FALSE, "a.log", log, &error);
	g_assert_true((reading->runs == NULL) == (error != NULL));
	if (error != NULL)
		g_assert_true(error->domain == PERFDASH_ERROR &&
			      error->code != PERFDASH_ERROR_BLOCKED);
	for (guint i = 0; reading->runs != NULL && i < reading->runs->len; i++)
		check_run(g_ptr_array_index(reading->runs, i));
	return 0;
}
