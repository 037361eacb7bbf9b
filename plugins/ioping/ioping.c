/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* ioping's summary: each of its four times has a unit of its own, sizes are of 1024 and counts of
 * 1000. Before version 0.9 the times were milliseconds with one unit at the end. The first request
 * is a warmup and no measurement; when no other one was completed, the summary is all zeros. With
 * -J the same comes as JSON, with times in nanoseconds. */

#include <math.h>
#include <string.h>

#include "reader-json.h"
#include "reader-quantity.h"
#include "reader-text.h"

#define MAX_RAW    400 /* bytes */
#define N_RAW      10
#define FAILURE    "ioping: "
#define REQUEST    ": request="
#define STATISTICS " ioping statistics ---"

static const ReaderSuffix rates[] = {{"B/s", "B/s", 0},
				     {"KiB/s", "KiB/s", 0},
				     {"MiB/s", "MiB/s", 0},
				     {"GiB/s", "GiB/s", 0},
				     {"TiB/s", "TiB/s", 0},
				     {"b/s", "B/s", 0},
				     {"kb/s", "KiB/s", 0},
				     {"mb/s", "MiB/s", 0},
				     {"gb/s", "GiB/s", 0},
				     {NULL}};

typedef struct {
	PerfdashRunBuilder *builder;
	guint n_runs;
	GArray *times; /* of double, seconds: of the requests so far */
	char *target;  /* nullable: none has been named */
	gboolean in_summary;
	ReaderQuantity requests;
	ReaderQuantity iops;
	ReaderQuantity rate;
	const char *operation;
	ReaderQuantity latency[4]; /* minimum, mean, maximum, deviation */
} Ioping;

/* "/srv (ext4 /dev/vdb 20.0 GiB)": the path, which may have brackets of its own */
static char *
read_target(const char *text, const char *end)
{
	const char *bracket = g_strrstr_len(text, end - text, " (");
	g_autofree char *path = g_strndup(text, (bracket != NULL ? bracket : end) - text);
	return reader_name(path);
}

/* the result was given in seconds */
static void
add_replicates(PerfdashRunBuilder *builder, GArray *times)
{
	for (guint i = 0; i < times->len; i++)
		perfdash_run_builder_add_replicate(builder, g_array_index(times, double, i));
}

/* what requests prove that have no summary */
static void
add_times(PerfdashRunBuilder *builder, const char *target, GArray *times)
{
	double sum = 0;
	perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning(builder, "the log ends before the summary");
	for (guint i = 0; i < times->len; i++)
		sum += g_array_index(times, double, i);
	if (times->len == 0)
		return;
	perfdash_run_builder_add_result(builder,
					target,
					"latency",
					"s",
					PERFDASH_DIRECTION_LOWER,
					sum / times->len);
	add_replicates(builder, times);
}

static void
start_run(Ioping *self)
{
	if (self->n_runs++ > 0)
		perfdash_run_builder_next_run(self->builder);
	perfdash_run_builder_set_label(self->builder, "tool", "ioping");
}

static void
add_results(Ioping *self)
{
	static const char *const stats[] = {"min", NULL, "max", "sd"};
	reader_add(self->builder,
		   self->target,
		   "requests",
		   PERFDASH_DIRECTION_NONE,
		   self->requests);
	if (self->iops.value > 0)
		reader_add(self->builder,
			   self->target,
			   "iops",
			   PERFDASH_DIRECTION_HIGHER,
			   self->iops);
	if (self->rate.value > 0)
		reader_add(self->builder,
			   self->target,
			   "bandwidth",
			   PERFDASH_DIRECTION_HIGHER,
			   self->rate);
	if (self->latency[1].unit == NULL)
		return;
	reader_add(self->builder,
		   self->target,
		   "latency",
		   PERFDASH_DIRECTION_LOWER,
		   self->latency[1]);
	for (guint i = 0; i < 4; i++) {
		if (stats[i] != NULL)
			reader_add_stat(self->builder, stats[i], self->latency[i]);
	}
	add_replicates(self->builder, self->times);
}

static void
forget(Ioping *self)
{
	g_clear_pointer(&self->target, g_free);
	g_array_set_size(self->times, 0);
	self->in_summary = FALSE;
	self->operation = NULL;
	self->requests = self->iops = self->rate = (ReaderQuantity){0, NULL};
	memset(self->latency, 0, sizeof(self->latency));
}

/* at the end of a summary, or of a log that ends before */
static void
end_run(Ioping *self)
{
	gboolean is_whole = self->latency[3].unit != NULL;
	if (self->target == NULL)
		return;
	if (!self->in_summary && self->times->len > 0) {
		start_run(self);
		add_times(self->builder, self->target, self->times);
	}
	if (is_whole && self->requests.value == 0) {
		start_run(self);
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(self->builder, "no request was completed");
	} else if (self->requests.unit != NULL) {
		start_run(self);
		if (self->operation != NULL)
			perfdash_run_builder_set_parameter(self->builder,
							   "operation",
							   self->operation);
		add_results(self);
		if (!is_whole) {
			perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
			perfdash_run_builder_add_warning(self->builder,
							 "the log ends before the latency");
		}
	}
	forget(self);
}

/* a count, whose k or M stands behind a blank: "17.5 k requests" */
static ReaderQuantity
read_count(const char *text, const char *unit)
{
	static const struct {
		char letter;
		int power_of_ten;
	} scales[] = {{'k', 3}, {'M', 6}, {'G', 9}, {'T', 12}};
	ReaderQuantity count = {0, NULL};
	const char *rest;
	int power_of_ten = 0;
	if (!reader_number(text, &count.value, &rest))
		return count;
	for (guint i = 0; i < G_N_ELEMENTS(scales); i++) {
		if (rest[0] == ' ' && rest[1] == scales[i].letter && rest[2] == ' ')
			power_of_ten = scales[i].power_of_ten;
	}
	if (reader_scaled(text, power_of_ten, &count.value))
		count.unit = unit;
	return count;
}

/* "4 requests completed in 787.9 us, 16 KiB read, 5.08 k iops, 19.8 MiB/s" */
static void
read_completed(Ioping *self, const char *line)
{
	g_auto(GStrv) parts = g_strsplit(line, ", ", 6);
	self->requests = read_count(line, "1");
	for (guint i = 1; parts[i] != NULL; i++) {
		if (g_str_has_suffix(parts[i], " iops"))
			self->iops = read_count(parts[i], "1/s");
		else if (g_str_has_suffix(parts[i], " read"))
			self->operation = "read";
		else if (g_str_has_suffix(parts[i], " written"))
			self->operation = "write";
		else if (g_str_has_suffix(parts[i], "/s"))
			self->rate = reader_quantity(parts[i], rates, NULL);
	}
}

/* "165.0 us / 197.0 us / 280.0 us / 48.2 us", before 0.9 "0.2/0.9/2.0/0.3 ms" */
static void
read_latency(Ioping *self, const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "/", 5);
	gboolean is_old = strstr(text, " / ") == NULL;
	if (g_strv_length(parts) != 4)
		return;
	const char *blank = strrchr(text, ' ');
	for (guint i = 0; i < 4; i++) {
		g_autofree char *old = g_strconcat(parts[i], i < 3 ? blank : "", NULL);
		self->latency[i] = reader_quantity(is_old && blank != NULL ? old : parts[i],
						   reader_times,
						   NULL);
		if (self->latency[i].unit == NULL) {
			memset(self->latency, 0, sizeof(self->latency));
			return;
		}
	}
}

/* "4 KiB <<< /srv (ext4 /dev/vdb 20.0 GiB): request=2 time=165.3 us"; a request in brackets was
 * ignored: "(warmup)", "(fast)", "(slow)" */
static gboolean
read_request(Ioping *self, const char *line)
{
	const char *request = strstr(line, REQUEST);
	if (request == NULL || (strstr(line, " <<< ") == NULL && strstr(line, " >>> ") == NULL))
		return FALSE;
	ReaderQuantity time = reader_quantity_after(request, " time=", reader_times);
	if (self->in_summary)
		end_run(self);
	if (g_str_has_prefix(request, ": request=1 "))
		end_run(self);
	const char *target = strstr(line, " <<< ");
	target = target != NULL ? target : strstr(line, " >>> ");
	if (self->target == NULL)
		self->target = read_target(target + strlen(" <<< "), request);
	double seconds = reader_quantity_to_base(time);
	if (time.unit != NULL && strchr(request, '(') == NULL)
		g_array_append_val(self->times, seconds);
	return TRUE;
}

/* 'ioping: stat "/srv/x" failed: No such file or directory', 'ioping: request failed: ...' */
static gboolean
read_failure(Ioping *self, const char *line)
{
	if (!g_str_has_prefix(line, FAILURE) || strstr(line, "failed") == NULL)
		return FALSE;
	guint n_runs = self->n_runs;
	end_run(self);
	if (self->n_runs == n_runs)
		start_run(self);
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
	perfdash_run_builder_add_warning(self->builder, "ioping says that it failed");
	return TRUE;
}

static void
read_line(Ioping *self, const char *line)
{
	const char *heading = reader_after(line, "--- ");
	const char *rest;
	if (heading != NULL && g_str_has_suffix(heading, STATISTICS)) {
		if (self->in_summary)
			end_run(self);
		g_free(self->target);
		self->target = read_target(heading, heading + strlen(heading) - strlen(STATISTICS));
		self->in_summary = TRUE;
	} else if (read_failure(self, line) || read_request(self, line) || !self->in_summary) {
		return;
	} else if (strstr(line, " requests completed in ") != NULL) {
		read_completed(self, line);
	} else if ((rest = reader_after(line, "min/avg/max/mdev = ")) != NULL) {
		read_latency(self, rest);
		end_run(self);
	}
}

static void
read_text(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(double));
	Ioping self = {.builder = builder, .times = times};
	const char *line;
	reader_lines_init(&lines, log, builder);
	lines.hides_quotes = TRUE;
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut)
			read_line(&self, line);
	}
	end_run(&self);
}

static void
add_number(PerfdashRunBuilder *builder,
	   const char *target,
	   const char *metric,
	   const char *unit,
	   PerfdashDirection better,
	   JsonObject *object,
	   const char *member)
{
	double value;
	if (reader_json_number(object, member, &value) && value > 0)
		perfdash_run_builder_add_result(builder, target, metric, unit, better, value);
}

/* of the requests that count, seconds */
static GArray *
read_times(JsonArray *all)
{
	GArray *times = g_array_new(FALSE, FALSE, sizeof(double));
	for (guint i = 0; i < json_array_get_length(all); i++) {
		JsonObject *element = reader_json_element(all, i);
		JsonObject *io = element != NULL ? reader_json_object(element, "io") : NULL;
		JsonNode *ignored = io != NULL ? json_object_get_member(io, "ignored") : NULL;
		double value;
		if (ignored == NULL || json_node_get_value_type(ignored) != G_TYPE_BOOLEAN ||
		    json_node_get_boolean(ignored) || !reader_json_number(io, "time", &value))
			continue;
		perfdash_unit_to_base("ns", value, &value);
		g_array_append_val(times, value);
	}
	return times;
}

static char *
read_path(JsonArray *all)
{
	JsonObject *first = json_array_get_length(all) > 0 ? reader_json_element(all, 0) : NULL;
	JsonObject *target = first != NULL ? reader_json_object(first, "target") : NULL;
	const char *path = target != NULL ? reader_json_string(target, "path") : NULL;
	return reader_name(path != NULL ? path : "ioping");
}

/* the last element has the statistics of all requests */
static void
read_statistics(JsonObject *element, JsonArray *all, PerfdashRunBuilder *builder)
{
	static const char *const stats[][2] = {{"min", "min"}, {"max", "max"}, {"mdev", "sd"}};
	JsonObject *stat = reader_json_object(element, "stat");
	g_autofree char *target = read_path(all);
	double value;
	add_number(builder, target, "requests", "1", PERFDASH_DIRECTION_NONE, stat, "count");
	add_number(builder, target, "iops", "1/s", PERFDASH_DIRECTION_HIGHER, stat, "iops");
	add_number(builder, target, "bandwidth", "B/s", PERFDASH_DIRECTION_HIGHER, stat, "bps");
	if (!reader_json_number(stat, "avg", &value))
		return;
	reader_add(builder,
		   target,
		   "latency",
		   PERFDASH_DIRECTION_LOWER,
		   (ReaderQuantity){value, "ns"});
	for (guint i = 0; i < G_N_ELEMENTS(stats); i++) {
		if (reader_json_number(stat, stats[i][0], &value))
			reader_add_stat(builder, stats[i][1], (ReaderQuantity){value, "ns"});
	}
	g_autoptr(GArray) times = read_times(all);
	add_replicates(builder, times);
}

static void
read_json(JsonArray *all, PerfdashRunBuilder *builder)
{
	JsonObject *last = NULL;
	double value = 0;
	for (guint i = 0; i < json_array_get_length(all); i++) {
		JsonNode *node = json_array_get_element(all, i);
		JsonObject *element = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node)
								   : NULL;
		if (element != NULL && i == 0 && reader_json_number(element, "timestamp", &value) &&
		    value > 0 && value < 7e9)
			perfdash_run_builder_set_started_at(builder,
							    (gint64)(value * G_USEC_PER_SEC));
		if (element != NULL && reader_json_object(element, "stat") != NULL)
			last = element;
	}
	perfdash_run_builder_set_label(builder, "tool", "ioping");
	if (last == NULL) {
		g_autoptr(GArray) times = read_times(all);
		g_autofree char *target = read_path(all);
		add_times(builder, target, times);
		return;
	}
	if (!reader_json_number(reader_json_object(last, "stat"), "count", &value) || value <= 0) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(builder, "no request was completed");
		return;
	}
	read_statistics(last, all, builder);
}

/* -B prints ten numbers and no word, of which some follow from others: requests, their time in
 * nanoseconds, requests and bytes per second, minimum, mean, maximum and deviation of the time,
 * then the same count and time with the warmup */
static gboolean
read_raw_numbers(const char *text, double *numbers)
{
	for (guint i = 0; i < N_RAW; i++) {
		gsize blanks = strspn(text, " ");
		text += blanks;
		if (!g_ascii_isdigit(*text) || (i > 0 && blanks == 0) ||
		    !reader_number(text, &numbers[i], NULL))
			return FALSE;
		text += strspn(text, "0123456789");
	}
	return text[strspn(text, " \r\n")] == '\0';
}

static gboolean
is_raw(const char *text, double *numbers)
{
	if (!read_raw_numbers(text, numbers) || numbers[0] < 1 || numbers[1] < 1)
		return FALSE;
	return fabs(numbers[2] - numbers[0] * 1e9 / numbers[1]) <= 1 &&
	       fabs(numbers[5] - numbers[1] / numbers[0]) <= 1 && numbers[4] <= numbers[5] &&
	       numbers[5] <= numbers[6] && numbers[8] >= numbers[0] && numbers[3] >= numbers[2];
}

static void
read_raw(const double *numbers, PerfdashRunBuilder *builder)
{
	static const struct {
		guint number;
		const char *metric;
		const char *unit;
		PerfdashDirection better;
	} results[] = {{0, "requests", "1", PERFDASH_DIRECTION_NONE},
		       {2, "iops", "1/s", PERFDASH_DIRECTION_HIGHER},
		       {3, "bandwidth", "B/s", PERFDASH_DIRECTION_HIGHER},
		       {5, "latency", "ns", PERFDASH_DIRECTION_LOWER}};
	perfdash_run_builder_set_label(builder, "tool", "ioping");
	for (guint i = 0; i < G_N_ELEMENTS(results); i++)
		perfdash_run_builder_add_result(builder,
						"ioping",
						results[i].metric,
						results[i].unit,
						results[i].better,
						numbers[results[i].number]);
	perfdash_run_builder_add_stat(builder, "min", numbers[4]);
	perfdash_run_builder_add_stat(builder, "max", numbers[6]);
	perfdash_run_builder_add_stat(builder, "sd", numbers[7]);
}

static gboolean
is_json(const char *text)
{
	return *text == '[' && strstr(text, "\"timestamp\":") != NULL &&
	       strstr(text, "\"localtime\":") != NULL && strstr(text, "\"device_size\":") != NULL &&
	       (strstr(text, "\"io\":") != NULL || strstr(text, "\"stat\":") != NULL);
}

/* cheap, as every log is asked about */
static gboolean
may_be_own(const char *text, gsize size)
{
	const char *member = "\"localtime\":";
	if (size == 0)
		return FALSE;
	if (*text == '[')
		return memmem(text, MIN(size, 4096), member, strlen(member)) != NULL;
	return g_ascii_isdigit(*text) && size <= MAX_RAW;
}

static guint
ioping_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	double numbers[N_RAW];
	gsize size;
	const char *data = g_bytes_get_data(head, &size);
	if (!may_be_own(data, size))
		return 0;
	g_autofree char *text = reader_text(head);
	/* what stands between other lines is asked about alone */
	gboolean is_one = is_json(text) && reader_json_is_document(text, strlen(text));
	return is_one || is_raw(text, numbers) ? 90 : 0;
}

static gboolean
has_text(GBytes *log)
{
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	return size > 0 && (memmem(text, size, STATISTICS, strlen(STATISTICS)) != NULL ||
			    memmem(text, size, FAILURE, strlen(FAILURE)) != NULL ||
			    memmem(text, size, REQUEST, strlen(REQUEST)) != NULL);
}

static gboolean
read_document(const char *text, PerfdashRunBuilder *builder, GError **error)
{
	double numbers[N_RAW];
	if (!is_json(text)) {
		if (is_raw(text, numbers))
			read_raw(numbers, builder);
		return TRUE;
	}
	gboolean is_cut;
	g_autoptr(JsonParser)
		document = reader_json_load_rows(text, strlen(text), "\n}", "]", &is_cut, error);
	JsonArray *all = document != NULL ? reader_json_root_array(document) : NULL;
	if (all != NULL)
		read_json(all, builder);
	return document != NULL;
}

static gboolean
ioping_parser_parse(PerfdashParser *parser,
		    const char *name,
		    GBytes *log,
		    PerfdashRunBuilder *builder,
		    GError **error)
{
	if (has_text(log)) {
		read_text(log, builder);
		return TRUE;
	}
	gsize size = g_bytes_get_size(log);
	if (ioping_parser_probe(parser, name, log) == 0 || size == 0)
		return TRUE;
	g_autofree char *text = reader_text(log);
	return read_document(text, builder, error);
}

PERFDASH_DEFINE_PARSER(IopingParser,
		       ioping_parser,
		       ioping_parser_probe,
		       ioping_parser_parse,
		       "ioping",
		       "2",
		       "ioping, disks: text, JSON and raw numbers",
		       "*ioping*.txt;*ioping*.log;*ioping*.json",
		       PERFDASH_PARSER_CONSOLE | PERFDASH_PARSER_JSON | PERFDASH_PARSER_DOCUMENT,
		       /* raw numbers have nothing else */
		       "0\n1\n2\n3\n4\n5\n6\n7\n8\n9")
