/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The process that runs other people's parsers: reads one log, says what it found, ends. */

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "perfdash-error.h"
#include "perfdash-parser-loader.h"
#include "perfdash-worker-limits.h"
#include "perfdash-worker-protocol.h"

typedef struct {
	const PerfdashParserModule *module;
	PerfdashParser *parser;
	guint score;
	gboolean name_fits;
} Candidate;

/* what modules print must not come between the answer's bytes */
static int
take_output(void)
{
	int output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	if (output >= 0)
		dup2(STDERR_FILENO, STDOUT_FILENO);
	return output;
}

static int
send_answer(int output, GVariant *answer)
{
	const char *data = g_variant_get_data(answer);
	gsize left = g_variant_get_size(answer);
	while (left > 0) {
		gssize n = write(output, data, left);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			g_printerr("failed to write the answer: %s\n", g_strerror(errno));
			return 1;
		}
		data += n;
		left -= n;
	}
	return 0;
}

static GVariant *
describe_module(const char *path)
{
	g_autoptr(GError) error = NULL;
	const PerfdashParserModule *module = perfdash_parser_loader_open(path, &error);
	if (module == NULL)
		return g_variant_new("(ssssss)", path, "", "", "", "", error->message);
	return g_variant_new("(ssssss)",
			     path,
			     module->name,
			     module->version,
			     module->description,
			     module->globs,
			     "");
}

static GVariant *
describe(char **paths)
{
	g_auto(GVariantBuilder)
		builder = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE(PERFDASH_DESCRIPTION_TYPE));
	for (guint i = 0; paths[i] != NULL; i++)
		g_variant_builder_add_value(&builder, describe_module(paths[i]));
	return g_variant_ref_sink(g_variant_builder_end(&builder));
}

static gboolean
fits_globs(const char *globs, const char *log_name)
{
	g_auto(GStrv) patterns = g_strsplit(globs, ";", -1);
	for (guint i = 0; patterns[i] != NULL; i++) {
		if (*patterns[i] != '\0' && g_pattern_match_simple(patterns[i], log_name))
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_better(const Candidate *a, const Candidate *b)
{
	if (a->score != b->score)
		return a->score > b->score;
	if (a->name_fits != b->name_fits)
		return a->name_fits;
	return strcmp(a->module->name, b->module->name) < 0;
}

/* the parser that is surest of the log; the one there is when it is forced */
static gboolean
choose(char **paths,
       gboolean forced,
       const char *log_name,
       GBytes *log,
       Candidate *best,
       GError **error)
{
	gsize size = MIN(g_bytes_get_size(log), PERFDASH_PARSER_HEAD_SIZE);
	g_autoptr(GBytes) head = g_bytes_new_from_bytes(log, 0, size);
	if (size == 0) {
		g_set_error_literal(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_UNREADABLE,
				    "the log is empty");
		return FALSE;
	}
	for (guint i = 0; paths[i] != NULL; i++) {
		Candidate one = {.module = perfdash_parser_loader_open(paths[i], error)};
		if (one.module == NULL)
			return FALSE;
		one.parser = g_object_new(one.module->get_type(), NULL);
		one.score = forced ? 100 : perfdash_parser_probe(one.parser, log_name, head);
		one.name_fits = fits_globs(one.module->globs, log_name);
		if (one.score > 0 && (best->module == NULL || is_better(&one, best)))
			*best = one;
	}
	if (best->module == NULL)
		g_set_error_literal(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_UNREADABLE,
				    "no parser recognises the log");
	return best->module != NULL;
}

static GVariant *
answer_new(const Candidate *best, GPtrArray *runs, const GError *error)
{
	g_auto(GVariantBuilder)
		builder = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE("a" PERFDASH_RUN_VARIANT_TYPE));
	for (guint i = 0; runs != NULL && i < runs->len; i++)
		g_variant_builder_add_value(&builder,
					    perfdash_run_to_variant(g_ptr_array_index(runs, i)));
	return g_variant_ref_sink(
		g_variant_new("(ssss@a" PERFDASH_RUN_VARIANT_TYPE ")",
			      best->module != NULL ? best->module->name : "",
			      best->module != NULL ? best->module->version : "",
			      error != NULL ? perfdash_error_to_string(error->code) : "",
			      error != NULL ? error->message : "",
			      g_variant_builder_end(&builder)));
}

static GVariant *
parse(const char *log_name, char **paths, gboolean forced)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GMappedFile) file = g_mapped_file_new_from_fd(STDIN_FILENO, FALSE, NULL);
	g_autoptr(GPtrArray) runs = NULL;
	Candidate best = {NULL};
	if (file == NULL) {
		g_printerr("failed to map the log\n");
		return NULL;
	}
	g_autoptr(GBytes) log = g_mapped_file_get_bytes(file);
	if (choose(paths, forced, log_name, log, &best, &error))
		runs = perfdash_parser_loader_read(best.parser,
						   best.module->name,
						   log_name,
						   log,
						   &error);
	return answer_new(&best, runs, error);
}

static guint64
input_size(void)
{
	struct stat status;
	return fstat(STDIN_FILENO, &status) == 0 ? status.st_size : 0;
}

static int
usage(void)
{
	g_printerr("usage: perfdash-worker --describe MODULE...\n"
		   "       perfdash-worker --parse [--forced] LOG-NAME MODULE...\n");
	return 2;
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) answer = NULL;
	gboolean describes = argc > 2 && g_str_equal(argv[1], "--describe");
	gboolean forced = argc > 4 && g_str_equal(argv[2], "--forced");
	int output = take_output();
	setlocale(LC_ALL, "C");
	if (output < 0 || (!describes && (argc < 3 || !g_str_equal(argv[1], "--parse"))))
		return usage();
	if (!perfdash_worker_limits_apply(input_size(), &error)) {
		g_printerr("%s\n", error->message);
		return 1;
	}
	if (describes)
		answer = describe(argv + 2);
	else
		answer = parse(argv[forced ? 3 : 2], argv + (forced ? 4 : 3), forced);
	return answer != NULL ? send_answer(output, answer) : 1;
}
