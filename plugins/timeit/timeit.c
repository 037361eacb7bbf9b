/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Python's timeit says what it found in one line, which names nothing: "50000 loops, best of
 * 5: 6.26 usec per loop". With -v the time of all loops of each repetition stands above it.
 * IPython's magic says the mean: "6.26 µs ± 43 ns per loop (mean ± std. dev. of 7 runs, 100,000
 * loops each)". */

#include <string.h>

#include "reader-quantity.h"
#include "reader-text.h"

#define BENCHMARK "timeit"

/* what -v prints: the times of all loops, which are those of one when they are divided */
static void
add_raw_times(PerfdashRunBuilder *builder, const char *raw_times, double n_loops)
{
	g_auto(GStrv) times = g_strsplit(raw_times, ",", 1000);
	for (guint i = 0; times[i] != NULL && times[1] != NULL; i++) {
		ReaderQuantity one = reader_quantity(times[i], reader_times, NULL);
		if (one.unit != NULL)
			perfdash_run_builder_add_replicate(builder,
							   reader_quantity_to_base(one) / n_loops);
	}
}

/* each result is all that a run has */
static void
begin_run(PerfdashRunBuilder *builder)
{
	if (perfdash_run_builder_get_n_results(builder) > 0)
		perfdash_run_builder_next_run(builder);
	perfdash_run_builder_set_label(builder, "tool", "timeit");
}

static gboolean
read_best(PerfdashRunBuilder *builder, const char *line, const char *raw_times)
{
	double n_loops, n_repetitions;
	const char *rest;
	const char *best = strstr(line, ", best of ");
	if (best == NULL || !reader_number(line, &n_loops, &rest) || n_loops < 1 ||
	    (!g_str_has_prefix(rest, " loops, best") && !g_str_has_prefix(rest, " loop, best")))
		return FALSE;
	if (!reader_number(best + strlen(", best of "), &n_repetitions, &rest) || *rest != ':')
		return FALSE;
	ReaderQuantity time = reader_quantity(rest + 1, reader_times, &rest);
	if (time.unit == NULL || !g_str_has_prefix(rest, " per loop"))
		return FALSE;
	begin_run(builder);
	reader_add(builder, BENCHMARK, "time", PERFDASH_DIRECTION_LOWER, time);
	perfdash_run_builder_add_stat(builder, "n", n_repetitions);
	if (raw_times != NULL)
		add_raw_times(builder, raw_times, n_loops);
	return TRUE;
}

static gboolean
read_mean(PerfdashRunBuilder *builder, const char *line)
{
	const char *rest;
	double n_runs;
	const char *runs = strstr(line, " per loop (mean \xc2\xb1 std. dev. of ");
	if (runs == NULL)
		return FALSE;
	runs += strlen(" per loop (mean \xc2\xb1 std. dev. of ");
	ReaderQuantity mean = reader_quantity(line, reader_times, &rest);
	ReaderQuantity sd = reader_quantity_after(line, " \xc2\xb1 ", reader_times);
	if (mean.unit == NULL || !g_str_has_prefix(rest, " \xc2\xb1 ") || sd.unit == NULL ||
	    !reader_number(runs, &n_runs, NULL))
		return FALSE;
	begin_run(builder);
	reader_add(builder, BENCHMARK, "time", PERFDASH_DIRECTION_LOWER, mean);
	reader_add_stat(builder, "sd", sd);
	perfdash_run_builder_add_stat(builder, "n", n_runs);
	return TRUE;
}

static gboolean
timeit_parser_parse(PerfdashParser *parser,
		    const char *name,
		    GBytes *log,
		    PerfdashRunBuilder *builder,
		    GError **error)
{
	g_auto(ReaderLines) lines;
	g_autofree char *raw_times = NULL;
	gboolean is_mine = FALSE;
	const char *line;
	reader_lines_init(&lines, log, builder);
	lines.hides_quotes = TRUE;
	while ((line = reader_lines_next(&lines)) != NULL) {
		const char *raw = reader_after(line, "raw times: ");
		if (lines.is_cut)
			break;
		if (raw != NULL) {
			g_free(raw_times);
			raw_times = g_strdup(raw);
		} else if (read_best(builder, line, raw_times) || read_mean(builder, line)) {
			g_clear_pointer(&raw_times, g_free);
			is_mine = TRUE;
		} else if (is_mine && strstr(line, "The test results are likely unreliable.")) {
			perfdash_run_builder_add_warning_literal(builder, line);
		}
	}
	return TRUE;
}

PERFDASH_DEFINE_PARSER(TimeitParser,
		       timeit_parser,
		       NULL,
		       timeit_parser_parse,
		       "timeit",
		       "2",
		       "Python's timeit, Python: text output",
		       "*timeit*",
		       PERFDASH_PARSER_CONSOLE,
		       ", best of \nper loop (mean ")
