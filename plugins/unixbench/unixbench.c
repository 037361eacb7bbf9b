/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The report of UnixBench: for each number of copies that ran side by side a block of rates and one
 * of indices against a machine of 1995. lpm are per minute, KBps 1024 bytes per second. Its time
 * has no zone. A test that failed has no numbers. */

#include <string.h>

#include "reader-text.h"

typedef struct {
	PerfdashRunBuilder *builder;
	gboolean started;
	char *version;      /* nullable */
	char *cpu;          /* nullable */
	char *kernel;       /* nullable */
	char *copies;       /* of the block that is being read, nullable */
	gboolean in_index;  /* its second part */
	gboolean has_score; /* the block is whole */
	gboolean is_partial;
	gboolean is_begun; /* a block should follow */
} Run;

static const struct {
	const char *unit;
	const char *ours;
	double factor;
	double divisor;
} units[] = {
	{"lps", "1/s", 1, 1},
	{"lpm", "1/s", 1, 60},
	{"MWIPS", "1/s", 1e6, 1},
	{"MFLOPS", "1/s", 1e6, 1},
	{"fps", "1/s", 1, 1},
	{"KBps", "KiB/s", 1, 1},
};

static void
add(Run *run, const char *name, const char *metric, const char *unit, double value)
{
	g_autofree char *full = g_strdup_printf("%s (%s copies)", name, run->copies);
	g_autofree char *benchmark = reader_name(full);
	perfdash_run_builder_add_result(run->builder,
					benchmark,
					metric,
					unit,
					PERFDASH_DIRECTION_HIGHER,
					value);
}

static void
add_rate(Run *run, const char *name, const char *unit, double value)
{
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		if (!g_str_equal(units[i].unit, unit))
			continue;
		add(run, name, "rate", units[i].ours, value * units[i].factor / units[i].divisor);
		return;
	}
	add(run, name, "rate", unit, value);
}

static void
end_block(Run *run)
{
	if (run->copies != NULL && !run->has_score)
		run->is_partial = TRUE;
	g_clear_pointer(&run->copies, g_free);
	run->in_index = FALSE;
	run->has_score = FALSE;
}

static void
set_environment(Run *run)
{
	if (run->version != NULL)
		perfdash_run_builder_set_environment(run->builder, "tool_version", run->version);
	if (run->cpu != NULL)
		perfdash_run_builder_set_environment(run->builder, "cpu", run->cpu);
	if (run->kernel != NULL)
		perfdash_run_builder_set_environment(run->builder, "kernel", run->kernel);
}

static void
clear_run(Run *run)
{
	g_free(run->version);
	g_free(run->cpu);
	g_free(run->kernel);
	g_free(run->copies);
	*run = (Run){.builder = run->builder};
}

static void
end_run(Run *run)
{
	if (!run->started)
		return;
	end_block(run);
	perfdash_run_builder_set_label(run->builder, "tool", "UnixBench");
	set_environment(run);
	if (perfdash_run_builder_get_n_results(run->builder) == 0) {
		perfdash_run_builder_set_outcome(run->builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(run->builder, "no test has a result");
	} else if (run->is_partial || run->is_begun) {
		perfdash_run_builder_set_outcome(run->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(run->builder, "an index score is missing");
	}
	perfdash_run_builder_next_run(run->builder);
	clear_run(run);
}

/* "BYTE UNIX Benchmarks (Version 6.0.0)" */
static void
start_run(Run *run, const char *version)
{
	g_autofree char *digits = g_strndup(version, strcspn(version, ")"));
	end_run(run);
	run->started = TRUE;
	run->version = reader_name(digits);
}

/* what stands between two marks, as a name; NULL when there is nothing */
static char *
between(const char *text, const char *before, const char *behind)
{
	const char *start = strstr(text, before);
	const char *end = start != NULL ? strstr(start + strlen(before), behind) : NULL;
	if (end == NULL)
		return NULL;
	g_autofree char *part = g_strndup(start + strlen(before), end - start - strlen(before));
	return reader_name(part);
}

static void
read_machine(Run *run, const char *text)
{
	if (run->kernel == NULL && g_str_has_prefix(text, "OS: "))
		run->kernel = between(text, " -- ", " -- ");
	else if (run->cpu == NULL && g_str_has_prefix(text, "CPU 0: "))
		run->cpu = between(text, ": ", " (");
}

/* "2 CPUs in system; running 1 parallel copy of tests" */
static gboolean
read_block(Run *run, const char *text)
{
	double copies;
	const char *running = strstr(text, " in system; running ");
	if (running == NULL || strstr(running, " parallel cop") == NULL ||
	    !reader_number_after(running, "; running ", &copies))
		return FALSE;
	end_block(run);
	run->is_begun = FALSE;
	run->copies = g_strdup_printf("%.0f", copies);
	return TRUE;
}

/* "Pipe Throughput                             1196194.9 lps   (10.0 s, 1 samples)" */
static void
read_rate(Run *run, const char *text)
{
	const char *bracket = g_strrstr(text, " (");
	const char *nothing = strstr(text, "  no measured results");
	double samples;
	double value;
	if (nothing != NULL)
		perfdash_run_builder_add_warning(run->builder,
						 "%.*s has no result",
						 (int)MIN(nothing - text, 100),
						 text);
	if (bracket == NULL || !g_str_has_suffix(text, " samples)") ||
	    !reader_number_after(bracket, " s, ", &samples))
		return;
	g_autofree char *left = g_strchomp(g_strndup(text, bracket - text));
	char *unit = strrchr(left, ' ');
	char *number = unit;
	while (number > left && number[-1] != ' ')
		number--;
	if (unit == NULL || number == left || !reader_number(number, &value, NULL))
		return;
	number[-1] = '\0';
	add_rate(run, g_strchomp(left), unit + 1, value);
	perfdash_run_builder_add_stat(run->builder, "n", samples);
}

/* "Pipe Throughput                               12440.0    1196194.9    961.6", and below all of
 * them "System Benchmarks Index Score (Partial Only)                         1385.2" */
static void
read_index(Run *run, const char *text)
{
	g_auto(GStrv) words = reader_words(text);
	const char *score = strstr(text, " Index Score");
	guint n = g_strv_length(words);
	double values[3];
	guint n_values = score != NULL ? 1 : 3;
	if (n <= n_values)
		return;
	for (guint i = 0; i < n_values; i++) {
		const char *rest;
		if (!reader_number(words[n - n_values + i], &values[i], &rest) || *rest != '\0')
			return;
	}
	const char *end = score != NULL ? score + strlen(" Index") : text + strlen(text);
	for (guint i = 0; score == NULL && i < n_values; i++) {
		while (end > text && end[-1] == ' ')
			end--;
		while (end > text && end[-1] != ' ')
			end--;
	}
	g_autofree char *name = g_strchomp(g_strndup(text, end - text));
	add(run, name, "index", "1", values[n_values - 1]);
	run->has_score |= score != NULL;
}

static void
read_line(Run *run, const char *line)
{
	const char *text = line + strspn(line, " ");
	const char *version = reader_after(text, "BYTE UNIX Benchmarks (Version ");
	if (version != NULL) {
		start_run(run, version);
	} else if (run->started && g_str_has_prefix(text, "Benchmark Run: ")) {
		run->is_begun = TRUE;
	} else if (run->started && !read_block(run, text)) {
		if (run->copies == NULL)
			read_machine(run, text);
		else if (g_str_has_suffix(text, "BASELINE       RESULT    INDEX"))
			run->in_index = TRUE;
		else if (run->in_index)
			read_index(run, text);
		else
			read_rate(run, text);
		if (run->has_score)
			end_block(run);
	}
}

static gboolean
unixbench_parser_parse(PerfdashParser *parser,
		       const char *name,
		       GBytes *log,
		       PerfdashRunBuilder *builder,
		       GError **error)
{
	g_auto(ReaderLines) lines;
	Run run = {.builder = builder};
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut)
			read_line(&run, line);
	}
	end_run(&run);
	clear_run(&run);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(UnixbenchParser,
		       unixbench_parser,
		       NULL,
		       unixbench_parser_parse,
		       "unixbench",
		       "2",
		       "UnixBench, system: text report",
		       "*unixbench*.txt;*unixbench*.log",
		       PERFDASH_PARSER_CONSOLE,
		       "BYTE UNIX Benchmarks (Version ")
