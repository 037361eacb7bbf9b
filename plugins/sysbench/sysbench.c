/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The runs of sysbench, 0.4 to 1.1, in what it prints. A checkpoint report is like the last one but
 * of a part of the run; what is printed every few seconds counts only when the run was killed
 * before it ended; FATAL without a report is a failure. */

#include <string.h>

#include "reader-text.h"
#include "sysbench-report.h"

static void
set_outcome(SysbenchReport *report, PerfdashOutcome outcome, const char *why)
{
	perfdash_run_builder_set_outcome(report->builder, outcome);
	perfdash_run_builder_add_warning_literal(report->builder, why);
}

static void
add_fatal(SysbenchReport *report)
{
	if (report->fatal != NULL)
		perfdash_run_builder_add_warning(report->builder,
						 "sysbench says: %.200s",
						 report->fatal);
}

/* the log ends before the report, or has none */
static void
end_without_report(SysbenchReport *report)
{
	if (report->fatal != NULL) {
		perfdash_run_builder_set_outcome(report->builder, PERFDASH_OUTCOME_FAILED);
	} else if (sysbench_row_is_total(&report->total)) {
		sysbench_row_add(&report->total,
				 report->builder,
				 sysbench_report_get_benchmark(report));
	} else if (report->intervals.n > 0 &&
		   perfdash_run_builder_get_n_results(report->builder) == 0) {
		sysbench_intervals_add(&report->intervals,
				       report->builder,
				       sysbench_report_get_benchmark(report));
		set_outcome(report,
			    PERFDASH_OUTCOME_PARTIAL,
			    "the log ends before the report: the rates are means of what was "
			    "printed until then");
	} else if (perfdash_run_builder_get_n_results(report->builder) > 0) {
		sysbench_report_add_latency(report);
		set_outcome(report,
			    PERFDASH_OUTCOME_PARTIAL,
			    "the log ends before the end of the report");
	} else if (report->has_options || report->is_bare) {
		set_outcome(report, PERFDASH_OUTCOME_PARTIAL, "the log ends before the report");
	}
}

static void
end_run(SysbenchReport *report)
{
	if (!report->is_running)
		return;
	report->is_running = FALSE;
	add_fatal(report);
	if (!report->is_ended)
		end_without_report(report);
	else if (sysbench_report_has_none(report))
		set_outcome(report, PERFDASH_OUTCOME_FAILED, "there was no event");
	else if (report->fatal != NULL || report->n_unfinished > 0)
		set_outcome(report, PERFDASH_OUTCOME_PARTIAL, "sysbench was shut down by force");
	g_free(report->benchmark);
	g_free(report->command);
	g_free(report->fatal);
	*report = (SysbenchReport){.builder = report->builder, .n_runs = report->n_runs};
}

static void
start_run(SysbenchReport *report)
{
	g_autofree char *command = g_steal_pointer(&report->command);
	end_run(report);
	if (report->n_runs++ > 0)
		perfdash_run_builder_next_run(report->builder);
	report->is_running = TRUE;
	report->command = g_steal_pointer(&command);
	perfdash_run_builder_set_label(report->builder, "tool", "sysbench");
}

/* "sysbench 1.0.20 (using ...", "sysbench 0.4.12:  multi-threaded system evaluation benchmark" */
static gboolean
read_head(SysbenchReport *report, const char *line)
{
	const char *version = reader_after(line, "sysbench ");
	if (version == NULL || !g_ascii_isdigit(*version))
		return FALSE;
	gsize length = strcspn(version, " :");
	if (!g_str_has_prefix(version + length, " (using ") &&
	    strstr(version, ":  multi-threaded system evaluation benchmark") == NULL)
		return FALSE;
	g_autofree char *text = g_strndup(version, length);
	g_autofree char *name = reader_name(text);
	start_run(report);
	report->is_bare = TRUE;
	perfdash_run_builder_set_environment(report->builder, "tool_version", name);
	return TRUE;
}

static gboolean
read_options(SysbenchReport *report, const char *line)
{
	if (!g_str_equal(line, "Running the test with following options:"))
		return FALSE;
	if (!report->is_running || report->has_options)
		start_run(report);
	report->has_options = TRUE;
	return TRUE;
}

/* "+ sysbench threads --threads=4 run" */
static void
read_command(SysbenchReport *report, const char *line)
{
	const char *text = strstr(line, "sysbench ");
	if ((*line != '+' && *line != '$') || text == NULL || !g_str_has_suffix(line, " run"))
		return;
	g_auto(GStrv) words = reader_words(text + strlen("sysbench "));
	end_run(report);
	g_clear_pointer(&report->command, g_free);
	for (guint i = 0; words[i + 1] != NULL && report->command == NULL; i++) {
		if (g_str_has_prefix(words[i], "--test="))
			report->command = reader_name(words[i] + strlen("--test="));
		else if (g_ascii_isalpha(*words[i]))
			report->command = reader_name(words[i]);
	}
}

static void
take_row(SysbenchReport *report)
{
	SysbenchRow row = report->row;
	if (!report->is_running ||
	    (sysbench_row_is_total(&report->total) && row.time <= report->total.time))
		start_run(report);
	report->total = row;
	report->intervals.sums[0] += row.transactions;
	report->intervals.n += !sysbench_row_is_total(&row);
}

static gboolean
read_interval(SysbenchReport *report, const char *line)
{
	if (strstr(line, "] Checkpoint report:") != NULL) {
		report->in_checkpoint = TRUE;
		perfdash_run_builder_add_warning_literal(
			report->builder,
			"the report is of what followed the last checkpoint");
	} else if (sysbench_row_read_csv(&report->row, line)) {
		take_row(report);
	} else {
		return sysbench_intervals_read(&report->intervals, line);
	}
	return TRUE;
}

/* FATAL may be said by every thread: the first one tells why; names of hosts and users follow */
static void
read_fatal(SysbenchReport *report, const char *message)
{
	g_autofree char *reason = g_strndup(message, strcspn(message, ":'\"@/"));
	if (report->fatal == NULL)
		report->fatal = reader_name(g_strchomp(reason));
}

static void
read_run_line(SysbenchReport *report, const char *line)
{
	const char *text = line + strspn(line, " \t");
	gboolean is_last = g_str_has_prefix(text, "execution time (avg/stddev):");
	const char *rest;
	/* all but rows that follows those of a whole test is of something else */
	if (sysbench_row_is_total(&report->total))
		read_interval(report, line);
	else if ((rest = reader_after(line, "FATAL:")) ||
		 g_str_has_prefix(line, "invalid option: "))
		read_fatal(report, rest != NULL ? rest : line);
	else if ((rest = reader_after(line, "Number of unfinished transactions on ")) != NULL)
		reader_number_after(rest, ": ", &report->n_unfinished);
	else if (report->in_checkpoint)
		report->in_checkpoint = !is_last;
	else if (is_last && report->in_latency)
		report->is_ended = TRUE;
	else if (!read_interval(report, line))
		sysbench_report_read(report, text);
	if (report->is_ended)
		end_run(report);
}

static void
read_line(SysbenchReport *report, const char *line)
{
	if (sysbench_row_read_json(&report->row, line)) {
		take_row(report);
		return;
	}
	if (read_head(report, line) || read_options(report, line))
		return;
	report->is_bare &= *line == '\0';
	if (report->is_running)
		read_run_line(report, line);
	read_command(report, line);
}

/* whether a last line without a line end has all it should have */
static gboolean
is_whole(const char *line)
{
	const char *sd = strrchr(line, '/');
	return g_str_has_prefix(line, "    execution time (avg/stddev):") && sd != NULL &&
	       strlen(sd) >= strlen("/0.00") && sd[strlen(sd) - 3] == '.';
}

static gboolean
sysbench_parser_parse(PerfdashParser *self,
		      const char *name,
		      GBytes *log,
		      PerfdashRunBuilder *builder,
		      GError **error)
{
	g_auto(ReaderLines) lines;
	SysbenchReport report = {.builder = builder};
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut || is_whole(line))
			read_line(&report, line);
	}
	end_run(&report);
	g_free(report.command);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(SysbenchParser,
		       sysbench_parser,
		       NULL,
		       sysbench_parser_parse,
		       "sysbench",
		       "4",
		       "sysbench, CPU, memory, files and SQL: text, JSON and CSV reports",
		       "*sysbench*.txt;*sysbench*.log",
		       PERFDASH_PARSER_CONSOLE,
		       "sysbench 1.\nsysbench 0.\nRunning the test with following options:\n"
		       "\"reconnects\": ")
