/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* pgbench's report. Before version 14 latency lines have a colon and tps comes twice; statements
 * have one to three columns, which their heading tells. Progress lines are a series in time and no
 * results, unless the report never came. */

#include <string.h>

#include "pgbench-progress.h"
#include "reader-text.h"

#define MAX_STATEMENT 400

typedef struct {
	char *benchmark;
	gboolean has_latency;
	double latency;
	gboolean has_sd;
	double sd;
} Block;

typedef struct {
	PerfdashRunBuilder *builder;
	guint n_runs;
	gboolean is_open; /* pgbench began to run */
	gboolean started; /* it began to report */
	gboolean has_error;
	gboolean progress_follows; /* the report, in a log in which stderr does */
	PgbenchProgress progress;
	gboolean has_tps;
	gboolean nothing_done; /* no transaction was processed */
	double processed;
	double wanted;     /* transactions, 0 when a duration was wanted */
	double of_scripts; /* the transactions of all scripts so far */
	double ended;      /* otherwise: failed or skipped */
	gboolean in_statements;
	guint columns; /* of the statements */
	Block whole;   /* the run */
	Block script;  /* one of several scripts; benchmark is NULL outside of one */
} Report;

static const struct {
	const char *prefix;
	const char *name;
} parameters[] = {
	{"scaling factor:", "scale"},
	{"query mode:", "query_mode"},
	{"number of clients:", "clients"},
	{"number of threads:", "threads"},
	{"maximum number of tries:", "max_tries"},
	{"duration:", "duration"},
	{"number of transactions per client:", "transactions_per_client"},
};

static const struct {
	const char *prefix;
	const char *metric;
	PerfdashDirection direction;
	gboolean ends; /* such a transaction is not tried again */
} run_counts[] = {
	{"number of failed transactions:", "errors", PERFDASH_DIRECTION_LOWER, TRUE},
	{"number of serialization failures:", "serialization_failures", PERFDASH_DIRECTION_LOWER},
	{"number of deadlock failures:", "deadlock_failures", PERFDASH_DIRECTION_LOWER},
	{"number of transactions retried:", "retried_transactions", PERFDASH_DIRECTION_LOWER},
	{"total number of retries:", "retries", PERFDASH_DIRECTION_LOWER},
	{"number of transactions skipped:", "skipped_transactions", PERFDASH_DIRECTION_LOWER, TRUE},
};

/* text behind a prefix and the blanks that follow, or NULL */
static const char *
after(const char *line, const char *prefix)
{
	if (!g_str_has_prefix(line, prefix))
		return NULL;
	line += strlen(prefix);
	return line + strspn(line, " ");
}

/* "= 1.5 ms" or ": 1.5 ms" behind a name */
static gboolean
read_named(const char *line, const char *name, double *value)
{
	const char *text = after(line, name);
	if (text == NULL || (*text != '=' && *text != ':'))
		return FALSE;
	return reader_number(text + 1, value, NULL);
}

static void
clear_block(Block *block)
{
	g_free(block->benchmark);
	memset(block, 0, sizeof(*block));
}

static void
flush_latency(Report *report, Block *block)
{
	if (block->benchmark == NULL || !block->has_latency || report->nothing_done)
		return;
	perfdash_run_builder_add_result(report->builder,
					block->benchmark,
					"latency",
					"ms",
					PERFDASH_DIRECTION_LOWER,
					block->latency);
	if (block->has_sd)
		perfdash_run_builder_add_stat(report->builder, "sd", block->sd);
	block->has_latency = FALSE;
}

/* killed, or it could not even begin */
static void
end_without_report(Report *report)
{
	gboolean has_progress = report->progress.rate_sum > 0;
	pgbench_progress_add(&report->progress, report->builder, "pgbench");
	perfdash_run_builder_set_outcome(report->builder,
					 has_progress || !report->has_error
						 ? PERFDASH_OUTCOME_PARTIAL
						 : PERFDASH_OUTCOME_FAILED);
	perfdash_run_builder_add_warning_literal(
		report->builder,
		has_progress ? "there is no report: the values are means of the lines of progress"
		: report->has_error ? "pgbench has no report, but an error"
				    : "the log ends before the report");
}

static void
end_report(Report *report)
{
	flush_latency(report, &report->script);
	flush_latency(report, &report->whole);
	if (report->nothing_done) {
		perfdash_run_builder_set_outcome(report->builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(report->builder, "no transaction was processed");
	} else if (report->processed + report->ended < report->wanted) {
		perfdash_run_builder_set_outcome(report->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(report->builder,
						 "%.0f of %.0f transactions were processed",
						 report->processed,
						 report->wanted);
	}
	gboolean lacks_scripts = g_strcmp0(report->whole.benchmark, "multiple scripts") == 0 &&
				 report->of_scripts < report->processed;
	if (!report->nothing_done && (!report->has_tps || lacks_scripts)) {
		perfdash_run_builder_set_outcome(report->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning_literal(
			report->builder,
			report->has_tps ? "the log ends before the last script"
					: "the log ends before the totals");
	}
	clear_block(&report->script);
	clear_block(&report->whole);
}

static void
end_run(Report *report)
{
	if (report->started)
		end_report(report);
	else if (report->is_open)
		end_without_report(report);
	*report = (Report){.builder = report->builder, .n_runs = report->n_runs};
}

static void
open_run(Report *report)
{
	end_run(report);
	if (report->n_runs++ > 0)
		perfdash_run_builder_next_run(report->builder);
	report->is_open = TRUE;
	perfdash_run_builder_set_label(report->builder, "tool", "pgbench");
}

static void
start_report(Report *report, const char *type)
{
	if (!report->is_open || report->started)
		open_run(report);
	report->started = TRUE;
	report->whole.benchmark = reader_name(type);
}

static void
add(Report *report,
    Block *block,
    const char *metric,
    const char *unit,
    PerfdashDirection direction,
    double value)
{
	perfdash_run_builder_add_result(report->builder,
					block->benchmark,
					metric,
					unit,
					direction,
					value);
}

static void
read_processed(Report *report, const char *text)
{
	const char *rest;
	if (!reader_number(text, &report->processed, &rest))
		return;
	report->nothing_done = report->processed == 0;
	add(report,
	    &report->whole,
	    "transactions",
	    "1",
	    PERFDASH_DIRECTION_NONE,
	    report->processed);
	if (*rest == '/')
		reader_number(rest + 1, &report->wanted, NULL);
}

static void
read_tps(Report *report, const char *line)
{
	double value;
	if (!read_named(line, "tps", &value))
		return;
	report->has_tps = TRUE;
	if (report->nothing_done)
		return;
	gboolean including = strstr(line, "(including connections establishing)") != NULL;
	add(report,
	    &report->whole,
	    including ? "throughput_with_connecting" : "throughput",
	    "1/s",
	    PERFDASH_DIRECTION_HIGHER,
	    value);
}

static void
read_lag(Report *report, const char *text)
{
	double mean;
	double max;
	const char *rest;
	const char *number = after(text, "avg");
	if (number == NULL || !reader_number(number, &mean, &rest))
		return;
	add(report, &report->whole, "schedule_lag", "ms", PERFDASH_DIRECTION_LOWER, mean);
	number = strstr(rest, "(max ");
	if (number != NULL && reader_number(number + strlen("(max "), &max, NULL))
		perfdash_run_builder_add_stat(report->builder, "max", max);
}

static gboolean
read_parameter(Report *report, const char *line)
{
	for (guint i = 0; i < G_N_ELEMENTS(parameters); i++) {
		const char *text = after(line, parameters[i].prefix);
		if (text == NULL || *text == '\0')
			continue;
		g_autofree char *name = reader_name(text);
		perfdash_run_builder_set_parameter(report->builder, parameters[i].name, name);
		return TRUE;
	}
	return FALSE;
}

static gboolean
read_count(Report *report, Block *block, const char *line)
{
	double value;
	for (guint i = 0; i < G_N_ELEMENTS(run_counts); i++) {
		const char *text = after(line, run_counts[i].prefix);
		if (text == NULL || !reader_number(text, &value, NULL))
			continue;
		add(report, block, run_counts[i].metric, "1", run_counts[i].direction, value);
		if (block == &report->whole && run_counts[i].ends)
			report->ended += value;
		return TRUE;
	}
	return FALSE;
}

/* "number of transactions above the 5.0 ms latency limit: 165/285 (57.895%)" */
static gboolean
read_above_limit(Report *report, Block *block, const char *line)
{
	double value;
	const char *limit = after(line, "number of transactions above the");
	const char *end = limit != NULL ? strstr(limit, " latency limit:") : NULL;
	if (end == NULL || !reader_number_after(end, ":", &value))
		return FALSE;
	g_autofree char *text = g_strndup(limit, end - limit);
	g_autofree char *name = reader_name(text);
	perfdash_run_builder_set_parameter(report->builder, "latency_limit", name);
	if (!report->nothing_done)
		add(report, block, "above_latency_limit", "1", PERFDASH_DIRECTION_LOWER, value);
	return TRUE;
}

static gboolean
read_latency(Block *block, const char *line)
{
	if (read_named(line, "latency average", &block->latency))
		return block->has_latency = TRUE;
	if (read_named(line, "latency stddev", &block->sd))
		return block->has_sd = TRUE;
	return FALSE;
}

/* " - 1103 transactions (50.1% of total, tps = 367.5)" and its like */
static void
read_script_line(Report *report, const char *line)
{
	Block *script = &report->script;
	double value;
	if (read_latency(script, line) || read_count(report, script, line) ||
	    read_above_limit(report, script, line))
		return;
	if (reader_number(line, &value, NULL) && strstr(line, " transactions (") != NULL) {
		add(report, script, "transactions", "1", PERFDASH_DIRECTION_NONE, value);
		report->of_scripts += value;
		const char *tps = strstr(line, "tps = ");
		if (tps != NULL && reader_number(tps + strlen("tps = "), &value, NULL))
			add(report, script, "throughput", "1/s", PERFDASH_DIRECTION_HIGHER, value);
	}
}

static void
start_script(Report *report, const char *line)
{
	const char *name = strstr(line, ": ");
	flush_latency(report, &report->script);
	clear_block(&report->script);
	report->in_statements = FALSE;
	report->script.benchmark = reader_name(name != NULL ? name + 2 : line);
}

static void
start_statements(Report *report, const char *line)
{
	flush_latency(report, &report->script);
	flush_latency(report, &report->whole);
	report->in_statements = TRUE;
	report->columns = 1;
	if (strstr(line, "failures") != NULL)
		report->columns++;
	if (strstr(line, "retries") != NULL)
		report->columns++;
}

static void
read_statement(Report *report, const char *line)
{
	double latency;
	double other;
	const char *rest;
	if (!g_ascii_isspace(*line) || !reader_number(line, &latency, &rest)) {
		report->in_statements = FALSE;
		return;
	}
	for (guint i = 1; i < report->columns; i++) {
		if (!reader_number(rest, &other, &rest))
			return;
	}
	rest += strspn(rest, " ");
	g_autofree char *valid = g_utf8_make_valid(rest, -1);
	g_autofree char *statement = g_utf8_substring(valid,
						      0,
						      MIN(g_utf8_strlen(valid, -1), MAX_STATEMENT));
	const char *script = report->script.benchmark;
	g_autofree char *text = g_strdup_printf("%s%sstatement: %s",
						script != NULL ? script : "",
						script != NULL ? ": " : "",
						statement);
	g_autofree char *benchmark = reader_name(text);
	perfdash_run_builder_add_result(report->builder,
					benchmark,
					"latency",
					"ms",
					PERFDASH_DIRECTION_LOWER,
					latency);
}

static void
read_line(Report *report, const char *line)
{
	const char *text;
	double value;
	if (report->in_statements)
		read_statement(report, line);
	if (report->in_statements)
		return;
	if (g_str_has_prefix(line, "statement latencies in milliseconds") ||
	    g_str_has_prefix(line, " - statement latencies in milliseconds"))
		start_statements(report, line);
	else if (report->script.benchmark != NULL && g_str_has_prefix(line, " - "))
		read_script_line(report, line + strlen(" - "));
	else if (g_str_has_prefix(line, "SQL script "))
		start_script(report, line);
	else if ((text = after(line, "number of transactions actually processed:")) != NULL)
		read_processed(report, text);
	else if (read_named(line, "initial connection time", &value))
		add(report,
		    &report->whole,
		    "connection_time",
		    "ms",
		    PERFDASH_DIRECTION_LOWER,
		    value);
	else if (read_named(line, "average connection time", &value))
		add(report,
		    &report->whole,
		    "connection_time",
		    "ms",
		    PERFDASH_DIRECTION_LOWER,
		    value);
	else if ((text = after(line, "rate limit schedule lag:")) != NULL)
		read_lag(report, text);
	else if (g_str_has_prefix(line, "tps = "))
		read_tps(report, line);
	else if (!read_latency(&report->whole, line) && !read_count(report, &report->whole, line) &&
		 !read_above_limit(report, &report->whole, line) && !report->has_tps)
		read_parameter(report, line);
}

/* "pgbench (15.20)"; with --version it says PostgreSQL there */
static gboolean
read_version(Report *report, const char *line)
{
	const char *version = after(line, "pgbench (");
	if (version == NULL || !g_ascii_isdigit(*version))
		return FALSE;
	g_autofree char *text = g_strndup(version, strcspn(version, " )"));
	g_autofree char *name = reader_name(text);
	open_run(report);
	perfdash_run_builder_set_environment(report->builder, "tool_version", name);
	return TRUE;
}

/* a client that ends, or all of pgbench; the message may have names of hosts and users */
static gboolean
read_error(Report *report, const char *line)
{
	if (!g_str_has_prefix(line, "pgbench: error: ") &&
	    !g_str_has_prefix(line, "pgbench: fatal: "))
		return FALSE;
	if (strstr(line, "Run was aborted") != NULL && report->started) {
		perfdash_run_builder_set_outcome(report->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(report->builder,
						 "pgbench says the run was aborted");
	} else if (!report->is_open) {
		open_run(report);
	}
	report->has_error = TRUE;
	return TRUE;
}

/* standard deviations are printed when progress is */
static gboolean
is_own_progress(const Report *report)
{
	return report->started && report->whole.has_sd &&
	       (report->progress.n == 0 || report->progress_follows);
}

static gboolean
read_progress(Report *report, const char *line)
{
	PgbenchProgress first = {0};
	if (!pgbench_progress_read(&first, line))
		return FALSE;
	if (is_own_progress(report))
		report->progress_follows = TRUE;
	else if (!report->is_open || report->started)
		open_run(report);
	return pgbench_progress_read(&report->progress, line);
}

static void
read_any_line(Report *report, const char *line)
{
	const char *text;
	if (read_version(report, line) || read_error(report, line) || read_progress(report, line))
		return;
	if ((text = after(line, "transaction type:")) != NULL) {
		start_report(report, text);
	} else if (strstr(line, "Run was aborted") != NULL && report->started) {
		/* before version 12 it was no error */
		perfdash_run_builder_set_outcome(report->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(report->builder,
						 "pgbench says the run was aborted");
	} else if (report->started) {
		read_line(report, line);
	}
}

/* whether a last line without a line end has all it should have */
static gboolean
is_whole(const char *line)
{
	return g_str_has_prefix(line, "tps = ") && g_str_has_suffix(line, ")");
}

static gboolean
pgbench_parser_parse(PerfdashParser *parser,
		     const char *name,
		     GBytes *log,
		     PerfdashRunBuilder *builder,
		     GError **error)
{
	g_auto(ReaderLines) lines;
	Report report = {.builder = builder};
	const char *line;
	reader_lines_init(&lines, log, builder);
	gboolean is_cut = FALSE;
	while ((line = reader_lines_next(&lines)) != NULL) {
		is_cut = lines.is_cut && !is_whole(line);
		if (!is_cut)
			read_any_line(&report, line);
	}
	is_cut = is_cut && report.started;
	end_run(&report);
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the last line was cut off");
	}
	return TRUE;
}

PERFDASH_DEFINE_PARSER(
	PgbenchParser,
	pgbench_parser,
	NULL,
	pgbench_parser_parse,
	"pgbench",
	"3",
	"pgbench, PostgreSQL: report with scripts and statements, progress",
	"*pgbench*.txt;*pgbench*.log",
	PERFDASH_PARSER_CONSOLE,
	"transaction type: \ntps, lat \npgbench (\npgbench: error: \npgbench: fatal: ")
