/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The text report of SPEC CPU 2017. A table has a row for each time a benchmark ran, of which "*"
 * is the selected one, and a second table below "====" has the selected rows again. What stands in
 * place of
 * "*" may be an error (CE, RE, VE) or NR, not run; the scores may be "Not Run". */

#include <string.h>

#include "reader-text.h"

#define MAX_BENCHMARKS 200
#define MAX_COLUMNS    8
#define N_SIDES        2 /* base and peak */

/* how a benchmark ran as base or as peak */
typedef struct {
	gboolean is_selected;
	guint line;
	double seconds;
	double rate;
	GArray *all_seconds; /* of double */
	GArray *all_rates;
} Side;

typedef struct {
	char *name;
	Side sides[N_SIDES];
} Benchmark;

typedef struct {
	char *name;
	double value;
	guint line;
} Score;

typedef struct {
	PerfdashRunBuilder *builder;
	gboolean started;
	gboolean is_ratio;   /* of times, not a rate */
	gboolean in_summary; /* the second table */
	gboolean has_scores;
	gboolean is_estimated;
	double copies;
	GPtrArray *benchmarks; /* of Benchmark */
	GPtrArray *scores;     /* of Score */
} Run;

static const char *const side_names[N_SIDES] = {"base", "peak"};

static void
benchmark_free(gpointer data)
{
	Benchmark *benchmark = data;
	for (guint i = 0; i < N_SIDES; i++) {
		g_array_unref(benchmark->sides[i].all_seconds);
		g_array_unref(benchmark->sides[i].all_rates);
	}
	g_free(benchmark->name);
	g_free(benchmark);
}

static void
score_free(gpointer data)
{
	Score *score = data;
	g_free(score->name);
	g_free(score);
}

static Benchmark *
find_benchmark(Run *run, const char *name)
{
	for (guint i = 0; i < run->benchmarks->len; i++) {
		Benchmark *one = g_ptr_array_index(run->benchmarks, i);
		if (g_str_equal(one->name, name))
			return one;
	}
	if (run->benchmarks->len == MAX_BENCHMARKS)
		return NULL;
	Benchmark *benchmark = g_new0(Benchmark, 1);
	benchmark->name = g_strdup(name);
	for (guint i = 0; i < N_SIDES; i++) {
		benchmark->sides[i].all_seconds = g_array_new(FALSE, FALSE, sizeof(double));
		benchmark->sides[i].all_rates = g_array_new(FALSE, FALSE, sizeof(double));
	}
	g_ptr_array_add(run->benchmarks, benchmark);
	return benchmark;
}

static void
add(Run *run,
    const char *benchmark,
    const char *side,
    const char *what,
    const char *unit,
    PerfdashDirection direction,
    double value,
    GArray *all)
{
	g_autofree char *metric = g_strdup_printf("%s_%s", side, what);
	perfdash_run_builder_add_result(run->builder, benchmark, metric, unit, direction, value);
	for (guint i = 0; all->len > 1 && i < all->len; i++)
		perfdash_run_builder_add_replicate(run->builder, g_array_index(all, double, i));
}

static guint
add_benchmark(Run *run, Benchmark *benchmark)
{
	guint n = 0;
	for (guint i = 0; i < N_SIDES; i++) {
		Side *side = &benchmark->sides[i];
		if (!side->is_selected)
			continue;
		perfdash_run_builder_set_line(run->builder, side->line);
		add(run,
		    benchmark->name,
		    side_names[i],
		    run->is_ratio ? "ratio" : "rate",
		    "1",
		    PERFDASH_DIRECTION_HIGHER,
		    side->rate,
		    side->all_rates);
		add(run,
		    benchmark->name,
		    side_names[i],
		    "run_time",
		    "s",
		    PERFDASH_DIRECTION_LOWER,
		    side->seconds,
		    side->all_seconds);
		n++;
	}
	return n;
}

static void
set_parameters(Run *run)
{
	g_autofree char *copies = g_strdup_printf("%.0f", run->copies);
	perfdash_run_builder_set_label(run->builder, "tool", "SPEC CPU 2017");
	if (run->copies > 0)
		perfdash_run_builder_set_parameter(run->builder,
						   run->is_ratio ? "threads" : "copies",
						   copies);
	if (run->is_estimated)
		perfdash_run_builder_set_parameter(run->builder, "estimated", "yes");
}

static void
clear_run(Run *run)
{
	g_ptr_array_set_size(run->benchmarks, 0);
	g_ptr_array_set_size(run->scores, 0);
	*run = (Run){.builder = run->builder, .benchmarks = run->benchmarks, .scores = run->scores};
}

static void
end_run(Run *run)
{
	guint n = 0;
	if (!run->started || run->benchmarks->len == 0) {
		clear_run(run);
		return;
	}
	set_parameters(run);
	for (guint i = 0; i < run->benchmarks->len; i++)
		n += add_benchmark(run, g_ptr_array_index(run->benchmarks, i));
	for (guint i = 0; i < run->scores->len; i++) {
		Score *score = g_ptr_array_index(run->scores, i);
		perfdash_run_builder_set_line(run->builder, score->line);
		perfdash_run_builder_add_result(run->builder,
						score->name,
						"score",
						"1",
						PERFDASH_DIRECTION_HIGHER,
						score->value);
	}
	if (n == 0) {
		perfdash_run_builder_set_outcome(run->builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(run->builder, "no benchmark has a result");
	} else if (!run->has_scores) {
		perfdash_run_builder_set_outcome(run->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(run->builder, "the log ends before the scores");
	}
	perfdash_run_builder_next_run(run->builder);
	clear_run(run);
}

/* "500.perlbench_r" */
static gboolean
is_benchmark(const char *word)
{
	gsize size = strlen(word);
	return size > 6 && size < 40 && g_ascii_isdigit(word[0]) && g_ascii_isdigit(word[1]) &&
	       g_ascii_isdigit(word[2]) && word[3] == '.' &&
	       (g_str_has_suffix(word, "_r") || g_str_has_suffix(word, "_s"));
}

static gboolean
is_flag(const char *word)
{
	static const char *const flags[] = {"S", "*", "CE", "RE", "VE", "NR", NULL};
	return g_strv_contains(flags, word);
}

/* copies, run time and rate, and their flag */
static void
take_side(Run *run,
	  Benchmark *benchmark,
	  guint i,
	  const double *columns,
	  guint n,
	  const char *flag,
	  guint line)
{
	Side *side = &benchmark->sides[i];
	if (g_str_has_suffix(flag, "E"))
		perfdash_run_builder_add_warning(run->builder,
						 "%s (%s) failed: %s",
						 benchmark->name,
						 side_names[i],
						 flag);
	if (n < 3 || (*flag != 'S' && *flag != '*'))
		return;
	run->copies = run->copies > 0 ? run->copies : columns[0];
	g_array_append_val(side->all_seconds, columns[1]);
	g_array_append_val(side->all_rates, columns[2]);
	if (*flag == 'S')
		return;
	side->is_selected = TRUE;
	side->seconds = columns[1];
	side->rate = columns[2];
	side->line = line;
}

/* "500.perlbench_r      64        639        160  *      64        553        184  S" */
static gboolean
read_row(Run *run, const char *line, guint number)
{
	g_auto(GStrv) words = reader_words(line);
	double columns[MAX_COLUMNS];
	guint n = 0;
	guint side = 0;
	if (words[0] == NULL || !is_benchmark(words[0]))
		return FALSE;
	Benchmark *benchmark = find_benchmark(run, words[0]);
	for (guint i = 1; benchmark != NULL && words[i] != NULL && side < N_SIDES; i++) {
		if (is_flag(words[i])) {
			take_side(run, benchmark, side++, columns, n, words[i], number);
			n = 0;
		} else if (n == MAX_COLUMNS || !reader_number(words[i], &columns[n++], NULL)) {
			break;
		}
	}
	return TRUE;
}

/* " Est. SPECrate(R)2017_int_base           1440" */
static gboolean
read_score(Run *run, const char *line, guint number)
{
	g_auto(GStrv) words = reader_words(line);
	guint first = words[0] != NULL && g_str_equal(words[0], "Est.") ? 1 : 0;
	const char *name = words[0] != NULL ? words[first] : NULL;
	double value;
	if (name == NULL || !g_str_has_prefix(name, "SPEC") || strstr(name, "2017_") == NULL)
		return FALSE;
	/* the last one, even when it was not run */
	run->has_scores |= g_str_has_suffix(name, "_peak");
	run->is_estimated |= first > 0;
	if (words[first + 1] == NULL || !reader_number(words[first + 1], &value, NULL))
		return TRUE;
	g_auto(GStrv) parts = g_strsplit(name, "(R)", 2);
	g_autofree char *joined = g_strjoinv("", parts);
	Score *score = g_new0(Score, 1);
	score->name = reader_name(joined);
	score->value = value;
	score->line = number;
	g_ptr_array_add(run->scores, score);
	return TRUE;
}

static gboolean
is_heading(const char *line)
{
	return g_str_has_prefix(line, "Benchmarks ") && strstr(line, " Run Time ") != NULL &&
	       (strstr(line, " Copies ") != NULL || strstr(line, " Threads ") != NULL);
}

static void
read_line(Run *run, const char *line, guint number)
{
	line += strspn(line, " ");
	if (is_heading(line)) {
		end_run(run);
		run->started = TRUE;
		run->is_ratio = strstr(line, " Threads ") != NULL;
	} else if (!run->started) {
		return;
	} else if (g_str_has_prefix(line, "======")) {
		run->in_summary = TRUE;
	} else if (!read_score(run, line, number) && !run->in_summary) {
		read_row(run, line, number);
	} else if (run->has_scores && *line != '\0' && !g_str_has_prefix(line, "SPEC") &&
		   !g_str_has_prefix(line, "Est.")) {
		end_run(run);
	}
}

static gboolean
speccpu_parser_parse(PerfdashParser *parser,
		     const char *name,
		     GBytes *log,
		     PerfdashRunBuilder *builder,
		     GError **error)
{
	g_auto(ReaderLines) lines;
	Run run = {
		.builder = builder,
		.benchmarks = g_ptr_array_new_with_free_func(benchmark_free),
		.scores = g_ptr_array_new_with_free_func(score_free),
	};
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut)
			read_line(&run, line, lines.number);
	}
	end_run(&run);
	g_ptr_array_unref(run.benchmarks);
	g_ptr_array_unref(run.scores);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(SpeccpuParser,
		       speccpu_parser,
		       NULL,
		       speccpu_parser_parse,
		       "speccpu",
		       "1",
		       "SPEC CPU 2017, processor: text report",
		       "CPU2017.*.txt",
		       PERFDASH_PARSER_CONSOLE,
		       "Copies  Run Time  \nThreads  Run Time  ")
