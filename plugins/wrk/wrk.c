/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* wrk's text: every number has its own unit; the lines that count errors are there only when there
 * were some; a run that was killed prints nothing, one that was interrupted says so only by its
 * time. */

#include <string.h>

#include "reader-text.h"

#define WRK_TYPE_PARSER (wrk_parser_get_type())
G_DECLARE_FINAL_TYPE(WrkParser, wrk_parser, WRK, PARSER, PerfdashParser)

struct _WrkParser {
	PerfdashParser parent_instance;
};

G_DEFINE_FINAL_TYPE(WrkParser, wrk_parser, PERFDASH_TYPE_PARSER)

typedef struct {
	const char *suffix;
	const char *unit;
	int power_of_ten;
} Suffix;

static const Suffix times[] =
	{{"us", "us", 0}, {"ms", "ms", 0}, {"s", "s", 0}, {"m", "min", 0}, {"h", "h", 0}, {NULL}};
static const Suffix sizes[] = {{"B", "B", 0},
			       {"KB", "KiB", 0},
			       {"MB", "MiB", 0},
			       {"GB", "GiB", 0},
			       {"TB", "TiB", 0},
			       {NULL}};
static const Suffix counts[] =
	{{"", "1", 0}, {"k", "1", 3}, {"M", "1", 6}, {"G", "1", 9}, {"T", "1", 12}, {NULL}};

/* a number as wrk prints it */
typedef struct {
	double value;
	const char *unit; /* NULL when it was not there */
} Quantity;

typedef struct {
	char *name;
	Quantity quantity;
} Percentile;

/* what the lines of one run say */
typedef struct {
	char *url;
	Quantity wanted_duration;
	Quantity latency[3]; /* average, standard deviation, maximum */
	Quantity per_thread[3];
	GArray *percentiles; /* of Percentile */
	Quantity requests;
	Quantity duration;
	Quantity bytes_read;
	double non_2xx;
	double socket_errors;
	Quantity throughput;
	Quantity transfer;
} Run;

static void
clear_percentile(gpointer data)
{
	g_free(((Percentile *)data)->name);
}

static Run *
run_new(void)
{
	Run *run = g_new0(Run, 1);
	run->percentiles = g_array_new(FALSE, FALSE, sizeof(Percentile));
	g_array_set_clear_func(run->percentiles, clear_percentile);
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

static Quantity
read_quantity(const char *text, const Suffix *suffixes, const char **rest)
{
	Quantity quantity = {0, NULL};
	const char *after;
	double value;
	if (text == NULL || !reader_number(text, &value, &after))
		return quantity;
	gsize length = strcspn(after, " ,\t");
	for (; suffixes->suffix != NULL; suffixes++) {
		if (strlen(suffixes->suffix) == length &&
		    strncmp(suffixes->suffix, after, length) == 0 &&
		    reader_scaled(text, suffixes->power_of_ten, &quantity.value))
			quantity.unit = suffixes->unit;
	}
	if (rest != NULL)
		*rest = after + length;
	return quantity;
}

static void
read_columns(const char *text, const Suffix *suffixes, Quantity *columns)
{
	g_auto(GStrv) words = g_strsplit_set(text, " ", -1);
	guint n = 0;
	for (guint i = 0; words[i] != NULL && n < 3; i++) {
		if (*words[i] != '\0')
			columns[n++] = read_quantity(words[i], suffixes, NULL);
	}
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
	Percentile one = {NULL, read_quantity(rest + 1, times, NULL)};
	if (one.quantity.unit == NULL)
		return;
	char digits[G_ASCII_DTOSTR_BUF_SIZE];
	one.name = g_strconcat("p", g_ascii_formatd(digits, sizeof(digits), "%g", percent), NULL);
	g_array_append_val(run->percentiles, one);
}

static void
read_requests(Run *run, const char *text)
{
	const char *in = strstr(text, " requests in ");
	const char *rest = NULL;
	run->requests = read_quantity(text, counts, NULL);
	run->duration = read_quantity(in + strlen(" requests in "), times, &rest);
	if (rest != NULL && *rest == ',')
		run->bytes_read = read_quantity(rest + 1, sizes, NULL);
}

static void
read_setup(PerfdashRunBuilder *builder, const char *text)
{
	double threads;
	double connections;
	const char *rest;
	if (!reader_number(text, &threads, &rest) || !g_str_has_prefix(rest, " threads and ") ||
	    !reader_number(rest + strlen(" threads and "), &connections, NULL))
		return;
	g_autofree char *threads_text = g_strdup_printf("%.0f", threads);
	g_autofree char *connections_text = g_strdup_printf("%.0f", connections);
	perfdash_run_builder_set_parameter(builder, "threads", threads_text);
	perfdash_run_builder_set_parameter(builder, "connections", connections_text);
}

static void
read_line(Run *run, PerfdashRunBuilder *builder, const char *line)
{
	const char *text = line + strspn(line, " ");
	if (strstr(text, " threads and ") != NULL)
		read_setup(builder, text);
	else if (g_str_has_prefix(text, "Latency  "))
		read_columns(text + strlen("Latency"), times, run->latency);
	else if (g_str_has_prefix(text, "Req/Sec"))
		read_columns(text + strlen("Req/Sec"), counts, run->per_thread);
	else if (strstr(text, " requests in ") != NULL)
		read_requests(run, text);
	else if (g_str_has_prefix(text, "Socket errors: "))
		run->socket_errors = sum_numbers(text);
	else if (g_str_has_prefix(text, "Non-2xx or 3xx responses: "))
		reader_number(strchr(text, ':') + 1, &run->non_2xx, NULL);
	else if (g_str_has_prefix(text, "Requests/sec:"))
		run->throughput = read_quantity(text + strlen("Requests/sec:"), counts, NULL);
	else if (g_str_has_prefix(text, "Transfer/sec:"))
		run->transfer = read_quantity(text + strlen("Transfer/sec:"), sizes, NULL);
	else if (g_ascii_isdigit(*text))
		read_percentile(run, text);
}

static double
in_seconds(Quantity quantity)
{
	double seconds = 0;
	if (quantity.unit != NULL)
		perfdash_unit_to_base(quantity.unit, quantity.value, &seconds);
	return seconds;
}

/* statistics of a result may be in other units than its value */
static void
add_stat(PerfdashRunBuilder *builder, const char *name, Quantity quantity)
{
	double value;
	if (quantity.unit == NULL)
		return;
	perfdash_unit_to_base(quantity.unit, quantity.value, &value);
	perfdash_run_builder_add_stat(builder, name, value);
}

static void
add(PerfdashRunBuilder *builder,
    Run *run,
    const char *metric,
    const char *unit,
    PerfdashDirection direction,
    Quantity quantity)
{
	double value;
	if (quantity.unit == NULL)
		return;
	perfdash_unit_to_base(quantity.unit, quantity.value, &value);
	perfdash_run_builder_add_result(builder, run->url, metric, unit, direction, value);
}

static void
add_latency(PerfdashRunBuilder *builder, Run *run)
{
	if (run->latency[0].unit == NULL)
		return;
	add(builder, run, "latency", "s", PERFDASH_DIRECTION_LOWER, run->latency[0]);
	add_stat(builder, "sd", run->latency[1]);
	add_stat(builder, "max", run->latency[2]);
	for (guint i = 0; i < run->percentiles->len; i++) {
		Percentile *one = &g_array_index(run->percentiles, Percentile, i);
		add_stat(builder, one->name, one->quantity);
	}
}

static void
add_results(PerfdashRunBuilder *builder, Run *run)
{
	Quantity errors = {run->non_2xx, "1"};
	Quantity socket_errors = {run->socket_errors, "1"};
	add_latency(builder, run);
	if (run->per_thread[0].unit != NULL) {
		add(builder,
		    run,
		    "requests_per_second_per_thread",
		    "1/s",
		    PERFDASH_DIRECTION_HIGHER,
		    run->per_thread[0]);
		add_stat(builder, "sd", run->per_thread[1]);
		add_stat(builder, "max", run->per_thread[2]);
	}
	add(builder, run, "requests", "1", PERFDASH_DIRECTION_NONE, run->requests);
	add(builder, run, "duration", "s", PERFDASH_DIRECTION_NONE, run->duration);
	add(builder, run, "bytes_read", "B", PERFDASH_DIRECTION_NONE, run->bytes_read);
	if (run->throughput.unit != NULL) {
		add(builder, run, "errors", "1", PERFDASH_DIRECTION_LOWER, errors);
		add(builder, run, "socket_errors", "1", PERFDASH_DIRECTION_LOWER, socket_errors);
	}
	add(builder, run, "throughput", "1/s", PERFDASH_DIRECTION_HIGHER, run->throughput);
	add(builder, run, "transfer", "B/s", PERFDASH_DIRECTION_HIGHER, run->transfer);
}

/* what the numbers are worth */
static void
end_run(PerfdashRunBuilder *builder, Run *run)
{
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
	} else if (in_seconds(run->duration) < 0.9 * in_seconds(run->wanted_duration)) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder,
						 "the test was stopped after %.3g of %.3g s",
						 in_seconds(run->duration),
						 in_seconds(run->wanted_duration));
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
	run->wanted_duration = read_quantity(duration, times, NULL);
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
	reader_lines_init(&lines, log);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (is_start(line)) {
			if (run != NULL) {
				end_run(builder, run);
				perfdash_run_builder_next_run(builder);
			}
			g_clear_pointer(&run, run_free);
			run = start_run(builder, line);
		} else if (is_refusal(line)) {
			perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
			perfdash_run_builder_add_warning_literal(builder, line);
		} else if (run != NULL && !lines.is_cut) {
			read_line(run, builder, line);
		}
	}
	if (run != NULL)
		end_run(builder, run);
	return TRUE;
}

static guint
wrk_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	g_auto(ReaderLines) lines;
	const char *line;
	gboolean started = FALSE;
	reader_lines_init(&lines, head);
	while ((line = reader_lines_next(&lines)) != NULL) {
		/* wrk2 corrects latency for coordinated omission: its numbers are others */
		if (strstr(line, "Thread calibration:") != NULL ||
		    strstr(line, "HdrHistogram") != NULL)
			return 0;
		if (lines.number == 1 && is_refusal(line) && g_bytes_get_size(head) < 200)
			return 40;
		started |= is_start(line);
		if (started && g_str_has_prefix(line, "  Thread Stats   Avg      Stdev"))
			return 95;
	}
	return 0;
}

static void
wrk_parser_class_init(WrkParserClass *klass)
{
	PerfdashParserClass *parser_class = PERFDASH_PARSER_CLASS(klass);
	parser_class->probe = wrk_parser_probe;
	parser_class->parse = wrk_parser_parse;
}

static void
wrk_parser_init(WrkParser *self)
{
}

PERFDASH_DEFINE_PARSER_MODULE("wrk",
			      "1",
			      "wrk, HTTP load: text output",
			      "*wrk*.txt;*wrk*.log",
			      wrk_parser_get_type)
