/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The reports of vegeta: JSON in nanoseconds, and text in which each time has its own unit and each
 * line names its columns, which grew over the years. Requests count whether they were answered or
 * not, the rate is what was sent, the throughput what was answered well. */

#include "vegeta.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "reader-duration.h"
#include "reader-json.h"
#include "reader-start.h"
#include "reader-text.h"

#define BENCHMARK "vegeta"

/* a report; what it does not say is NAN. Times are in one unit, which the caller knows */
typedef struct {
	double requests, rate, throughput, success;
	double duration, attack, wait;
	double bytes_in, bytes_out;
	double mean, min, max, p50, p90, p95, p99;
	double errors;
} Report;

/* columns of the text, and where they go */
static const struct {
	const char *line;
	const char *column;
	gsize offset;
} columns[] = {
	{"Requests", "total", offsetof(Report, requests)},
	{"Requests", "rate", offsetof(Report, rate)},
	{"Requests", "throughput", offsetof(Report, throughput)},
	{"Duration", "total", offsetof(Report, duration)},
	{"Duration", "attack", offsetof(Report, attack)},
	{"Duration", "wait", offsetof(Report, wait)},
	{"Latencies", "min", offsetof(Report, min)},
	{"Latencies", "mean", offsetof(Report, mean)},
	{"Latencies", "50", offsetof(Report, p50)},
	{"Latencies", "90", offsetof(Report, p90)},
	{"Latencies", "95", offsetof(Report, p95)},
	{"Latencies", "99", offsetof(Report, p99)},
	{"Latencies", "max", offsetof(Report, max)},
	{"Bytes In", "total", offsetof(Report, bytes_in)},
	{"Bytes Out", "total", offsetof(Report, bytes_out)},
	{"Success", "ratio", offsetof(Report, success)},
};

/* members of the document, and of objects in it */
static const struct {
	const char *object; /* nullable */
	const char *member;
	gsize offset;
} members[] = {
	{NULL, "requests", offsetof(Report, requests)},
	{NULL, "rate", offsetof(Report, rate)},
	{NULL, "throughput", offsetof(Report, throughput)},
	{NULL, "success", offsetof(Report, success)},
	{NULL, "duration", offsetof(Report, attack)},
	{NULL, "wait", offsetof(Report, wait)},
	{"bytes_in", "total", offsetof(Report, bytes_in)},
	{"bytes_out", "total", offsetof(Report, bytes_out)},
	{"latencies", "mean", offsetof(Report, mean)},
	{"latencies", "min", offsetof(Report, min)},
	{"latencies", "max", offsetof(Report, max)},
	{"latencies", "50th", offsetof(Report, p50)},
	{"latencies", "90th", offsetof(Report, p90)},
	{"latencies", "95th", offsetof(Report, p95)},
	{"latencies", "99th", offsetof(Report, p99)},
};

static const struct {
	const char *stat;
	gsize offset;
} stats[] = {
	{"min", offsetof(Report, min)},
	{"max", offsetof(Report, max)},
	{"p50", offsetof(Report, p50)},
	{"p90", offsetof(Report, p90)},
	{"p95", offsetof(Report, p95)},
	{"p99", offsetof(Report, p99)},
};

static void
clear_report(Report *report)
{
	for (gsize i = 0; i < sizeof(*report) / sizeof(double); i++)
		((double *)report)[i] = NAN;
}

static void
add(PerfdashRunBuilder *builder,
    const char *metric,
    const char *unit,
    PerfdashDirection direction,
    double value)
{
	if (isfinite(value))
		perfdash_run_builder_add_result(builder, BENCHMARK, metric, unit, direction, value);
}

static void
add_latency(PerfdashRunBuilder *builder, const Report *report, const char *time_unit)
{
	if (!isfinite(report->mean))
		return;
	add(builder, "latency", time_unit, PERFDASH_DIRECTION_LOWER, report->mean);
	/* vegeta before 12.2 has no minimum, and writes none as zero */
	for (guint i = 0; i < G_N_ELEMENTS(stats); i++) {
		double value = G_STRUCT_MEMBER(double, report, stats[i].offset);
		if (isfinite(value) && value > 0)
			perfdash_run_builder_add_stat(builder, stats[i].stat, value);
	}
}

static void
set_failed(PerfdashRunBuilder *builder, const char *why)
{
	perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
	perfdash_run_builder_add_warning_literal(builder, why);
}

/* FALSE when every request failed, and with it the run */
static gboolean
write_report(PerfdashRunBuilder *builder, const Report *report, const char *time_unit)
{
	gboolean is_good = report->requests > 0 && report->success != 0;
	perfdash_run_builder_set_label(builder, "tool", "vegeta");
	if (!is_good)
		set_failed(builder,
			   report->requests > 0 ? "every request failed" : "no request was sent");
	else
		add_latency(builder, report, time_unit);
	add(builder, "requests", "1", PERFDASH_DIRECTION_NONE, report->requests);
	add(builder, "errors", "1", PERFDASH_DIRECTION_LOWER, report->errors);
	add(builder, "duration", time_unit, PERFDASH_DIRECTION_NONE, report->attack);
	if (!is_good)
		return FALSE;
	add(builder, "rate", "1/s", PERFDASH_DIRECTION_NONE, report->rate);
	add(builder, "throughput", "1/s", PERFDASH_DIRECTION_HIGHER, report->throughput);
	add(builder, "success", "ratio", PERFDASH_DIRECTION_HIGHER, report->success);
	add(builder, "bytes_in", "B", PERFDASH_DIRECTION_NONE, report->bytes_in);
	add(builder, "bytes_out", "B", PERFDASH_DIRECTION_NONE, report->bytes_out);
	return TRUE;
}

/* vegeta takes what is not between 200 and 399 as failed, and no answer as 0 */
static gboolean
is_bad_status(const char *code)
{
	double status;
	return reader_number(code, &status, NULL) && (status < 200 || status >= 400);
}

static void
read_statuses(JsonObject *codes, Report *report)
{
	g_autoptr(GList) names = codes != NULL ? json_object_get_members(codes) : NULL;
	if (names != NULL)
		report->errors = 0;
	for (GList *l = names; l != NULL; l = l->next) {
		double count;
		if (is_bad_status(l->data) && reader_json_number(codes, l->data, &count))
			report->errors += count;
	}
}

static void
read_document(JsonObject *root, PerfdashRunBuilder *builder)
{
	Report report;
	clear_report(&report);
	for (guint i = 0; i < G_N_ELEMENTS(members); i++) {
		JsonObject *object = members[i].object != NULL
					     ? reader_json_object(root, members[i].object)
					     : root;
		double value;
		if (object != NULL && reader_json_number(object, members[i].member, &value))
			G_STRUCT_MEMBER(double, &report, members[i].offset) = value;
	}
	read_statuses(reader_json_object(root, "status_codes"), &report);
	reader_set_start_text(builder, reader_json_string(root, "earliest"));
	write_report(builder, &report, "ns");
}

/* a time in seconds, or a number, or a share in percent */
static double
read_value(const char *line, const char *text)
{
	double value;
	const char *rest;
	if (g_str_equal(line, "Duration") || g_str_equal(line, "Latencies")) {
		ReaderQuantity quantity = reader_duration(text, NULL);
		/* a zero has no unit in old versions */
		return quantity.unit != NULL ? reader_quantity_to_base(quantity) : NAN;
	}
	if (!reader_number(text, &value, &rest))
		return NAN;
	if (*rest == '%')
		perfdash_unit_to_base("%", value, &value);
	return value;
}

static void
take_column(Report *report, const char *line, const char *column, const char *text)
{
	for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
		if (g_str_equal(columns[i].line, line) && g_str_equal(columns[i].column, column))
			G_STRUCT_MEMBER(double, report, columns[i].offset) = read_value(line, text);
	}
}

static void
take_statuses(Report *report, const char *text)
{
	g_auto(GStrv) words = reader_words(text);
	report->errors = 0;
	for (guint i = 0; words[i] != NULL; i++) {
		const char *colon = strchr(words[i], ':');
		double count;
		if (colon != NULL && is_bad_status(words[i]) &&
		    reader_number(colon + 1, &count, NULL))
			report->errors += count;
	}
}

/* "NAME  [COLUMN, COLUMN]  VALUE, VALUE" */
static void
read_line(Report *report, const char *line)
{
	const char *open = strstr(line, " [");
	const char *close = open != NULL ? strstr(open, "] ") : NULL;
	if (close == NULL)
		return;
	g_autofree char *name = g_strndup(line, open - line);
	g_autofree char *names = g_strndup(open + 2, close - open - 2);
	g_auto(GStrv) titles = g_strsplit(names, ",", 20);
	g_auto(GStrv) values = g_strsplit(close + 1, ",", 20);
	g_strchomp(name);
	if (g_str_equal(name, "Status Codes"))
		take_statuses(report, close + 1);
	for (guint i = 0; titles[i] != NULL && values[i] != NULL; i++)
		take_column(report, name, g_strstrip(titles[i]), g_strstrip(values[i]));
}

static void
end_run(PerfdashRunBuilder *builder, const Report *report, guint line)
{
	perfdash_run_builder_set_line(builder, line);
	gboolean is_good = write_report(builder, report, "s");
	if (!isfinite(report->errors)) {
		if (is_good)
			perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the report was cut off");
	}
	perfdash_run_builder_next_run(builder);
}

static void
read_text(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	const char *line;
	Report report;
	guint start = 0;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL && !lines.is_cut) {
		gboolean is_first = g_str_has_prefix(line, "Requests ") &&
				    strstr(line, " [total") != NULL;
		if (start > 0 && (is_first || g_str_has_prefix(line, "Error Set:"))) {
			end_run(builder, &report, start);
			start = 0;
		}
		if (is_first) {
			start = lines.number;
			clear_report(&report);
		}
		if (start > 0)
			read_line(&report, line);
	}
	if (start > 0)
		end_run(builder, &report, start);
}

static guint
vegeta_parser_probe(PerfdashParser *self, const char *name, GBytes *head)
{
	g_autofree char *text = reader_text(head);
	return strstr(text, "\"latencies\"") != NULL && strstr(text, "\"50th\"") != NULL &&
			       strstr(text, "\"bytes_in\"") != NULL
		       ? 95
		       : 0;
}

static gboolean
vegeta_parser_parse(PerfdashParser *self,
		    const char *name,
		    GBytes *log,
		    PerfdashRunBuilder *builder,
		    GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	if (vegeta_parser_probe(self, name, log) == 0 || !reader_json_is_document(text, size)) {
		read_text(log, builder);
		vegeta_distribution_read(log, builder);
		return TRUE;
	}
	return reader_json_read_object(log, read_document, builder, error);
}

PERFDASH_DEFINE_PARSER(VegetaParser,
		       vegeta_parser,
		       vegeta_parser_probe,
		       vegeta_parser_parse,
		       "vegeta",
		       "3",
		       "vegeta, HTTP load: JSON and text output, histograms",
		       "*vegeta*",
		       PERFDASH_PARSER_JSON | PERFDASH_PARSER_CONSOLE,
		       "\"50th\"\n"
		       "[total, rate\n"
		       "[total]  \n"
		       "%      Histogram\n"
		       "%       Histogram\n"
		       "%        Histogram\n"
		       "Value(ms)  Percentile")
