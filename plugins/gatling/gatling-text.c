/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The summary that Gatling prints at the end: lines begin with ">"; versions up to 3.12 have the
 * total and OK and KO in brackets behind it, later ones three columns, milliseconds all of them.
 * What is printed every five seconds has another title. */

#include <math.h>
#include <string.h>

#include "gatling.h"
#include "reader-text.h"

#define MOST 40 /* statistics */

/* lines that are statistics of the latency, and what they begin with */
static const struct {
	const char *prefix;
	const char *stat;
} stats[] = {
	{"min response time", "min"},
	{"max response time", "max"},
	{"std deviation", "sd"},
	{"response time std deviation", "sd"},
};

/* a summary that is being read; what it does not say is NAN */
typedef struct {
	PerfdashRunBuilder *builder;
	guint line;
	double requests, failed, mean, rate;
	GPtrArray *names; /* of char *: of statistics */
	GArray *values;   /* of double */
} Run;

static Run *
run_new(PerfdashRunBuilder *builder, guint line)
{
	Run *run = g_new0(Run, 1);
	run->builder = builder;
	run->line = line;
	run->requests = run->failed = run->mean = run->rate = NAN;
	run->names = g_ptr_array_new_with_free_func(g_free);
	run->values = g_array_new(FALSE, FALSE, sizeof(double));
	return run;
}

static void
run_free(Run *run)
{
	g_ptr_array_unref(run->names);
	g_array_unref(run->values);
	g_free(run);
}

/* a number in which commas separate thousands; "-" of a count is none */
static double
read_count(const char *text)
{
	double value;
	text += strspn(text, " |");
	g_autofree char *digits = g_strndup(text, strspn(text, "0123456789.,"));
	g_auto(GStrv) groups = g_strsplit(digits, ",", -1);
	g_autofree char *joined = g_strjoinv("", groups);
	return reader_number(joined, &value, NULL) ? value : *text == '-' ? 0 : NAN;
}

static double
read_number(const char *text)
{
	return text[strspn(text, " |")] == '-' ? NAN : read_count(text);
}

/* "(OK=12 KO=3)" or the last of three columns */
static double
read_failed(const char *text)
{
	const char *ko = strstr(text, "KO=");
	const char *column = strrchr(text, '|');
	return ko != NULL ? read_count(ko + 3) : column != NULL ? read_count(column) : NAN;
}

/* where the first number of a line stands behind its name */
static const char *
find_value(const char *text)
{
	const char *column = strchr(text, '|');
	const char *gap = strstr(text, "  ");
	return column != NULL ? column : gap != NULL ? gap : text + strlen(text);
}

static void
add_stat(Run *run, const char *name, double value)
{
	if (!isfinite(value) || run->names->len == MOST)
		return;
	for (guint i = 0; i < run->names->len; i++) {
		if (g_str_equal(run->names->pdata[i], name))
			return;
	}
	g_ptr_array_add(run->names, g_strdup(name));
	g_array_append_val(run->values, value);
}

static void
read_percentile(Run *run, const char *rest, double value)
{
	double percent;
	char digits[G_ASCII_DTOSTR_BUF_SIZE];
	if (!reader_number(rest, &percent, NULL) || percent < 0 || percent > 100)
		return;
	g_ascii_formatd(digits, sizeof(digits), "%.10g", percent);
	g_autofree char *name = g_strconcat("p", digits, NULL);
	add_stat(run, name, value);
}

static void
read_row(Run *run, const char *text)
{
	double value = read_number(find_value(text));
	const char *rest;
	if (g_str_has_prefix(text, "request count")) {
		run->requests = value;
		run->failed = read_failed(text);
	} else if (g_str_has_prefix(text, "mean response time")) {
		run->mean = value;
	} else if (g_str_has_prefix(text, "mean requests/sec") ||
		   g_str_has_prefix(text, "mean throughput (rps)")) {
		run->rate = value;
	} else if ((rest = reader_after(text, "response time ")) != NULL &&
		   g_ascii_isdigit(*rest)) {
		read_percentile(run, rest, value);
	}
	for (guint i = 0; i < G_N_ELEMENTS(stats); i++) {
		if (g_str_has_prefix(text, stats[i].prefix))
			add_stat(run, stats[i].stat, value);
	}
}

static void
add(Run *run, const char *metric, const char *unit, PerfdashDirection direction, double value)
{
	if (isfinite(value))
		perfdash_run_builder_add_result(run->builder,
						GATLING_ALL,
						metric,
						unit,
						direction,
						value);
}

static void
add_latency(Run *run)
{
	if (!isfinite(run->mean))
		return;
	add(run, "latency", "ms", PERFDASH_DIRECTION_LOWER, run->mean);
	for (guint i = 0; i < run->names->len; i++)
		perfdash_run_builder_add_stat(run->builder,
					      run->names->pdata[i],
					      g_array_index(run->values, double, i));
}

static void
end_run(Run *run)
{
	gboolean is_good = run->requests > 0 && !(run->failed >= run->requests);
	if (isfinite(run->requests)) {
		perfdash_run_builder_set_label(run->builder, "tool", "gatling");
		perfdash_run_builder_set_line(run->builder, run->line);
		add(run, "requests", "1", PERFDASH_DIRECTION_NONE, run->requests);
		add(run, "errors", "1", PERFDASH_DIRECTION_LOWER, run->failed);
		if (is_good) {
			add_latency(run);
			add(run, "throughput", "1/s", PERFDASH_DIRECTION_HIGHER, run->rate);
		}
		if (!is_good || !isfinite(run->rate))
			perfdash_run_builder_set_outcome(run->builder,
							 is_good ? PERFDASH_OUTCOME_PARTIAL
								 : PERFDASH_OUTCOME_FAILED);
		if (!is_good)
			perfdash_run_builder_add_warning(run->builder,
							 run->requests == 0
								 ? "no request was made"
								 : "every request failed");
		else if (!isfinite(run->rate))
			perfdash_run_builder_add_warning(run->builder, "the summary was cut off");
	}
	perfdash_run_builder_next_run(run->builder);
	run_free(run);
}

void
gatling_text_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	const char *line;
	Run *run = NULL;
	gboolean is_open = FALSE; /* a rule of equal signs ends a report */
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL && !lines.is_cut) {
		gboolean is_title = g_str_has_prefix(line, "---- ");
		const char *row = reader_after(line, "> ");
		gboolean is_rule = g_str_has_prefix(line, "====");
		if (run != NULL && (is_title || is_rule)) {
			end_run(run);
			run = NULL;
		}
		is_open = is_title || (is_open && !is_rule);
		if (is_title && g_str_has_prefix(line, "---- Global Information ---"))
			run = run_new(builder, lines.number);
		else if (run != NULL && row != NULL)
			read_row(run, row);
	}
	if (run != NULL) {
		end_run(run);
	} else if (is_open) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the log ends within a report");
	}
}
