/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Criterion's console text and JSON. A name that is too long for the line of its times stands on a
 * line of its own before. Of three numbers the middle one is the estimate, the others are an
 * interval of confidence. Under "change:" the same lines have percents. Sizes are of 1024 when they
 * say so; elements are counted. A benchmark that is there twice begins another run. */

#include "criterion.h"

#include <string.h>

#include "reader-json.h"
#include "reader-quantity.h"
#include "reader-text.h"

#define MESSAGE "{\"reason\":\"benchmark-complete\""

typedef struct {
	PerfdashRunBuilder *builder;
	GHashTable *seen; /* benchmarks of this run */
	char *last_line;  /* that is not empty, nullable */
	char *benchmark;  /* whose times were read last, nullable */
	char *started;    /* what is being measured, nullable */
	gboolean has_failed;
	gboolean is_cut; /* the log ends in a line of a benchmark */
} Criterion;

static const ReaderSuffix times[] = {{"ps", "ns", -3},
				     {"ns", "ns", 0},
				     {"us", "us", 0},
				     {"\xc2\xb5s", "us", 0},
				     {"\xce\xbcs", "us", 0},
				     {"ms", "ms", 0},
				     {"s", "s", 0},
				     {NULL}};
static const ReaderSuffix rates[] = {
	{"B/s", "B/s", 0},     {"KiB/s", "KiB/s", 0}, {"MiB/s", "MiB/s", 0},  {"GiB/s", "GiB/s", 0},
	{"TiB/s", "TiB/s", 0}, {"KB/s", "B/s", 3},    {"kB/s", "B/s", 3},     {"MB/s", "B/s", 6},
	{"GB/s", "B/s", 9},    {"TB/s", "B/s", 12},   {"bit/s", "bit/s", 0},  {"Kb/s", "bit/s", 3},
	{"Mb/s", "bit/s", 6},  {"Gb/s", "bit/s", 9},  {"elem/s", "1/s", 0},   {"Kelem/s", "1/s", 3},
	{"Melem/s", "1/s", 6}, {"Gelem/s", "1/s", 9}, {"Telem/s", "1/s", 12}, {NULL}};

static void
end_run(Criterion *self)
{
	if (g_hash_table_size(self->seen) > 0) {
		if (self->has_failed) {
			perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
		} else if (self->started != NULL) {
			perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
			perfdash_run_builder_add_warning(self->builder,
							 "%s did not come to its end",
							 self->started);
		} else if (self->is_cut) {
			perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
			perfdash_run_builder_add_warning(
				self->builder,
				"the last line has no end: the log was cut off");
		}
		perfdash_run_builder_next_run(self->builder);
	}
	g_hash_table_remove_all(self->seen);
	g_clear_pointer(&self->benchmark, g_free);
	g_clear_pointer(&self->started, g_free);
	self->has_failed = FALSE;
}

static void
begin_benchmark(Criterion *self, const char *benchmark)
{
	g_clear_pointer(&self->started, g_free);
	if (g_hash_table_contains(self->seen, benchmark))
		end_run(self);
	perfdash_run_builder_set_label(self->builder, "tool", "criterion");
	g_hash_table_add(self->seen, g_strdup(benchmark));
	g_free(self->benchmark);
	self->benchmark = g_strdup(benchmark);
}

/* the middle one of "[7.6998 us 7.7152 us 7.7294 us]" */
static ReaderQuantity
read_interval(const char *text, const ReaderSuffix *suffixes)
{
	ReaderQuantity quantities[3] = {0};
	ReaderQuantity none = {0, NULL};
	for (guint i = 0; i < G_N_ELEMENTS(quantities); i++) {
		quantities[i] = reader_quantity(text, suffixes, &text);
		if (quantities[i].unit == NULL)
			return none;
	}
	return *text == ']' ? quantities[1] : none;
}

static const char *
find_interval(const char *line, const char *name)
{
	const char *at = g_strrstr(line, name);
	if (at == NULL)
		return NULL;
	const char *text = at + strlen(name);
	text += strspn(text, " ");
	return *text == '[' ? at : NULL;
}

static gboolean
read_time(Criterion *self, const char *line)
{
	const char *at = find_interval(line, "time:");
	if (at == NULL || (at > line && at[-1] != ' '))
		return FALSE;
	ReaderQuantity time = read_interval(strchr(at, '[') + 1, times);
	g_autofree char *head = g_strndup(line, at - line);
	g_strstrip(head);
	if (*head == '\0') {
		g_free(head);
		head = g_strdup(self->last_line != NULL ? self->last_line : "");
	}
	if (time.unit == NULL || *head == '\0')
		return TRUE;
	g_autofree char *benchmark = reader_name(head);
	begin_benchmark(self, benchmark);
	reader_add(self->builder, benchmark, "time", PERFDASH_DIRECTION_LOWER, time);
	return TRUE;
}

static gboolean
read_throughput(Criterion *self, const char *line)
{
	const char *at = find_interval(line, "thrpt:");
	if (at == NULL || line + strspn(line, " ") != at)
		return FALSE;
	if (self->benchmark != NULL)
		reader_add(self->builder,
			   self->benchmark,
			   "throughput",
			   PERFDASH_DIRECTION_HIGHER,
			   read_interval(strchr(at, '[') + 1, rates));
	return TRUE;
}

static void
read_message(Criterion *self, const char *line)
{
	g_autoptr(JsonParser) parser = reader_json_load(line, strlen(line), NULL);
	JsonObject *message = parser != NULL ? reader_json_root_object(parser) : NULL;
	const char *id = message != NULL ? reader_json_string(message, "id") : NULL;
	if (id == NULL)
		return;
	g_autofree char *benchmark = reader_name(id);
	if (reader_json_object(message, "typical") != NULL) {
		begin_benchmark(self, benchmark);
		criterion_read_message(message, self->builder);
	}
}

/* "Benchmarking NAME: Warming up for 3.0000 s" */
static void
read_progress(Criterion *self, const char *text)
{
	const char *warming = strstr(text, ": Warming up for ");
	if (warming == NULL)
		return;
	g_free(self->started);
	self->started = g_strndup(text, warming - text);
}

static void
read_line(Criterion *self, const char *line)
{
	const char *progress = reader_after(line, "Benchmarking ");
	if (progress != NULL && strstr(line, "time:") == NULL)
		read_progress(self, progress);
	else if (g_str_has_prefix(line, MESSAGE))
		read_message(self, line);
	else if (g_str_has_prefix(line, "{\""))
		return; /* of who keeps such text in JSON */
	else if (g_str_has_prefix(line, "error: bench failed") ||
		 g_str_has_prefix(line, "thread 'main' panicked at"))
		self->has_failed = g_hash_table_size(self->seen) > 0;
	else if (!read_time(self, line))
		read_throughput(self, line);
	if (line[strspn(line, " ")] != '\0') {
		g_free(self->last_line);
		self->last_line = g_strdup(line);
	}
}

static gboolean
read_document(GBytes *document, PerfdashRunBuilder *builder, GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(document, &size);
	g_autoptr(JsonParser) parser = reader_json_load(text, size, error);
	if (parser == NULL)
		return FALSE;
	JsonObject *root = reader_json_root_object(parser);
	if (root == NULL ||
	    (!criterion_read_message(root, builder) && !criterion_read_estimates(root, builder))) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "the document has no estimate of a time");
		return FALSE;
	}
	return TRUE;
}

static gboolean
is_document(const char *text)
{
	text += strspn(text, " \t\r\n");
	if (*text != '{' || g_str_has_prefix(text, MESSAGE))
		return FALSE;
	gboolean is_message = strstr(text, "\"reason\"") != NULL &&
			      strstr(text, "\"benchmark-complete\"") != NULL;
	gboolean is_estimates = strstr(text, "\"point_estimate\"") != NULL &&
				strstr(text, "\"median_abs_dev\"") != NULL &&
				strstr(text, "\"confidence_interval\"") != NULL;
	return is_message || is_estimates;
}

static guint
criterion_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	g_autofree char *text = reader_text(head);
	return is_document(text) ? 90 : 0;
}

static void
read_console(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Criterion self = {.builder = builder, .seen = seen};
	const char *line;
	reader_lines_init(&lines, log, builder);
	lines.hides_quotes = TRUE;
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut || g_str_has_prefix(line, "Benchmarking ") ||
		    reader_json_is_whole(line))
			read_line(&self, line);
		else
			self.is_cut = g_str_has_prefix(line, "                 ") ||
				      strstr(line, " time:   [") != NULL ||
				      g_str_has_prefix(line, "{\"reason\"");
	}
	end_run(&self);
	g_free(self.last_line);
}

static gboolean
criterion_parser_parse(PerfdashParser *parser,
		       const char *name,
		       GBytes *log,
		       PerfdashRunBuilder *builder,
		       GError **error)
{
	gsize size = MIN(g_bytes_get_size(log), PERFDASH_PARSER_HEAD_SIZE);
	g_autoptr(GBytes) head = g_bytes_new_from_bytes(log, 0, size);
	g_autofree char *text = reader_text(head);
	if (is_document(text))
		return read_document(log, builder, error);
	read_console(log, builder);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(
	CriterionParser,
	criterion_parser,
	criterion_parser_probe,
	criterion_parser_parse,
	"criterion",
	"3",
	"Criterion, Rust: console text, messages of cargo-criterion and estimates.json",
	"*criterion*;estimates.json",
	PERFDASH_PARSER_CONSOLE | PERFDASH_PARSER_JSON,
	"time:   [\n\"benchmark-complete\"\n\"median_abs_dev\"")
