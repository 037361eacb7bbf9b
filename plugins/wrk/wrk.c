/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The text of wrk and wrk2: every number has its own unit; the lines that count errors are there
 * only when there were some; a run that was killed prints nothing, one that was interrupted says so
 * only by its time. */

#include <string.h>

#include "reader-quantity.h"
#include "reader-text.h"

typedef struct {
	double percent;
	ReaderQuantity quantity;
} Percentile;

/* what the lines of one run say */
typedef struct {
	char *url;
	ReaderQuantity wanted_duration;
	ReaderQuantity latency[3]; /* average, standard deviation, maximum */
	ReaderQuantity per_thread[3];
	GArray *percentiles; /* of Percentile */
	ReaderQuantity requests;
	ReaderQuantity duration;
	ReaderQuantity bytes_read;
	gboolean is_wrk;      /* autocannon begins with the same line */
	gboolean in_spectrum; /* wrk2's table of all percentiles, and one without correction */
	double non_2xx;
	double socket_errors;
	ReaderQuantity throughput;
	ReaderQuantity transfer;
} Run;

static Run *
run_new(void)
{
	Run *run = g_new0(Run, 1);
	run->percentiles = g_array_new(FALSE, FALSE, sizeof(Percentile));
	return run;
}

static void
run_free(Run *run)
{
	g_free(run->url);
	g_array_unref(run->percentiles);
	g_free(run);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Run, run_free)

static void
read_columns(const char *text, const ReaderSuffix *suffixes, ReaderQuantity *columns)
{
	g_auto(GStrv) words = reader_words(text);
	for (guint i = 0; i < 3 && words[i] != NULL; i++)
		columns[i] = reader_quantity(words[i], suffixes, NULL);
}

static double
sum_numbers(const char *text)
{
	double sum = 0;
	double value;
	for (; *text != '\0'; text++) {
		if (g_ascii_isdigit(*text) && reader_number(text, &value, &text)) {
			sum += value;
			text--;
		}
	}
	return sum;
}

static void
read_percentile(Run *run, const char *text)
{
	double percent;
	const char *rest;
	if (!reader_number(text, &percent, &rest) || *rest != '%' || percent > 100)
		return;
	Percentile one = {percent, reader_quantity(rest + 1, reader_times, NULL)};
	if (one.quantity.unit != NULL)
		g_array_append_val(run->percentiles, one);
}

static void
read_requests(Run *run, const char *text)
{
	const char *in = strstr(text, " requests in ");
	const char *rest = NULL;
	run->requests = reader_quantity(text, reader_counts, NULL);
	run->duration = reader_quantity(in + strlen(" requests in "), reader_times, &rest);
	if (rest != NULL && *rest == ',')
		run->bytes_read = reader_quantity(rest + 1, reader_sizes_1024, NULL);
}

static void
read_setup(Run *run, PerfdashRunBuilder *builder, const char *text)
{
	double threads;
	double connections;
	const char *rest;
	if (!reader_number(text, &threads, &rest) ||
	    !reader_number_after(rest, "and", &connections))
		return;
	g_autofree char *threads_text = g_strdup_printf("%.0f", threads);
	g_autofree char *connections_text = g_strdup_printf("%.0f", connections);
	perfdash_run_builder_set_parameter(builder, "threads", threads_text);
	perfdash_run_builder_set_parameter(builder, "connections", connections_text);
	run->is_wrk = TRUE;
}

static void
read_latency(Run *run, PerfdashRunBuilder *builder, const char *text)
{
	const char *columns;
	if (g_str_has_prefix(text, "Thread calibration: "))
		perfdash_run_builder_set_label(builder, "tool", "wrk2");
	else if (g_str_has_prefix(text, "Detailed Percentile spectrum:"))
		run->in_spectrum = TRUE;
	else if ((columns = reader_after(text, "Latency  ")) != NULL)
		read_columns(columns, reader_times, run->latency);
	else if (g_ascii_isdigit(*text) && !run->in_spectrum)
		read_percentile(run, text);
}

static void
read_line(Run *run, PerfdashRunBuilder *builder, const char *line)
{
	const char *text = line + strspn(line, " ");
	const char *rest;
	if (strstr(text, " threads and ") != NULL && g_str_has_suffix(text, " connections"))
		read_setup(run, builder, text);
	else if ((rest = reader_after(text, "Req/Sec")) != NULL)
		read_columns(rest, reader_counts, run->per_thread);
	else if (strstr(text, " requests in ") != NULL)
		read_requests(run, text);
	else if ((rest = reader_after(text, "Socket errors: ")) != NULL)
		run->socket_errors = sum_numbers(rest);
	else if ((rest = reader_after(text, "Non-2xx or 3xx responses: ")) != NULL)
		reader_number(rest, &run->non_2xx, NULL);
	else if ((rest = reader_after(text, "Requests/sec:")) != NULL)
		run->throughput = reader_quantity(rest, reader_counts, NULL);
	else if ((rest = reader_after(text, "Transfer/sec:")) != NULL)
		run->transfer = reader_quantity(rest, reader_sizes_1024, NULL);
	else
		read_latency(run, builder, text);
}

static void
add(PerfdashRunBuilder *builder,
    Run *run,
    const char *metric,
    PerfdashDirection direction,
    ReaderQuantity quantity)
{
	reader_add(builder, run->url, metric, direction, quantity);
}

/* counts that are rates */
static void
add_rate(PerfdashRunBuilder *builder, Run *run, const char *metric, ReaderQuantity quantity)
{
	if (quantity.unit != NULL)
		perfdash_run_builder_add_result(builder,
						run->url,
						metric,
						"1/s",
						PERFDASH_DIRECTION_HIGHER,
						quantity.value);
}

static void
add_latency(PerfdashRunBuilder *builder, Run *run)
{
	if (run->latency[0].unit == NULL)
		return;
	add(builder, run, "latency", PERFDASH_DIRECTION_LOWER, run->latency[0]);
	reader_add_stat(builder, "sd", run->latency[1]);
	reader_add_stat(builder, "max", run->latency[2]);
	for (guint i = 0; i < run->percentiles->len; i++) {
		Percentile *one = &g_array_index(run->percentiles, Percentile, i);
		reader_add_percentile(builder, one->percent, one->quantity);
	}
}

static void
add_results(PerfdashRunBuilder *builder, Run *run)
{
	ReaderQuantity errors = {run->non_2xx, "1"};
	ReaderQuantity socket_errors = {run->socket_errors, "1"};
	add_latency(builder, run);
	if (run->per_thread[0].unit != NULL) {
		add_rate(builder, run, "requests_per_second_per_thread", run->per_thread[0]);
		reader_add_stat(builder, "sd", run->per_thread[1]);
		reader_add_stat(builder, "max", run->per_thread[2]);
	}
	add(builder, run, "requests", PERFDASH_DIRECTION_NONE, run->requests);
	add(builder, run, "duration", PERFDASH_DIRECTION_NONE, run->duration);
	add(builder, run, "bytes_read", PERFDASH_DIRECTION_NONE, run->bytes_read);
	if (run->throughput.unit != NULL) {
		add(builder, run, "errors", PERFDASH_DIRECTION_LOWER, errors);
		add(builder, run, "socket_errors", PERFDASH_DIRECTION_LOWER, socket_errors);
	}
	add_rate(builder, run, "throughput", run->throughput);
	if (run->transfer.unit != NULL)
		perfdash_run_builder_add_result(builder,
						run->url,
						"transfer",
						"B/s",
						PERFDASH_DIRECTION_HIGHER,
						reader_quantity_to_base(run->transfer));
}

/* what the numbers are worth */
static void
end_run(PerfdashRunBuilder *builder, Run *run)
{
	if (!run->is_wrk)
		return;
	gboolean none = run->requests.unit != NULL && run->requests.value == 0;
	gboolean all_failed = run->requests.unit != NULL && run->non_2xx >= run->requests.value;
	if (none || all_failed) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(builder,
						 none ? "no request was answered"
						      : "every request was an error");
		return;
	}
	add_results(builder, run);
	if (run->transfer.unit == NULL) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the log ends before the totals");
	} else if (reader_quantity_to_base(run->duration) <
		   0.9 * reader_quantity_to_base(run->wanted_duration)) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder,
						 "the test was stopped after %.3g of %.3g s",
						 reader_quantity_to_base(run->duration),
						 reader_quantity_to_base(run->wanted_duration));
	}
}

static Run *
start_run(PerfdashRunBuilder *builder, const char *line)
{
	const char *duration = line + strlen("Running ");
	const char *url = strstr(line, " test @ ") + strlen(" test @ ");
	Run *run = run_new();
	run->url = g_strdup(url);
	g_strchomp(run->url);
	run->wanted_duration = reader_quantity(duration, reader_times, NULL);
	g_autofree char *text = g_strndup(duration, strcspn(duration, " "));
	perfdash_run_builder_set_label(builder, "tool", "wrk");
	perfdash_run_builder_set_parameter(builder, "duration", text);
	return run;
}

static gboolean
is_start(const char *line)
{
	return g_str_has_prefix(line, "Running ") && strstr(line, " test @ ") != NULL;
}

static gboolean
is_refusal(const char *text)
{
	return g_str_has_prefix(text, "unable to connect to ");
}

static void
finish(PerfdashRunBuilder *builder, Run **run)
{
	if (*run == NULL)
		return;
	end_run(builder, *run);
	perfdash_run_builder_next_run(builder);
	g_clear_pointer(run, run_free);
}

static gboolean
wrk_parser_parse(PerfdashParser *parser,
		 const char *name,
		 GBytes *log,
		 PerfdashRunBuilder *builder,
		 GError **error)
{
	g_auto(ReaderLines) lines;
	g_autoptr(Run) run = NULL;
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (is_start(line)) {
			finish(builder, &run);
			run = start_run(builder, line);
		} else if (lines.number == 1 && is_refusal(line)) {
			perfdash_run_builder_set_label(builder, "tool", "wrk");
			perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
			perfdash_run_builder_add_warning_literal(builder, line);
		} else if (run != NULL && !lines.is_cut) {
			read_line(run, builder, line);
			if (run->transfer.unit != NULL)
				finish(builder, &run);
		}
	}
	finish(builder, &run);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(WrkParser,
		       wrk_parser,
		       NULL,
		       wrk_parser_parse,
		       "wrk",
		       "1",
		       "wrk and wrk2, HTTP load: text output",
		       "*wrk*.txt;*wrk*.log",
		       PERFDASH_PARSER_CONSOLE,
		       " test @ \nunable to connect to ")
