/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* perf bench's text: a header names the benchmark, and what follows differs from suite to suite,
 * but says its unit. Sizes are of 1024, except those of numa, which are of 1000. Behind "+-" stands
 * the error of a mean, which is no standard deviation. Times that were too short to measure make
 * rates of inf. A name in quotes is all that a run does; of "all" there are several without, until
 * one comes again. */

#include <string.h>

#include "reader-text.h"

typedef struct {
	PerfdashRunBuilder *builder;
	GHashTable *seen;   /* benchmarks of this run, and their metrics */
	char *suite;        /* "sched/pipe", nullable */
	char *benchmark;    /* the same, and which function */
	gboolean is_alone;  /* the benchmark is all that the run does */
	gboolean is_simple; /* a lone number may be the result */
	guint n_before;     /* results of the run when the benchmark began */
	guint n_empty;      /* benchmarks without a result */
	double wanted;      /* seconds that the benchmark is to run; 0 unknown */
} PerfBench;

/* numbers that name themselves, behind the number */
static const struct {
	const char *suffix;
	const char *metric;
	const char *unit;
	PerfdashDirection direction;
} results[] = {
	{" usecs/op/cpu", "time_per_op_per_cpu", "us", PERFDASH_DIRECTION_LOWER},
	{" usecs/op", "time_per_op", "us", PERFDASH_DIRECTION_LOWER},
	{" ops/sec", "throughput", "1/s", PERFDASH_DIRECTION_HIGHER},
	{" GB/sec", "bandwidth", "GiB/s", PERFDASH_DIRECTION_HIGHER},
	{" GB/Sec", "bandwidth", "GiB/s", PERFDASH_DIRECTION_HIGHER},
	{" MB/sec", "bandwidth", "MiB/s", PERFDASH_DIRECTION_HIGHER},
	{" MB/Sec", "bandwidth", "MiB/s", PERFDASH_DIRECTION_HIGHER},
	{" KB/sec", "bandwidth", "KiB/s", PERFDASH_DIRECTION_HIGHER},
	{" KB/Sec", "bandwidth", "KiB/s", PERFDASH_DIRECTION_HIGHER},
	{" bytes/sec", "bandwidth", "B/s", PERFDASH_DIRECTION_HIGHER},
	{" cycles/byte", "cycles_per_byte", "cycles/B", PERFDASH_DIRECTION_LOWER},
};

/* lines that begin with words and have the number behind a mark */
static const struct {
	const char *prefix;
	const char *mark;
	const char *behind; /* what follows the number */
	const char *metric;
	const char *unit;
	PerfdashDirection direction;
} sentences[] = {
	{"Total time: ", "Total time: ", " [sec]", "time", "s", PERFDASH_DIRECTION_LOWER},
	{"Total time: ", "Total time: ", " usecs", "time", "us", PERFDASH_DIRECTION_LOWER},
	{"Averaged ",
	 "Averaged ",
	 " operations/sec",
	 "throughput",
	 "1/s",
	 PERFDASH_DIRECTION_HIGHER},
	{"Averaged ",
	 "Averaged ",
	 " ADD operations",
	 "add_operations",
	 "1",
	 PERFDASH_DIRECTION_HIGHER},
	{"Averaged ",
	 "Averaged ",
	 " MOD operations",
	 "mod_operations",
	 "1",
	 PERFDASH_DIRECTION_HIGHER},
	{"Averaged ",
	 "Averaged ",
	 " DEL operations",
	 "del_operations",
	 "1",
	 PERFDASH_DIRECTION_HIGHER},
	{"Wokeup ", " threads in ", " ms", "time", "ms", PERFDASH_DIRECTION_LOWER},
	{"Requeued ", " threads in ", " ms", "time", "ms", PERFDASH_DIRECTION_LOWER},
	{"Avg per-thread latency ", ") in ", " ms", "latency", "ms", PERFDASH_DIRECTION_LOWER},
};

static void
add(PerfBench *self,
    const char *metric,
    const char *unit,
    PerfdashDirection direction,
    double value)
{
	perfdash_run_builder_add_result(self->builder,
					self->benchmark,
					metric,
					unit,
					direction,
					value);
}

/* a line that other tools may print as well: the first one is of perf bench */
static void
add_once(PerfBench *self,
	 const char *metric,
	 const char *unit,
	 PerfdashDirection direction,
	 double value)
{
	if (g_hash_table_add(self->seen, g_strconcat(self->benchmark, "\n", metric, NULL)))
		add(self, metric, unit, direction, value);
}

static void
end_benchmark(PerfBench *self)
{
	if (self->suite == NULL)
		return;
	if (perfdash_run_builder_get_n_results(self->builder) == self->n_before) {
		self->n_empty++;
		perfdash_run_builder_add_warning(self->builder, "%s has no result", self->suite);
	}
	g_clear_pointer(&self->suite, g_free);
	g_clear_pointer(&self->benchmark, g_free);
}

/* is_cut: the log ends in the last benchmark */
static void
end_run(PerfBench *self, gboolean is_cut)
{
	guint n_empty_before = self->n_empty;
	end_benchmark(self);
	is_cut |= self->n_empty > n_empty_before;
	if (g_hash_table_size(self->seen) == 0)
		return;
	if (perfdash_run_builder_get_n_results(self->builder) == 0) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
	} else if (is_cut) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder,
						 "the last benchmark did not come to its end");
	}
	perfdash_run_builder_next_run(self->builder);
	g_hash_table_remove_all(self->seen);
	self->n_empty = 0;
}

/* "# Running 'sched/pipe' benchmark:", of all benchmarks "# Running sched/pipe benchmark..." */
static gboolean
read_header(PerfBench *self, const char *line)
{
	const char *name = reader_after(line, "# Running ");
	if (name == NULL)
		return FALSE;
	gboolean is_quoted = *name == '\'';
	name += is_quoted;
	gsize length = strcspn(name, is_quoted ? "'" : " ");
	const char *rest = name + length + is_quoted;
	g_autofree char *suite = g_strndup(name, length);
	if (strchr(suite, '/') == NULL || *name == '/' ||
	    !(g_str_equal(rest, " benchmark:") || g_str_equal(rest, " benchmark...")))
		return FALSE;
	if (is_quoted || self->is_alone || g_hash_table_contains(self->seen, suite))
		end_run(self, FALSE);
	end_benchmark(self);
	self->is_alone = is_quoted;
	perfdash_run_builder_set_label(self->builder, "tool", "perf bench");
	self->suite = reader_name(suite);
	self->benchmark = g_strdup(self->suite);
	self->is_simple = TRUE;
	self->n_before = perfdash_run_builder_get_n_results(self->builder);
	g_hash_table_add(self->seen, g_steal_pointer(&suite));
	return TRUE;
}

/* "# function 'default' (Default memcpy() provided by glibc)", before 3.19 "# Routine default" */
static gboolean
read_function(PerfBench *self, const char *line)
{
	const char *name = reader_after(line, "# function ");
	if (name == NULL)
		name = reader_after(line, "# Routine ");
	if (name == NULL)
		return FALSE;
	name += *name == '\'';
	g_autofree char *function = g_strndup(name, strcspn(name, "' "));
	g_autofree char *text = g_strconcat(self->suite, " ", function, NULL);
	g_free(self->benchmark);
	self->benchmark = reader_name(text);
	return TRUE;
}

/* "100000 operations 1 bits set of 2 bits" of mem/find_bit */
static gboolean
read_bits(PerfBench *self, const char *line)
{
	const char *text = strstr(line, " operations ");
	if (text == NULL || !g_ascii_isdigit(*line) || !g_str_has_suffix(line, " bits"))
		return FALSE;
	g_autofree char *name = g_strconcat(self->suite, " ", text + strlen(" operations "), NULL);
	g_free(self->benchmark);
	self->benchmark = reader_name(name);
	return TRUE;
}

/* a number in which commas may separate thousands */
static gboolean
read_number(const char *text, double *value, const char **rest)
{
	text += strspn(text, " \t");
	gsize length = strspn(text, "0123456789.,");
	g_autofree char *digits = g_strndup(text, MIN(length, 60));
	GString *plain = g_string_new(NULL);
	for (const char *p = digits; *p != '\0'; p++) {
		if (*p != ',')
			g_string_append_c(plain, *p);
	}
	gboolean is_number = reader_number(plain->str, value, NULL);
	g_string_free(plain, TRUE);
	*rest = text + length;
	return is_number && length > 0;
}

/* "Run summary [PID 1]: 2 threads, each operating on 1024 futexes for 20 secs.", and at the end
 * "Averaged 578662 operations/sec (+- 5.06%), total secs = 20" */
static void
read_duration(PerfBench *self, const char *line)
{
	double took;
	const char *wanted = g_strrstr(line, " for ");
	if (g_str_has_prefix(line, "Run summary ")) {
		self->wanted = 0;
		if (wanted != NULL && g_str_has_suffix(line, " secs."))
			reader_number(wanted + strlen(" for "), &self->wanted, NULL);
		return;
	}
	if (!reader_number_after(line, ", total secs =", &took) || took >= self->wanted)
		return;
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning(self->builder,
					 "%s was stopped after %.0f of %.0f s",
					 self->suite,
					 took,
					 self->wanted);
}

static gboolean
read_sentence(PerfBench *self, const char *line)
{
	read_duration(self, line);
	for (guint i = 0; i < G_N_ELEMENTS(sentences); i++) {
		double value;
		const char *rest;
		const char *mark = g_str_has_prefix(line, sentences[i].prefix)
					   ? strstr(line, sentences[i].mark)
					   : NULL;
		if (mark == NULL || !read_number(mark + strlen(sentences[i].mark), &value, &rest) ||
		    !g_str_has_prefix(rest, sentences[i].behind))
			continue;
		/* a rate of zero: it was stopped before anything was counted */
		if (value == 0 && g_str_equal(sentences[i].unit, "1/s"))
			return TRUE;
		add_once(self,
			 sentences[i].metric,
			 sentences[i].unit,
			 sentences[i].direction,
			 value);
		return TRUE;
	}
	return FALSE;
}

/* small letters, digits and underscores */
static char *
make_metric(const char *text, gsize length, const char *ending)
{
	GString *metric = g_string_new(NULL);
	for (gsize i = 0; i < length; i++) {
		if (g_ascii_isalnum(text[i]))
			g_string_append_c(metric, g_ascii_tolower(text[i]));
		else if (metric->len > 0 && metric->str[metric->len - 1] != '_')
			g_string_append_c(metric, '_');
	}
	while (metric->len > 0 && metric->str[metric->len - 1] == '_')
		g_string_truncate(metric, metric->len - 1);
	g_string_append(metric, ending);
	return g_string_free(metric, FALSE);
}

static const char *
find_unit(const char *text)
{
	static const struct {
		const char *name;
		const char *unit;
	} units[] = {{" usec", "us"},
		     {" msec", "ms"},
		     {" nsec", "ns"},
		     {" ms", "ms"},
		     {" KB", "KiB"}};
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		if (g_str_has_prefix(text, units[i].name))
			return units[i].unit;
	}
	return NULL;
}

/* "Average synthesis took: 563.400 usec (+- 106.426 usec)", "Average time per event 18.174 usec",
 * "Average memory usage: 11312 KB (+- 108 KB)"; other averages are counts */
static gboolean
read_average(PerfBench *self, const char *line)
{
	const char *what = reader_after(line, "Average ");
	double value;
	const char *rest;
	if (what == NULL)
		return FALSE;
	gsize length = strcspn(what, ":");
	if (what[length] == '\0')
		length = strcspn(what, "0123456789");
	const char *unit = NULL;
	if (read_number(what + length + (what[length] == ':'), &value, &rest))
		unit = find_unit(rest);
	if (unit == NULL)
		return TRUE;
	gsize took = g_strrstr_len(what, length, " took") != NULL
			     ? (gsize)(g_strrstr_len(what, length, " took") - what)
			     : length;
	g_autofree char *metric = make_metric(what, took, took < length ? "_time" : "");
	add(self, metric, unit, PERFDASH_DIRECTION_LOWER, value);
	return TRUE;
}

/* " main,   1.020, secs,   runtime-max/thread" of numa, where sizes are of 1000 */
static gboolean
read_numa(PerfBench *self, const char *line)
{
	static const struct {
		const char *name;
		const char *unit;
		PerfdashDirection direction;
	} units[] = {
		{"secs", "s", PERFDASH_DIRECTION_LOWER},
		{"nsecs", "ns", PERFDASH_DIRECTION_LOWER},
		{"%", "%", PERFDASH_DIRECTION_LOWER},
		{"GB", "GB", PERFDASH_DIRECTION_NONE},
		{"GB/sec", "GB/s", PERFDASH_DIRECTION_HIGHER},
	};
	double value;
	g_auto(GStrv) fields = g_strsplit(line, ",", 5);
	if (g_strv_length(fields) != 4 || !reader_number(fields[1], &value, NULL))
		return FALSE;
	const char *unit = g_strstrip(fields[2]);
	g_autofree char *metric = make_metric(fields[3], strlen(fields[3]), "");
	g_autofree char *text = g_strconcat(self->suite, " ", fields[0], NULL);
	g_free(self->benchmark);
	self->benchmark = reader_name(text);
	for (guint i = 0; i < G_N_ELEMENTS(units) && *metric != '\0'; i++) {
		if (g_str_equal(unit, units[i].name))
			add(self, metric, units[i].unit, units[i].direction, value);
	}
	return TRUE;
}

/* -f simple prints nothing but the seconds or, of mem, the bytes a second */
static gboolean
read_simple(PerfBench *self, const char *line)
{
	double value;
	const char *rest;
	if (!self->is_simple || !reader_number(line, &value, &rest) || *rest != '\0')
		return FALSE;
	if (g_str_has_prefix(self->suite, "mem/"))
		add(self, "bandwidth", "B/s", PERFDASH_DIRECTION_HIGHER, value);
	else if (g_str_has_prefix(self->suite, "sched/") ||
		 g_str_has_prefix(self->suite, "syscall/"))
		add(self, "time", "s", PERFDASH_DIRECTION_LOWER, value);
	return TRUE;
}

static void
read_result(PerfBench *self, const char *line)
{
	double value;
	const char *rest;
	if (read_simple(self, line))
		return;
	self->is_simple = self->is_simple && *line == '\0';
	if (!read_number(line, &value, &rest))
		return;
	for (guint i = 0; i < G_N_ELEMENTS(results); i++) {
		const char *suffix = results[i].suffix;
		const char *behind = rest + strlen(suffix);
		if (!g_str_has_prefix(rest, suffix) || (*behind != '\0' && *behind != ' '))
			continue;
		gboolean is_prefaulted = strstr(behind, "(with prefault)") != NULL;
		g_autofree char *metric = g_strconcat(results[i].metric,
						      is_prefaulted ? "_prefaulted" : "",
						      NULL);
		add_once(self, metric, results[i].unit, results[i].direction, value);
		return;
	}
}

static void
read_line(PerfBench *self, const char *line)
{
	if (read_header(self, line) || self->suite == NULL)
		return;
	line += strspn(line, " \t");
	if (strstr(line, "Performance counter stats for ") != NULL) {
		/* perf stat around perf bench */
		end_benchmark(self);
		return;
	}
	if (read_function(self, line) || read_sentence(self, line) || read_average(self, line) ||
	    read_bits(self, line))
		return;
	if (!g_str_has_prefix(self->suite, "numa/") || !read_numa(self, line))
		read_result(self, line);
}

static gboolean
perf_bench_parser_parse(PerfdashParser *parser,
			const char *name,
			GBytes *log,
			PerfdashRunBuilder *builder,
			GError **error)
{
	g_auto(ReaderLines) lines;
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	PerfBench self = {.builder = builder, .seen = seen};
	gboolean is_cut = FALSE;
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		is_cut = lines.is_cut && (*line == ' ' || *line == '#');
		if (!lines.is_cut)
			read_line(&self, line);
	}
	end_run(&self, is_cut);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(PerfBenchParser,
		       perf_bench_parser,
		       NULL,
		       perf_bench_parser_parse,
		       "perf-bench",
		       "3",
		       "perf bench, kernel and memory benchmarks: text output",
		       "*perf*bench*",
		       PERFDASH_PARSER_CONSOLE,
		       "# Running ")
