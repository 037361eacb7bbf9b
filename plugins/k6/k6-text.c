/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The summary at the end of a test: a name, dots, a colon, and what suits the metric. Parts of a
 * metric have lines of their own below it, with their tags in braces. Since 1.0 checks have other
 * names, there are titles between the lines, and in full mode the same metrics again for groups and
 * scenarios, which are left out. Times have a unit each, and sizes are powers of 1000. */

#include <math.h>
#include <string.h>

#include "k6.h"
#include "reader-duration.h"
#include "reader-text.h"

#define GOOD    "\xe2\x9c\x93"  /* ✓ */
#define BAD     "\xe2\x9c\x97"  /* ✗ */
#define SECTION "\xe2\x96\x88 " /* █ */

/* lines that say that a test did not run to its end */
static const char *const stop_marks[] = {
	"test run was aborted",
	"stopping test prematurely",
	"received a 'interrupt' signal",
	"a panic occurred during JS execution",
	"test aborted: ",
};

/* a run that is being read */
typedef struct {
	PerfdashRunBuilder *builder;
	K6Run *metrics;
	char *parent;     /* the last metric that is not a part of another, nullable */
	gboolean in_part; /* of the test: a group or a scenario */
	gboolean is_stopped;
	gboolean is_cut;
	guint n_crossed;
} Run;

static const char *
skip_mark(const char *text, gboolean *is_bad)
{
	*is_bad = g_str_has_prefix(text, BAD);
	if (!*is_bad && !g_str_has_prefix(text, GOOD))
		return text;
	text += strlen(BAD);
	return text + strspn(text, " ");
}

/* the name in front of the dots, or NULL */
static char *
split_name(const char *text, const char **values)
{
	const char *dots = strstr(text, "...");
	if (dots == NULL || dots == text)
		return NULL;
	const char *colon = dots + strspn(dots, ".");
	if (!g_str_has_prefix(colon, ": "))
		return NULL;
	*values = colon + strspn(colon, ": ");
	char *name = g_strndup(text, dots - text);
	return g_strchomp(name);
}

static gboolean
is_name(const char *name)
{
	return (g_ascii_isalpha(*name) || *name == '_') &&
	       name[strspn(name,
			   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] ==
		       '\0';
}

/* "{ expected_response:true }" is a part of the metric above */
static char *
full_name(Run *run, const char *name)
{
	if (*name != '{')
		return is_name(name) ? g_strdup(name) : NULL;
	if (run->parent == NULL || !g_str_has_suffix(name, "}"))
		return NULL;
	g_autofree char *tags = g_strndup(name + 1, strlen(name) - 2);
	return g_strdup_printf("%s{%s}", run->parent, g_strstrip(tags));
}

/* the next "NAME=VALUE" of a line; FALSE at its end */
static gboolean
next_pair(const char **text, char **name, const char **value)
{
	const char *equals = strchr(*text, '=');
	if (equals == NULL)
		return FALSE;
	const char *start = equals;
	while (start > *text && start[-1] != ' ')
		start--;
	*name = g_strndup(start, equals - start);
	*value = equals + 1;
	*text = equals + 1;
	return TRUE;
}

/* a time, a size or a number; unit is of all values of the metric */
static gboolean
read_value(const char *text, const char **unit, double *value)
{
	ReaderQuantity quantity = reader_duration(text, NULL);
	if (quantity.unit != NULL) {
		*unit = "s";
		*value = reader_quantity_to_base(quantity);
		return TRUE;
	}
	quantity = reader_quantity(text, reader_sizes_1000, NULL);
	if (quantity.unit != NULL) {
		*unit = "B";
		*value = quantity.value;
		return TRUE;
	}
	if (*unit == NULL)
		*unit = "1";
	return reader_number(text, value, NULL);
}

static void
read_trend(K6Metric *metric, const char *values)
{
	char *name;
	const char *text;
	while (next_pair(&values, &name, &text)) {
		double value;
		if (read_value(text, &metric->unit, &value))
			k6_metric_set(metric, name, value);
		g_free(name);
	}
}

/* "10  min=10 max=10" */
static void
read_gauge(K6Metric *metric, const char *values)
{
	read_value(values, &metric->unit, &metric->value);
	read_trend(metric, values);
}

/* "1.2 MB  40 kB/s" or "100  9.9/s" */
static void
read_counter(K6Metric *metric, const char *values)
{
	const char *rest;
	ReaderQuantity size = reader_quantity(values, reader_sizes_1000, &rest);
	if (size.unit != NULL) {
		static const ReaderSuffix per_second[] = {{"B/s", "B/s", 0},
							  {"kB/s", "B/s", 3},
							  {"MB/s", "B/s", 6},
							  {"GB/s", "B/s", 9},
							  {"TB/s", "B/s", 12},
							  {NULL}};
		ReaderQuantity rate = reader_quantity(rest, per_second, NULL);
		metric->unit = "B";
		metric->count = size.value;
		metric->per_second = rate.unit != NULL ? rate.value : NAN;
		return;
	}
	if (!reader_number(values, &metric->count, &rest))
		return;
	if (reader_number(rest, &metric->per_second, &rest) && !g_str_has_prefix(rest, "/s"))
		metric->per_second = NAN;
}

/* "98.00%  ✓ 98  ✗ 2", where the first passes, or "2.00% 2 out of 100" */
static void
read_rate(K6Metric *metric, const char *values)
{
	double share;
	double total;
	const char *rest;
	if (!reader_number(values, &share, &rest) || *rest != '%')
		return;
	perfdash_unit_to_base("%", share, &metric->value);
	if (strstr(rest, " out of ") != NULL) {
		if (reader_number(rest + 1, &metric->passes, NULL) &&
		    reader_number_after(rest, " out of ", &total))
			metric->fails = total - metric->passes;
	} else {
		reader_number_after(rest, GOOD, &metric->passes);
		reader_number_after(rest, BAD, &metric->fails);
	}
	/* the share is rounded, the counts are not */
	if (isfinite(metric->passes) && isfinite(metric->fails) &&
	    metric->passes + metric->fails > 0)
		metric->value = metric->passes / (metric->passes + metric->fails);
}

static gboolean
find_type(const char *values, K6Type *type)
{
	const char *rest;
	double number;
	if (!reader_number(values, &number, &rest))
		*type = K6_TREND;
	else if (*rest == '%')
		*type = K6_RATE;
	else if (strstr(rest, "min=") != NULL)
		*type = K6_GAUGE;
	else
		*type = K6_COUNTER;
	return *type != K6_TREND || strchr(values, '=') != NULL;
}

static void
read_values(K6Metric *metric, const char *values)
{
	if (metric->type == K6_TREND)
		read_trend(metric, values);
	else if (metric->type == K6_GAUGE)
		read_gauge(metric, values);
	else if (metric->type == K6_RATE)
		read_rate(metric, values);
	else
		read_counter(metric, values);
}

static void
start_run(Run *run)
{
	PerfdashRunBuilder *builder = run->builder;
	memset(run, 0, sizeof(*run));
	run->builder = builder;
	run->metrics = k6_run_new();
}

static gboolean
is_whole(Run *run)
{
	return !run->is_cut && (k6_run_find(run->metrics, "iterations") != NULL ||
				k6_run_find(run->metrics, "vus_max") != NULL);
}

/* lines with dots are no one's alone, some names are */
static gboolean
is_own(Run *run)
{
	static const char *const names[] = {"iterations",
					    "iteration_duration",
					    "http_reqs",
					    "http_req_duration",
					    "data_received",
					    "vus"};
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (k6_run_find(run->metrics, names[i]) != NULL)
			return TRUE;
	}
	return FALSE;
}

static void
end_run(Run *run)
{
	if (is_own(run)) {
		gboolean is_good = k6_run_write(run->metrics, run->builder);
		const char *why = run->is_stopped  ? "the test was stopped before its end"
				  : !is_whole(run) ? "the summary was cut off"
						   : NULL;
		if (why != NULL && is_good)
			perfdash_run_builder_set_outcome(run->builder, PERFDASH_OUTCOME_PARTIAL);
		if (why != NULL)
			perfdash_run_builder_add_warning_literal(run->builder, why);
		if (run->n_crossed > 0)
			perfdash_run_builder_add_warning(run->builder,
							 "thresholds were crossed: %u",
							 run->n_crossed);
		perfdash_run_builder_next_run(run->builder);
	}
	k6_run_free(run->metrics);
	g_free(run->parent);
}

static void
restart(Run *run)
{
	end_run(run);
	start_run(run);
}

/* FALSE when the line is no metric's */
static gboolean
read_metric(Run *run, const char *text, gboolean is_bad, guint line)
{
	const char *values;
	K6Type type;
	g_autofree char *name = split_name(text, &values);
	g_autofree char *full = name != NULL ? full_name(run, name) : NULL;
	if (full == NULL || !find_type(values, &type))
		return FALSE;
	if (run->in_part || k6_rename(full) == NULL)
		return TRUE;
	if (k6_run_find(run->metrics, k6_rename(full)) != NULL)
		restart(run);
	K6Metric *metric = k6_run_add(run->metrics, k6_rename(full), type);
	metric->line = line;
	read_values(metric, values);
	run->n_crossed += is_bad;
	if (*name != '{') {
		g_free(run->parent);
		run->parent = g_strdup(k6_rename(full));
	}
	return TRUE;
}

static void
read_section(Run *run, const char *title)
{
	if (g_str_has_prefix(title, "TOTAL RESULTS") || g_str_has_prefix(title, "THRESHOLDS")) {
		if (run->metrics->metrics->len > 0)
			restart(run);
		run->in_part = FALSE;
	} else if (g_str_has_prefix(title, "GROUP: ") || g_str_has_prefix(title, "SCENARIO: ")) {
		run->in_part = TRUE;
	}
}

static gboolean
is_stop(const char *line)
{
	for (guint i = 0; i < G_N_ELEMENTS(stop_marks); i++) {
		if (strstr(line, stop_marks[i]) != NULL)
			return TRUE;
	}
	return FALSE;
}

static void
read_line(Run *run, const char *line, guint number)
{
	gboolean is_bad;
	const char *text = line + strspn(line, " ");
	if (g_str_has_prefix(text, SECTION)) {
		read_section(run, text + strlen(SECTION));
	} else if (g_str_has_prefix(text, "execution: ")) {
		restart(run);
	} else if (is_stop(text)) {
		run->is_stopped = TRUE;
	} else {
		text = skip_mark(text, &is_bad);
		if (!read_metric(run, text, is_bad, number) && is_bad && *text == '\'')
			run->n_crossed++;
	}
}

void
k6_text_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	const char *line;
	Run run = {.builder = builder};
	reader_lines_init(&lines, log, builder);
	start_run(&run);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (lines.is_cut)
			run.is_cut = strstr(line, "...") != NULL;
		else
			read_line(&run, line, lines.number);
	}
	end_run(&run);
}
