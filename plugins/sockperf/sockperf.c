/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sockperf names no unit beside its percentiles: they are microseconds. Its MBps and Mbps are of
 * 1024 * 1024. "interrupted by timer" is how every run ends; one that was stopped by a person says
 * "interrupted by signal", which under load follows the timer in every run. With several servers
 * the statistics come once for each. A full log has neither a version nor a summary, and a line for
 * each packet between dashes. */

#include <string.h>

#include "reader-quantity.h"
#include "reader-text.h"

#define MAX_PERCENTILES 32
#define DASHES          "------------------------------"

/* how a full log says that it was run, and what we call it */
static const char *const parameters[][2] = {{"--mps=", "mps"},
					    {"--burst=", "burst"},
					    {"--reply-every=", "reply_every"},
					    {"--msg-size=", "message_size"},
					    {"--time=", "time"}};

static const ReaderSuffix rates[] = {{"KBps", "KiB/s", 0},
				     {"MBps", "MiB/s", 0},
				     {"GBps", "GiB/s", 0},
				     {NULL}};

typedef struct {
	char name[16];
	double value;
} Stat;

typedef struct {
	PerfdashRunBuilder *builder;
	guint n_runs;
	gboolean is_open;
	gboolean has_result;
	gboolean is_over; /* the timer ended the test */
	gboolean is_stopped;
	gboolean is_cut; /* a distribution has no minimum, which ends it */
	gboolean is_full_log;
	gboolean is_complete; /* dashes ended the packets of the full log */
	gboolean is_in_packets;
	double server;      /* whose statistics these are */
	const char *metric; /* of the distribution that is being read; NULL without one */
	double mean;
	double sd;
	gboolean has_sd;
	Stat stats[MAX_PERCENTILES];
	guint n_stats;
} Sockperf;

static void
add(Sockperf *self,
    const char *metric,
    const char *side,
    const char *unit,
    PerfdashDirection better,
    double value)
{
	perfdash_run_builder_add_result(self->builder, "sockperf", metric, unit, better, value);
	if (side != NULL)
		perfdash_run_builder_add_result_label(self->builder, "side", side);
	if (self->server > 0) {
		g_autofree char *number = g_strdup_printf("%.0f", self->server);
		perfdash_run_builder_add_result_label(self->builder, "server", number);
	}
}

static gboolean
has_stat(Sockperf *self, const char *name)
{
	for (guint i = 0; i < self->n_stats; i++) {
		if (g_str_equal(self->stats[i].name, name))
			return TRUE;
	}
	return FALSE;
}

static void
keep_stat(Sockperf *self, const char *name, double value)
{
	if (self->n_stats == MAX_PERCENTILES || has_stat(self, name))
		return;
	Stat *stat = &self->stats[self->n_stats++];
	g_strlcpy(stat->name, name, sizeof(stat->name));
	stat->value = value;
}

static void
end_latency(Sockperf *self)
{
	if (self->metric != NULL) {
		add(self, self->metric, NULL, "us", PERFDASH_DIRECTION_LOWER, self->mean);
		if (self->has_sd)
			perfdash_run_builder_add_stat(self->builder, "sd", self->sd);
		for (guint i = 0; i < self->n_stats; i++)
			perfdash_run_builder_add_stat(self->builder,
						      self->stats[i].name,
						      self->stats[i].value);
		self->has_result = TRUE;
		self->is_cut |= !has_stat(self, "min");
	}
	self->metric = NULL;
	self->has_sd = FALSE;
	self->n_stats = 0;
}

static void
end_run(Sockperf *self)
{
	if (!self->is_open)
		return;
	end_latency(self);
	self->is_cut |= self->is_full_log && !self->is_complete;
	if (self->is_stopped || self->is_cut || !self->has_result) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder,
						 self->is_stopped
							 ? "sockperf was stopped by a signal"
							 : "the log ends before sockperf did");
	}
	self->is_open = FALSE;
}

static void
start_run(Sockperf *self, const char *version)
{
	end_run(self);
	if (self->n_runs++ > 0)
		perfdash_run_builder_next_run(self->builder);
	self->is_open = TRUE;
	self->has_result = self->is_over = self->is_stopped = self->is_cut = FALSE;
	self->is_full_log = self->is_complete = self->is_in_packets = FALSE;
	self->server = 0;
	perfdash_run_builder_set_label(self->builder, "tool", "sockperf");
	if (version == NULL)
		return;
	g_autofree char *text = g_strndup(version, strcspn(version, " "));
	g_autofree char *name = reader_name(text);
	perfdash_run_builder_set_environment(self->builder, "tool_version", name);
}

static void
fail_run(Sockperf *self, const char *why)
{
	if (!self->is_open)
		start_run(self, NULL);
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
	perfdash_run_builder_add_warning_literal(self->builder, why);
	self->is_open = FALSE;
}

/* "[Valid Duration] RunTime=1.550 sec; SentMessages=27792; ReceivedMessages=27792" */
static void
read_duration(Sockperf *self, const char *text)
{
	double value;
	if (reader_number_after(text, "RunTime=", &value))
		add(self, "duration", NULL, "s", PERFDASH_DIRECTION_NONE, value);
	if (reader_number_after(text, "SentMessages=", &value))
		add(self, "messages", "sent", "1", PERFDASH_DIRECTION_NONE, value);
	if (reader_number_after(text, "ReceivedMessages=", &value))
		add(self, "messages", "received", "1", PERFDASH_DIRECTION_NONE, value);
}

static void
read_lost(Sockperf *self, const char *text)
{
	static const char *const kinds[][2] = {
		{"dropped messages = ", "dropped_messages"},
		{"duplicated messages = ", "duplicated_messages"},
		{"out-of-order messages = ", "out_of_order_messages"}};
	double value;
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (reader_number_after(text, kinds[i][0], &value))
			add(self, kinds[i][1], NULL, "1", PERFDASH_DIRECTION_LOWER, value);
	}
}

/* zero is what a rate is rounded to that is too low for three decimals: nothing was measured */
static void
add_rate(Sockperf *self, const char *metric, const char *unit, double value)
{
	if (value > 0) {
		add(self, metric, NULL, unit, PERFDASH_DIRECTION_HIGHER, value);
		self->has_result = TRUE;
	}
}

/* behind "Summary: " */
static void
read_summary(Sockperf *self, const char *text)
{
	double value;
	const char *rest;
	if ((rest = reader_after(text, "Latency is ")) != NULL ||
	    (rest = reader_after(text, "Round trip is ")) != NULL) {
		if (!reader_number(rest, &self->mean, &rest) || !g_str_has_prefix(rest, " usec"))
			return;
		gboolean is_rtt = g_str_has_prefix(text, "Round trip");
		self->metric = is_rtt ? "round_trip" : "latency";
	} else if ((rest = reader_after(text, "Message Rate is ")) != NULL) {
		if (reader_number(rest, &value, &rest) && g_str_has_prefix(rest, " [msg/sec]"))
			add_rate(self, "message_rate", "1/s", value);
	} else if ((rest = reader_after(text, "BandWidth is ")) != NULL) {
		ReaderQuantity rate = reader_quantity(rest, rates, NULL);
		if (rate.unit != NULL)
			add_rate(self, "bandwidth", rate.unit, rate.value);
	}
}

/* "====> avg-latency=27.839 (std-dev=29.614)"; a full log has no summary */
static void
read_average(Sockperf *self, const char *text)
{
	if (self->is_full_log && reader_number_after(text, "=", &self->mean))
		self->metric = g_str_has_prefix(text, "avg-rtt") ? "round_trip" : "latency";
	self->has_sd = reader_number_after(text, "(std-dev=", &self->sd);
}

/* "---> percentile 99.000 =  858.418" and "---> <MAX> observation = 5682.191" */
static void
read_observation(Sockperf *self, const char *text)
{
	double percent;
	double value;
	const char *rest;
	char digits[12];
	if (self->metric == NULL || !reader_number_after(text, "=", &value))
		return;
	if (g_str_has_prefix(text, "<MAX>"))
		keep_stat(self, "max", value);
	else if (g_str_has_prefix(text, "<MIN>"))
		keep_stat(self, "min", value);
	else if ((rest = reader_after(text, "percentile ")) != NULL &&
		 reader_number(rest, &percent, NULL) && percent > 0 && percent <= 100) {
		g_ascii_formatd(digits, sizeof(digits), "%.8g", percent);
		g_autofree char *name = g_strconcat("p", digits, NULL);
		keep_stat(self, name, value);
	}
}

static gboolean
is_failure(const char *text)
{
	return g_str_has_prefix(text, "No messages were received from the server") ||
	       g_str_has_prefix(text, "ERROR: ");
}

static void
read_statistics(Sockperf *self, const char *text)
{
	const char *rest;
	double value;
	if ((rest = reader_after(text, "Summary: ")) != NULL)
		read_summary(self, rest);
	else if ((rest = reader_after(text, "---> ")) != NULL)
		read_observation(self, rest);
	else if ((rest = reader_after(text, "Total ")) != NULL &&
		 strstr(rest, " observations") != NULL && self->metric != NULL &&
		 reader_number(rest, &value, NULL))
		keep_stat(self, "n", value);
	else if ((rest = reader_after(text, "====> ")) != NULL)
		read_average(self, rest);
	else if (g_str_has_prefix(text, "[Valid Duration] "))
		read_duration(self, text);
	else if (g_str_has_prefix(text, "# dropped messages = "))
		read_lost(self, text);
	else if (strstr(text, " messages sent in ") != NULL &&
		 reader_number_after(text, "Total of ", &value))
		add(self, "messages", "sent", "1", PERFDASH_DIRECTION_NONE, value);
}

/* behind "sockperf: " */
static void
read_line(Sockperf *self, const char *text)
{
	const char *version = strstr(text, "== version #");
	if (version != NULL)
		start_run(self, version + strlen("== version #"));
	else if (is_failure(text))
		fail_run(self, text);
	else if (!self->is_open)
		return;
	else if (g_str_has_prefix(text, "Test end (interrupted by timer"))
		self->is_over = TRUE;
	else if (g_str_has_prefix(text, "Test end (interrupted by signal"))
		self->is_stopped |= !self->is_over && self->metric == NULL && !self->has_result;
	else if (g_str_has_prefix(text, "========= Printing statistics for Server No: ")) {
		end_latency(self);
		reader_number_after(text, "Server No: ", &self->server);
	} else
		read_statistics(self, text);
}

/* "test was performed using the following parameters: --mps=10000 --burst=1 ..." */
static void
start_full_log(Sockperf *self, const char *options)
{
	g_auto(GStrv) words = reader_words(options);
	start_run(self, NULL);
	self->is_full_log = TRUE;
	for (guint i = 0; words[i] != NULL; i++) {
		for (guint j = 0; j < G_N_ELEMENTS(parameters); j++) {
			const char *value = reader_after(words[i], parameters[j][0]);
			if (value == NULL)
				continue;
			g_autofree char *name = reader_name(value);
			perfdash_run_builder_set_parameter(self->builder, parameters[j][1], name);
		}
	}
}

/* what is not sockperf's own word */
static void
read_full_log(Sockperf *self, const char *line)
{
	const char *options = reader_after(
		line,
		"test was performed using the following parameters: --mps=");
	if (options != NULL) {
		start_full_log(self, strstr(line, "--mps="));
	} else if (self->is_full_log &&
		   g_str_has_prefix(line, "packet, txTime(sec), rxTime(sec)")) {
		self->is_in_packets = TRUE;
		self->is_complete = FALSE;
	} else if (self->is_in_packets && g_str_equal(line, DASHES)) {
		self->is_in_packets = FALSE;
		self->is_complete = TRUE;
	}
}

static gboolean
sockperf_parser_parse(PerfdashParser *parser,
		      const char *name,
		      GBytes *log,
		      PerfdashRunBuilder *builder,
		      GError **error)
{
	g_auto(ReaderLines) lines;
	Sockperf self = {.builder = builder};
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		const char *text = reader_after(line, "sockperf: ");
		if (lines.is_cut)
			break;
		if (text != NULL)
			read_line(&self, text);
		else
			read_full_log(&self, line);
	}
	end_run(&self);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(SockperfParser,
		       sockperf_parser,
		       NULL,
		       sockperf_parser_parse,
		       "sockperf",
		       "3",
		       "sockperf, network: text output, full log",
		       "*sockperf*.txt;*sockperf*.log;*sockperf*.csv",
		       PERFDASH_PARSER_CONSOLE,
		       "sockperf: ")
