/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* benchmark.js has a line for each benchmark: "name x 13,926,115 ops/sec ±39.46% (48 runs
 * sampled)". Names may have anything in them, so the line is read from its end. A benchmark that
 * threw prints its name, a colon and maybe what it threw. */

#include <string.h>

#include "reader-text.h"

#define MARK " ops/sec \xc2\xb1"

typedef struct {
	char *name;
	double per_second;
	double margin; /* percent */
	double n_runs;
} Benchmark;

static gboolean
read_thousands(const char *text, double *value)
{
	const char *rest;
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);
	g_autofree char *digits = g_strjoinv("", parts);
	return reader_number(digits, value, &rest) && *rest == '\0';
}

/* FALSE when the line is none of a benchmark */
static gboolean
read_benchmark(const char *line, Benchmark *benchmark)
{
	const char *rest;
	const char *mark = g_strrstr(line, MARK);
	if (mark == NULL || !reader_number(mark + strlen(MARK), &benchmark->margin, &rest) ||
	    !g_str_has_prefix(rest, "% (") || !reader_number(rest + 3, &benchmark->n_runs, &rest) ||
	    !g_str_has_prefix(rest, " run") || strstr(rest, " sampled)") == NULL)
		return FALSE;
	g_autofree char *head = g_strndup(line, mark - line);
	char *number = g_strrstr(head, " x ");
	if (number == NULL || !read_thousands(number + 3, &benchmark->per_second))
		return FALSE;
	*number = '\0';
	benchmark->name = reader_name(head);
	return TRUE;
}

static void
add(PerfdashRunBuilder *builder, const Benchmark *benchmark)
{
	perfdash_run_builder_set_label(builder, "tool", "benchmark.js");
	perfdash_run_builder_add_result(builder,
					benchmark->name,
					"throughput",
					"1/s",
					PERFDASH_DIRECTION_HIGHER,
					benchmark->per_second);
	perfdash_run_builder_add_result(builder,
					benchmark->name,
					"relative_margin_of_error",
					"%",
					PERFDASH_DIRECTION_LOWER,
					benchmark->margin);
	perfdash_run_builder_add_result(builder,
					benchmark->name,
					"runs",
					"1",
					PERFDASH_DIRECTION_NONE,
					benchmark->n_runs);
}

static gboolean
benchmark_js_parser_parse(PerfdashParser *parser,
			  const char *name,
			  GBytes *log,
			  PerfdashRunBuilder *builder,
			  GError **error)
{
	g_auto(ReaderLines) lines;
	gboolean is_over = FALSE;
	const char *line;
	reader_lines_init(&lines, log, builder);
	lines.hides_quotes = TRUE;
	while ((line = reader_lines_next(&lines)) != NULL) {
		guint n_results = perfdash_run_builder_get_n_results(builder);
		Benchmark benchmark = {NULL};
		if (n_results > 0 && g_str_has_prefix(line, "Fastest is ")) {
			is_over = TRUE;
		} else if (lines.is_cut && n_results > 0 && *line != '\0') {
			perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
			perfdash_run_builder_add_warning(builder, "the last line has no end");
		} else if (!lines.is_cut && read_benchmark(line, &benchmark)) {
			if (is_over)
				perfdash_run_builder_next_run(builder);
			is_over = FALSE;
			add(builder, &benchmark);
			g_free(benchmark.name);
		} else if (n_results > 0 && !is_over && g_str_has_suffix(line, ": ")) {
			perfdash_run_builder_add_warning(builder, "%sno result", line);
		}
	}
	return TRUE;
}

PERFDASH_DEFINE_PARSER(BenchmarkJsParser,
		       benchmark_js_parser,
		       NULL,
		       benchmark_js_parser_parse,
		       "benchmark-js",
		       "1",
		       "benchmark.js, JavaScript: console output",
		       "*benchmark*",
		       PERFDASH_PARSER_CONSOLE,
		       "ops/sec \xc2\xb1")
