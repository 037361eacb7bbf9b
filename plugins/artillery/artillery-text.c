/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Artillery's console: a report for each period, and a summary of all at the end, which alone
 * counts. A log that ends before it proves what the whole periods counted. Names and values are
 * joined by dots; version 1 has a list with titles. */

#include <math.h>
#include <string.h>

#include "artillery.h"
#include "reader-text.h"

typedef enum {
	BLOCK_NONE,
	BLOCK_PERIOD,
	BLOCK_SUMMARY,
} Block;

/* a run that is being read */
typedef struct {
	PerfdashRunBuilder *builder;
	Block block;
	gboolean has_summary;
	ArtilleryReport *report; /* of the block */
	ArtilleryReport *sum;    /* of the counters of all periods */
	char *summary;           /* name of the distribution whose lines follow, nullable */
	const char *prefix;      /* of version 1: what the names that follow begin with */
	int n_phases;            /* that started and did not end */
	gboolean is_old;         /* the block is one of version 1 */
	gboolean is_cut;
} Run;

/* titles of version 1, as version 2 calls them; an open one is followed by lines of its own */
static const struct {
	const char *title;
	const char *name;
	gboolean is_rate;
} old_lines[] = {
	{"Scenarios launched:", "vusers.created", FALSE},
	{"Scenarios completed:", "vusers.completed", FALSE},
	{"Requests completed:", "http.responses", FALSE},
	{"RPS sent:", "http.request_rate", TRUE},
	{"Mean response/sec:", "http.request_rate", TRUE},
};
static const struct {
	const char *title;
	const char *summary;
	const char *prefix;
} old_titles[] = {
	{"Request latency:", "http.response_time", NULL},
	{"Response time (msec):", "http.response_time", NULL},
	{"Scenario duration:", "vusers.session_length", NULL},
	{"Scenario counts:", NULL, "vusers.created_by_name."},
	{"Codes:", NULL, "http.codes."},
	{"Errors:", NULL, "errors."},
};

static void
start_block(Run *run, Block block)
{
	run->block = block;
	g_clear_pointer(&run->report, artillery_report_free);
	run->report = artillery_report_new();
	g_clear_pointer(&run->summary, g_free);
	run->prefix = NULL;
	run->is_old = FALSE;
}

static void
add_to_sum(Run *run)
{
	for (guint i = 0; i < run->report->names->len; i++) {
		ArtilleryValue *one = &g_array_index(run->report->values, ArtilleryValue, i);
		if (one->kind != ARTILLERY_COUNTER)
			continue;
		ArtilleryValue *sum = artillery_report_ensure(run->sum,
							      run->report->names->pdata[i]);
		sum->number += one->number;
		sum->line = one->line;
	}
}

static void
clear_run(Run *run)
{
	PerfdashRunBuilder *builder = run->builder;
	g_clear_pointer(&run->report, artillery_report_free);
	g_clear_pointer(&run->sum, artillery_report_free);
	g_clear_pointer(&run->summary, g_free);
	memset(run, 0, sizeof(*run));
	run->builder = builder;
	run->sum = artillery_report_new();
}

/* what the log has of a test that is over, or of which nothing more follows */
static void
end_run(Run *run)
{
	const char *why = NULL;
	gboolean is_good = FALSE;
	if (run->has_summary) {
		is_good = artillery_report_write(run->report, run->builder);
		why = run->is_cut         ? "the summary was cut off"
		      : run->n_phases > 0 ? "a phase of the test did not end"
					  : NULL;
	} else if (run->sum->names->len > 0) {
		is_good = artillery_report_write(run->sum, run->builder);
		why = "the log ends before the summary: counters are those of whole periods";
	}
	if (why != NULL) {
		if (is_good)
			perfdash_run_builder_set_outcome(run->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning_literal(run->builder, why);
	}
	perfdash_run_builder_next_run(run->builder);
	clear_run(run);
}

/* in version 1 a summary ends with the codes of all answers, which it has counted before */
static gboolean
lacks_codes(Run *run)
{
	double n_responses = 0;
	double n_codes = 0;
	gboolean has_responses = FALSE;
	for (guint i = 0; i < run->report->names->len; i++) {
		const char *name = run->report->names->pdata[i];
		double number = g_array_index(run->report->values, ArtilleryValue, i).number;
		if (g_str_equal(name, "http.responses")) {
			has_responses = TRUE;
			n_responses = number;
		} else if (g_str_has_prefix(name, "http.codes.")) {
			n_codes += number;
		}
	}
	return run->is_old && (!has_responses || n_codes < n_responses);
}

static void
end_block(Run *run)
{
	Block block = run->block;
	run->block = BLOCK_NONE;
	if (block == BLOCK_PERIOD)
		add_to_sum(run);
	else if (block == BLOCK_SUMMARY && run->report->names->len > 0)
		run->has_summary = TRUE;
	if (run->has_summary) {
		run->is_cut |= lacks_codes(run);
		end_run(run);
	}
}

static void
set_number(Run *run, const char *name, double number, gboolean is_rate, guint line)
{
	ArtilleryValue *value = artillery_report_ensure(run->report, name);
	value->kind = is_rate ? ARTILLERY_RATE : ARTILLERY_COUNTER;
	value->number = number;
	value->line = line;
}

static gboolean
is_dots(const char *text, gsize size)
{
	return size > 0 && strspn(text, ".") >= size;
}

/* "NAME: ..... 12" or "NAME: ..... 12/sec"; name ends at its colon */
static gboolean
split_pair(const char *text, char **name, double *number, gboolean *is_rate)
{
	const char *rest;
	const char *space = strrchr(text, ' ');
	if (space == NULL || !reader_number(space + 1, number, &rest))
		return FALSE;
	*is_rate = g_str_equal(rest, "/sec");
	if (*rest != '\0' && !*is_rate)
		return FALSE;
	const char *dots = space;
	while (dots > text && dots[-1] == '.')
		dots--;
	if (!is_dots(dots, space - dots) || dots == text || dots[-1] != ' ' || dots - text < 3 ||
	    dots[-2] != ':')
		return FALSE;
	*name = g_strndup(text, dots - 2 - text);
	return TRUE;
}

static gboolean
set_stat(Run *run, const char *name, double number)
{
	ArtilleryValue *value = artillery_report_ensure(run->report, run->summary);
	double *stat = artillery_summary_get(&value->summary, name);
	value->kind = ARTILLERY_SUMMARY;
	if (stat != NULL)
		*stat = number;
	return stat != NULL;
}

static void
open_summary(Run *run, const char *name, guint line)
{
	g_free(run->summary);
	run->summary = g_strdup(name);
	run->prefix = NULL;
	ArtilleryValue *value = artillery_report_ensure(run->report, name);
	value->kind = ARTILLERY_SUMMARY;
	value->line = line;
}

static gboolean
read_new_line(Run *run, const char *line, guint number)
{
	const char *text = line + strspn(line, " ");
	g_autofree char *name = NULL;
	double value;
	gboolean is_rate;
	if (text == line && g_str_has_suffix(line, ":") && strchr(line, '.') != NULL) {
		name = g_strndup(line, strlen(line) - 1);
		open_summary(run, name, number);
		return TRUE;
	}
	if (!split_pair(text, &name, &value, &is_rate))
		return FALSE;
	if (text != line)
		return run->summary != NULL && set_stat(run, name, value);
	g_clear_pointer(&run->summary, g_free);
	set_number(run, name, value, is_rate, number);
	return TRUE;
}

static gboolean
open_old_title(Run *run, const char *text, guint line)
{
	for (guint i = 0; i < G_N_ELEMENTS(old_titles); i++) {
		if (!g_str_equal(old_titles[i].title, text))
			continue;
		if (old_titles[i].summary != NULL)
			open_summary(run, old_titles[i].summary, line);
		else
			g_clear_pointer(&run->summary, g_free);
		run->prefix = old_titles[i].prefix;
		return TRUE;
	}
	return FALSE;
}

/* "min: 3.2", "200: 600" or "0: 600 (100%)" below a title */
static gboolean
read_old_item(Run *run, const char *text, guint line)
{
	double number;
	const char *rest;
	const char *colon = g_strrstr(text, ": ");
	if (colon == NULL || !reader_number(colon + 2, &number, &rest) ||
	    (*rest != '\0' && *rest != ' '))
		return FALSE;
	g_autofree char *name = g_strndup(text, colon - text);
	if (run->summary != NULL)
		return set_stat(run, name, number);
	if (run->prefix == NULL)
		return FALSE;
	g_autofree char *full = g_strconcat(run->prefix, name, NULL);
	set_number(run, full, number, FALSE, line);
	return TRUE;
}

static gboolean
read_old_line(Run *run, const char *line, guint number)
{
	const char *text = line + strspn(line, " ");
	double value;
	if (text == line)
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(old_lines); i++) {
		const char *rest = reader_after(text, old_lines[i].title);
		if (rest == NULL || !reader_number(rest, &value, NULL))
			continue;
		set_number(run, old_lines[i].name, value, old_lines[i].is_rate, number);
		run->is_old = TRUE;
		return TRUE;
	}
	return open_old_title(run, text, number) || read_old_item(run, text, number);
}

static Block
find_block(const char *line)
{
	line += strspn(line, " ");
	if (g_str_has_prefix(line, "Summary report @ "))
		return BLOCK_SUMMARY;
	if (g_str_has_prefix(line, "Metrics for period to: ") ||
	    g_str_has_prefix(line, "Report @ ") || g_str_has_prefix(line, "Report for timeframe "))
		return BLOCK_PERIOD;
	return BLOCK_NONE;
}

static gboolean
is_rule(const char *line)
{
	return g_str_has_prefix(line, "----") && line[strspn(line, "-")] == '\0';
}

static void
read_line(Run *run, const char *line, guint number)
{
	Block block = find_block(line);
	if (block != BLOCK_NONE) {
		end_block(run);
		start_block(run, block);
	} else if (g_str_has_prefix(line, "Phase started: ")) {
		run->n_phases++;
	} else if (g_str_has_prefix(line, "Phase completed: ")) {
		run->n_phases--;
	} else if (g_str_has_prefix(line, "Test run id: ")) {
		end_block(run);
		end_run(run);
	} else if (run->block != BLOCK_NONE && *line != '\0' && !is_rule(line) &&
		   !read_new_line(run, line, number) && !read_old_line(run, line, number)) {
		end_block(run);
	}
}

void
artillery_text_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	const char *line;
	Run run = {.builder = builder};
	reader_lines_init(&lines, log, builder);
	clear_run(&run);
	while ((line = reader_lines_next(&lines)) != NULL) {
		run.is_cut = lines.is_cut;
		if (!run.is_cut)
			read_line(&run, line, lines.number);
	}
	/* a period that is not whole counts nothing */
	if (!run.is_cut || run.block == BLOCK_SUMMARY)
		end_block(&run);
	end_run(&run);
	clear_run(&run);
	artillery_report_free(run.sum);
}
