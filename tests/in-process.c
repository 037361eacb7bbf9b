/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is read from the golden logs of all parsers is the same, to the last bit, in this process
 * and in a worker that is locked in. */

#include "perfdash-parser-loader.h"
#include "perfdash-recognizer.h"
#include "perfdash-run-private.h"

#include <perfdash.h>

static PerfdashParserRunner *runner;
static GPtrArray *candidates; /* of PerfdashCandidate */

static GPtrArray *
load_candidates(PerfdashParserRegistry *registry)
{
	g_autoptr(GPtrArray) infos = perfdash_parser_registry_list(registry);
	GPtrArray *all = g_ptr_array_new();
	for (guint i = 0; i < infos->len; i++) {
		const char *path = perfdash_parser_info_get_path(g_ptr_array_index(infos, i));
		g_autoptr(GError) error = NULL;
		PerfdashParserModule module = {0};
		PerfdashParser *parser = perfdash_parser_loader_open(path, &module, &error);
		g_assert_no_error(error);
		PerfdashCandidate *candidate = perfdash_candidate_new(path,
								      module.name,
								      module.version,
								      module.globs,
								      module.marks,
								      module.kind);
		candidate->parser = parser;
		g_ptr_array_add(all, candidate);
	}
	return all;
}

static void
compare_runs(GPtrArray *here, GPtrArray *there)
{
	g_assert_cmpuint(here != NULL ? here->len : 0, ==, there->len);
	for (guint i = 0; i < there->len; i++) {
		g_autoptr(GVariant)
			a = g_variant_ref_sink(perfdash_run_to_variant(g_ptr_array_index(here, i)));
		g_autoptr(GVariant) b = g_variant_ref_sink(
			perfdash_run_to_variant(g_ptr_array_index(there, i)));
		g_assert_true(g_variant_equal(a, b));
	}
}

static void
compare_log(const char *path)
{
	g_autoptr(GFile) file = g_file_new_for_path(path);
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashLog) log = perfdash_log_new_from_file(file, G_MAXUINT64, NULL, &error);
	g_assert_no_error(error);
	g_autoptr(GBytes) bytes = perfdash_log_map(log, NULL);
	g_autoptr(PerfdashParseResult)
		there = perfdash_parser_runner_parse(runner, log, NULL, NULL, &error);
	g_assert_no_error(error);
	g_autoptr(PerfdashReading) here = perfdash_recognizer_read(candidates,
								   FALSE,
								   perfdash_log_get_name(log),
								   bytes,
								   &error);
	const GError *error_there = perfdash_parse_result_get_error(there);
	g_test_message("%s", path);
	g_assert_cmpstr(error != NULL ? error->message : NULL,
			==,
			error_there != NULL ? error_there->message : NULL);
	compare_runs(here->runs, perfdash_parse_result_get_runs(there));
}

/* a folder of golden logs */
static void
test_folder(gconstpointer data)
{
	g_autoptr(GDir) files = g_dir_open(data, 0, NULL);
	const char *name;
	while (files != NULL && (name = g_dir_read_name(files)) != NULL) {
		g_autofree char *path = g_build_filename(data, name, NULL);
		if (!g_str_has_suffix(name, ".expected.json") &&
		    !g_str_has_suffix(name, ".by-eye.json"))
			compare_log(path);
	}
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_test_init(&argc, &argv, NULL);
	g_autoptr(PerfdashParserRegistry) registry = perfdash_parser_registry_new(NULL, &error);
	g_assert_no_error(error);
	runner = perfdash_parser_runner_new(registry);
	candidates = load_candidates(registry);
	for (int i = 1; i < argc; i++) {
		g_autofree char *folder = g_path_get_dirname(argv[i]);
		g_autofree char *name = g_path_get_basename(folder);
		g_autofree char *path = g_strdup_printf("/in-process/%s", name);
		g_test_add_data_func(path, argv[i], test_folder);
	}
	int status = g_test_run();
	g_object_unref(runner);
	return status;
}
